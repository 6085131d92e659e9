//! What is claimed, and the rule by which it is judged, fixed before any number is known.

use super::{Cell, Plan, mean, paired};
use crate::error::{Code, Error, Result};
use crate::experiment::Estimate;
use serde::{Deserialize, Serialize};

/// A claim with the rows that decide it; see [`Verdict`] for the rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Its name.
    pub id: String,
    /// What is claimed, in a sentence.
    pub text: String,
    /// What to keep in mind.
    #[serde(default)]
    pub note: String,
    /// The rows.
    #[serde(rename = "row")]
    pub rows: Vec<ClaimRow>,
}

/// One number of two lanes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimRow {
    /// Its name in the table.
    pub label: String,
    /// The group.
    pub group: String,
    /// Names of numbers; the row is their mean.
    pub numbers: Vec<String>,
    /// `%` for shares (values are 0..1), empty for plain numbers.
    #[serde(default)]
    pub unit: String,
    /// Which direction is better: `higher` or `lower`.
    pub better: Better,
    /// The plain lane.
    #[serde(default = "plain")]
    pub plain: String,
    /// The lane with the constraint.
    #[serde(default = "continuity")]
    pub continuity: String,
    /// Its rivals at like cost; the best of them is shown, and decides nothing.
    #[serde(default)]
    pub rivals: Vec<String>,
    /// A reference that costs many times as much, such as adversarial training; decides nothing either.
    #[serde(default)]
    pub upper: Option<String>,
    /// For what is claimed of plain models alone: the value that the plain lane is compared with, in place of the other.
    #[serde(default)]
    pub threshold: Option<f64>,
}

fn plain() -> String {
    "plain".to_owned()
}

fn continuity() -> String {
    "continuity".to_owned()
}

/// Which direction is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// What a row or a claim came to. A row: *supported* when the 95 % interval of the difference, paired over the seeds, lies
/// on the better side of 0; *not supported* when it lies on the other; *mixed* when it holds 0. A claim: *supported* when
/// all its rows are, *not supported* when none is, *mixed* otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The numbers are as claimed.
    Supported,
    /// Some are, or it cannot be told.
    Mixed,
    /// They are not.
    NotSupported,
}

/// The numbers of a row, over the seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimRowReport {
    /// The row.
    #[serde(flatten)]
    pub row: ClaimRow,
    /// The plain lane.
    pub plain_mean: Estimate,
    /// The lane with the constraint; the threshold, where there is one.
    pub continuity_mean: Estimate,
    /// The second minus the first, paired by seed.
    pub difference: Estimate,
    /// The best rival by its mean, and its mean.
    pub rival: Option<(String, Estimate)>,
    /// The constraint minus that rival, paired by seed.
    pub rival_difference: Option<Estimate>,
    /// The reference that costs more.
    pub upper_mean: Option<Estimate>,
    /// What it came to.
    pub verdict: Verdict,
}

/// A claim with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimReport {
    /// Its name.
    pub id: String,
    /// What is claimed.
    pub text: String,
    /// What to keep in mind.
    pub note: String,
    /// The rows.
    pub rows: Vec<ClaimRowReport>,
    /// What it came to.
    pub verdict: Verdict,
}

impl Claim {
    /// Checks that the rows are about groups and lanes of the plan.
    pub(super) fn check(&self, plan: &Plan) -> Result<()> {
        let wrong = |what: String| Err(Error::new(Code::InvalidSetting, format!("Claim {:?}: {what}", self.id)));
        if self.rows.is_empty() || plan.seeds.len() < 2 {
            return wrong("it needs rows, and two seeds at least, or there is no interval.".to_owned());
        }
        for row in &self.rows {
            let Some(group) = plan.groups.iter().find(|group| group.name == row.group) else {
                return wrong(format!("there is no group {:?}.", row.group));
            };
            let known = |lane: &String| group.lanes.iter().any(|known| known.name == *lane);
            let second = row.threshold.is_none().then_some(&row.continuity);
            let mut lanes = row.rivals.iter().chain(&row.upper).chain([&row.plain]).chain(second);
            if let Some(lane) = lanes.find(|lane| !known(lane)) {
                return wrong(format!("there is no lane {lane:?} in group {:?}.", row.group));
            }
            if row.numbers.is_empty() {
                return wrong(format!("row {:?} names no number.", row.label));
            }
        }
        Ok(())
    }

