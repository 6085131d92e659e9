//! The one loop of all attacks with a fixed step.

use super::loss::{Goal, Loss};
use super::{Aim, Budget};
use crate::data::Batch;
use crate::model::Differentiable;
use burn::tensor::Tensor;

/// From `start`, `steps` steps of `length` along the steepest direction of the loss, each followed by projection.
pub(super) fn climb(
    classifier: &impl Differentiable,
    batch: &Batch,
    budget: Budget,
    start: Tensor<4>,
    steps: usize,
    length: f32,
    (loss, aim): (Loss, Aim),
) -> Tensor<4> {
    let goal = goal(classifier, batch, aim);
    ascend(&batch.images, budget, start, steps, length, |x| loss.of(classifier.tracked(x), &goal))
}

/// From `start`, `steps` steps of `length` in the ball around `x` along the steepest direction of any `value`, `[n]`, of
/// images on the autodiff device.
pub(crate) fn ascend(
    x: &Tensor<4>,
    budget: Budget,
    start: Tensor<4>,
    steps: usize,
    length: f32,
    value: impl Fn(Tensor<4>) -> Tensor<1>,
) -> Tensor<4> {
    (0..steps).fold(start, |point, _| {
        let (_, gradient) = value_and_gradient(point.clone(), &value);
        budget.project(point + budget.steepest(gradient).mul_scalar(length), x)
    })
}

/// What the attack is after, on the autodiff device.
pub(super) fn goal(classifier: &impl Differentiable, batch: &Batch, aim: Aim) -> Goal {
    let goal = match aim {
        // Its goal does not depend on the answer: a forward pass less.
        Aim::Untargeted => Goal { label: batch.targets.clone(), target: None },
        _ => aim.goal(&batch.labels, &batch.targets, &classifier.logits(batch.images.clone())),
    };
    Goal { label: goal.label.autodiff(), target: goal.target.map(Tensor::autodiff) }
}

/// The value of each image, `[n]`, and `∇ₓ Σ value`, `[n, c, h, w]`. The sum keeps each image's gradient independent of the
/// size of the batch.
pub(crate) fn value_and_gradient(x: Tensor<4>, value: impl Fn(Tensor<4>) -> Tensor<1>) -> (Tensor<1>, Tensor<4>) {
    let x = x.autodiff().require_grad();
    let value = value(x.clone());
    let gradients = value.clone().sum().backward();
    let gradient = x.grad(&gradients).unwrap_or_else(|| x.clone().without_autodiff().zeros_like());
    (value.without_autodiff(), gradient)
}
