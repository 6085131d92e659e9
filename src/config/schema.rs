//! The controls of the page as data.

use super::{CeOn, EngineChoice, Optimizer, Regularizer, Settings, Start};
use crate::choice::Choice;
use crate::continuity::Ds;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::model::Architecture;
use serde::Serialize;
use serde_json::Value;

/// What values a control takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Values {
    /// One of a closed set.
    Choice {
        /// The values.
        choices: &'static [Choice],
    },
    /// A number in `min..=max`.
    Number {
        /// Smallest value allowed.
        min: f64,
        /// Largest value allowed.
        max: f64,
        /// Step of the control; any value in the range is allowed.
        step: f64,
        /// Whether only whole numbers are allowed.
        integer: bool,
        /// Whether equal distances on a slider are equal ratios.
        log: bool,
        /// Unit shown behind the number; may be empty.
        unit: &'static str,
    },
    /// Yes or no.
    Switch,
    /// A perturbation or mixture, written `kind:strength+kind:strength`.
    Perturbation {
        /// The kinds.
        choices: &'static [Choice],
        /// Name, unit and largest value of each kind's strength, in the order of `choices`.
        strengths: Vec<crate::perturb::Strength>,
    },
}

/// One control: a field of [`Settings`] with everything the page shows about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Control {
    /// Field name of [`Settings`], also the name in the URL.
    pub key: &'static str,
    /// What it was called in links and files of version 1, which are still read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former: Option<&'static str>,
    /// Heading under which it stands.
    pub group: &'static str,
    /// Short name.
    pub label: &'static str,
    /// What it does.
    pub help: &'static str,
    /// What values it takes.
    #[serde(flatten)]
    pub kind: Values,
    /// The default value.
    pub default: Value,
}

/// A setting that is a number. Apart from the schema: an engine only checks, and carries none of its texts.
pub(super) struct Range {
    pub(super) key: &'static str,
    label: &'static str,
    min: f64,
    max: f64,
    step: f64,
    integer: bool,
    log: bool,
    unit: &'static str,
    of: fn(&Settings) -> f64,
}

impl Range {
    const fn new(key: &'static str, label: &'static str, min: f64, max: f64, of: fn(&Settings) -> f64) -> Self {
        Self { key, label, min, max, step: 0.0, integer: false, log: false, unit: "", of }
    }

    const fn step(self, step: f64) -> Self {
        Self { step, ..self }
    }

    const fn log(self) -> Self {
        Self { log: true, ..self }
    }

    const fn whole(self, unit: &'static str) -> Self {
        Self { step: 1.0, integer: true, unit, ..self }
    }

    /// Checks that setting.
    ///
    /// # Errors
    /// `InvalidSetting`, naming value and range.
    pub(super) fn check(&self, settings: &Settings) -> Result<()> {
        let Self { label, min, max, integer, of, .. } = *self;
        let number = of(settings);
        // Settings hold f32, so a bound such as 0.05 may come back a hair beyond itself.
        let slack = |bound: f64| bound.abs() * 1e-6;
        // The negation also refuses what is no number.
        if !(min - slack(min)..=max + slack(max)).contains(&number) || (integer && number.fract() != 0.0) {
            let range = format!("{min} to {max}{}", if integer { ", whole numbers" } else { "" });
            return Err(Error::setting(label, number, range));
        }
        Ok(())
    }
}

/// Every setting that is a number.
pub(super) const RANGES: [Range; 11] = [
    Range::new("color_variance", "Colour spread σ²", 0.02, 0.05, |s| f64::from(s.color_variance)).step(0.005),
    Range::new("alpha", "Weight α", 0.0, 100.0, |s| f64::from(s.alpha)).log(),
    Range::new("adversary_epsilon", "Adversary’s radius ε", 0.0, 0.5, |s| f64::from(s.adversary_epsilon)).step(0.005),
    Range::new("adversary_steps", "Adversary’s steps", 1.0, 40.0, |s| s.adversary_steps as f64).whole("steps"),
    Range::new("learning_rate", "Learning rate", 1e-5, 10.0, |s| f64::from(s.learning_rate)).log(),
    Range::new("batch", "Batch", 4.0, 256.0, |s| s.batch as f64).whole("images"),
    Range::new("steps", "Steps", 1.0, 20_000.0, |s| s.steps as f64).whole("steps"),
    Range::new("seed", "Seed", 0.0, u32::MAX as f64, |s| f64::from(s.seed.0)).whole(""),
    Range::new("eval_images", "Test images", 10.0, 2_000.0, |s| s.eval_images as f64).whole("images"),
    Range::new("eval_sigma", "Noise σ", 0.0, 0.5, |s| f64::from(s.eval_sigma)).step(0.01),
    Range::new("attack_epsilon", "Attack radius ε", 0.0, 0.5, |s| f64::from(s.attack_epsilon)).step(0.005),
];

