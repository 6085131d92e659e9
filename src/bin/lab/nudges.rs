//! `lab nudges`: how often, and where, the shipped pair changes its answers.

use crate::arguments::{Nudges, Outcome, number};
use crate::{files, lanes};
use burn::tensor::Tensor;
use pollster::block_on;
use semantic_continuity::config::Settings;
use semantic_continuity::data::Data;
use semantic_continuity::experiment::{Estimate, Nudge, Quantity, nudge, nudge_rates};
use semantic_continuity::model::{Network, Track, base_file};
use semantic_continuity::perturb::Perturbation;
use semantic_continuity::seed::Seed;

/// Perturbations looked at when none is named.
const USUAL: [&str; 10] = [
    "gaussian:0.1",
    "gaussian:0.2",
    "gaussian:0.3",
    "uniform:0.2",
    "brightness:0.1",
    "brightness:0.2",
    "contrast:0.4",
    "box-blur:1",
    "gaussian-blur:0.7",
    "shift:1",
];

/// Prints the rates of each perturbation and, with `--list`, the images.
pub fn command(options: &Nudges) -> Outcome {
    let images = number("--images", options.images.as_ref(), 200)?;
    let seed = Seed(number("--seed", options.seed.as_ref(), 1)?);
    let settings = Settings::default();
    let data = files::data(&settings, 0)?;
    let base = base_file(settings.dataset, settings.architecture).map_err(|error| error.message)?;
    let network = |lane: &str| -> Outcome<Network> {
        let weights = files::read_weights(&files::weights_folder().join(base.replace("-base.", &format!("-{lane}."))))?;
        let theta = Tensor::from_data(&weights.values[..], &lanes::device());
        Ok(Network::new(&weights.config, theta, Track::Nothing))
    };
    let (plain, continuity) = (network("plain")?, network("continuity")?);
    let pair = [&plain, &continuity];
    let named: Vec<&str> = options.perturbation.iter().map(String::as_str).collect();
    let names = if named.is_empty() { USUAL.to_vec() } else { named };
    println!("{:<20}{:>24}{:>24}   answers changed, n = {images}, seed {}", "", "plain", "continuity", seed.0);
    for name in names {
        let perturbation: Perturbation = name.parse().map_err(|error| format!("{name:?}: {error}"))?;
        let rates = block_on(nudge_rates(&data, &pair, images, &perturbation, seed)).map_err(|error| error.message)?;
        let cell = |share: &Quantity| match share {
            Quantity::Defined(Estimate { value, low, high, .. }) => {
                format!("{:.1} [{:.1}, {:.1}] %", 100.0 * value, 100.0 * low, 100.0 * high)
            }
            Quantity::Undefined { undefined, .. } => format!("–, undefined: {undefined}"),
        };
        println!("{name:<20}{:>24}{:>24}", cell(&rates.flips[0]), cell(&rates.flips[1]));
        if options.list {
            list(&data, &pair, images, &perturbation, seed)?;
        }
    }
    Ok(())
}

/// Every image on which a model changes its answer: each model as `before (p) → after (p)`.
fn list(data: &Data, pair: &[&Network], images: usize, perturbation: &Perturbation, seed: Seed) -> Outcome {
    let classes = data.dataset.classes();
    for index in 0..images.min(data.test.len()) {
        let nudge = block_on(nudge(data, pair, index, perturbation, seed)).map_err(|error| error.message)?;
        if nudge.answers.iter().all(|answer| answer.prediction_before == answer.prediction_after) {
            continue;
        }
        println!(
            "  {index:>4} {:<12}{}",
            classes[usize::from(nudge.picture.label)],
            describe(&nudge, classes).join(" | ")
        );
    }
    Ok(())
}

fn describe(nudge: &Nudge, classes: &[&str]) -> Vec<String> {
    let answer = |answer: &semantic_continuity::experiment::Answer| {
        let part = |probabilities: &[f32], class: usize| format!("{} {:.2}", classes[class], probabilities[class]);
        let (before, after) = (answer.prediction_before, answer.prediction_after);
        let right = if after == usize::from(nudge.picture.label) { "right" } else { "wrong" };
        format!("{} → {} ({right})", part(&answer.before, before), part(&answer.after, after))
    };
    nudge.answers.iter().map(answer).collect()
}
