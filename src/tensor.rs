//! What every room does with tensors and with the rows read from them.

use crate::error::{Code, Error, Result};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize, Serializer};
use std::ops::Deref;

/// The values of a picture or of a map, row by row, those of a pixel side by side. Text has them as a list of numbers;
/// where a message need not be read by people they are the bytes of their f32, first byte first.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify), tsify(type = "Float32Array"))]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Pixels(pub Vec<f32>);

impl Deref for Pixels {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Pixels {
    type Item = &'a f32;
    type IntoIter = std::slice::Iter<'a, f32>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Serialize for Pixels {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.0.serialize(serializer);
        }
        let bytes: Vec<u8> = self.0.iter().flat_map(|value| value.to_le_bytes()).collect();
        serializer.serialize_bytes(&bytes)
    }
}

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
