//! What is measured of a model.

use super::Number;
use crate::attack::{Attack, Budget};
use crate::config::Settings;
use crate::data::Data;
use crate::error::{Error, Result};
use crate::experiment::{
    Change, Condition, Evaluation, Hint, Metric, Mode, Moved, Report, Responding, Response, ResponseReport, Robustness,
    RobustnessPlan, RobustnessReport, Run, SIGMAS, Shots, Smoothing, Smoothness, SmoothnessReport, Survey,
    SurveyReport, Surveying, Transfer, Transferring, Trial, Under, Values, randomised,
};
use crate::model::Classifier;
use crate::reading::{Better, Unit};
use crate::saliency::{Method, metric as saliency};
use crate::train::Trainer;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::rc::Rc;

/// An experiment of [`crate::experiment`] on one model, with what it needs beyond the settings of the lane. All draws
/// come from the seed of the lane, and all lanes with one seed see the same images.
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
    /// For each mode and number of labels its accuracy, as `probe 10` or `fine-tune all`, on the set that models of
    /// this one are [moved to](crate::data::Dataset::transfer_target).
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

/// A number as a plan may name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub name: String,
    pub unit: Unit,
    pub better: Better,
}

/// A number that a report `R` has, under the name that a study gives it.
struct Asked<R, At> {
    name: String,
    metric: Metric<R, At>,
    at: At,
}

impl<R, At> Asked<R, At> {
    fn new(name: impl Into<String>, metric: &Metric<R, At>, at: At) -> Self {
        Self { name: name.into(), metric: *metric, at }
    }
}

type Asks<R, At = ()> = Vec<Asked<R, At>>;

fn named<R, At>(asked: Asks<R, At>) -> Vec<Named> {
    let named = |Asked { name, metric, .. }| Named { name, unit: metric.unit, better: metric.better };
    asked.into_iter().map(named).collect()
}

/// The numbers asked for that `report` has.
fn numbers<R, At>(asked: Asks<R, At>, report: &R) -> Numbers {
    let number = |Asked { name, metric, at }| Some((name, metric.values(report, at)?.into()));
    asked.into_iter().filter_map(number).collect()
}

impl From<Values> for Number {
    fn from(values: Values) -> Self {
        let undefined = |undefined| Self::Undefined { undefined, n: values.images() };
        values.value().map_or_else(undefined, |(value, n)| Self::Value { value, n })
    }
}

fn evaluation() -> Asks<Report> {
    // What was published calls it `ds`.
    let name = |id: &'static str| if id == "normalised-ds" { "ds" } else { id };
    Report::METRICS.iter().map(|metric| Asked::new(name(metric.id), metric, ())).collect()
}

/// Each attack alone, by its name, and all together.
fn robustness(budget: Budget, attacks: &[Attack]) -> (Asks<RobustnessReport, usize>, Asked<RobustnessReport, ()>) {
    let trial =
        |(at, &attack): (usize, &Attack)| Asked::new(Trial::new(attack, budget).label(), &RobustnessReport::TRIAL, at);
    let worst = &RobustnessReport::WORST_CASE;
    (attacks.iter().enumerate().map(trial).collect(), Asked::new(worst.id, worst, ()))
}

/// With distances at layer `layer` of the report. Numbers were published under the labels of their conditions, which
/// therefore stay as they are.
fn responses(conditions: &[Condition], layer: usize) -> Asks<ResponseReport, Under> {
    let clean = ResponseReport::CLEAN.iter().map(|metric| {
        // The accuracy has a name for each condition and this one; what lies outside has no other.
        let name =
            if metric.id == "accuracy" { format!("accuracy {}", ResponseReport::AS_IT_IS) } else { metric.id.into() };
        Asked::new(name, metric, Under { condition: 0, layer })
    });
    let changed = conditions.iter().enumerate().flat_map(|(condition, known)| {
        let misleads = *known == Condition::Color(Hint::Conflicting);
        // A study does not take the gain.
        let metrics = ResponseReport::CHANGED.iter().filter(move |metric| match metric.id {
            "gain" => false,
            "follows" => misleads,
            _ => true,
        });
        metrics.map(move |metric| {
            Asked::new(format!("{} {}", metric.id, known.label()), metric, Under { condition, layer })
        })
    });
    clean.chain(changed).collect()
}

