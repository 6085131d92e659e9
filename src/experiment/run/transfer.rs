//! Transfer: a model trained on one set of pictures, moved to another with few labels.
//!
//! The protocol is that of Salman et al. 2020: a linear probe on frozen features, and fine-tuning of everything; the
//! same network from random weights is the row to beat. Sets, numbers of labels and steps are ours.

use super::Run;
use super::checkpoint::{Columns, Resumable};
use crate::choice::choices;
use crate::config::{Optimizer, Settings, Start};
use crate::data::{Data, Dataset, Split};
use crate::error::{Code, Error, Result};
use crate::model::{Network, Track, Weights};
use crate::seed::{Seed, Stream};
use crate::tensor::{argmax, read};
use crate::train::{State, Trainer, UpdateRule};
use burn::tensor::{Device, Tensor, activation::softmax};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Images in one forward pass.
const CHUNK: usize = 100;
/// Steps of training in one unit of work.
const SLICE: usize = 10;
/// Images in a batch of fine-tuning, or all if there are fewer.
const BATCH: usize = 64;
/// Steps of the probe for each step of fine-tuning: they cost little, and it should converge.
const PROBE_STEPS: usize = 2;
/// Learning rate of the probe, and the weight of `½ ‖W‖²` that keeps it from growing where few labels are separable.
const PROBE_RATE: f32 = 0.02;
const PROBE_DECAY: f32 = 1e-3;
/// Most images, steps, labels a class, and parts.
const LIMITS: [usize; 4] = [2000, 2000, 10_000, 40];

choices! {
    /// What is trained on the new pictures.
    pub enum Mode {
        Probe => "probe", "Linear probe",
            "Only a new last layer on frozen, standardised features: logistic regression.";
        FineTune => "fine-tune", "Fine-tuning", "Everything, from the model's weights with a new last layer.";
        Scratch => "scratch", "From scratch", "Everything, from random weights: what transfer must beat.";
    }
}

/// How many labelled images of each class: a number, or `"all"`.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Shots {
    /// At most this many.
    Few(usize),
    /// All there are.
    All(All),
}

/// The word `all`.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum All {
    /// No limit.
    All,
}

impl Shots {
    /// All there are.
    pub const ALL: Self = Self::All(All::All);

    /// The name in tables.
    pub fn label(self) -> String {
        match self {
            Self::Few(shots) => shots.to_string(),
            Self::All(_) => "all".to_owned(),
        }
    }
}

/// What is asked for.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// What is trained.
    pub modes: Vec<Mode>,
    /// With how many labels.
    pub shots: Vec<Shots>,
    /// Number of test images, chosen by the seed; 1 to 2000.
    pub images: usize,
    /// Steps of fine-tuning and from scratch; 1 to 2000.
    pub steps: usize,
    /// Chooses images, batches and the new last layer.
    pub seed: Seed,
}

/// One mode with one number of labels.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// What was trained.
    pub mode: Mode,
    /// With how many labels a class.
    pub shots: Shots,
    /// With how many images.
    pub trained_on: usize,
    /// Whether each test image is classified correctly; a run that stopped being finite has none right.
    pub correct: Vec<bool>,
}

/// The parts that are finished.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferReport {
    /// What was asked for.
    pub asked: Transfer,
    /// The new pictures.
    pub target: Dataset,
    /// The test images, by index.
    pub images: Vec<usize>,
    /// What came of each part, in the order of modes, then shots.
    pub parts: Vec<Moved>,
}

/// What is being trained.
enum Learner {
    /// The last layer.
    Probe(Box<Probe>),
    /// Everything.
    Whole(Box<Trainer>),
}

/// The last layer `theta`, `[classes · d + classes]`, on features `[n, d]` of mean and deviation `[1, d]`.
struct Probe {
    features: Tensor<2>,
    targets: Tensor<2>,
    scale: [Tensor<2>; 2],
    theta: Tensor<1>,
    state: State,
}

/// A transfer in progress.
pub struct Transferring {
    target: Rc<Data>,
    /// The model, with a new last layer for the new classes.
    source: Weights,
    device: Device,
    report: TransferReport,
    /// Mode and shots of each part.
    parts: Vec<(Mode, Shots)>,
    current: Option<(Learner, Moved)>,
    /// Units done in the current part.
    unit: usize,
}