    /// The claim with the numbers of `cells`, in which each lane has all seeds, in the same order.
    ///
    /// # Errors
    /// `InvalidData` when a number is missing.
    pub fn judge(&self, cells: &[Cell]) -> Result<ClaimReport> {
        let rows: Vec<ClaimRowReport> = self.rows.iter().map(|row| row.judge(cells)).collect::<Result<_>>()?;
        let supported = rows.iter().filter(|row| row.verdict == Verdict::Supported).count();
        let verdict = match supported {
            0 => Verdict::NotSupported,
            all if all == rows.len() => Verdict::Supported,
            _ => Verdict::Mixed,
        };
        Ok(ClaimReport { id: self.id.clone(), text: self.text.clone(), note: self.note.clone(), rows, verdict })
    }
}

impl ClaimRow {
    fn judge(&self, cells: &[Cell]) -> Result<ClaimRowReport> {
        let missing = |what: &str| Error::new(Code::InvalidData, format!("{}, {}: {what}", self.group, self.label));
        let values = |lane: &str| -> Result<Vec<f64>> {
            let of = |cell: &Cell| {
                let numbers = self.numbers.iter().map(|name| {
                    let known = || cell.numbers.keys().cloned().collect::<Vec<_>>().join(", ");
                    let number = cell.numbers.get(name).map(|number| number.value);
                    number.ok_or_else(|| missing(&format!("{lane} has no number {name:?}; it has {}.", known())))
                });
                Ok(numbers.collect::<Result<Vec<f64>>>()?.iter().sum::<f64>() / self.numbers.len() as f64)
            };
            cells.iter().filter(|cell| cell.group == self.group && cell.lane == lane).map(of).collect()
        };
        let few = || missing("fewer than two seeds have no interval.");
        let over_seeds = |values: &[f64]| mean(values).ok_or_else(few);
        let plain = values(&self.plain)?;
        let second = match self.threshold {
            Some(threshold) => vec![threshold; plain.len()],
            None => values(&self.continuity)?,
        };
        let difference = match self.threshold {
            // The claim is of the plain lane: it is what must lie on the better side.
            Some(_) => paired(&second, &plain).ok_or_else(few)?,
            None => paired(&plain, &second).ok_or_else(few)?,
        };
        let sign = if self.better == Better::Higher { 1.0 } else { -1.0 };
        let rivals = self.rivals.iter().map(|lane| Ok((lane, values(lane)?))).collect::<Result<Vec<_>>>()?;
        let best = rivals.iter().max_by(|(_, a), (_, b)| {
            let total = |values: &[f64]| sign * values.iter().sum::<f64>();
            total(a).total_cmp(&total(b))
        });
        let verdict = match () {
            () if (sign * difference.low).min(sign * difference.high) > 0.0 => Verdict::Supported,
            () if (sign * difference.low).max(sign * difference.high) < 0.0 => Verdict::NotSupported,
            () => Verdict::Mixed,
        };
        Ok(ClaimRowReport {
            row: self.clone(),
            plain_mean: over_seeds(&plain)?,
            continuity_mean: over_seeds(&second)?,
            difference,
            rival: best.map(|(lane, values)| Ok(((*lane).clone(), over_seeds(values)?))).transpose()?,
            rival_difference: best.and_then(|(_, values)| paired(values, &second)),
            upper_mean: self.upper.as_ref().map(|lane| over_seeds(&values(lane)?)).transpose()?,
            verdict,
        })
    }
}
