// Long work in turns, so that the page answers meanwhile.

/** Longest time without a break, in milliseconds. */
const TURN = 12;

/** Resolves in a task of its own. Timers would do, but a tab in the background gets one a second. */
const nextTask = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => {
      port1.close();
      resolve(event);
    };
    port2.postMessage(null);
  });

/** A function to be awaited often: it takes a break whenever the turn is over. */
export function inTurns() {
  let start = performance.now();
  return async () => {
    if (performance.now() - start < TURN) return;
    await nextTask();
    start = performance.now();
  };
}