impl Transferring {
    /// Moves the model with weights `source` to the pictures `target`.
    ///
    /// # Errors
    /// `NotReady` when the pictures are not loaded, `InvalidSetting` for a question out of range, `WeightsMismatch`
    /// when the pictures are of another shape.
    pub fn new(target: Rc<Data>, asked: Transfer, source: &Weights, device: Device) -> Result<Self> {
        if target.train.is_empty() || target.test.is_empty() {
            return Err(Error::new(Code::NotReady, "The pictures to move to are not loaded."));
        }
        let few = |shots: &Shots| if let Shots::Few(shots) = shots { *shots } else { 1 };
        let parts: Vec<(Mode, Shots)> =
            asked.modes.iter().flat_map(|&mode| asked.shots.iter().map(move |&shots| (mode, shots))).collect();
        let [images, steps, labels, most] = LIMITS;
        let checks = [
            ("The number of test images", asked.images, images),
            ("The number of steps", asked.steps, steps),
            ("The number of parts", parts.len(), most),
        ];
        let shots = asked.shots.iter().map(|shots| ("The number of labels", few(shots), labels));
        if let Some((name, value, most)) =
            checks.into_iter().chain(shots).find(|(_, value, most)| !(1..=*most).contains(value))
        {
            return Err(Error::setting(name, value, format!("1 to {most}")));
        }
        let source = source.with_classes(target.classes(), asked.seed);
        [&target.train, &target.test].into_iter().try_for_each(|split| source.config.check_images(split))?;
        let mut chosen = asked.seed.rng(Stream::Evaluation, 0).permutation(target.test.len());
        chosen.truncate(asked.images);
        let report = TransferReport { asked, target: target.dataset, images: chosen, parts: Vec::new() };
        Ok(Self { target, source, device, report, parts, current: None, unit: 0 })
    }

    fn slices(&self) -> usize {
        self.report.asked.steps.div_ceil(SLICE)
    }

    fn units(&self) -> usize {
        self.slices() + self.report.images.len().div_ceil(CHUNK)
    }

    /// The first `shots` training images of each class in a seeded order: fewer are always among more.
    fn chosen(&self, shots: Shots) -> Vec<usize> {
        let train = &self.target.train;
        let most = if let Shots::Few(shots) = shots { shots } else { usize::MAX };
        let mut taken = vec![0; self.source.config.classes];
        let mut order = self.report.asked.seed.rng(Stream::Transfer, 0).permutation(train.len());
        order.retain(|&image| {
            let taken = &mut taken[usize::from(train.labels[image])];
            *taken += 1;
            *taken <= most
        });
        order
    }

    fn begin(&self, mode: Mode, shots: Shots) -> Result<(Learner, Moved)> {
        let chosen = self.chosen(shots);
        let moved = Moved { mode, shots, trained_on: chosen.len(), correct: Vec::new() };
        let train = &self.target.train;
        let seed = self.report.asked.seed;
        let config = &self.source.config;
        if mode != Mode::Probe {
            let settings = Settings {
                dataset: self.target.dataset,
                architecture: config.architecture,
                start: Start::Scratch,
                steps: self.report.asked.steps,
                batch: BATCH.min(chosen.len()).max(4),
                seed,
                ..Settings::default()
            };
            let start = if mode == Mode::Scratch { config.init(seed) } else { self.source.clone() };
            let few = Data { train: train.only(&chosen), test: Split::empty(), dataset: self.target.dataset, seed };
            let trainer = Trainer::new(Rc::new(few), settings.plain(), &start, self.device.clone())?;
            return Ok((Learner::Whole(Box::new(trainer)), moved));
        }
        let network = self.network(&self.source.values);
        let batches = chosen.chunks(CHUNK).map(|images| train.batch(images, config.classes, &self.device));
        let (features, targets): (Vec<_>, Vec<_>) =
            batches.map(|batch| (network.forward(batch.images).features, batch.targets)).unzip();
        let features = Tensor::cat(features, 0);
        let mean = features.clone().mean_dim(0);
        // A feature that is always 0 stays 0.
        let deviation = (features.clone() - mean.clone()).square().mean_dim(0).sqrt().add_scalar(1e-3);
        let features = (features - mean.clone()) / deviation.clone();
        let head = config.classes * (features.dims()[1] + 1);
        let theta = Tensor::zeros([head], &self.device);
        let state = PROBE.init(&theta);
        let targets = Tensor::cat(targets, 0);
        Ok((Learner::Probe(Box::new(Probe { features, targets, scale: [mean, deviation], theta, state })), moved))
    }

    async fn train(&self, learner: &mut Learner) -> Result<()> {
        let steps = SLICE.min(self.report.asked.steps - self.unit * SLICE);
        match learner {
            Learner::Whole(trainer) => {
                for _ in 0..steps {
                    trainer.step();
                }
                trainer.read().await.map(|_| ())
            }
            Learner::Probe(probe) => {
                for _ in 0..PROBE_STEPS * steps {
                    let gradient = logistic(&probe.features, &probe.targets, &probe.theta);
                    (probe.theta, probe.state) = PROBE.step(probe.theta.clone(), gradient, probe.state.clone());
                }
                Ok(())
            }
        }
    }

