//! The loss.

use super::cross_entropy::cross_entropy;
use crate::config::{CeOn, Regularizer, Settings};
use crate::continuity::Ds;
use crate::data::Batch;
use crate::model::{Activations, Network};
use burn::tensor::Tensor;

/// `CE + α · R(x, x′)`. With the constraint R is DS and x′ = P(x): the form that a summary of the paper quotes; the
/// choice of DS, of α and of the images under CE is ours. The baselines have an R and an x′ of their own, see
/// [`Regularizer`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// What is added to the cross-entropy.
    pub regularizer: Regularizer,
    /// Its weight α; 0 leaves it out.
    pub alpha: f32,
    /// The distance DS.
    pub ds: Ds,
    /// Whether f(x) is a constant inside DS.
    pub stop_gradient: bool,
    /// Images under the cross-entropy; with both, `CE = ½ (CE(f(x), y) + CE(f(x′), y))`.
    pub ce_on: CeOn,
    /// Run x′ even when nothing of it enters the loss, so that a plain run costs as much as a constrained one.
    pub compute_matched: bool,
}

/// The terms of one batch, each `[1]` and still on the device.
pub struct Losses {
    /// What is minimised.
    pub total: Tensor<1>,
    /// Mean cross-entropy on the images that the objective names.
    pub ce: Tensor<1>,
    /// Mean DS over the batch; `None` when P(x) was not run.
    pub ds: Option<Tensor<1>>,
    /// Share of originals x classified correctly.
    pub accuracy: Tensor<1>,
}

impl Objective {
    /// The objective that the settings describe.
    pub fn new(settings: &Settings) -> Self {
        Self {
            regularizer: settings.regularizer,
            alpha: settings.alpha,
            ds: settings.ds,
            stop_gradient: settings.stop_gradient,
            ce_on: settings.ce_on,
            compute_matched: settings.compute_matched,
        }
    }

    /// Whether the forward pass takes x′. With α = 0, CE on x only and no compute matching it does not: the pass is
    /// then exactly that of plain cross-entropy training.
    pub fn needs_x_prime(&self) -> bool {
        let always = matches!(self.regularizer, Regularizer::Augmentation | Regularizer::Adversarial);
        always || self.alpha > 0.0 || self.ce_on == CeOn::Both || self.compute_matched
    }

    /// Whether x′ is P(x), so that DS comes with the loss.
    pub fn perturbs(&self) -> bool {
        self.regularizer.perturbs() && self.needs_x_prime()
    }

    /// The losses of `network` on `batch`. x′, `[n, c, h, w]`, must be given when [`Objective::needs_x_prime`]; x and
    /// x′ then share one forward pass of `2n` images.
    pub fn losses(&self, network: &Network, batch: &Batch, x_prime: Option<Tensor<4>>) -> Losses {
        let n = batch.labels.len();
        let targets = &batch.targets;
        let Some(x_prime) = x_prime else {
            let clean = network.forward(batch.images.clone());
            let ce = cross_entropy(&clean, targets);
            return Losses { total: ce.clone(), ce, ds: None, accuracy: accuracy(&clean, targets) };
        };
        let both = network.forward(Tensor::cat(vec![batch.images.clone(), x_prime], 0));
        let (clean, perturbed) = (both.narrow(0, n), both.narrow(n, n));
        let ce = match (self.regularizer, self.ce_on) {
            (Regularizer::Adversarial, _) => cross_entropy(&perturbed, targets),
            (Regularizer::Augmentation, _) | (_, CeOn::Both) => {
                (cross_entropy(&clean, targets) + cross_entropy(&perturbed, targets)).mul_scalar(0.5)
            }
            (_, CeOn::Clean) => cross_entropy(&clean, targets),
        };
        let anchor = if self.stop_gradient { clean.detach() } else { clean.clone() };
        let ds = self.perturbs().then(|| self.ds.distance(&anchor, &perturbed).mean());
        let term = self.regularizer.term(&clean, &perturbed, targets, ds.as_ref());
        // Without α the term stays out of the loss altogether: 0 · ∞ would spoil the gradient.
        let total = match term {
            Some(term) if self.alpha > 0.0 => ce.clone() + term.mul_scalar(self.alpha),
            _ => ce.clone(),
        };
        Losses { total, ce, ds, accuracy: accuracy(&clean, targets) }
    }
}

/// Share of rows whose true class has the largest logit, `[1]`.
fn accuracy(output: &Activations, targets: &Tensor<2>) -> Tensor<1> {
    let logits = output.logits.clone().without_autodiff();
    let [n, _] = logits.dims();
    let truth = (logits.clone() * targets.clone().without_autodiff()).sum_dim(1);
    truth.greater_equal(logits.max_dim(1)).float().reshape([n]).mean()
}
