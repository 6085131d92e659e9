/** What differs from the defaults. What each setting means, ranges and defaults: `settings.json`. */
export interface Settings {
  dataset?: "fashion-mnist" | "mnist" | "color-mnist" | "emoji" | "emoji-twemoji" | "animal-silhouettes" | "optdigits";
  color_variance?: number;
  architecture?: "small-cnn" | "mini-resnet";
  start?: "base" | "scratch";
  regularizer?: "continuity" | "augmentation" | "stability" | "jacobian" | "input-gradient" | "trades" | "adversarial";
  alpha?: number;
  /** `gaussian:0.1`, or several joined by `+`. */
  perturbation?: string;
  ds?: "logit-l2" | "feature-l2" | "probability-l2" | "kl" | "jsd" | "cosine";
  stop_gradient?: boolean;
  adversary_epsilon?: number;
  adversary_steps?: number;
  ce_on?: "clean" | "both";
  compute_matched?: boolean;
  optimizer?: "adam" | "sgd";
  learning_rate?: number;
  batch?: number;
  steps?: number;
  seed?: number;
  eval_images?: number;
  eval_noise?: number;
  epsilon?: number;
  engine?: "auto" | "cpu" | "webgpu";
}

export type EngineName = "cpu" | "webgpu";
export type LaneName = "plain" | "continuity";

/** What every call of an `Engine` rejects with. */
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
  /** What colour alone would give away, of 1; Color MNIST only. */
  color_ceiling: number | null;
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

/** A number with its interval, or why there is none: `0 / 0`, a correlation with a constant. */
export type Quantity = Estimate | { undefined: string; n: number };

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

/** `gaussian:0.1`, or several joined by `+`. */
export type Change = { perturbation: string } | { attack: { attack: Attack; budget: Budget } };

export type Fill = "black" | "blur" | "mean";
export type Method =
  | "gradient" | "gradient-input" | "grad-cam"
  | { "smooth-grad": { samples: number; sigma: number } }
  | { "integrated-gradients": { steps: number; baseline?: Fill } }
  | { lime: { samples: number; cell: number; fill?: Fill } }
  | { occlusion: { window: number; fill?: Fill } };

/** Whose pixels are explained: the true class, the one a model predicts, or this one. */
export type Explained = "label" | "prediction" | { chosen: number };

/** A test picture; pixels from 0 to 1, row by row, channels last. */
export interface Picture {
  index: number;
  label: number;
  width: number;
  height: number;
  channels: number;
  original: number[];
}

/** What a model says before and after a change: probabilities, classes, and how far the logits moved. */
export interface Answer {
  before: number[];
  after: number[];
  prediction_before: number;
  prediction_after: number;
  distance: number;
}

/** One picture attacked on both models: plain, then the other. */
export interface Example extends Picture {
  models: { image: number[]; answer: Answer; linf: number; l2: number }[];
}

export interface SaliencyMap {
  width: number;
  height: number;
  values: number[];
  quality: number | null;
}

/** One picture explained on both models: plain, then the other; a map a method. */
export interface Explanation extends Picture {
  models: {
    changed: number[];
    answer: Answer;
    class: number;
    maps: {
      label: string;
      signed: boolean;
      quality: string | null;
      before: SaliencyMap;
      after: SaliencyMap;
      /** `null` where it is undefined: a map that is the same everywhere has no order. */
      shift: { rank_correlation: number | null; cosine: number | null; top_overlap: number | null };
    }[];
  }[];
}

/** The table of both models. */
export interface Comparison {
  n: number;
  seed: number;
  rows: {
    id: string;
    label: string;
    help: string;
    unit: string;
    better: "higher" | "lower";
    plain: Quantity;
    continuity: Quantity;
    difference: Quantity;
    verdict: "plain" | "continuity" | "unclear" | "undefined";
  }[];
  /** What the whole table shows, whichever way it came out. */
  sentence: string | null;
  notes: string[];
}

/** A ball around the image, in pixel values from 0 to 1. */
export interface Budget {
  norm: "linf" | "l2";
  epsilon: number;
}

/** What a study asks of one model. */
export type Study =
  | { robustness:
      | { curve: { attack: Attack; norm: Budget["norm"]; images: number; seed: number } }
      | { masking: { budget: Budget; steps: number; queries: number; images: number; seed: number } }
      | { plan: object } }
  | { survey: { method: Method; change: Change; images: number; seed: number } }
  | { response: object }
  | { smoothness: object }
  | { transfer: object };

