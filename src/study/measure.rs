//! What is measured of a model.

use super::Number;
use crate::attack::{Attack, Budget, Victim};
use crate::config::Settings;
use crate::data::Data;
use crate::error::{Error, Result};
use crate::experiment::{
    Change, Condition, Evaluation, Mode, Plan, Report, Responding, Response, ResponseReport, Robustness, SIGMAS, Shots,
    Smoothing, Smoothness, Survey, Surveying, Transfer, Transferring, Trial, randomised,
};
use crate::saliency::Method;
use crate::train::Trainer;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::rc::Rc;

/// An experiment of [`crate::experiment`] on one model, with what it needs beyond the settings of the lane. All draws come
/// from the seed of the lane, and all lanes with one seed see the same images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Measure {
    /// The table of the page: `clean`, `noise`, `flip`, `ds`, `fgsm`, `pgd`, `robust`.
    Evaluation,
    /// `worst-case`, the share of images that withstand all attacks, and the share for each attack by its name.
    Robustness {
        /// Test images.
        images: usize,
        /// How far each attack may go.
        budget: Budget,
        /// The attacks.
        attacks: Vec<Attack>,
    },
    /// For each condition `accuracy`, `flip`, `violation-random`, `violation-nearest`, `ds-same`, `ds-other` and, where
    /// colours mislead, `follows`, each with the condition's name behind; `outside`, where masks are known.
    Response {
        /// Test images.
        images: usize,
        /// The layer of the distances, as the report names it.
        layer: String,
        /// The conditions.
        conditions: Vec<Condition>,
    },
    /// The mean of each measure of [`crate::saliency::metric`] with the method's name behind.
    Saliency {
        /// Test images.
        images: usize,
        /// Between which two images a map moves.
        change: Change,
        /// The methods.
        methods: Vec<Method>,
    },
    /// For each mode and number of labels its accuracy, as `probe 10` or `fine-tune all`, on the set that models of this one
    /// are [moved to](crate::data::Dataset::transfer_target).
    Transfer {
        /// Test images.
        images: usize,
        /// Steps.
        steps: usize,
        /// What is trained.
        modes: Vec<Mode>,
        /// Labels a class.
        shots: Vec<Shots>,
    },
    /// `jacobian`, `radius-linf`, `radius-l2`, and `ds` and `cosine` with each σ behind.
    Smoothness {
        /// Test images.
        images: usize,
    },
}

/// The method without its settings.
fn name(method: Method) -> String {
    match serde_json::to_value(method) {
        Ok(serde_json::Value::Object(settings)) => settings.keys().next().cloned().unwrap_or_default(),
        Ok(name) => name.as_str().unwrap_or_default().to_owned(),
        Err(_) => String::new(),
    }
}

type Numbers = BTreeMap<String, Number>;

fn share(outcomes: &[bool]) -> Number {
    let hits = outcomes.iter().filter(|&&hit| hit).count();
    Number::new(hits as f64 / outcomes.len() as f64, outcomes.len(), "there are no images")
}

/// The mean over the images that have a value; a value too large for a number leaves none.
fn mean<T: Copy + Into<Option<f32>>>(values: &[T]) -> Number {
    let defined: Vec<f32> = values.iter().filter_map(|&value| value.into()).collect();
    if defined.is_empty() {
        return Number::new(f64::NAN, values.len(), "no image has a value");
    }
    Number::new(total(&defined) / defined.len() as f64, defined.len(), OVERFLOW)
}

/// `Σ near / Σ far` over the images that have both.
fn quotient<T: Copy + Into<Option<f32>>>(near: &[T], far: &[T]) -> Number {
    let both = near.iter().zip(far).filter_map(|(&near, &far)| Some((near.into()?, far.into()?)));
    let (near, far): (Vec<f32>, Vec<f32>) = both.unzip();
    let (above, below) = (total(&near), total(&far));
    let why = if below == 0.0 { "the answers to different images do not differ" } else { OVERFLOW };
    Number::new(above / below, near.len(), why)
}

const OVERFLOW: &str = "an image has a value too large for a number";

/// The sum; not a number where one of them is none, or stands for what was too large for one.
fn total(values: &[f32]) -> f64 {
    let finite = |value: f32| if value.abs() < f32::MAX { f64::from(value) } else { f64::NAN };
    values.iter().map(|&value| finite(value)).sum()
}

/// Does a unit of some run until none is left: the runs differ in their types alone.
macro_rules! finish {
    ($run:expr) => {{
        let mut run = $run;
        while run.progress().0 < run.progress().1 {
            run.advance().await?;
        }
        run
    }};
}

