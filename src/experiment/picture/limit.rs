//! One image under an attack that grows: how far each model holds.

use super::{Attacked, Picture};
use crate::attack::{Attack, Budget, Norm};
use crate::data::{Batch, Data};
use crate::error::{Error, Result};
use crate::experiment::Change;
use crate::model::Classifier;
use crate::seed::Seed;
use serde::{Deserialize, Serialize};

/// How far each model holds on one image.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Index in the test images.
    pub index: usize,
    /// True class.
    pub label: u8,
    /// In the order of the models given.
    pub models: Vec<Limit>,
}

/// How far one model holds.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// Whether it is right about the image as it is. If it is not, there is nothing to lose.
    pub right: bool,
    /// The least radius at which the attack was seen to make it err, if it did within the largest one asked for: an
    /// upper bound of the least at which it errs.
    pub broken: Option<Broken>,
}

/// The change that made a model err.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Broken {
    /// The radius, in the parts of [`Norm::radii`].
    pub level: u32,
    /// What the attack made of the image there.
    #[serde(flatten)]
    pub attacked: Attacked,
}

/// For each model the least of the radii 1 to `most`, in the parts of [`Norm::radii`], at which `attack` makes it err on
/// test image `index`. Found by bisection, as if whatever breaks a model within a radius did so within every larger one:
/// true of the best attack, and of this one mostly.
///
/// # Errors
/// `InvalidSetting` for an image, attack or radius out of range, `NotReady`, `WeightsMismatch`, `Diverged` when an
/// answer is not finite, `Device`.
pub async fn limits(
    data: &Data,
    classifiers: &[&Classifier],
    index: usize,
    attack: Attack,
    norm: Norm,
    most: u32,
    seed: Seed,
) -> Result<Limits> {
    let radii = norm.radii();
    if !(1..=radii.most).contains(&most) {
        return Err(Error::setting("The largest radius", most, format!("1 to {}", radii.most)));
    }
    let networks: Vec<_> = classifiers.iter().map(|classifier| classifier.network()).collect();
    let batch = Picture::batch(data, &networks, index)?;
    let mut models = Vec::with_capacity(classifiers.len());
    for classifier in classifiers {
        let at = async |level: u32| {
            let budget = Budget { norm, epsilon: level as f32 / radii.parts as f32 };
            let attacked = attacked(classifier, &batch, index, Change::Attack { attack, budget }, seed).await?;
            Ok(Broken { level, attacked })
        };
        models.push(limit(&batch, most, at).await?);
    }
    Ok(Limits { index, label: batch.labels[0], models })
}

/// Bisection between what holds and what does not.
async fn limit(batch: &Batch, most: u32, at: impl AsyncFn(u32) -> Result<Broken>) -> Result<Limit> {
    let label = usize::from(batch.labels[0]);
    let last = at(most).await?;
    let right = last.attacked.answer.prediction_before == label;
    let errs = |broken: &Broken| broken.attacked.answer.prediction_after != label;
    if !right || !errs(&last) {
        return Ok(Limit { right, broken: None });
    }
    let (mut holds, mut broken) = (0, last);
    while broken.level - holds > 1 {
        let middle = at(holds.midpoint(broken.level)).await?;
        if errs(&middle) {
            broken = middle;
        } else {
            holds = middle.level;
        }
    }
    Ok(Limit { right, broken: Some(broken) })
}

/// What an attack makes of an image on one model.
async fn attacked(
    classifier: &Classifier,
    batch: &Batch,
    index: usize,
    change: Change,
    seed: Seed,
) -> Result<Attacked> {
    let after = change.apply(classifier, batch, index, seed).await?;
    let mut found = Attacked::read(&batch.images, &[(classifier, after)]).await?;
    Ok(found.1.remove(0))
}
