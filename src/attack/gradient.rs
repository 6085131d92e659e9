//! The one loop of all gradient attacks.

use super::loss::{Goal, Loss};
use super::{Aim, Budget, Classifier};
use crate::data::Batch;
use burn::tensor::Tensor;

/// From `start`, `steps` steps of `length` along the steepest direction of the loss, each followed by projection.
pub(super) fn climb(
    victim: &impl Classifier,
    batch: &Batch,
    budget: Budget,
    start: Tensor<4>,
    steps: usize,
    length: f32,
    (loss, aim): (Loss, Aim),
) -> Tensor<4> {
    let x = &batch.images;
    let goal = goal(victim, batch, aim);
    (0..steps).fold(start, |adversarial, _| {
        let (_, gradient) = value_and_gradient(victim, adversarial.clone(), loss, &goal);
        budget.project(adversarial + budget.steepest(gradient).mul_scalar(length), x)
    })
}

/// What the attack is after, on the autodiff device.
pub(super) fn goal(victim: &impl Classifier, batch: &Batch, aim: Aim) -> Goal {
    let goal = match aim {
        // Its goal does not depend on the answer: a forward pass less.
        Aim::Away => Goal { label: batch.targets.clone(), target: None },
        _ => aim.goal(&batch.labels, &batch.targets, &victim.logits(batch.images.clone())),
    };
    Goal { label: goal.label.autodiff(), target: goal.target.map(Tensor::autodiff) }
}

/// The loss of each image, `[n]`, and `∇ₓ Σ L`, `[n, c, h, w]`. The sum keeps each image's gradient independent of the size
/// of the batch.
pub(super) fn value_and_gradient(
    victim: &impl Classifier,
    x: Tensor<4>,
    loss: Loss,
    goal: &Goal,
) -> (Tensor<1>, Tensor<4>) {
    let x = x.autodiff().require_grad();
    let value = loss.of(victim.tracked(x.clone()), goal);
    let gradients = value.clone().sum().backward();
    let gradient = x.grad(&gradients).unwrap_or_else(|| x.clone().without_autodiff().zeros_like());
    (value.without_autodiff(), gradient)
}