impl Measure {
    /// Measures the model that `trainer` trained on `data`; `load` reads other datasets.
    pub(super) async fn of(
        &self,
        data: &Rc<Data>,
        trainer: &Trainer,
        load: &dyn Fn(&Settings) -> Result<Data>,
    ) -> Result<Numbers> {
        let (settings, seed) = (trainer.settings().clone(), trainer.settings().seed);
        let data = Rc::clone(data);
        let victim = Victim::new(|track| trainer.network(track));
        let mut numbers = Numbers::new();
        match self {
            Self::Evaluation => {
                let mut run = Evaluation::new(data, settings, trainer.step_count(), |track| trainer.network(track))?;
                let report = loop {
                    if let Some(report) = run.advance().await?.filter(Report::is_finished) {
                        break report;
                    }
                };
                let outcomes = report.outcomes;
                let shares = [
                    ("clean", &outcomes.clean),
                    ("noise", &outcomes.noise),
                    ("flip", &outcomes.flip),
                    ("fgsm", &outcomes.fgsm),
                    ("pgd", &outcomes.pgd),
                ];
                numbers.extend(shares.map(|(name, outcomes)| (name.to_owned(), share(outcomes))));
                numbers.extend(outcomes.robust.map(|robust| ("robust".to_owned(), share(&robust))));
                numbers.insert("ds".to_owned(), quotient(&outcomes.near, &outcomes.far));
            }
            Self::Robustness { images, budget, attacks } => {
                let trials = attacks.iter().map(|&attack| Trial::new(attack, *budget)).collect();
                let plan = Plan { trials, images: *images, seed, cumulative: false };
                let config = victim.network().config();
                config.check_images(&data.test)?;
                let (classes, device) = (config.classes, victim.network().device());
                let report = finish!(Robustness::new(data, plan, victim, Vec::new(), classes, device)?).report();
                numbers.insert("worst-case".to_owned(), share(&report.worst_case()));
                numbers.extend(report.trials.iter().map(|trial| (trial.trial.label(), share(&trial.robust))));
            }
            Self::Response { images, layer, conditions } => {
                let asked = Response { conditions: conditions.clone(), images: *images, seed };
                let run = finish!(Responding::new(data, asked, victim)?);
                let report = run.report();
                let at = report.layers.iter().position(|name| name == layer);
                let at = at.ok_or_else(|| Error::setting("The layer", layer, report.layers.join(", ")))?;
                numbers.extend(responses(report, at));
            }
            Self::Saliency { images, change, methods } => {
                for &method in methods {
                    let survey = Survey { method, change: change.clone(), images: *images, seed };
                    let random = randomised(victim.network(), seed);
                    let run = finish!(Surveying::new(Rc::clone(&data), survey, victim.clone(), random)?);
                    let named = |measure: crate::saliency::metric::Measure| format!("{measure} {}", name(method));
                    numbers.extend(run.report().values.iter().map(|(measure, values)| (named(*measure), mean(values))));
                }
            }
            Self::Transfer { images, steps, modes, shots } => {
                let dataset = settings.dataset.transfer_target().ok_or_else(|| {
                    Error::setting("The dataset of a transfer", settings.dataset, "one with a set to move to")
                })?;
                let target = Rc::new(load(&Settings { dataset, ..settings })?);
                let (modes, shots) = (modes.clone(), shots.clone());
                let asked = Transfer { modes, shots, images: *images, steps: *steps, seed };
                let device = victim.network().device();
                let run = finish!(Transferring::new(target, asked, &trainer.weights().await?, device)?);
                let parts = run.report().parts.iter();
                numbers
                    .extend(parts.map(|part| (format!("{} {}", part.mode, part.shots.label()), share(&part.correct))));
            }
            Self::Smoothness { images } => {
                let run = finish!(Smoothing::new(data, Smoothness { images: *images, seed }, victim)?);
                let report = run.report();
                numbers.insert("jacobian".to_owned(), mean(&report.jacobian));
                numbers.insert("radius-linf".to_owned(), mean(&report.radius_linf));
                numbers.insert("radius-l2".to_owned(), mean(&report.radius_l2));
                for (sigma, noisy) in SIGMAS.iter().zip(&report.noise) {
                    numbers.insert(format!("ds {sigma}"), mean(&noisy.ds));
                    numbers.insert(format!("cosine {sigma}"), mean(&noisy.cosine));
                }
            }
        }
        Ok(numbers)
    }
}

fn responses(report: &ResponseReport, layer: usize) -> Numbers {
    let agree = |a: &[u8], b: &[u8]| -> Vec<bool> { a.iter().zip(b).map(|(a, b)| a == b).collect() };
    let reference = &report.references[layer];
    let mut numbers = Numbers::new();
    numbers.insert("accuracy as it is".to_owned(), share(&agree(&report.clean, &report.labels)));
    if !report.outside.is_empty() {
        numbers.insert("outside".to_owned(), mean(&report.outside));
    }
    for outcome in &report.outcomes {
        let mut insert = |id: &str, number| numbers.insert(format!("{id} {}", outcome.condition.label()), number);
        let near = &outcome.near[layer];
        let above = |far: &[f32]| -> Vec<bool> { near.iter().zip(far).map(|(near, far)| near > far).collect() };
        let flipped: Vec<bool> = agree(&outcome.predicted, &report.clean).into_iter().map(|same| !same).collect();
        insert("accuracy", share(&agree(&outcome.predicted, &report.labels)));
        insert("flip", share(&flipped));
        insert("violation-random", share(&above(&reference.same)));
        insert("violation-nearest", share(&above(&reference.nearest)));
        insert("ds-same", quotient(near, &reference.same));
        insert("ds-other", quotient(near, &reference.other));
        if outcome.hinted.iter().any(Option::is_some) {
            let follows = |(predicted, hint): (&u8, &Option<u8>)| Some(*predicted) == *hint;
            let follows: Vec<bool> = outcome.predicted.iter().zip(&outcome.hinted).map(follows).collect();
            insert("follows", share(&follows));
        }
    }
    numbers
}
