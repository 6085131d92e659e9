//! What is claimed, and the rule by which it is decided.

use super::{Cell, Known, Plan, holm, invalid_data, invalid_plan, mean, p_value, paired};
use crate::choice::choices;
use crate::error::Result;
use crate::experiment::Estimate;
use crate::reading::{Better, Unit};
use serde::{Deserialize, Serialize};

/// A verdict needs a p-value below this, adjusted for the number of rows.
pub const LEVEL: f64 = 0.05;

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
    /// What was looked at besides, after the numbers were known. It decides nothing and gets no verdict.
    #[serde(rename = "exploration", default)]
    pub explorations: Vec<ClaimRow>,
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
    /// Unit, if not that of the numbers.
    #[serde(default)]
    pub unit: Unit,
    /// Which direction is claimed; `none` for that which is better of the numbers.
    #[serde(default)]
    pub better: Better,
    /// The plain lane.
    #[serde(default = "plain")]
    pub plain: String,
    /// The lane with the constraint.
    #[serde(default = "continuity")]
    pub continuity: String,
    /// Baselines at like cost; the best of them is shown, and decides nothing.
    #[serde(default)]
    pub baselines: Vec<String>,
    /// References that cost many times as much, such as adversarial training; they decide nothing either.
    #[serde(default)]
    pub references: Vec<String>,
    /// For what is claimed of plain models alone: the value that the plain lane is compared with, in place of the
    /// other.
    #[serde(default)]
    pub threshold: Option<f64>,
}

fn plain() -> String {
    "plain".to_owned()
}

fn continuity() -> String {
    "continuity".to_owned()
}

choices! {
    /// What a row or a claim came to.
    ///
    /// A row is decided when the paired t-test over the seeds has a p-value below [`LEVEL`], after Holm's adjustment
    /// for all rows of its claim, in which one without a p-value counts as 1: *supported* when the mean difference lies
    /// on the better side of 0, *contradicted* when it lies on the other. Otherwise it is *inconclusive*, which is
    /// neither. A row with a number that has no value, or with a difference that is the same in all seeds and not 0, is
    /// *undefined*.
    ///
    /// A claim is what all its rows are, those aside that are undefined: *supported*, *contradicted* or *inconclusive*.
    /// It is *mixed* where they are not all the same, and *undefined* where no other row is left.
    pub enum Verdict {
        Supported => "supported", "supported", "The numbers are as claimed.";
        Mixed => "mixed", "mixed", "Of a claim: its rows are not all the same.";
        Contradicted => "contradicted", "contradicted", "The numbers are the other way round.";
        Inconclusive => "inconclusive", "inconclusive", "It cannot be told.";
        Undefined => "undefined", "undefined", "There is nothing to be told from.";
    }
}

/// The numbers of a row, over the seeds. Where one has no value, `undefined` says why, and what follows from it is
/// missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimRowReport {
    /// The row.
    #[serde(flatten)]
    pub row: ClaimRow,
    /// The plain lane.
    pub plain_mean: Option<Estimate>,
    /// The lane with the constraint; nothing where there is a threshold.
    pub continuity_mean: Option<Estimate>,
    /// The constraint minus plain, paired by seed; plain minus the threshold, where there is one.
    pub difference: Option<Estimate>,
    /// Two-sided p-value of that difference.
    pub p: Option<f64>,
    /// The same, adjusted by Holm for all rows of the claim, also those without one; nothing for an exploration.
    pub p_holm: Option<f64>,
    /// Why there is no difference.
    pub undefined: Option<String>,
    /// The best baseline by its mean, and its mean.
    pub baseline: Option<(String, Estimate)>,
    /// The constraint minus that baseline, paired by seed.
    pub baseline_difference: Option<Estimate>,
    /// The references that cost more, with their means.
    pub reference_means: Vec<(String, Option<Estimate>)>,
    /// What it came to; nothing for an exploration.
    pub verdict: Option<Verdict>,
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
    /// What was looked at besides.
    pub explorations: Vec<ClaimRowReport>,
    /// What it came to.
    pub verdict: Verdict,
}

