//! A run as it is kept and saved: what a reader of its numbers needs.
//!
//! It may come from a file that anybody wrote, so nothing in it is believed: the types say what can stand where,
//! [`SavedRun::read`] whether it fits together, and what no field names is dropped. The bytes of models and checkpoints
//! stand beside it.

use super::{Comparison, Report, compare};
use crate::config::{Settings, reason};
use crate::error::{Code, Error, Result};
use crate::train::{Diverged, Record};
use serde::{Deserialize, Serialize};

/// Longest text in it, in bytes: messages of browsers are shorter.
const TEXT: usize = 10_000;
/// Most notes of a lane, and most rows of a table.
const ENTRIES: usize = 200;
/// Most checkpoints of a lane: a run takes 20, and one more wherever it is kept.
const CHECKPOINTS: usize = 50;
/// Classes of own pictures, as the engines take them.
const CLASSES: std::ops::RangeInclusive<usize> = 2..=20;

/// A run, finished or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

/// Which pictures a visitor brought, without the pictures.
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// Its identifier.
    pub name: String,
    /// Why it was chosen, for people.
    pub why: String,
}

/// A lane of it.
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
    /// Reads and checks a run. The table of a finished one is computed from its reports again, so that it is theirs; only
    /// where they lack a column that was added since, it stays as it was saved.
    ///
    /// # Errors
    /// `InvalidRun`, naming the part that cannot be; `InvalidSetting` and its kin for the settings.
    pub fn read(text: &str) -> Result<Self> {
        let mut run: Self = serde_json::from_str(text).map_err(|error| {
            culprit(text).unwrap_or_else(|| damaged(format!("It cannot be read: {}.", reason(&error))))
        })?;
        run.check()?;
        let reports = run.lanes.iter().map(|lane| lane.report.as_ref()).collect::<Vec<_>>();
        if let ([Some(plain), Some(continuity)], Some(_)) = (&reports[..], &run.comparison) {
            let computed = compare(plain, continuity)?;
            if computed.sentence.is_some() {
                run.comparison = Some(computed);
            }
        } else {
            // A run that is not finished is judged anew.
            run.lanes.iter_mut().for_each(|lane| lane.report = None);
        }
        Ok(run)
    }

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
        self.lanes.iter().try_for_each(|lane| lane.check(self))?;
        self.comparison.as_ref().map_or(Ok(()), check_comparison)
    }
}

impl OwnSet {
    fn check(&self) -> Result<()> {
        let classes = self.classes.len();
        if !CLASSES.contains(&classes) || self.counts.len() != classes || self.train.min(self.test) == 0 {
            return Err(damaged(format!(
                "Its own pictures have {classes} classes, {} to learn from and {} to test on; allowed are {} to {} classes, with pictures in both halves.",
                self.train,
                self.test,
                CLASSES.start(),
                CLASSES.end(),
            )));
        }
        self.classes
            .iter()
            .chain([&self.name, &self.digest])
            .try_for_each(|text| check_text("A name of its pictures", text))
    }
}

impl SavedLane {
    fn check(&self, run: &SavedRun) -> Result<()> {
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
        if notes.len() > ENTRIES {
            return wrong(format!("has {} notes; allowed are {ENTRIES}", notes.len()));
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
    fn check_report(&self, report: &Report, run: &SavedRun) -> Result<()> {
        let expected = if self.name == "plain" { run.settings.plain() } else { run.settings.clone() };
        let distances = report.outcomes.near.iter().chain(&report.outcomes.far);
        let finite = distances.flatten().all(|distance| distance.is_finite());
        if report.settings != expected || report.step != self.step || report.n > run.settings.eval_images || !finite {
            return Err(damaged(format!("The results of the {} lane are not those of its model.", self.name)));
        }
        Ok(())
    }
}

fn check_comparison(comparison: &Comparison) -> Result<()> {
    let Comparison { rows, sentence, notes, .. } = comparison;
    if sentence.is_none() || rows.len() > ENTRIES || notes.len() > ENTRIES {
        return Err(damaged("Its table is incomplete, or too long."));
    }
    let texts = rows.iter().flat_map(|row| [&row.id, &row.label, &row.help, &row.unit, &row.better]);
    texts.chain(sentence).chain(notes).try_for_each(|text| check_text("A text of its table", text))
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
        .or_else(|| part::<Option<Comparison>>("Its table", &run["comparison"]))
        .or_else(|| part::<Option<OwnSet>>("The description of its pictures", &run["own"]))
        .or_else(|| part::<Option<Chosen>>("Its engine", &run["engine"]))
}
