//! How a model responds when an image is shown again: what the first figure of the paper claims, made checkable.
//!
//! For a test image A, its copy A′ under a condition, images B of the same class and C of another: are A and A′ nearer
//! to each other than A and B, at every layer? Raw distances say nothing across models, since shrinking all of them
//! changes no answer; every number here is a rate or a ratio.

use super::Run;
use super::checkpoint::{Columns, Resumable};
use super::layers::{distances, layers, names};
use crate::attack::value_and_gradient;
use crate::data::{Batch, Data};
use crate::error::{Code, Error, Result};
use crate::experiment::statistics::finite;
use crate::experiment::{Column, Condition};
use crate::model::{Activations, Classifier};
use crate::seed::{Seed, Stream};
use crate::tensor::{prediction, read};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::rc::Rc;

/// Images in one unit of work.
const CHUNK: usize = 25;
/// Images B of the same class among which the nearest is searched. Fixed, since the search finds nearer ones the longer
/// it goes on.
pub const SAME_CLASS: usize = 10;

/// What is asked for.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The conditions, in order.
    pub conditions: Vec<Condition>,
    /// Number of test images, chosen by the seed.
    pub images: usize,
    /// Chooses the images and everything random.
    pub seed: Seed,
}

/// Distances of each image at one layer; nothing where they overflow.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// To a random image of its class.
    pub same: Column,
    /// To the nearest of [`SAME_CLASS`] images of its class.
    pub nearest: Column,
    /// Which image that is, by index; another layer may have another one.
    pub nearest_index: Vec<usize>,
    /// To a random image of another class.
    pub other: Column,
}

/// What one condition did to each image.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The condition.
    pub condition: Condition,
    /// Class predicted for A′; nothing when the answer is not finite, which is neither right nor the same as any other.
    pub predicted: Vec<Option<u8>>,
    /// The digit whose colour A′ has, where that is another one's.
    pub hinted: Vec<Option<u8>>,
    /// ‖A − A′‖₂ in pixels.
    pub input: Column,
    /// ‖A − A′‖₂ at each layer; nothing where it overflows.
    pub near: Vec<Column>,
}

impl Outcome {
    /// Of no image yet, at `depth` layers.
    fn new(condition: &Condition, depth: usize) -> Self {
        Self {
            condition: condition.clone(),
            predicted: Vec::new(),
            hinted: Vec::new(),
            input: Vec::new(),
            near: vec![Vec::new(); depth],
        }
    }
}

/// Everything that was seen; all vectors are in the order of `images`.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseReport {
    /// What was asked for.
    pub asked: Response,
    /// The test images, by index.
    pub images: Vec<usize>,
    /// Their classes.
    pub labels: Vec<u8>,
    /// Class predicted for A; nothing when the answer is not finite.
    pub clean: Vec<Option<u8>>,
    /// The random image B of the same class that each is compared with, by index.
    pub same_class: Vec<usize>,
    /// The layers, early to late.
    pub layers: Vec<String>,
    /// Distances in pixels to B, of which `nearest` is nearest in pixels.
    pub input: Reference,
    /// Distances at each layer.
    pub references: Vec<Reference>,
    /// Share of the squared gradient of the true logit that lies outside the object: nothing where the gradient is 0;
    /// empty where no mask is known.
    pub outside: Column,
    /// The finished conditions, in the order asked.
    pub outcomes: Vec<Outcome>,
}

/// A response in progress.
pub struct Responding {
    data: Rc<Data>,
    classifier: Classifier,
    /// Test images by class.
    by_class: Vec<Vec<usize>>,
    report: ResponseReport,
    current: Option<Outcome>,
    units: Vec<(Option<usize>, Range<usize>)>,
    done: usize,
}

/// The classes predicted by the logits of `n` images.
fn predictions(logits: &[f32], n: usize) -> impl Iterator<Item = Option<u8>> {
    logits.chunks_exact(logits.len() / n).map(|row| prediction(row).map(|class| class as u8))
}

