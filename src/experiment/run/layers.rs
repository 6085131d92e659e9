//! The layers of a network, and how far apart two answers are at each.

use crate::model::Activations;
use burn::tensor::{Tensor, activation::softmax};

/// Name of the layer of the logits.
pub(in crate::experiment) const LOGITS: &str = "logits";

/// Layers of a network as rows, `[n, d]` each.
pub(super) fn layers(activations: &Activations) -> Vec<Tensor<2>> {
    let flat = |map: &Tensor<4>| {
        let [n, c, h, w] = map.dims();
        map.clone().reshape([n, c * h * w])
    };
    let mut rows: Vec<Tensor<2>> = activations.maps.iter().map(flat).collect();
    rows.extend([activations.features.clone(), activations.logits.clone(), softmax(activations.logits.clone(), 1)]);
    rows
}

/// The names of `depth` layers.
pub(super) fn names(depth: usize) -> Vec<String> {
    let last = ["features", LOGITS, "probabilities"];
    let maps = (1..=depth - last.len()).map(|k| format!("convolution {k}"));
    maps.chain(last.map(str::to_owned)).collect()
}

fn distance<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<1> {
    let n = a.dims()[0];
    let d = a.dims()[1..].iter().product::<usize>();
    (a - b).reshape([n, d]).square().sum_dim(1).sqrt().reshape([n])
}

/// Distances in pixels, then at each layer, joined: `(1 + layers) · n` values.
pub(super) fn distances(x: &(Tensor<4>, Activations), y: &(Tensor<4>, Activations)) -> Tensor<1> {
    let mut all = vec![distance(x.0.clone(), y.0.clone())];
    all.extend(layers(&x.1).into_iter().zip(layers(&y.1)).map(|(a, b)| distance(a, b)));
    Tensor::cat(all, 0)
}
