//! Triplets: A, its copy A′ under a condition, and B of the same class, as the first figure of the paper shows them.

use super::{Picture, channel_last};
use crate::data::Data;
use crate::error::{Code, Error, Result};
use crate::experiment::Condition;
use crate::seed::Seed;
use crate::tensor::{Pixels, read};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

/// Most triplets at once.
const LIMIT: usize = 50;

/// Which pictures.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Triplets {
    /// What makes A′ of A.
    pub condition: Condition,
    /// The seed of the response that showed them.
    pub seed: Seed,
    /// Test images A and B, at most 50 pairs.
    pub pairs: Vec<[usize; 2]>,
}

/// Three pictures.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Triplet {
    /// A.
    #[serde(flatten)]
    pub picture: Picture,
    /// A′, exactly as a [response](crate::experiment::Responding) with this seed shows it; in the order of `original`.
    pub changed: Pixels,
    /// Index of B.
    pub same_class_index: usize,
    /// B.
    pub same_class: Pixels,
}

/// The pictures of some triplets.
///
/// # Errors
/// `NotReady` without test images, `InvalidSetting` and its kin for images or conditions that do not exist.
pub async fn triplets(data: &Data, asked: &Triplets, device: &Device) -> Result<Vec<Triplet>> {
    let test = &data.test;
    if test.is_empty() {
        return Err(Error::new(Code::NotReady, "The test images are not loaded."));
    }
    if !(1..=LIMIT).contains(&asked.pairs.len()) {
        return Err(Error::setting("The number of triplets", asked.pairs.len(), format!("1 to {LIMIT}")));
    }
    if let Some(index) = asked.pairs.iter().flatten().find(|&&index| index >= test.len()) {
        return Err(Error::setting("The image", index, format!("0 to {}", test.len() - 1)));
    }
    asked.condition.validate(data)?;
    let originals: Vec<usize> = asked.pairs.iter().map(|[a, _]| *a).collect();
    let changed = asked.condition.apply(data, &originals, asked.seed, device);
    let size = test.channels * test.height * test.width;
    let changed = read(changed.reshape([originals.len() * size])).await?;
    let triplet = |(&[index, same_class_index], changed): (&[usize; 2], &[f32])| {
        Ok(Triplet {
            picture: Picture::of(data, index)?,
            changed: channel_last(changed, test.channels),
            same_class_index,
            same_class: Picture::of(data, same_class_index)?.original,
        })
    };
    asked.pairs.iter().zip(changed.chunks_exact(size)).map(triplet).collect()
}
