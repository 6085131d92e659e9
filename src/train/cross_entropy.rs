//! Cross-entropy `−Σ y · ln softmax(z)` with one-hot labels y.

use crate::kernel::log_softmax;
use crate::model::Activations;
use burn::tensor::Tensor;

/// Its mean over the batch, `[1]`.
pub(super) fn cross_entropy(output: &Activations, targets: &Tensor<2>) -> Tensor<1> {
    let n = output.logits.dims()[0];
    let log_p = log_softmax(output.logits.clone());
    (log_p * targets.clone()).sum().mul_scalar(-1.0 / n as f32)
}

/// That of each image, `[n]`.
pub(crate) fn cross_entropies(output: &Activations, targets: &Tensor<2>) -> Tensor<1> {
    let n = output.logits.dims()[0];
    let log_p = log_softmax(output.logits.clone());
    (log_p * targets.clone()).sum_dim(1).neg().reshape([n])
}
