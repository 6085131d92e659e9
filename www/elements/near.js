// Figures work when somebody comes near them, and not before.

/**
 * Calls `act` when `host` first comes near the view, each time it is put on a page; returns what tells whether it ever
 * did.
 */
export function whenNear(host, act) {
  let came = false;
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      came = true;
      act();
    },
    { rootMargin: "0px 0px 400px" },
  ); // below only: what grows above would push away what is being read
  host.addController({ hostConnected: () => observer.observe(host), hostDisconnected: () => observer.disconnect() });
  return () => came;
}
