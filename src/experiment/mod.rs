//! Experiments: numbers that carry n, a 95 % interval, the seed and the settings that made them.

mod attribution;
mod change;
mod compare;
mod curve;
mod evaluation;
mod example;
mod explanation;
mod masking;
mod nudge;
mod picture;
mod robustness;
mod statistics;

pub use attribution::{Survey, SurveyReport, SurveyRow, Surveying, compare_surveys, randomised};
pub use change::Change;
pub use compare::{Comparison, Row, compare};
pub use curve::{Point, curve, curve_plan};
pub use evaluation::{Evaluation, Outcomes, Report};
pub use example::{Attacked, Example, example};
pub use explanation::{Class, Explained, Explanation, Shift, View, explain};
pub use masking::{Check, Light, checks, masking_plan};
pub use nudge::{Answer, Nudge, Rates, nudge, nudge_rates};
pub use picture::Picture;
pub use robustness::{Plan, Robustness, RobustnessReport, Source, Trial, TrialReport};
pub use statistics::{Estimate, mean, mean_difference, paired_difference, proportion, ratio, ratio_difference};
