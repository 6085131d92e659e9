//! Adversarial examples.
//!
//! An [`Attack`] is a configured value; the [`Budget`] comes with each call, so one value draws a whole curve. Attacks
//! act on pixels in `[0, 1]`, know nothing of normalisation, and never say whether they succeeded: [`evaluate`] clips,
//! predicts again and counts. Every image draws from its own stream, so what happens to it does not depend on the
//! others in its batch, and both models of a comparison meet the same draws.

mod apgd;
mod budget;
mod evaluate;
mod gradient;
mod loss;
mod rays;
mod square;

pub use budget::{Budget, Norm};
pub use evaluate::{Evaluated, evaluate};
pub(crate) use gradient::{ascend, value_and_gradient};
pub use loss::{Aim, Loss};

use crate::data::Batch;
use crate::error::{Error, Result};
use crate::model::Differentiable;
use crate::seed::{Rng, Seed, Stream};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// A way to look for a change that makes a classifier err.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attack {
    /// One step to the boundary from x along the steepest direction of the loss: for ℓ∞ `x + ε · sign ∇L` (Goodfellow
    /// et al. 2015).
    Fgsm {
        /// What it climbs.
        #[serde(default)]
        loss: Loss,
        /// Where to.
        #[serde(default)]
        aim: Aim,
    },
    /// Projected gradient descent (Madry et al. 2018): from a uniform point in the ball, `steps` steps of length
    /// `2.5 ε / steps`, each followed by projection to the ball and to `[0, 1]`.
    Pgd {
        /// Number of steps.
        steps: usize,
        /// What it climbs.
        #[serde(default)]
        loss: Loss,
        /// Where to.
        #[serde(default)]
        aim: Aim,
    },
    /// Auto-PGD (Croce and Hein 2020): momentum, and a step length that adapts; keeps its best point. With the same steps
    /// mostly stronger than PGD.
    Apgd {
        /// Number of steps.
        steps: usize,
        /// What it climbs.
        #[serde(default)]
        loss: Loss,
        /// Where to.
        #[serde(default)]
        aim: Aim,
    },
    /// Square Attack (Andriushchenko et al. 2020), ℓ∞: random squares of ±ε, kept where they lower the margin. Reads
    /// logits, no gradients.
    Square {
        /// Forward passes for each image.
        queries: usize,
    },
    /// RayS (Chen and Gu 2020): searches the sign direction in which the decision boundary is nearest. Reads the
    /// predicted class, nothing else.
    Rays {
        /// Forward passes for each image.
        queries: usize,
    },
    /// Control: random noise of norm ε, uniform for ℓ∞, Gaussian for ℓ2.
    Noise,
    /// Control: the same step up or down, at random, in every value, of norm ε.
    RandomSign,
}

/// Most steps or queries of an attack.
const LIMIT: usize = 10_000;

impl Attack {
    /// FGSM with cross-entropy, untargeted.
    pub const FGSM: Self = Self::Fgsm { loss: Loss::CrossEntropy, aim: Aim::Untargeted };

    /// PGD with cross-entropy, untargeted.
    pub const fn pgd(steps: usize) -> Self {
        Self::Pgd { steps, loss: Loss::CrossEntropy, aim: Aim::Untargeted }
    }

    /// APGD with cross-entropy, untargeted.
    pub const fn apgd(steps: usize) -> Self {
        Self::Apgd { steps, loss: Loss::CrossEntropy, aim: Aim::Untargeted }
    }

    /// The name in tables: `PGD-20`, `PGD-20 DLR`.
    pub fn label(&self) -> String {
        let of = |loss: Loss| match loss {
            Loss::CrossEntropy => "",
            Loss::Margin => " margin",
            Loss::Dlr => " DLR",
        };
        let to = |aim: Aim| match aim {
            Aim::Untargeted => String::new(),
            Aim::Targeted(class) => format!(" to class {class}"),
            Aim::RunnerUp => " to the runner-up".to_owned(),
        };
        match *self {
            Self::Fgsm { loss, aim } => format!("FGSM{}{}", of(loss), to(aim)),
            Self::Pgd { steps, loss, aim } => format!("PGD-{steps}{}{}", of(loss), to(aim)),
            Self::Apgd { steps, loss, aim } => format!("APGD-{steps}{}{}", of(loss), to(aim)),
            Self::Square { queries } => format!("Square, {queries} queries"),
            Self::Rays { queries } => format!("RayS, {queries} queries"),
            Self::Noise => "Random noise".to_owned(),
            Self::RandomSign => "Random sign".to_owned(),
        }
    }

