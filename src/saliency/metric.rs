//! Numbers about maps: how alike two are, how concentrated one is, whether the classifier really uses what it shows.
//!
//! A map that is the same everywhere ranks no pixel before another, and one that is 0 everywhere has no direction, no
//! strongest pixel and nothing to divide: what would need one is undefined, `None`. So is everything of a map with a
//! value that is not finite.

use super::{Baseline, occlusion::hide};
use crate::choice::choices;
use crate::error::Result;
use crate::model::Classifier;
use crate::reading::{Better, Unit};
use crate::tensor::{argmax, read};
use burn::tensor::{Tensor, TensorData, activation::softmax};
use serde::Serialize;

choices! {
    /// A metric of maps.
    pub enum Metric called "Measure" {
        RankCorrelation => "rank-correlation", "Rank correlation",
            "Spearman's ρ of the map before and after: 1 when no two pixels change their order.";
        Cosine => "cosine", "Cosine", "Cosine of the map before and after, as vectors.";
        TopOverlap => "top-overlap", "Top 10 % overlap",
            "Share of the strongest tenth of the pixels that stays among the strongest tenth.";
        Gini => "gini", "Gini sparseness", "0: all pixels count alike; near 1: few carry everything.";
        Complexity => "complexity", "Complexity", "Entropy of the shares of the pixels.";
        Insertion => "insertion", "Insertion",
            "Mean probability of the class while pixels appear on the blurred picture, strongest first.";
        Deletion => "deletion", "Deletion",
            "Mean probability of the class while pixels are blurred away, strongest first.";
        InsertionMatched => "insertion-matched", "Insertion at matched confidence",
            "Insertion at the temperature that makes the model as sure of these pictures as any other: the most \
            probable class has 80 % on average. A model that is sure of less has a lower insertion, wherever it \
            looks.";
        DeletionMatched => "deletion-matched", "Deletion at matched confidence", "Deletion at the same temperature.";
        Sensitivity => "sensitivity", "Max-sensitivity",
            "Largest relative change of the map under small uniform noise.";
        Pointing => "pointing", "Pointing game", "Whether the strongest pixel lies on the object.";
        Mass => "mass", "Relevance mass", "Share of the positive relevance that lies on the object.";
        Randomisation => "randomisation", "Randomised parameters",
            "|ρ| between the map and that of the same network with random parameters: a map that does not notice \
            explains no model.";
    }
}

/// How to read a measure.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// Which direction is better.
    pub better: Better,
    /// Unit.
    pub unit: Unit,
    /// Least and greatest value.
    pub range: [f32; 2],
    /// Where it is from.
    pub source: &'static str,
}

impl Metric {
    /// How to read it.
    pub fn reading(self) -> Reading {
        use Better::{Higher, Lower};
        use Unit::{Nat, Number, Percent};
        let (better, unit, range, source) = match self {
            Self::RankCorrelation => (Higher, Number, [-1.0, 1.0], "Ghorbani et al. 2019"),
            Self::Cosine => (Higher, Number, [-1.0, 1.0], "ours"),
            Self::TopOverlap => (Higher, Percent, [0.0, 1.0], "Ghorbani et al. 2019"),
            Self::Gini => (Better::None, Number, [0.0, 1.0], "Chalasani et al. 2020"),
            Self::Complexity => (Better::None, Nat, [0.0, f32::INFINITY], "Bhatt et al. 2020"),
            Self::Insertion => (Higher, Percent, [0.0, 1.0], "Petsiuk et al. 2018"),
            Self::Deletion => (Lower, Percent, [0.0, 1.0], "Petsiuk et al. 2018"),
            Self::InsertionMatched => (Higher, Percent, [0.0, 1.0], "ours"),
            Self::DeletionMatched => (Lower, Percent, [0.0, 1.0], "ours"),
            Self::Sensitivity => (Lower, Number, [0.0, f32::INFINITY], "Yeh et al. 2019"),
            Self::Pointing => (Higher, Percent, [0.0, 1.0], "Zhang et al. 2018"),
            Self::Mass => (Higher, Percent, [0.0, 1.0], "Arras et al. 2022"),
            Self::Randomisation => (Lower, Number, [0.0, 1.0], "Adebayo et al. 2018"),
        };
        Reading { better, unit, range, source }
    }
}

/// Whether all values are finite.
fn is_sound(map: &[f32]) -> bool {
    map.iter().all(|value| value.is_finite())
}

/// Whether a map says anything of one pixel that it does not say of every other.
pub fn tells_pixels_apart(map: &[f32]) -> bool {
    is_sound(map) && map.iter().any(|value| *value != map[0])
}

