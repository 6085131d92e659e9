//! `lab bench`: the time of a training step, an attack and two attributions, to compare with the engines in a browser, on
//! the CPU or natively through wgpu.

use crate::arguments::{Bench, Outcome};
use crate::{engine, files, lanes};
use burn::tensor::{Device, Tensor};
use pollster::block_on;
use semantic_continuity::attack::{Attack, Budget, evaluate, streams};
use semantic_continuity::config::{Settings, Start};
use semantic_continuity::data::Data;
use semantic_continuity::error::Result;
use semantic_continuity::model::{Architecture, Classifier, Network};
use semantic_continuity::saliency::{Baseline, Method};
use semantic_continuity::seed::Stream;
use semantic_continuity::train::Trainer;
use std::rc::Rc;
use std::time::Instant;

/// Times a thing is done before it counts, and then how often; its time is the median.
const STEPS: (usize, usize) = (5, 40);
const STEPS_OF_MINI_RESNET: (usize, usize) = (2, 8);
const ATTACKS: (usize, usize) = (0, 2);
const EXPLANATIONS: (usize, usize) = (1, 5);
/// Images attacked, and of those at once, as in the engines.
const ATTACKED: usize = 200;
const AT_ONCE: usize = 100;

/// Prints one line of JSON, in milliseconds. The default settings but for the start, which costs the same from scratch.
pub fn command(options: &Bench) -> Outcome {
    let engine = options.engine.as_deref().unwrap_or("cpu");
    let clock = Instant::now();
    let (device, hardware) = engine::open(engine)?;
    let settings = Settings { start: Start::Scratch, ..Settings::default() };
    let of_resnet = Settings { architecture: Architecture::MiniResNet, ..settings.clone() };
    let data = Rc::new(files::data(&settings, 0)?);
    let start = lanes::start(&settings, &data, || Err("timing starts from scratch.".to_owned()))?;
    // Kernels for a graphics processor are compiled when they are first needed.
    let mut first = trainer(&data, settings.clone(), &device)?;
    let mut step = || {
        first.step();
        block_on(first.read()).map_err(|error| error.message)
    };
    step()?;
    let ready = clock.elapsed().as_secs_f64() * 1000.0;
    let (made, dispatches) = engine::webgpu::launches(step);
    made?;
    let classifier =
        Classifier::new(|track| Network::new(&start.config, Tensor::from_data(&start.values[..], &device), track));
    let budget = Budget::linf(settings.attack_epsilon);
    let attack = || -> Result<()> {
        for first in (0..ATTACKED).step_by(AT_ONCE) {
            let images: Vec<usize> = (first..first + AT_ONCE).collect();
            let batch = data.test.batch(&images, start.config.classes, &device);
            let mut rngs = streams(settings.seed, 0, &images);
            let candidates = block_on(Attack::pgd(20).perturb(&classifier, &batch, budget, &mut rngs))?;
            block_on(evaluate(&classifier, &batch, candidates, budget))?;
        }
        Ok(())
    };
    let x = data.test.batch(&[0], start.config.classes, &device).images;
    let explain = |method: Method| -> Outcome<f64> {
        let once = || -> Result<()> {
            let mut rng = settings.seed.rng(Stream::Saliency, 0);
            block_on(method.attribute(&classifier, &x, 0, &mut rng)).map(drop)
        };
        milliseconds(EXPLANATIONS, once)
    };
    let line = serde_json::json!({
        "of": if engine == "cpu" { "native" } else { "native, webgpu" },
        "hardware": hardware,
        "ready": ready,
        "dispatches": dispatches,
        "step": steps(trainer(&data, settings.clone(), &device)?, STEPS)?,
        "step_plain": steps(trainer(&data, settings.plain(), &device)?, STEPS)?,
        "step_mini_resnet": steps(trainer(&data, of_resnet, &device)?, STEPS_OF_MINI_RESNET)?,
        "pgd": milliseconds(ATTACKS, attack)?,
        "integrated_gradients": explain(Method::IntegratedGradients { steps: 64, baseline: Baseline::Black })?,
        "lime": explain(Method::Lime { samples: 500, cell: 4, baseline: Baseline::Blur })?,
    });
    println!("{line}");
    Ok(())
}

/// Who trains a lane of these settings from scratch.
fn trainer(data: &Rc<Data>, settings: Settings, device: &Device) -> Outcome<Trainer> {
    let start = lanes::start(&settings, data, || Err("timing starts from scratch.".to_owned()))?;
    Trainer::new(Rc::clone(data), settings, &start, device.clone()).map_err(|error| error.message)
}

/// The time of a step with its share of the reading back.
fn steps(mut trainer: Trainer, times: (usize, usize)) -> Outcome<f64> {
    milliseconds(times, || {
        trainer.step();
        block_on(trainer.read()).map(drop)
    })
}

fn milliseconds((warm_up, times): (usize, usize), mut what: impl FnMut() -> Result<()>) -> Outcome<f64> {
    let mut spent = Vec::with_capacity(times);
    for i in 0..warm_up + times {
        let clock = Instant::now();
        what().map_err(|error| error.message)?;
        if i >= warm_up {
            spent.push(clock.elapsed().as_secs_f64() * 1000.0);
        }
    }
    spent.sort_by(f64::total_cmp);
    Ok(spent[times / 2])
}