    /// About how many forward passes it takes for each image; a gradient counts as three.
    pub fn passes(&self) -> usize {
        match *self {
            Self::Fgsm { .. } => 3,
            Self::Pgd { steps, .. } => 3 * steps,
            Self::Apgd { steps, .. } => 3 * (steps + 1),
            Self::Square { queries } | Self::Rays { queries } => queries,
            Self::Noise | Self::RandomSign => 1,
        }
    }

    /// Checks that the attack can be made within `budget` on a classifier of `classes` classes.
    ///
    /// # Errors
    /// `InvalidSetting`.
    pub fn validate(&self, budget: Budget, classes: usize) -> Result<()> {
        let count = |name: &str, n: usize| match n {
            1..=LIMIT => Ok(()),
            _ => Err(Error::setting(name, n, format!("1 to {LIMIT}"))),
        };
        let reachable = |aim: Aim| match aim {
            Aim::Targeted(class) if usize::from(class) >= classes => {
                Err(Error::setting("The target class", class, format!("0 to {}", classes - 1)))
            }
            _ => Ok(()),
        };
        match *self {
            Self::Fgsm { aim, .. } => reachable(aim),
            Self::Pgd { steps, aim, .. } | Self::Apgd { steps, aim, .. } => {
                count("The number of steps", steps).and_then(|()| reachable(aim))
            }
            Self::Square { queries } if budget.norm == Norm::Linf => count("The number of queries", queries),
            Self::Square { .. } => Err(Error::setting("The norm of the Square Attack", budget.norm.label(), "ℓ∞")),
            Self::Rays { queries } => count("The number of queries", queries),
            Self::Noise | Self::RandomSign => Ok(()),
        }
    }

    /// Candidates `[n, c, h, w]` against `classifier`; not all need be adversarial. `batch` is without autodiff; `rngs`
    /// has one stream an image, see [`streams`].
    ///
    /// # Errors
    /// `InvalidSetting` as [`Attack::validate`] and [`Budget::validate`], `Device` when the device is lost.
    pub async fn perturb(
        &self,
        classifier: &impl Differentiable,
        batch: &Batch,
        budget: Budget,
        rngs: &mut [Rng],
    ) -> Result<Tensor<4>> {
        let x = &batch.images;
        budget.validate(x.dims()[1..].iter().product())?;
        self.validate(budget, batch.targets.dims()[1])?;
        let moved = |change: Tensor<4>| budget.project(x.clone() + change, x);
        Ok(match *self {
            Self::Fgsm { loss, aim } => {
                gradient::climb(classifier, batch, budget, x.clone(), 1, budget.epsilon, (loss, aim))
            }
            Self::Pgd { steps, loss, aim } => {
                let start = moved(budget::drawn(x, rngs, |values, rng| budget.inside(values, rng)));
                let length = 2.5 * budget.epsilon / steps as f32;
                gradient::climb(classifier, batch, budget, start, steps, length, (loss, aim))
            }
            Self::Apgd { steps, loss, aim } => {
                let start = moved(budget::drawn(x, rngs, |values, rng| budget.inside(values, rng)));
                apgd::climb(classifier, batch, budget, start, steps, (loss, aim))
            }
            Self::Square { queries } => square::search(classifier, batch, budget, queries, rngs),
            Self::Rays { queries } => rays::search(classifier, batch, budget, queries).await?,
            Self::Noise => moved(budget::drawn(x, rngs, |values, rng| budget.noise(values, rng))),
            Self::RandomSign => moved(budget::drawn(x, rngs, |values, rng| {
                let corner = budget.corner(values);
                rng.fill(values, |rng| if rng.below(2) == 0 { -corner } else { corner })
            })),
        })
    }
}

/// The streams for attack number `attack` on these images, one each.
pub fn streams(seed: Seed, attack: u32, images: &[usize]) -> Vec<Rng> {
    images.iter().map(|&image| seed.rng(Stream::Attack, (u64::from(attack) << 32) | image as u64)).collect()
}
