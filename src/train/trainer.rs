//! The training loop, one step at a time.

use super::{Checkpoint, Objective, State, UpdateRule};
use crate::config::Settings;
use crate::data::{Batch, BatchOrder, Data};
use crate::error::{Code, Error, Result};
use crate::model::{ModelConfig, Network, Track, Weights};
use crate::perturb::Spread;
use crate::seed::Stream;
use crate::tensor::read;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Where DS does not come with the loss, it is still measured every so many steps, without gradients, so that both lanes
/// have a curve.
const DS_PROBE: usize = 10;

/// Statistics of one step, taken before its update.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Counted from 1.
    pub step: usize,
    /// Mean cross-entropy of the batch.
    pub ce: f32,
    /// Mean DS of the batch; missing at steps where P(x) was not run.
    pub ds: Option<f32>,
    /// Share of the batch classified correctly.
    pub accuracy: f32,
    /// ℓ2 norm of the gradient.
    pub grad_norm: f32,
}

/// The run stopped being finite.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diverged {
    /// First step whose loss or gradient is not finite.
    pub step: usize,
    /// For people.
    pub message: String,
    /// The step of the last state known to be sound, of which [`Trainer::checkpoint`] is taken.
    pub last_good_step: usize,
}

/// A position in a run: parameters and optimiser state after `step` steps.
#[derive(Clone)]
struct Position {
    step: usize,
    theta: Tensor<1>,
    state: State,
}

/// One lane.
///
/// ```
/// use burn::tensor::Device;
/// use semantic_continuity::config::{Settings, Start};
/// use semantic_continuity::data::{Data, Dataset, Split};
/// use semantic_continuity::model::ModelConfig;
/// use semantic_continuity::seed::Seed;
/// use semantic_continuity::train::Trainer;
/// use std::rc::Rc;
///
/// let pixels = (0..20 * 64).map(|i| (i * 7 % 256) as u8).collect();
/// let images = Split::new(1, 8, 8, pixels, (0..20).map(|i| i % 10).collect(), 10)?;
/// let data = Data { dataset: Dataset::Mnist, seed: Seed(1), train: images.clone(), test: images };
/// let settings = Settings { dataset: Dataset::Mnist, start: Start::Scratch, batch: 10, steps: 2, ..Settings::default() };
/// let start = ModelConfig::for_data(settings.architecture, &data.train, data.classes()).init(settings.seed);
///
/// let mut trainer = Trainer::new(Rc::new(data), settings, &start, Device::flex())?;
/// while !trainer.is_finished() {
///     trainer.step();
/// }
/// let records = pollster::block_on(trainer.read())?;
/// assert_eq!(records.len(), 2);
/// assert!(trainer.diverged().is_none() && records.iter().all(|record| record.ds.is_some()));
/// # Ok::<(), semantic_continuity::error::Error>(())
/// ```
pub struct Trainer {
    data: Rc<Data>,
    settings: Settings,
    config: ModelConfig,
    device: Device,
    objective: Objective,
    rule: UpdateRule,
    order: BatchOrder,
    now: Position,
    /// The position before the last step.
    before: Position,
    /// After the last step that was read and finite: finite parameters, whose own loss is not known yet.
    last_good: Position,
    /// Before that step: parameters whose loss and gradient were finite.
    proven: Position,
    diverged: Option<Diverged>,
    /// `[ce, ds, accuracy, ‖g‖²]` of steps not read yet; without DS when P(x) was not run.
    pending: Vec<(usize, bool, Tensor<1>)>,
}

impl Trainer {
    /// A run from `start` on `device` (without autodiff). `settings.alpha` decides the lane.
    ///
    /// # Errors
    /// `InvalidSetting` and its kin for impossible settings, `NotReady` without training images, `WeightsMismatch`
    /// when `start` is another network or for other images.
    pub fn new(data: Rc<Data>, settings: Settings, start: &Weights, device: Device) -> Result<Self> {
        let theta = Tensor::from_data(&start.values[..], &device);
        let rule = UpdateRule { optimizer: settings.optimizer, learning_rate: settings.learning_rate };
        let state = rule.init(&theta);
        Self::at(data, settings, start.config.clone(), Position { step: 0, theta, state }, device)
    }

