//! The table of an evaluation.

use super::{Metric, Values};
use crate::experiment::Report;
use crate::experiment::run::ensemble;
use crate::reading::Better::{Higher, Lower};
use crate::reading::Unit::{Number, Percent};

/// Why a distance over another has no value.
const ALIKE: &str = "the outputs for different images do not differ";

/// What is written behind the name of an attack.
fn radius(report: &Report, (): ()) -> String {
    format!("ε = {}", report.settings.attack_epsilon)
}

impl Report {
    /// Its table.
    pub const METRICS: &'static [Metric<Self>] = &[
        Metric::new("clean", "Clean accuracy", Percent, Higher, "Test images classified correctly.", |report, ()| {
            Some(Values::share(&report.outcomes.clean))
        }),
        Metric::<Self>::new(
            "noise",
            "Accuracy under noise",
            Percent,
            Higher,
            "The same images with Gaussian noise.",
            |report, ()| Some(Values::share(&report.outcomes.noise)),
        )
        .at(|report, ()| format!("σ = {}", report.settings.eval_sigma)),
        Metric::<Self>::new(
            "flip",
            "Flip rate under P",
            Percent,
            Lower,
            "P ({}) changes the predicted class.",
            |report, ()| Some(Values::share(&report.outcomes.flip)),
        )
        .given(|report, ()| report.settings.perturbation.to_string()),
        Metric::<Self>::new(
            "normalised-ds",
            "Normalised DS",
            Number,
            Lower,
            "Mean distance ({}) between the outputs for x and P(x), divided by that between different images: \
             shrinking all outputs does not lower it.",
            |report, ()| Some(Values::ratio(&report.outcomes.near, &report.outcomes.far, ALIKE)),
        )
        .given(|report, ()| report.settings.ds.label().to_owned()),
        Metric::<Self>::new(
            "fgsm",
            "FGSM accuracy",
            Percent,
            Higher,
            "Still correct after one gradient step of length ε in every pixel.",
            |report, ()| Some(Values::share(&report.outcomes.fgsm)),
        )
        .at(radius),
        Metric::<Self>::new(
            "pgd",
            "PGD-20 accuracy",
            Percent,
            Higher,
            "Still correct after 20 projected gradient steps from a random start.",
            |report, ()| Some(Values::share(&report.outcomes.pgd)),
        )
        .at(radius),
        // Reports that did not evaluate it lack it.
        Metric::<Self>::new(
            "robust",
            "Robust accuracy",
            Percent,
            Higher,
            "Still correct after {}: the worst of the three for each image.",
            |report, ()| report.outcomes.robust.as_deref().map(Values::share),
        )
        .at(radius)
        .given(|_, ()| ensemble()),
    ];
}
