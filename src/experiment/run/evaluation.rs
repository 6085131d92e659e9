//! The evaluation of a run: accuracy, accuracy under noise, under attacks one by one and at worst, and how far P moves
//! the output.

use super::Run;
use crate::attack::{Aim, Attack, Budget, Loss, evaluate, streams};
use crate::config::Settings;
use crate::data::Data;
use crate::error::{Code, Error, Result};
use crate::experiment::Column;
use crate::model::{Classifier, Network, Track};
use crate::perturb::{Kind, Perturbation, Spread};
use crate::seed::Stream;
use crate::tensor::{prediction, read};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Images in one unit of work: small enough to cancel quickly, large enough to be efficient.
const CHUNK: usize = 100;

/// The attacks of the table. One alone says little: on Fashion-MNIST, measured independently, PGD-20 leaves 7 images of
/// 100 too many standing on a network with the constraint, against APGD, and on a plain one half an image.
pub(in crate::experiment) const ATTACKS: [Attack; 4] = [
    Attack::FGSM,
    Attack::pgd(20),
    Attack::apgd(20),
    Attack::Apgd { steps: 20, loss: Loss::Dlr, aim: Aim::Untargeted },
];

/// From this one on they meet only the images that withstood all before, back to PGD-20, as in AutoAttack (Croce and
/// Hein 2020): what fell has fallen.
const SECOND_TRY: usize = 2;

/// The attacks of robust accuracy, by their names.
pub(in crate::experiment) fn ensemble() -> String {
    let [_, first, second, third] = ATTACKS.map(|attack| attack.label());
    format!("{first}, {second} and {third}")
}

/// What happened to each image; all vectors in the same order, and of length [`Report::n`] once finished.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcomes {
    /// Classified correctly.
    pub clean: Vec<bool>,
    /// Classified correctly under Gaussian noise.
    pub noise: Vec<bool>,
    /// P changes the predicted class.
    pub flip: Vec<bool>,
    /// Distance between the outputs for x and P(x); nothing where they overflow.
    pub near: Column,
    /// Distance between the outputs for x and another image.
    pub far: Column,
    /// Classified correctly both before and after FGSM.
    pub fgsm: Vec<bool>,
    /// Classified correctly both before and after PGD-20.
    pub pgd: Vec<bool>,
    /// Classified correctly before and after PGD-20, APGD-20 with cross-entropy and APGD-20 with DLR: the worst of the
    /// three for each image. `None` in reports of versions that did not evaluate it.
    #[serde(default)]
    pub robust: Option<Vec<bool>>,
    /// Answers that were not finite.
    pub not_finite: usize,
    /// Largest change of a pixel that an attack used.
    pub largest: f32,
}

impl Outcomes {
    fn lengths(&self) -> impl Iterator<Item = usize> {
        let columns = [
            self.clean.len(),
            self.noise.len(),
            self.flip.len(),
            self.near.len(),
            self.far.len(),
            self.fgsm.len(),
            self.pgd.len(),
        ];
        columns.into_iter().chain(self.robust.as_ref().map(Vec::len))
    }
}

/// An evaluation, finished or under way, with everything that made it.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Settings of the lane, with its own α.
    pub settings: Settings,
    /// Steps trained.
    pub step: usize,
    /// Classes of the images.
    pub classes: usize,
    /// Images evaluated; a column of `outcomes` that holds fewer is not finished.
    pub n: usize,
    /// Per-image outcomes.
    pub outcomes: Outcomes,
}

impl Report {
    /// Whether every column is finished.
    pub fn is_finished(&self) -> bool {
        self.outcomes.lengths().all(|length| length == self.n)
    }

    /// Whether no column holds more than `n` images, as in a damaged file.
    pub(in crate::experiment) fn is_sound(&self) -> bool {
        self.n > 0 && self.outcomes.lengths().all(|length| length <= self.n)
    }
}

/// One unit of work.
#[derive(Clone, Copy)]
enum Unit {
    /// Clean, noise, P and distances.
    Answers(usize),
    /// Attack number `.1` of [`ATTACKS`].
    Attack(usize, usize),
}

/// An evaluation in progress.
pub struct Evaluation {
    data: Rc<Data>,
    classifier: Classifier,
    device: Device,
    /// Test images by chunk, in a seeded order, so that neighbours are random pairs.
    chunks: Vec<Vec<usize>>,
    units: Vec<Unit>,
    done: usize,
    report: Report,
    /// What withstood PGD-20 and APGD-20 so far.
    standing: Vec<bool>,
}

impl Evaluation {
    /// Evaluates parameters `network(track)` trained for `step` steps on `settings.eval_images` test images.
    /// Image choice and draws depend on the seed alone: every model of a run sees the same.
    ///
    /// # Errors
    /// `NotReady` without test images, `WeightsMismatch` when the network is for others.
    pub fn new(data: Rc<Data>, settings: Settings, step: usize, network: impl Fn(Track) -> Network) -> Result<Self> {
        if data.test.len() < 2 {
            return Err(Error::new(Code::NotReady, "The test images are not loaded."));
        }
        let mut order = settings.seed.rng(Stream::Evaluation, 0).permutation(data.test.len());
        order.truncate(settings.eval_images.max(2));
        let count = order.len().div_ceil(CHUNK);
        let size = order.len().div_ceil(count);
        let mut chunks: Vec<Vec<usize>> = order.chunks(size).map(<[usize]>::to_vec).collect();
        if let Some(last) = chunks.pop_if(|last| last.len() < 2) {
            // A single image has no partner to measure a distance to.
            chunks.last_mut().expect("at least two images").extend(last);
        }
        let attacks =
            (0..ATTACKS.len()).flat_map(|attack| (0..chunks.len()).map(move |chunk| Unit::Attack(chunk, attack)));
        let units = (0..chunks.len()).map(Unit::Answers).chain(attacks).collect();
        let classifier = Classifier::new(network);
        classifier.network().config().check_images(&data.test)?;
        let device = classifier.network().device();
        let report = Report {
            settings,
            step,
            classes: data.classes(),
            n: chunks.iter().map(Vec::len).sum(),
            outcomes: Outcomes { robust: Some(Vec::new()), ..Outcomes::default() },
        };
        Ok(Self { data, classifier, device, chunks, units, done: 0, report, standing: Vec::new() })
    }

