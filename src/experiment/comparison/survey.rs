//! Two surveys of saliency side by side.

use crate::error::{Code, Error, Result};
use crate::experiment::{Gap, Quantity, SurveyReport, mean, mean_difference, share, share_difference};
use crate::saliency::metric::{Metric, Reading};
use crate::seed::Stream;
use serde::Serialize;

/// One measure of both models.
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

/// Why an image has no value of a measure. Whether a map is 0 or overflows is not kept, so its image is left out.
pub(crate) fn gap(measure: Metric) -> Gap<'static> {
    Gap::LeftOut(match measure {
        Metric::RankCorrelation | Metric::Randomisation => {
            "on every picture a map is the same everywhere, or overflows"
        }
        Metric::Cosine => "on every picture a map is 0, or overflows",
        Metric::TopOverlap | Metric::Gini | Metric::Complexity | Metric::Sensitivity => "all maps are 0, or overflow",
        Metric::Insertion | Metric::Deletion | Metric::Pointing => "every map is the same everywhere, or overflows",
        Metric::InsertionMatched | Metric::DeletionMatched => "no order of pixels, or no temperature will do",
        Metric::Mass => "no map has anything for the class",
    })
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
    // The same resamples for all, so that equal models have equal intervals.
    let rng = || plain.survey.seed.rng(Stream::Bootstrap, 0);
    let rows = plain.values.iter().zip(&continuity.values).map(|((measure, p), (_, c))| {
        let choice = Metric::CHOICES.iter().find(|choice| choice.id == measure.id()).expect("a measure is a choice");
        let (p, c) = (&p[..n], &c[..n]);
        let gap = gap(*measure);
        // Ten hits of ten are no certainty, but every resample of them is the same.
        let [plain, continuity, difference] = if *measure == Metric::Pointing {
            let hits = |values: &[Option<f32>]| values.iter().map(|value| Some((*value)? > 0.5)).collect::<Vec<_>>();
            [share(&hits(p), gap), share(&hits(c), gap), share_difference(&hits(p), &hits(c), gap)]
        } else {
            [mean(p, gap, &mut rng()), mean(c, gap, &mut rng()), mean_difference(p, c, gap, &mut rng())]
        };
        let (label, help, reading) = (choice.label, choice.help, measure.reading());
        SurveyRow { measure: *measure, label, help, reading, plain, continuity, difference }
    });
    Ok(rows.collect())
}
