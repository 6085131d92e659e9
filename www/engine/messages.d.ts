// What crosses the door to the engines, as far as the page's own checks need it. The library decides what a message
// holds: where its shape is of no account here it is a `Message`.

export type EngineName = "cpu" | "webgpu" | "statistics";
export type LaneName = "plain" | "continuity";

/** A request or a reply, as the library writes it. */
export type Message = Record<string, any>;

/** The settings of a run: `settings.json` says what each means. */
export type Settings = {
  dataset: string;
  color_variance: number;
  architecture: string;
  start: "base" | "scratch";
  regularizer: string;
  alpha: number;
  perturbation: string;
  ds: string;
  stop_gradient: boolean;
  adversary_epsilon: number;
  adversary_steps: number;
  ce_on: string;
  compute_matched: boolean;
  optimizer: string;
  learning_rate: number;
  batch: number;
  steps: number;
  seed: number;
  eval_images: number;
  eval_noise: number;
  epsilon: number;
  engine: "auto" | "cpu" | "webgpu";
};

/** What failed, for programs and for people. */
export interface Failure {
  code: string;
  message: string;
}

/** What is known of pictures once they are loaded. */
export interface Data {
  name: string;
  classes: string[];
  channels: number;
  height: number;
  width: number;
  train: number;
  test: number;
  color_ceiling?: number;
}

/** An estimate with its interval, or why there is none. */
export interface Quantity {
  n: number;
  value?: number;
  low?: number;
  high?: number;
  undefined?: string;
}

/** One step of training. */
export interface StepRecord {
  step: number;
  ce: number;
  ds: number | null;
  accuracy: number;
  grad_norm: number;
}

/** Why a lane cannot go on. */
export interface Divergence {
  step: number;
  message: string;
  last_good_step: number;
}

/** What a model says before and after a change. */
export interface Answer {
  before: number[];
  after: number[];
  prediction_before: number;
  prediction_after: number;
  distance: number;
}

export interface Attribution {
  width: number;
  height: number;
  values: number[];
  quality: number | null;
}

/** How much of the work is done. */
export interface Part {
  done: number;
  units: number;
}

/** The table of both models. */
export interface Comparison {
  n: number;
  seed: number;
  rows: Message[];
  sentence: string | null;
  notes: string[];
}
