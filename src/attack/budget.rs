//! How far an attack may go, and the geometry of that ball.

use crate::choice::choices;
use crate::error::{Error, Result};
use crate::kernel;
use crate::seed::Rng;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

choices! {
    /// How the length of a change is measured.
    pub enum Norm {
        Linf => "linf", "ℓ∞", "The largest change of any value.";
        L2 => "l2", "ℓ2", "The Euclidean length of the whole change.";
    }
}

/// The radii on offer in a norm: whole multiples of `1 / parts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Radii {
    /// How many of them make a radius of 1.
    pub parts: u32,
    /// The largest.
    pub most: u32,
    /// Where a slider starts out: for ℓ∞ about the radius of the evaluation.
    pub typical: u32,
}

impl Norm {
    /// The radii on offer.
    pub const fn radii(self) -> Radii {
        match self {
            Self::Linf => Radii { parts: 255, most: 128, typical: 25 },
            Self::L2 => Radii { parts: 20, most: 120, typical: 30 },
        }
    }
}

/// All points within `epsilon` of x, in pixel values from 0 to 1. Travels with every number.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// The norm.
    pub norm: Norm,
    /// The radius.
    pub epsilon: f32,
}

/// Keeps divisions away from 0; far below any length that matters.
const TINY: f32 = 1e-12;

impl Budget {
    /// An ℓ∞ ball.
    pub fn linf(epsilon: f32) -> Self {
        Self { norm: Norm::Linf, epsilon }
    }

    /// An ℓ2 ball.
    pub fn l2(epsilon: f32) -> Self {
        Self { norm: Norm::L2, epsilon }
    }

    /// The radius at which the ball around any image of `values` values holds every image.
    pub fn everything(norm: Norm, values: usize) -> Self {
        let epsilon = match norm {
            Norm::Linf => 1.0,
            Norm::L2 => (values as f32).sqrt(),
        };
        Self { norm, epsilon }
    }

    /// Checks the radius for images of `values` values.
    ///
    /// # Errors
    /// `InvalidSetting`.
    pub fn validate(&self, values: usize) -> Result<()> {
        let most = Self::everything(self.norm, values).epsilon;
        if !(0.0..=most).contains(&self.epsilon) {
            return Err(Error::setting(
                "Attack radius ε",
                self.epsilon,
                format!("0 to {most} in {}", self.norm.label()),
            ));
        }
        Ok(())
    }

    /// The nearest point of the ball around `x`, `[n, c, h, w]`, then within `[0, 1]`: clipping moves every value
    /// towards x, so the result stays in the ball.
    pub fn project(&self, y: Tensor<4>, x: &Tensor<4>) -> Tensor<4> {
        let change = y - x.clone();
        let change = match self.norm {
            Norm::Linf => change.clamp(-self.epsilon, self.epsilon),
            Norm::L2 => {
                let length = length(&change);
                // Never longer than it is; nothing stays nothing.
                let factor = (length.zeros_like().add_scalar(self.epsilon) / length.clamp_min(TINY)).clamp_max(1.0);
                change * factor
            }
        };
        (x.clone() + change).clamp(0.0, 1.0)
    }

    /// The direction of length 1 in which a function with this gradient rises fastest: its sign for ℓ∞, the gradient
    /// itself over its length for ℓ2. 0 where the gradient is 0.
    pub(crate) fn steepest(&self, gradient: Tensor<4>) -> Tensor<4> {
        match self.norm {
            Norm::Linf => kernel::signs(gradient),
            Norm::L2 => {
                // A gradient of 1e-30 still has a direction, but its square is 0.
                let largest = gradient.clone().abs().max_dim(3).max_dim(2).max_dim(1);
                let scaled = gradient / largest.clamp_min(f32::MIN_POSITIVE);
                let length = length(&scaled);
                scaled / length.clamp_min(TINY)
            }
        }
    }

    /// A change for one image of `values` values: uniform in the ball.
    pub(super) fn inside(&self, values: usize, rng: &mut Rng) -> Vec<f32> {
        match self.norm {
            Norm::Linf => rng.fill(values, |rng| rng.uniform(-self.epsilon, self.epsilon)),
            Norm::L2 => {
                let radius = self.epsilon * rng.uniform(0.0, 1.0).powf(1.0 / values as f32);
                stretched(rng.fill(values, Rng::normal), radius)
            }
        }
    }

    /// A change for one image on the boundary of the ball: noise, uniform for ℓ∞ and Gaussian for ℓ2, stretched to it.
    pub(super) fn noise(&self, values: usize, rng: &mut Rng) -> Vec<f32> {
        match self.norm {
            Norm::Linf => {
                let noise = rng.fill(values, |rng| rng.uniform(-1.0, 1.0));
                let largest = noise.iter().fold(TINY, |most, v| most.max(v.abs()));
                noise.into_iter().map(|v| v * self.epsilon / largest).collect()
            }
            Norm::L2 => stretched(rng.fill(values, Rng::normal), self.epsilon),
        }
    }

    /// The length of one step in each of `values` values that together reach the boundary.
    pub(super) fn corner(&self, values: usize) -> f32 {
        match self.norm {
            Norm::Linf => self.epsilon,
            Norm::L2 => self.epsilon / (values as f32).sqrt(),
        }
    }

    /// The length of each image's change, `[n]`.
    pub fn lengths(&self, change: Tensor<4>) -> Tensor<1> {
        let n = change.dims()[0];
        match self.norm {
            Norm::Linf => change.abs().max_dim(3).max_dim(2).max_dim(1).reshape([n]),
            Norm::L2 => length(&change).reshape([n]),
        }
    }
}

/// Euclidean length of each image, `[n, 1, 1, 1]`.
fn length(x: &Tensor<4>) -> Tensor<4> {
    x.clone().square().sum_dim(3).sum_dim(2).sum_dim(1).sqrt()
}

fn stretched(values: Vec<f32>, length: f32) -> Vec<f32> {
    let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt().max(TINY);
    values.into_iter().map(|v| v * length / norm).collect()
}

/// One change for each image, drawn from the image's own stream, on the device of `x`.
pub(super) fn drawn(x: &Tensor<4>, rngs: &mut [Rng], mut draw: impl FnMut(usize, &mut Rng) -> Vec<f32>) -> Tensor<4> {
    let values: usize = x.dims()[1..].iter().product();
    let changes: Vec<f32> = rngs.iter_mut().flat_map(|rng| draw(values, rng)).collect();
    Tensor::from_data(TensorData::new(changes, x.dims()), &x.device())
}
