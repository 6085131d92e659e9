//! A run as it is kept and saved: what a reader of its numbers needs.
//!
//! It may come from a file that anybody wrote, so nothing in it is believed: the types say what can stand where,
//! [`SavedRun::read`] whether it fits together, and what no field names is dropped. The bytes of models and checkpoints
//! stand beside it.

use super::{Comparison, compare};
use crate::config::{Settings, reason};
use crate::data::{CLASSES, SIDES};
use crate::error::{Code, Error, Result};
use crate::experiment::{Outcomes, Report};
use crate::train::{Diverged, Record};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// Longest text in it, in bytes: messages of browsers are shorter.
const TEXT: usize = 10_000;
/// Most notes of a lane.
const NOTES: usize = 200;
/// Most checkpoints of a lane: a run takes 20, and one more wherever it is kept.
const CHECKPOINTS: usize = 50;

/// A run, finished or not.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SavedRun {
    /// Settings of both lanes.
    pub settings: Settings,
    /// The visitor's own pictures that it was made on, if it was.
    pub own: Option<OwnSet>,
    /// What computed it.
    pub engine: Option<Chosen>,
    /// The table of a finished run; nothing otherwise.
    pub comparison: Option<Comparison>,
    /// The plain lane, then the other one.
    pub lanes: Vec<SavedLane>,
}

/// The same as it stands in a file: whether there is a table says that the run is finished, and nothing in it counts.
#[derive(Deserialize)]
struct Told {
    settings: Settings,
    own: Option<OwnSet>,
    engine: Option<Chosen>,
    comparison: Option<IgnoredAny>,
    lanes: Vec<SavedLane>,
}

/// Which pictures a visitor brought, without the pictures.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnSet {
    /// What the visitor calls them.
    pub name: String,
    /// Names of the classes, in the order of the labels.
    pub classes: Vec<String>,
    /// Pixels.
    pub height: usize,
    /// Pixels.
    pub width: usize,
    /// Pictures to learn from.
    pub train: usize,
    /// Pictures to test on.
    pub test: usize,
    /// Pictures of each class in both halves.
    pub counts: Vec<[usize; 2]>,
    /// Identifies the set.
    pub digest: String,
}

/// The engine of a run.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// Its identifier.
    pub name: String,
    /// Why it was chosen, for people.
    pub why: String,
}

/// A lane of it.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedLane {
    /// `plain` or `continuity`.
    pub name: String,
    /// Steps made.
    pub step: usize,
    /// Steps to make.
    pub steps: usize,
    /// One record a step.
    pub history: Vec<Record>,
    /// What happened to the lane that a reader of its numbers should know.
    pub notes: Vec<String>,
    /// Why it stopped, when it did before its end.
    pub diverged: Option<Diverged>,
    /// The evaluation of its model, of a finished run.
    pub report: Option<Report>,
    /// Steps of the checkpoints beside it, of a run that is not finished.
    #[serde(default)]
    pub checkpoints: Vec<usize>,
}

fn damaged(what: impl Into<String>) -> Error {
    Error::new(Code::InvalidRun, what)
}

/// Refuses a text that is too long to be one of ours.
fn check_text(what: &str, text: &str) -> Result<()> {
    if text.len() > TEXT {
        return Err(damaged(format!("{what} has {} bytes; allowed are {TEXT}.", text.len())));
    }
    Ok(())
}

impl SavedRun {
    /// Reads and checks a run. The table of a finished one is computed from its reports, so that it is theirs.
    ///
    /// # Errors
    /// `InvalidRun`, naming the part that cannot be; `InvalidSetting` and its kin for the settings.
    pub fn read(text: &str) -> Result<Self> {
        let told: Told = serde_json::from_str(text).map_err(|error| {
            culprit(text).unwrap_or_else(|| damaged(format!("It cannot be read: {}.", reason(&error))))
        })?;
        told.check()?;
        let Told { settings, own, engine, comparison, mut lanes } = told;
        let reports = lanes.iter().map(|lane| lane.report.as_ref()).collect::<Vec<_>>();
        let comparison = match (&reports[..], comparison) {
            ([Some(plain), Some(continuity)], Some(_)) => Some(table(plain, continuity)?),
            _ => {
                // A run that is not finished is evaluated anew.
                lanes.iter_mut().for_each(|lane| lane.report = None);
                None
            }
        };
        Ok(Self { settings, own, engine, comparison, lanes })
    }
}

