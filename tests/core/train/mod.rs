//! Training: loss and gradient, optimisers, runs, checkpoints, divergence.

mod baselines;
mod checkpoint;
mod divergence;
mod golden;
mod gradient;
mod optimizer;
mod run;

use crate::common::{data, device, stripes};
use semantic_continuity::config::Settings;
use semantic_continuity::model::{Architecture, ModelConfig, Weights};
use semantic_continuity::train::{Record, Trainer};
use std::rc::Rc;

/// The weights that a run on the test data starts from.
fn start(settings: &Settings) -> Weights {
    let channels = settings.dataset.channels();
    ModelConfig::for_data(settings.architecture, &stripes(48, channels, 1), 3).init(settings.seed)
}

fn trainer(settings: &Settings) -> Trainer {
    let data = Rc::new(data(settings.dataset.channels()));
    Trainer::new(data, settings.clone(), &start(settings), device()).expect("sound settings")
}

/// Makes `steps` steps and reads once.
async fn advance(trainer: &mut Trainer, steps: usize) -> Vec<Record> {
    (0..steps).for_each(|_| trainer.step());
    trainer.read().await.expect("the device answers")
}

/// The weights after `steps` steps.
async fn trained(settings: &Settings, steps: usize) -> Vec<f32> {
    let mut trainer = trainer(settings);
    let records = advance(&mut trainer, steps).await;
    assert_eq!(records.len(), steps, "{:?}", trainer.diverged());
    trainer.weights().await.expect("the device answers").values
}

fn with(architecture: Architecture) -> Settings {
    Settings { architecture, ..crate::common::settings() }
}
