//! The controls of the page as data.

use super::{CeOn, Choice, EngineChoice, Optimizer, Settings, Start};
use crate::continuity::Ds;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::model::Architecture;
use serde::Serialize;
use serde_json::Value;

/// What values a control takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
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
    /// Heading under which it stands.
    pub group: &'static str,
    /// Short name.
    pub label: &'static str,
    /// What it does.
    pub help: &'static str,
    /// What values it takes.
    #[serde(flatten)]
    pub kind: Kind,
    /// The default value.
    pub default: Value,
}

impl Control {
    /// Checks a value in its JSON form.
    ///
    /// # Errors
    /// `InvalidSetting`, naming value and range.
    pub fn check(&self, value: &Value) -> Result<()> {
        let Kind::Number { min, max, integer, .. } = self.kind else {
            return Ok(()); // choices, switches and perturbations are checked when they are read
        };
        let range = || format!("{min} to {max}{}", if integer { ", whole numbers" } else { "" });
        let number = value.as_f64().ok_or_else(|| Error::setting(self.label, value, range()))?;
        // Settings hold f32, so a bound such as 0.05 may come back a hair beyond itself.
        let slack = |bound: f64| bound.abs() * 1e-6;
        if number < min - slack(min) || number > max + slack(max) || (integer && number.fract() != 0.0) {
            return Err(Error::setting(self.label, number, range()));
        }
        Ok(())
    }
}

/// Every control, in the order shown.
pub fn schema() -> Vec<Control> {
    // Through text: 0.02 as f32 is written 0.02, but would become the f64 0.0199999996.
    let defaults = serde_json::to_string(&Settings::default()).expect("settings are plain data");
    let defaults: Value = serde_json::from_str(&defaults).expect("settings are plain data");
    let choice = |choices| Kind::Choice { choices };
    let number = |min, max, step, unit| Kind::Number { min, max, step, unit, integer: false, log: false };
    let log = |min, max| Kind::Number { min, max, step: 0.0, unit: "", integer: false, log: true };
    let whole = |min: f64, max: f64, unit| Kind::Number { min, max, step: 1.0, unit, integer: true, log: false };
    let table: Vec<(&str, &str, &str, &str, Kind)> = vec![
        (
            "dataset",
            "Data and model",
            "Images",
            "The labelled pictures that both models learn from.",
            choice(Dataset::CHOICES),
        ),
        (
            "color_variance",
            "Data and model",
            "Colour spread σ²",
            "How far the colours of a digit scatter around its mean colour: small means that colour alone nearly gives the answer away. Color MNIST only.",
            number(0.02, 0.05, 0.005, ""),
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
            "alpha",
            "Constraint",
            "Weight α",
            "How strongly outputs for x and x′ are pulled together. 0 is plain training; too much pulls all answers together.",
            log(0.0, 100.0),
        ),
        (
            "perturbation",
            "Constraint",
            "Perturbation P",
            "The change that must not matter: what turns x into x′, and how strong it is.",
            Kind::Perturbation { choices: crate::perturb::Kind::CHOICES, strengths: crate::perturb::Strength::all() },
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
            "Hold f(x) still",
            "Lets DS move only the output for x′; f(x) acts as a fixed target. Often unstable: with the default α and P, DS explodes.",
            Kind::Switch,
        ),
        (
            "ce_on",
            "Training",
            "Cross-entropy on",
            "“x and x′” turns the plain lane into ordinary data augmentation, the fair rival of the constraint.",
            choice(CeOn::CHOICES),
        ),
        (
            "compute_matched",
            "Training",
            "Equal compute",
            "The plain lane also runs x′ and throws it away, so that both lanes cost the same.",
            Kind::Switch,
        ),
        ("optimizer", "Training", "Optimiser", "How gradients become steps.", choice(Optimizer::CHOICES)),
        (
            "learning_rate",
            "Training",
            "Learning rate",
            "Size of a step. Too large, and the loss explodes; the lane then stops and offers its last good state.",
            log(1e-5, 10.0),
        ),
        ("batch", "Training", "Batch", "Images per step.", whole(4.0, 256.0, "images")),
        (
            "steps",
            "Training",
            "Steps",
            "Steps of training; both lanes make the same number.",
            whole(1.0, 20_000.0, "steps"),
        ),
        (
            "seed",
            "Training",
            "Seed",
            "The one number behind everything random; the same seed gives the same run.",
            whole(0.0, f64::from(u32::MAX), ""),
        ),
        (
            "eval_images",
            "Evaluation",
            "Test images",
            "How many test images both models are judged on; more narrows the intervals and takes longer.",
            whole(10.0, 2_000.0, "images"),
        ),
        (
            "eval_noise",
            "Evaluation",
            "Noise σ",
            "Strength of the Gaussian noise in the table, in pixel values from 0 to 1.",
            number(0.0, 0.5, 0.01, ""),
        ),
        (
            "epsilon",
            "Evaluation",
            "Attack radius ε",
            "How far an attack may move each pixel, from 0 to 1.",
            number(0.0, 0.5, 0.005, ""),
        ),
        ("engine", "Engine", "Engine", "What computes.", choice(EngineChoice::CHOICES)),
    ];
    table
        .into_iter()
        .map(|(key, group, label, help, kind)| Control {
            key,
            group,
            label,
            help,
            kind,
            default: defaults[key].clone(),
        })
        .collect()
}
