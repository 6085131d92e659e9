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

pub use budget::{Budget, Norm, Radii};
pub use evaluate::{Evaluated, evaluate};
pub(crate) use gradient::{ascend, value_and_gradient};
pub use loss::{Aim, Loss};

use crate::choice::choices;
use crate::data::Batch;
use crate::error::{Error, Result};
use crate::model::Differentiable;
use crate::seed::{Rng, Seed, Stream};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

choices! {
    /// The attacks, without their options.
    pub enum AttackKind {
        Pgd => "pgd", "PGD", "Projected gradient descent: many small steps uphill from a random point of the ball.";
        Apgd => "apgd", "APGD",
            "PGD with momentum and a step length that adapts; keeps its best point. Mostly stronger than PGD with as many steps.";
        Fgsm => "fgsm", "FGSM", "One step of length ε along the gradient.";
        Square => "square", "Square", "No gradients: random squares are kept where the margin falls. ℓ∞ only.";
        Rays => "rays", "RayS", "Sees only the predicted class; looks for the nearest boundary along signs.";
        Noise => "noise", "Random noise", "A control: noise of length ε, no search.";
        RandomSign => "random-sign", "Random sign", "A control: every value up or down at random.";
    }
}

impl AttackKind {
    /// Whether it follows a gradient, of a [`Loss`] and towards an [`Aim`].
    pub const fn has_gradient(self) -> bool {
        matches!(self, Self::Pgd | Self::Apgd | Self::Fgsm)
    }

    /// The option that says how much it may compute, if it has one.
    pub const fn effort(self) -> Option<&'static str> {
        match self {
            Self::Pgd | Self::Apgd => Some("steps"),
            Self::Square | Self::Rays => Some("queries"),
            Self::Fgsm | Self::Noise | Self::RandomSign => None,
        }
    }

    /// The norms that it can be made in.
    pub const fn norms(self) -> &'static [Norm] {
        match self {
            Self::Square => &[Norm::Linf],
            _ => Norm::ALL,
        }
    }
}

/// A way to look for a change that makes a classifier err.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use semantic_continuity::attack::{Attack, Budget, evaluate, streams};
/// use semantic_continuity::data::Split;
/// use semantic_continuity::model::{Architecture, Classifier, ModelConfig, Network};
/// use semantic_continuity::seed::Seed;
///
/// # pollster::block_on(async {
/// let pixels = (0..20 * 64).map(|i| (i * 7 % 256) as u8).collect();
/// let images = Split::new(1, 8, 8, pixels, (0..20).map(|i| i % 10).collect(), 10)?;
/// let device = Device::flex();
/// let config = ModelConfig::for_data(Architecture::SmallCnn, &images, 10);
/// let theta = Tensor::<1>::from_data(&config.init(Seed(1)).values[..], &device);
/// let model = Classifier::new(|track| Network::new(&config, theta.clone(), track));
///
/// // The attack proposes within the budget; the harness clips, predicts again and says what became of each image.
/// let (batch, budget) = (images.batch(&[0, 1, 2], 10, &device), Budget::linf(0.1));
/// let candidates = Attack::pgd(5).perturb(&model, &batch, budget, &mut streams(Seed(1), 0, &[0, 1, 2])).await?;
/// let evaluated = evaluate(&model, &batch, candidates, budget).await?;
/// assert_eq!(evaluated.correct.len(), 3);
/// assert!(evaluated.largest <= 0.1001);
/// # Ok::<(), semantic_continuity::error::Error>(())
/// # })?;
/// # Ok::<(), semantic_continuity::error::Error>(())
/// ```
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
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

    /// Which attack it is.
    pub const fn kind(&self) -> AttackKind {
        match self {
            Self::Fgsm { .. } => AttackKind::Fgsm,
            Self::Pgd { .. } => AttackKind::Pgd,
            Self::Apgd { .. } => AttackKind::Apgd,
            Self::Square { .. } => AttackKind::Square,
            Self::Rays { .. } => AttackKind::Rays,
            Self::Noise => AttackKind::Noise,
            Self::RandomSign => AttackKind::RandomSign,
        }
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
        let name = self.kind().label();
        match *self {
            Self::Fgsm { loss, aim } => format!("{name}{}{}", of(loss), to(aim)),
            Self::Pgd { steps, loss, aim } | Self::Apgd { steps, loss, aim } => {
                format!("{name}-{steps}{}{}", of(loss), to(aim))
            }
            Self::Square { queries } | Self::Rays { queries } => format!("{name}, {queries} queries"),
            Self::Noise | Self::RandomSign => name.to_owned(),
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
        let (name, norms) = (self.kind().label(), self.kind().norms());
        if !norms.contains(&budget.norm) {
            let allowed = norms.iter().map(|norm| norm.label()).collect::<Vec<_>>().join(", ");
            return Err(Error::setting(&format!("The norm of the {name} Attack"), budget.norm.label(), allowed));
        }
        match *self {
            Self::Fgsm { aim, .. } => reachable(aim),
            Self::Pgd { steps, aim, .. } | Self::Apgd { steps, aim, .. } => {
                count("The number of steps", steps).and_then(|()| reachable(aim))
            }
            Self::Square { queries } | Self::Rays { queries } => count("The number of queries", queries),
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
