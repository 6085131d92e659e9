// Runs in every document before the page's own scripts: finds things behind shadow roots and remembers what went wrong.
globalThis.visitor = (() => {
  const problems = [];
  addEventListener("error", (event) => problems.push(`error: ${event.message}`));
  addEventListener("unhandledrejection", (event) =>
    problems.push(`unhandled rejection: ${event.reason?.message ?? JSON.stringify(event.reason)}`),
  );
  addEventListener("securitypolicyviolation", (event) =>
    problems.push(`policy violated: ${event.violatedDirective} by ${event.blockedURI}`),
  );

  const { error } = console;
  console.error = (...parts) => {
    problems.push(`console: ${parts.join(" ")}`);
    error(...parts);
  };

  const longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push([startTime, duration]);
  }).observe({ type: "longtask", buffered: true });

  /** All elements of a path: selectors joined by ">>>", each step through a shadow root. */
  const all = (path) =>
    path
      .split(">>>")
      .reduce(
        (roots, selector) => roots.flatMap((root) => [...(root.shadowRoot ?? root).querySelectorAll(selector.trim())]),
        [document],
      );

  const run = () => document.querySelector("scl-train")?.store.state.run;

  /** What a nudge shows of both models, also where it was computed beforehand. */
  const shown = () => {
    const answers = all("scl-nudge >>> scl-answers").map((element) => element.answer);
    return answers.length === 2 && answers.every(Boolean) ? answers : null;
  };

  /** The answers of both models, once they were computed here. */
  const answers = () => (document.querySelector("scl-nudge")?.reply?.beforehand ? null : shown());

  const visitor = { problems, longTasks, all, one: (path) => all(path)[0] ?? null, run, answers };

  // Since the start of the navigation, to ten milliseconds.
  Object.assign(visitor, { firstPaint: null, firstAnswer: null, moved: [] });
  setInterval(() => {
    const { reply, moved } = document.querySelector("scl-fool") ?? {};
    if (reply) visitor.firstPaint ??= performance.now();
    if (reply && !reply.beforehand) visitor.firstAnswer ??= performance.now();
    // Where the knob of the first figure was while it moved by itself.
    if (typeof moved === "number" && visitor.moved.at(-1) !== moved) visitor.moved.push(moved);
  }, 10);

  /** What a failed test wants to know. */
  visitor.describe = () => ({
    address: location.href,
    notices: document.querySelector("#notices")?.innerText,
    problem: all("scl-train >>> #problem")[0]?.innerText,
    nudge: all("scl-nudge >>> .rates")[0]?.innerText,
    phase: run()?.phase,
    error: run()?.error,
    message: run()?.message,
    lanes: run()?.lanes.map(({ name, step, steps, engine, notes, evaluated }) => ({
      name,
      step,
      steps,
      engine: engine?.name,
      notes,
      evaluated,
    })),
    problems,
  });
  return visitor;
})();