impl Claim {
    /// Checks that the rows are about groups, lanes and numbers of the plan, and reads their numbers as these are read
    /// where a row says nothing else.
    pub(super) fn settle(&mut self, plan: &Plan) -> Result<()> {
        let wrong = |what: String| Err(invalid_plan(format!("Claim {:?}: {what}", self.id)));
        if self.rows.is_empty() || plan.seeds.len() < 2 {
            return wrong("it needs rows, and two seeds at least, or there is no interval.".to_owned());
        }
        for row in self.rows.iter_mut().chain(&mut self.explorations) {
            let Some(group) = plan.groups.iter().find(|group| group.name == row.group) else {
                return wrong(format!("there is no group {:?}.", row.group));
            };
            let known = |lane: &String| group.lanes.iter().any(|known| known.name == *lane);
            let second = row.threshold.is_none().then_some(&row.continuity);
            let lanes = || row.baselines.iter().chain(&row.references).chain([&row.plain]).chain(second);
            if let Some(lane) = lanes().find(|lane| !known(lane)) {
                return wrong(format!("there is no lane {lane:?} in group {:?}.", row.group));
            }
            let mut read = Vec::new();
            for lane in group.lanes.iter().filter(|lane| lanes().any(|name| *name == lane.name)) {
                let known = plan.numbers(group, lane);
                for name in &row.numbers {
                    let Some(number) = known.iter().find(|number| number.name == *name) else {
                        let known: Vec<&str> = known.iter().map(|number| &number.name[..]).collect();
                        let (lane, known) = (&lane.name, known.join(", "));
                        return wrong(format!("lane {lane:?} has no number {name:?}; allowed are {known}."));
                    };
                    read.push((number.unit, number.better));
                }
            }
            let Some(&(unit, better)) = read.first() else {
                return wrong(format!("row {:?} names no number.", row.label));
            };
            if read.iter().any(|other| *other != (unit, better)) {
                return wrong(format!("the numbers of row {:?} are not read alike, so they have no mean.", row.label));
            }
            row.unit = if row.unit == Unit::default() { unit } else { row.unit };
            row.better = if row.better == Better::None { better } else { row.better };
            if row.better == Better::None {
                return wrong(format!("row {:?} has to say which direction is claimed.", row.label));
            }
        }
        Ok(())
    }

    /// The claim with the numbers of `cells`, in which each lane has all seeds, in the same order.
    ///
    /// # Errors
    /// `InvalidData` when a number is missing. One that was measured and has no value is a result.
    pub fn evaluate(&self, cells: &[Cell]) -> Result<ClaimReport> {
        let report = |rows: &[ClaimRow]| rows.iter().map(|row| row.report(cells)).collect::<Result<Vec<_>>>();
        let (mut rows, explorations) = (report(&self.rows)?, report(&self.explorations)?);
        // What could not be tested was to be tested, too: that it came to nothing makes no other row easier to believe.
        let adjusted = holm(&rows.iter().map(|row| row.p.unwrap_or(1.0)).collect::<Vec<f64>>());
        rows.iter_mut().zip(adjusted).for_each(|(row, p)| row.p_holm = row.p.and(Some(p)));
        rows.iter_mut().for_each(|row| row.verdict = Some(row.decide()));
        let verdict = Verdict::of_claim(&rows.iter().filter_map(|row| row.verdict).collect::<Vec<_>>());
        let (id, text, note) = (self.id.clone(), self.text.clone(), self.note.clone());
        Ok(ClaimReport { id, text, note, rows, explorations, verdict })
    }
}

impl Verdict {
    fn of_claim(rows: &[Self]) -> Self {
        let mut defined = rows.iter().copied().filter(|&row| row != Self::Undefined);
        let Some(first) = defined.next() else { return Self::Undefined };
        if defined.all(|row| row == first) { first } else { Self::Mixed }
    }
}

