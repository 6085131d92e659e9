//! How smooth a model is: what the report says at the images, at each σ and at each step.

use super::{Metric, Values};
use crate::attack::Norm;
use crate::experiment::statistics::overflowing;
use crate::experiment::{Gap, SIGMAS, STEPS, SmoothnessReport, TINY_SIGMA};
use crate::reading::Better::{self, Higher, Lower};
use crate::reading::Unit::Number;

/// Why an image has no radius.
const FLAT: Gap<'static> = Gap::LeftOut("the slope is 0 on every picture");
/// Why an image has no cosine.
const STILL: Gap<'static> = Gap::LeftOut("on every picture a gradient is 0");
/// Why DS over the Jacobian has no value.
const NO_SLOPE: &str = "the Jacobian is 0";

/// A squared gradient of the logits says this.
const SQUARED: &str =
    "Squared Frobenius norm of the Jacobian of the logits. Small is smooth, but so is a network with small logits.";
/// A radius says this.
const RADIUS: &str = "Margin over the slope of the margin: how far away the boundary is, were the network linear. \
                      Shrinking all logits does not change it.";
/// A limit says this.
const LIMIT: &str = "The limit of DS over σ² as σ falls: the mean squared slope along a vector of standard normal \
                     numbers, whether or not there is a derivative.";
/// A cross-entropy says this.
const LOSS: &str = "Mean cross-entropy this far from x in every pixel.";

/// What is written behind a limit, and behind what is taken at each of [`SIGMAS`] and of [`STEPS`].
fn tiny(_: &SmoothnessReport, (): ()) -> String {
    format!("σ = {TINY_SIGMA}")
}

fn sigma(_: &SmoothnessReport, at: usize) -> String {
    format!("σ = {}", SIGMAS[at])
}

fn step(_: &SmoothnessReport, at: usize) -> String {
    format!("step {}", STEPS[at])
}

impl SmoothnessReport {
    /// `‖J‖²`.
    pub const JACOBIAN: Metric<Self> = Metric::new("jacobian", "‖J‖²", Number, Lower, SQUARED, |report, ()| {
        Some(report.mean(&report.jacobian, Gap::Overflow))
    });
    /// The ℓ∞ radius.
    pub const RADIUS_LINF: Metric<Self> =
        Metric::<Self>::new("radius-linf", "First-order radius", Number, Higher, RADIUS, |report, ()| {
            Some(report.mean(&report.radius_linf, FLAT))
        })
        .at(|_, ()| Norm::Linf.label().to_owned());
    /// The ℓ2 radius.
    pub const RADIUS_L2: Metric<Self> =
        Metric::<Self>::new("radius-l2", "First-order radius", Number, Higher, RADIUS, |report, ()| {
            Some(report.mean(&report.radius_l2, FLAT))
        })
        .at(|_, ()| Norm::L2.label().to_owned());
    /// All three.
    pub const SLOPES: &'static [Metric<Self>] = &[Self::JACOBIAN, Self::RADIUS_LINF, Self::RADIUS_L2];

    /// DS over σ² at each of [`SIGMAS`].
    pub const DS: Metric<Self, usize> = Metric::<Self, usize>::new(
        "ds",
        "DS / σ²",
        Number,
        Lower,
        "Mean squared distance between the logits for x and x + δ, over σ²: the mean squared slope, seen through \
         noise.",
        |report, at| Some(report.mean(&report.noise[at].ds, Gap::Overflow)),
    )
    .at(sigma);
    /// Cosine between gradients at each of [`SIGMAS`].
    pub const COSINE: Metric<Self, usize> = Metric::<Self, usize>::new(
        "cosine",
        "Cosine of gradients",
        Number,
        Higher,
        "Cosine between the gradients of the true logit at x and at x + δ: 1 is a gradient that does not turn.",
        |report, at| Some(report.mean(&report.noise[at].cosine, STILL)),
    )
    .at(sigma);
    /// By how much first order is off at each of [`SIGMAS`].
    pub const OFF: Metric<Self, usize> =
        Metric::<Self, usize>::new("off", "DS / σ² over ‖J‖²", Number, Better::None, "", |report, at| {
            Some(Values::ratio(&report.noise[at].ds, &report.jacobian, NO_SLOPE))
        })
        .at(sigma);

    /// The limit of DS over σ² at the images, and off their kinks that and `‖J‖²`.
    pub const LIMITS: &'static [Metric<Self>] = &[
        Metric::<Self>::new("limit", "DS / σ²", Number, Lower, LIMIT, |report, ()| {
            Some(report.mean(&report.limit, Gap::Overflow))
        })
        .at(tiny),
        Metric::<Self>::new("off-kinks-limit", "Off the kinks: DS / σ²", Number, Lower, LIMIT, |report, ()| {
            Some(report.mean(&report.off_kinks.limit, Gap::Overflow))
        })
        .at(tiny),
        Metric::new("off-kinks-jacobian", "Off the kinks: ‖J‖²", Number, Lower, SQUARED, |report, ()| {
            Some(report.mean(&report.off_kinks.jacobian, Gap::Overflow))
        }),
    ];
    /// The limit over `‖J‖²` at the images and off their kinks.
    pub const QUOTIENTS: &'static [Metric<Self>] = &[
        Metric::new("quotient", "DS / σ² over ‖J‖²", Number, Better::None, "", |report, ()| {
            Some(Values::ratio(&report.limit, &report.jacobian, NO_SLOPE))
        }),
        Metric::new(
            "off-kinks-quotient",
            "Off the kinks: DS / σ² over ‖J‖²",
            Number,
            Better::None,
            "",
            |report, ()| Some(Values::ratio(&report.off_kinks.limit, &report.off_kinks.jacobian, NO_SLOPE)),
        ),
    ];

    /// Cross-entropy at each of [`STEPS`] against the margin.
    pub const AGAINST: Metric<Self, usize> =
        Metric::<Self, usize>::new("against", "Cross-entropy", Number, Lower, LOSS, |report, at| {
            Some(report.mean(&report.surface[at][0], Gap::Overflow))
        })
        .at(step);
    /// Cross-entropy at each of [`STEPS`] in a random direction.
    pub const SIDEWAYS: Metric<Self, usize> =
        Metric::<Self, usize>::new("sideways", "Cross-entropy", Number, Lower, LOSS, |report, at| {
            Some(report.mean(&report.surface[0][at], Gap::Overflow))
        })
        .at(step);

    /// A column, infinite where it has no value and the Jacobian overflows: so does, then, what the value is made of.
    fn mean(&self, column: &[Option<f32>], gap: Gap<'static>) -> Values {
        Values::Mean(overflowing(column, &self.jacobian), gap)
    }
}
