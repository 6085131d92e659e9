//! Adversarial examples.
//!
//! An [`Attack`] is a configured value; the radius ε comes with each call, so one value draws a whole curve. The
//! gradient loop stands here once. Attacks act on pixels in `[0, 1]` and know nothing of normalisation, and they never
//! say whether they succeeded: [`judge`] clips, predicts again and counts.

mod judge;

pub(crate) use judge::argmax;
pub use judge::{Verdict, judge};

use crate::data::Batch;
use crate::model::Network;
use crate::seed::Rng;
use crate::train::cross_entropy;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// An ℓ∞ attack that climbs the cross-entropy along the sign of its gradient.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Attack {
    /// One step of length ε from x: `x + ε · sign ∇CE` (Goodfellow et al. 2015).
    Fgsm,
    /// Projected gradient descent (Madry et al. 2018): from a uniform point in the ball, `steps` steps of length
    /// `2.5 ε / steps`, each followed by projection to the ball and to `[0, 1]`.
    Pgd {
        /// Number of steps.
        steps: usize,
    },
}

impl Attack {
    /// The name in tables: `PGD-20`.
    pub fn label(&self) -> String {
        match self {
            Attack::Fgsm => "FGSM".to_owned(),
            Attack::Pgd { steps } => format!("PGD-{steps}"),
        }
    }

    /// Candidates `[n, c, h, w]` against `network`, which must track its input
    /// ([`Track::Input`](crate::model::Track::Input)). `batch` is without autodiff; the random start comes from `rng`.
    pub fn perturb(&self, network: &Network, batch: &Batch, epsilon: f32, rng: &mut Rng) -> Tensor<4> {
        let x = &batch.images;
        let (steps, length, start) = match *self {
            Attack::Fgsm => (1, epsilon, x.clone()),
            Attack::Pgd { steps } => {
                let values = rng.fill(x.dims().iter().product(), |rng| rng.uniform(-epsilon, epsilon));
                let start = x.clone() + Tensor::from_data(TensorData::new(values, x.dims()), &x.device());
                (steps, 2.5 * epsilon / steps.max(1) as f32, start.clamp(0.0, 1.0))
            }
        };
        let targets = batch.targets.clone().autodiff();
        let mut adversarial = start;
        for _ in 0..steps {
            let gradient = input_gradient(network, adversarial.clone(), &targets);
            adversarial = project(adversarial + gradient.sign().mul_scalar(length), x, epsilon);
        }
        adversarial
    }
}

/// `∇ₓ Σ CE(f(x), y)`, `[n, c, h, w]`. The sum keeps each image's gradient independent of the size of the batch.
fn input_gradient(network: &Network, x: Tensor<4>, targets: &Tensor<2>) -> Tensor<4> {
    let n = x.dims()[0];
    let x = x.autodiff().require_grad();
    let loss = cross_entropy(&network.forward(x.clone()), targets).mul_scalar(n as f32);
    let gradients = loss.backward();
    x.grad(&gradients).unwrap_or_else(|| x.without_autodiff().zeros_like())
}

/// The nearest point of the ℓ∞ ball of radius ε around `x` within `[0, 1]`.
pub(crate) fn project(y: Tensor<4>, x: &Tensor<4>, epsilon: f32) -> Tensor<4> {
    (x.clone() + (y - x.clone()).clamp(-epsilon, epsilon)).clamp(0.0, 1.0)
}
