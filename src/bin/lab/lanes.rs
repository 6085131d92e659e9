//! Training and evaluating, one lane or both.

use crate::arguments::Outcome;
use pollster::block_on;
use semantic_continuity::config::{Settings, Start};
use semantic_continuity::data::Data;
use semantic_continuity::experiment::{Evaluation, Report, Run};
use semantic_continuity::model::{ModelConfig, Weights};
use semantic_continuity::train::{Record, Trainer};
use std::rc::Rc;
use std::time::Instant;

/// Steps between two reads.
const SLICE: usize = 50;

/// A lane trained and evaluated.
pub struct Trained {
    pub report: Report,
    pub train_seconds: f64,
    pub evaluate_seconds: f64,
}

/// burn's Flex on one thread, as in the CPU engine.
pub fn device() -> burn::tensor::Device {
    burn::tensor::Device::flex()
}

/// The weights that `settings` start from; `base` is what a visitor's page would have loaded.
pub fn start(settings: &Settings, data: &Data, base: impl FnOnce() -> Outcome<Weights>) -> Outcome<Weights> {
    match settings.start {
        Start::Base => base(),
        Start::Scratch => {
            Ok(ModelConfig::for_data(settings.architecture, &data.train, data.classes()).init(settings.seed))
        }
    }
}

/// Trains `settings.steps` steps from `start`; `watch` sees the last record of each slice.
pub fn train(data: &Rc<Data>, settings: &Settings, start: &Weights, watch: impl Fn(&Record)) -> Outcome<Trainer> {
    let mut trainer =
        Trainer::new(Rc::clone(data), settings.clone(), start, device()).map_err(|error| error.message)?;
    while !trainer.is_finished() {
        for _ in 0..SLICE.min(settings.steps - trainer.step_count()) {
            trainer.step();
        }
        let records = block_on(trainer.read()).map_err(|error| error.message)?;
        if let Some(diverged) = trainer.diverged() {
            return Err(diverged.message.clone());
        }
        records.last().into_iter().for_each(&watch);
    }
    Ok(trainer)
}

/// Trains one lane and evaluates it on the test images.
pub fn lane(data: Data, settings: &Settings, start: &Weights, watch: impl Fn(&Record)) -> Outcome<Trained> {
    let data = Rc::new(data);
    let clock = Instant::now();
    let trainer = train(&data, settings, start, watch)?;
    let train_seconds = clock.elapsed().as_secs_f64();
    let evaluation = Evaluation::new(data, settings.clone(), trainer.step_count(), |track| trainer.network(track));
    let evaluation = evaluation.and_then(|evaluation| block_on(evaluation.finish())).map_err(|error| error.message)?;
    let report = evaluation.report().clone();
    Ok(Trained { report, train_seconds, evaluate_seconds: clock.elapsed().as_secs_f64() - train_seconds })
}
