// Generated with the engines by `cargo xtask dist`.

/**
 * A comparison with its plain-words summary.
 */
export interface Comparison {
    /**
     * Images.
     */
    n: number;
    /**
     * Seed of the run.
     */
    seed: number;
    /**
     * The table, as far as both reports have its rows.
     */
    rows: Row[];
    /**
     * What the whole table shows, whichever way it came out; nothing while rows are missing.
     */
    sentence: string | null;
    /**
     * What to keep in mind when reading it.
     */
    notes: string[];
}

/**
 * A failure that the caller can act on; see [`Code`].
 */
export interface Error {
    /**
     * Stable identifier.
     */
    code: Code;
    /**
     * One or two sentences for people.
     */
    message: string;
}

/**
 * A lane of it.
 */
export interface SavedLane {
    /**
     * `plain` or `continuity`.
     */
    name: string;
    /**
     * Steps made.
     */
    step: number;
    /**
     * Steps to make.
     */
    steps: number;
    /**
     * One record a step.
     */
    history: Record[];
    /**
     * What happened to the lane that a reader of its numbers should know.
     */
    notes: string[];
    /**
     * Why it stopped, when it did before its end.
     */
    diverged: Diverged | null;
    /**
     * The evaluation of its model, of a finished run.
     */
    report: Report | null;
    /**
     * Steps of the checkpoints beside it, of a run that is not finished.
     */
    checkpoints?: number[];
}

/**
 * A number of both models that is no contest.
 */
export interface Aside {
    /**
     * Stable identifier.
     */
    id: string;
    /**
     * Name.
     */
    label: string;
    /**
     * The plain model.
     */
    plain: Quantity;
    /**
     * The model with the constraint.
     */
    continuity: Quantity;
}

/**
 * A number with its 95 % interval.
 */
export interface Estimate {
    /**
     * The point estimate.
     */
    value: number;
    /**
     * Lower end.
     */
    low: number;
    /**
     * Upper end.
     */
    high: number;
    /**
     * Number of images that it is taken over.
     */
    n: number;
}

/**
 * A number, or the reason why there is none. In JSON it is the [`Estimate`] itself, or `{ undefined, n }`.
 */
export type Quantity = Estimate | { undefined: string; n: number };

/**
 * A run, finished or not.
 */
export interface SavedRun {
    /**
     * Settings of both lanes.
     */
    settings: Settings;
    /**
     * The visitor's own pictures that it was made on, if it was.
     */
    own: OwnSet | null;
    /**
     * What computed it.
     */
    engine: Chosen | null;
    /**
     * The table of a finished run; nothing otherwise.
     */
    comparison: Comparison | null;
    /**
     * The plain lane, then the other one.
     */
    lanes: SavedLane[];
}

/**
 * A test image as a figure shows it.
 */
export interface Picture {
    /**
     * Index in the test images.
     */
    index: number;
    /**
     * True class.
     */
    label: number;
    /**
     * Width in pixels.
     */
    width: number;
    /**
     * Height in pixels.
     */
    height: number;
    /**
     * 1 or 3.
     */
    channels: number;
    /**
     * x, row-major with the channel last, in 0..1.
     */
    original: Pixels;
}

/**
 * A way to look for a change that makes a classifier err.
 */
export type Attack = { fgsm: { loss?: Loss; aim?: Aim } } | { pgd: { steps: number; loss?: Loss; aim?: Aim } } | { apgd: { steps: number; loss?: Loss; aim?: Aim } } | { square: { queries: number } } | { rays: { queries: number } } | "noise" | "random-sign";

/**
 * A way to say where a classifier looks.
 */
export type Method = "gradient" | "gradient-input" | { "smooth-grad": { samples: number; sigma: number } } | { "integrated-gradients": { steps: number; baseline: Baseline } } | "grad-cam" | { lime: { samples: number; cell: number; fill: Baseline } } | { occlusion: { window: number; fill: Baseline } };

/**
 * A way to show a test image again.
 */
export type Condition = { perturbation: Perturbation } | { "low-pass": number } | { "high-pass": number } | { shuffle: number } | "background" | { color: Hint };

/**
 * All points within `epsilon` of x, in pixel values from 0 to 1. Travels with every number.
 */
