//! Grad-CAM.

use crate::error::Result;
use crate::model::Classifier;
use crate::tensor::read;
use burn::tensor::{Tensor, activation::relu};

pub(super) async fn map(classifier: &Classifier, x: &Tensor<4>, class: usize) -> Result<Vec<f32>> {
    let maps = classifier.network().forward(x.clone()).maps;
    let map = maps.last().expect("a network has maps").clone();
    let leaf = map.clone().autodiff().require_grad();
    let gradients = classifier.tracking().head(leaf.clone()).1.narrow(1, class, 1).sum().backward();
    let gradient = leaf.grad(&gradients).unwrap_or_else(|| map.zeros_like());
    let weights = gradient.mean_dim(3).mean_dim(2);
    let coarse: Tensor<4> = relu((map * weights).sum_dim(1));
    let [_, _, height, width] = coarse.dims();
    let [_, _, h, w] = x.dims();
    let coarse = read(coarse.reshape([height * width])).await?;
    Ok(enlarge(&coarse, [height, width], [h, w]))
}

/// Bilinear, with pixel centres at half-integers; beyond the outermost centres their values continue.
fn enlarge(values: &[f32], [height, width]: [usize; 2], [h, w]: [usize; 2]) -> Vec<f32> {
    let place = |i: usize, to: usize, from: usize| {
        let at = ((i as f32 + 0.5) * from as f32 / to as f32 - 0.5).clamp(0.0, (from - 1) as f32);
        let below = at.floor() as usize;
        (below, (below + 1).min(from - 1), at - at.floor())
    };
    let pixel = |i: usize| {
        let (top, bottom, down) = place(i / w, h, height);
        let (left, right, across) = place(i % w, w, width);
        let row = |r: usize| values[r * width + left] * (1.0 - across) + values[r * width + right] * across;
        row(top) * (1.0 - down) + row(bottom) * down
    };
    (0..h * w).map(pixel).collect()
}
