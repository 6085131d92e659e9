//! Intervals and tests over seeds.

use crate::experiment::Estimate;
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta::beta_reg;

/// What follows from the values of some seeds, or why nothing does.
pub type Known<T> = Result<T, String>;

/// The largest value that has a mean: squares of larger ones, summed, need not be finite.
const LARGEST: f64 = 1e150;

/// Differences that are no larger than this part of what was subtracted are rounding: shares of ten thousand images
/// differ by more, and the last digits of their means by less.
const ROUNDING: f64 = 1e-12;

/// Mean over seeds with Student's 95 % interval, in the unit of the values. Where they are all the same the interval is
/// that value: nothing is known then of how far another seed would lie.
///
/// # Errors
/// Why there is no interval: there are fewer than two values, or one of them is not finite or beyond ±10¹⁵⁰.
pub fn mean(values: &[f64]) -> Known<Estimate> {
    check(values)?;
    Ok(interval(standard(values), values.len()))
}

/// Mean of `b − a`, paired by seed, with Student's 95 % interval. Both have the same length.
///
/// # Errors
/// As [`mean`]; and where all differences are the same, but for rounding, and not 0: there is no spread then by which
/// to judge whether another seed would differ. Where they are all 0, so are the mean and its interval.
pub fn paired(a: &[f64], b: &[f64]) -> Known<Estimate> {
    Ok(interval(difference(a, b)?, a.len()))
}

/// Two-sided p-value of the paired t-test (Student 1908): how often a mean of `b − a` as far from 0 would be seen if it
/// were 0, `I_{ν/(ν+t²)}(ν/2, ½)` with `ν = n − 1` and `t` the mean over its standard error. It is below 0.05 where the
/// interval of [`paired`] excludes 0, and 1 where all differences are 0. Both have the same length.
///
/// # Errors
/// As [`paired`].
pub fn p_value(a: &[f64], b: &[f64]) -> Known<f64> {
    let (value, error) = difference(a, b)?;
    if error == 0.0 {
        return Ok(1.0);
    }
    let (t, degrees) = (value / error, (a.len() - 1) as f64);
    Ok(beta_reg(degrees / 2.0, 0.5, degrees / (degrees + t * t)))
}

/// Holm's adjusted p-values (Holm 1979) of tests that are read together, in the same order: the k-th smallest of m is
/// multiplied by `m − k + 1`, and none is below one that was smaller. All that are then below 0.05 may be believed with
/// at most a 5 % chance that one of them is wrong.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&i, &j| p[i].total_cmp(&p[j]));
    let mut adjusted = vec![0.0; p.len()];
    let mut least = 0f64;
    for (smaller, &i) in order.iter().enumerate() {
        least = least.max((p[i] * (p.len() - smaller) as f64).min(1.0));
        adjusted[i] = least;
    }
    adjusted
}

/// That `values` have a mean and a standard error.
fn check(values: &[f64]) -> Known<()> {
    if let Some(value) = values.iter().find(|value| value.is_nan() || value.abs() > LARGEST) {
        return Err(format!("a value is {value:e}; allowed is −{LARGEST:e} to {LARGEST:e}"));
    }
    if values.len() < 2 { Err("fewer than two seeds have a value".to_owned()) } else { Ok(()) }
}

/// The mean and its standard error, of at least two values.
fn standard(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let value = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - value).powi(2)).sum::<f64>() / (n - 1.0);
    (value, (variance / n).sqrt())
}

/// The mean of `b − a` and its standard error, which is 0 only where both are.
fn difference(a: &[f64], b: &[f64]) -> Known<(f64, f64)> {
    check(a)?;
    check(b)?;
    let (value, error) = standard(&a.iter().zip(b).map(|(a, b)| b - a).collect::<Vec<f64>>());
    let rounding = ROUNDING * a.iter().chain(b).fold(0f64, |largest, value| largest.max(value.abs()));
    match (value.abs() <= rounding, error <= rounding) {
        (true, true) => Ok((0.0, 0.0)),
        (false, true) => Err("the seeds do not differ, so there is no spread to compare with".to_owned()),
        (_, false) => Ok((value, error)),
    }
}

/// Student's 95 % interval of the mean of `n ≥ 2` values.
fn interval((value, error): (f64, f64), n: usize) -> Estimate {
    let student = StudentsT::new(0.0, 1.0, (n - 1) as f64).expect("a degree of freedom at least");
    let half = student.inverse_cdf(0.975) * error;
    Estimate { value, low: value - half, high: value + half, n }
}
