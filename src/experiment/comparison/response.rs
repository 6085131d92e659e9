//! The responses of two models side by side.

use super::{Both, Row};
use crate::error::{Code, Error};
use crate::experiment::{Metric, Outcome, Reference, ResponseReport, Under};
use serde::Serialize;

/// The numbers of one condition.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
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
    let both = Both { plain, continuity, images: n, seed: plain.asked.seed };
    let rows = |metrics: &[Metric<ResponseReport, Under>], at| -> Vec<Row> {
        metrics.iter().filter_map(|metric| both.row(metric, at)).collect()
    };
    let clean = rows(ResponseReport::CLEAN, Under { condition: 0, layer });
    let label = ResponseReport::AS_IT_IS.to_owned();
    let mut parts = vec![ConditionComparison { label, rows: clean, confusion: None }];
    for (condition, (p, c)) in plain.outcomes.iter().zip(&continuity.outcomes).enumerate() {
        parts.push(ConditionComparison {
            label: p.condition.label(),
            rows: rows(ResponseReport::CHANGED, Under { condition, layer }),
            confusion: p.hinted.iter().any(Option::is_some).then(|| [confusion(p), confusion(c)]),
        });
    }
    Ok(parts)
}

/// How many pictures in the colour of digit d were taken for k.
fn confusion(outcome: &Outcome) -> Vec<Vec<usize>> {
    let mut counts = vec![vec![0; 10]; 10];
    for (hint, &predicted) in outcome.hinted.iter().zip(&outcome.predicted) {
        let cell = hint.zip(predicted);
        let cell = cell.and_then(|(hint, k)| counts.get_mut(usize::from(hint))?.get_mut(usize::from(k)));
        cell.into_iter().for_each(|count| *count += 1);
    }
    counts
}
