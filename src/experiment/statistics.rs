//! Estimates with 95 % intervals, and numbers that do not exist.
//!
//! A ratio over 0, a correlation with a constant, a mean of nothing: such a number has no value. It is an
//! [undefined](Quantity::Undefined) quantity with a reason in words, never 0, never a very large number, and it neither
//! wins nor loses. One image without a value is left out, and `n` says over how many images a number is taken.

use crate::seed::Rng;
use serde::{Deserialize, Serialize};

/// Quantile of the standard normal for 95 %.
const Z: f64 = 1.959_963_984_540_054;
/// Resamples of a bootstrap.
const RESAMPLES: usize = 1000;
/// Resamples that must have a value: the interval of those that have one speaks for 95 % of them only if few have none.
const ENOUGH: usize = 950;

/// One value an image, in the order of the images; nothing where an image has none. In JSON that is `null`.
pub type Column = Vec<Option<f32>>;

/// A number with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The point estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Number of images that it is taken over.
    pub n: usize,
}

/// A number, or the reason why there is none. In JSON it is the [`Estimate`] itself, or `{ undefined, n }`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Quantity {
    /// There is one.
    Defined(Estimate),
    /// There is none.
    Undefined {
        /// Why, in words that go on after "undefined:".
        undefined: String,
        /// Number of images that were looked at.
        n: usize,
    },
}

impl Quantity {
    /// The number with its interval, if there is one.
    pub fn estimate(&self) -> Option<Estimate> {
        match self {
            Self::Defined(estimate) => Some(*estimate),
            Self::Undefined { .. } => None,
        }
    }

    /// The number alone.
    pub fn value(&self) -> Option<f64> {
        self.estimate().map(|estimate| estimate.value)
    }

    /// Over how many images it is taken; of an undefined one, how many were looked at.
    pub fn n(&self) -> usize {
        match self {
            Self::Defined(Estimate { n, .. }) | Self::Undefined { n, .. } => *n,
        }
    }

    /// The same, with `why` as the reason where there is no number.
    pub fn because(self, why: &str) -> Self {
        match self {
            Self::Undefined { n, .. } => Self::Undefined { undefined: why.to_owned(), n },
            defined => defined,
        }
    }
}

impl From<Estimate> for Quantity {
    fn from(estimate: Estimate) -> Self {
        Self::Defined(estimate)
    }
}

/// Nothing known of `n` images.
fn unknown(n: usize) -> Quantity {
    let why = if n == 0 { "there are no images" } else { "no image has a value" };
    Quantity::Undefined { undefined: why.to_owned(), n }
}

/// The finite values of an image in all columns, for the images that have one in each.
fn complete<const K: usize>(columns: [&dyn Fn(usize) -> Option<f32>; K], n: usize) -> Vec<[f32; K]> {
    let row = |i: usize| {
        let mut row = [0.0; K];
        for (value, column) in row.iter_mut().zip(columns) {
            *value = column(i).filter(|value| value.is_finite())?;
        }
        Some(row)
    };
    (0..n).filter_map(row).collect()
}

/// Column `values` as a function of the image.
fn column<V: Copy + Into<Option<f32>>>(values: &[V]) -> impl Fn(usize) -> Option<f32> {
    |i| values.get(i).copied().and_then(Into::into)
}

/// Share of `true` with Wilson's score interval (Wilson 1927), over the images that have an outcome.
pub fn proportion<V: Copy + Into<Option<bool>>>(outcomes: &[V]) -> Quantity {
    let known: Vec<bool> = outcomes.iter().filter_map(|&outcome| outcome.into()).collect();
    let n = known.len();
    if n == 0 {
        return unknown(outcomes.len());
    }
    let size = n as f64;
    let p = known.iter().filter(|&&hit| hit).count() as f64 / size;
    let center = (p + Z * Z / (2.0 * size)) / (1.0 + Z * Z / size);
    let half = Z / (1.0 + Z * Z / size) * (p * (1.0 - p) / size + Z * Z / (4.0 * size * size)).sqrt();
    // The bounds are exact at 0 and 1 but for rounding.
    Estimate { value: p, low: (center - half).clamp(0.0, p), high: (center + half).clamp(p, 1.0), n }.into()
}

/// Difference `b − a` of two shares on the same images with the interval of Agresti and Min (2005), which stays honest
/// when few or no images differ. Over the images that have an outcome on both sides.
pub fn paired_difference<V: Copy + Into<Option<bool>>>(a: &[V], b: &[V]) -> Quantity {
    let pair = |(&a, &b): (&V, &V)| -> Option<(bool, bool)> { Some((a.into()?, b.into()?)) };
    let pairs: Vec<(bool, bool)> = a.iter().zip(b).filter_map(pair).collect();
    let n = pairs.len();
    if n == 0 {
        return unknown(a.len());
    }
    let gained = pairs.iter().filter(|(a, b)| !a && *b).count() as f64;
    let lost = pairs.iter().filter(|(a, b)| *a && !b).count() as f64;
    let size = n as f64 + 2.0;
    let (c, d) = (gained + 0.5, lost + 0.5);
    let center = (c - d) / size;
    let half = Z * ((c + d) - (c - d) * (c - d) / size).max(0.0).sqrt() / size;
    let value = (gained - lost) / n as f64;
    Estimate { value, low: (center - half).max(-1.0), high: (center + half).min(1.0), n }.into()
}

