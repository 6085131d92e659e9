// Of several wishes only the latest counts.

/**
 * Counts questions that may be under way together, and whose answers may come in any order.
 * @returns {() => () => boolean} asks a new one; returns whether that still is the latest
 */
export function latest() {
  let last = 0;
  return () => {
    const mine = ++last;
    return () => mine === last;
  };
}

/**
 * Does one job at a time: whoever asks for it while it is under way gets it done once more, however many ask.
 * @param {() => Promise<void>} job which must not fail
 * @param {() => void} done when nobody asked for it again
 * @returns {() => Promise<void>} asks for it; resolves when it is done
 */
export function oneAtATime(job, done = () => {}) {
  let again = false;
  let running = null;
  const run = async () => {
    do {
      again = false;
      await job();
    } while (again);
    running = null;
    done();
  };
  return () => {
    again = true;
    return (running ??= Promise.resolve().then(run));
  };
}
