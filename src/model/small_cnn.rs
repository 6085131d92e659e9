//! SmallCnn: conv 3×3 (8) – ReLU – max 2 – conv 3×3 (16) – ReLU – max 2 – dense 64 – ReLU – dense. Ours.

use super::{Layout, ModelConfig, Network};
use crate::kernel::max_pool2;
use burn::tensor::Tensor;

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

/// The convolution maps for normalised `x`, `[n, c, h, w]`.
pub(super) fn maps(network: &Network, x: Tensor<4>) -> Vec<Tensor<4>> {
    let map1 = network.conv_relu("conv1", x); // [n, 8, h, w]
    let map2 = network.conv_relu("conv2", max_pool2(map1.clone())); // [n, 16, h/2, w/2]
    vec![map1, map2]
}

/// The features of the last map.
pub(super) fn features(network: &Network, map: Tensor<4>) -> Tensor<2> {
    let flat = max_pool2(map).flatten::<2>(1, 3); // [n, 16 · h/4 · w/4]
    network.dense_relu("fc1", flat)
}