fn survey(method: Method) -> Asks<SurveyReport, saliency::Metric> {
    let of = name(method);
    let asked =
        |&metric: &saliency::Metric| Asked::new(format!("{metric} {of}"), &SurveyReport::metric(metric), metric);
    saliency::Metric::ALL.iter().map(asked).collect()
}

fn transfer(mode: Mode, shots: Shots) -> Asks<Moved> {
    vec![Asked::new(mode.with(shots), &mode.metric(), ())]
}

fn smoothness() -> (Asks<SmoothnessReport>, Asks<SmoothnessReport, usize>) {
    let slopes = SmoothnessReport::SLOPES.iter().map(|metric| Asked::new(metric.id, metric, ()));
    let noisy = SIGMAS.iter().enumerate().flat_map(|(at, sigma)| {
        let metrics = [SmoothnessReport::DS, SmoothnessReport::COSINE];
        metrics.map(|metric| Asked::new(format!("{} {sigma}", metric.id), &metric, at))
    });
    (slopes.collect(), noisy.collect())
}

impl Measure {
    /// The numbers that it may find. Those that need to know where the object is are missing where nobody does.
    pub(super) fn named(&self) -> Vec<Named> {
        match self {
            Self::Evaluation => named(evaluation()),
            Self::Robustness { budget, attacks, .. } => {
                let (trials, worst) = robustness(*budget, attacks);
                named(vec![worst]).into_iter().chain(named(trials)).collect()
            }
            Self::Response { conditions, .. } => named(responses(conditions, 0)),
            Self::Saliency { methods, .. } => methods.iter().flat_map(|&method| named(survey(method))).collect(),
            Self::Transfer { modes, shots, .. } => {
                let parts = modes.iter().flat_map(|&mode| shots.iter().map(move |&shots| (mode, shots)));
                parts.flat_map(|(mode, shots)| named(transfer(mode, shots))).collect()
            }
            Self::Smoothness { .. } => {
                let (slopes, noisy) = smoothness();
                named(slopes).into_iter().chain(named(noisy)).collect()
            }
        }
    }

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
        let mut found = Numbers::new();
        match self {
            Self::Evaluation => {
                let run = Evaluation::new(data, settings, trainer.step_count(), |track| trainer.network(track))?;
                found.extend(numbers(evaluation(), run.finish().await?.report()));
            }
            Self::Robustness { images, budget, attacks } => {
                let trials = attacks.iter().map(|&attack| Trial::new(attack, *budget)).collect();
                let plan = RobustnessPlan { trials, images: *images, seed, cumulative: false };
                let config = classifier.network().config();
                config.check_images(&data.test)?;
                let (classes, device) = (config.classes, classifier.network().device());
                let run = Robustness::new(data, plan, classifier, Vec::new(), classes, device)?.finish().await?;
                let (trials, worst) = robustness(*budget, attacks);
                found.extend(numbers(vec![worst], run.report()));
                found.extend(numbers(trials, run.report()));
            }
            Self::Response { images, layer, conditions } => {
                let asked = Response { conditions: conditions.clone(), images: *images, seed };
                let run = Responding::new(data, asked, classifier)?.finish().await?;
                let report = run.report();
                let at = report.layers.iter().position(|name| name == layer);
                let at = at.ok_or_else(|| Error::setting("The layer", layer, report.layers.join(", ")))?;
                found.extend(numbers(responses(conditions, at), report));
            }
            Self::Saliency { images, change, methods } => {
                for &method in methods {
                    let asked = Survey { method, change: change.clone(), images: *images, seed };
                    let random = randomised(classifier.network(), seed);
                    let run = Surveying::new(Rc::clone(&data), asked, classifier.clone(), random)?.finish().await?;
                    found.extend(numbers(survey(method), run.report()));
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
                found.extend(parts.flat_map(|part| numbers(transfer(part.mode, part.shots), part)));
            }
            Self::Smoothness { images } => {
                let run = Smoothing::new(data, Smoothness { images: *images, seed }, classifier)?.finish().await?;
                let (slopes, noisy) = smoothness();
                found.extend(numbers(slopes, run.report()));
                found.extend(numbers(noisy, run.report()));
            }
        }
        Ok(found)
    }
}
