//! One image, attacked: what each model makes of its own adversarial example.

use super::{Answer, Picture, channel_last, lengths};
use crate::attack::{Attack, Budget};
use crate::data::Data;
use crate::error::Result;
use crate::experiment::Change;
use crate::model::Classifier;
use crate::seed::Seed;
use crate::tensor::{Pixels, read};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// An image and what an attack makes of it, one model at a time.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The image.
    #[serde(flatten)]
    pub picture: Picture,
    /// In the order of the models given.
    pub models: Vec<Attacked>,
}

/// The outcome on one model.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attacked {
    /// The adversarial image, in the order of `original`.
    pub image: Pixels,
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
/// `InvalidSetting` for an image, attack or radius out of range, `NotReady`, `WeightsMismatch`, `Diverged` when an
/// answer is not finite, `Device`.
pub async fn example(
    data: &Data,
    classifiers: &[&Classifier],
    index: usize,
    attack: Attack,
    budget: Budget,
    seed: Seed,
) -> Result<Example> {
    let batch =
        Picture::batch(data, &classifiers.iter().map(|classifier| classifier.network()).collect::<Vec<_>>(), index)?;
    let change = Change::Attack { attack, budget };
    let mut after = Vec::with_capacity(classifiers.len());
    for classifier in classifiers {
        after.push((*classifier, change.apply(classifier, &batch, index, seed).await?));
    }
    let (original, models) = Attacked::read(&batch.images, &after).await?;
    Ok(Example { picture: Picture::new(index, &batch, &original), models })
}

impl Attacked {
    /// The values of `x`, `[1, c, h, w]`, and what each model makes of it and of what it became, from the device at once.
    ///
    /// # Errors
    /// `Diverged` when an answer is not finite, `Device`.
    pub(super) async fn read(x: &Tensor<4>, after: &[(&Classifier, Tensor<4>)]) -> Result<(Vec<f32>, Vec<Self>)> {
        let [_, channels, height, width] = x.dims();
        let size = channels * height * width;
        let mut parts = vec![x.clone().reshape([size])];
        for (classifier, y) in after {
            let pair = Tensor::cat(vec![x.clone(), y.clone()], 0);
            parts.extend([y.clone().reshape([size]), Answer::ask(classifier.network(), &pair)]);
        }
        let mut original = read(Tensor::cat(parts, 0)).await?;
        let rest = original.split_off(size);
        let models = rest.chunks_exact((rest.len() / after.len().max(1)).max(1)).map(|values| {
            let (image, answer) = values.split_at(size);
            let (linf, l2) = lengths(&original, image);
            let answer = Answer::read(answer, (answer.len() - 1) / 2)?;
            Ok(Self { image: channel_last(image, channels), answer, linf, l2 })
        });
        let models = models.collect::<Result<_>>()?;
        Ok((original, models))
    }
}
