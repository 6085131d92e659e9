// Translators of browsers put elements of their own in the place of text, and what Lit changes afterwards is no longer shown:
// a label under another picture, "Ready." after a run. So every element asks not to be translated, from outside and inside;
// what stays as it is, or is written as a property of an element of its own, may be: `translate="yes"`.
import { LitElement } from "../vendor/lit.js";

LitElement.addInitializer((element) => element.addController({
  hostConnected() {
    element.translate = false;
  },
  hostUpdated() {
    for (const child of element.renderRoot.children) child.translate = false;
  },
}));
