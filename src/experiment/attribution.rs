//! Saliency over many images: how far maps move, how concentrated they are, and whether the model uses what they show.
//!
//! A smoother model wins every measure of stability, so insertion and deletion always stand beside them.

use super::explanation::TOP;
use super::{Change, Estimate, Picture, mean, mean_difference, paired_difference, proportion};
use crate::attack::Victim;
use crate::data::Data;
use crate::error::{Code, Error, Result};
use crate::model::Network;
use crate::saliency::Method;
use crate::saliency::metric::{self, Measure, Reading};
use crate::seed::{Seed, Stream};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Parts in which pixels are inserted and deleted.
const STEPS: usize = 28;
/// Draws for max-sensitivity, and how far each may move a pixel.
const DRAWS: usize = 4;
const RADIUS: f32 = 0.02;

/// What is asked for: one method on one model over many images, for the true class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// The method.
    pub method: Method,
    /// Between which two images a map moves.
    pub change: Change,
    /// Number of test images, chosen by the seed.
    pub images: usize,
    /// Chooses the images and everything random.
    pub seed: Seed,
}

/// The values of each measure, one an image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurveyReport {
    /// What was asked for.
    pub survey: Survey,
    /// The test images done, by index.
    pub images: Vec<usize>,
    /// Measure and its values in the order of `images`; an image may have none.
    pub values: Vec<(Measure, Vec<Option<f32>>)>,
}

/// A survey in progress: one image a unit. Dropping it cancels.
pub struct Surveying {
    data: Rc<Data>,
    survey: Survey,
    victim: Victim,
    random: Victim,
    images: Vec<usize>,
    report: SurveyReport,
}

impl Surveying {
    /// Surveys `victim`; `random` is the same network with random parameters, for the sanity check.
    ///
    /// # Errors
    /// `NotReady` without test images, `InvalidSetting`, `WeightsMismatch`.
    pub fn new(data: Rc<Data>, survey: Survey, victim: Victim, random: Victim) -> Result<Self> {
        let test = &data.test;
        if test.is_empty() {
            return Err(Error::new(Code::NotReady, "The test images are not loaded."));
        }
        survey.method.validate(test.height, test.width)?;
        victim.network().config().check_images(test)?;
        let mut images = survey.seed.rng(Stream::Evaluation, 0).permutation(test.len());
        images.truncate(survey.images.max(1));
        // Where the object is unknown, nothing can point at it.
        let located = data.object(0).is_some();
        let values = Measure::ALL
            .iter()
            .filter(|measure| located || !matches!(measure, Measure::Pointing | Measure::Mass))
            .map(|&measure| (measure, Vec::new()))
            .collect();
        let report = SurveyReport { survey: survey.clone(), images: Vec::new(), values };
        Ok(Self { data, survey, victim, random, images, report })
    }

    /// Images done and in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.report.images.len(), self.images.len())
    }

    /// What is known so far.
    pub fn report(&self) -> &SurveyReport {
        &self.report
    }

    /// Does one image.
    ///
    /// # Errors
    /// As [`Method::explain`] and [`Change::apply`].
    pub async fn advance(&mut self) -> Result<()> {
        let Some(&index) = self.images.get(self.report.images.len()) else { return Ok(()) };
        let Survey { method, seed, .. } = self.survey;
        let batch = Picture::batch(&self.data, &[self.victim.network()], index)?;
        let x = &batch.images;
        let [_, c, h, w] = x.dims();
        let class = usize::from(batch.labels[0]);
        let samples = || seed.rng(Stream::Saliency, index as u64);
        let y = self.survey.change.apply(&self.victim, &batch, index, seed).await?;
        let before = method.explain(&self.victim, x, class, &mut samples()).await?.values;
        let after = method.explain(&self.victim, &y, class, &mut samples()).await?.values;
        let random = method.explain(&self.random, x, class, &mut samples()).await?.values;
        let [insertion, deletion] = metric::faithfulness(&self.victim, x, class, &before, STEPS).await?;
        // What nothing is divided by: a map that is 0 everywhere has no sensitivity.
        let length = before.iter().map(|v| v * v).sum::<f32>().sqrt();
        let mut sensitivity = (length > 0.0).then_some(0f32);
        // A stream of its own: draws of the method must not depend on it.
        let mut rng = seed.rng(Stream::Saliency, (1 << 32) | index as u64);
        for _ in 0..DRAWS {
            let noise = rng.fill(c * h * w, |rng| rng.uniform(-RADIUS, RADIUS));
            let moved = (x.clone() + Tensor::from_data(TensorData::new(noise, x.dims()), &x.device())).clamp(0.0, 1.0);
            let map = method.explain(&self.victim, &moved, class, &mut samples()).await?.values;
            let change = map.iter().zip(&before).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
            sensitivity = sensitivity.map(|largest| largest.max(change / length));
        }
        let object = self.data.object(index).unwrap_or_default();
        for (measure, values) in &mut self.report.values {
            values.push(match measure {
                Measure::RankCorrelation => Some(metric::rank_correlation(&before, &after)),
                Measure::Cosine => Some(metric::cosine(&before, &after)),
                Measure::TopOverlap => Some(metric::top_overlap(&before, &after, TOP)),
                Measure::Gini => Some(metric::gini(&before)),
                Measure::Complexity => Some(metric::complexity(&before)),
                Measure::Insertion => Some(insertion),
                Measure::Deletion => Some(deletion),
                Measure::Sensitivity => sensitivity,
                Measure::Pointing => Some(f32::from(u8::from(metric::pointing(&before, &object)))),
                Measure::Mass => Some(metric::mass(&before, &object)),
                Measure::Randomisation => Some(metric::rank_correlation(&before, &random).abs()),
            });
        }
        self.report.images.push(index);
        Ok(())
    }
}

/// One measure of both models.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SurveyRow {
    /// The measure.
    pub measure: Measure,
    /// Its name.
    pub label: &'static str,
    /// What it says.
    pub help: &'static str,
    /// How to read it.
    pub reading: Reading,
    /// The plain model: mean over the images, by bootstrap; of yes and no, the proportion.
    pub plain: Estimate,
    /// The model with the constraint.
    pub continuity: Estimate,
    /// `continuity − plain`, paired over the images.
    pub difference: Estimate,
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
        let choice = Measure::CHOICES.iter().find(|choice| choice.id == measure.id()).expect("a measure is a choice");
        // Images that have a value on both sides.
        let both = p[..n].iter().zip(&c[..n]).filter_map(|(&p, &c)| p.zip(c));
        let (p, c): (Vec<f32>, Vec<f32>) = both.unzip();
        let (p, c) = (&p[..], &c[..]);
        // Ten hits of ten are no certainty, but every resample of them is the same.
        let (plain, continuity, difference) = if *measure == Measure::Pointing {
            let hits = |values: &[f32]| values.iter().map(|&value| value > 0.5).collect::<Vec<bool>>();
            (proportion(&hits(p)), proportion(&hits(c)), paired_difference(&hits(p), &hits(c)))
        } else {
            (mean(p, &mut rng()), mean(c, &mut rng()), mean_difference(p, c, &mut rng()))
        };
        let (label, help, reading) = (choice.label, choice.help, measure.reading());
        SurveyRow { measure: *measure, label, help, reading, plain, continuity, difference }
    });
    Ok(rows.collect())
}

/// A network like this one with random parameters.
pub fn randomised(network: &Network, seed: Seed) -> Victim {
    let weights = network.config().init(seed);
    let theta = Tensor::from_data(&weights.values[..], &network.device());
    Victim::new(|track| Network::new(&weights.config, theta.clone(), track))
}
