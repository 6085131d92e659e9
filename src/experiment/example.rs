//! One image, attacked: what each model makes of its own adversarial example.

use super::nudge::channel_last;
use super::{Answer, Change};
use crate::attack::{Attack, Budget, Victim};
use crate::data::{Batch, Data};
use crate::error::{Code, Error, Result};
use crate::seed::Seed;
use crate::train::read;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// An image and what an attack makes of it, one model at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
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
    pub original: Vec<f32>,
    /// In the order of the models given.
    pub models: Vec<Attacked>,
}

/// The outcome on one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attacked {
    /// The adversarial image, in the order of `original`.
    pub image: Vec<f32>,
    /// What the model says before and after.
    pub answer: Answer,
    /// Largest change of a value.
    pub linf: f32,
    /// Euclidean length of the change.
    pub l2: f32,
}

/// Attacks test image `index` on each model.
///
/// # Errors
/// `InvalidSetting` for an image, attack or radius out of range, `NotReady`, `WeightsMismatch`, `Device`.
pub async fn example(
    data: &Data,
    victims: &[&Victim],
    index: usize,
    attack: Attack,
    budget: Budget,
    seed: Seed,
) -> Result<Example> {
    let batch = image(data, victims, index)?;
    let x = &batch.images;
    let [_, c, h, w] = x.dims();
    let (size, classes) = (c * h * w, batch.targets.dims()[1]);
    let change = Change::Attack { attack, budget };
    let mut parts = vec![x.clone().reshape([size])];
    for victim in victims {
        let y = change.apply(victim, &batch, index, seed).await?;
        let pair = Tensor::cat(vec![x.clone(), y.clone()], 0);
        parts.extend([y.reshape([size]), Answer::ask(victim.network(), &pair)]);
    }
    let values = read(Tensor::cat(parts, 0)).await?;
    let (original, rest) = values.split_at(size);
    let models = rest.chunks_exact(size + 2 * classes + 1).map(|values| {
        let (image, answer) = values.split_at(size);
        let change = || original.iter().zip(image).map(|(x, y)| (y - x).abs());
        Attacked {
            image: channel_last(image, c),
            answer: Answer::read(answer, classes),
            linf: change().fold(0.0, f32::max),
            l2: change().map(|d| d * d).sum::<f32>().sqrt(),
        }
    });
    Ok(Example {
        index,
        label: batch.labels[0],
        width: w,
        height: h,
        channels: c,
        original: channel_last(original, c),
        models: models.collect(),
    })
}

/// Test image `index` as a batch of one for these models.
pub(super) fn image(data: &Data, victims: &[&Victim], index: usize) -> Result<Batch> {
    let test = &data.test;
    if test.is_empty() {
        return Err(Error::new(Code::NotReady, "The test images are not loaded."));
    }
    if index >= test.len() {
        return Err(Error::setting("The image", index, format!("0 to {}", test.len() - 1)));
    }
    let Some(first) = victims.first() else {
        return Err(Error::new(Code::NotReady, "No model is loaded."));
    };
    victims.iter().try_for_each(|victim| victim.network().config().check_images(test))?;
    Ok(test.batch(&[index], first.network().config().classes, &first.network().device()))
}
