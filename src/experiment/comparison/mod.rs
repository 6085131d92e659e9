//! Comparisons: what reports of two models say side by side. The statistics engine does nothing else.

mod curve;
mod evaluation;
mod masking;
mod response;
mod saved;
mod smoothness;
mod survey;
mod transfer;

pub use curve::{Point, curve, curve_plan};
pub use evaluation::{Comparison, compare};
pub use masking::{Check, Status, checks, masking_plan};
pub use response::{ConditionComparison, compare_responses};
pub use saved::{Chosen, OwnSet, SavedLane, SavedRun};
pub use smoothness::{Aside, SmoothnessComparison, compare_smoothness};
pub use survey::{SurveyRow, compare_surveys};
pub use transfer::compare_transfers;

use super::{Estimate, Metric, Quantity, Values};
use crate::choice::choices;
use crate::reading::{Better, Unit};
use crate::seed::Seed;
use serde::{Deserialize, Serialize};

choices! {
    /// Which model is better.
    pub enum Winner called "Verdict" {
        Plain => "plain", "Plain", "The plain one.";
        Continuity => "continuity", "Continuity", "The one with the constraint.";
        Unclear => "unclear", "Too close to call",
            "The interval of the difference holds 0, or neither direction is better.";
        Undefined => "undefined", "Undefined", "The difference does not exist, so neither wins.";
    }
}

impl Winner {
    /// What a difference `continuity − plain` says.
    fn of(difference: &Quantity, better: Better) -> Self {
        let Some(Estimate { low, high, .. }) = difference.estimate() else { return Self::Undefined };
        match better {
            Better::Higher if low > 0.0 => Self::Continuity,
            Better::Higher if high < 0.0 => Self::Plain,
            Better::Lower if high < 0.0 => Self::Continuity,
            Better::Lower if low > 0.0 => Self::Plain,
            _ => Self::Unclear,
        }
    }
}

/// One line of the table.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Stable identifier.
    pub id: String,
    /// Name.
    pub label: String,
    /// What it measures.
    pub help: String,
    /// Unit.
    pub unit: Unit,
    /// Which direction is better.
    pub better: Better,
    /// The plain model.
    pub plain: Quantity,
    /// The model with the constraint.
    pub continuity: Quantity,
    /// `continuity − plain`, paired over the images that have a value on both sides.
    pub difference: Quantity,
    /// Which model is better.
    pub verdict: Winner,
}

/// Reports of both models on the same images, of which the first `images` are compared: the one way from a metric to
/// its numbers side by side.
struct Both<'a, R> {
    plain: &'a R,
    continuity: &'a R,
    images: usize,
    seed: Seed,
}

impl<R> Both<'_, R> {
    /// The values of both models; nothing where a report has none, or not of all images yet.
    fn values<At: Copy>(&self, metric: &Metric<R, At>, at: At) -> Option<[Values; 2]> {
        let of = |report: &R| metric.values(report, at)?.of_first(self.images);
        Some([of(self.plain)?, of(self.continuity)?])
    }

    /// The plain model, the other one, and how far that lies above it.
    fn quantities<At: Copy>(&self, metric: &Metric<R, At>, at: At) -> Option<[Quantity; 3]> {
        let [plain, continuity] = self.values(metric, at)?;
        let difference = continuity.difference(&plain, self.seed);
        Some([plain.quantity(self.seed), continuity.quantity(self.seed), difference])
    }

    /// The line of a table.
    fn row<At: Copy>(&self, metric: &Metric<R, At>, at: At) -> Option<Row> {
        let [plain, continuity, difference] = self.quantities(metric, at)?;
        let verdict = Winner::of(&difference, metric.better);
        let (label, help) = (metric.label(self.plain, at), metric.help(self.plain, at));
        let Metric { id, unit, better, .. } = *metric;
        Some(Row { id: id.to_owned(), label, help, unit, better, plain, continuity, difference, verdict })
    }
}