/// Mean over the images that have a value, and their number; nothing where none has.
pub fn average<V: Copy + Into<Option<f32>>>(values: &[V]) -> Option<(f64, usize)> {
    let known = complete([&column(values)], values.len());
    (!known.is_empty())
        .then(|| (known.iter().map(|&[value]| f64::from(value)).sum::<f64>() / known.len() as f64, known.len()))
}

/// `Σ near / Σ far` over the images that have both, and their number; nothing where no image has both, or `Σ far` is 0: a
/// network whose outputs never differ is neither continuous nor discontinuous.
pub fn quotient<V: Copy + Into<Option<f32>>>(near: &[V], far: &[V]) -> Option<(f64, usize)> {
    let known = complete([&column(near), &column(far)], near.len());
    let all: Vec<usize> = (0..known.len()).collect();
    over(&known, 0, 1, &all).map(|value| (value, known.len()))
}

/// `Σ near / Σ far` with a percentile bootstrap interval over images; see [`quotient`].
pub fn ratio<V: Copy + Into<Option<f32>>>(near: &[V], far: &[V], rng: &mut Rng) -> Quantity {
    let known = complete([&column(near), &column(far)], near.len());
    bootstrap(near.len(), known.len(), rng, |pick| over(&known, 0, 1, pick))
}

/// Difference `b − a` of two such ratios on the same images; both are resampled together.
pub fn ratio_difference<V: Copy + Into<Option<f32>>>(a: (&[V], &[V]), b: (&[V], &[V]), rng: &mut Rng) -> Quantity {
    let known = complete([&column(a.0), &column(a.1), &column(b.0), &column(b.1)], a.0.len());
    bootstrap(a.0.len(), known.len(), rng, |pick| Some(over(&known, 2, 3, pick)? - over(&known, 0, 1, pick)?))
}

/// Mean with a percentile bootstrap interval over the images that have a value.
pub fn mean<V: Copy + Into<Option<f32>>>(values: &[V], rng: &mut Rng) -> Quantity {
    let known = complete([&column(values)], values.len());
    bootstrap(values.len(), known.len(), rng, |pick| mean_of(&known, 0, pick))
}

/// Difference `b − a` of two means over the images that have a value on both sides; both are resampled together.
pub fn mean_difference<V: Copy + Into<Option<f32>>>(a: &[V], b: &[V], rng: &mut Rng) -> Quantity {
    let known = complete([&column(a), &column(b)], a.len());
    bootstrap(a.len(), known.len(), rng, |pick| Some(mean_of(&known, 1, pick)? - mean_of(&known, 0, pick)?))
}

/// What overflowed, or never was a number, is no value.
pub(super) fn finite(value: f32) -> Option<f32> {
    value.is_finite().then_some(value)
}

fn sum<const K: usize>(rows: &[[f32; K]], at: usize, pick: &[usize]) -> f64 {
    pick.iter().map(|&i| f64::from(rows[i][at])).sum::<f64>()
}

fn mean_of<const K: usize>(rows: &[[f32; K]], at: usize, pick: &[usize]) -> Option<f64> {
    (!pick.is_empty()).then(|| sum(rows, at, pick) / pick.len() as f64)
}

/// `Σ near / Σ far` of the images in `pick`, nothing where that is over 0.
fn over<const K: usize>(rows: &[[f32; K]], near: usize, far: usize, pick: &[usize]) -> Option<f64> {
    let (near, far) = (sum(rows, near, pick), sum(rows, far, pick));
    (far > 0.0).then(|| near / far)
}

/// The percentile interval of `statistic` over resamples of `n` of `asked` images. Resamples in which it has no value are
/// left out, if they are few.
fn bootstrap(asked: usize, n: usize, rng: &mut Rng, statistic: impl Fn(&[usize]) -> Option<f64>) -> Quantity {
    let all: Vec<usize> = (0..n).collect();
    let value = match statistic(&all) {
        Some(value) => value,
        None if n == 0 => return unknown(asked),
        None => return Quantity::Undefined { undefined: "what it is divided by is 0".to_owned(), n: asked },
    };
    let mut pick = vec![0; n];
    let resample = |_| {
        pick.fill_with(|| rng.below(n));
        statistic(&pick)
    };
    let mut values: Vec<f64> = (0..RESAMPLES).filter_map(resample).collect();
    if values.len() < ENOUGH {
        return Quantity::Undefined { undefined: "too few images have what it is divided by".to_owned(), n: asked };
    }
    values.sort_unstable_by(f64::total_cmp);
    let at = |q: f64| values[((values.len() - 1) as f64 * q).round() as usize];
    Estimate { value, low: at(0.025).min(value), high: at(0.975).max(value), n }.into()
}
