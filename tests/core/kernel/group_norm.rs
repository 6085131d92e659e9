//! Group normalisation against its formula, and the ReLU against burn's.

use super::{Case, eighths};
use crate::common::{Tolerance, assert_close, bits, everywhere, pictures, read, tensor};
use burn::tensor::{Tensor, activation};
use semantic_continuity::kernel::{group_norm, group_norm_relu, relu};

/// Images, channels, groups, height, width.
const SHAPES: [[usize; 5]; 8] = [
    [1, 1, 1, 1, 2],
    [2, 4, 4, 3, 3],
    [2, 6, 2, 1, 5],
    [3, 8, 4, 5, 7],
    [1, 12, 3, 16, 16],
    [2, 8, 1, 4, 3],
    [4, 8, 4, 28, 28],
    [2, 32, 4, 7, 7],
];

fn case([n, c, _, h, w]: [usize; 5]) -> Case<4> {
    Case {
        x: pictures([n, c, h, w], -1.0, 3.0, 1),
        weight: pictures([1, 1, 1, c], -2.0, 2.0, 2),
        bias: pictures([1, 1, 1, c], -1.0, 1.0, 3).reshape([c]),
        gradient: pictures([n, c, h, w], -1.0, 1.0, 4),
    }
}

/// The formula, operation by operation.
fn by_parts(x: Tensor<4>, weight: Tensor<1>, bias: Tensor<1>, groups: usize) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    let x = x.reshape([n, groups, c / groups * h * w]);
    let centered = x.clone() - x.mean_dim(2);
    let variance = centered.clone().square().mean_dim(2);
    let x = (centered / variance.add_scalar(1e-5).sqrt()).reshape([n, c, h, w]);
    x * weight.reshape([1, c, 1, 1]) + bias.reshape([1, c, 1, 1])
}

/// `layer` with the weight in its own shape.
fn flat(
    layer: impl Fn(Tensor<4>, Tensor<1>, Tensor<1>) -> Tensor<4>,
) -> impl Fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4> {
    move |x, weight, bias| {
        let channels = x.dims()[1];
        layer(x, weight.reshape([channels]), bias)
    }
}

#[everywhere]
async fn it_follows_its_formula() {
    for shape in SHAPES {
        let (case, groups) = (case(shape), shape[2]);
        let pairs = [
            (
                case.run(flat(|x, weight, bias| group_norm(x, weight, bias, groups))).await,
                case.run(flat(|x, weight, bias| by_parts(x, weight, bias, groups))).await,
            ),
            (
                case.run(flat(|x, weight, bias| group_norm_relu(x, weight, bias, groups))).await,
                case.run(flat(|x, weight, bias| activation::relu(by_parts(x, weight, bias, groups)))).await,
            ),
        ];
        for (ours, theirs) in pairs {
            for (ours, theirs) in ours.iter().zip(&theirs) {
                let largest = theirs.iter().fold(1.0, |largest: f32, value| largest.max(value.abs()));
                let relative = |values: &[f32]| values.iter().map(|value| value / largest).collect::<Vec<_>>();
                assert_close(&relative(ours), &relative(theirs), Tolerance::Reordered);
            }
        }
    }
}

#[everywhere]
async fn alone_it_is_that_of_training() {
    for shape in SHAPES {
        let (case, groups) = (case(shape), shape[2]);
        let [trained, ..] = case.run(flat(|x, weight, bias| group_norm_relu(x, weight, bias, groups))).await;
        let weight = case.weight.reshape([shape[1]]);
        let alone = group_norm_relu(case.x, weight, case.bias, groups);
        assert_eq!(bits(&read(alone).await), bits(&trained), "{shape:?}");
    }
}

/// Equal values have no deviation: what comes out is the bias, and no gradient is undefined.
#[everywhere]
async fn a_map_of_one_value_becomes_its_bias() {
    let case = Case { x: tensor(&[0.25; 32], [1, 2, 4, 4]), ..case([1, 2, 1, 4, 4]) };
    let [y, of_x, of_weight, _] = case.run(flat(|x, weight, bias| group_norm(x, weight, bias, 1))).await;
    let bias = read(case.bias).await;
    assert!(y.iter().enumerate().all(|(i, value)| *value == bias[i / 16]));
    assert!(of_weight.iter().all(|value| *value == 0.0));
    assert!(of_x.iter().all(|value| value.is_finite()));
}

#[everywhere]
async fn relu_is_that_of_burn() {
    for shape in [[1, 1, 1, 1], [1, 1, 1, 3], [1, 1, 2, 2], [2, 3, 5, 7]] {
        let (x, gradient) = (eighths(shape, 1), eighths(shape, 2));
        let run = async |relu: &dyn Fn(Tensor<4>) -> Tensor<4>| {
            let x = x.clone().autodiff().require_grad();
            let y = relu(x.clone());
            let found = (y.clone() * gradient.clone().autodiff()).sum().backward();
            [read(y.without_autodiff()).await, read(x.grad(&found).unwrap()).await]
        };
        assert_eq!(run(&relu).await, run(&activation::relu).await, "{shape:?}");
        assert_eq!(
            read(relu(x.clone().swap_dims(2, 3))).await,
            read(activation::relu(x.clone().swap_dims(2, 3))).await
        );
    }
    let kept = read(relu(tensor(&[f32::NAN, -1.0, f32::INFINITY, f32::NEG_INFINITY, -0.0], [5]))).await;
    assert!(kept[0].is_nan());
    assert_eq!(kept[1..], [0.0, f32::INFINITY, 0.0, 0.0]);
}
