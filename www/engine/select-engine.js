// Which engine trains, and why: asks the browser, times both when both can run.
import { Engine, probeWebgpu, asError } from "./client.js";

/** @import { EngineName, Settings } from "./client.js" */
/** @import { Own } from "../user-data/own.js" */

const STEPS = 4;
/** A graphics processor that has not answered by then is not the faster one. */
const PATIENCE_MS = 45_000;

/** Timings of this visit by what decides them. */
const timings = new Map();
const key = (settings, own) =>
  [settings.dataset, own?.digest, settings.architecture, settings.batch, settings.alpha > 0, settings.ds].join("|");
const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

async function time(name, settings, own) {
  const engine = await Engine.open(name);
  try {
    await engine.loadData(settings, ["train"], undefined, own);
    return (await engine.remote.measure({ ...settings, start: "scratch" }, STEPS)).ms_per_step;
  } finally {
    engine.close();
  }
}

/**
 * Milliseconds a step of each engine: `{ cpu, webgpu }`; `webgpu` is an error when it cannot run.
 * @param {Settings} settings
 * @param {Own | null} own
 * @param {(words: string) => void} say
 */
export async function timeBoth(settings, own, say = () => {}) {
  const known = timings.get(key(settings, own));
  if (known) return known;
  say("Timing the CPU engine for a few steps …");
  const cpu = await time("cpu", settings, own);
  const gpu = await probeWebgpu();
  if (!gpu.available) return { cpu, webgpu: gpu };
  say("Timing the WebGPU engine for a few steps; its first use loads 1.6 MB and compiles its kernels …");
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(
      () => resolve({ code: "slow", message: `WebGPU had not answered after ${PATIENCE_MS / 1000} s.` }),
      PATIENCE_MS,
    );
  });
  const webgpu = await Promise.race([time("webgpu", settings, own).catch(asError), late]);
  clearTimeout(timer);
  timings.set(key(settings, own), { cpu, webgpu });
  return { cpu, webgpu };
}

/** What timing showed, in words. */
export function describeTimings({ cpu, webgpu }) {
  return typeof webgpu === "number"
    ? `Timed for ${STEPS} steps: CPU ${ms(cpu)} a step, WebGPU ${ms(webgpu)}.`
    : `Timed for ${STEPS} steps: CPU ${ms(cpu)} a step. ${webgpu.message}`;
}

/**
 * The engine for these settings.
 * @returns {Promise<{ name: EngineName, why: string }>}
 */
export async function chooseEngine(settings, own, say) {
  if (settings.engine === "cpu") return { name: "cpu", why: "CPU engine, as chosen." };
  const gpu = await probeWebgpu();
  if (settings.engine === "webgpu") {
    return gpu.available
      ? { name: "webgpu", why: `WebGPU engine, as chosen: ${gpu.name}.` }
      : { name: "cpu", why: `WebGPU was chosen, but cannot run here, so the CPU engine does. ${gpu.message}` };
  }
  if (!gpu.available) return { name: "cpu", why: `CPU engine. ${gpu.message}` };
  if (gpu.software && !timings.has(key(settings, own))) {
    return {
      name: "cpu",
      why: "CPU engine: the browser’s WebGPU is emulated in software here, without a graphics processor.",
    };
  }
  const result = await timeBoth(settings, own, say);
  const faster = typeof result.webgpu === "number" && result.webgpu < result.cpu ? "webgpu" : "cpu";
  return {
    name: faster,
    why: `${faster === "cpu" ? "CPU" : "WebGPU"} engine, the faster one here. ${describeTimings(result)}`,
  };
}
