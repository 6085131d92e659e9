//! Estimates with 95 % intervals, and numbers that do not exist.
//!
//! A ratio over 0, a correlation with a constant, a mean of nothing: such a number has no value. It is an
//! [undefined](Quantity::Undefined) quantity with a reason in words, never 0, never a very large number, and it neither
//! wins nor loses. An image without a value is left out, and `n` says over how many images a number is taken; but what
//! overflows is not left out, see [`Gap`].

use crate::seed::Rng;
use serde::{Deserialize, Serialize};

/// Quantile of the standard normal for 95 %.
const Z: f64 = 1.959_963_984_540_054;
/// Resamples of a bootstrap.
const RESAMPLES: usize = 1000;
/// Resamples that must have a value: the interval of those that have one speaks for 95 % of them only if few have none.
const ENOUGH: usize = 950;

/// Fewest images of an interval that may decide: five values lie on one side of 0 by chance in 2 · 0.5⁵ = 6 % of all
/// cases, six in 3 %.
pub const FEWEST: usize = 6;

/// One value an image, in the order of the images; nothing where an image has none. In JSON that is `null`.
pub type Column = Vec<Option<f32>>;

#[cfg(target_family = "wasm")]
const _: () = {
    #[wasm_bindgen::prelude::wasm_bindgen(typescript_custom_section)]
    const TEXT: &str =
        "/** One value an image; nothing where it is undefined. */\nexport type Column = (number | null)[];";
};

/// Why an image has no value: who made the column knows. A value that is not finite is an overflow in any column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap<'a> {
    /// There is none, as of 0/0: the image is left out. What is true where that is so of every image, in words.
    LeftOut(&'a str),
    /// It overflows. The mean of the others would flatter the model that overflows, so there is none.
    Overflow,
}

/// A number with its 95 % interval.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
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
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
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

    /// None of `n` images, for the reason `why`.
    pub(super) fn none(why: impl Into<String>, n: usize) -> Self {
        Self::Undefined { undefined: why.into(), n }
    }
}

impl From<Estimate> for Quantity {
    fn from(estimate: Estimate) -> Self {
        Self::Defined(estimate)
    }
}

/// Why there is nothing to take a number over.
const NO_IMAGES: &str = "there are no images";

/// Why there is no interval over `n` images.
fn too_few(n: usize) -> String {
    let images = if n == 1 { "image has" } else { "images have" };
    format!("only {n} {images} a value, and an interval needs {FEWEST}")
}

/// The values of an image in all columns, for the images that have one in each, or why nothing can be said over them.
fn complete<const K: usize>(
    columns: [&dyn Fn(usize) -> Option<f32>; K],
    n: usize,
    gap: Gap<'_>,
) -> Result<Vec<[f32; K]>, String> {
    let overflows =
        |i: &usize| columns.iter().any(|column| column(*i).map_or(gap == Gap::Overflow, |value| !value.is_finite()));
    match (0..n).filter(overflows).count() {
        0 => {}
        lost if lost == n => return Err("it overflows on every picture".to_owned()),
        lost => return Err(format!("it overflows on {lost} of {n} pictures")),
    }
    let row = |i: usize| {
        let mut row = [0.0; K];
        for (value, column) in row.iter_mut().zip(columns) {
            *value = column(i)?;
        }
        Some(row)
    };
    let rows: Vec<[f32; K]> = (0..n).filter_map(row).collect();
    let nowhere = |column: &&dyn Fn(usize) -> Option<f32>| (0..n).all(|i| column(i).is_none());
    match gap {
        _ if !rows.is_empty() => Ok(rows),
        _ if n == 0 => Err(NO_IMAGES.to_owned()),
        Gap::LeftOut(why) if columns.iter().any(nowhere) => Err(why.to_owned()),
        _ => Err("no image has a value on both sides".to_owned()),
    }
}

/// Column `values` as a function of the image.
fn column<V: Copy + Into<Option<f32>>>(values: &[V]) -> impl Fn(usize) -> Option<f32> {
    |i| values.get(i).copied().and_then(Into::into)
}

/// Column `outcomes` as a function of the image: 1 and 0.
fn outcome(outcomes: &[Option<bool>]) -> impl Fn(usize) -> Option<f32> {
    |i| outcomes.get(i).copied().flatten().map(f32::from)
}