impl Responding {
    /// Asks `classifier`.
    ///
    /// # Errors
    /// `NotReady` without test images of two classes, `InvalidSetting` and its kin for an impossible condition,
    /// `WeightsMismatch`.
    pub fn new(data: Rc<Data>, asked: Response, classifier: Classifier) -> Result<Self> {
        let test = &data.test;
        let config = classifier.network().config();
        config.check_images(test)?;
        let mut by_class = vec![Vec::new(); config.classes];
        test.labels.iter().enumerate().for_each(|(i, &label)| by_class[usize::from(label)].push(i));
        if by_class.iter().filter(|images| images.len() > 1).count() < 2 {
            return Err(Error::new(Code::NotReady, "The test images are not loaded, or too few to compare."));
        }
        asked.conditions.iter().try_for_each(|condition| condition.validate(&data))?;
        let mut images = asked.seed.rng(Stream::Evaluation, 0).permutation(test.len());
        images.truncate(asked.images.max(1));
        // An only child of its class has nobody to be compared with.
        images.retain(|&i| by_class[usize::from(test.labels[i])].len() > 1);
        if images.is_empty() {
            return Err(Error::new(
                Code::NotReady,
                "None of the pictures has another of its class to be compared with.",
            ));
        }
        let n = images.len();
        let parts = (0..n).step_by(CHUNK).map(|start| start..(start + CHUNK).min(n));
        let passes = std::iter::once(None).chain((0..asked.conditions.len()).map(Some));
        let units = passes.flat_map(|pass| parts.clone().map(move |range| (pass, range))).collect();
        let report = ResponseReport {
            labels: images.iter().map(|&i| test.labels[i]).collect(),
            images,
            clean: Vec::new(),
            same_class: Vec::new(),
            layers: Vec::new(),
            input: Reference::default(),
            references: Vec::new(),
            outside: Vec::new(),
            outcomes: Vec::new(),
            asked,
        };
        Ok(Self { data, classifier, by_class, report, current: None, units, done: 0 })
    }

    fn batch(&self, images: &[usize]) -> Batch {
        let network = self.classifier.network();
        self.data.test.batch(images, network.config().classes, &network.device())
    }

    fn answer(&self, x: Tensor<4>) -> (Tensor<4>, Activations) {
        (x.clone(), self.classifier.network().forward(x))
    }

    async fn refer(&mut self, range: Range<usize>) -> Result<()> {
        let images = self.report.images[range].to_vec();
        let (n, test) = (images.len(), &self.data.test);
        let batch = self.batch(&images);
        let clean = self.answer(batch.images.clone());
        // For each image, SAME_CLASS draws of its class with others in between, then one of another class.
        let chosen: Vec<Vec<usize>> = images
            .iter()
            .map(|&image| {
                let mut rng = self.report.asked.seed.rng(Stream::Evaluation, 1 + image as u64);
                let alike = &self.by_class[usize::from(test.labels[image])];
                let order = rng.permutation(alike.len());
                let mut chosen: Vec<usize> =
                    order.into_iter().map(|at| alike[at]).filter(|&other| other != image).collect();
                chosen.truncate(SAME_CLASS);
                // Of a small class all are taken; the first again makes no difference to the nearest.
                chosen.resize(SAME_CLASS, chosen[0]);
                let others = rng.permutation(test.len()).into_iter();
                chosen.extend(others.filter(|&i| test.labels[i] != test.labels[image]).take(1));
                chosen
            })
            .collect();
        let mut parts = vec![clean.1.logits.clone().reshape([clean.1.logits.dims().iter().product::<usize>()])];
        for at in 0..=SAME_CLASS {
            let others: Vec<usize> = chosen.iter().map(|chosen| chosen[at]).collect();
            parts.push(distances(&clean, &self.answer(self.batch(&others).images)));
        }
        let values = read(Tensor::cat(parts, 0)).await?;
        let depth = layers(&clean.1).len();
        let (logits, values) = values.split_at(values.len() - (SAME_CLASS + 1) * (depth + 1) * n);
        self.report.clean.extend(predictions(logits, n));
        self.report.same_class.extend(chosen.iter().map(|chosen| chosen[0]));
        self.report.references.resize(depth, Reference::default());
        if self.report.layers.is_empty() {
            self.report.layers = names(depth);
        }
        for layer in 0..=depth {
            let at = |draw: usize, i: usize| values[(draw * (depth + 1) + layer) * n + i];
            let reference = if layer == 0 { &mut self.report.input } else { &mut self.report.references[layer - 1] };
            for (i, chosen) in chosen.iter().enumerate() {
                reference.same.push(finite(at(0, i)));
                let nearest = (1..SAME_CLASS).fold(0, |best, draw| if at(draw, i) < at(best, i) { draw } else { best });
                reference.nearest.push(finite(at(nearest, i)));
                reference.nearest_index.push(chosen[nearest]);
                reference.other.push(finite(at(SAME_CLASS, i)));
            }
        }
        self.outside(&batch, &images).await
    }

