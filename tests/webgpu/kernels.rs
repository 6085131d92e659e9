//! Each kernel by itself, on both devices. Most numbers are multiples of 1/8 below 4, whose sums are exact in whatever
//! order: both devices must then find the same bits.

use crate::{TOLERANCE, assert_agree, both, gpu, read};
use burn::tensor::{Device, Tensor, TensorData};
use semantic_continuity::kernel::{
    AdamStep, adam, conv1x1, conv3x3, conv3x3_relu, dense, dense_relu, join, log_softmax, max_pool2, relu, split,
};
use semantic_continuity::seed::{Seed, Stream};
use wasm_bindgen_test::wasm_bindgen_test;

/// Images, input maps, output maps, height, width: odd and even ones, single rows and columns, one map and one image,
/// none, more maps than a workgroup takes at a time, and the layers of the networks.
const SHAPES: [[usize; 5]; 16] = [
    [1, 1, 1, 1, 1],
    [1, 1, 1, 1, 9],
    [3, 2, 3, 9, 1],
    [2, 1, 8, 5, 7],
    [1, 3, 5, 2, 3],
    [3, 5, 4, 4, 2],
    [0, 4, 2, 3, 4],
    [2, 7, 6, 6, 5],
    [1, 8, 1, 8, 8],
    [2, 9, 10, 7, 6],
    [1, 35, 3, 5, 6],
    [1, 2, 33, 4, 5],
    [5, 3, 8, 11, 13],
    [7, 1, 8, 28, 28],
    [6, 8, 16, 14, 14],
    [2, 3, 8, 32, 32],
];

