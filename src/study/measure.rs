//! What is measured of a model.

use super::Number;
use crate::attack::{Attack, Budget};
use crate::config::Settings;
use crate::data::Data;
use crate::error::{Error, Result};
use crate::experiment::{
    self, Change, Column, Condition, Estimate, Evaluation, FLAT, Gap, Mode, NO_GRADIENT, Quantity, Responding,
    Response, ResponseReport, Robustness, RobustnessPlan, Run, SIGMAS, STILL, Shots, Smoothing, Smoothness, Survey,
    Surveying, Transfer, Transferring, Trial, average, farther, proportion, randomised,
};
use crate::model::Classifier;
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
    proportion(outcomes).into()
}

/// The mean over the images that have a value.
fn mean(values: &[Option<f32>], gap: Gap<'_>) -> Number {
    number(average(values, gap), values.len())
}

/// `Σ near / Σ far` of distances.
fn quotient(near: &[Option<f32>], far: &[Option<f32>]) -> Number {
    number(experiment::quotient(near, far, "the answers to different images do not differ"), near.len())
}

/// A value with the images behind it, or why there is none of `n`.
fn number(found: std::result::Result<(f64, usize), String>, n: usize) -> Number {
    found.map_or_else(|undefined| Number::Undefined { undefined, n }, |(value, n)| Number::Value { value, n })
}

impl From<Quantity> for Number {
    fn from(quantity: Quantity) -> Self {
        match quantity {
            Quantity::Defined(Estimate { value, n, .. }) => Self::Value { value, n },
            Quantity::Undefined { undefined, n } => Self::Undefined { undefined, n },
        }
    }
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
        let classifier = Classifier::new(|track| trainer.network(track));
        let mut numbers = Numbers::new();
        match self {
            Self::Evaluation => {
                let run = Evaluation::new(data, settings, trainer.step_count(), |track| trainer.network(track))?;
                let run = run.finish().await?;
                let outcomes = &run.report().outcomes;
                let shares = [
                    ("clean", &outcomes.clean),
                    ("noise", &outcomes.noise),
                    ("flip", &outcomes.flip),
                    ("fgsm", &outcomes.fgsm),
                    ("pgd", &outcomes.pgd),
                ];
                numbers.extend(shares.map(|(name, outcomes)| (name.to_owned(), share(outcomes))));
                numbers.extend(outcomes.robust.iter().map(|robust| ("robust".to_owned(), share(robust))));
                numbers.insert("ds".to_owned(), quotient(&outcomes.near, &outcomes.far));
            }
            Self::Robustness { images, budget, attacks } => {
                let trials = attacks.iter().map(|&attack| Trial::new(attack, *budget)).collect();
                let plan = RobustnessPlan { trials, images: *images, seed, cumulative: false };
                let config = classifier.network().config();
                config.check_images(&data.test)?;
                let (classes, device) = (config.classes, classifier.network().device());
                let run = Robustness::new(data, plan, classifier, Vec::new(), classes, device)?.finish().await?;
                let report = run.report();
                numbers.insert("worst-case".to_owned(), share(&report.worst_case()));
                numbers.extend(report.trials.iter().map(|trial| (trial.trial.label(), share(&trial.robust))));
            }
            Self::Response { images, layer, conditions } => {
                let asked = Response { conditions: conditions.clone(), images: *images, seed };
                let run = Responding::new(data, asked, classifier)?.finish().await?;
                let report = run.report();
                let at = report.layers.iter().position(|name| name == layer);
                let at = at.ok_or_else(|| Error::setting("The layer", layer, report.layers.join(", ")))?;
                numbers.extend(responses(report, at));
            }
            Self::Saliency { images, change, methods } => {
                for &method in methods {
                    let survey = Survey { method, change: change.clone(), images: *images, seed };
                    let random = randomised(classifier.network(), seed);
                    let run = Surveying::new(Rc::clone(&data), survey, classifier.clone(), random)?.finish().await?;
                    let named = |measure: crate::saliency::metric::Metric| format!("{measure} {}", name(method));
                    let values = run.report().values.iter();
                    numbers.extend(
                        values.map(|(measure, values)| (named(*measure), mean(values, experiment::gap(*measure)))),
                    );
                }
            }
            Self::Transfer { images, steps, modes, shots } => {
                let dataset = settings.dataset.transfer_target().ok_or_else(|| {
                    Error::setting("The dataset of a transfer", settings.dataset, "one with a set to move to")
                })?;
                let target = Rc::new(load(&Settings { dataset, ..settings })?);
                let (modes, shots) = (modes.clone(), shots.clone());
                let asked = Transfer { modes, shots, images: *images, steps: *steps, seed };
                let device = classifier.network().device();
                let run = Transferring::new(target, asked, &trainer.weights().await?, device)?.finish().await?;
                let parts = run.report().parts.iter();
                numbers
                    .extend(parts.map(|part| (format!("{} {}", part.mode, part.shots.label()), share(&part.correct))));
            }
            Self::Smoothness { images } => {
                let run = Smoothing::new(data, Smoothness { images: *images, seed }, classifier)?.finish().await?;
                let report = run.report();
                let mut insert = |name: String, values: &Column, gap| {
                    numbers.insert(name, mean(&report.or_overflow(values), gap));
                };
                insert("jacobian".to_owned(), &report.jacobian, Gap::Overflow);
                insert("radius-linf".to_owned(), &report.radius_linf, FLAT);
                insert("radius-l2".to_owned(), &report.radius_l2, FLAT);
                for (sigma, noisy) in SIGMAS.iter().zip(&report.noise) {
                    insert(format!("ds {sigma}"), &noisy.ds, Gap::Overflow);
                    insert(format!("cosine {sigma}"), &noisy.cosine, STILL);
                }
            }
        }
        Ok(numbers)
    }
}

fn responses(report: &ResponseReport, layer: usize) -> Numbers {
    let right = |predicted: &[Option<u8>]| -> Vec<bool> {
        predicted.iter().zip(&report.labels).map(|(predicted, label)| *predicted == Some(*label)).collect()
    };
    let reference = &report.references[layer];
    let mut numbers = Numbers::new();
    numbers.insert("accuracy as it is".to_owned(), share(&right(&report.clean)));
    if !report.outside.is_empty() {
        numbers.insert("outside".to_owned(), mean(&report.outside_or_overflow(), NO_GRADIENT));
    }
    for outcome in &report.outcomes {
        let mut insert = |id: &str, number| numbers.insert(format!("{id} {}", outcome.condition.label()), number);
        let near = &outcome.near[layer];
        let above = |far: &[Option<f32>]| experiment::share(&farther(near, far), Gap::Overflow).into();
        let answers = outcome.predicted.iter().zip(&report.clean);
        let flipped: Vec<bool> = answers.map(|(after, before)| after != before || after.is_none()).collect();
        insert("accuracy", share(&right(&outcome.predicted)));
        insert("flip", share(&flipped));
        insert("violation-random", above(&reference.same));
        insert("violation-nearest", above(&reference.nearest));
        insert("ds-same", quotient(near, &reference.same));
        insert("ds-other", quotient(near, &reference.other));
        if outcome.hinted.iter().any(Option::is_some) {
            let follows = |(predicted, hint): (&Option<u8>, &Option<u8>)| predicted.is_some() && predicted == hint;
            let follows: Vec<bool> = outcome.predicted.iter().zip(&outcome.hinted).map(follows).collect();
            insert("follows", share(&follows));
        }
    }
    numbers
}
