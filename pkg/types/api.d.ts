// Generated from www/ by `npm run types:package`.

import { Engine, probeWebgpu } from "./engine/client.js";
import type * as engine from "semantic-continuity-lab/engine";
export { Engine, probeWebgpu };
export type EngineName = import("./engine/client.js").EngineName;
export type Failure = import("./engine/client.js").Failure;
/**
 * The methods of an engine, which answer when it is their turn.
 */
export type Remote<Methods> = import("./engine/client.js").Remote<Methods>;
export type Answer = engine.Answer;
export type Attack = engine.Attack;
export type Budget = engine.Budget;
export type Change = engine.Change;
export type Class = engine.Class;
export type Comparison = engine.Comparison;
export type DataInfo = engine.DataInfo;
export type Example = engine.Example;
export type Explanation = engine.Explanation;
export type Method = engine.Method;
export type Picture = engine.Picture;
export type Quantity = engine.Quantity;
export type Settings = engine.Settings;
export type Steps = {
    /**
     * steps that both lanes have made
     */
    step: number;
    /**
     * steps to make
     */
    steps: number;
    /**
     * the steps just made
     */
    plain: engine.Record[];
    continuity: engine.Record[];
    diverged: (engine.Diverged & {
        lane: engine.Lane;
    }) | null;
};
/**
 * Two lanes from the same start, on the same pictures in the same order: plain, and with the constraint or a baseline
 * of it. Calls run one after the other and reject with a `LabError`.
 */
export type Trainer = Readonly<PairTrainer>;
/** What every call of a trainer rejects with. */
export declare class LabError extends Error {
    /**
     * For programs, such as `invalid-setting`, `network`, `closed`.
     * @readonly
     * @type {string}
     */
    readonly code: string;
    /** @param {Failure} failure */
    constructor({ code, message }: Failure);
}
/**
 * Opens both lanes.
 * @param {Settings} [settings] what differs from the defaults in `settings.json`
 * @param {{ onBytes?: (bytes: number) => void }} [options] `onBytes` is called with the number of bytes of data that
 *   arrived
 * @returns {Promise<Trainer>}
 */
export declare function createTrainer(settings?: Settings, { onBytes }?: {
    onBytes?: (bytes: number) => void;
}): Promise<Trainer>;
declare class PairTrainer {
    #private;
    /**
     * All of them.
     * @type {Required<Settings>}
     */
    settings: Required<Settings>;
    /**
     * Which one trains, and why.
     * @type {{ name: EngineName, why: string }}
     */
    engine: {
        name: EngineName;
        why: string;
    };
    /** Steps that both lanes have made. */
    get step(): number;
    /**
     * Makes up to `count` steps of both lanes, a whole number from 1 on; less at the end, or when one diverges. Not
     * calling is pausing.
     * @param {number} count
     * @returns {Promise<Steps>}
     */
    trainSteps(count: number): Promise<Steps>;
    /**
     * Evaluates both models as they are on the same test pictures, and compares them.
     * @returns {Promise<Comparison & { reports: { plain: engine.Report, continuity: engine.Report } }>}
     */
    evaluate(): Promise<Comparison & {
        reports: {
            plain: engine.Report;
            continuity: engine.Report;
        };
    }>;
    /**
     * Attacks one test picture on both models; PGD-20 within 25/255 unless said otherwise.
     * @param {{ index?: number, attack?: Attack, budget?: Budget, seed?: number }} [request]
     * @returns {Promise<Example>}
     */
    attack({ index, attack, budget, seed }?: {
        index?: number;
        attack?: Attack;
        budget?: Budget;
        seed?: number;
    }): Promise<Example>;
    /**
     * Where both models look on one test picture, before and after a change.
     * @param {{ index?: number, methods?: Method[], class?: Class, change?: Change, seed?: number }} [request]
     * @returns {Promise<Explanation>}
     */
    saliency({ index, methods, class: explained, change, seed }?: {
        index?: number;
        methods?: Method[];
        class?: Class;
        change?: Change;
        seed?: number;
    }): Promise<Explanation>;
    /**
     * Both models as safetensors, which PyTorch reads.
     * @returns {Promise<{ plain: Uint8Array<ArrayBuffer>, continuity: Uint8Array<ArrayBuffer> }>}
     */
    export(): Promise<{
        plain: Uint8Array<ArrayBuffer>;
        continuity: Uint8Array<ArrayBuffer>;
    }>;
    /** Ends its engines. Calls under way fail. */
    close(): void;
}
