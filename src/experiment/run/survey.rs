//! Saliency over many images: how far maps move, how concentrated they are, and whether the model uses what they show.
//!
//! A map can stand still and say nothing, so insertion and deletion always stand beside the measures of stability. Both
//! are probabilities, and a model that is sure of less has lower ones wherever it looks: they are shown as they are,
//! and at the temperature that makes every model as sure as any other. What a map of 0 has no value for is left out:
//! see [`metric`] for what is undefined, and [`Quantity`](crate::experiment::Quantity) for what becomes of it.

use super::Run;
use super::checkpoint::{Columns, Resumable};
use crate::data::Data;
use crate::error::{Code, Error, Result};
use crate::experiment::picture::TOP;
use crate::experiment::{Change, Column, Picture};
use crate::model::{Classifier, Network};
use crate::saliency::Method;
use crate::saliency::metric::{self, Metric};
use crate::seed::{Seed, Stream};
use crate::tensor::read;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Parts in which pixels are inserted and deleted.
const STEPS: usize = 28;
/// Images from one report to the next.
const REPORTED: usize = 10;
/// Images in one forward pass for the temperature.
const CHUNK: usize = 100;
/// Draws for max-sensitivity, and how far each may move a pixel.
const DRAWS: usize = 4;
const RADIUS: f32 = 0.02;
/// How far rounding may take a value beyond the range of its measure.
const ROUNDING: f32 = 1e-4;

/// What is asked for: one method on one model over many images, for the true class.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
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
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurveyReport {
    /// What was asked for.
    pub survey: Survey,
    /// The test images done, by index.
    pub images: Vec<usize>,
    /// The [temperature](metric::temperature) of the measures at matched confidence, over all images of the survey;
    /// nothing when there is none, and before the first image is done.
    #[serde(default)]
    pub temperature: Option<f32>,
    /// Metric and its values in the order of `images`; of yes and no, 1 and 0.
    pub values: Vec<(Metric, Column)>,
}

/// A survey in progress: one image a unit.
pub struct Surveying {
    data: Rc<Data>,
    survey: Survey,
    classifier: Classifier,
    random: Classifier,
    images: Vec<usize>,
    report: SurveyReport,
}

impl Run for Surveying {
    type Report = SurveyReport;

    /// One image, of which every tenth and the last are worth a report. Errors are those of [`Method::attribute`] and
    /// [`Change::apply`].
    async fn advance(&mut self) -> Result<bool> {
        let Some(&index) = self.images.get(self.report.images.len()) else { return Ok(false) };
        if self.report.images.is_empty() {
            self.report.temperature = self.temperature().await?;
        }
        let Survey { method, seed, .. } = self.survey;
        let batch = Picture::batch(&self.data, &[self.classifier.network()], index)?;
        let x = &batch.images;
        let [_, c, h, w] = x.dims();
        let class = usize::from(batch.labels[0]);
        let samples = || seed.rng(Stream::Saliency, index as u64);
        let y = self.survey.change.apply(&self.classifier, &batch, index, seed).await?;
        let before = method.attribute(&self.classifier, x, class, &mut samples()).await?.values;
        let after = method.attribute(&self.classifier, &y, class, &mut samples()).await?.values;
        let random = method.attribute(&self.random, x, class, &mut samples()).await?.values;
        let temperatures: Vec<f32> = std::iter::once(1.0).chain(self.report.temperature).collect();
        let found = metric::faithfulness(&self.classifier, x, class, &before, STEPS, &temperatures).await?;
        let [raw, matched] = [0, 1].map(|at| found.get(at).copied().unwrap_or_default());
        let mut moves = Vec::with_capacity(DRAWS);
        // A stream of its own: draws of the method must not depend on it.
        let mut rng = seed.rng(Stream::Saliency, (1 << 32) | index as u64);
        for _ in 0..DRAWS {
            let noise = rng.fill(c * h * w, |rng| rng.uniform(-RADIUS, RADIUS));
            let moved = (x.clone() + Tensor::from_data(TensorData::new(noise, x.dims()), &x.device())).clamp(0.0, 1.0);
            let map = method.attribute(&self.classifier, &moved, class, &mut samples()).await?.values;
            moves.push(metric::relative_change(&before, &map));
        }
        let sensitivity = moves.into_iter().try_fold(0f32, |most, change| Some(most.max(change?)));
        let object = self.data.object(index).unwrap_or_default();
        for (measure, values) in &mut self.report.values {
            values.push(match measure {
                Metric::RankCorrelation => metric::rank_correlation(&before, &after),
                Metric::Cosine => metric::cosine(&before, &after),
                Metric::TopOverlap => metric::top_overlap(&before, &after, TOP),
                Metric::Gini => metric::gini(&before),
                Metric::Complexity => metric::complexity(&before),
                Metric::Insertion => raw[0],
                Metric::Deletion => raw[1],
                Metric::InsertionMatched => matched[0],
                Metric::DeletionMatched => matched[1],
                Metric::Sensitivity => sensitivity,
                Metric::Pointing => metric::pointing(&before, &object).map(|hit| f32::from(u8::from(hit))),
                Metric::Mass => metric::mass(&before, &object),
                Metric::Randomisation => metric::rank_correlation(&before, &random).map(f32::abs),
            });
        }
        self.report.images.push(index);
        let (done, all) = self.progress();
        Ok(done.is_multiple_of(REPORTED) || done == all)
    }