export interface Budget {
    /**
     * The norm.
     */
    norm: Norm;
    /**
     * The radius.
     */
    epsilon: number;
}

/**
 * All settings of a run. Both lanes share them; the plain lane runs with [`Settings::plain`].
 */
export interface Settings {
    /**
     * The images.
     */
    dataset?: Dataset;
    /**
     * Variance σ² of the colours of Color MNIST; other sets ignore it.
     */
    color_variance?: number;
    /**
     * The network.
     */
    architecture?: Architecture;
    /**
     * Where both lanes start from.
     */
    start?: Start;
    /**
     * What the second lane adds to the cross-entropy.
     */
    regularizer?: Regularizer;
    /**
     * Weight α of that term, as in `CE + α · DS`.
     */
    alpha?: number;
    /**
     * The non-semantic perturbation P.
     */
    perturbation?: Perturbation;
    /**
     * The semantic distance DS.
     */
    ds?: Ds;
    /**
     * Whether DS pulls only f(x′) and leaves f(x) alone.
     */
    stop_gradient?: boolean;
    /**
     * Radius ε of the adversary that TRADES and adversarial training train against, ℓ∞ in 0..1.
     */
    adversary_epsilon?: number;
    /**
     * Steps of that adversary.
     */
    adversary_steps?: number;
    /**
     * On which images the cross-entropy is taken.
     */
    ce_on?: CeOn;
    /**
     * Whether the plain lane also runs x′, so that both lanes spend the same compute.
     */
    compute_matched?: boolean;
    /**
     * The optimiser.
     */
    optimizer?: Optimizer;
    /**
     * Learning rate.
     */
    learning_rate?: number;
    /**
     * Images in a batch.
     */
    batch?: number;
    /**
     * Steps of training.
     */
    steps?: number;
    /**
     * The seed of everything random.
     */
    seed?: Seed;
    /**
     * Test images in the evaluation.
     */
    eval_images?: number;
    /**
     * Standard deviation σ of the Gaussian noise in the evaluation.
     */
    eval_sigma?: number;
    /**
     * ℓ∞ radius ε of the attacks in the evaluation, in 0..1.
     */
    attack_epsilon?: number;
    /**
     * The engine.
     */
    engine?: EngineChoice;
}

/**
 * An evaluation, finished or under way, with everything that made it.
 */
export interface Report {
    /**
     * Settings of the lane, with its own α.
     */
    settings: Settings;
    /**
     * Steps trained.
     */
    step: number;
    /**
     * Classes of the images.
     */
    classes: number;
    /**
     * Images evaluated; a column of `outcomes` that holds fewer is not finished.
     */
    n: number;
    /**
     * Per-image outcomes.
     */
    outcomes: Outcomes;
}

/**
 * An image and what an attack makes of it, one model at a time.
 */
export interface Example extends Picture {
    /**
     * In the order of the models given.
     */
    models: Attacked[];
}

/**
 * An image before and after, and what each model says.
 */
export interface Nudge extends Picture {
    /**
     * x′, in the order of the original.
     */
    perturbed: Pixels;
    /**
     * Largest change of a value.
     */
    linf: number;
    /**
     * Euclidean length of the change.
     */
    l2: number;
    /**
     * Answers in the order of the networks given.
     */
    answers: Answer[];
}

/**
 * Both models at one radius.
 */
export interface Point {
    /**
     * The radius.
     */
    epsilon: number;
    /**
     * Robust accuracy of the plain model.
     */
    plain: Quantity;
    /**
     * Robust accuracy of the model with the constraint.
     */
    continuity: Quantity;
    /**
     * `continuity − plain`, paired over the images.
     */
    difference: Quantity;
}

/**
 * Distances of each image at one layer; nothing where they overflow.
 */
export interface Reference {
    /**
     * To a random image of its class.
     */
    same: Column;
    /**
     * To the nearest of [`SAME_CLASS`] images of its class.
     */
    nearest: Column;
    /**
     * Which image that is, by index; another layer may have another one.
     */
    nearest_index: number[];
    /**
     * To a random image of another class.
     */
    other: Column;
}

/**
 * Everything that was seen; all vectors are in the order of `images`.
 */