/// Settings that were called otherwise, by their present names.
const FORMER: [(&str, &str); 2] = [("eval_sigma", "eval_noise"), ("attack_epsilon", "epsilon")];

/// The present name of a setting, which may be called as in an earlier version.
pub fn present_name(key: &str) -> &str {
    FORMER.iter().find(|(_, former)| *former == key).map_or(key, |&(now, _)| now)
}

/// Every control, in the order shown.
pub fn schema() -> Vec<Control> {
    // Through text: 0.02 as f32 is written 0.02, but would become the f64 0.0199999996.
    let defaults = serde_json::to_string(&Settings::default()).expect("settings are plain data");
    let defaults: Value = serde_json::from_str(&defaults).expect("settings are plain data");
    let choice = |choices| Values::Choice { choices };
    // A number's name and range stand in RANGES.
    let number = |key: &'static str, group, help| {
        let range = RANGES.iter().find(|range| range.key == key).expect("every number has a range");
        let &Range { label, min, max, step, integer, log, unit, .. } = range;
        (key, group, label, help, Values::Number { min, max, step, integer, log, unit })
    };
    let table: Vec<(&str, &str, &str, &str, Values)> = vec![
        (
            "dataset",
            "Data and model",
            "Images",
            "The labelled pictures that both models learn from.",
            choice(&Dataset::CHOICES[..Dataset::BUILT_IN]),
        ),
        number(
            "color_variance",
            "Data and model",
            "How far the colours of a digit scatter around its mean colour: small means that colour alone nearly gives the answer away. Color MNIST only.",
        ),
        (
            "architecture",
            "Data and model",
            "Model",
            "The network; both lanes use the same one.",
            choice(Architecture::CHOICES),
        ),
        (
            "start",
            "Data and model",
            "Starting point",
            "Both lanes always start from the same weights.",
            choice(Start::CHOICES),
        ),
        (
            "regularizer",
            "Constraint",
            "Compare with",
            "What the second lane adds to the cross-entropy: the constraint, or a baseline in its place.",
            choice(Regularizer::CHOICES),
        ),
        number(
            "alpha",
            "Constraint",
            "How strongly outputs for x and x′ are pulled together. 0 is plain training; too much pulls all answers together.",
        ),
        (
            "perturbation",
            "Constraint",
            "Perturbation P",
            "The change that must not matter: what turns x into x′, and how strong it is.",
            Values::Perturbation { choices: crate::perturb::Kind::CHOICES, strengths: crate::perturb::Strength::all() },
        ),
        (
            "ds",
            "Constraint",
            "Distance DS",
            "How the distance between the outputs for x and x′ is measured.",
            choice(Ds::CHOICES),
        ),
        (
            "stop_gradient",
            "Constraint",
            "Treat f(x) as a fixed target",
            "Lets DS move only the output for x′; f(x) acts as a fixed target. Often unstable: with the default α and P, DS explodes.",
            Values::Switch,
        ),
        number(
            "adversary_epsilon",
            "Constraint",
            "How far the adversary of TRADES and of adversarial training may move each pixel, from 0 to 1.",
        ),
        number(
            "adversary_steps",
            "Constraint",
            "Steps of that adversary at every step of training: each costs about as much as a plain step.",
        ),
        (
            "ce_on",
            "Training",
            "Cross-entropy on",
            "“x and x′” turns the plain lane into ordinary data augmentation, the fair baseline for the constraint.",
            choice(CeOn::CHOICES),
        ),
        (
            "compute_matched",
            "Training",
            "Equal compute",
            "The plain lane also runs x′ and throws it away, so that both lanes cost the same.",
            Values::Switch,
        ),
        ("optimizer", "Training", "Optimiser", "How gradients become steps.", choice(Optimizer::CHOICES)),
        number(
            "learning_rate",
            "Training",
            "Size of a step. Too large, and the loss explodes; the lane then stops and offers its last good state.",
        ),
        number("batch", "Training", "Images per step."),
        number("steps", "Training", "Steps of training; both lanes make the same number."),
        number("seed", "Training", "Controls all randomness; the same seed gives the same run."),
        number(
            "eval_images",
            "Evaluation",
            "How many test images both models are evaluated on; more narrows the intervals and takes longer.",
        ),
        number("eval_sigma", "Evaluation", "Strength of the Gaussian noise in the table, in pixel values from 0 to 1."),
        number("attack_epsilon", "Evaluation", "How far an attack may move each pixel, from 0 to 1."),
        ("engine", "Engine", "Engine", "What computes.", choice(EngineChoice::CHOICES)),
    ];
    table
        .into_iter()
        .map(|(key, group, label, help, kind)| Control {
            key,
            former: FORMER.iter().find(|(now, _)| *now == key).map(|&(_, former)| former),
            group,
            label,
            help,
            kind,
            default: defaults[key].clone(),
        })
        .collect()
}
