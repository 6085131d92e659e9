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
    let x = &batch.images;
    let (size, classes) = (x.dims()[1..].iter().product::<usize>(), batch.targets.dims()[1]);
    let change = Change::Attack { attack, budget };
    let mut parts = vec![x.clone().reshape([size])];
    for classifier in classifiers {
        let y = change.apply(classifier, &batch, index, seed).await?;
        let pair = Tensor::cat(vec![x.clone(), y.clone()], 0);
        parts.extend([y.reshape([size]), Answer::ask(classifier.network(), &pair)]);
    }
    let values = read(Tensor::cat(parts, 0)).await?;
    let (original, rest) = values.split_at(size);
    let models = rest.chunks_exact(size + 2 * classes + 1).map(|values| {
        let (image, answer) = values.split_at(size);
        let (linf, l2) = lengths(original, image);
        let answer = Answer::read(answer, classes)?;
        Ok(Attacked { image: channel_last(image, x.dims()[1]), answer, linf, l2 })
    });
    Ok(Example { picture: Picture::new(index, &batch, original), models: models.collect::<Result<_>>()? })
}
