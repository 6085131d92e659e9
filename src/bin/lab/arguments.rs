//! The command line.

use crate::{bench, files, nudges, run, weights};
use semantic_continuity::config::{Settings, Values, schema};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// A message for the person at the terminal.
pub type Failure = String;
/// A result with [`Failure`].
pub type Outcome<T = ()> = std::result::Result<T, Failure>;

const USAGE: &str = "\
Usage: cargo lab COMMAND [options] [setting=value ...]

  settings                 write www/settings.json, the controls of the page
  weights [options] [dataset ...]
                           train and write the bases and pretrained pairs to www/weights, all or those named
      --to DIR             write elsewhere
      --holdout N          do not train on the last N training images
  run [options] [settings] train both lanes, judge them, print the comparison
      --base FILE          start from these weights instead of the shipped base
      --holdout N          judge on the last N training images, which are then not trained on; choose settings
                           with this and with a base made with the same --holdout, never with the test images
      --json FILE          write both reports and the comparison
      --quiet              only the table
  nudges [options] [kind:strength ...]
                           how often the shipped pair changes its answers, and on which images
      --images N           the first N test images (200)
      --seed N             seed of the draws (1)
      --list               every image with a changed answer
  bench                    milliseconds per step on one thread, as JSON

Settings are those of the page and of its links, for example alpha=10 perturbation=gaussian:0.2 seed=3.";

/// What follows the command: options with their values, the rest in order.
pub struct Arguments {
    options: Vec<(String, Option<String>)>,
    pub rest: Vec<String>,
}

/// Runs the command that `words` name.
pub fn dispatch(mut words: Vec<String>) -> Outcome {
    if words.is_empty() {
        return Err(format!("no command.\n\n{USAGE}"));
    }
    let command = words.remove(0);
    let parse = |valued: &[&str], bare: &[&str]| Arguments::parse(&words, valued, bare);
    match command.as_str() {
        "settings" => parse(&[], &[])?.nothing_more().and_then(|()| files::write_settings()),
        "weights" => weights::command(&parse(&["to", "holdout"], &[])?),
        "run" => run::command(&parse(&["base", "holdout", "json"], &["quiet"])?),
        "nudges" => nudges::command(&parse(&["images", "seed"], &["list"])?),
        "bench" => parse(&[], &[])?.nothing_more().and_then(|()| bench::command()),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("unknown command {other:?}.\n\n{USAGE}")),
    }
}

impl Arguments {
    /// Splits `words`; `valued` options take the next word, `bare` ones stand alone.
    fn parse(words: &[String], valued: &[&str], bare: &[&str]) -> Outcome<Self> {
        let mut arguments = Self { options: Vec::new(), rest: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let Some(name) = word.strip_prefix("--") else {
                arguments.rest.push(word.clone());
                continue;
            };
            let value = if valued.contains(&name) {
                Some(words.next().cloned().ok_or_else(|| format!("--{name} needs a value."))?)
            } else if bare.contains(&name) {
                None
            } else {
                return Err(format!("unknown option --{name}.\n\n{USAGE}"));
            };
            arguments.options.push((name.to_owned(), value));
        }
        Ok(arguments)
    }

    /// Whether the option stands there.
    pub fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(option, _)| option == name)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(option, _)| option == name)?.1.as_deref()
    }

    /// A path; relative ones count from where the command is given.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.value(name).map(PathBuf::from)
    }

    /// A whole number.
    pub fn number<T: std::str::FromStr>(&self, name: &str, default: T) -> Outcome<T> {
        self.value(name).map_or(Ok(default), |text| {
            text.parse().map_err(|_| format!("--{name} is {text:?}; allowed is a whole number in its range."))
        })
    }

    /// Refuses further words.
    pub fn nothing_more(&self) -> Outcome {
        self.rest.first().map_or(Ok(()), |word| Err(format!("unexpected {word:?}.\n\n{USAGE}")))
    }

    /// The default settings with the `key=value` words in place.
    pub fn settings(&self) -> Outcome<Settings> {
        let controls = schema();
        let mut values = Map::new();
        for word in &self.rest {
            let (key, text) =
                word.split_once('=').ok_or_else(|| format!("{word:?} is not a setting; write setting=value."))?;
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
        Settings::from_json(&Value::Object(values).to_string()).map_err(|error| error.message)
    }
}
