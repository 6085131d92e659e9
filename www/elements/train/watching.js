// What shows a run while it learns; loaded when somebody comes near it.
import { Outcome } from "./outcome.js";
import { Wall } from "./wall.js";
import { Watch } from "./watch.js";

const elements = { "scl-wall": Wall, "scl-watch": Watch, "scl-outcome": Outcome };
for (const [name, element] of Object.entries(elements))
  customElements.get(name) ?? customElements.define(name, element);