export interface ResponseReport {
    /**
     * What was asked for.
     */
    asked: Response;
    /**
     * The test images, by index.
     */
    images: number[];
    /**
     * Their classes.
     */
    labels: number[];
    /**
     * Class predicted for A; nothing when the answer is not finite.
     */
    clean: (number | null)[];
    /**
     * The random image B of the same class that each is compared with, by index.
     */
    same_class: number[];
    /**
     * The layers, early to late.
     */
    layers: string[];
    /**
     * Distances in pixels to B, of which `nearest` is nearest in pixels.
     */
    input: Reference;
    /**
     * Distances at each layer.
     */
    references: Reference[];
    /**
     * Share of the squared gradient of the true logit that lies outside the object: nothing where the gradient is 0;
     * empty where no mask is known.
     */
    outside: Column;
    /**
     * The finished conditions, in the order asked.
     */
    outcomes: Outcome[];
}

/**
 * How an answer stands.
 */
export type Status = "green" | "yellow" | "red";

/**
 * How far a map moved; nothing where that is undefined: see [`metric`].
 */
export interface Shift {
    /**
     * Spearman's rank correlation before and after.
     */
    rank_correlation: number | null;
    /**
     * Cosine.
     */
    cosine: number | null;
    /**
     * Overlap of the strongest tenth.
     */
    top_overlap: number | null;
}

/**
 * How far each model holds on one image.
 */
export interface Limits {
    /**
     * Index in the test images.
     */
    index: number;
    /**
     * True class.
     */
    label: number;
    /**
     * In the order of the models given.
     */
    models: Limit[];
}

/**
 * How far one model holds.
 */
export interface Limit {
    /**
     * Whether it is right about the image as it is. If it is not, there is nothing to lose.
     */
    right: boolean;
    /**
     * The least radius at which the attack was seen to make it err, if it did within the largest one asked for: an
     * upper bound of the least at which it errs.
     */
    broken: Broken | null;
}

/**
 * How many labelled images of each class: a number, or `"all"`.
 */
export type Shots = number | All;

/**
 * How often models change their answer.
 */
export interface Rates {
    /**
     * Images.
     */
    n: number;
    /**
     * Share of images whose predicted class changes, in the order of the networks given.
     */
    flips: Quantity[];
}

/**
 * How to read a measure.
 */
export interface Reading {
    /**
     * Which direction is better.
     */
    better: Better;
    /**
     * Unit.
     */
    unit: Unit;
    /**
     * Least and greatest value.
     */
    range: [number, number];
    /**
     * Where it is from.
     */
    source: string;
}

/**
 * Maps of one image for several models.
 */
export interface Explanation extends Picture {
    /**
     * In the order of the models given.
     */
    models: View[];
}

/**
 * One attack with everything that decides its outcome.
 */
export interface Trial {
    /**
     * The attack.
     */
    attack: Attack;
    /**
     * How far it may go.
     */
    budget: Budget;
    /**
     * Tries with fresh random draws; an image withstands when it withstands all.
     */
    restarts?: number;
    /**
     * Where the examples are made.
     */
    source?: Source;
}

/**
 * One check with its evidence.
 */
export interface Check {
    /**
     * Stable identifier.
     */
    id: string;
    /**
     * What an honest model shows.
     */
    claim: string;
    /**
     * Whether it does.
     */
    light: Status;
    /**
     * The numbers.
     */
    evidence: string;
    /**
     * How far it is off, as a share of the images; at most `tolerance` passes.
     */
    excess: Quantity;
    /**
     * What is tolerated.
     */
    tolerance: number;
}

/**
 * One line of the table.
 */
export interface Row {
    /**
     * Stable identifier.
     */
    id: string;
    /**
     * Name.
     */
    label: string;
    /**
     * What it measures.
     */
    help: string;
    /**
     * Unit.
     */
    unit: Unit;
    /**
     * Which direction is better.
     */
    better: Better;
    /**
     * The plain model.
     */
    plain: Quantity;
    /**
     * The model with the constraint.
     */
    continuity: Quantity;
    /**
     * `continuity − plain`, paired over the images that have a value on both sides.
     */
    difference: Quantity;
    /**
     * Which model is better.
     */
    verdict: Winner;
}

