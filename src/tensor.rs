//! What every room does with tensors and with the rows read from them.

use crate::error::{Code, Error, Result};
use burn::tensor::Tensor;

/// Reads a vector to the host.
pub(crate) async fn read(tensor: Tensor<1>) -> Result<Vec<f32>> {
    let lost = |error: &dyn std::fmt::Debug| Error::new(Code::Device, format!("The device did not answer: {error:?}."));
    let data = tensor.into_data_async().await.map_err(|error| lost(&error))?;
    data.try_into_vec::<f32>().map_err(|error| lost(&error))
}

/// Index of the largest value; the first of equals.
pub(crate) fn argmax(row: &[f32]) -> usize {
    row.iter().enumerate().fold(0, |best, (i, &value)| if value > row[best] { i } else { best })
}

/// The class that a row of logits predicts; nothing when one of them is not finite.
pub(crate) fn prediction(row: &[f32]) -> Option<usize> {
    row.iter().all(|z| z.is_finite()).then(|| argmax(row))
}
