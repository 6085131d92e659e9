//! Intervals and tests over seeds.

use crate::experiment::Estimate;
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta::beta_reg;

/// Mean over seeds with Student's 95 % interval; `None` for fewer than two values, of which no interval can be had.
pub fn mean(values: &[f64]) -> Option<Estimate> {
    let (value, error) = standard(values)?;
    let student = StudentsT::new(0.0, 1.0, (values.len() - 1) as f64).ok()?;
    let half = student.inverse_cdf(0.975) * error;
    Some(Estimate { value, low: value - half, high: value + half, n: values.len() })
}

/// Mean of `b − a`, paired by seed, with Student's 95 % interval. Both have the same length.
pub fn paired(a: &[f64], b: &[f64]) -> Option<Estimate> {
    mean(&differences(a, b))
}

/// Two-sided p-value of the paired t-test (Student 1908): how often a mean of `b − a` as far from 0 would be seen if it
/// were 0, `I_{ν/(ν+t²)}(ν/2, ½)` with `ν = n − 1`. It is below 0.05 where the interval of [`paired`] excludes 0. `None`
/// for fewer than two pairs. Both have the same length.
pub fn p_value(a: &[f64], b: &[f64]) -> Option<f64> {
    let (value, error) = standard(&differences(a, b))?;
    if error == 0.0 {
        // All seeds differ alike: by nothing, or by something that is no chance.
        return Some(f64::from(u8::from(value == 0.0)));
    }
    let (t, degrees) = (value / error, (a.len() - 1) as f64);
    Some(beta_reg(degrees / 2.0, 0.5, degrees / (degrees + t * t)))
}

/// Holm's adjusted p-values (Holm 1979) of tests that are judged together, in the same order: the k-th smallest of m is
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

fn differences(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| b - a).collect()
}

/// The mean and its standard error.
fn standard(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let value = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - value).powi(2)).sum::<f64>() / (n - 1.0);
    (values.len() >= 2).then(|| (value, (variance / n).sqrt()))
}