    fn progress(&self) -> (usize, usize) {
        (self.report.images.len(), self.images.len())
    }

    fn report(&self) -> &SurveyReport {
        &self.report
    }
}

impl Resumable for Surveying {
    fn columns(&mut self, columns: &mut Columns<'_>) {
        columns.column(&mut self.report.images);
        self.report.temperature = columns.value(self.report.temperature);
        self.report.values.iter_mut().for_each(|(_, values)| columns.column(values));
    }

    fn is_sound(&mut self) -> bool {
        let SurveyReport { images, values, temperature, .. } = &self.report;
        let within = |measure: &Metric, value: &f32| {
            let [least, most] = measure.reading().range;
            (least - ROUNDING..=most + ROUNDING).contains(value)
        };
        self.images.starts_with(images)
            && temperature.is_none_or(|temperature| temperature > 0.0 && !images.is_empty())
            && values.iter().all(|(measure, values)| {
                values.len() == images.len() && values.iter().flatten().all(|value| within(measure, value))
            })
    }
}

impl Surveying {
    /// Surveys `classifier`; `random` is the same network with random parameters, for the sanity check.
    ///
    /// # Errors
    /// `NotReady` without test images, `InvalidSetting`, `WeightsMismatch`.
    pub fn new(data: Rc<Data>, survey: Survey, classifier: Classifier, random: Classifier) -> Result<Self> {
        let test = &data.test;
        if test.is_empty() {
            return Err(Error::new(Code::NotReady, "The test images are not loaded."));
        }
        survey.method.validate(test.height, test.width)?;
        classifier.network().config().check_images(test)?;
        let mut images = survey.seed.rng(Stream::Evaluation, 0).permutation(test.len());
        images.truncate(survey.images.max(1));
        // Where the object is unknown, nothing can point at it.
        let located = data.object(0).is_some();
        let values = Metric::ALL
            .iter()
            .filter(|measure| located || !matches!(measure, Metric::Pointing | Metric::Mass))
            .map(|&measure| (measure, Vec::new()))
            .collect();
        let report = SurveyReport { survey: survey.clone(), images: Vec::new(), temperature: None, values };
        Ok(Self { data, survey, classifier, random, images, report })
    }

    /// Over all images of the survey, so that what is done when it is cancelled is of one temperature.
    async fn temperature(&self) -> Result<Option<f32>> {
        let network = self.classifier.network();
        let classes = network.config().classes;
        let mut logits = Vec::with_capacity(self.images.len() * classes);
        for images in self.images.chunks(CHUNK) {
            let x = self.data.test.batch(images, classes, &network.device()).images;
            logits.extend(read(network.forward(x).logits.reshape([images.len() * classes])).await?);
        }
        Ok(metric::temperature(&logits, classes))
    }
}

/// A network like this one with random parameters.
pub fn randomised(network: &Network, seed: Seed) -> Classifier {
    let weights = network.config().init(seed);
    let theta = Tensor::from_data(&weights.values[..], &network.device());
    Classifier::new(|track| Network::new(&weights.config, theta.clone(), track))
}