    /// Whether each image of a chunk is classified correctly.
    async fn evaluate(&self, learner: &Learner, chunk: usize) -> Result<Vec<bool>> {
        let images: Vec<usize> = self.report.images.iter().copied().skip(chunk * CHUNK).take(CHUNK).collect();
        let classes = self.source.config.classes;
        let batch = self.target.test.batch(&images, classes, &self.device);
        let logits = match learner {
            Learner::Whole(trainer) if trainer.diverged().is_some() => return Ok(vec![false; images.len()]),
            Learner::Whole(trainer) => trainer.network(Track::Nothing).forward(batch.images).logits,
            Learner::Probe(probe) => {
                let [mean, deviation] = &probe.scale;
                let features = self.network(&self.source.values).forward(batch.images).features;
                answer(&((features - mean.clone()) / deviation.clone()), &probe.theta, classes)
            }
        };
        let logits = read(logits.reshape([images.len() * classes])).await?;
        let rows = logits.chunks_exact(classes).zip(&batch.labels);
        Ok(rows.map(|(row, &label)| argmax(row) == usize::from(label)).collect())
    }

    fn network(&self, values: &[f32]) -> Network {
        Network::new(&self.source.config, Tensor::from_data(values, &self.device), Track::Nothing)
    }
}

impl Run for Transferring {
    type Report = TransferReport;

    /// True when that finished a part.
    async fn advance(&mut self) -> Result<bool> {
        let Some(&(mode, shots)) = self.parts.get(self.report.parts.len()) else { return Ok(false) };
        let (mut learner, mut moved) = match self.current.take() {
            Some(current) => current,
            None => self.begin(mode, shots)?,
        };
        let test = self.unit.checked_sub(self.slices());
        match test {
            None => self.train(&mut learner).await?,
            Some(chunk) => moved.correct.extend(self.evaluate(&learner, chunk).await?),
        }
        self.unit += 1;
        let whole = self.unit == self.units();
        if whole {
            self.unit = 0;
            self.report.parts.push(moved);
        } else {
            self.current = Some((learner, moved));
        }
        Ok(whole)
    }

    fn progress(&self) -> (usize, usize) {
        (self.report.parts.len() * self.units() + self.unit, self.parts.len() * self.units())
    }

    /// Only whole parts.
    fn report(&self) -> &TransferReport {
        &self.report
    }
}

/// What is being trained is not kept: the part under way begins anew.
impl Resumable for Transferring {
    fn columns(&mut self, columns: &mut Columns<'_>) {
        let parts = &mut self.report.parts;
        let count = columns.value(parts.len());
        let begun = self.parts.iter().take(count).skip(parts.len());
        parts.extend(begun.map(|&(mode, shots)| Moved { mode, shots, trained_on: 0, correct: Vec::new() }));
        for part in parts {
            part.trained_on = columns.value(part.trained_on);
            columns.column(&mut part.correct);
        }
    }

    fn is_sound(&mut self) -> bool {
        let whole = |part: &Moved| {
            part.correct.len() == self.report.images.len() && part.trained_on == self.chosen(part.shots).len()
        };
        self.report.parts.iter().all(whole)
    }
}

const PROBE: UpdateRule = UpdateRule { optimizer: Optimizer::Adam, learning_rate: PROBE_RATE };

/// `X Wᵀ + b` for `theta = (W, b)`, `[n, classes]`.
fn answer(features: &Tensor<2>, theta: &Tensor<1>, classes: usize) -> Tensor<2> {
    let d = features.dims()[1];
    let weight = theta.clone().narrow(0, 0, classes * d).reshape([classes, d]);
    let bias = theta.clone().narrow(0, classes * d, classes).reshape([1, classes]);
    features.clone().matmul(weight.transpose()) + bias
}

/// The gradient of the mean cross-entropy plus `½ λ ‖W‖²`: `(p − y)ᵀ X / n + λ W`, and `Σ (p − y) / n` for b.
fn logistic(features: &Tensor<2>, targets: &Tensor<2>, theta: &Tensor<1>) -> Tensor<1> {
    let [n, d] = features.dims();
    let classes = targets.dims()[1];
    let error = (softmax(answer(features, theta, classes), 1) - targets.clone()).div_scalar(n as f32);
    let weight = error.clone().transpose().matmul(features.clone()).reshape([classes * d])
        + theta.clone().narrow(0, 0, classes * d).mul_scalar(PROBE_DECAY);
    Tensor::cat(vec![weight, error.sum_dim(0).reshape([classes])], 0)
}
