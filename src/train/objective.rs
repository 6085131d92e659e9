//! The loss.

use crate::config::{CeOn, Settings};
use crate::continuity::Ds;
use crate::data::Batch;
use crate::model::{Activations, Network};
use burn::tensor::{Tensor, activation::log_softmax};

/// `CE + α · DS`. Source: the paper (form); the choice of DS, of α and of the images under CE is ours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// Weight α of the constraint; 0 leaves it out.
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
    /// Mean DS over the batch; `None` when x′ was not run.
    pub ds: Option<Tensor<1>>,
    /// Share of originals x classified correctly.
    pub accuracy: Tensor<1>,
}

impl Objective {
    /// The objective that the settings describe.
    pub fn new(settings: &Settings) -> Self {
        Self {
            alpha: settings.alpha,
            ds: settings.ds,
            stop_gradient: settings.stop_gradient,
            ce_on: settings.ce_on,
            compute_matched: settings.compute_matched,
        }
    }

    /// Whether the forward pass takes x′. With α = 0, CE on x only and no compute matching it does not: the pass is
    /// then exactly that of plain cross-entropy training.
    pub fn needs_perturbed(&self) -> bool {
        self.alpha > 0.0 || self.ce_on == CeOn::Both || self.compute_matched
    }

    /// The losses of `network` on `batch`. `perturbed` is x′ = P(x), `[n, c, h, w]`, and must be given when
    /// [`Objective::needs_perturbed`]; x and x′ then share one forward pass of `2n` images.
    pub fn losses(&self, network: &Network, batch: &Batch, perturbed: Option<Tensor<4>>) -> Losses {
        let n = batch.labels.len();
        let Some(perturbed) = perturbed else {
            let clean = network.forward(batch.images.clone());
            let ce = cross_entropy(&clean, &batch.targets);
            return Losses { total: ce.clone(), ce, ds: None, accuracy: accuracy(&clean, &batch.targets) };
        };
        let both = network.forward(Tensor::cat(vec![batch.images.clone(), perturbed], 0));
        let (clean, changed) = (both.narrow(0, n), both.narrow(n, n));
        let ce = match self.ce_on {
            CeOn::Clean => cross_entropy(&clean, &batch.targets),
            CeOn::Both => {
                (cross_entropy(&clean, &batch.targets) + cross_entropy(&changed, &batch.targets)).mul_scalar(0.5)
            }
        };
        let anchor = if self.stop_gradient { clean.detach() } else { clean.clone() };
        let ds = self.ds.distance(&anchor, &changed).mean();
        // Without α the term stays out of the loss altogether: 0 · ∞ would spoil the gradient.
        let total = if self.alpha > 0.0 { ce.clone() + ds.clone().mul_scalar(self.alpha) } else { ce.clone() };
        Losses { total, ce, ds: Some(ds), accuracy: accuracy(&clean, &batch.targets) }
    }
}

/// Mean cross-entropy `−Σ y · ln softmax(z)` over the batch, `[1]`.
fn cross_entropy(output: &Activations, targets: &Tensor<2>) -> Tensor<1> {
    let n = output.logits.dims()[0];
    let log_p = log_softmax(output.logits.clone(), 1);
    (log_p * targets.clone()).sum().mul_scalar(-1.0 / n as f32)
}

/// Share of rows whose true class has the largest logit, `[1]`.
fn accuracy(output: &Activations, targets: &Tensor<2>) -> Tensor<1> {
    let logits = output.logits.clone().without_autodiff();
    let [n, _] = logits.dims();
    let truth = (logits.clone() * targets.clone().without_autodiff()).sum_dim(1);
    truth.greater_equal(logits.max_dim(1)).float().reshape([n]).mean()
}
