//! Experiments: numbers that carry n, a 95 % interval, the seed and the settings that made them.

mod compare;
mod evaluation;
mod nudge;
mod statistics;

pub use compare::{Comparison, Row, compare};
pub use evaluation::{Evaluation, Outcomes, Report};
pub use nudge::{Answer, Nudge, Rates, nudge, nudge_rates};
pub use statistics::{Estimate, paired_difference, proportion, ratio, ratio_difference};
