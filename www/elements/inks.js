// The colours of the tokens for canvases, which no style sheet reaches. They change with the theme, and where the
// system forces colours of its own.

const MEDIA = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query));

/** A controller of an element that draws. */
export class Inks {
  #host;
  #repaint;
  #known = new Map();
  #forget = () => {
    this.#known.clear();
    this.#repaint();
  };

  /** @param repaint called when all colours may be others */
  constructor(host, repaint) {
    this.#host = host;
    this.#repaint = repaint;
    host.addController(this);
  }

  hostConnected() {
    addEventListener("scl-theme", this.#forget);
    MEDIA.forEach((media) => media.addEventListener("change", this.#forget));
  }

  hostDisconnected() {
    removeEventListener("scl-theme", this.#forget);
    MEDIA.forEach((media) => media.removeEventListener("change", this.#forget));
    this.#known.clear();
  }

  /** The colour of a token as a canvas takes it: a token may be the name of a colour of the system. */
  of(token) {
    if (!this.#known.has(token)) this.#known.set(token, this.#resolve(token));
    return this.#known.get(token);
  }

  #resolve(token) {
    const probe = document.createElement("span");
    probe.style.color = `var(${token})`;
    // Or else it would have the colour that all text is forced to.
    probe.style.setProperty("forced-color-adjust", "none");
    this.#host.renderRoot.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }
}
