//! Experiments: numbers that carry n, a 95 % interval, the seed and the settings that made them.
//!
//! Four concepts: one `picture`, looked at closely; a pulled [`Run`] over many pictures, which ends in a report; the
//! [`Metric`]s of a report; and the `comparison` of two reports. Each may use those before it, and all of them `change`
//! and `condition`, ways to show an image again, and `statistics`. A [`Wall`] watches some pictures while a model learns.

mod change;
mod comparison;
mod condition;
mod frequency;
mod metric;
mod picture;
mod run;
mod statistics;
mod wall;

pub use change::Change;
pub use comparison::{
    Aside, Check, Chosen, Comparison, ConditionComparison, OwnSet, Point, Row, SavedLane, SavedRun,
    SmoothnessComparison, Status, SurveyRow, Winner, checks, compare, compare_responses, compare_smoothness,
    compare_surveys, compare_transfers, curve, curve_plan, masking_plan,
};
pub use condition::{Condition, ConditionKind, Hint};
pub use metric::{Metric, Under, Values};
pub use picture::{
    Answer, Attacked, Broken, Class, Example, Explained, Explanation, Limit, Limits, Nudge, Picture, Rates, Shift,
    Triplet, Triplets, View, example, explain, limits, nudge, nudge_rates, predict, triplets,
};
pub use run::checkpoint;
pub use run::{
    All, Evaluation, MOVE, Mode, Moved, Noisy, OffKinks, Outcome, Outcomes, Reference, Report, Responding, Response,
    ResponseReport, Robustness, RobustnessPlan, RobustnessReport, Run, SAME_CLASS, SIGMAS, STEPS, Shots, Smoothing,
    Smoothness, SmoothnessReport, Source, Survey, SurveyReport, Surveying, TINY_SIGMA, Transfer, TransferReport,
    Transferring, Trial, TrialReport, randomised,
};
pub use statistics::{
    Column, Estimate, FEWEST, Gap, Quantity, average, mean, mean_difference, paired_difference, proportion, quotient,
    ratio, ratio_difference, share, share_difference,
};
pub use wall::{Look, Wall, WallPictures};
