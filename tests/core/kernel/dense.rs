//! Dense layers against burn's own, as in `super`.

use super::{Case, eighths, one_at};
use crate::common::{Tolerance, assert_close, bits, everywhere, pictures, read, tensor};
use burn::tensor::{Device, Tensor, activation::relu, module};
use semantic_continuity::kernel::{dense, dense_relu};

/// Rows, inputs, outputs: around the tiles of both directions, narrower than one, and the layers of the networks.
const SHAPES: [[usize; 3]; 15] = [
    [1, 1, 1],
    [3, 7, 5],
    [5, 13, 9],
    [1, 4, 1],
    [1, 8, 4],
    [2, 4, 7],
    [3, 12, 5],
    [4, 8, 8],
    [5, 20, 3],
    [6, 16, 13],
    [1, 784, 64],
    [9, 64, 10],
    [16, 32, 6],
    [64, 784, 64],
    [33, 1024, 64],
];

/// A dense layer of this shape.
pub(super) fn layer([n, inputs, outputs]: [usize; 3], draw: impl Fn([usize; 4], u32) -> Tensor<4>) -> Case<2> {
    Case {
        x: draw([1, 1, n, inputs], 1).reshape([n, inputs]),
        weight: draw([1, 1, outputs, inputs], 2).reshape([outputs, inputs]),
        bias: draw([1, 1, 1, outputs], 3).reshape([outputs]),
        gradient: draw([1, 1, n, outputs], 4).reshape([n, outputs]),
    }
}

fn of_burn(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    module::linear(x, weight.transpose(), Some(bias))
}

#[everywhere]
async fn dense_layers_are_those_of_burn() {
    for shape in SHAPES {
        let case = layer(shape, eighths);
        assert_eq!(case.run(dense).await, case.run(of_burn).await, "{shape:?}");
        let with_relu = case.run(|x, weight, bias| relu(of_burn(x, weight, bias))).await;
        assert_eq!(case.run(dense_relu).await, with_relu, "{shape:?}");
        // Without autodiff it is the same layer.
        let alone = dense_relu(case.x.clone(), case.weight.clone(), case.bias.clone());
        assert_eq!(bits(&read(alone).await), bits(&with_relu[0]), "{shape:?}");
    }
}

#[everywhere]
async fn dense_layers_of_any_numbers_are_close_to_those_of_burn() {
    for shape in SHAPES {
        let case = layer(shape, |shape, seed| pictures(shape, -1.0, 1.0, seed));
        for (ours, theirs) in case.run(dense).await.iter().zip(case.run(of_burn).await) {
            let largest = theirs.iter().fold(1.0, |largest: f32, value| largest.max(value.abs()));
            let relative = |values: &[f32]| values.iter().map(|value| value / largest).collect::<Vec<_>>();
            assert_close(&relative(ours), &relative(&theirs), Tolerance::Reordered);
        }
    }
}

/// The output is linear in each of the three, so a difference of the loss is exactly the gradient times the change.
#[everywhere]
async fn gradients_of_dense_layers_are_differences() {
    for shape in [[3, 12, 5], [6, 16, 13]] {
        let case = layer(shape, eighths);
        let [_, of_x, of_weight, of_bias] = case.run(dense).await;
        let loss = async |x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>| {
            read((dense(x, weight, bias) * case.gradient.clone()).sum()).await[0]
        };
        let (x, weight, bias) = (case.x.clone(), case.weight.clone(), case.bias.clone());
        let before = loss(x.clone(), weight.clone(), bias.clone()).await;
        for (i, &expected) in of_x.iter().enumerate() {
            let after = loss(x.clone() + one_at(x.dims(), i), weight.clone(), bias.clone()).await;
            assert_eq!(after - before, expected, "input {i} of {shape:?}");
        }
        for (i, &expected) in of_weight.iter().enumerate() {
            let after = loss(x.clone(), weight.clone() + one_at(weight.dims(), i), bias.clone()).await;
            assert_eq!(after - before, expected, "weight {i} of {shape:?}");
        }
        for (i, &expected) in of_bias.iter().enumerate() {
            let after = loss(x.clone(), weight.clone(), bias.clone() + one_at(bias.dims(), i)).await;
            assert_eq!(after - before, expected, "bias {i} of {shape:?}");
        }
    }
}

#[everywhere]
async fn a_row_is_the_same_in_any_batch() {
    let case = layer([7, 36, 10], |shape, seed| pictures(shape, -1.0, 1.0, seed));
    let together = read(dense_relu(case.x.clone(), case.weight.clone(), case.bias.clone())).await;
    for (n, expected) in together.chunks_exact(10).enumerate() {
        let x = case.x.clone().narrow(0, n, 1);
        assert_eq!(bits(&read(dense_relu(x, case.weight.clone(), case.bias.clone())).await), bits(expected), "row {n}");
    }
}

/// Views of a larger matrix, and transposed ones.
#[everywhere]
async fn however_a_matrix_lies_the_answer_is_the_same() {
    let large = eighths([1, 1, 8, 12], 1).reshape::<2, _>([8, 12]);
    for view in [large.clone().narrow(1, 3, 8), large.clone().narrow(0, 2, 3), large.clone().transpose(), large] {
        let [_, inputs] = view.dims();
        let weight = eighths([1, 1, inputs, 5], 2).reshape::<2, _>([inputs, 5]).transpose();
        let bias = tensor(&[0.5, -1.0, 0.25, 2.0, 0.0], [5]);
        let copy = tensor(&read(view.clone()).await, view.dims());
        let expected = read(of_burn(copy, weight.clone(), bias.clone())).await;
        assert_eq!(read(dense(view, weight, bias)).await, expected);
    }
}

#[everywhere]
async fn no_row_has_no_answer_and_nan_stays_visible() {
    let none = || Tensor::<2>::zeros([0, 8], &Device::flex());
    let [weight, bias] = [eighths([1, 1, 5, 8], 1).reshape::<2, _>([5, 8]), eighths([1, 1, 1, 40], 2).reshape([5, 8])];
    let bias = bias.narrow(1, 0, 1).reshape([5]);
    let case = Case { x: none(), weight, bias, gradient: Tensor::zeros([0, 5], &Device::flex()) };
    let [y, of_x, of_weight, of_bias] = case.run(dense_relu).await;
    assert!(y.is_empty() && of_x.is_empty());
    assert_eq!((of_weight, of_bias), (vec![0.0; 40], vec![0.0; 5]));
    let mut values = vec![1.0; 16];
    values[11] = f32::NAN;
    let y = read(dense_relu(tensor(&values, [2, 8]), case.weight, case.bias)).await;
    assert_eq!(y.iter().map(|value| value.is_nan()).collect::<Vec<_>>(), [[false; 5], [true; 5]].concat());
}
