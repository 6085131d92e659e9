// The listener of the snippet that the page offers, for every frame here. A sandbox has no origin.
addEventListener("message", ({ source, origin, data }) => {
  for (const frame of document.querySelectorAll("iframe")) {
    const expected = frame.hasAttribute("sandbox") ? "null" : new URL(frame.src).origin;
    if (source === frame.contentWindow && origin === expected && data?.type === "semantic-continuity-height") frame.height = data.height;
  }
});
