//! `lab weights`: the files in `www/weights`.

use crate::arguments::{self, Outcome, number};
use crate::{files, lanes};
use pollster::block_on;
use semantic_continuity::config::{Settings, Start, VERSION};
use semantic_continuity::data::{Data, Dataset};
use semantic_continuity::error::Error;
use semantic_continuity::model::{Architecture, Precision, SHIPPED, Weights, base_file};
use semantic_continuity::train::Trainer;
use std::path::Path;
use std::rc::Rc;

/// How a base is made: plain cross-entropy from scratch, ten times through 10,000 training images; of the few emoji half as
/// many batches, sixty times through, are enough.
pub fn base_settings((dataset, architecture): (Dataset, Architecture)) -> Settings {
    let steps = if dataset == Dataset::Emoji { 800 } else { 1560 };
    Settings { dataset, architecture, start: Start::Scratch, alpha: 0.0, steps, ..Settings::default() }
}

/// Trains and writes base, plain and continuity for what is shipped, or for the datasets named.
pub fn command(options: &arguments::Weights) -> Outcome {
    let folder = options.to.clone().unwrap_or_else(files::weights_folder);
    let holdout = number("--holdout", options.holdout.as_ref(), 0)?;
    let named: Vec<Dataset> =
        options.dataset.iter().map(|name| name.parse().map_err(|e: Error| e.message)).collect::<Outcome<_>>()?;
    for shipped in SHIPPED {
        if named.is_empty() || named.contains(&shipped.0) {
            trio(shipped, &folder, holdout)?;
        }
    }
    Ok(())
}

fn trio(shipped: (Dataset, Architecture), folder: &Path, holdout: usize) -> Outcome {
    let base = base_settings(shipped);
    let settings = Settings { dataset: base.dataset, architecture: base.architecture, ..Settings::default() };
    let data = Rc::new(files::data(&settings, holdout)?);
    let name = base_file(base.dataset, base.architecture).map_err(|error| error.message)?;
    let scratch = lanes::start(&base, &data, || Err("the base starts from scratch.".to_owned()))?;
    make(&data, &base, &scratch, holdout, &folder.join(&name))?;
    // The pair starts from the file, rounded to f16 as it is: from what a visitor's page loads.
    let start = files::read_weights(&folder.join(&name))?;
    for (lane, settings) in [("plain", settings.plain()), ("continuity", settings)] {
        make(&data, &settings, &start, holdout, &folder.join(name.replace("-base.", &format!("-{lane}."))))?;
    }
    Ok(())
}

fn make(data: &Rc<Data>, settings: &Settings, start: &Weights, holdout: usize, path: &Path) -> Outcome {
    let trainer = lanes::train(data, settings, start, |record| {
        if record.step % 200 == 0 || record.step == settings.steps {
            eprintln!("{:>5}  CE {:.3}  accuracy {:.3}", record.step, record.ce, record.accuracy);
        }
    })?;
    let bytes = shipped(&trainer, data.train.len(), holdout)?;
    files::write(path, &bytes)?;
    println!("{}: {} bytes", path.display(), bytes.len());
    Ok(())
}

/// The file with everything that made it in its metadata.
fn shipped(trainer: &Trainer, images: usize, holdout: usize) -> Outcome<Vec<u8>> {
    let weights = block_on(trainer.weights()).map_err(|error| error.message)?;
    let settings = trainer.settings();
    let command =
        if holdout == 0 { "cargo lab weights".into() } else { format!("cargo lab weights --holdout {holdout}") };
    let note = [
        ("command", command),
        ("version", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
        ("settings_version", VERSION.to_string()),
        ("settings", serde_json::to_string(settings).map_err(|error| error.to_string())?),
        ("seed", settings.seed.0.to_string()),
        ("steps", trainer.step_count().to_string()),
        ("training_images", images.to_string()),
    ];
    Ok(weights.to_safetensors(Precision::F16, &note))
}
