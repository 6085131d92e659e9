//! Convolutions of one channel at a time against burn's.

use super::{Case, SHAPES, eighths};
use crate::common::{bits, everywhere, read};
use burn::tensor::{Tensor, module, ops::ConvOptions};
use semantic_continuity::kernel::depthwise3x3;

/// Input, `[n, c, h, w]`, weight, `[c, 1, 3, 3]`, bias, and the gradient of the output for `stride`.
fn case([n, c, _, h, w]: [usize; 5], stride: usize, draw: impl Fn([usize; 4], u32) -> Tensor<4>) -> Case<4> {
    Case {
        x: draw([n, c, h, w], 1),
        weight: draw([c, 1, 3, 3], 2),
        bias: draw([1, 1, 1, c], 3).reshape([c]),
        gradient: draw([n, c, h.div_ceil(stride), w.div_ceil(stride)], 4),
    }
}

#[everywhere]
async fn they_are_those_of_burn() {
    for (shape, stride) in SHAPES.into_iter().flat_map(|shape| [(shape, 1), (shape, 2)]) {
        let case = case(shape, stride, eighths);
        let ours = case.run(|x, weight, bias| depthwise3x3(x, weight, bias, stride)).await;
        let of_burn = |x: Tensor<4>, weight, bias| {
            let channels = x.dims()[1];
            module::conv2d(x, weight, Some(bias), ConvOptions::new([stride; 2], [1; 2], [1; 2], channels))
        };
        assert_eq!(ours, case.run(of_burn).await, "{shape:?} stride {stride}");
        let alone = depthwise3x3(case.x, case.weight, case.bias, stride);
        assert_eq!(bits(&read(alone).await), bits(&ours[0]), "{shape:?} stride {stride}");
    }
}
