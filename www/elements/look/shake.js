// One disturbance after the other, while somebody wants to see them: a controller of the figure.
/** So many follow each other before it rests. */
export const DRAWS = 20;
/** None is shown for a shorter time, in milliseconds: five a second can be followed. */
const SHOWN_MS = 200;

const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Keys that only go with others. */
const MODIFIERS = ["Shift", "Control", "Alt", "Meta"];

export class Shake {
  #host;
  #draw;
  #observer;
  /** Draws taken of the present subject. */
  taken = 0;
  /** What the present movement is, if there is one. */
  #now = null;

  /**
   * @param host is drawn again when it begins, moves or ends
   * @param {(draw: number, isWanted: () => boolean) => Promise<boolean>} draw takes the draw with this number, if it
   *   still is wanted when it is there; whether it was
   */
  constructor(host, draw) {
    this.#host = host;
    this.#draw = draw;
    host.addController(this);
  }

  hostConnected() {
    this.#observer = new IntersectionObserver((entries) => entries.at(-1).isIntersecting || this.rest());
    this.#observer.observe(this.#host);
    addEventListener("pointerdown", this.#press, true);
    addEventListener("keydown", this.#press, true);
    document.addEventListener("visibilitychange", this.#press);
  }

  hostDisconnected() {
    this.#observer.disconnect();
    removeEventListener("pointerdown", this.#press, true);
    removeEventListener("keydown", this.#press, true);
    document.removeEventListener("visibilitychange", this.#press);
    this.rest();
  }

  /** Any press ends it; that on its own button is a click, which ends it, too. */
  #press = (event) => {
    const isOwn = event
      .composedPath()
      .some((node) => node.id === "shake" && node.getRootNode() === this.#host.renderRoot);
    if (!isOwn && !MODIFIERS.includes(event.key)) this.rest();
  };

  get isMoving() {
    return this.#now !== null;
  }

  /** What its button says. */
  get label() {
    if (this.isMoving) return "Stop";
    return isStill() ? "Shake once" : "Shake";
  }

  /** What it does, in words. */
  get help() {
    return isStill() ? "A new draw each press" : `It stops after ${DRAWS} draws, or at any press`;
  }

  rest() {
    if (!this.#now) return;
    this.#now = null;
    this.#host.requestUpdate();
  }

  /** Another subject: no draw of it was taken. */
  forget() {
    this.rest();
    this.taken = 0;
  }

  /** Begins, or ends when it moves. */
  async toggle() {
    if (this.isMoving) return this.rest();
    const mine = (this.#now = {});
    this.#host.requestUpdate();
    for (let left = isStill() ? 1 : DRAWS; left > 0 && mine === this.#now; left--) {
      const rested = new Promise((next) => setTimeout(next, SHOWN_MS));
      if (!(await this.#draw(this.taken + 1, () => mine === this.#now))) break;
      this.taken += 1;
      this.#host.requestUpdate();
      if (left > 1) await rested;
    }
    if (mine === this.#now) this.rest();
  }
}
