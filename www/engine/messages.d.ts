// What crosses the door to the engines, as far as the page's own checks need it: what is published for other programs,
// and looser where the page is. Where a shape is of no account here it is a `Message`.
import type * as published from "../../pkg/engine.js";

export type {
  Answer,
  DataInfo as Data,
  EngineError as Failure,
  LaneName,
  Part,
  SaliencyMap as Attribution,
  StepRecord,
} from "../../pkg/engine.js";

/** An engine, or what puts the reports of two side by side. */
export type EngineName = published.EngineName | "statistics";

/** A request or a reply, as the library writes it. */
export type Message = Record<string, any>;

/** All settings of a run; a visitor's own pictures are a dataset, too. */
export type Settings = Required<Omit<published.Settings, "dataset">> & { dataset: string };

/** An estimate with its interval, or why there is none. */
export type Quantity = Partial<published.Estimate> & { n: number; undefined?: string };

/** Why a lane cannot go on. */
export type Divergence = published.Progress["diverged"];

/** The table of both models. */
export type Comparison = Omit<published.Comparison, "rows"> & { rows: Message[] };