/// `values`, infinite where there is none and `measured`, which may only overflow, has none either.
pub(super) fn overflowing(values: &[Option<f32>], measured: &[Option<f32>]) -> Column {
    let value = |(value, measured): (&Option<f32>, &Option<f32>)| value.or(measured.is_none().then_some(f32::INFINITY));
    values.iter().zip(measured).map(value).collect()
}

/// Share of `true` with Wilson's score interval (Wilson 1927).
pub fn proportion(outcomes: &[bool]) -> Quantity {
    let n = outcomes.len();
    if n == 0 {
        return Quantity::none(NO_IMAGES, n);
    }
    let size = n as f64;
    let p = outcomes.iter().filter(|&&hit| hit).count() as f64 / size;
    let center = (p + Z * Z / (2.0 * size)) / (1.0 + Z * Z / size);
    let half = Z / (1.0 + Z * Z / size) * (p * (1.0 - p) / size + Z * Z / (4.0 * size * size)).sqrt();
    // The bounds are exact at 0 and 1 but for rounding.
    Estimate { value: p, low: (center - half).clamp(0.0, p), high: (center + half).clamp(p, 1.0), n }.into()
}

/// The same over the images that have an outcome.
pub fn share(outcomes: &[Option<bool>], gap: Gap<'_>) -> Quantity {
    match complete([&outcome(outcomes)], outcomes.len(), gap) {
        Ok(known) => proportion(&known.iter().map(|&[hit]| hit > 0.0).collect::<Vec<bool>>()),
        Err(why) => Quantity::none(why, outcomes.len()),
    }
}

/// Difference `b − a` of two shares on the same images with the interval of Agresti and Min (2005), which stays honest
/// when few or no images differ. Undefined for fewer than [`FEWEST`] images, of which it would call three alike a
/// winner.
pub fn paired_difference(a: &[bool], b: &[bool]) -> Quantity {
    let n = a.len().min(b.len());
    if n < FEWEST {
        return Quantity::none(if n == 0 { NO_IMAGES.to_owned() } else { too_few(n) }, n);
    }
    let gained = a.iter().zip(b).filter(|(a, b)| !**a && **b).count() as f64;
    let lost = a.iter().zip(b).filter(|(a, b)| **a && !**b).count() as f64;
    let size = n as f64 + 2.0;
    let (c, d) = (gained + 0.5, lost + 0.5);
    let center = (c - d) / size;
    let half = Z * ((c + d) - (c - d) * (c - d) / size).max(0.0).sqrt() / size;
    let value = (gained - lost) / n as f64;
    Estimate { value, low: (center - half).max(-1.0), high: (center + half).min(1.0), n }.into()
}

/// The same over the images that have an outcome on both sides.
pub fn share_difference(a: &[Option<bool>], b: &[Option<bool>], gap: Gap<'_>) -> Quantity {
    let asked = a.len();
    match complete([&outcome(a), &outcome(b)], asked, gap) {
        Ok(known) => {
            let side = |side: usize| known.iter().map(|pair| pair[side] > 0.0).collect::<Vec<bool>>();
            match paired_difference(&side(0), &side(1)) {
                Quantity::Undefined { undefined, .. } => Quantity::none(undefined, asked),
                found => found,
            }
        }
        Err(why) => Quantity::none(why, asked),
    }
}

/// Mean over the images that have a value, and their number.
///
/// # Errors
/// Why there is none: no image has a value, or what one has overflows.
pub fn average<V: Copy + Into<Option<f32>>>(values: &[V], gap: Gap<'_>) -> Result<(f64, usize), String> {
    let known = complete([&column(values)], values.len(), gap)?;
    let all: Vec<usize> = (0..known.len()).collect();
    Ok((mean_of(&known, 0, &all), known.len()))
}

/// `Σ near / Σ far` of distances, and the number of images.
///
/// # Errors
/// Why there is none: there are no images, a distance overflows or, in the words `zero`, `Σ far` is 0: a network whose
/// outputs never differ is neither continuous nor discontinuous.
pub fn quotient<V: Copy + Into<Option<f32>>>(near: &[V], far: &[V], zero: &str) -> Result<(f64, usize), String> {
    let known = complete([&column(near), &column(far)], near.len(), Gap::Overflow)?;
    let all: Vec<usize> = (0..known.len()).collect();
    Ok((over(&known, [0, 1], &all, zero)?, known.len()))
}

