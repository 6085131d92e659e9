//! Auto-PGD (Croce and Hein 2020): projected gradient ascent with momentum whose step length is its own business.

use super::gradient::{goal, value_and_gradient};
use super::{Aim, Budget, Loss};
use crate::data::Batch;
use crate::model::Differentiable;
use burn::tensor::Tensor;

/// Weight of the gradient step; the rest goes to the previous move.
const MOMENTUM: f32 = 0.75;
/// A stretch in which fewer of the steps than this raised the loss is too coarse.
const RISING: f32 = 0.75;

/// The best point of `steps` steps from `start`. The step begins at 2ε; at given checkpoints it halves, and the search
/// goes back to its best point, wherever too few steps raised the loss, or nothing better was found since the last
/// checkpoint with the same step. Each image decides for itself, on the device: nothing is read back.
pub(super) fn climb(
    classifier: &impl Differentiable,
    batch: &Batch,
    budget: Budget,
    start: Tensor<4>,
    steps: usize,
    (loss, aim): (Loss, Aim),
) -> Tensor<4> {
    let x = &batch.images;
    let [n, ..] = x.dims();
    let goal = goal(classifier, batch, aim);
    let ask = |point: &Tensor<4>| {
        let (value, gradient) = value_and_gradient(point.clone(), |x| loss.of(classifier.tracked(x), &goal));
        (value.reshape([n, 1, 1, 1]), gradient)
    };
    // `mask` is 1 or 0 for each image.
    let choose = |mask: &Tensor<4>, yes: &Tensor<4>, no: &Tensor<4>| {
        let everywhere = mask.clone().greater_equal(mask.ones_like()).expand(no.dims());
        no.clone().mask_where(everywhere, yes.clone())
    };
    let not = |mask: Tensor<4>| mask.neg().add_scalar(1.0);
    let at_least = |a: &Tensor<4>, b: &Tensor<4>| a.clone().greater_equal(b.clone()).float();

    let mut point = start.clone();
    let mut before = start;
    let (mut value, mut gradient) = ask(&point);
    let (mut best, mut best_value, mut best_gradient) = (point.clone(), value.clone(), gradient.clone());
    let mut step = value.zeros_like().add_scalar(2.0 * budget.epsilon);
    let mut rises = value.zeros_like();
    let (mut checked_value, mut halved) = (value.clone(), value.ones_like());
    let checkpoints = checkpoints(steps);
    let mut last = 0;
    for made in 1..=steps {
        let ahead = budget.project(point.clone() + budget.steepest(gradient.clone()) * step.clone(), x);
        let momentum = if made == 1 { 1.0 } else { MOMENTUM };
        let moved = (ahead - point.clone()).mul_scalar(momentum) + (point.clone() - before).mul_scalar(1.0 - momentum);
        before = point.clone();
        point = budget.project(point + moved, x);
        let now;
        (now, gradient) = ask(&point);
        rises = rises + not(at_least(&value, &now));
        let better = not(at_least(&best_value, &now));
        best = choose(&better, &point, &best);
        best_gradient = choose(&better, &gradient, &best_gradient);
        best_value = choose(&better, &now, &best_value);
        value = now;
        if checkpoints.contains(&made) {
            let few = not(at_least(&rises, &rises.zeros_like().add_scalar(RISING * (made - last) as f32)));
            let stuck = not(halved) * at_least(&checked_value, &best_value);
            halved = (few + stuck).clamp_max(1.0);
            step = step * halved.clone().mul_scalar(-0.5).add_scalar(1.0);
            point = choose(&halved, &best, &point);
            before = choose(&halved, &best, &before);
            gradient = choose(&halved, &best_gradient, &gradient);
            value = choose(&halved, &best_value, &value);
            checked_value = best_value.clone();
            rises = rises.zeros_like();
            last = made;
        }
    }
    best
}

/// After which of `steps` steps the step length is looked at: 22 % of them, then stretches that shrink by 3 % down to 6 %.
fn checkpoints(steps: usize) -> Vec<usize> {
    let (mut earlier, mut share) = (0.0f64, 0.22);
    let mut found = Vec::new();
    while share <= 1.0 {
        found.push((share * steps as f64).ceil() as usize);
        (earlier, share) = (share, share + (share - earlier - 0.03).max(0.06));
    }
    found.dedup();
    found
}
