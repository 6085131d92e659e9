//! `lab bench`: the time of a training step, to compare with the engines in a browser.

use crate::arguments::Outcome;
use crate::{files, lanes};
use pollster::block_on;
use semantic_continuity::config::{Settings, Start};
use semantic_continuity::train::Trainer;
use std::rc::Rc;
use std::time::Instant;

const WARM_UP: usize = 10;
const STEPS: usize = 60;

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
    let line = serde_json::json!({
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
