// Generated from www/ by `npm run types:package`.

import type * as engine from "semantic-continuity-lab/engine";
import type * as statistics from "semantic-continuity-lab/statistics";
export type EngineName = "cpu" | "webgpu";
/**
 * Why something could not be done: by the library, or by the page.
 */
export type Failure = {
    code: string;
    message: string;
};
/**
 * The methods of an engine, which answer when it is their turn: unless another is named, all that there are.
 */
export type Remote<Methods = engine.Engine & typeof statistics> = {
    [Name in keyof Methods]: Methods[Name] extends (...values: infer Values) => infer Answer ? (...values: Values) => Promise<Awaited<Answer>> : never;
};
/**
 * One engine, in a worker if there may be one. Calls run one after the other, and reject with `{ code, message }`.
 */
export declare class Engine {
    #private;
    /**
     * @readonly
     * @type {EngineName | "statistics"}
     */
    readonly name: EngineName | "statistics";
    /**
     * Why it computes on the page's thread, if it does.
     * @type {string | null}
     */
    note: string | null;
    /**
     * What it says of itself; nothing for `statistics`, which has no device.
     * @readonly
     * @type {engine.Info | undefined}
     */
    readonly info: engine.Info | undefined;
    /**
     * Everything it can do: `engine.remote.nudge(request)`; what `statistics` can, where that was opened. A call waits
     * for those before it.
     * @readonly
     * @type {Remote}
     */
    readonly remote: Remote;
    /**
     * @private
     * @param {EngineName | "statistics"} name
     */
    private constructor();
    /**
     * Starts an engine and its device. `statistics` has none: it compares reports.
     * @param {EngineName | "statistics"} name
     * @param {string[]} [ahead] files that it will be asked to load next, below the page's folder: fetched meanwhile
     * @returns {Promise<Engine>}
     */
    static open(name: EngineName | "statistics", ahead?: string[]): Promise<Engine>;
    /**
     * Loads halves of the dataset that the settings name.
     * @param {engine.Settings & { dataset: engine.Dataset }} settings
     * @param {("train" | "test" | "first")[]} parts `first` are the first of the test pictures, in files of their own
     * @param {(bytes: number) => void} [onBytes] called with the number of bytes that arrived
     * @param {{ name: string, classes: string[], files?: Record<string, Uint8Array> }} [own] the visitor's pictures, when
     *   the settings name them as the dataset
     * @returns {Promise<engine.DataInfo>}
     */
    loadData(settings: engine.Settings & {
        dataset: engine.Dataset;
    }, parts: ("train" | "test" | "first")[], onBytes?: (bytes: number) => void, own?: {
        name: string;
        classes: string[];
        files?: Record<string, Uint8Array>;
    }): Promise<engine.DataInfo>;
    /**
     * Loads a file of `weights/` into a slot.
     * @param {engine.Slot} slot
     * @param {string} file
     * @returns {Promise<engine.WeightsInfo>}
     */
    loadWeightsFile(slot: engine.Slot, file: string): Promise<engine.WeightsInfo>;
    /**
     * Rejects with what is wrong with the settings.
     * @param {engine.Settings} settings
     * @returns {Promise<void>}
     */
    validate(settings: engine.Settings): Promise<void>;
    /** Ends it. Calls under way fail. */
    close(): void;
}
/**
 * Whether this browser can compute on the graphics processor, and if not, why.
 * @returns {Promise<{ available: boolean, code: string, message: string, name?: string, software?: boolean }>}
 */
export declare function probeWebgpu(): Promise<{
    available: boolean;
    code: string;
    message: string;
    name?: string;
    software?: boolean;
}>;