    /// Continues exactly where `checkpoint` was taken. The settings may differ from those of the first part; when
    /// the optimiser does, it starts anew.
    ///
    /// # Errors
    /// As [`Trainer::new`].
    pub fn resume(data: Rc<Data>, settings: Settings, checkpoint: &Checkpoint, device: Device) -> Result<Self> {
        let theta = Tensor::from_data(&checkpoint.weights.values[..], &device);
        let state = if checkpoint.optimizer == settings.optimizer {
            State {
                time: checkpoint.time,
                first: Tensor::from_data(&checkpoint.first[..], &device),
                second: Tensor::from_data(&checkpoint.second[..], &device),
            }
        } else {
            UpdateRule { optimizer: settings.optimizer, learning_rate: settings.learning_rate }.init(&theta)
        };
        let position = Position { step: checkpoint.step, theta, state };
        Self::at(data, settings, checkpoint.weights.config.clone(), position, device)
    }

    fn at(data: Rc<Data>, settings: Settings, config: ModelConfig, now: Position, device: Device) -> Result<Self> {
        settings.validate()?;
        if data.train.is_empty() {
            return Err(Error::new(Code::NotReady, "The training images are not loaded."));
        }
        if config.architecture != settings.architecture {
            return Err(Error::new(
                Code::WeightsMismatch,
                format!(
                    "The weights are of the network {}; the settings name {}.",
                    config.architecture.label(),
                    settings.architecture.label()
                ),
            ));
        }
        config.check_images(&data.train)?;
        Ok(Self {
            objective: Objective::new(&settings),
            rule: UpdateRule { optimizer: settings.optimizer, learning_rate: settings.learning_rate },
            order: BatchOrder::new(settings.seed, data.train.len(), settings.batch),
            last_good: now.clone(),
            proven: now.clone(),
            before: now.clone(),
            diverged: None,
            pending: Vec::new(),
            data,
            settings,
            config,
            device,
            now,
        })
    }

    /// Steps made.
    pub fn step_count(&self) -> usize {
        self.now.step
    }

    /// Settings of this lane.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether all steps are made.
    pub fn is_finished(&self) -> bool {
        self.now.step >= self.settings.steps
    }

    /// The first step that was not finite; the run cannot go on, but [`Trainer::checkpoint`] can be resumed.
    pub fn diverged(&self) -> Option<&Diverged> {
        self.diverged.as_ref()
    }

    /// The network as it is now, for inference or attacks.
    pub fn network(&self, track: Track) -> Network {
        Network::new(&self.config, self.now.theta.clone(), track)
    }

    /// One step: batch, perturbation, loss, gradient, update. Nothing is read back.
    pub fn step(&mut self) {
        let step = self.now.step;
        let batch = self.data.train.batch(self.order.indices(step), self.config.classes, &self.device);
        let seed = self.settings.seed;
        let rng = || seed.rng(Stream::Perturbation, step as u64);
        let make = |track| Network::new(&self.config, self.now.theta.clone(), track);
        let objective = self.objective;
        let x_prime =
            objective.needs_x_prime().then(|| objective.regularizer.x_prime(make, &batch, &self.settings, &mut rng()));
        let probe = (!self.objective.perturbs() && step.is_multiple_of(DS_PROBE)).then(|| {
            let (network, x) = (make(Track::Nothing), batch.images.clone());
            let perturbed = self.settings.perturbation.draw(x.dims(), Spread::Uniform, &mut rng()).apply(x.clone());
            self.objective.ds.distance(&network.forward(x), &network.forward(perturbed)).mean()
        });

        let network = make(Track::Parameters);
        let tracked =
            Batch { images: batch.images.autodiff(), targets: batch.targets.autodiff(), labels: batch.labels };
        let losses = self.objective.losses(&network, &tracked, x_prime.map(Tensor::autodiff));
        let gradient = network.gradient(losses.total);

        let ds = losses.ds.map(Tensor::without_autodiff).or(probe);
        let has_ds = ds.is_some();
        let ce = losses.ce.without_autodiff();
        let ds = ds.unwrap_or_else(|| ce.zeros_like());
        let statistics = Tensor::cat(vec![ce, ds, losses.accuracy, gradient.clone().square().sum()], 0);
        self.pending.push((step + 1, has_ds, statistics));

        let (theta, state) = self.rule.step(self.now.theta.clone(), gradient, self.now.state.clone());
        self.before = std::mem::replace(&mut self.now, Position { step: step + 1, theta, state });
    }

