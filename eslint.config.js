import js from "@eslint/js";

/** What browsers, workers and the tests give a module, as far as it is used here. */
const BROWSER = (
  "AbortController Blob BroadcastChannel CSSStyleSheet CustomEvent DecompressionStream Event EventTarget File " +
  "FormData HTMLElement IDBKeyRange Image ImageData IntersectionObserver MessageChannel MutationObserver " +
  "OffscreenCanvas ResizeObserver " +
  "Response TextDecoder TextEncoder TransformStream URL URLSearchParams VideoFrame WebAssembly Worker " +
  "XMLSerializer addEventListener btoa cancelAnimationFrame clearInterval clearTimeout createImageBitmap " +
  "crypto customElements dispatchEvent document fetch frameElement getComputedStyle history isSecureContext " +
  "localStorage location matchMedia navigator origin parent performance postMessage print removeEventListener " +
  "requestAnimationFrame self sessionStorage setInterval setTimeout structuredClone top window"
).split(" ");
const SERVICE_WORKER = "BUILD caches clients registration skipWaiting".split(" ");

const readonly = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

export default [
  { ignores: ["**/*.d.ts", "www/vendor/", "www/data/"] },
  js.configs.recommended,
  {
    languageOptions: { globals: readonly(BROWSER) },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
    },
  },
  { files: ["www/service-worker.js"], languageOptions: { sourceType: "script", globals: readonly(SERVICE_WORKER) } },
];
