//! A change of an image: a perturbation that means nothing, or an attack.

use crate::attack::{Attack, Budget, streams};
use crate::data::Batch;
use crate::error::Result;
use crate::model::Classifier;
use crate::perturb::{Perturbation, Spread};
use crate::seed::{Seed, Stream};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// What is done to an image before it is looked at again.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// P at exactly its strength: the same draw for every model.
    Perturbation(Perturbation),
    /// An attack on the model that is looked at.
    Attack {
        /// The attack.
        attack: Attack,
        /// How far it may go.
        budget: Budget,
    },
}

impl Change {
    /// Test image `index` after the change, `[1, c, h, w]`, as the harness evaluates it. `batch` holds that image.
    ///
    /// # Errors
    /// `InvalidSetting`, `PerturbationNeedsColor`, `Device`.
    pub async fn apply(&self, classifier: &Classifier, batch: &Batch, index: usize, seed: Seed) -> Result<Tensor<4>> {
        let x = &batch.images;
        match self {
            Self::Perturbation(perturbation) => {
                perturbation.validate()?;
                perturbation.check_channels(x.dims()[1])?;
                let mut rng = seed.rng(Stream::Nudge, index as u64);
                Ok(perturbation.draw(x.dims(), Spread::Full, &mut rng).apply(x.clone()))
            }
            Self::Attack { attack, budget } => {
                let candidates = attack.perturb(classifier, batch, *budget, &mut streams(seed, 0, &[index])).await?;
                Ok(budget.project(candidates, x))
            }
        }
    }
}