/// Multiples of 1/8 in −4..4.
fn eighths<const D: usize>(shape: [usize; D], seed: u32, device: &Device) -> Tensor<D> {
    let values = Seed(seed).rng(Stream::Nudge, 0).fill(shape.iter().product(), |rng| rng.uniform(-32.0, 32.0));
    let values = values.into_iter().map(|value: f32| value.floor() / 8.0).collect::<Vec<_>>();
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// The output of `layer`, and the gradients of its input, weight and bias for some gradient of the output.
async fn trained<const D: usize, const W: usize>(
    x: [usize; D],
    weight: [usize; W],
    device: &Device,
    layer: impl Fn(Tensor<D>, Tensor<W>, Tensor<1>) -> Tensor<D>,
) -> [Vec<f32>; 4] {
    let x = eighths(x, 1, device).autodiff().require_grad();
    let bias = eighths([weight[0]], 3, device).autodiff().require_grad();
    let weight = eighths(weight, 2, device).autodiff().require_grad();
    let y = layer(x.clone(), weight.clone(), bias.clone());
    let found = (y.clone() * eighths(y.dims(), 4, device).autodiff()).sum().backward();
    [
        read(y.without_autodiff()).await,
        read(x.grad(&found).expect("tracked")).await,
        read(weight.grad(&found).expect("tracked")).await,
        read(bias.grad(&found).expect("tracked")).await,
    ]
}

#[wasm_bindgen_test]
async fn convolutions_are_the_same() {
    type Convolution = fn(Tensor<4>, Tensor<4>, Tensor<1>, usize) -> Tensor<4>;
    // Those of 1×1, and those with a stride of 2, burn computes.
    let kinds: [(&str, usize, Convolution); 3] =
        [("3×3", 3, conv3x3), ("3×3 with ReLU", 3, conv3x3_relu), ("1×1", 1, conv1x1)];
    for [n, inputs, outputs, h, w] in SHAPES {
        for ((name, side, layer), stride) in kinds.into_iter().flat_map(|kind| [(kind, 1), (kind, 2)]) {
            let mut found = Vec::new();
            for device in both().await {
                let layer = |x, weight, bias| layer(x, weight, bias, stride);
                found.push(trained([n, inputs, h, w], [outputs, inputs, side, side], &device, layer).await);
            }
            assert_eq!(
                found[0], found[1],
                "{n} images, {inputs} to {outputs} maps of {h}×{w}, {name}, stride {stride}"
            );
        }
    }
}

#[wasm_bindgen_test]
async fn dense_layers_are_the_same() {
    // What is no multiple of four burn computes.
    for [n, inputs, outputs] in
        [[1, 4, 1], [3, 8, 5], [0, 8, 3], [2, 12, 7], [9, 64, 10], [5, 7, 3], [1, 32, 4], [13, 784, 64], [64, 36, 9]]
    {
        for (name, layer) in [("", dense as fn(_, _, _) -> _), ("ReLU", dense_relu)] {
            let mut found = Vec::new();
            for device in both().await {
                found.push(trained([n, inputs], [outputs, inputs], &device, layer).await);
            }
            assert_eq!(found[0], found[1], "{n} images, {inputs} to {outputs} values {name}");
        }
    }
}

#[wasm_bindgen_test]
async fn pooling_and_rectifying_are_the_same() {
    for [n, c, _, h, w] in SHAPES.into_iter().filter(|&[.., h, w]| h > 1 && w > 1) {
        // With few values most windows have several maxima.
        for coarse in [1.0, 4.0] {
            let mut found = Vec::new();
            for device in both().await {
                let x = (eighths([n, c, h, w], 5, &device) / coarse).floor().autodiff().require_grad();
                let y = max_pool2(x.clone());
                let gradients = (y.clone() * eighths(y.dims(), 6, &device).autodiff()).sum().backward();
                let z = relu(x.clone());
                let others = (z.clone() * eighths(z.dims(), 7, &device).autodiff()).sum().backward();
                found.push([
                    read(y.without_autodiff()).await,
                    read(x.grad(&gradients).expect("tracked")).await,
                    read(z.without_autodiff()).await,
                    read(x.grad(&others).expect("tracked")).await,
                ]);
            }
            assert_eq!(found[0], found[1], "{n} images, {c} maps of {h}×{w}");
        }
    }
}

#[wasm_bindgen_test]
async fn what_is_not_a_number_stays_visible() {
    let mut values = vec![1.0; 2 * 6 * 5];
    values[31] = f32::NAN;
    let x = Tensor::<4>::from_data(TensorData::new(values, [1, 2, 6, 5]), &gpu().await);
    let hidden = |values: Vec<f32>| values.iter().filter(|value| value.is_nan()).count();
    assert_eq!(hidden(read(max_pool2(x.clone())).await), 1);
    assert_eq!(hidden(read(relu(x)).await), 1);
}

/// A view of a larger tensor, a transposed one, and one tensor as both operands.
#[wasm_bindgen_test]
async fn however_values_lie_the_answer_is_the_same() {
    let mut found = Vec::new();
    for device in both().await {
        let large = eighths([4, 5, 6, 7], 1, &device);
        let (weight, bias) = (eighths([4, 5, 3, 3], 2, &device), eighths([4], 3, &device));
        let mut answers = Vec::new();
        for view in [large.clone().narrow(0, 1, 2), large.clone().swap_dims(2, 3), large.narrow(3, 2, 4)] {
            answers.push(read(conv3x3(view.clone(), weight.clone(), bias.clone(), 1)).await);
            answers.push(read(max_pool2(view)).await);
        }
        let square = eighths([8, 8], 4, &device);
        answers.push(read(dense(square.clone(), square.clone(), eighths([8], 5, &device))).await);
        answers.push(read(dense(square.clone().transpose(), square, eighths([8], 5, &device))).await);
        found.push(answers);
    }
    assert_eq!(found[0], found[1]);
}

#[wasm_bindgen_test]
async fn log_softmax_agrees() {
    for [n, d] in [[1, 1], [1, 7], [3, 2], [70, 10], [5, 100]] {
        let mut found = Vec::new();
        for device in both().await {
            let z = eighths([n, d], 1, &device).autodiff().require_grad();
            let y = log_softmax(z.clone());
            let gradients = (y.clone() * eighths([n, d], 2, &device).autodiff()).sum().backward();
            // One class is certain, and its gradient nothing.
            let shift = |values: Vec<f32>| values.into_iter().map(|value| value + 1.0).collect::<Vec<_>>();
            found.push([
                shift(read(y.without_autodiff()).await),
                shift(read(z.grad(&gradients).expect("tracked")).await),
            ]);
        }
        for (i, name) in ["values", "gradient"].into_iter().enumerate() {
            assert_agree(&format!("{n} rows of {d}, {name}"), &found[0][i], &found[1][i], TOLERANCE);
        }
    }
}

#[wasm_bindgen_test]
async fn adam_agrees() {
    let step = AdamStep { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, rate: 1e-2, scale: 31.6 };
    for len in [1, 5, 1000] {
        let mut found = Vec::new();
        for device in both().await {
            let theta = eighths([len], 1, &device);
            let moments = [eighths([len], 3, &device), eighths([len], 4, &device).square()];
            let (theta, [first, second]) = adam(theta, eighths([len], 2, &device), moments, step);
            found.push([read(theta).await, read(first).await, read(second).await]);
        }
        for (i, name) in ["parameters", "mean", "mean square"].into_iter().enumerate() {
            assert_agree(&format!("{len} parameters, {name}"), &found[0][i], &found[1][i], 1e-5);
        }
    }
}

#[wasm_bindgen_test]
async fn parts_and_whole_are_the_same() {
    for sizes in [vec![1], vec![72, 8, 1152, 16, 5], vec![64, 64, 3, 1, 1, 1, 100, 2, 7]] {
        let whole = eighths([sizes.iter().sum()], 1, &gpu().await);
        let values = read(whole.clone()).await;
        let parts = split(whole, sizes.clone());
        let mut start = 0;
        for (part, size) in parts.iter().zip(sizes) {
            assert_eq!(read(part.clone()).await, values[start..start + size]);
            start += size;
        }
        assert_eq!(read(join(parts)).await, values);
    }
}

/// Sums that are not exact, twice.
#[wasm_bindgen_test]
async fn a_gradient_repeats_itself() {
    let device = gpu().await;
    let run = || {
        let third = |tensor: Tensor<4>| tensor / 3.0;
        trained([9, 3, 10, 11], [8, 3, 3, 3], &device, move |x, weight, bias| {
            conv3x3_relu(third(x), third(weight), bias, 1)
        })
    };
    assert_eq!(run().await, run().await);
}
