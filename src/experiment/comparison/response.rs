//! The responses of two models side by side.

use super::{Row, row};
use crate::error::{Code, Error};
use crate::experiment::statistics::finite;
use crate::experiment::{
    Column, Estimate, Gap, NO_GRADIENT, Outcome, Quantity, Reference, ResponseReport, mean, mean_difference,
    paired_difference, proportion, quotient, ratio, ratio_difference, share, share_difference,
};
use crate::seed::Stream;
use serde::Serialize;

/// Why a distance in units of that to an image of another class has no value.
const NO_OTHER: &str = "images of other classes are at no distance";
/// Why a distance in units of that in pixels has no value.
const UNMOVED: &str = "the change moves no pixel";

/// The numbers of one condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConditionComparison {
    /// The condition's name.
    pub label: String,
    /// Accuracy, flips, violations, distances.
    pub rows: Vec<Row>,
    /// Where colours mislead, for both models: `confusion[d][k]` pictures in the colour of digit d were taken for k.
    pub confusion: Option<[Vec<Vec<usize>>; 2]>,
}

/// Both models under each condition that both have finished, with distances at layer `layer` of
/// [`ResponseReport::layers`]; first a part without a condition.
///
/// # Errors
/// `InvalidSetting` for reports of different questions, damaged ones, or a layer that does not exist.
pub fn compare_responses(
    plain: &ResponseReport,
    continuity: &ResponseReport,
    layer: usize,
) -> crate::error::Result<Vec<ConditionComparison>> {
    let n = plain.images.len();
    let sound = |report: &ResponseReport| {
        let whole = |reference: &Reference| {
            [&reference.same, &reference.nearest, &reference.other].iter().all(|values| values.len() == n)
                && reference.nearest_index.len() == n
        };
        report.clean.len() == n
            && report.same_class.len() == n
            && layer < report.references.len()
            && whole(&report.input)
            && report.references.iter().all(whole)
            && matches!(report.outside.len(), k if k == 0 || k == n)
            && report.labels.len() == n
            && report.layers.len() == report.references.len()
            && report.outcomes.iter().all(|outcome| {
                outcome.predicted.len() == n
                    && outcome.hinted.len() == n
                    && outcome.input.len() == n
                    && outcome.near.len() == report.layers.len()
                    && outcome.near.iter().all(|near| near.len() == n)
            })
    };
    let same = plain.asked == continuity.asked
        && plain.images == continuity.images
        && plain.labels == continuity.labels
        && plain.outside.len() == continuity.outside.len();
    if !(same && n > 0 && sound(plain) && sound(continuity)) {
        return Err(Error::new(Code::InvalidSetting, "The two results are not answers to the same question."));
    }
    let both = Both { plain, continuity, layer };
    let mut parts = vec![ConditionComparison { label: "as it is".to_owned(), rows: both.as_it_is(), confusion: None }];
    let finished = plain.outcomes.len().min(continuity.outcomes.len());
    for at in 0..finished {
        let label = plain.outcomes[at].condition.label();
        parts.push(ConditionComparison { label, rows: both.under(at), confusion: both.confusion(at) });
    }
    Ok(parts)
}

struct Both<'a> {
    plain: &'a ResponseReport,
    continuity: &'a ResponseReport,
    layer: usize,
}