    /// The share of the squared gradient outside the object.
    async fn outside(&mut self, batch: &Batch, images: &[usize]) -> Result<()> {
        if self.data.object(images[0]).is_none() {
            return Ok(());
        }
        let targets = batch.targets.clone().autodiff();
        let (_, gradient) = value_and_gradient(batch.images.clone(), |x| {
            let logits = self.classifier.tracking().forward(x).logits;
            let n = logits.dims()[0];
            (logits * targets.clone()).sum_dim(1).reshape([n])
        });
        let [n, _, h, w] = gradient.dims();
        let energy = read(gradient.square().sum_dim(1).reshape([n * h * w])).await?;
        for (energy, &image) in energy.chunks_exact(h * w).zip(images) {
            let object = self.data.object(image).unwrap_or_default();
            let all: f32 = energy.iter().sum();
            let outside: f32 = energy.iter().zip(object).filter(|(_, on)| !on).map(|(e, _)| e).sum();
            // A part of nothing is no share.
            self.report.outside.push(finite(all).filter(|all| *all > 0.0).map(|all| outside / all));
        }
        Ok(())
    }

    async fn respond(&mut self, condition: usize, range: Range<usize>) -> Result<()> {
        let images = self.report.images[range].to_vec();
        let n = images.len();
        let condition = self.report.asked.conditions[condition].clone();
        let seed = self.report.asked.seed;
        let clean = self.answer(self.batch(&images).images);
        let changed = self.answer(condition.apply(&self.data, &images, seed, &self.classifier.network().device()));
        let logits = changed.1.logits.clone();
        let values = logits.dims().iter().product::<usize>();
        let values = read(Tensor::cat(vec![distances(&clean, &changed), logits.reshape([values])], 0)).await?;
        let depth = self.report.layers.len();
        let (near, logits) = values.split_at((depth + 1) * n);
        let outcome = self.current.get_or_insert_with(|| Outcome::new(&condition, depth));
        outcome.predicted.extend(predictions(logits, n));
        outcome.hinted.extend(images.iter().map(|&i| condition.hinted(&self.data, i, seed)));
        outcome.input.extend(near[..n].iter().copied().map(finite));
        for (layer, near) in near[n..].chunks_exact(n).enumerate() {
            outcome.near[layer].extend(near.iter().copied().map(finite));
        }
        Ok(())
    }
}

impl Run for Responding {
    type Report = ResponseReport;

    /// True when that finished a condition, or the references that come first.
    async fn advance(&mut self) -> Result<bool> {
        let Some((pass, range)) = self.units.get(self.done).cloned() else { return Ok(false) };
        let whole = range.end == self.report.images.len();
        match pass {
            None => self.refer(range).await?,
            Some(condition) => self.respond(condition, range).await?,
        }
        self.done += 1;
        if whole {
            self.report.outcomes.extend(self.current.take());
        }
        Ok(whole)
    }

    fn progress(&self) -> (usize, usize) {
        (self.done, self.units.len())
    }

    /// Only whole conditions.
    fn report(&self) -> &ResponseReport {
        &self.report
    }
}