/// `Σ near / Σ far` with a percentile bootstrap interval over images; see [`quotient`].
pub fn ratio<V: Copy + Into<Option<f32>>>(near: &[V], far: &[V], zero: &str, rng: &mut Rng) -> Quantity {
    let known = complete([&column(near), &column(far)], near.len(), Gap::Overflow);
    bootstrap(near.len(), known, rng, |known, pick| over(known, [0, 1], pick, zero))
}

/// Difference `b − a` of two such ratios on the same images; both are resampled together.
pub fn ratio_difference<V: Copy + Into<Option<f32>>>(
    a: (&[V], &[V]),
    b: (&[V], &[V]),
    zero: &str,
    rng: &mut Rng,
) -> Quantity {
    let known = complete([&column(a.0), &column(a.1), &column(b.0), &column(b.1)], a.0.len(), Gap::Overflow);
    bootstrap(a.0.len(), known, rng, |known, pick| {
        Ok(over(known, [2, 3], pick, zero)? - over(known, [0, 1], pick, zero)?)
    })
}

/// Mean with a percentile bootstrap interval over the images that have a value.
pub fn mean<V: Copy + Into<Option<f32>>>(values: &[V], gap: Gap<'_>, rng: &mut Rng) -> Quantity {
    let known = complete([&column(values)], values.len(), gap);
    bootstrap(values.len(), known, rng, |known, pick| Ok(mean_of(known, 0, pick)))
}

/// Difference `b − a` of two means over the images that have a value on both sides; both are resampled together.
pub fn mean_difference<V: Copy + Into<Option<f32>>>(a: &[V], b: &[V], gap: Gap<'_>, rng: &mut Rng) -> Quantity {
    let known = complete([&column(a), &column(b)], a.len(), gap);
    bootstrap(a.len(), known, rng, |known, pick| Ok(mean_of(known, 1, pick) - mean_of(known, 0, pick)))
}

/// What overflowed, or never was a number, is no value.
pub(super) fn finite(value: f32) -> Option<f32> {
    value.is_finite().then_some(value)
}

fn sum<const K: usize>(rows: &[[f32; K]], at: usize, pick: &[usize]) -> f64 {
    pick.iter().map(|&i| f64::from(rows[i][at])).sum::<f64>()
}

fn mean_of<const K: usize>(rows: &[[f32; K]], at: usize, pick: &[usize]) -> f64 {
    sum(rows, at, pick) / pick.len() as f64
}

/// `Σ near / Σ far` of the images in `pick`, with `near` and `far` at these places of a row; `zero` where that is over
/// 0.
fn over<'a, const K: usize>(
    rows: &[[f32; K]],
    [near, far]: [usize; 2],
    pick: &[usize],
    zero: &'a str,
) -> Result<f64, &'a str> {
    let (near, far) = (sum(rows, near, pick), sum(rows, far, pick));
    if far > 0.0 { Ok(near / far) } else { Err(zero) }
}

/// The percentile interval of `statistic` over resamples of the `known` of `asked` images. Resamples in which it has no
/// value are left out, if they are few.
fn bootstrap<'a, const K: usize>(
    asked: usize,
    known: Result<Vec<[f32; K]>, String>,
    rng: &mut Rng,
    statistic: impl Fn(&[[f32; K]], &[usize]) -> Result<f64, &'a str>,
) -> Quantity {
    let estimate = |known: Vec<[f32; K]>| -> Result<Estimate, String> {
        let n = known.len();
        let value = statistic(&known, &(0..n).collect::<Vec<usize>>())?;
        if n < FEWEST {
            return Err(too_few(n));
        }
        let mut pick = vec![0; n];
        let resample = |_| {
            pick.fill_with(|| rng.below(n));
            statistic(&known, &pick).ok()
        };
        let mut values: Vec<f64> = (0..RESAMPLES).filter_map(resample).collect();
        if values.len() < ENOUGH {
            return Err("too few images have what it is divided by".to_owned());
        }
        values.sort_unstable_by(f64::total_cmp);
        let at = |q: f64| values[((values.len() - 1) as f64 * q).round() as usize];
        Ok(Estimate { value, low: at(0.025).min(value), high: at(0.975).max(value), n })
    };
    known.and_then(estimate).map_or_else(|why| Quantity::none(why, asked), Quantity::Defined)
}
