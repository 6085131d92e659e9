// Where the compiled engines lie, below the folder of the page. In a built page they have names that say what they
// hold: `xtask/bundle.js` writes them in place of these.

/** Of each engine its module and its code. @type {Record<string, [string, string]>} */
export const FILES = {
  cpu: ["engine/cpu_engine.js", "engine/cpu_engine_bg.wasm"],
  webgpu: ["engine/webgpu_engine.js", "engine/webgpu_engine_bg.wasm"],
  statistics: ["engine/statistics_engine.js", "engine/statistics_engine_bg.wasm"],
};