impl ClaimRowReport {
    fn decide(&self) -> Verdict {
        let (Some(difference), Some(p)) = (self.difference, self.p_holm) else { return Verdict::Undefined };
        match (difference.value > 0.0) == (self.row.better == Better::Higher) {
            _ if p >= LEVEL => Verdict::Inconclusive,
            true => Verdict::Supported,
            false => Verdict::Contradicted,
        }
    }
}

impl ClaimRow {
    /// The mean of the row's numbers in each cell of `lane`, or why a cell has none.
    fn values(&self, cells: &[Cell], lane: &str) -> Result<Known<Vec<f64>>> {
        let mut values = Vec::new();
        for cell in cells.iter().filter(|cell| cell.group == self.group && cell.lane == lane) {
            let mut sum = 0.0;
            let at = |why: &str| Ok(Err(format!("{lane}, seed {}: {why}", cell.settings.seed.0)));
            if let Some(failed) = &cell.failed {
                return at(failed);
            }
            for name in &self.numbers {
                let number = cell.numbers.get(name).ok_or_else(|| {
                    let known = cell.numbers.keys().cloned().collect::<Vec<_>>().join(", ");
                    let what = format!("{lane} has no number {name:?}; it has {known}.");
                    invalid_data(format!("{}, {}: {what}", self.group, self.label))
                })?;
                match number.value() {
                    Ok(value) => sum += value,
                    Err(why) => return at(&format!("{name} is undefined: {why}")),
                }
            }
            values.push(sum / self.numbers.len() as f64);
        }
        Ok(Ok(values))
    }

    fn report(&self, cells: &[Cell]) -> Result<ClaimRowReport> {
        let values = |lane: &String| self.values(cells, lane);
        let over_seeds = |values: &Known<Vec<f64>>| mean(values.as_ref().ok()?).ok();
        let plain = values(&self.plain)?;
        let compared = match self.threshold {
            Some(threshold) => plain.clone().map(|plain| vec![threshold; plain.len()]),
            None => values(&self.continuity)?,
        };
        let mut report = ClaimRowReport {
            row: self.clone(),
            plain_mean: over_seeds(&plain),
            continuity_mean: if self.threshold.is_none() { over_seeds(&compared) } else { None },
            difference: None,
            p: None,
            p_holm: None,
            undefined: None,
            baseline: None,
            baseline_difference: None,
            reference_means: Vec::new(),
            verdict: None,
        };
        for lane in &self.references {
            report.reference_means.push((lane.clone(), over_seeds(&values(lane)?)));
        }
        // A claim of the plain lane alone is of how far that lies from the threshold.
        let (from, to) = if self.threshold.is_some() { (compared, plain) } else { (plain, compared) };
        let (from, to) = match (from, to) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(why), _) | (_, Err(why)) => {
                report.undefined = Some(why);
                return Ok(report);
            }
        };
        match paired(&from, &to).and_then(|difference| Ok((difference, p_value(&from, &to)?))) {
            Ok((difference, p)) => (report.difference, report.p) = (Some(difference), Some(p)),
            Err(why) => report.undefined = Some(why),
        }
        let sign = if self.better == Better::Higher { 1.0 } else { -1.0 };
        let mut best: Option<(&String, Vec<f64>, Estimate)> = None;
        for lane in &self.baselines {
            let Ok(values) = values(lane)? else { continue };
            let Ok(mean) = mean(&values) else { continue };
            if best.as_ref().is_none_or(|(_, _, best)| sign * mean.value >= sign * best.value) {
                best = Some((lane, values, mean));
            }
        }
        if let Some((lane, values, mean)) = best {
            report.baseline = Some((lane.clone(), mean));
            report.baseline_difference = paired(&values, &to).ok();
        }
        Ok(report)
    }
}
