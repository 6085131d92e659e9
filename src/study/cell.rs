//! One trained and measured model.

use super::{Job, Measure};
use crate::config::{Settings, VERSION};
use crate::data::Data;
use crate::error::Result;
use crate::model::{ModelConfig, Weights};
use crate::train::Trainer;
use burn::tensor::Device;
use pollster::block_on;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Steps between two reads of the loss.
const SLICE: usize = 50;

/// What made a result: two of them can be joined only when these are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeBy {
    /// Package and version.
    pub package: String,
    /// Version of the settings.
    pub settings: u32,
    /// The commit of the source.
    pub commit: String,
}

impl MadeBy {
    /// This library at `commit`.
    pub fn new(commit: &str) -> Self {
        let package = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        Self { package, settings: VERSION, commit: commit.to_owned() }
    }
}

/// A number that was measured, or why it has no value. In JSON `{"value": 0.5, "n": 60}` or `{"undefined": "…", "n": 60}`.
/// A [`Quantity`](crate::experiment::Quantity) has an interval over images besides; those of a study are over seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// It has a value.
    Value {
        /// The value, a mean or a share over `n`.
        value: f64,
        /// How many images have one.
        n: usize,
    },
    /// It has none, such as the quotient of two zeros. That is neither 0 nor anything else that could be better or worse.
    Undefined {
        /// Why.
        undefined: String,
        /// How many images were looked at.
        n: usize,
    },
}

impl Number {
    /// The value.
    ///
    /// # Errors
    /// Why there is none.
    pub fn value(&self) -> std::result::Result<f64, &str> {
        match self {
            Self::Value { value, .. } => Ok(*value),
            Self::Undefined { undefined, .. } => Err(undefined),
        }
    }

    /// How many images it is about.
    pub fn images(&self) -> usize {
        match *self {
            Self::Value { n, .. } | Self::Undefined { n, .. } => n,
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value { value, n } => write!(f, "{value} over {n} images"),
            Self::Undefined { undefined, n } => write!(f, "undefined over {n} images: {undefined}"),
        }
    }
}

/// One lane with one seed: how it was trained, and what came out. The same job gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// What made it.
    pub made_by: MadeBy,
    /// Name of the group.
    pub group: String,
    /// Name of the lane.
    pub lane: String,
    /// Training images held out in place of the test images.
    pub holdout: usize,
    /// Settings of the common start.
    pub base: Settings,
    /// Settings of the lane.
    pub settings: Settings,
    /// What was measured, by name.
    pub measures: BTreeMap<String, Measure>,
    /// Why there are no numbers: training stopped being finite.
    pub failed: Option<String>,
    /// What came out.
    pub numbers: BTreeMap<String, Number>,
}

impl Cell {
    /// `group.lane.seed`.
    pub fn name(&self) -> String {
        format!("{}.{}.{}", self.group, self.lane, self.settings.seed.0)
    }

    /// Whether this is the cell that `job` asks for.
    pub fn answers(&self, job: &Job, made_by: &MadeBy) -> bool {
        let asked = (made_by, &job.group, &job.lane, &job.holdout, &job.base, &job.settings, &job.measures);
        asked == (&self.made_by, &self.group, &self.lane, &self.holdout, &self.base, &self.settings, &self.measures)
    }

    /// Trains and measures. `load` reads the dataset of some settings, `start` is the common start.
    ///
    /// # Errors
    /// Whatever the job asks that is impossible. A run that diverges is a result, not an error.
    pub(super) fn make(
        job: &Job,
        made_by: &MadeBy,
        load: &dyn Fn(&Settings) -> Result<Data>,
        start: &Weights,
    ) -> Result<Self> {
        let data = Rc::new(load(&job.settings)?);
        let device = Device::flex();
        let mut cell = Self {
            made_by: made_by.clone(),
            group: job.group.clone(),
            lane: job.lane.clone(),
            holdout: job.holdout,
            base: job.base.clone(),
            settings: job.settings.clone(),
            measures: job.measures.clone(),
            failed: None,
            numbers: BTreeMap::new(),
        };
        let trainer = train(&data, &job.settings, start, &device)?;
        if let Some(diverged) = trainer.diverged() {
            cell.failed = Some(diverged.message.clone());
            return Ok(cell);
        }
        for measure in job.measures.values() {
            cell.numbers.extend(block_on(measure.of(&data, &trainer, load))?);
        }
        Ok(cell)
    }
}

/// The model that all lanes of a group start from.
pub(super) fn base(job: &Job, load: &dyn Fn(&Settings) -> Result<Data>) -> Result<Weights> {
    let data = Rc::new(load(&job.base)?);
    let start = ModelConfig::for_data(job.base.architecture, &data.train, data.classes()).init(job.base.seed);
    let trainer = train(&data, &job.base, &start, &Device::flex())?;
    match trainer.diverged() {
        Some(diverged) => Err(crate::error::Error::new(crate::error::Code::Diverged, diverged.message.clone())),
        None => block_on(trainer.weights()),
    }
}

fn train(data: &Rc<Data>, settings: &Settings, start: &Weights, device: &Device) -> Result<Trainer> {
    let mut trainer = Trainer::new(Rc::clone(data), settings.clone(), start, device.clone())?;
    while !trainer.is_finished() && trainer.diverged().is_none() {
        for _ in 0..SLICE.min(settings.steps - trainer.step_count()) {
            trainer.step();
        }
        block_on(trainer.read())?;
    }
    Ok(trainer)
}