/// Spearman's rank correlation; equal values share their mean rank. Undefined when one side is the same everywhere.
pub fn rank_correlation(a: &[f32], b: &[f32]) -> Option<f32> {
    if !(is_sound(a) && is_sound(b)) {
        return None;
    }
    let (a, b) = (ranks(a), ranks(b));
    let middle = (a.len() as f64 - 1.0) / 2.0;
    let centred = |ranks: &[f64]| ranks.iter().map(|rank| rank - middle).collect::<Vec<f64>>();
    alignment(&centred(&a), &centred(&b))
}

/// `⟨a, b⟩ / ‖a‖ ‖b‖`; undefined when one side is 0.
pub fn cosine(a: &[f32], b: &[f32]) -> Option<f32> {
    let wide = |values: &[f32]| values.iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
    alignment(&wide(a), &wide(b))
}

fn alignment(a: &[f64], b: &[f64]) -> Option<f32> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let norms = (dot(a, a) * dot(b, b)).sqrt();
    // Also false for what is not a number.
    (norms > 0.0 && norms.is_finite()).then(|| (dot(a, b) / norms).clamp(-1.0, 1.0) as f32)
}

/// Places from the largest value down; the first of equals first.
fn descending(values: impl Iterator<Item = f32>) -> Vec<usize> {
    fn order(values: &[f32]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_unstable_by(|&i, &j| values[j].total_cmp(&values[i]).then(i.cmp(&j)));
        order
    }
    order(&values.collect::<Vec<f32>>())
}

/// Ranks from 0.
fn ranks(values: &[f32]) -> Vec<f64> {
    let order = descending(values.iter().map(|v| -v));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let equal = order[start..].iter().take_while(|&&i| values[i] == values[order[start]]).count().max(1);
        for &i in &order[start..start + equal] {
            ranks[i] = start as f64 + (equal as f64 - 1.0) / 2.0;
        }
        start += equal;
    }
    ranks
}

/// Pixels from the largest absolute value down; the first of equals first.
fn strongest(map: &[f32]) -> Vec<usize> {
    descending(map.iter().map(|v| v.abs()))
}

/// Share of the `share` strongest pixels, by absolute value, that two maps have in common. Pixels of 0 are not among
/// the strongest, however few others there are. Undefined when both maps are 0: nothing of nothing.
pub fn top_overlap(a: &[f32], b: &[f32], share: f32) -> Option<f32> {
    let k = ((a.len() as f32 * share).round() as usize).max(1);
    let top =
        |map: &[f32]| strongest(map).into_iter().take(k).filter(|&pixel| map[pixel] != 0.0).collect::<Vec<usize>>();
    let sound = is_sound(a) && is_sound(b);
    let (a, b) = (top(a), top(b));
    let common = a.iter().filter(|pixel| b.contains(pixel)).count();
    let most = a.len().max(b.len());
    (sound && most > 0).then(|| common as f32 / most as f32)
}

/// `Σ |a|`, undefined when that is 0 or not finite.
fn weight(map: &[f32]) -> Option<f64> {
    let total: f64 = map.iter().map(|v| f64::from(v.abs())).sum();
    (total > 0.0 && total.is_finite()).then_some(total)
}

/// Gini index of the absolute values: `Σ (2i − n − 1) a_(i) / (n Σ a)`, ascending from i = 1. Undefined for a map of 0.
pub fn gini(map: &[f32]) -> Option<f32> {
    weight(map)?;
    let sorted: Vec<f64> = strongest(map).into_iter().rev().map(|i| f64::from(map[i].abs())).collect();
    let n = sorted.len() as f64;
    let total: f64 = sorted.iter().sum();
    let weighted: f64 = sorted.iter().enumerate().map(|(i, v)| (2.0 * (i as f64 + 1.0) - n - 1.0) * v).sum();
    Some((weighted / (n * total)) as f32)
}

/// Entropy `−Σ q ln q` of `q = |a| / Σ |a|`, in nats. Undefined for a map of 0.
pub fn complexity(map: &[f32]) -> Option<f32> {
    let total = weight(map)?;
    let shares = map.iter().map(|v| f64::from(v.abs()) / total).filter(|&q| q > 0.0);
    Some(shares.map(|q| -q * q.ln()).sum::<f64>() as f32)
}

/// Whether the largest value lies on the object. Undefined for a map that is the same everywhere: the first pixel would
/// be called the strongest, and a corner is no guess.
pub fn pointing(map: &[f32], object: &[bool]) -> Option<bool> {
    let strongest = tells_pixels_apart(map).then(|| argmax(map))?;
    object.get(strongest).copied()
}

