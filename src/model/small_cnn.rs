//! SmallCnn: conv 3×3 (8) – ReLU – max 2 – conv 3×3 (16) – ReLU – max 2 – dense 64 – ReLU – dense. Ours.

use super::{Layout, ModelConfig, Network};
use burn::tensor::{Tensor, activation::relu, module::max_pool2d, ops::MaxPoolOptions};

const MAPS: [usize; 2] = [8, 16];
const FEATURES: usize = 64;
/// The last layer, from features to logits.
pub(super) const LAST: &str = "fc2";

pub(super) fn layout(config: &ModelConfig) -> Layout {
    Layout::default()
        .conv("conv1", config.channels, MAPS[0], 3)
        .conv("conv2", MAPS[0], MAPS[1], 3)
        .dense("fc1", MAPS[1] * (config.height / 4) * (config.width / 4), FEATURES)
        .dense(LAST, FEATURES, config.classes)
}

fn halve(x: Tensor<4>) -> Tensor<4> {
    max_pool2d(x, MaxPoolOptions::new([2, 2]).with_stride([2, 2]))
}

/// The convolution maps for normalised `x`, `[n, c, h, w]`.
pub(super) fn maps(network: &Network, x: Tensor<4>) -> Vec<Tensor<4>> {
    let map1 = relu(network.conv("conv1", x, 1)); // [n, 8, h, w]
    let map2 = relu(network.conv("conv2", halve(map1.clone()), 1)); // [n, 16, h/2, w/2]
    vec![map1, map2]
}

/// The features of the last map.
pub(super) fn features(network: &Network, map: Tensor<4>) -> Tensor<2> {
    let flat = halve(map).flatten::<2>(1, 3); // [n, 16 · h/4 · w/4]
    relu(network.dense("fc1", flat))
}
