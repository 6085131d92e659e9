// Generated from www/ by `npm run types:package`.

import type { Figure } from "../catalogue/figures.js";
/**
 * A card that says what it would load, and the figure once it is wanted. Attributes: `dataset`; `settings`, the query
 * of a link to the page; `theme`, `light`, `dark` or `system`; `height` in pixels; `controls`, `few` or `all`;
 * `autoload`.
 */
export declare class Widget extends HTMLElement {
    #private;
    /**
     * The name of its figure: each element has its own.
     * @readonly
     * @type {Figure}
     */
    static readonly figure: Figure;
    static observedAttributes: string[];
    constructor();
    connectedCallback(): void;
    disconnectedCallback(): void;
    /** A move within the page, where the host makes it as one, changes nothing. */
    connectedMoveCallback(): void;
    /** @param {string} name */
    attributeChangedCallback(name: string): void;
    /**
     * Loads the figure, unless it is there; resolves when it stands, to whether it does.
     * @returns {Promise<boolean>}
     */
    load(): Promise<boolean>;
}