/**
 * One measure of both models.
 */
export interface SurveyRow {
    /**
     * The measure.
     */
    measure: Metric;
    /**
     * Its name.
     */
    label: string;
    /**
     * What it says.
     */
    help: string;
    /**
     * How to read it.
     */
    reading: Reading;
    /**
     * The plain model: mean over the images, by bootstrap; of yes and no, the proportion.
     */
    plain: Quantity;
    /**
     * The model with the constraint.
     */
    continuity: Quantity;
    /**
     * `continuity − plain`, paired over the images that have a value on both sides.
     */
    difference: Quantity;
}

/**
 * One method on one model.
 */
export interface Explained {
    /**
     * The method's name.
     */
    label: string;
    /**
     * Whether its maps have both signs.
     */
    signed: boolean;
    /**
     * What the maps' quality means, when they have one.
     */
    quality: string | null;
    /**
     * The map of x.
     */
    before: Map;
    /**
     * The map of the changed image.
     */
    after: Map;
    /**
     * How far it moved.
     */
    shift: Shift;
}

/**
 * One mode with one number of labels.
 */
export interface Moved {
    /**
     * What was trained.
     */
    mode: Mode;
    /**
     * With how many labels a class.
     */
    shots: Shots;
    /**
     * With how many images.
     */
    trained_on: number;
    /**
     * Whether each test image is classified correctly; a run that stopped being finite has none right.
     */
    correct: boolean[];
}

/**
 * Statistics of one step, taken before its update.
 */
export interface Record {
    /**
     * Counted from 1.
     */
    step: number;
    /**
     * Mean cross-entropy of the batch.
     */
    ce: number;
    /**
     * Mean DS of the batch; missing at steps where P(x) was not run.
     */
    ds: number | null;
    /**
     * Share of the batch classified correctly.
     */
    accuracy: number;
    /**
     * ℓ2 norm of the gradient.
     */
    grad_norm: number;
}

/**
 * The change that made a model err.
 */
export interface Broken extends Attacked {
    /**
     * The radius, in the parts of [`Norm::radii`].
     */
    level: number;
}

/**
 * The checks for hidden gradients, of both models.
 */
export interface Masking {
    plain: Check[];
    continuity: Check[];
}

/**
 * The engine of a run.
 */
export interface Chosen {
    /**
     * Its identifier.
     */
    name: string;
    /**
     * Why it was chosen, for people.
     */
    why: string;
}

/**
 * The numbers of one condition.
 */
export interface ConditionComparison {
    /**
     * The condition's name.
     */
    label: string;
    /**
     * Accuracy, flips, violations, distances.
     */
    rows: Row[];
    /**
     * Where colours mislead, for both models: `confusion[d][k]` pictures in the colour of digit d were taken for k.
     */
    confusion: [number[][], number[][]] | null;
}

/**
 * The one seed of a run.
 */
export type Seed = number;

/**
 * The outcome on one model.
 */
export interface Attacked {
    /**
     * The adversarial image, in the order of `original`.
     */
    image: Pixels;
    /**
     * What the model says before and after.
     */
    answer: Answer;
    /**
     * Largest change of a value.
     */
    linf: number;
    /**
     * Euclidean length of the change.
     */
    l2: number;
}

/**
 * The parts that are finished.
 */
export interface TransferReport {
    /**
     * What was asked for.
     */
    asked: Transfer;
    /**
     * The new pictures.
     */
    target: Dataset;
    /**
     * The test images, by index.
     */
    images: number[];
    /**
     * What came of each part, in the order of modes, then shots.
     */
    parts: Moved[];
}

/**
 * The pictures of a wall, as they are shown.
 */
export interface WallPictures {
    /**
     * Index of each in the test images.
     */
    indices: number[];
    /**
     * Class of each.
     */
    labels: number[];
    /**
     * σ of the noise.
     */
    sigma: number;
    /**
     * Width in pixels.
     */
    width: number;
    /**
     * Height in pixels.
     */
    height: number;
    /**
     * 1 or 3.
     */
    channels: number;
    /**
     * All x, one after the other, each row-major with the channel last, in 0..1.
     */
    original: Pixels;
    /**
     * All x′, likewise.
     */
    noisy: Pixels;
}