impl Both<'_> {
    fn share(&self, id: &str, label: &str, help: &str, better: &str, of: impl Fn(&ResponseReport) -> Vec<bool>) -> Row {
        let (p, c) = (of(self.plain), of(self.continuity));
        let difference = paired_difference(&p, &c);
        row(id, label.into(), help.into(), "%", better, proportion(&p), proportion(&c), difference)
    }

    /// How often A′ is farther from A than `far` says.
    fn violation(&self, at: usize, id: &str, label: &str, help: &str, far: fn(&Reference) -> &Column) -> Row {
        let above = |report: &ResponseReport| -> Vec<Option<bool>> {
            farther(&report.outcomes[at].near[self.layer], far(&report.references[self.layer]))
        };
        let (p, c) = (above(self.plain), above(self.continuity));
        let difference = share_difference(&p, &c, Gap::Overflow);
        let (plain, continuity) = (share(&p, Gap::Overflow), share(&c, Gap::Overflow));
        row(id, label.into(), help.into(), "%", "lower", plain, continuity, difference)
    }

    /// `Σ near / Σ far`; `zero` is why that may be a division by 0.
    fn quotient<'a>(
        &'a self,
        id: &str,
        label: &str,
        help: &str,
        zero: &str,
        of: impl Fn(&'a ResponseReport) -> (&'a [Option<f32>], &'a [Option<f32>]),
    ) -> Row {
        let rng = || self.plain.asked.seed.rng(Stream::Bootstrap, 0);
        let (p, c) = (of(self.plain), of(self.continuity));
        let (plain, continuity) = (ratio(p.0, p.1, zero, &mut rng()), ratio(c.0, c.1, zero, &mut rng()));
        let difference = ratio_difference(p, c, zero, &mut rng());
        row(id, label.into(), help.into(), "", "lower", plain, continuity, difference)
    }

    fn as_it_is(&self) -> Vec<Row> {
        let clean = |report: &ResponseReport| -> Vec<bool> {
            report.clean.iter().zip(&report.labels).map(|(a, b)| *a == Some(*b)).collect()
        };
        let mut rows = vec![self.share("accuracy", "Accuracy", "Test images classified correctly.", "higher", clean)];
        if !self.plain.outside.is_empty() {
            let rng = || self.plain.asked.seed.rng(Stream::Bootstrap, 0);
            let (p, c) = (self.plain.outside_or_overflow(), self.continuity.outside_or_overflow());
            let gap = NO_GRADIENT;
            rows.push(row(
                "outside",
                "Gradient outside the object".into(),
                "Share of the squared gradient of the true logit that lies on background.".into(),
                "",
                "lower",
                mean(&p, gap, &mut rng()),
                mean(&c, gap, &mut rng()),
                mean_difference(&p, &c, gap, &mut rng()),
            ));
        }
        rows
    }

    fn confusion(&self, at: usize) -> Option<[Vec<Vec<usize>>; 2]> {
        let count = |report: &ResponseReport| {
            let outcome = &report.outcomes[at];
            let mut counts = vec![vec![0; 10]; 10];
            for (hint, &predicted) in outcome.hinted.iter().zip(&outcome.predicted) {
                let cell = hint.zip(predicted);
                let cell = cell.and_then(|(hint, k)| counts.get_mut(usize::from(hint))?.get_mut(usize::from(k)));
                cell.into_iter().for_each(|count| *count += 1);
            }
            counts
        };
        let misled = self.plain.outcomes[at].hinted.iter().any(Option::is_some);
        misled.then(|| [count(self.plain), count(self.continuity)])
    }

    fn under(&self, at: usize) -> Vec<Row> {
        let layer = self.layer;
        let outcome = |report: &ResponseReport| -> Outcome { report.outcomes[at].clone() };
        let mut rows = vec![
            self.share("accuracy", "Accuracy", "Changed images classified correctly.", "higher", |report| {
                outcome(report).predicted.iter().zip(&report.labels).map(|(a, b)| *a == Some(*b)).collect()
            }),
            self.share("flip", "Flip rate", "The change alters the predicted class.", "lower", |report| {
                outcome(report).predicted.iter().zip(&report.clean).map(|(a, b)| a != b || a.is_none()).collect()
            }),
            self.violation(
                at,
                "violation-random",
                "Farther than a class-mate",
                "A′ is farther from A than a random image of the same class is: 0 is continuous, 50 % is as large as a \
                 swap.",
                |reference| &reference.same,
            ),
            self.violation(
                at,
                "violation-nearest",
                "Farther than the nearest of 10",
                "A′ is farther from A than the nearest of ten images of the same class: the claim of the paper’s \
                 figure 1, with its search made fair.",
                |reference| &reference.nearest,
            ),
            self.quotient(
                "ds-same",
                "DS over class-mates",
                "Mean distance A to A′ over that to an image of the same class.",
                "images of the same class are at no distance",
                |report| (&report.outcomes[at].near[layer], &report.references[layer].same),
            ),
            self.quotient(
                "ds-other",
                "DS over other classes",
                "Mean distance A to A′ over that to an image of another class: how much of a change of meaning the \
                 change is worth. A constant network gains nothing here.",
                NO_OTHER,
                |report| (&report.outcomes[at].near[layer], &report.references[layer].other),
            ),
            self.gain(at),
        ];
        if self.plain.outcomes[at].hinted.iter().any(Option::is_some) {
            rows.push(self.share(
                "follows",
                "Follows the colour",
                "The predicted digit is the one whose colour the image has.",
                "lower",
                |report| {
                    let outcome = outcome(report);
                    outcome.predicted.iter().zip(&outcome.hinted).map(|(p, hint)| p.is_some() && p == hint).collect()
                },
            ));
        }
        rows
    }

    /// Distances of outputs and of pixels have no common unit: both in units of a change of class.
    fn gain(&self, at: usize) -> Row {
        let (layer, n) = (self.layer, self.plain.images.len());
        let rng = || self.plain.asked.seed.rng(Stream::Bootstrap, 0);
        // Of a constant network there is no such unit.
        let unit = |report: &ResponseReport| {
            quotient(&report.input.other, &report.references[layer].other, NO_OTHER).map(|(unit, _)| unit)
        };
        let one = |report: &ResponseReport| -> Quantity {
            let outcome = &report.outcomes[at];
            let scaled = |unit: f64| match ratio(&outcome.near[layer], &outcome.input, UNMOVED, &mut rng()) {
                Quantity::Defined(Estimate { value, low, high, n }) => {
                    Estimate { value: value * unit, low: low * unit, high: high * unit, n }.into()
                }
                none => none,
            };
            unit(report).map_or_else(|why| Quantity::none(why, n), scaled)
        };
        let near = |report: &ResponseReport| -> Result<Column, String> {
            let unit = unit(report)?;
            let scaled = |near: &Option<f32>| finite((*near)? * unit as f32);
            Ok(report.outcomes[at].near[layer].iter().map(scaled).collect())
        };
        let (p, c) = (self.plain, self.continuity);
        let difference = near(p).and_then(|plain| Ok((plain, near(c)?))).map(|(plain, continuity)| {
            let (p, c) = (&p.outcomes[at].input, &c.outcomes[at].input);
            ratio_difference((&plain, p), (&continuity, c), UNMOVED, &mut rng())
        });
        row(
            "gain",
            "Output over input".into(),
            "Mean distance of the outputs over that of the pixels, each in units of that to an image of another class: \
             above 1 the network magnifies the change."
                .into(),
            "",
            "lower",
            one(p),
            one(c),
            difference.unwrap_or_else(|why| Quantity::none(why, n)),
        )
    }
}

/// Whether A′ is farther from A than the other image is; nothing where a distance overflows.
pub(crate) fn farther(near: &[Option<f32>], far: &[Option<f32>]) -> Vec<Option<bool>> {
    near.iter().zip(far).map(|(near, far)| Some((*near)? > (*far)?)).collect()
}
