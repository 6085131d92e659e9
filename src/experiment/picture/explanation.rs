//! One image, explained: where each model looks before and after a change.

use super::{Answer, Picture, all_finite, channel_last};
use crate::data::Data;
use crate::error::Result;
use crate::experiment::Change;
use crate::model::Classifier;
use crate::saliency::{Map, Method, metric};
use crate::seed::{Seed, Stream};
use crate::tensor::{Pixels, read};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Which class is explained.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The true one.
    #[default]
    Label,
    /// The one that the model predicts for x.
    Prediction,
    /// This one.
    Chosen(usize),
}

/// How far a map moved; nothing where that is undefined: see [`metric`].
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// Spearman's rank correlation before and after.
    pub rank_correlation: Option<f32>,
    /// Cosine.
    pub cosine: Option<f32>,
    /// Overlap of the strongest tenth.
    pub top_overlap: Option<f32>,
}

/// The strongest share of the pixels that [`Shift::top_overlap`] compares.
pub(in crate::experiment) const TOP: f32 = 0.1;

impl Shift {
    /// Between two maps.
    pub fn between(before: &Map, after: &Map) -> Self {
        let (a, b) = (&before.values, &after.values);
        Self {
            rank_correlation: metric::rank_correlation(a, b),
            cosine: metric::cosine(a, b),
            top_overlap: metric::top_overlap(a, b, TOP),
        }
    }
}

/// One method on one model.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// The method's name.
    pub label: String,
    /// Whether its maps have both signs.
    pub signed: bool,
    /// What the maps' quality means, when they have one.
    pub quality: Option<String>,
    /// The map of x.
    pub before: Map,
    /// The map of the changed image.
    pub after: Map,
    /// How far it moved.
    pub shift: Shift,
}

/// What one model sees.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The class explained.
    pub class: usize,
    /// The changed image, row-major with the channel last.
    pub changed: Pixels,
    /// What the model says before and after.
    pub answer: Answer,
    /// In the order of the methods given.
    pub maps: Vec<Explained>,
}

/// Maps of one image for several models.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The image.
    #[serde(flatten)]
    pub picture: Picture,
    /// In the order of the models given.
    pub models: Vec<View>,
}

/// Explains test image `index` on each model by each method, before and after `change`. Both maps of a method draw the
/// same samples, so that only the image makes a difference.
///
/// # Errors
/// As [`super::example()`], [`Method::attribute`] and [`Change::apply`].
pub async fn explain(
    data: &Data,
    classifiers: &[&Classifier],
    index: usize,
    methods: &[Method],
    class: Class,
    change: &Change,
    seed: Seed,
) -> Result<Explanation> {
    let batch =
        Picture::batch(data, &classifiers.iter().map(|classifier| classifier.network()).collect::<Vec<_>>(), index)?;
    let x = &batch.images;
    let (size, classes) = (x.dims()[1..].iter().product::<usize>(), batch.targets.dims()[1]);
    let mut models = Vec::with_capacity(classifiers.len());
    for classifier in classifiers {
        let y = change.apply(classifier, &batch, index, seed).await?;
        let pair = Tensor::cat(vec![x.clone(), y.clone()], 0);
        let values =
            read(Tensor::cat(vec![y.clone().reshape([size]), Answer::ask(classifier.network(), &pair)], 0)).await?;
        let answer = Answer::read(&values[size..], classes)?;
        let class = match class {
            Class::Label => usize::from(batch.labels[0]),
            Class::Prediction => answer.prediction_before,
            Class::Chosen(class) => class,
        };
        let mut maps = Vec::with_capacity(methods.len());
        for method in methods {
            let rng = || seed.rng(Stream::Saliency, index as u64);
            let before = method.attribute(classifier, x, class, &mut rng()).await?;
            let after = method.attribute(classifier, &y, class, &mut rng()).await?;
            [&before, &after].into_iter().try_for_each(|map| all_finite(&map.values).map(|_| ()))?;
            maps.push(Explained {
                label: method.label().to_owned(),
                signed: method.is_signed(),
                quality: method.quality().map(str::to_owned),
                shift: Shift::between(&before, &after),
                before,
                after,
            });
        }
        models.push(View { class, changed: channel_last(&values[..size], x.dims()[1]), answer, maps });
    }
    let original = read(x.clone().reshape([size])).await?;
    Ok(Explanation { picture: Picture::new(index, &batch, &original), models })
}