/// The whole table of two finished reports.
fn table(plain: &Report, continuity: &Report) -> Result<Comparison> {
    let table = compare(plain, continuity).map_err(|error| damaged(error.message))?;
    if table.sentence.is_none() {
        let rows = table.rows.iter().map(|row| &row.id[..]).collect::<Vec<_>>().join(", ");
        return Err(damaged(format!("Its results are not finished: of the table they hold the rows [{rows}] alone.")));
    }
    Ok(table)
}

impl Told {
    fn check(&self) -> Result<()> {
        self.settings.validate()?;
        if !self.lanes.iter().map(|lane| &lane.name[..]).eq(["plain", "continuity"]) {
            return Err(damaged("It does not hold both lanes, the plain one first."));
        }
        if let Some(engine) = &self.engine {
            check_text("The name of its engine", &engine.name)?;
            check_text("The choice of its engine", &engine.why)?;
        }
        match (&self.own, self.settings.dataset.is_own()) {
            (Some(own), true) => own.check()?,
            (None, true) => return Err(damaged("It was made on own pictures and does not say on which.")),
            (Some(_), false) => return Err(damaged("It names own pictures that it was not made on.")),
            (None, false) => {}
        }
        self.lanes.iter().try_for_each(|lane| lane.check(self))
    }
}

impl OwnSet {
    fn check(&self) -> Result<()> {
        let wrong = |what: &str, value: usize, allowed: String| {
            Err(damaged(format!("{what} of its own pictures is {value}; allowed is {allowed}.")))
        };
        let (classes, [low, high]) = (self.classes.len(), [SIDES.start(), SIDES.end()]);
        if !CLASSES.contains(&classes) {
            return wrong("The number of classes", classes, format!("{} to {}", CLASSES.start(), CLASSES.end()));
        }
        if self.counts.len() != classes {
            return wrong("The number of counts", self.counts.len(), format!("{classes}, one a class"));
        }
        for (what, side) in [("The height", self.height), ("The width", self.width)] {
            if !SIDES.contains(&side) {
                return wrong(what, side, format!("{low} to {high} pixels"));
            }
        }
        for (half, what, size) in [(0, "The number to learn from", self.train), (1, "The number to test on", self.test)]
        {
            let sum = self.counts.iter().try_fold(0usize, |sum, count| sum.checked_add(count[half]));
            if size == 0 || sum != Some(size) {
                let sum = sum.map_or_else(|| "what no set can hold".to_owned(), |sum| sum.to_string());
                return wrong(what, size, format!("the sum of the counts of its classes, {sum}, from 1 on"));
            }
        }
        self.classes
            .iter()
            .chain([&self.name, &self.digest])
            .try_for_each(|text| check_text("A name of its pictures", text))
    }
}

impl SavedLane {
    fn check(&self, run: &Told) -> Result<()> {
        let Self { name, step, steps, history, notes, diverged, report, checkpoints } = self;
        let wrong = |what: String| Err(damaged(format!("The {name} lane {what}.")));
        if *steps != run.settings.steps || step > steps {
            return wrong(format!("is at step {step} of {steps}; its settings name {} steps", run.settings.steps));
        }
        let mut before = 0;
        for record in history {
            let Record { ce, ds, accuracy, grad_norm, .. } = *record;
            let finite = [ce, ds.unwrap_or(0.0), grad_norm].iter().all(|value| value.is_finite());
            if record.step <= before || record.step > *step || !finite || !(0.0..=1.0).contains(&accuracy) {
                return wrong(format!("has a history that cannot be, at step {}", record.step));
            }
            before = record.step;
        }
        if notes.len() > NOTES {
            return wrong(format!("has {} notes; allowed are {NOTES}", notes.len()));
        }
        notes.iter().try_for_each(|note| check_text("A note", note))?;
        if let Some(Diverged { step: at, message, last_good_step }) = diverged {
            check_text("The message of a divergence", message)?;
            if at > steps || last_good_step >= at || message.is_empty() || run.comparison.is_some() {
                return wrong(format!("diverged at step {at} after the sound step {last_good_step}, which cannot be"));
            }
        }
        if checkpoints.len() > CHECKPOINTS || checkpoints.iter().any(|at| at > step) {
            return wrong(format!("is at step {step} and has checkpoints of the steps {checkpoints:?}"));
        }
        match (&run.comparison, report) {
            (Some(_), Some(report)) => self.check_report(report, run),
            (Some(_), None) => wrong("has no results, although there is a table of them".to_owned()),
            (None, _) if checkpoints.is_empty() => wrong("has no checkpoint to go on from".to_owned()),
            (None, _) => Ok(()),
        }
    }

