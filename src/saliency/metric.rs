//! Numbers about maps: how alike two are, how concentrated one is, whether the classifier really uses what it shows.

use super::{Fill, occlusion::hide};
use crate::attack::Victim;
use crate::config::choices;
use crate::error::Result;
use crate::train::read;
use burn::tensor::{Tensor, TensorData, activation::softmax};
use serde::Serialize;

choices! {
    /// A measure of maps.
    pub enum Measure {
        RankCorrelation => "rank-correlation", "Rank correlation", "Spearman's ρ of the map before and after: 1 when no two pixels change their order.";
        Cosine => "cosine", "Cosine", "Cosine of the map before and after, as vectors.";
        TopOverlap => "top-overlap", "Top 10 % overlap", "Share of the strongest tenth of the pixels that stays among the strongest tenth.";
        Gini => "gini", "Gini sparseness", "0: all pixels count alike; near 1: few carry everything.";
        Complexity => "complexity", "Complexity", "Entropy of the shares of the pixels.";
        Insertion => "insertion", "Insertion", "Mean probability of the class while pixels appear on the blurred picture, strongest first.";
        Deletion => "deletion", "Deletion", "Mean probability of the class while pixels are blurred away, strongest first.";
        Sensitivity => "sensitivity", "Max-sensitivity", "Largest relative change of the map under small uniform noise.";
        Pointing => "pointing", "Pointing game", "Whether the strongest pixel lies on the object.";
        Mass => "mass", "Relevance mass", "Share of the positive relevance that lies on the object.";
        Randomisation => "randomisation", "Randomised parameters", "|ρ| between the map and that of the same network with random parameters: a map that does not notice explains no model.";
    }
}

/// How to read a measure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// `higher`, `lower`, or `none` where neither is better.
    pub better: &'static str,
    /// Unit; empty for plain numbers.
    pub unit: &'static str,
    /// Least and greatest value.
    pub range: [f32; 2],
    /// Where it is from.
    pub source: &'static str,
}

impl Measure {
    /// How to read it.
    pub fn reading(self) -> Reading {
        let (better, unit, range, source) = match self {
            Self::RankCorrelation => ("higher", "", [-1.0, 1.0], "Ghorbani et al. 2019"),
            Self::Cosine => ("higher", "", [-1.0, 1.0], "ours"),
            Self::TopOverlap => ("higher", "%", [0.0, 1.0], "Ghorbani et al. 2019"),
            Self::Gini => ("none", "", [0.0, 1.0], "Chalasani et al. 2020"),
            Self::Complexity => ("none", "nat", [0.0, f32::INFINITY], "Bhatt et al. 2020"),
            Self::Insertion => ("higher", "%", [0.0, 1.0], "Petsiuk et al. 2018"),
            Self::Deletion => ("lower", "%", [0.0, 1.0], "Petsiuk et al. 2018"),
            Self::Sensitivity => ("lower", "", [0.0, f32::INFINITY], "Yeh et al. 2019"),
            Self::Pointing => ("higher", "%", [0.0, 1.0], "Zhang et al. 2018"),
            Self::Mass => ("higher", "%", [0.0, 1.0], "Arras et al. 2022"),
            Self::Randomisation => ("lower", "", [0.0, 1.0], "Adebayo et al. 2018"),
        };
        Reading { better, unit, range, source }
    }
}

/// Spearman's rank correlation; equal values share their mean rank. 0 when one side is constant.
pub fn rank_correlation(a: &[f32], b: &[f32]) -> f32 {
    let (a, b) = (ranks(a), ranks(b));
    let middle = (a.len() as f64 - 1.0) / 2.0;
    let centred = |ranks: &[f64]| ranks.iter().map(|rank| rank - middle).collect::<Vec<f64>>();
    alignment(&centred(&a), &centred(&b)) as f32
}