/**
 * The run stopped being finite.
 */
export interface Diverged {
    /**
     * First step whose loss or gradient is not finite.
     */
    step: number;
    /**
     * For people.
     */
    message: string;
    /**
     * The step of the last state known to be sound, of which [`Trainer::checkpoint`] is taken.
     */
    last_good_step: number;
}

/**
 * The trials that are finished, on the same images in the same order.
 */
export interface RobustnessReport {
    /**
     * Seed of the run.
     */
    seed: Seed;
    /**
     * The test images, by index.
     */
    images: number[];
    /**
     * Whether each is classified correctly as it is.
     */
    clean: boolean[];
    /**
     * Number of trials in the plan.
     */
    planned: number;
    /**
     * What the finished trials left, in the order of the plan.
     */
    trials: TrialReport[];
}

/**
 * The values of a picture or of a map, row by row, those of a pixel side by side. Text has them as a list of numbers;
 * where a message need not be read by people they are the bytes of their f32, first byte first.
 */
export type Pixels = Float32Array;

/**
 * The values of each measure, one an image.
 */
export interface SurveyReport {
    /**
     * What was asked for.
     */
    survey: Survey;
    /**
     * The test images done, by index.
     */
    images: number[];
    /**
     * The [temperature](metric::temperature) of the measures at matched confidence, over all images of the survey;
     * nothing when there is none, and before the first image is done.
     */
    temperature?: number | null;
    /**
     * Metric and its values in the order of `images`; of yes and no, 1 and 0.
     */
    values: [Metric, Column][];
}

/**
 * The verdicts at each layer.
 */
export type Layers = ConditionComparison[][];

/**
 * The word `all`.
 */
export type All = "all";

/**
 * Three pictures.
 */
export interface Triplet extends Picture {
    /**
     * A′, exactly as a [response](crate::experiment::Responding) with this seed shows it; in the order of `original`.
     */
    changed: Pixels;
    /**
     * Index of B.
     */
    same_class_index: number;
    /**
     * B.
     */
    same_class: Pixels;
}

/**
 * Two models side by side.
 */
export interface SmoothnessComparison {
    /**
     * Images.
     */
    n: number;
    /**
     * Jacobian and radii.
     */
    rows: Row[];
    /**
     * [`SIGMAS`].
     */
    sigmas: number[];
    /**
     * DS over σ² at each σ.
     */
    ds: Row[];
    /**
     * DS over σ² at each σ, over `‖J‖²`: by how much first order is off.
     */
    off: Aside[];
    /**
     * [`TINY_SIGMA`].
     */
    tiny_sigma: number;
    /**
     * [`MOVE`].
     */
    moved: number;
    /**
     * The limit of DS over σ² for small σ at the images, and off their kinks that and `‖J‖²`: `limit`,
     * `off-kinks-limit`, `off-kinks-jacobian`. Empty, as are the quotients, for reports of earlier versions.
     */
    limits: Row[];
    /**
     * The limit over `‖J‖²` at the images and off their kinks: `quotient`, `off-kinks-quotient`. 1 where the network
     * has a derivative.
     */
    quotients: Aside[];
    /**
     * Cosine between gradients at each σ.
     */
    cosine: Row[];
    /**
     * [`STEPS`].
     */
    steps: number[];
    /**
     * Cross-entropy at each step against the margin.
     */
    against: Row[];
    /**
     * Cross-entropy at each step in a random direction.
     */
    sideways: Row[];
    /**
     * Mean cross-entropy over both directions, for both models; nothing where that of an image overflows.
     */
    surfaces: [(number | null)[][], (number | null)[][]];
}

/**
 * What a method says about one image.
 */
export interface Map {
    /**
     * Width in pixels.
     */
    width: number;
    /**
     * Height in pixels.
     */
    height: number;
    /**
     * `[h, w]` row-major.
     */
    values: Pixels;
    /**
     * The method's own measure of itself, when it has one and that is defined: see [`Method::quality`].
     */
    quality: number | null;
}

/**
 * What happened to each image; all vectors in the same order, and of length [`Report::n`] once finished.
 */
