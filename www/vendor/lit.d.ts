// What the page uses of Lit 3, which is vendored without its declarations.

export interface TemplateResult {
  readonly strings: TemplateStringsArray;
  readonly values: unknown[];
}
export interface CSSResult {
  readonly cssText: string;
}
type Styles = CSSResult | Styles[];
type Values = unknown[];

export function html(strings: TemplateStringsArray, ...values: Values): TemplateResult;
export function svg(strings: TemplateStringsArray, ...values: Values): TemplateResult;
export function css(strings: TemplateStringsArray, ...values: (CSSResult | number)[]): CSSResult;
export const nothing: unique symbol;
export function live(value: unknown): unknown;

interface Declaration {
  attribute?: boolean | string;
  state?: boolean;
  reflect?: boolean;
  type?: unknown;
}

/** What a class says of its reactive properties. */
export type Declarations = Record<string, Declaration>;

export interface Controller {
  hostConnected?(): void;
  hostDisconnected?(): void;
  hostUpdated?(): void;
}

/** A shadow root of ours: all that is looked for in it is HTML. */
interface Root extends Omit<ShadowRoot, "querySelector" | "querySelectorAll" | "activeElement" | "children"> {
  readonly activeElement: HTMLElement | null;
  readonly children: HTMLCollectionOf<HTMLElement>;
  querySelector<Name extends keyof HTMLElementTagNameMap>(selector: Name): HTMLElementTagNameMap[Name] | null;
  querySelector<Wanted extends HTMLElement = HTMLElement>(selector: string): Wanted | null;
  querySelectorAll<Name extends keyof HTMLElementTagNameMap>(selector: Name): NodeListOf<HTMLElementTagNameMap[Name]>;
  querySelectorAll<Wanted extends HTMLElement = HTMLElement>(selector: string): NodeListOf<Wanted>;
}

export class LitElement extends HTMLElement {
  static properties: Declarations;
  static styles: Styles;
  static addInitializer(initialize: (element: LitElement) => void): void;
  readonly renderRoot: Root;
  readonly updateComplete: Promise<boolean>;
  readonly hasUpdated: boolean;
  addController(controller: Controller): void;
  requestUpdate(): void;
  connectedCallback(): void;
  disconnectedCallback(): void;
  protected createRenderRoot(): Root;
  protected willUpdate(changed: Map<string, unknown>): void;
  protected firstUpdated(changed: Map<string, unknown>): void;
  protected updated(changed: Map<string, unknown>): void;
  render(): unknown;
}

/** The class `Base` with the reactive properties that its `static properties` name: Lit makes accessors of them. */
export type With<Properties, Base = typeof LitElement> = Base & (new (...args: any[]) => Properties);
