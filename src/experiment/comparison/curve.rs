//! Robust accuracy against ε.

use super::Both;
use crate::attack::{Attack, Budget, Norm};
use crate::error::{Code, Error, Result};
use crate::experiment::{Quantity, RobustnessPlan, RobustnessReport, Trial, TrialReport};
use crate::seed::Seed;
use serde::{Deserialize, Serialize};

/// Radii for ℓ∞; those for ℓ2 are `√d / 4` times as long, about where the same classifiers fall.
const RADII: [f32; 13] = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0];

/// Both models at one radius.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The radius.
    pub epsilon: f32,
    /// Robust accuracy of the plain model.
    pub plain: Quantity,
    /// Robust accuracy of the model with the constraint.
    pub continuity: Quantity,
    /// `continuity − plain`, paired over the images.
    pub difference: Quantity,
}

/// A plan that draws the curve of `attack` on images of `values` values: the same attack at growing radii, each only
/// on images that still stand, until the ball holds every image (ℓ∞), or every image that keeps a trace of itself (ℓ2).
pub fn curve_plan(attack: Attack, norm: Norm, values: usize, images: usize, seed: Seed) -> RobustnessPlan {
    let unit = match norm {
        Norm::Linf => 1.0,
        Norm::L2 => (values as f32).sqrt() / 4.0,
    };
    let trials = RADII.map(|radius| Trial::new(attack, Budget { norm, epsilon: radius * unit })).to_vec();
    RobustnessPlan { trials, images, seed, cumulative: true }
}

/// The curve of two reports of the same [`curve_plan`], as far as both have come; radius 0 comes first.
///
/// # Errors
/// `InvalidSetting` when the reports are not on the same images, attacks and draws.
pub fn curve(plain: &RobustnessReport, continuity: &RobustnessReport) -> Result<Vec<Point>> {
    check_same(plain, continuity)?;
    let both = Both { plain, continuity, images: plain.images.len(), seed: plain.seed };
    let point = |epsilon: f32, quantities: Option<[Quantity; 3]>| {
        quantities.map(|[plain, continuity, difference]| Point { epsilon, plain, continuity, difference })
    };
    let clean = point(0.0, both.quantities(&RobustnessReport::CLEAN, ()));
    let under = |(at, trial): (usize, &TrialReport)| {
        point(trial.trial.budget.epsilon, both.quantities(&RobustnessReport::TRIAL, at))
    };
    Ok(clean.into_iter().chain(plain.trials.iter().enumerate().filter_map(under)).collect())
}

/// Checks that two reports can be compared image by image.
pub(super) fn check_same(a: &RobustnessReport, b: &RobustnessReport) -> Result<()> {
    let n = a.images.len();
    let whole = |report: &RobustnessReport| {
        report.clean.len() == n && report.trials.iter().all(|trial| trial.robust.len() == n)
    };
    let same = n > 0
        && a.seed == b.seed
        && a.images == b.images
        && whole(a)
        && whole(b)
        && a.trials.iter().zip(&b.trials).all(|(a, b)| a.trial == b.trial);
    if !same {
        return Err(Error::new(
            Code::InvalidSetting,
            "The two results are not on the same images, attacks and draws, so they cannot be compared.",
        ));
    }
    Ok(())
}
