// Generated from www/ by `npm run types:package`.

import { Widget } from "./widget.js";
export { Widget };
export type Figure = import("../catalogue/figures.js").Figure;
declare global {
    interface HTMLElementTagNameMap extends Record<`semantic-continuity-${Figure}`, Widget> {
    }
}
