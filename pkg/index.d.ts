import type { Attack, Budget, Change, Comparison, EngineName, Example, Explained, Explanation, LaneName, Method, Settings, StepRecord } from "./engine.js";

export * from "./engine.js";

export interface Steps {
  step: number;
  steps: number;
  /** The steps just made. */
  plain: StepRecord[];
  continuity: StepRecord[];
  diverged: { lane: LaneName; step: number; message: string; last_good_step: number } | null;
}

/** What calls of a trainer reject with; `code` is for programs, such as `invalid-setting`, `network`, `closed`. */
export class LabError extends Error {
  readonly code: string;
}

/**
 * Two lanes from the same start, on the same pictures in the same order: plain, and with the constraint or a rival of it.
 * Calls run one after the other and reject with a `LabError`.
 */
export interface Trainer {
  /** All of them. */
  readonly settings: Required<Settings>;
  readonly engine: { name: EngineName; why: string };
  /** Steps that both lanes have made. */
  readonly step: number;
  /** Makes up to `count` steps, a whole number from 1 on, of both lanes; not calling is pausing. */
  trainSteps(count: number): Promise<Steps>;
  /** Judges both models as they are on the same test pictures. */
  evaluate(): Promise<Comparison & { reports: { plain: object; continuity: object } }>;
  /** Attacks one test picture on both models; PGD-20 within 25/255 unless said otherwise. */
  attack(request?: { index?: number; attack?: Attack; budget?: Budget; seed?: number }): Promise<Example>;
  /** Where both models look on one test picture, before and after a change. */
  saliency(request?: { index?: number; methods?: Method[]; class?: Explained; change?: Change; seed?: number }): Promise<Explanation>;
  /** Both models as safetensors, which PyTorch reads. */
  export(): Promise<{ plain: Uint8Array<ArrayBuffer>; continuity: Uint8Array<ArrayBuffer> }>;
  /** Ends its engines. Calls under way fail. */
  close(): void;
}

/** @param settings what differs from the defaults in `settings.json` */
export function createTrainer(settings?: Settings, options?: { onBytes?: (bytes: number) => void }): Promise<Trainer>;
