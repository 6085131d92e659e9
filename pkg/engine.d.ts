/** A setting's name to its value; missing ones keep their defaults. Names, ranges and defaults: `settings.json`. */
export type Settings = Record<string, string | number | boolean>;

export type EngineName = "cpu" | "webgpu";
export type LaneName = "plain" | "continuity";

/** What every call rejects with. */
export interface EngineError {
  code: string;
  message: string;
}

export interface DataInfo {
  name: string;
  classes: string[];
  channels: number;
  height: number;
  width: number;
  train: number;
  test: number;
}

export interface StepRecord {
  step: number;
  ce: number;
  ds: number | null;
  accuracy: number;
  grad_norm: number;
}

export interface Progress {
  step: number;
  steps: number;
  records: StepRecord[];
  diverged: { step: number; message: string; last_good_step: number } | null;
  seconds: number;
}

export interface Estimate {
  value: number;
  low: number;
  high: number;
  n: number;
}

export type Loss = "cross-entropy" | "margin" | "dlr";
export type Aim = "away" | "runner-up" | { class: number };
export type Attack =
  | { fgsm: { loss?: Loss; aim?: Aim } }
  | { pgd: { steps: number; loss?: Loss; aim?: Aim } }
  | { apgd: { steps: number; loss?: Loss; aim?: Aim } }
  | { square: { queries: number } }
  | { rays: { queries: number } }
  | "noise"
  | "random-sign";

/** A ball around the image, in pixel values from 0 to 1. */
export interface Budget {
  norm: "linf" | "l2";
  epsilon: number;
}

/** One worker with one engine. Calls run one after the other. */
export class Engine {
  /** Starts a worker and sets its device up. */
  static open(name: EngineName): Promise<Engine>;
  readonly name: EngineName;
  readonly info: { engine: EngineName; version: string; memory_bytes: number; device_bytes: number | null };

  /** Loads the halves (`"train"`, `"test"`) of the dataset that the settings name; reports bytes as they arrive. */
  loadData(settings: Settings, parts: ("train" | "test")[], onBytes?: (bytes: number) => void): Promise<DataInfo>;
  /** Loads a file of `weights/` into a slot. */
  loadWeightsFile(slot: "base" | LaneName, file: string): Promise<unknown>;

  /** Loads weights that `weights` or PyTorch wrote into a slot. */
  call(name: "load_weights", slot: "base" | LaneName, bytes: Uint8Array): Promise<object>;
  /** One test image before and after a perturbation, and what both models say. */
  call(name: "nudge", request: { index: number; perturbation: string; seed: number }): Promise<object>;
  /** On how many of the first images both models change their answer. */
  call(name: "nudge_rates", request: { images: number; perturbation: string; seed: number }): Promise<{ n: number; plain: Estimate; continuity: Estimate }>;
  /** Begins a run at step 0. */
  call(name: "prepare", settings: Settings, lane: LaneName): Promise<{ step: number; steps: number }>;
  /** Makes up to so many steps; stop calling to pause. */
  call(name: "advance", steps: number): Promise<Progress>;
  /** The last sound state, for `resume`. */
  call(name: "checkpoint"): Promise<Uint8Array>;
  call(name: "resume", settings: Settings, lane: LaneName, checkpoint: Uint8Array): Promise<{ step: number; steps: number }>;
  /** The present parameters as safetensors. */
  call(name: "weights"): Promise<Uint8Array>;
  call(name: "begin_evaluation"): Promise<{ units: number }>;
  /** One part of the evaluation; one that finishes rows of the table brings the report so far. */
  call(name: "advance_evaluation"): Promise<{ done: number; units: number; report: object | null }>;
  /** One test image attacked on both models. */
  call(name: "example", request: { index: number; attack: Attack; budget: Budget; seed: number }): Promise<object>;
  /** Saliency of both models on one test image before and after a change. */
  call(name: "explain", request: { index: number; methods: object[]; class?: "label" | "prediction" | { chosen: number }; change: { perturbation: string } | { attack: { attack: Attack; budget: Budget } }; seed: number }): Promise<object>;
  /** Begins a study of one model on many images. */
  call(name: "begin_robustness", slot: LaneName, request:
    | { curve: { attack: Attack; norm: Budget["norm"]; images: number; seed: number } }
    | { plan: { trials: { attack: Attack; budget: Budget; restarts?: number; source?: "own" | "other" | "base" }[]; images: number; seed: number; cumulative?: boolean } }
    | { masking: { budget: Budget; steps: number; queries: number; images: number; seed: number } }): Promise<{ done: number; units: number }>;
  /** One part of the study; one that finishes a trial brings the report so far. */
  call(name: "advance_robustness"): Promise<{ done: number; units: number; report: object | null }>;
  /** Begins a survey of one model's saliency over many images; one call of `advance_survey` an image. */
  call(name: "begin_survey", slot: LaneName, survey: { method: object | string; change: object; images: number; seed: number; strokes?: boolean }): Promise<{ done: number; units: number }>;
  call(name: "advance_survey"): Promise<{ done: number; units: number; report: object | null }>;
  call(name: "surveys", plain: object, continuity: object): Promise<object[]>;
  /** Points of the curve, or the masking checks, of two reports. */
  call(name: "curve" | "masking", plain: object, continuity: object): Promise<object>;
  call(name: "measure", settings: Settings, steps: number): Promise<{ ms_per_step: number }>;
  call(name: "info"): Promise<{ engine: EngineName; version: string; memory_bytes: number; device_bytes: number | null }>;

  /** Rejects with what is wrong with the settings. */
  validate(settings: Settings): Promise<void>;
  /** Table and sentence for two reports on the same images; as much of it as both have. */
  compare(plain: object, continuity: object): Promise<object>;
  /** Ends the worker. */
  close(): void;
}

/** Whether this browser can compute on the graphics processor, and if not, why. */
export function probeWebgpu(): Promise<{ available: boolean; code: string; message: string; name?: string; software?: boolean }>;
