//! Two surveys of saliency side by side.

use super::Both;
use crate::error::{Code, Error, Result};
use crate::experiment::{Column, Quantity, SurveyReport};
use crate::saliency::metric::{Metric, Reading};
use serde::Serialize;

/// One measure of both models.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SurveyRow {
    /// The measure.
    pub measure: Metric,
    /// Its name.
    pub label: &'static str,
    /// What it says.
    pub help: &'static str,
    /// How to read it.
    pub reading: Reading,
    /// The plain model: mean over the images, by bootstrap; of yes and no, the proportion.
    pub plain: Quantity,
    /// The model with the constraint.
    pub continuity: Quantity,
    /// `continuity − plain`, paired over the images that have a value on both sides.
    pub difference: Quantity,
}

/// Both surveys side by side, over the images that both have done.
///
/// # Errors
/// `InvalidSetting` when they are not the same survey, or have no image in common yet.
pub fn compare_surveys(plain: &SurveyReport, continuity: &SurveyReport) -> Result<Vec<SurveyRow>> {
    let n = plain.images.len().min(continuity.images.len());
    let sound = |report: &SurveyReport| report.values.iter().all(|(_, values)| values.len() == report.images.len());
    let same = plain.survey == continuity.survey
        && n > 0
        && plain.images[..n] == continuity.images[..n]
        && plain.values.len() == continuity.values.len()
        && plain.values.iter().zip(&continuity.values).all(|(p, c)| p.0 == c.0)
        && sound(plain)
        && sound(continuity);
    if !same {
        return Err(Error::new(Code::InvalidSetting, "The two surveys are not of the same images, method and change."));
    }
    let both = Both { plain, continuity, images: n, seed: plain.survey.seed };
    let row = |&(measure, _): &(Metric, Column)| {
        let [plain, continuity, difference] = both.quantities(&SurveyReport::metric(measure), measure)?;
        let (label, help, reading) = (measure.label(), measure.help(), measure.reading());
        Some(SurveyRow { measure, label, help, reading, plain, continuity, difference })
    };
    Ok(plain.values.iter().filter_map(row).collect())
}
