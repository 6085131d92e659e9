//! The harness: the only place that says whether an attack succeeded.

use super::project;
use crate::data::Batch;
use crate::error::Result;
use crate::model::Network;
use crate::train::read;
use burn::tensor::Tensor;

/// What became of a batch of candidates.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Whether each image is classified correctly after clipping. An image with an answer that is not finite counts
    /// as wrong.
    pub correct: Vec<bool>,
    /// Images with an answer that is not finite.
    pub not_finite: usize,
    /// Largest change of any pixel actually used.
    pub largest: f32,
}

/// Clips `candidates` to the ball of radius ε around the batch and to `[0, 1]`, predicts again with `network`
/// (without autodiff) and counts.
///
/// # Errors
/// `Device` when the device is lost.
pub async fn judge(network: &Network, batch: &Batch, candidates: Tensor<4>, epsilon: f32) -> Result<Verdict> {
    let adversarial = project(candidates, &batch.images, epsilon);
    let logits = network.forward(adversarial.clone()).logits;
    let [n, classes] = logits.dims();
    let largest = (adversarial - batch.images.clone()).abs().max();
    let values = read(Tensor::cat(vec![logits.reshape([n * classes]), largest], 0)).await?;
    let (logits, largest) = values.split_at(n * classes);
    let mut not_finite = 0;
    let correct = logits
        .chunks_exact(classes)
        .zip(&batch.labels)
        .map(|(row, &label)| {
            let finite = row.iter().all(|z| z.is_finite());
            not_finite += usize::from(!finite);
            finite && argmax(row) == usize::from(label)
        })
        .collect();
    Ok(Verdict { correct, not_finite, largest: largest[0] })
}

/// Index of the largest value; the first of equals.
pub(crate) fn argmax(row: &[f32]) -> usize {
    row.iter().enumerate().fold(0, |best, (i, &value)| if value > row[best] { i } else { best })
}
