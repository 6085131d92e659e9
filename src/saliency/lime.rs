//! LIME on a grid of square cells.

use super::occlusion::hide;
use super::scores;
use crate::error::Result;
use crate::model::Classifier;
use crate::seed::Rng;
use crate::tensor::read;
use burn::tensor::{Tensor, TensorData};

/// Width of the kernel `exp(−d² / 2 w²)` on the cosine distance d, as in the reference implementation, which takes the
/// root of `exp(−d² / w²)`.
const KERNEL_WIDTH: f64 = 0.25;
/// Ridge penalty: only keeps the system solvable, so that a linear function is recovered.
const RIDGE: f64 = 1e-3;

/// Map and weighted R², which is undefined when hiding cells changes nothing.
pub(super) async fn map(
    classifier: &Classifier,
    x: &Tensor<4>,
    class: usize,
    samples: usize,
    cell: usize,
    baseline: &Tensor<4>,
    rng: &mut Rng,
) -> Result<(Vec<f32>, Option<f32>)> {
    let [_, _, h, w] = x.dims();
    let across = w.div_ceil(cell);
    let cells = h.div_ceil(cell) * across;
    // The whole picture first, then every cell shown with probability ½.
    let shown: Vec<Vec<bool>> =
        (0..samples).map(|i| (0..cells).map(|_| i == 0 || rng.below(2) == 0).collect()).collect();
    let cell_of = |pixel: usize| pixel / w / cell * across + pixel % w / cell;
    let masks: Vec<f32> =
        shown.iter().flat_map(|row| (0..h * w).map(|pixel| f32::from(u8::from(row[cell_of(pixel)])))).collect();
    let masks = Tensor::<4>::from_data(TensorData::new(masks, [samples, 1, h, w]), &x.device());
    let targets = read(scores(classifier, &hide(x, baseline, masks), class)).await?;
    let weights: Vec<f64> = shown
        .iter()
        .map(|row| {
            let share = row.iter().filter(|&&on| on).count() as f64 / cells as f64;
            let distance = 1.0 - share.sqrt();
            (-0.5 * (distance / KERNEL_WIDTH).powi(2)).exp()
        })
        .collect();
    let targets: Vec<f64> = targets.into_iter().map(f64::from).collect();
    let (coefficients, fit) = regress(&shown, &targets, &weights);
    Ok(((0..h * w).map(|pixel| coefficients[cell_of(pixel)] as f32).collect(), fit.map(|fit| fit as f32)))
}

/// Weighted ridge regression of `targets` on 0/1 features with a free intercept: coefficients and R². Features and
/// targets are centred first, which takes the intercept out.
fn regress(features: &[Vec<bool>], targets: &[f64], weights: &[f64]) -> (Vec<f64>, Option<f64>) {
    let d = features[0].len();
    let total: f64 = weights.iter().sum();
    let mean = |values: &dyn Fn(usize) -> f64| (0..weights.len()).map(|i| weights[i] * values(i)).sum::<f64>() / total;
    let on = |i: usize, k: usize| f64::from(u8::from(features[i][k]));
    let centre: Vec<f64> = (0..d).map(|k| mean(&|i| on(i, k))).collect();
    let level = mean(&|i| targets[i]);
    let mut gram = vec![0.0; d * d];
    let mut moment = vec![0.0; d];
    for (i, weight) in weights.iter().enumerate() {
        for k in 0..d {
            let left = weight * (on(i, k) - centre[k]);
            moment[k] += left * (targets[i] - level);
            for l in 0..=k {
                gram[k * d + l] += left * (on(i, l) - centre[l]);
            }
        }
    }
    for k in 0..d {
        gram[k * d + k] += RIDGE;
    }
    let coefficients = solve(gram, moment);
    let (mut rest, mut spread) = (0.0, 0.0);
    for (i, weight) in weights.iter().enumerate() {
        let fitted = level + (0..d).map(|k| coefficients[k] * (on(i, k) - centre[k])).sum::<f64>();
        rest += weight * (targets[i] - fitted).powi(2);
        spread += weight * (targets[i] - level).powi(2);
    }
    // Of a constant there is nothing to explain, well or badly.
    (coefficients, (spread > 0.0).then(|| 1.0 - rest / spread))
}

/// Solves `A x = b` for a symmetric positive definite matrix given by its lower triangle (Cholesky).
fn solve(mut a: Vec<f64>, mut b: Vec<f64>) -> Vec<f64> {
    let d = b.len();
    for k in 0..d {
        for l in 0..=k {
            let inner: f64 = (0..l).map(|m| a[k * d + m] * a[l * d + m]).sum();
            let rest = a[k * d + l] - inner;
            a[k * d + l] = if k == l { rest.sqrt() } else { rest / a[l * d + l] };
        }
    }
    for k in 0..d {
        let inner: f64 = (0..k).map(|m| a[k * d + m] * b[m]).sum();
        b[k] = (b[k] - inner) / a[k * d + k];
    }
    for k in (0..d).rev() {
        let inner: f64 = (k + 1..d).map(|m| a[m * d + k] * b[m]).sum();
        b[k] = (b[k] - inner) / a[k * d + k];
    }
    b
}
