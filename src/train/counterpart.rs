//! x′: what an objective compares x with.

use super::objective::{Objective, cross_entropies};
use crate::attack::{Budget, ascend, value_and_gradient};
use crate::config::{Regularizer, Settings};
use crate::data::Batch;
use crate::model::{Activations, Network, Track};
use crate::perturb::Spread;
use crate::seed::Rng;
use burn::tensor::{Tensor, TensorData, activation::log_softmax};

/// Length h of the differences that stand for gradients: the Jacobian penalty steps `h · v` with `v ~ N(0, I)`, the
/// input-gradient penalty h along the gradient. Ours: small enough that few ReLUs change sides, large enough for f32.
pub(super) const DIFFERENCE: f32 = 0.01;
/// Spread of the noise that TRADES starts from, as in its authors' code.
const START: f32 = 0.001;

impl Objective {
    /// x′ for `batch`, `[n, c, h, w]`, as a constant. `network` makes the network that is trained.
    pub fn counterpart(
        &self,
        network: impl Fn(Track) -> Network,
        batch: &Batch,
        settings: &Settings,
        rng: &mut Rng,
    ) -> Tensor<4> {
        let x = &batch.images;
        let budget = Budget::linf(settings.adversary_epsilon);
        let steps = settings.adversary_steps;
        let length = 2.5 * budget.epsilon / steps as f32;
        let tracking = || network(Track::Input);
        let targets = || batch.targets.clone().autodiff();
        let drawn = |rng: &mut Rng, draw: &dyn Fn(&mut Rng) -> f32| {
            let values = rng.fill(x.dims().iter().product(), |rng| draw(rng));
            Tensor::<4>::from_data(TensorData::new(values, x.dims()), &x.device())
        };
        match self.regularizer {
            Regularizer::Continuity | Regularizer::Augmentation | Regularizer::Stability => {
                settings.perturbation.draw(x.dims(), Spread::Uniform, rng).apply(x.clone())
            }
            Regularizer::Jacobian => x.clone() + drawn(rng, &|rng| DIFFERENCE * rng.normal()),
            Regularizer::InputGradient => {
                let (network, targets) = (tracking(), targets());
                let (_, gradient) = value_and_gradient(x.clone(), |x| cross_entropies(&network.forward(x), &targets));
                x.clone() + Budget::l2(DIFFERENCE).steepest(gradient).mul_scalar(DIFFERENCE)
            }
            Regularizer::Trades => {
                let network = tracking();
                let log_p = log_softmax(network.forward(x.clone().autodiff()).logits.detach(), 1);
                let start = budget.project(x.clone() + drawn(rng, &|rng| START * rng.normal()), x);
                ascend(x, budget, start, steps, length, |x| divergence(&log_p, &network.forward(x)))
            }
            Regularizer::Adversarial => {
                let (network, targets) = (tracking(), targets());
                let epsilon = budget.epsilon;
                let start = budget.project(x.clone() + drawn(rng, &|rng| rng.uniform(-epsilon, epsilon)), x);
                ascend(x, budget, start, steps, length, |x| cross_entropies(&network.forward(x), &targets))
            }
        }
    }
}

/// `KL(p ‖ q)` of each image, `[n]`, for log-probabilities of p.
fn divergence(log_p: &Tensor<2>, q: &Activations) -> Tensor<1> {
    let n = log_p.dims()[0];
    (log_p.clone().exp() * (log_p.clone() - log_softmax(q.logits.clone(), 1))).sum_dim(1).reshape([n])
}
