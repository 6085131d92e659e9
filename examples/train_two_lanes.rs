//! Trains both lanes on MNIST from the same random weights, plainly and with the constraint, and prints what differs:
//!
//! ```sh
//! cargo run --profile native --example train_two_lanes
//! ```
//!
//! One seed says nothing of other seeds: the intervals are over test images. `cargo study` repeats this over seeds.

use pollster::block_on;
use semantic_continuity::config::{Settings, Start};
use semantic_continuity::data::{Data, Dataset, read_folder};
use semantic_continuity::error::{Code, Error, Result};
use semantic_continuity::experiment::{Estimate, Evaluation, Quantity, Report, Run, compare};
use semantic_continuity::model::{ModelConfig, Weights};
use semantic_continuity::train::Trainer;
use std::path::Path;
use std::rc::Rc;

fn main() -> Result<()> {
    let settings = Settings {
        dataset: Dataset::Mnist,
        start: Start::Scratch,
        alpha: 1.0,
        perturbation: "gaussian:0.1".parse()?,
        steps: 300,
        eval_images: 200,
        ..Settings::default()
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    let data = Rc::new(read_folder(&folder, settings.dataset, settings.seed, settings.color_variance)?);
    // Both lanes start here, and meet the same batches in the same order: both follow from the seed.
    let start = ModelConfig::for_data(settings.architecture, &data.train, data.classes()).init(settings.seed);
    let plain = lane(&data, &settings.plain(), &start)?;
    let continuity = lane(&data, &settings, &start)?;

    let comparison = compare(&plain, &continuity)?;
    println!("{:<34}{:>24}{:>24}{:>24}{:>6}", "", "plain", "constraint", "difference", "n");
    for row in &comparison.rows {
        let [plain, continuity, difference] = [&row.plain, &row.continuity, &row.difference].map(text);
        println!("{:<34}{plain:>24}{continuity:>24}{difference:>24}{:>6}", row.label, row.difference.n());
    }
    println!("{} steps, seed {}; 95 % intervals over images", settings.steps, comparison.seed);
    Ok(())
}

/// Trains one lane and evaluates it on the test images.
fn lane(data: &Rc<Data>, settings: &Settings, start: &Weights) -> Result<Report> {
    let device = burn::tensor::Device::flex();
    let mut trainer = Trainer::new(Rc::clone(data), settings.clone(), start, device)?;
    while !trainer.is_finished() {
        trainer.step();
    }
    // Steps leave their statistics on the device; reading them tells whether all was finite.
    block_on(trainer.read())?;
    if let Some(diverged) = trainer.diverged() {
        return Err(Error::new(Code::Diverged, diverged.message.clone()));
    }
    let network = |track| trainer.network(track);
    let evaluation = Evaluation::new(Rc::clone(data), settings.clone(), trainer.step_count(), network)?;
    Ok(block_on(evaluation.finish())?.report().clone())
}

/// A number with its interval, or why there is none.
fn text(quantity: &Quantity) -> String {
    match quantity {
        Quantity::Defined(Estimate { value, low, high, .. }) => format!("{value:.3} [{low:.3}, {high:.3}]"),
        Quantity::Undefined { undefined, .. } => undefined.clone(),
    }
}
