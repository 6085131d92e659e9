// The page's own elements by their tags, and its own events.
import type { AttackFigure } from "./attack/attack.js";
import type { Controls } from "./controls/controls.js";
import type { OwnData } from "./own-data/own-data.js";
import type { Picture } from "./picture/picture.js";
import type { SaliencyMap } from "./saliency/map.js";
import type { Surface } from "./smoothness/surface.js";
import type { TrainFigure } from "./train/train.js";
import type { Mixture } from "./controls/mixture.js";

declare global {
  interface HTMLElementTagNameMap {
    "scl-attack": AttackFigure;
    "scl-controls": Controls;
    "scl-mixture": Mixture;
    "scl-own-data": OwnData;
    "scl-picture": Picture;
    "scl-map": SaliencyMap;
    "scl-surface": Surface;
    "scl-train": TrainFigure;
  }
  interface WindowEventMap {
    "scl-read": CustomEvent<string>;
    "scl-theme": Event;
  }
  /** Where a policy requires trusted types; other browsers have none. */
  var trustedTypes: {
    createPolicy(
      name: string,
      rules: { createScriptURL(text: string): string },
    ): { createScriptURL(url: URL | string): string };
  };
}
