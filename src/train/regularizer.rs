//! What each way to train compares x with, and the term that follows: x′ and R(x, x′) of every [`Regularizer`].

use super::cross_entropy::cross_entropies;
use crate::attack::{Budget, ascend, value_and_gradient};
use crate::config::{Regularizer, Settings};
use crate::continuity::{Ds, kl};
use crate::data::Batch;
use crate::kernel::log_softmax;
use crate::model::{Activations, Network, Track};
use crate::perturb::Spread;
use crate::seed::Rng;
use burn::tensor::{Tensor, TensorData};

/// Length h of the differences that stand for gradients: the Jacobian penalty steps `h · v` with `v ~ N(0, I)`, the
/// input-gradient penalty h along the gradient. Ours: small enough that few ReLUs change sides, large enough for f32.
const DIFFERENCE: f32 = 0.01;
/// Spread of the noise that TRADES starts from, as in its authors' code.
const START: f32 = 0.001;

impl Regularizer {
    /// The settings of the constraint that change what is trained; the others only say how both models are measured.
    pub fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Continuity => &["alpha", "perturbation", "ds", "stop_gradient"],
            Self::Augmentation => &["perturbation"],
            Self::Stability => &["alpha", "perturbation"],
            Self::Jacobian | Self::InputGradient => &["alpha"],
            Self::Trades => &["alpha", "adversary_epsilon", "adversary_steps"],
            Self::Adversarial => &["adversary_epsilon", "adversary_steps"],
        }
    }

    /// Whether x′ is P(x).
    pub(super) fn perturbs(self) -> bool {
        self.settings().contains(&"perturbation")
    }

    /// x′ for `batch`, `[n, c, h, w]`, as a constant. `network` makes the network that is trained.
    pub fn x_prime(
        self,
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
        match self {
            Self::Continuity | Self::Augmentation | Self::Stability => {
                settings.perturbation.draw(x.dims(), Spread::Uniform, rng).apply(x.clone())
            }
            Self::Jacobian => x.clone() + drawn(rng, &|rng| DIFFERENCE * rng.normal()),
            Self::InputGradient => {
                let (network, targets) = (tracking(), targets());
                let (_, gradient) = value_and_gradient(x.clone(), |x| cross_entropies(&network.forward(x), &targets));
                x.clone() + Budget::l2(DIFFERENCE).steepest(gradient).mul_scalar(DIFFERENCE)
            }
            Self::Trades => {
                let network = tracking();
                let log_p = log_p(&network.forward(x.clone().autodiff()).detach());
                let start = budget.project(x.clone() + drawn(rng, &|rng| START * rng.normal()), x);
                ascend(x, budget, start, steps, length, |x| kl(log_p.clone(), self::log_p(&network.forward(x))))
            }
            Self::Adversarial => {
                let (network, targets) = (tracking(), targets());
                let epsilon = budget.epsilon;
                let start = budget.project(x.clone() + drawn(rng, &|rng| rng.uniform(-epsilon, epsilon)), x);
                ascend(x, budget, start, steps, length, |x| cross_entropies(&network.forward(x), &targets))
            }
        }
    }

    /// R(x, x′) of a batch, `[1]`, from the answers to both; `ds` is the mean DS where x′ is P(x). Nothing where no term
    /// is added to the cross-entropy.
    pub(super) fn term(
        self,
        clean: &Activations,
        perturbed: &Activations,
        targets: &Tensor<2>,
        ds: Option<&Tensor<1>>,
    ) -> Option<Tensor<1>> {
        let n = targets.dims()[0];
        match self {
            Self::Continuity => ds.cloned(),
            Self::Augmentation | Self::Adversarial => None,
            Self::Stability => Some((log_p(clean).exp() * log_p(perturbed)).sum().mul_scalar(-1.0 / n as f32)),
            // For v ~ N(0, I), E ‖J v‖² = ‖J‖².
            Self::Jacobian => {
                let slope = (perturbed.logits.clone() - clean.logits.clone()).mul_scalar(1.0 / DIFFERENCE);
                Some(slope.square().sum().mul_scalar(0.5 / n as f32))
            }
            Self::InputGradient => {
                let slope = cross_entropies(perturbed, targets) - cross_entropies(clean, targets);
                Some(slope.mul_scalar(1.0 / DIFFERENCE).square().mean())
            }
            Self::Trades => Some(Ds::Kl.distance(clean, perturbed).mean()),
        }
    }
}

/// Log-probabilities, `[n, classes]`.
fn log_p(of: &Activations) -> Tensor<2> {
    log_softmax(of.logits.clone())
}
