//! What withstands attacks.

use super::{Metric, Values};
use crate::experiment::RobustnessReport;
use crate::reading::Better::Higher;
use crate::reading::Unit::Percent;

impl RobustnessReport {
    /// Of all trials together.
    pub const WORST_CASE: Metric<Self> = Metric::new(
        "worst-case",
        "Worst case",
        Percent,
        Higher,
        "Still correct after every attack: the worst of them for each image.",
        |report, ()| Some(Values::share(&report.worst_case())),
    );
    /// Of one trial, by its place.
    pub const TRIAL: Metric<Self, usize> = Metric::<Self, usize>::new(
        "trial",
        "Robust accuracy",
        Percent,
        Higher,
        "Still correct after {}.",
        |report, at| Some(Values::share(&report.trials.get(at)?.robust)),
    )
    .given(|report, at| report.trials.get(at).map_or_else(String::new, |trial| trial.trial.label()));
    /// Without an attack.
    pub const CLEAN: Metric<Self> =
        Metric::new("clean", "Clean accuracy", Percent, Higher, "Test images classified correctly.", |report, ()| {
            Some(Values::share(&report.clean))
        });
}
