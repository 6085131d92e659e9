//! Estimates with 95 % intervals.

use crate::seed::Rng;
use serde::{Deserialize, Serialize};

/// Quantile of the standard normal for 95 %.
const Z: f64 = 1.959_963_984_540_054;
/// Resamples of a bootstrap.
const RESAMPLES: usize = 1000;

/// A number with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The point estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Number of images.
    pub n: usize,
}

/// Share of `true` with Wilson's score interval (Wilson 1927). With no observation: 0 to 1.
pub fn proportion(outcomes: &[bool]) -> Estimate {
    let n = outcomes.len();
    if n == 0 {
        return Estimate { value: 0.0, low: 0.0, high: 1.0, n };
    }
    let size = n as f64;
    let p = outcomes.iter().filter(|&&hit| hit).count() as f64 / size;
    let center = (p + Z * Z / (2.0 * size)) / (1.0 + Z * Z / size);
    let half = Z / (1.0 + Z * Z / size) * (p * (1.0 - p) / size + Z * Z / (4.0 * size * size)).sqrt();
    // The bounds are exact at 0 and 1 but for rounding.
    Estimate { value: p, low: (center - half).clamp(0.0, p), high: (center + half).clamp(p, 1.0), n }
}

/// Difference `b − a` of two shares on the same images with the interval of Agresti and Min (2005), which stays honest
/// when few or no images differ. Both slices have the same length.
pub fn paired_difference(a: &[bool], b: &[bool]) -> Estimate {
    let n = a.len();
    let gained = a.iter().zip(b).filter(|(a, b)| !**a && **b).count() as f64;
    let lost = a.iter().zip(b).filter(|(a, b)| **a && !**b).count() as f64;
    let size = n as f64 + 2.0;
    let (c, d) = (gained + 0.5, lost + 0.5);
    let center = (c - d) / size;
    let half = Z * ((c + d) - (c - d) * (c - d) / size).max(0.0).sqrt() / size;
    let value = if n == 0 { 0.0 } else { (gained - lost) / n as f64 };
    Estimate { value, low: (center - half).max(-1.0), high: (center + half).min(1.0), n }
}

/// `Σ near / Σ far` with a percentile bootstrap interval over images. All slices have the same length.
pub fn ratio(near: &[f32], far: &[f32], rng: &mut Rng) -> Estimate {
    bootstrap(near.len(), rng, |pick| quotient(near, far, pick))
}

/// Difference `b − a` of two such ratios on the same images; both are resampled together.
pub fn ratio_difference(a: (&[f32], &[f32]), b: (&[f32], &[f32]), rng: &mut Rng) -> Estimate {
    bootstrap(a.0.len(), rng, |pick| quotient(b.0, b.1, pick) - quotient(a.0, a.1, pick))
}

/// Mean with a percentile bootstrap interval over images.
pub fn mean(values: &[f32], rng: &mut Rng) -> Estimate {
    bootstrap(values.len(), rng, |pick| mean_of(values, pick))
}

/// Difference `b − a` of two means on the same images; both are resampled together.
pub fn mean_difference(a: &[f32], b: &[f32], rng: &mut Rng) -> Estimate {
    bootstrap(a.len(), rng, |pick| mean_of(b, pick) - mean_of(a, pick))
}

/// What overflowed, or never was a number, as the largest number: a report must come back from JSON, which has neither.
pub(super) fn finite(mut values: Vec<f32>) -> Vec<f32> {
    values.iter_mut().filter(|value| !value.is_finite()).for_each(|value| *value = f32::MAX);
    values
}

fn mean_of(values: &[f32], pick: &[usize]) -> f64 {
    pick.iter().map(|&i| f64::from(values[i])).sum::<f64>() / pick.len().max(1) as f64
}

fn quotient(near: &[f32], far: &[f32], pick: &[usize]) -> f64 {
    let sum = |values: &[f32]| pick.iter().map(|&i| f64::from(values[i])).sum::<f64>();
    // A constant network has neither distance; it is continuous, not undefined.
    let (near, far) = (sum(near), sum(far));
    if near == 0.0 { 0.0 } else { near / far.max(f64::MIN_POSITIVE) }
}

fn bootstrap(n: usize, rng: &mut Rng, statistic: impl Fn(&[usize]) -> f64) -> Estimate {
    let all: Vec<usize> = (0..n).collect();
    let value = statistic(&all);
    if n == 0 {
        return Estimate { value, low: value, high: value, n };
    }
    let mut pick = vec![0; n];
    let mut values: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            pick.fill_with(|| rng.below(n));
            statistic(&pick)
        })
        .collect();
    values.sort_unstable_by(f64::total_cmp);
    let at = |q: f64| values[((RESAMPLES - 1) as f64 * q).round() as usize];
    Estimate { value, low: at(0.025).min(value), high: at(0.975).max(value), n }
}