export interface Outcomes {
    /**
     * Classified correctly.
     */
    clean?: boolean[];
    /**
     * Classified correctly under Gaussian noise.
     */
    noise?: boolean[];
    /**
     * P changes the predicted class.
     */
    flip?: boolean[];
    /**
     * Distance between the outputs for x and P(x); nothing where they overflow.
     */
    near?: Column;
    /**
     * Distance between the outputs for x and another image.
     */
    far?: Column;
    /**
     * Classified correctly both before and after FGSM.
     */
    fgsm?: boolean[];
    /**
     * Classified correctly both before and after PGD-20.
     */
    pgd?: boolean[];
    /**
     * Classified correctly before and after PGD-20, APGD-20 with cross-entropy and APGD-20 with DLR: the worst of the
     * three for each image. `None` in reports of versions that did not evaluate it.
     */
    robust?: boolean[] | null;
    /**
     * Answers that were not finite.
     */
    not_finite?: number;
    /**
     * Largest change of a pixel that an attack used.
     */
    largest?: number;
}

/**
 * What is asked for.
 */
export interface Response {
    /**
     * The conditions, in order.
     */
    conditions: Condition[];
    /**
     * Number of test images, chosen by the seed.
     */
    images: number;
    /**
     * Chooses the images and everything random.
     */
    seed: Seed;
}

/**
 * What is asked for.
 */
export interface RobustnessPlan {
    /**
     * The attacks, in order.
     */
    trials: Trial[];
    /**
     * Number of test images, chosen by the seed.
     */
    images: number;
    /**
     * Chooses the images and everything random.
     */
    seed: Seed;
    /**
     * Whether an image that fell counts as fallen in all later trials, as along a growing radius; else every trial
     * meets all images that are classified correctly.
     */
    cumulative?: boolean;
}

/**
 * What is asked for.
 */
export interface Smoothness {
    /**
     * Number of test images, chosen by the seed; 1 to 1000.
     */
    images: number;
    /**
     * Chooses the images and the draws.
     */
    seed: Seed;
}

/**
 * What is asked for.
 */
export interface Transfer {
    /**
     * What is trained.
     */
    modes: Mode[];
    /**
     * With how many labels.
     */
    shots: Shots[];
    /**
     * Number of test images, chosen by the seed; 1 to 2000.
     */
    images: number;
    /**
     * Steps of fine-tuning and from scratch; 1 to 2000.
     */
    steps: number;
    /**
     * Chooses images, batches and the new last layer.
     */
    seed: Seed;
}

/**
 * What is asked for: one method on one model over many images, for the true class.
 */
export interface Survey {
    /**
     * The method.
     */
    method: Method;
    /**
     * Between which two images a map moves.
     */
    change: Change;
    /**
     * Number of test images, chosen by the seed.
     */
    images: number;
    /**
     * Chooses the images and everything random.
     */
    seed: Seed;
}

/**
 * What is done to an image before it is looked at again.
 */
export type Change = { perturbation: Perturbation } | { attack: { attack: Attack; budget: Budget } };

/**
 * What noise of one strength does to each image.
 */
export interface Noisy {
    /**
     * `‖z(x + δ) − z(x)‖² / σ²`, the mean over four draws of δ.
     */
    ds: Column;
    /**
     * Cosine between the gradients of the true logit at x and at x + δ; undefined where one is 0.
     */
    cosine: Column;
}

/**
 * What one condition did to each image.
 */
export interface Outcome {
    /**
     * The condition.
     */
    condition: Condition;
    /**
     * Class predicted for A′; nothing when the answer is not finite, which is neither right nor the same as any other.
     */
    predicted: (number | null)[];
    /**
     * The digit whose colour A′ has, where that is another one's.
     */
    hinted: (number | null)[];
    /**
     * ‖A − A′‖₂ in pixels.
     */
    input: Column;
    /**
     * ‖A − A′‖₂ at each layer; nothing where it overflows.
     */
    near: Column[];
}

/**
 * What one model says of the pictures of a wall.
 */
