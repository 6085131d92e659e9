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
#[cfg(not(target_family = "wasm"))]
pub(crate) use {response::farther, survey::gap};

use super::{Estimate, Quantity};
use serde::{Deserialize, Serialize};

/// Which model is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Winner {
    /// The plain one.
    Plain,
    /// The one with the constraint.
    Continuity,
    /// The interval of the difference holds 0.
    Unclear,
    /// The difference does not exist, so neither wins.
    Undefined,
}

impl Winner {
    /// What a difference `continuity − plain` says; `better` is `higher` or `lower`.
    fn of(difference: &Quantity, better: &str) -> Self {
        let Some(Estimate { low, high, .. }) = difference.estimate() else { return Self::Undefined };
        let higher = better == "higher";
        match () {
            () if low > 0.0 => {
                if higher {
                    Self::Continuity
                } else {
                    Self::Plain
                }
            }
            () if high < 0.0 => {
                if higher {
                    Self::Plain
                } else {
                    Self::Continuity
                }
            }
            () => Self::Unclear,
        }
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Stable identifier.
    pub id: String,
    /// Name.
    pub label: String,
    /// What it measures.
    pub help: String,
    /// `%` for shares (values are 0..1), empty for plain numbers.
    pub unit: String,
    /// Which direction is better: `higher` or `lower`.
    pub better: String,
    /// The plain model.
    pub plain: Quantity,
    /// The model with the constraint.
    pub continuity: Quantity,
    /// `continuity − plain`, paired over the images that have a value on both sides.
    pub difference: Quantity,
    /// Which model is better.
    pub verdict: Winner,
}

#[expect(clippy::too_many_arguments, reason = "a table row has these columns")]
fn row(
    id: &str,
    label: String,
    help: String,
    unit: &str,
    better: &str,
    plain: Quantity,
    continuity: Quantity,
    difference: Quantity,
) -> Row {
    let verdict = Winner::of(&difference, better);
    Row { id: id.into(), label, help, unit: unit.into(), better: better.into(), plain, continuity, difference, verdict }
}