/// `⟨a, b⟩ / ‖a‖ ‖b‖`; 0 when one side is 0.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let wide = |values: &[f32]| values.iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
    alignment(&wide(a), &wide(b)) as f32
}

fn alignment(a: &[f64], b: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let norms = (dot(a, a) * dot(b, b)).sqrt();
    if norms > 0.0 { (dot(a, b) / norms).clamp(-1.0, 1.0) } else { 0.0 }
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

/// Share of the `share` strongest pixels, by absolute value, that two maps have in common. Pixels of 0 are not among the
/// strongest, however few others there are: maps that show nothing have nothing in common.
pub fn top_overlap(a: &[f32], b: &[f32], share: f32) -> f32 {
    let k = ((a.len() as f32 * share).round() as usize).max(1);
    let top =
        |map: &[f32]| strongest(map).into_iter().take(k).filter(|&pixel| map[pixel] != 0.0).collect::<Vec<usize>>();
    let (a, b) = (top(a), top(b));
    let common = a.iter().filter(|pixel| b.contains(pixel)).count();
    common as f32 / a.len().max(b.len()).max(1) as f32
}

/// Gini index of the absolute values: `Σ (2i − n − 1) a_(i) / (n Σ a)`, ascending from i = 1. 0 for an empty map.
pub fn gini(map: &[f32]) -> f32 {
    let sorted: Vec<f64> = strongest(map).into_iter().rev().map(|i| f64::from(map[i].abs())).collect();
    let n = sorted.len() as f64;
    let total: f64 = sorted.iter().sum();
    let weighted: f64 = sorted.iter().enumerate().map(|(i, v)| (2.0 * (i as f64 + 1.0) - n - 1.0) * v).sum();
    if total > 0.0 { (weighted / (n * total)) as f32 } else { 0.0 }
}

/// Entropy `−Σ q ln q` of `q = |a| / Σ |a|`, in nats. 0 for an empty map.
pub fn complexity(map: &[f32]) -> f32 {
    let total: f64 = map.iter().map(|v| f64::from(v.abs())).sum();
    if total == 0.0 {
        return 0.0;
    }
    let shares = map.iter().map(|v| f64::from(v.abs()) / total).filter(|&q| q > 0.0);
    shares.map(|q| -q * q.ln()).sum::<f64>() as f32
}

/// Whether the largest value lies on the object.
pub fn pointing(map: &[f32], object: &[bool]) -> bool {
    object[crate::attack::argmax(map)]
}

/// Share of the positive values that lies on the object; 0 when there are none.
pub fn mass(map: &[f32], object: &[bool]) -> f32 {
    let positive = |on: bool| {
        map.iter().zip(object).filter(|(_, object)| on || **object).map(|(v, _)| f64::from(v.max(0.0))).sum::<f64>()
    };
    let all = positive(true);
    if all > 0.0 { (positive(false) / all) as f32 } else { 0.0 }
}

/// Insertion and deletion: the mean probability of class `class` while `map`'s pixels appear on the blurred picture,
/// or vanish into it, in `steps` equal parts from the strongest down (trapezoidal rule over 0..1). `x` is
/// `[1, c, h, w]`. A fill of 0 would be the background of these pictures, and no loss at all.
///
/// # Errors
/// `Device` when the device is lost.
pub async fn faithfulness(victim: &Victim, x: &Tensor<4>, class: usize, map: &[f32], steps: usize) -> Result<[f32; 2]> {
    let [_, _, h, w] = x.dims();
    // By value, not by size: what speaks against the class is not what the class needs.
    let order = descending(map.iter().copied());
    let fill = Fill::Blur.of(x);
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
    let logits = victim.network().forward(hide(x, &fill, shown)).logits;
    let p = read(softmax(logits, 1).narrow(1, class, 1).reshape([rows])).await?;
    let area =
        |curve: &[f32]| curve.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).sum::<f32>() / steps.max(1) as f32;
    Ok([area(&p[..=steps]), area(&p[steps + 1..])])
}
