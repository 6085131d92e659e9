//! What a response says of images as they are, and under each condition.

use super::{Metric, Values};
use crate::experiment::run::LOGITS;
use crate::experiment::statistics::overflowing;
use crate::experiment::{Column, Gap, Outcome, ResponseReport, quotient};
use crate::reading::Better::{Higher, Lower};
use crate::reading::Unit::{Number, Percent};

/// Why an image has no share of the gradient.
const NO_GRADIENT: Gap<'static> = Gap::LeftOut("all gradients are 0");
/// Why a distance in units of that to another image has no value.
const NO_SAME: &str = "images of the same class are at no distance";
const NO_OTHER: &str = "images of other classes are at no distance";
/// Why a distance in units of that in pixels has no value.
const UNMOVED: &str = "the change moves no pixel";

/// Where a report has a number: under which of its conditions, and at which of its layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Under {
    /// Place among the finished conditions.
    pub condition: usize,
    /// Place among the layers.
    pub layer: usize,
}

impl ResponseReport {
    /// What images without a condition are called.
    pub const AS_IT_IS: &'static str = "as it is";

    /// What is known of images as they are, whatever the condition.
    pub const CLEAN: &'static [Metric<Self, Under>] = &[
        Metric::new("accuracy", "Accuracy", Percent, Higher, "Test images classified correctly.", |report, _| {
            Some(report.right(&report.clean))
        }),
        Metric::new(
            "outside",
            "Gradient outside the object",
            Number,
            Lower,
            "Share of the squared gradient of the true logit that lies on background.",
            |report, _| (!report.outside.is_empty()).then(|| Values::Mean(report.outside_or_overflow(), NO_GRADIENT)),
        ),
    ];

    /// What a condition does.
    pub const CHANGED: &'static [Metric<Self, Under>] = &[
        Metric::new("accuracy", "Accuracy", Percent, Higher, "Changed images classified correctly.", |report, at| {
            Some(report.right(&report.outcomes[at.condition].predicted))
        }),
        Metric::new("flip", "Flip rate", Percent, Lower, "The change alters the predicted class.", |report, at| {
            let answers = report.outcomes[at.condition].predicted.iter().zip(&report.clean);
            Some(Values::share(&answers.map(|(a, b)| a != b || a.is_none()).collect::<Vec<bool>>()))
        }),
        Metric::new(
            "violation-random",
            "Farther than one of the same class",
            Percent,
            Lower,
            "A′ is farther from A than a random image of the same class is: 0 is continuous, 50 % is as large as a \
             swap.",
            |report, at| Some(report.farther(at, &report.references[at.layer].same)),
        ),
        Metric::new(
            "violation-nearest",
            "Farther than the nearest of 10",
            Percent,
            Lower,
            "A′ is farther from A than the nearest of ten images of the same class: the claim of the paper’s \
             figure 1, with its search made fair.",
            |report, at| Some(report.farther(at, &report.references[at.layer].nearest)),
        ),
        Metric::new(
            "ds-same",
            "DS over the same class",
            Number,
            Lower,
            "Mean distance A to A′ over that to an image of the same class.",
            |report, at| Some(Values::ratio(report.near(at), &report.references[at.layer].same, NO_SAME)),
        ),
        Metric::new(
            "ds-other",
            "DS over other classes",
            Number,
            Lower,
            "Mean distance A to A′ over that to an image of another class: how much of a change of meaning the \
             change is worth. A constant network gains nothing here.",
            |report, at| Some(Values::ratio(report.near(at), &report.references[at.layer].other, NO_OTHER)),
        ),
        Self::GAIN,
        Self::FOLLOWS,
    ];

    /// Distances of outputs and of pixels have no common unit: both in units of a change of class.
    pub const GAIN: Metric<Self, Under> = Metric::new(
        "gain",
        "Output over input",
        Number,
        Lower,
        "Mean distance of the outputs over that of the pixels, each in units of that to an image of another class: \
         above 1 the network magnifies the change.",
        |report, at| {
            // Of a constant network there is no such unit.
            let unit = quotient(&report.input.other, &report.references[at.layer].other, NO_OTHER);
            let (near, far) = (report.near(at).clone(), report.outcomes[at.condition].input.clone());
            Some(Values::Ratio { near, far, scale: unit.map(|(unit, _)| unit), zero: UNMOVED })
        },
    );

    /// Only of conditions that mislead.
    pub const FOLLOWS: Metric<Self, Under> = Metric::new(
        "follows",
        "Follows the colour",
        Percent,
        Lower,
        "The predicted digit is the one whose colour the image has.",
        |report, at| {
            let Outcome { predicted, hinted, .. } = &report.outcomes[at.condition];
            let follows =
                predicted.iter().zip(hinted).map(|(predicted, hint)| predicted.is_some() && predicted == hint);
            hinted.iter().any(Option::is_some).then(|| Values::share(&follows.collect::<Vec<bool>>()))
        },
    );

    /// Whether each image was classified as what it is.
    fn right(&self, predicted: &[Option<u8>]) -> Values {
        let right = predicted.iter().zip(&self.labels).map(|(predicted, label)| *predicted == Some(*label));
        Values::share(&right.collect::<Vec<bool>>())
    }

    /// Distances of A to A′.
    fn near(&self, at: Under) -> &Column {
        &self.outcomes[at.condition].near[at.layer]
    }

    /// Whether A′ is farther from A than another image is; nothing where a distance overflows.
    fn farther(&self, at: Under, far: &Column) -> Values {
        let farther = self.near(at).iter().zip(far).map(|(near, far)| Some((*near)? > (*far)?));
        Values::Share(farther.collect(), Gap::Overflow)
    }

    /// `outside`, infinite where it has no value and the distance of the logits to those of another image overflows:
    /// so, then, does the gradient.
    fn outside_or_overflow(&self) -> Column {
        let logits = self.layers.iter().position(|layer| layer == LOGITS).and_then(|at| self.references.get(at));
        logits.map_or_else(|| self.outside.clone(), |logits| overflowing(&self.outside, &logits.other))
    }
}
