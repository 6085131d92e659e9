export * from "lit";
export { live } from "lit/directives/live.js";