export interface Look {
    /**
     * The class predicted for each x; none where an answer is not finite.
     */
    before: (number | null)[];
    /**
     * The class predicted for each x′.
     */
    after: (number | null)[];
    /**
     * Whether the noise changes the answer. One that is not finite counts as changed.
     */
    changed: boolean[];
    /**
     * Share of the pictures whose answer changes.
     */
    changes: Quantity;
    /**
     * Share of the pictures without noise that are classified correctly.
     */
    accuracy: Quantity;
}

/**
 * What one model says.
 */
export interface Answer {
    /**
     * Class probabilities for x.
     */
    before: number[];
    /**
     * Class probabilities for x′.
     */
    after: number[];
    /**
     * Most probable class of x.
     */
    prediction_before: number;
    /**
     * Most probable class of x′.
     */
    prediction_after: number;
    /**
     * ‖z(x) − z(x′)‖₂ of the logits.
     */
    distance: number;
}

/**
 * What one model sees.
 */
export interface View {
    /**
     * The class explained.
     */
    class: number;
    /**
     * The changed image, row-major with the channel last.
     */
    changed: Pixels;
    /**
     * What the model says before and after.
     */
    answer: Answer;
    /**
     * In the order of the methods given.
     */
    maps: Explained[];
}

/**
 * What one trial left.
 */
export interface TrialReport {
    /**
     * The trial.
     */
    trial: Trial;
    /**
     * Whether each image is classified correctly, before and after.
     */
    robust: boolean[];
    /**
     * Answers that were not finite.
     */
    not_finite: number;
    /**
     * Longest change used, in the norm of the budget.
     */
    largest: number;
}

/**
 * What small noise and the Jacobian say of images off their kinks.
 */
export interface OffKinks {
    /**
     * `‖z(x + δ) − z(x)‖² / σ²` at [`TINY_SIGMA`], as [`SmoothnessReport::limit`].
     */
    limit: Column;
    /**
     * `‖J‖²`.
     */
    jacobian: Column;
}

/**
 * What the position begins with. Read before the rest, of which a later version may have more.
 */
export interface Format {
    /**
     * Files from before versions were written lack it: they are of the first.
     */
    version?: number;
}

/**
 * What was measured; all innermost vectors are in the order of `images`, as far as the run has come. What overflows
 * has no value.
 */
export interface SmoothnessReport {
    /**
     * What was asked for.
     */
    asked: Smoothness;
    /**
     * The test images, by index.
     */
    images: number[];
    /**
     * `‖J‖²`, the squared Frobenius norm of the Jacobian of the logits: exact, one backward pass a class.
     */
    jacobian: Column;
    /**
     * First-order ℓ∞ distance to the boundary, `max(0, m) / ‖∇m‖₁` with the margin `m = z_y − max z_j`; at most 1, the
     * diameter of the cube of all images: no image beyond can be. Undefined where the slope is 0: a network that is
     * dead there has no first order.
     */
    radius_linf: Column;
    /**
     * The same for ℓ2, `max(0, m) / ‖∇m‖₂`; at most the diagonal of the cube.
     */
    radius_l2: Column;
    /**
     * At each of [`SIGMAS`].
     */
    noise: Noisy[];
    /**
     * The limit of DS over σ² for small σ: `‖z(x + δ) − z(x)‖² / σ²` at [`TINY_SIGMA`], the mean over eight draws of
     * δ. Reports of earlier versions have none.
     */
    limit?: Column;
    /**
     * At the images [moved](MOVE) off their kinks, each by a draw of its own.
     */
    off_kinks?: OffKinks;
    /**
     * Cross-entropy at `x − s g + t r`, `surface[s][t]` over [`STEPS`]: g is the sign of the gradient of the margin, r
     * a random sign in every pixel. Not clipped to pixels.
     */
    surface: Column[][];
}

/**
 * What went wrong, as a stable identifier.
 */
export type Code = "invalid-setting" | "perturbation-needs-color" | "no-base" | "invalid-data" | "invalid-weights" | "invalid-run" | "weights-mismatch" | "not-ready" | "diverged" | "device";

/**
 * Where an attack wants the answer to go.
 */
export type Aim = "away" | { class: number } | "runner-up";

/**
 * Which class is explained.
 */
export type Class = "label" | "prediction" | { chosen: number };

/**
 * Which pictures a visitor brought, without the pictures.
 */
