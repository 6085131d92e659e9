//! The command line.

use semantic_continuity::config::{self, Values, schema};
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::str::FromStr;

/// A message for the person at the terminal.
pub type Failure = String;
/// A result with [`Failure`].
pub type Outcome<T = ()> = Result<T, Failure>;

/// What `help` prints.
pub const USAGE: &str = "\
Usage: cargo lab COMMAND [options] [setting=value ...]

  settings                 write www/settings.json and www/catalogue/library.js, what the page knows of all this
  weights [options] [dataset ...]
                           train and write the bases and pretrained pairs to www/weights, all or those named
      --to DIR             write elsewhere
      --holdout N          do not train on the last N training images
  run [options] [settings] train both lanes, evaluate them, print the comparison
      --base FILE          start from these weights instead of the shipped base
      --holdout N          evaluate on the last N training images, which are then not trained on; choose
                           settings with this and with a base made with the same --holdout, never with the test images
      --json FILE          write both reports and the comparison
      --quiet              only the table
  nudges [options] [kind:strength ...]
                           how often the shipped pair changes its answers, and on which images
      --images N           the first N test images (200)
      --seed N             seed of the draws (1)
      --list               every image with a changed answer
  bench [options]          milliseconds per step, as JSON
      --engine NAME        cpu, on one thread, or webgpu, if the lab was built with it:
                           cargo run --profile native --features webgpu --bin lab -- bench --engine webgpu

Settings are those of the page and of its links, for example alpha=10 perturbation=gaussian:0.2 seed=3.";

xflags::xflags! {
    cmd lab {
        cmd settings {}
        cmd weights {
            optional --to dir: PathBuf
            optional --holdout n: String
            repeated dataset: String
        }
        cmd run {
            optional --base file: PathBuf
            optional --holdout n: String
            optional --json file: PathBuf
            optional --quiet
            repeated setting: String
        }
        cmd nudges {
            optional --images n: String
            optional --seed n: String
            optional --list
            repeated perturbation: String
        }
        cmd bench { optional --engine name: String }
        cmd help {}
    }
}

/// The command that the command line names.
pub fn command() -> Outcome<LabCmd> {
    match Lab::from_env() {
        Ok(lab) => Ok(lab.subcommand),
        Err(error) if error.is_help() => Ok(LabCmd::Help(Help)),
        Err(error) => Err(format!("{error}.\n\n{USAGE}")),
    }
}

/// The whole number that an option was given.
pub fn number<T: FromStr>(option: &str, text: Option<&String>, default: T) -> Outcome<T> {
    text.map_or(Ok(default), |text| {
        text.parse().map_err(|_| format!("{option} is {text:?}; allowed is a whole number in its range."))
    })
}

/// The default settings with the `key=value` words in place.
pub fn settings(words: &[String]) -> Outcome<config::Settings> {
    let controls = schema();
    let mut values = Map::new();
    for word in words {
        let (key, text) =
            word.split_once('=').ok_or_else(|| format!("{word:?} is not a setting; write setting=value."))?;
        let key = config::present_name(key);
        let control = controls.iter().find(|control| control.key == key).ok_or_else(|| {
            let known: Vec<_> = controls.iter().map(|control| control.key).collect();
            format!("there is no setting {key:?}; there are {}.", known.join(", "))
        })?;
        let value = match control.kind {
            Values::Number { .. } => serde_json::from_str(text)
                .map_err(|_| format!("{} is {text:?}; allowed is a number.", control.label))?,
            Values::Switch => serde_json::from_str(text)
                .map_err(|_| format!("{} is {text:?}; allowed is true or false.", control.label))?,
            Values::Choice { .. } | Values::Perturbation { .. } => Value::from(text),
        };
        values.insert(key.to_owned(), value);
    }
    config::Settings::from_json(&Value::Object(values).to_string()).map_err(|error| error.message)
}
