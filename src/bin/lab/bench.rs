//! `lab bench`: the time of a training step, an attack and two attributions, to compare with the engines in a browser.

use crate::arguments::Outcome;
use crate::{files, lanes};
use burn::tensor::Tensor;
use pollster::block_on;
use semantic_continuity::attack::{Attack, Budget, evaluate, streams};
use semantic_continuity::config::{Settings, Start};
use semantic_continuity::model::{Classifier, Network};
use semantic_continuity::saliency::{Baseline, Method};
use semantic_continuity::seed::Stream;
use semantic_continuity::train::Trainer;
use std::rc::Rc;
use std::time::Instant;

const WARM_UP: usize = 10;
const STEPS: usize = 60;
/// Images attacked.
const ATTACKED: usize = 200;
/// Attributions timed.
const REPEATS: usize = 5;

/// Prints one line of JSON. The default settings but for the start, which costs the same from scratch.
pub fn command() -> Outcome {
    let settings = Settings { start: Start::Scratch, ..Settings::default() };
    let data = Rc::new(files::data(&settings, 0)?);
    let start = lanes::start(&settings, &data, || Err("timing starts from scratch.".to_owned()))?;
    let time = |settings: Settings| -> Outcome<f64> {
        let mut trainer =
            Trainer::new(Rc::clone(&data), settings, &start, lanes::device()).map_err(|error| error.message)?;
        let mut steps = |count: usize| {
            let clock = Instant::now();
            (0..count).for_each(|_| trainer.step());
            block_on(trainer.read()).map_err(|error| error.message)?;
            Ok::<f64, String>(clock.elapsed().as_secs_f64() * 1000.0 / count as f64)
        };
        steps(WARM_UP)?;
        steps(STEPS)
    };
    let classifier = Classifier::new(|track| {
        Network::new(&start.config, Tensor::from_data(&start.values[..], &lanes::device()), track)
    });
    let images: Vec<usize> = (0..ATTACKED).collect();
    let batch = data.test.batch(&images, start.config.classes, &lanes::device());
    let budget = Budget::linf(settings.attack_epsilon);
    let clock = Instant::now();
    let mut rngs = streams(settings.seed, 0, &images);
    let candidates =
        block_on(Attack::pgd(20).perturb(&classifier, &batch, budget, &mut rngs)).map_err(|error| error.message)?;
    block_on(evaluate(&classifier, &batch, candidates, budget)).map_err(|error| error.message)?;
    let pgd = clock.elapsed().as_secs_f64() * 1000.0;
    let x = batch.images.narrow(0, 0, 1);
    let attribute = |method: Method| -> Outcome<f64> {
        let clock = Instant::now();
        for _ in 0..REPEATS {
            let mut rng = settings.seed.rng(Stream::Saliency, 0);
            block_on(method.attribute(&classifier, &x, 0, &mut rng)).map_err(|error| error.message)?;
        }
        Ok(clock.elapsed().as_secs_f64() * 1000.0 / REPEATS as f64)
    };
    let line = serde_json::json!({
        "ms_pgd_20_200_images": pgd,
        "ms_integrated_gradients_64": attribute(Method::IntegratedGradients { steps: 64, baseline: Baseline::Black })?,
        "ms_lime_500": attribute(Method::Lime { samples: 500, cell: 4, baseline: Baseline::Blur })?,
        "ms_per_step_constraint": time(settings.clone())?,
        "ms_per_step_plain": time(settings.plain())?,
        "steps": STEPS,
        "batch": settings.batch,
        "architecture": settings.architecture,
        "threads": 1,
    });
    println!("{line}");
    Ok(())
}