export interface Part {
  done: number;
  units: number;
}

export interface EngineInfo {
  engine: EngineName;
  version: string;
  memory_bytes: number;
  device_bytes: number | null;
}

/** One engine, in a worker where there may be one. Calls run one after the other. */
export class Engine {
  /** Starts it and sets its device up. `statistics` has none: it compares reports. */
  static open(name: EngineName | "statistics"): Promise<Engine>;
  readonly name: EngineName | "statistics";
  /** Nothing for `statistics`. */
  readonly info?: EngineInfo;

  /** Loads the halves (`"train"`, `"test"`) of the dataset that the settings name; reports bytes as they arrive. */
  loadData(settings: Settings, parts: ("train" | "test")[], onBytes?: (bytes: number) => void): Promise<DataInfo>;
  /** Loads a file of `weights/` into a slot. */
  loadWeightsFile(slot: "base" | LaneName, file: string): Promise<unknown>;

  /** Loads weights that `weights` or PyTorch wrote into a slot. */
  call(name: "load_weights", slot: "base" | LaneName, bytes: Uint8Array): Promise<object>;
  /** One test image before and after a perturbation, and what both models say. */
  call(name: "nudge", request: { index: number; perturbation: string; seed: number }): Promise<object>;
  /** On how many of the first images both models change their answer. */
  call(name: "nudge_rates", request: { images: number; perturbation: string; seed: number }): Promise<{ n: number; plain: Quantity; continuity: Quantity }>;
  /** Begins a run at step 0. */
  call(name: "prepare", settings: Settings, lane: LaneName): Promise<{ step: number; steps: number }>;
  /** Makes up to so many steps; stop calling to pause. */
  call(name: "advance", steps: number): Promise<Progress>;
  /** The last sound state, for `resume`. */
  call(name: "checkpoint"): Promise<Uint8Array<ArrayBuffer>>;
  call(name: "resume", settings: Settings, lane: LaneName, checkpoint: Uint8Array): Promise<{ step: number; steps: number }>;
  /** The present parameters as safetensors. */
  call(name: "weights"): Promise<Uint8Array<ArrayBuffer>>;
  call(name: "begin_evaluation"): Promise<{ units: number }>;
  /** One part of the evaluation; one that finishes rows of the table brings the report so far. */
  call(name: "advance_evaluation"): Promise<{ done: number; units: number; report: object | null }>;
  /** One test image attacked on both models. */
  call(name: "example", request: { index: number; attack: Attack; budget: Budget; seed: number }): Promise<Example>;
  /** Saliency of both models on one test image before and after a change. */
  call(name: "explain", request: { index: number; methods: Method[]; class?: Explained; change: Change; seed: number }): Promise<Explanation>;
  /** The pictures of triplets of a response, or of any condition. */
  call(name: "triplets", request: { condition: object; seed: number; pairs: [number, number][] }): Promise<object[]>;
  /** Begins a study of one model on many images; one that is under way ends. */
  call(name: "begin_study", slot: LaneName, request: Study, checkpoint?: Uint8Array): Promise<Part>;
  /** What the study has found so far, to go on from with another engine; nothing once it is over. */
  call(name: "study_checkpoint"): Promise<Uint8Array | undefined>;
  /** One part of the study; one that finishes something worth showing brings the report so far. */
  call(name: "advance_study"): Promise<Part & { report: object | null }>;
  call(name: "measure", settings: Settings, steps: number): Promise<{ ms_per_step: number }>;
  call(name: "info"): Promise<EngineInfo>;

  /** Rejects with what is wrong with the settings. */
  validate(settings: Settings): Promise<void>;
  /** Of `statistics`: table and sentence for two reports of an evaluation on the same images. */
  call(name: "compare", plain: object, continuity: object): Promise<Comparison>;
  /** Of `statistics`: what it makes of two reports of the same study. */
  call(name: "curve" | "masking" | "surveys" | "responses" | "smoothness" | "transfers", plain: object, continuity: object): Promise<object>;
  /** Ends it. Calls under way fail. */
  close(): void;
}

/** Whether this browser can compute on the graphics processor, and if not, why. */
export function probeWebgpu(): Promise<{ available: boolean; code: string; message: string; name?: string; software?: boolean }>;