    /// Whether a report is of this lane: [`compare`] looks at the rest.
    fn check_report(&self, report: &Report, run: &Told) -> Result<()> {
        let wrong = |what: &str, value: String, allowed: String| {
            let name = &self.name;
            let message = format!("The results of the {name} lane are not those of its model: {what} is {value:.100}");
            Err(damaged(format!("{message}; allowed is {allowed}.")))
        };
        let expected = if self.name == "plain" { run.settings.plain() } else { run.settings.clone() };
        if let Some((key, value, allowed)) = difference(&report.settings, &expected) {
            return wrong(&key, value, allowed);
        }
        if report.step != self.step {
            return wrong("step", report.step.to_string(), self.step.to_string());
        }
        let most = run.settings.eval_images;
        if !(1..=most).contains(&report.n) {
            return wrong("the number of images", report.n.to_string(), format!("1 to {most}"));
        }
        let Outcomes { near, far, largest, .. } = &report.outcomes;
        let distances = near.iter().chain(far).flatten().map(|distance| ("a distance", distance));
        // A number in a file may be larger than an f32.
        let mut lengths = distances.chain([("the largest change of a pixel", largest)]);
        match lengths.find(|(_, length)| !(0.0..=f32::MAX).contains(*length)) {
            Some((what, length)) => wrong(what, length.to_string(), "a finite number from 0 on".to_owned()),
            None => Ok(()),
        }
    }
}

/// The first setting that is another one than `expected`, and both its values.
fn difference(settings: &Settings, expected: &Settings) -> Option<(String, String, String)> {
    let [found, expected] =
        [settings, expected].map(|settings| serde_json::to_value(settings).expect("settings are plain data"));
    let keys = expected.as_object()?.iter();
    let mut others = keys.filter(|(key, expected)| found.get(key) != Some(expected));
    others.next().map(|(key, expected)| (key.clone(), found[key].to_string(), expected.to_string()))
}

/// Which part cannot be read, and why.
fn culprit(text: &str) -> Option<Error> {
    use serde_json::{Value, from_str};
    fn part<T: for<'de> Deserialize<'de>>(name: &str, value: &Value) -> Option<Error> {
        let error = from_str::<T>(&value.to_string()).err()?;
        Some(damaged(format!("{name} cannot be read: {}.", reason(&error))))
    }
    let run: Value = from_str(text).ok()?;
    if let Err(error) = Settings::read(&run["settings"].to_string()) {
        return Some(error);
    }
    let Some(lanes) = run["lanes"].as_array() else {
        return Some(damaged("It does not hold both lanes."));
    };
    let lane = |lane: &Value| {
        let name = lane["name"].as_str().unwrap_or("nameless").chars().take(20).collect::<String>();
        part::<Vec<Record>>(&format!("The history of the {name} lane"), &lane["history"])
            .or_else(|| part::<Vec<String>>(&format!("The notes of the {name} lane"), &lane["notes"]))
            .or_else(|| part::<Option<Diverged>>(&format!("The divergence of the {name} lane"), &lane["diverged"]))
            .or_else(|| part::<Option<Report>>(&format!("The results of the {name} lane"), &lane["report"]))
            .or_else(|| part::<SavedLane>(&format!("The {name} lane"), lane))
    };
    lanes
        .iter()
        .find_map(lane)
        .or_else(|| part::<Option<OwnSet>>("The description of its pictures", &run["own"]))
        .or_else(|| part::<Option<Chosen>>("Its engine", &run["engine"]))
}
