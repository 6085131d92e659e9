//! MiniResNet: a 3×3 stem and three residual stages of 8, 16 and 32 channels, global mean, dense. After He et al.
//! 2016, with group normalisation in place of batch normalisation, which would mix x and x′. Sizes are ours.

use super::{Layout, ModelConfig, Network};
use crate::kernel::{dense, relu};
use burn::tensor::Tensor;

/// Channels of each stage; the first keeps the resolution, the others halve it.
const STAGES: [usize; 3] = [8, 16, 32];
const GROUPS: usize = 4;
/// The last layer, from features to logits.
pub(super) const LAST: &str = "fc";

pub(super) fn layout(config: &ModelConfig) -> Layout {
    let mut layout = Layout::default().conv("stem", config.channels, STAGES[0], 3).norm("stem_norm", STAGES[0]);
    let mut input = STAGES[0];
    for (i, output) in STAGES.into_iter().enumerate() {
        layout = layout
            .conv(&format!("stage{i}.conv1"), input, output, 3)
            .norm(&format!("stage{i}.norm1"), output)
            .conv(&format!("stage{i}.conv2"), output, output, 3)
            .norm(&format!("stage{i}.norm2"), output);
        if input != output {
            layout = layout.conv(&format!("stage{i}.skip"), input, output, 1);
        }
        input = output;
    }
    layout.dense(LAST, input, config.classes)
}

/// The convolution maps for normalised `x`, `[n, c, h, w]`.
pub(super) fn maps(network: &Network, x: Tensor<4>) -> Vec<Tensor<4>> {
    let mut x = network.group_norm_relu("stem_norm", network.conv("stem", x, 1), GROUPS);
    let mut maps = vec![x.clone()];
    for (i, output) in STAGES.into_iter().enumerate() {
        let input = x.dims()[1];
        let stride = if input == output { 1 } else { 2 };
        let y = network.conv(&format!("stage{i}.conv1"), x.clone(), stride);
        let y = network.group_norm_relu(&format!("stage{i}.norm1"), y, GROUPS);
        let y = network.group_norm(&format!("stage{i}.norm2"), network.conv(&format!("stage{i}.conv2"), y, 1), GROUPS);
        let skip = if input == output { x } else { network.conv(&format!("stage{i}.skip"), x, stride) };
        x = relu(y + skip);
        maps.push(x.clone());
    }
    maps
}

/// The features of the last map: its mean over the picture, as a dense layer finds it, in one order on every machine.
pub(super) fn features(_: &Network, map: Tensor<4>) -> Tensor<2> {
    let [n, c, h, w] = map.dims();
    let device = map.device();
    let shares = Tensor::full([1, h * w], 1.0 / (h * w) as f32, &device);
    dense(map.reshape([n * c, h * w]), shares, Tensor::zeros([1], &device)).reshape([n, c])
}
