//! One picture: what models make of it, and of the same picture changed.

mod example;
mod explanation;
mod limit;
mod nudge;
mod triplet;

pub use example::{Attacked, Example, example};
pub(super) use explanation::TOP;
pub use explanation::{Class, Explained, Explanation, Shift, View, explain};
pub use limit::{Broken, Limit, Limits, limits};
pub use nudge::{Answer, Nudge, Rates, nudge, nudge_rates};
pub use triplet::{Triplet, Triplets, triplets};

use crate::data::{Batch, Data};
use crate::error::{Code, Error, Result};
use crate::model::Network;
use crate::tensor::{Pixels, argmax, read};
use serde::{Deserialize, Serialize};

/// A test image as a figure shows it.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Index in the test images.
    pub index: usize,
    /// True class.
    pub label: u8,
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// 1 or 3.
    pub channels: usize,
    /// x, row-major with the channel last, in 0..1.
    pub original: Pixels,
}

impl Picture {
    /// Test image `index` as a batch of one for `networks`.
    ///
    /// # Errors
    /// `NotReady` without test images or networks, `InvalidSetting` for an image that does not exist,
    /// `WeightsMismatch`.
    pub(super) fn batch(data: &Data, networks: &[&Network], index: usize) -> Result<Batch> {
        check(data, index)?;
        let Some(first) = networks.first() else {
            return Err(Error::new(Code::NotReady, "No model is loaded."));
        };
        networks.iter().try_for_each(|network| network.config().check_images(&data.test))?;
        Ok(data.test.batch(&[index], first.config().classes, &first.device()))
    }

    /// Test image `index` as it is.
    ///
    /// # Errors
    /// `NotReady` without test images, `InvalidSetting` for an image that does not exist.
    pub fn of(data: &Data, index: usize) -> Result<Self> {
        check(data, index)?;
        let test = &data.test;
        Ok(Self {
            index,
            label: test.labels[index],
            width: test.width,
            height: test.height,
            channels: test.channels,
            original: channel_last(&test.image(index).collect::<Vec<f32>>(), test.channels),
        })
    }

    /// What is shown of `batch`, which holds test image `index` with the pixels `planes`, `[c, h, w]`.
    fn new(index: usize, batch: &Batch, planes: &[f32]) -> Self {
        let [_, channels, height, width] = batch.images.dims();
        let original = channel_last(planes, channels);
        Self { index, label: batch.labels[0], width, height, channels, original }
    }
}

/// The class that `network` predicts for test image `index`.
///
/// # Errors
/// As [`nudge`]; `Diverged` where the answer is not finite.
pub async fn predict(data: &Data, network: &Network, index: usize) -> Result<usize> {
    let logits = network.forward(Picture::batch(data, &[network], index)?.images).logits;
    let classes = logits.dims()[1];
    let logits = read(logits.reshape([classes])).await?;
    Ok(argmax(all_finite(&logits)?))
}

/// Whether there is a test image `index`.
fn check(data: &Data, index: usize) -> Result<()> {
    if data.test.is_empty() {
        return Err(Error::new(Code::NotReady, "The test images are not loaded."));
    }
    if index >= data.test.len() {
        return Err(Error::setting("The image", index, format!("0 to {}", data.test.len() - 1)));
    }
    Ok(())
}

/// `[c, h, w]` to `[h, w, c]`, the order of a canvas.
pub(super) fn channel_last(planes: &[f32], c: usize) -> Pixels {
    let area = planes.len() / c;
    Pixels((0..planes.len()).map(|i| planes[(i % c) * area + i / c]).collect())
}

/// How far `after` is from `before`: largest change of a value, and Euclidean length.
fn lengths(before: &[f32], after: &[f32]) -> (f32, f32) {
    let change = || before.iter().zip(after).map(|(a, b)| (b - a).abs());
    (change().fold(0.0, f32::max), change().map(|d| d * d).sum::<f32>().sqrt())
}

/// `values`, if a figure about one picture has something to show of them.
///
/// # Errors
/// `Diverged` when one is not finite.
fn all_finite(values: &[f32]) -> Result<&[f32]> {
    if values.iter().all(|value| value.is_finite()) {
        return Ok(values);
    }
    let message = "What the model answers is not finite: its weights are too large to compute with. \
                   Train it again with a smaller learning rate.";
    Err(Error::new(Code::Diverged, message))
}
