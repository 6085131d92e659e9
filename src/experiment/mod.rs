//! Experiments: numbers that carry n, a 95 % interval, the seed and the settings that made them.

mod attribution;
mod change;
pub mod checkpoint;
mod compare;
mod condition;
mod curve;
mod evaluation;
mod example;
mod explanation;
mod frequency;
mod masking;
mod nudge;
mod picture;
mod response;
mod robustness;
mod run;
mod saved;
mod smoothness;
mod statistics;
mod theory;
mod transfer;
mod triplet;
mod verdicts;

pub use attribution::{Survey, SurveyReport, SurveyRow, Surveying, compare_surveys, randomised};
pub use change::Change;
pub use compare::{Comparison, Row, Verdict, compare};
pub use condition::{Condition, Hint};
pub use curve::{Point, curve, curve_plan};
pub use evaluation::{Evaluation, Outcomes, Report};
pub use example::{Attacked, Example, example};
pub use explanation::{Class, Explained, Explanation, Shift, View, explain};
pub use masking::{Check, Light, checks, masking_plan};
pub use nudge::{Answer, Nudge, Rates, nudge, nudge_rates};
pub use picture::Picture;
pub(crate) use response::NO_GRADIENT;
pub use response::{MATES, Outcome, Reference, Responding, Response, ResponseReport};
pub use robustness::{Plan, Robustness, RobustnessReport, Source, Trial, TrialReport};
pub use run::Run;
pub use saved::{Chosen, OwnSet, SavedLane, SavedRun};
pub use smoothness::{MOVE, Noisy, OffKinks, SIGMAS, STEPS, Smoothing, Smoothness, SmoothnessReport, TINY_SIGMA};
pub use statistics::{
    Column, Estimate, FEWEST, Gap, Quantity, average, mean, mean_difference, paired_difference, proportion, quotient,
    ratio, ratio_difference, share, share_difference,
};
pub use theory::{Aside, SmoothnessComparison, compare_smoothness};
pub use transfer::{All, Mode, Moved, Shots, Transfer, TransferReport, Transferring, compare_transfers};
pub use triplet::{Triplet, Triplets, triplets};
pub use verdicts::{Verdicts, compare_responses};
/// What the measures of a study share with the reports.
#[cfg(not(target_family = "wasm"))]
pub(crate) use {
    attribution::gap,
    smoothness::{FLAT, STILL},
    verdicts::farther,
};
