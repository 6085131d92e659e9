//! Gradients of a logit, plain, smoothed and integrated.

use super::{BATCH, scores};
use crate::error::Result;
use crate::model::Classifier;
use crate::seed::Rng;
use crate::tensor::read;
use burn::tensor::{Tensor, TensorData};

/// `∂F/∂x` of each image, `[m, c, h, w]`; at most [`BATCH`] images at a time.
fn gradients(classifier: &Classifier, images: &Tensor<4>, class: usize) -> Tensor<4> {
    let m = images.dims()[0];
    let parts = (0..m).step_by(BATCH).map(|start| {
        let x = images.clone().narrow(0, start, BATCH.min(m - start)).autodiff().require_grad();
        let score = classifier.tracking().forward(x.clone()).logits.narrow(1, class, 1).sum();
        let gradients = score.backward();
        x.grad(&gradients).unwrap_or_else(|| x.without_autodiff().zeros_like())
    });
    Tensor::cat(parts.collect(), 0)
}

/// `[1, c, h, w]` to `[h · w]`: channels added up.
fn over_channels(x: Tensor<4>) -> Tensor<1> {
    let [_, _, h, w] = x.dims();
    x.sum_dim(1).reshape([h * w])
}

pub(super) async fn plain(classifier: &Classifier, x: &Tensor<4>, class: usize) -> Result<Vec<f32>> {
    read(over_channels(gradients(classifier, x, class))).await
}

pub(super) async fn times_input(classifier: &Classifier, x: &Tensor<4>, class: usize) -> Result<Vec<f32>> {
    read(over_channels(gradients(classifier, x, class) * x.clone())).await
}

pub(super) async fn smooth(
    classifier: &Classifier,
    x: &Tensor<4>,
    class: usize,
    samples: usize,
    sigma: f32,
    rng: &mut Rng,
) -> Result<Vec<f32>> {
    let [_, c, h, w] = x.dims();
    let noise = rng.fill(samples * c * h * w, |rng| sigma * rng.normal());
    let noise = Tensor::<4>::from_data(TensorData::new(noise, [samples, c, h, w]), &x.device());
    // Not clipped: the mean of the copies stays x.
    read(over_channels(gradients(classifier, &(x.clone() + noise), class).mean_dim(0))).await
}

/// Map and completeness gap.
pub(super) async fn integrated(
    classifier: &Classifier,
    x: &Tensor<4>,
    class: usize,
    steps: usize,
    baseline: &Tensor<4>,
) -> Result<(Vec<f32>, f32)> {
    let at: Vec<f32> = (0..steps).map(|k| (k as f32 + 0.5) / steps as f32).collect();
    let at = Tensor::<4>::from_data(TensorData::new(at, [steps, 1, 1, 1]), &x.device());
    let way = x.clone() - baseline.clone();
    let path = baseline.clone() + way.clone() * at;
    let map = over_channels(gradients(classifier, &path, class).mean_dim(0) * way);
    let ends = scores(classifier, &Tensor::cat(vec![x.clone(), baseline.clone()], 0), class);
    let mut values = read(Tensor::cat(vec![map, ends], 0)).await?;
    let ends = values.split_off(values.len() - 2);
    let sum: f64 = values.iter().map(|&v| f64::from(v)).sum();
    let gap = (sum - f64::from(ends[0] - ends[1])).abs() as f32;
    Ok((values, gap))
}