    async fn answers(&mut self, chunk: usize) -> Result<()> {
        let plain = self.classifier.network();
        let classes = plain.config().classes;
        let batch = self.data.test.batch(&self.chunks[chunk], classes, &self.device);
        let [n, ..] = batch.images.dims();
        let x = batch.images.clone();
        let changed = |perturbation: &Perturbation, stream: u64| {
            let mut rng = self.report.settings.seed.rng(Stream::Evaluation, 1 + 2 * chunk as u64 + stream);
            perturbation.draw(x.dims(), Spread::Uniform, &mut rng).apply(x.clone())
        };
        let noisy = plain.forward(changed(&Perturbation::single(Kind::Gaussian, self.report.settings.eval_sigma), 0));
        let clean = plain.forward(x.clone());
        let perturbed = plain.forward(changed(&self.report.settings.perturbation, 1));
        // The partner of each image is the next one of its chunk; the order is random.
        let next = Tensor::cat(vec![x.clone().narrow(0, 1, n - 1), x.clone().narrow(0, 0, 1)], 0);
        let partner = plain.forward(next);
        let ds = self.report.settings.ds;
        let values = read(Tensor::cat(
            vec![
                clean.logits.clone().reshape([n * classes]),
                noisy.logits.reshape([n * classes]),
                perturbed.logits.clone().reshape([n * classes]),
                ds.distance(&clean, &perturbed),
                ds.distance(&clean, &partner),
            ],
            0,
        ))
        .await?;
        let (logits, distances) = values.split_at(3 * n * classes);
        let predict =
            |part: usize| logits[part * n * classes..(part + 1) * n * classes].chunks_exact(classes).map(prediction);
        let right = |(prediction, &label): (Option<usize>, &u8)| prediction == Some(usize::from(label));
        let outcomes = &mut self.report.outcomes;
        outcomes.not_finite += (0..3).map(|part| predict(part).filter(Option::is_none).count()).sum::<usize>();
        outcomes.clean.extend(predict(0).zip(&batch.labels).map(right));
        outcomes.noise.extend(predict(1).zip(&batch.labels).map(right));
        outcomes.flip.extend(predict(0).zip(predict(2)).map(|(before, after)| before != after || before.is_none()));
        outcomes.near.extend(distances[..n].iter().map(|&d| ds.reported(d)));
        outcomes.far.extend(distances[n..].iter().map(|&d| ds.reported(d)));
        Ok(())
    }

    async fn attack(&mut self, chunk: usize, attack: usize) -> Result<()> {
        let images = &self.chunks[chunk];
        let start: usize = self.chunks[..chunk].iter().map(Vec::len).sum();
        let outcomes = &mut self.report.outcomes;
        let before = match attack {
            0 | 1 => &outcomes.clean,
            SECOND_TRY => &outcomes.pgd,
            _ => &self.standing,
        };
        let mut robust = before[start..][..images.len()].to_vec();
        let met: Vec<usize> = (0..images.len()).filter(|&i| attack < SECOND_TRY || robust[i]).collect();
        if !met.is_empty() {
            let images: Vec<usize> = met.iter().map(|&i| images[i]).collect();
            let batch = self.data.test.batch(&images, self.classifier.network().config().classes, &self.device);
            let budget = Budget::linf(self.report.settings.attack_epsilon);
            let mut rngs = streams(self.report.settings.seed, attack as u32, &images);
            let candidates = ATTACKS[attack].perturb(&self.classifier, &batch, budget, &mut rngs).await?;
            let evaluated = evaluate(&self.classifier, &batch, candidates, budget).await?;
            outcomes.not_finite += evaluated.not_finite;
            outcomes.largest = outcomes.largest.max(evaluated.largest);
            met.iter().zip(evaluated.correct).for_each(|(&i, correct)| robust[i] &= correct);
        }
        match attack {
            0 => outcomes.fgsm.extend(robust),
            1 => outcomes.pgd.extend(robust),
            SECOND_TRY => self.standing.extend(robust),
            _ => outcomes.robust.get_or_insert_default().extend(robust),
        }
        Ok(())
    }
}

impl Run for Evaluation {
    type Report = Report;

    /// True whenever that finishes columns.
    async fn advance(&mut self) -> Result<bool> {
        let Some(&unit) = self.units.get(self.done) else { return Ok(false) };
        match unit {
            Unit::Answers(chunk) => self.answers(chunk).await?,
            Unit::Attack(chunk, attack) => self.attack(chunk, attack).await?,
        }
        self.done += 1;
        // The chunks of one part of the table follow each other.
        Ok(self.done.is_multiple_of(self.chunks.len()))
    }

    fn progress(&self) -> (usize, usize) {
        (self.done, self.units.len())
    }

    /// The last one [is finished](Report::is_finished).
    fn report(&self) -> &Report {
        &self.report
    }
}