impl Resumable for Responding {
    fn columns(&mut self, columns: &mut Columns<'_>) {
        let report = &mut self.report;
        columns.column(&mut report.clean);
        columns.column(&mut report.same_class);
        columns.column(&mut report.outside);
        if report.layers.is_empty() && !report.clean.is_empty() {
            let network = self.classifier.network();
            let first = self.data.test.batch(&report.images[..1], network.config().classes, &network.device());
            report.layers = names(layers(&network.forward(first.images)).len());
        }
        let depth = report.layers.len();
        report.references.resize(depth, Reference::default());
        for reference in std::iter::once(&mut report.input).chain(&mut report.references) {
            let distances = [&mut reference.same, &mut reference.nearest, &mut reference.other];
            distances.into_iter().for_each(|values| columns.column(values));
            columns.column(&mut reference.nearest_index);
        }
        let mut begun: Vec<Outcome> = report.outcomes.drain(..).chain(self.current.take()).collect();
        let count = columns.value(begun.len());
        let asked = report.asked.conditions.iter().take(count).skip(begun.len());
        begun.extend(asked.map(|condition| Outcome::new(condition, depth)));
        for outcome in &mut begun {
            columns.column(&mut outcome.predicted);
            columns.column(&mut outcome.hinted);
            [&mut outcome.input].into_iter().chain(&mut outcome.near).for_each(|values| columns.column(values));
        }
        self.current = begun.pop_if(|last| last.predicted.len() < report.images.len());
        report.outcomes = begun;
    }

    fn is_sound(&mut self) -> bool {
        let report = &self.report;
        let (clean, n, test) = (report.clean.len(), report.images.len(), &self.data.test);
        let classes = self.classifier.network().config().classes;
        let predicted = |classes_of: &[Option<u8>]| classes_of.iter().flatten().all(|k| usize::from(*k) < classes);
        let distances = |column: &Column| column.iter().flatten().all(|distance| *distance >= 0.0);
        let share = |share: &f32| (0.0..=1.0).contains(share);
        let same_class = |others: &[usize]| {
            let fits = |(&other, &image): (&usize, &usize)| {
                other != image && test.labels.get(other).is_some_and(|label| *label == test.labels[image])
            };
            others.len() == clean && others.iter().zip(&report.images).all(fits)
        };
        let referred = |reference: &Reference| {
            let Reference { same, nearest, nearest_index, other } = reference;
            same_class(nearest_index)
                && [same, nearest, other].iter().all(|column| column.len() == clean && distances(column))
        };
        let answered = |outcome: &Outcome| {
            let n = outcome.predicted.len();
            let hinted = |(hint, &image): (&Option<u8>, &usize)| {
                *hint == outcome.condition.hinted(&self.data, image, report.asked.seed)
            };
            predicted(&outcome.predicted)
                && outcome.hinted.len() == n
                && outcome.hinted.iter().zip(&report.images).all(hinted)
                && std::iter::once(&outcome.input).chain(&outcome.near).all(|near| near.len() == n && distances(near))
        };
        let begun = || report.outcomes.iter().chain(&self.current);
        let seen = |pass: Option<usize>| pass.map_or(clean, |i| begun().nth(i).map_or(0, |of| of.predicted.len()));
        self.done = self.units.iter().take_while(|(pass, range)| range.end <= seen(*pass)).count();
        let all: usize = std::iter::once(None).chain((0..report.asked.conditions.len()).map(Some)).map(seen).sum();
        let masked = self.data.object(report.images[0]).is_some();
        same_class(&report.same_class)
            && predicted(&report.clean)
            && report.outside.len() == if masked { clean } else { 0 }
            && report.outside.iter().flatten().all(share)
            && std::iter::once(&report.input).chain(&report.references).all(referred)
            && begun().all(answered)
            && report.outcomes.iter().all(|outcome| outcome.predicted.len() == n)
            && self.current.as_ref().is_none_or(|outcome| !outcome.predicted.is_empty())
            && all == self.units[..self.done].iter().map(|(_, range)| range.len()).sum::<usize>()
    }
}
