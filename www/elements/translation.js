// Translators of browsers put elements of their own in the place of text, and what Lit changes afterwards is no longer
// shown: a label under another picture, "Ready." after a run. So every element asks not to be translated, from outside
// and inside. What stays as it is may be translated, and what is written as a property of an element of its own:
// `translate="yes"`.
import { LitElement } from "../vendor/lit.js";

LitElement.addInitializer((element) =>
  element.addController({
    hostConnected() {
      element.translate = false;
    },
    hostUpdated() {
      const children = /** @type {Iterable<HTMLElement>} */ (element.renderRoot.children);
      for (const child of children) child.translate = false;
    },
  }),
);