export interface OwnSet {
    /**
     * What the visitor calls them.
     */
    name: string;
    /**
     * Names of the classes, in the order of the labels.
     */
    classes: string[];
    /**
     * Pixels.
     */
    height: number;
    /**
     * Pixels.
     */
    width: number;
    /**
     * Pictures to learn from.
     */
    train: number;
    /**
     * Pictures to test on.
     */
    test: number;
    /**
     * Pictures of each class in both halves.
     */
    counts: [number, number][];
    /**
     * Identifies the set.
     */
    digest: string;
}

/**
 * Which pictures.
 */
export interface Triplets {
    /**
     * What makes A′ of A.
     */
    condition: Condition;
    /**
     * The seed of the response that showed them.
     */
    seed: Seed;
    /**
     * Test images A and B, at most 50 pairs.
     */
    pairs: [number, number][];
}

/** One value an image; nothing where it is undefined. */
export type Column = (number | null)[];

/** `gaussian:0.1`, or several joined by `+`. */
export type Perturbation = string;

export type Architecture = | "small-cnn" | "mini-resnet";

export type AttackKind = | "pgd" | "apgd" | "fgsm" | "square" | "rays" | "noise" | "random-sign";

export type Baseline = | "black" | "blur" | "mean";

export type Better = | "higher" | "lower" | "none";

export type CeOn = | "clean" | "both";

export type ConditionKind = | "low-pass" | "high-pass" | "shuffle" | "background" | "color";

export type Dataset = | "fashion-mnist" | "mnist" | "color-mnist" | "emoji" | "emoji-twemoji" | "animal-silhouettes" | "optdigits" | "cifar10" | "own-grey" | "own-color";

export type Ds = | "logit-l2" | "feature-l2" | "probability-l2" | "kl" | "jsd" | "cosine";

export type EngineChoice = | "auto" | "cpu" | "webgpu";

export type File = | "train-images" | "train-labels" | "test-images" | "test-labels";

export type Hint = | "aligned" | "conflicting" | "grey";

export type Kind = | "gaussian" | "uniform" | "brightness" | "contrast" | "saturation" | "hue" | "box-blur" | "gaussian-blur" | "shift";

export type Loss = | "cross-entropy" | "margin" | "dlr";

export type Metric = | "rank-correlation" | "cosine" | "top-overlap" | "gini" | "complexity" | "insertion" | "deletion" | "insertion-matched" | "deletion-matched" | "sensitivity" | "pointing" | "mass" | "randomisation";

export type Mode = | "probe" | "fine-tune" | "scratch";

export type Norm = | "linf" | "l2";

export type Optimizer = | "adam" | "sgd";

export type Regularizer = | "continuity" | "augmentation" | "stability" | "jacobian" | "input-gradient" | "trades" | "adversarial";

export type Source = | "own" | "other" | "base";

export type Start = | "base" | "scratch";

export type Unit = | "%" | "nat" | "";

export type Winner = | "plain" | "continuity" | "unclear" | "undefined";


/**
 * Table and plain sentence for two evaluations.
 */
export function compare(plain: Report, continuity: Report): Comparison;

/**
 * The curve of two studies of robustness, as far as both have come.
 */
export function curve(plain: RobustnessReport, continuity: RobustnessReport): Point[];

/**
 * The masking checks of two finished studies.
 */
export function masking(plain: RobustnessReport, continuity: RobustnessReport): Masking;

/**
 * A run that was kept or saved, as far as it is known here: nothing else passes.
 */
export function read_run(run: any): SavedRun;

/**
 * Two responses side by side at each layer, as far as both have come.
 */
export function responses(plain: ResponseReport, continuity: ResponseReport): Layers;

/**
 * Two models' smoothness side by side.
 */
export function smoothness(plain: SmoothnessReport, continuity: SmoothnessReport): SmoothnessComparison;

/**
 * Two surveys side by side, as far as both have come.
 */
export function surveys(plain: SurveyReport, continuity: SurveyReport): SurveyRow[];

/**
 * Accuracy of two models after they were moved to other pictures, as far as both have come.
 */
export function transfers(plain: TransferReport, continuity: TransferReport): Row[];
