//! One image, nudged: what both models say before and after.

use super::{Picture, all_finite, channel_last, lengths};
use crate::continuity::Ds;
use crate::data::Data;
use crate::error::{Code, Error, Result};
use crate::experiment::{Quantity, proportion};
use crate::model::Network;
use crate::perturb::{Perturbation, Spread};
use crate::seed::{Seed, Stream};
use crate::tensor::{Pixels, argmax, prediction, read};
use burn::tensor::{Tensor, activation::softmax};
use serde::{Deserialize, Serialize};

/// What one model says.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Class probabilities for x.
    pub before: Vec<f32>,
    /// Class probabilities for x′.
    pub after: Vec<f32>,
    /// Most probable class of x.
    pub prediction_before: usize,
    /// Most probable class of x′.
    pub prediction_after: usize,
    /// ‖z(x) − z(x′)‖₂ of the logits.
    pub distance: f32,
}

/// An image before and after, and what each model says.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nudge {
    /// The image.
    #[serde(flatten)]
    pub picture: Picture,
    /// x′, in the order of the original.
    pub perturbed: Pixels,
    /// Largest change of a value.
    pub linf: f32,
    /// Euclidean length of the change.
    pub l2: f32,
    /// Answers in the order of the networks given.
    pub answers: Vec<Answer>,
}

/// How often models change their answer.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Images.
    pub n: usize,
    /// Share of images whose predicted class changes, in the order of the networks given.
    pub flips: Vec<Quantity>,
}

/// Nudges test image `index` with one draw of `perturbation` at exactly its strength.
///
/// # Errors
/// `InvalidSetting` for an image that does not exist or a perturbation out of range, `PerturbationNeedsColor`,
/// `WeightsMismatch`, `Diverged` when an answer is not finite, `Device`.
pub async fn nudge(
    data: &Data,
    networks: &[&Network],
    index: usize,
    perturbation: &Perturbation,
    seed: Seed,
) -> Result<Nudge> {
    check(data, networks, perturbation)?;
    let batch = Picture::batch(data, networks, index)?;
    let x = &batch.images;
    let classes = batch.targets.dims()[1];
    let draw = perturbation.draw(x.dims(), Spread::Full, &mut seed.rng(Stream::Nudge, index as u64));
    let pair = Tensor::cat(vec![x.clone(), draw.apply(x.clone())], 0);
    let size = x.dims()[1..].iter().product::<usize>();
    let mut parts = vec![pair.clone().reshape([2 * size])];
    parts.extend(networks.iter().map(|network| Answer::ask(network, &pair)));
    let values = read(Tensor::cat(parts, 0)).await?;
    let (pixels, answers) = values.split_at(2 * size);
    let (original, perturbed) = pixels.split_at(size);
    let (linf, l2) = lengths(original, perturbed);
    Ok(Nudge {
        picture: Picture::new(index, &batch, original),
        perturbed: channel_last(perturbed, x.dims()[1]),
        linf,
        l2,
        answers: answers
            .chunks_exact(2 * classes + 1)
            .map(|values| Answer::read(values, classes))
            .collect::<Result<_>>()?,
    })
}

impl Answer {
    /// The answer to a pair `[2, c, h, w]` of an image before and after, on the device: see [`Answer::read`].
    pub(super) fn ask(network: &Network, pair: &Tensor<4>) -> Tensor<1> {
        let output = network.forward(pair.clone());
        let classes = output.logits.dims()[1];
        let ds = Ds::LogitL2.distance(&output.narrow(0, 1), &output.narrow(1, 1));
        Tensor::cat(vec![softmax(output.logits, 1).reshape([2 * classes]), ds], 0)
    }

    /// The `2 · classes + 1` values of [`Answer::ask`].
    ///
    /// # Errors
    /// `Diverged` when one of them is not finite.
    pub(super) fn read(values: &[f32], classes: usize) -> Result<Self> {
        let (before, after) = (&values[..classes], &values[classes..2 * classes]);
        let distance = Ds::LogitL2.reported(all_finite(values)?[2 * classes]).unwrap_or_default();
        Ok(Self {
            before: before.to_vec(),
            after: after.to_vec(),
            prediction_before: argmax(before),
            prediction_after: argmax(after),
            distance,
        })
    }
}

/// On how many of the first `images` test images the predicted class changes, at exactly the given strength. An answer
/// that is not finite counts as changed.
///
/// # Errors
/// As [`nudge`].
pub async fn nudge_rates(
    data: &Data,
    networks: &[&Network],
    images: usize,
    perturbation: &Perturbation,
    seed: Seed,
) -> Result<Rates> {
    check(data, networks, perturbation)?;
    let n = images.min(data.test.len());
    let mut flips = Vec::with_capacity(networks.len());
    for network in networks {
        let classes = network.config().classes;
        let indices: Vec<usize> = (0..n).collect();
        let x = data.test.batch(&indices, classes, &network.device()).images;
        // A stream of its own: number u64::MAX is no image's.
        let draw = perturbation.draw(x.dims(), Spread::Full, &mut seed.rng(Stream::Nudge, u64::MAX));
        let both = network.forward(Tensor::cat(vec![x.clone(), draw.apply(x)], 0)).logits;
        let logits = read(both.reshape([2 * n * classes])).await?;
        let classes_of: Vec<Option<usize>> = logits.chunks_exact(classes).map(prediction).collect();
        let changed = |i: usize| classes_of[i] != classes_of[n + i] || classes_of[i].is_none();
        let changed: Vec<bool> = (0..n).map(changed).collect();
        flips.push(proportion(&changed));
    }
    Ok(Rates { n, flips })
}

fn check(data: &Data, networks: &[&Network], perturbation: &Perturbation) -> Result<()> {
    if data.test.is_empty() {
        return Err(Error::new(Code::NotReady, "The test images are not loaded."));
    }
    perturbation.validate()?;
    perturbation.check_channels(data.test.channels)?;
    networks.iter().try_for_each(|network| network.config().check_images(&data.test))
}
