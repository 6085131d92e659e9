//! Intervals over seeds.

use crate::experiment::Estimate;

/// 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom; beyond, the normal one is closer than the second decimal
/// shown.
const T: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
    2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/// Mean over seeds with Student's 95 % interval; `None` for fewer than two values, of which no interval can be had.
pub fn mean(values: &[f64]) -> Option<Estimate> {
    let n = values.len();
    if n < 2 {
        return None;
    }
    let value = values.iter().sum::<f64>() / n as f64;
    let variance = values.iter().map(|v| (v - value).powi(2)).sum::<f64>() / (n - 1) as f64;
    let half = T.get(n - 2).copied().unwrap_or(1.96) * (variance / n as f64).sqrt();
    Some(Estimate { value, low: value - half, high: value + half, n })
}

/// Mean of `b − a`, paired by seed, with Student's 95 % interval. Both have the same length.
pub fn paired(a: &[f64], b: &[f64]) -> Option<Estimate> {
    mean(&a.iter().zip(b).map(|(a, b)| b - a).collect::<Vec<f64>>())
}