    /// Reads the statistics of all steps since the last call, in one transfer. Records after the first one that is
    /// not finite are dropped and [`Trainer::diverged`] is set.
    ///
    /// # Errors
    /// `Device` when the device is lost.
    pub async fn read(&mut self) -> Result<Vec<Record>> {
        if self.pending.is_empty() {
            return Ok(Vec::new());
        }
        let pending = std::mem::take(&mut self.pending);
        let values = read(Tensor::cat(pending.iter().map(|(_, _, values)| values.clone()).collect(), 0)).await?;
        let mut records = Vec::with_capacity(pending.len());
        for ((step, has_ds, _), values) in pending.into_iter().zip(values.chunks_exact(4)) {
            let &[ce, ds, accuracy, squares] = values else { unreachable!("chunks of four") };
            if !(ce.is_finite() && ds.is_finite() && squares.is_finite()) {
                if step == self.last_good.step + 1 {
                    // The very loss of the last good parameters is not finite: they are of no use.
                    self.last_good = self.proven.clone();
                }
                self.diverged = Some(self.report(step, ce, ds, squares));
                return Ok(records);
            }
            records.push(Record { step, ce, ds: has_ds.then_some(ds), accuracy, grad_norm: squares.sqrt() });
        }
        // A finite gradient keeps finite parameters finite, so the present state is sound too, until its loss shows.
        self.last_good = self.now.clone();
        self.proven = self.before.clone();
        Ok(records)
    }

    fn report(&self, step: usize, ce: f32, ds: f32, squares: f32) -> Diverged {
        let culprit = match () {
            () if !ce.is_finite() => format!("the cross-entropy became {ce}"),
            () if !ds.is_finite() => format!("DS became {ds}"),
            () => format!("the squared gradient norm became {squares}"),
        };
        let last_good_step = self.last_good.step;
        let message = format!(
            "Training stopped: {culprit} at step {step}. A smaller learning rate or a smaller α usually helps; the state after step {last_good_step} is sound."
        );
        Diverged { step, message, last_good_step }
    }

    /// Everything needed to continue exactly from the last state known to be sound.
    ///
    /// # Errors
    /// `Device` when the device is lost.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        let Position { step, theta, state } = self.last_good.clone();
        let sizes = [theta.dims()[0], state.first.dims()[0], state.second.dims()[0]];
        let mut values = read(Tensor::cat(vec![theta, state.first, state.second], 0)).await?;
        let second = values.split_off(sizes[0] + sizes[1]);
        let first = values.split_off(sizes[0]);
        Ok(Checkpoint {
            weights: Weights { config: self.config.clone(), values },
            step,
            time: state.time,
            optimizer: self.settings.optimizer,
            first,
            second,
        })
    }

    /// The present parameters.
    ///
    /// # Errors
    /// `Device` when the device is lost.
    pub async fn weights(&self) -> Result<Weights> {
        Ok(Weights { config: self.config.clone(), values: read(self.now.theta.clone()).await? })
    }
}
