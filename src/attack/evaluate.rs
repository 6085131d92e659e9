//! The harness: the only place that says whether an attack succeeded.

use super::Budget;
use crate::data::Batch;
use crate::error::Result;
use crate::model::Differentiable;
use crate::tensor::{prediction, read};
use burn::tensor::Tensor;

/// What became of a batch of candidates.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// Whether each image is classified correctly after clipping. An image with an answer that is not finite counts
    /// as wrong.
    pub correct: Vec<bool>,
    /// Images with an answer that is not finite.
    pub not_finite: usize,
    /// Longest change actually used, in the norm of the budget.
    pub largest: f32,
}

/// Clips `candidates` to the ball around the batch and to `[0, 1]`, predicts again and counts. A pixel that is not a
/// number proposes nothing: it counts as unchanged.
///
/// # Errors
/// `Device` when the device is lost.
pub async fn evaluate(
    classifier: &impl Differentiable,
    batch: &Batch,
    candidates: Tensor<4>,
    budget: Budget,
) -> Result<Evaluated> {
    let x = &batch.images;
    // 0 times a number is 0; times NaN or ∞ it is NaN, which is not at least itself.
    let nothing = candidates.clone().mul_scalar(0.0);
    let proposed = nothing.clone().greater_equal(nothing);
    let images = budget.project(x.clone().mask_where(proposed, candidates), x);
    let logits = classifier.logits(images.clone());
    let [n, classes] = logits.dims();
    let largest = budget.lengths(images.clone() - x.clone()).max();
    let values = read(Tensor::cat(vec![logits.reshape([n * classes]), largest], 0)).await?;
    let (logits, largest) = values.split_at(n * classes);
    let mut not_finite = 0;
    let correct = logits
        .chunks_exact(classes)
        .zip(&batch.labels)
        .map(|(row, &label)| {
            let answer = prediction(row);
            not_finite += usize::from(answer.is_none());
            answer == Some(usize::from(label))
        })
        .collect();
    Ok(Evaluated { correct, not_finite, largest: largest[0] })
}