/// Share of the positive values that lies on the object; undefined when there are none.
pub fn mass(map: &[f32], object: &[bool]) -> Option<f32> {
    let positive = |on: bool| {
        map.iter().zip(object).filter(|(_, object)| on || **object).map(|(v, _)| f64::from(v.max(0.0))).sum::<f64>()
    };
    let all = positive(true);
    (is_sound(map) && all > 0.0).then(|| (positive(false) / all) as f32)
}

/// How far a map moved, in units of its own length: `‖b − a‖₂ / ‖a‖₂`. Undefined when `a` is 0, moved or not.
pub fn relative_change(a: &[f32], b: &[f32]) -> Option<f32> {
    let change = a.iter().zip(b).map(|(a, b)| (b - a).powi(2)).sum::<f32>().sqrt();
    let length = a.iter().map(|v| v * v).sum::<f32>().sqrt();
    Some(change / length).filter(|change| length > 0.0 && length.is_finite() && change.is_finite())
}

/// The mean of the largest probability over the images, at which models are [matched](temperature). Ours: about where
/// the shipped models are, so that no temperature is far from 1.
pub const CONFIDENCE: f64 = 0.8;

/// The temperature T at which `softmax(z / T)` gives the most probable class [`CONFIDENCE`] on average, for logits z of
/// `classes` values an image (temperature scaling: Guo et al. 2017, who fit it to labels). The mean falls as T grows,
/// so there is one at most. Undefined when no T will do, as for outputs that are all equal, and when a logit is not
/// finite.
pub fn temperature(logits: &[f32], classes: usize) -> Option<f32> {
    let rows: Vec<&[f32]> = logits.chunks_exact(classes.max(1)).collect();
    let confidence = |t: f64| {
        let largest = |row: &&[f32]| {
            let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row.iter().map(|&z| (f64::from(z - top) / t).exp()).sum::<f64>().recip()
        };
        rows.iter().map(largest).sum::<f64>() / rows.len() as f64
    };
    // Between a T that leaves nothing but ties and one that evens everything out.
    let (mut low, mut high) = (1e-30, 1e30);
    let sound = !rows.is_empty() && is_sound(logits);
    if !(sound && confidence(low) > CONFIDENCE && confidence(high) < CONFIDENCE) {
        return None;
    }
    for _ in 0..100 {
        let middle = f64::sqrt(low * high);
        *(if confidence(middle) > CONFIDENCE { &mut low } else { &mut high }) = middle;
    }
    Some(low as f32)
}

/// Insertion and deletion at each of `temperatures`: the mean probability of class `class`, from `softmax(z / T)`,
/// while `map`'s pixels appear on the blurred picture, or vanish into it, in `steps` equal parts from the strongest
/// down (trapezoidal rule over 0..1). `x` is `[1, c, h, w]`. A fill of 0 would be the background of these pictures, and
/// no loss at all. Undefined for a map that is the same everywhere: it gives no order in which pixels could appear.
///
/// # Errors
/// `Device` when the device is lost.
pub async fn faithfulness(
    classifier: &Classifier,
    x: &Tensor<4>,
    class: usize,
    map: &[f32],
    steps: usize,
    temperatures: &[f32],
) -> Result<Vec<[Option<f32>; 2]>> {
    if !tells_pixels_apart(map) {
        return Ok(vec![[None; 2]; temperatures.len()]);
    }
    let [_, _, h, w] = x.dims();
    // By value, not by size: what speaks against the class is not what the class needs.
    let order = descending(map.iter().copied());
    let baseline = Baseline::Blur.of(x);
    let mut shown = Vec::with_capacity(2 * (steps + 1) * h * w);
    for inserted in [true, false] {
        for step in 0..=steps {
            let done = (order.len() * step).div_ceil(steps.max(1));
            let mut mask = vec![if inserted { 0.0 } else { 1.0 }; h * w];
            for &pixel in &order[..done] {
                mask[pixel] = if inserted { 1.0 } else { 0.0 };
            }
            shown.extend(mask);
        }
    }
    let rows = 2 * (steps + 1);
    let shown = Tensor::<4>::from_data(TensorData::new(shown, [rows, 1, h, w]), &x.device());
    let logits = classifier.network().forward(hide(x, &baseline, shown)).logits;
    let at = |&t: &f32| softmax(logits.clone().div_scalar(t), 1).narrow(1, class, 1).reshape([rows]);
    let p = read(Tensor::cat(temperatures.iter().map(at).collect(), 0)).await?;
    let area = |curve: &[f32]| {
        let area = curve.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).sum::<f32>() / steps.max(1) as f32;
        Some(area).filter(|area| area.is_finite())
    };
    Ok(p.chunks_exact(rows).map(|p| [area(&p[..=steps]), area(&p[steps + 1..])]).collect())
}
