//! The kernels against burn's own, which compute the same another way.
//!
//! Most inputs are multiples of 1/8 below 4: every sum is then exact in whatever order, so both must find the same
//! number to the last bit, and also which values are 0, where a ReLU and a maximum decide.

use crate::common::{Tolerance, assert_close, bits, everywhere, pictures, read, tensor};
use burn::tensor::{Device, Tensor, activation::relu, module, ops::ConvOptions, ops::MaxPoolOptions};
use semantic_continuity::kernel::{
    conv1x1, conv3x3, conv3x3_relu, dense_relu, depthwise3x3, group_norm_relu, max_pool2, signs,
};
use semantic_continuity_kernels::{Conv1x1, Conv3x3, Dense, Depthwise3x3, Layer, MaxPool2, Wanted};

mod dense;
mod depthwise;
mod group_norm;
mod log_softmax;
mod shapes;

/// Images, input maps, output maps, height, width: odd and even ones, single rows and columns, channel counts around
/// the four that the kernels take at a time, and the layers of the networks.
const SHAPES: [[usize; 5]; 16] = [
    [1, 1, 1, 1, 1],
    [1, 1, 1, 1, 9],
    [3, 2, 3, 9, 1],
    [2, 1, 8, 5, 7],
    [1, 3, 5, 2, 3],
    [3, 5, 4, 4, 2],
    [1, 4, 2, 3, 4],
    [2, 7, 6, 6, 5],
    [1, 8, 1, 8, 8],
    [2, 9, 10, 7, 6],
    [1, 16, 12, 3, 33],
    [5, 3, 8, 11, 13],
    [2, 1, 8, 28, 28],
    [2, 8, 16, 14, 14],
    [2, 3, 8, 32, 32],
    [1, 32, 32, 8, 8],
];

/// Side of the kernel, and stride.
const KINDS: [[usize; 2]; 4] = [[3, 1], [3, 2], [1, 1], [1, 2]];

/// Every kind of convolution in every shape.
fn convolutions() -> impl Iterator<Item = ([usize; 5], [usize; 2])> {
    SHAPES.into_iter().flat_map(|shape| KINDS.map(|kind| (shape, kind)))
}

/// Multiples of 1/8 in −4..4.
fn eighths(shape: [usize; 4], seed: u32) -> Tensor<4> {
    pictures(shape, -32.0, 32.0, seed).floor().div_scalar(8.0)
}

/// Input, weight, bias, and the gradient of the output.
struct Case<const D: usize> {
    x: Tensor<D>,
    weight: Tensor<D>,
    bias: Tensor<1>,
    gradient: Tensor<D>,
}

impl Case<4> {
    fn new(
        [n, ci, co, h, w]: [usize; 5],
        [side, stride]: [usize; 2],
        draw: impl Fn([usize; 4], u32) -> Tensor<4>,
    ) -> Self {
        Self {
            x: draw([n, ci, h, w], 1),
            weight: draw([co, ci, side, side], 2),
            bias: draw([1, 1, 1, co], 3).reshape([co]),
            gradient: draw([n, co, h.div_ceil(stride), w.div_ceil(stride)], 4),
        }
    }
}

impl<const D: usize> Case<D> {
    /// The output of `layer`, and the gradients of input, weight and bias.
    async fn run(&self, layer: impl Fn(Tensor<D>, Tensor<D>, Tensor<1>) -> Tensor<D>) -> [Vec<f32>; 4] {
        let x = self.x.clone().autodiff().require_grad();
        let weight = self.weight.clone().autodiff().require_grad();
        let bias = self.bias.clone().autodiff().require_grad();
        let y = layer(x.clone(), weight.clone(), bias.clone());
        let found = (y.clone() * self.gradient.clone().autodiff()).sum().backward();
        [
            read(y.without_autodiff()).await,
            read(x.grad(&found).unwrap()).await,
            read(weight.grad(&found).unwrap()).await,
            read(bias.grad(&found).unwrap()).await,
        ]
    }
}

fn ours([side, stride]: [usize; 2]) -> impl Fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4> {
    move |x, weight, bias| if side == 1 { conv1x1(x, weight, bias, stride) } else { conv3x3(x, weight, bias, stride) }
}

fn of_burn([side, stride]: [usize; 2]) -> impl Fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4> {
    move |x, weight, bias| {
        module::conv2d(x, weight, Some(bias), ConvOptions::new([stride; 2], [side / 2; 2], [1; 2], 1))
    }
}

fn pool_of_burn(x: Tensor<4>) -> Tensor<4> {
    module::max_pool2d(x, MaxPoolOptions::new([2; 2]).with_stride([2; 2]))
}

#[everywhere]
async fn convolutions_are_those_of_burn() {
    for (shape, kind) in convolutions() {
        let case = Case::new(shape, kind, eighths);
        assert_eq!(case.run(ours(kind)).await, case.run(of_burn(kind)).await, "{shape:?} {kind:?}");
        if let [3, stride] = kind {
            let theirs = of_burn(kind);
            let with_relu = case.run(|x, weight, bias| relu(theirs(x, weight, bias))).await;
            let fused = case.run(|x, weight, bias| conv3x3_relu(x, weight, bias, stride)).await;
            assert_eq!(fused, with_relu, "{shape:?} {kind:?}");
        }
    }
}

#[everywhere]
async fn convolutions_of_any_numbers_are_close_to_those_of_burn() {
    for (shape, kind) in convolutions() {
        let case = Case::new(shape, kind, |shape, seed| pictures(shape, -1.0, 1.0, seed));
        for (ours, theirs) in case.run(ours(kind)).await.iter().zip(case.run(of_burn(kind)).await) {
            // A sum of many may be small beside what it is a sum of.
            let largest = theirs.iter().fold(1.0, |largest: f32, value| largest.max(value.abs()));
            let relative = |values: &[f32]| values.iter().map(|value| value / largest).collect::<Vec<_>>();
            assert_close(&relative(ours), &relative(&theirs), Tolerance::Reordered);
        }
    }
}

#[everywhere]
async fn a_convolution_alone_is_that_of_training() {
    for (shape, kind) in convolutions() {
        let case = Case::new(shape, kind, eighths);
        let [trained, ..] = case.run(ours(kind)).await;
        let alone = ours(kind)(case.x.clone(), case.weight.clone(), case.bias.clone());
        assert_eq!(bits(&read(alone).await), bits(&trained), "{shape:?} {kind:?}");
    }
}

/// The output is linear in each of the three, so a difference of the loss is exactly the gradient times the change.
#[everywhere]
async fn gradients_are_differences() {
    // The loss of the larger ones has more digits than an f32.
    for (shape, kind) in SHAPES[..12].iter().flat_map(|&shape| KINDS.map(|kind| (shape, kind))) {
        let case = Case::new(shape, kind, eighths);
        let [_, of_x, of_weight, of_bias] = case.run(ours(kind)).await;
        let loss = async |x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>| {
            read((ours(kind)(x, weight, bias) * case.gradient.clone()).sum()).await[0]
        };
        let (x, weight, bias) = (case.x.clone(), case.weight.clone(), case.bias.clone());
        let before = loss(x.clone(), weight.clone(), bias.clone()).await;
        // Every seventh value of each, one at a time.
        for i in (0..of_x.len()).step_by(7) {
            let change = one_at(x.dims(), i);
            let after = loss(x.clone() + change, weight.clone(), bias.clone()).await;
            assert_eq!(after - before, of_x[i], "input {i} of {shape:?} {kind:?}");
        }
        for i in (0..of_weight.len()).step_by(7) {
            let after = loss(x.clone(), weight.clone() + one_at(weight.dims(), i), bias.clone()).await;
            assert_eq!(after - before, of_weight[i], "weight {i} of {shape:?} {kind:?}");
        }
        for (i, &expected) in of_bias.iter().enumerate() {
            let after = loss(x.clone(), weight.clone(), bias.clone() + one_at(bias.dims(), i)).await;
            assert_eq!(after - before, expected, "bias {i} of {shape:?} {kind:?}");
        }
    }
}

/// 1 at one place of zeros.
fn one_at<const D: usize>(shape: [usize; D], at: usize) -> Tensor<D> {
    let mut values = vec![0.0; shape.iter().product()];
    values[at] = 1.0;
    tensor(&values, shape)
}

#[everywhere]
async fn only_what_is_tracked_gets_a_gradient() {
    let case = Case::new([2, 3, 5, 6, 7], [3, 1], eighths);
    let [_, of_x, of_weight, of_bias] = case.run(ours([3, 1])).await;
    let constant =
        |case: &Case<4>| (case.x.clone().autodiff(), case.weight.clone().autodiff(), case.bias.clone().autodiff());
    let loss = |y: Tensor<4>| (y * case.gradient.clone().autodiff()).sum().backward();
    let (x, weight, bias) = constant(&case);
    let x = x.require_grad();
    let found = loss(conv3x3(x.clone(), weight.clone(), bias.clone(), 1));
    assert_eq!(read(x.grad(&found).unwrap()).await, of_x);
    assert!(weight.grad(&found).is_none() && bias.grad(&found).is_none());
    let (x, weight, bias) = constant(&case);
    let (weight, bias) = (weight.require_grad(), bias.require_grad());
    let found = loss(conv3x3(x.clone(), weight.clone(), bias.clone(), 1));
    assert!(x.grad(&found).is_none());
    assert_eq!(read(weight.grad(&found).unwrap()).await, of_weight);
    assert_eq!(read(bias.grad(&found).unwrap()).await, of_bias);
    // Nothing is tracked: the output is a constant.
    let (x, weight, bias) = constant(&case);
    let y = conv3x3(x, weight, bias, 1);
    assert_eq!(read(y.without_autodiff()).await.len(), 2 * 5 * 6 * 7);
}

#[everywhere]
async fn pooling_is_that_of_burn() {
    for [n, c, _, h, w] in SHAPES.into_iter().filter(|&[.., h, w]| h > 1 && w > 1) {
        // Few values, so that most windows have several maxima.
        for x in [eighths([n, c, h, w], 5), pictures([n, c, h, w], -2.0, 2.0, 6).floor(), eighths([n, c, h, w], 7)] {
            let gradient = eighths([n, c, h / 2, w / 2], 8);
            let run = async |pool: &dyn Fn(Tensor<4>) -> Tensor<4>| {
                let x = x.clone().autodiff().require_grad();
                let y = pool(x.clone());
                let found = (y.clone() * gradient.clone().autodiff()).sum().backward();
                [read(y.without_autodiff()).await, read(x.grad(&found).unwrap()).await]
            };
            assert_eq!(run(&max_pool2).await, run(&pool_of_burn).await, "{:?}", x.dims());
            assert_eq!(read(max_pool2(x.clone())).await, run(&max_pool2).await[0]);
        }
    }
}

#[everywhere]
async fn signs_are_those_of_burn() {
    for len in [0, 1, 3, 4, 7, 33] {
        let x = eighths([1, 1, 1, len], 9).floor();
        assert_eq!(read(signs(x.clone())).await, read(x.sign()).await, "{len} values");
    }
    let x = tensor(&[-0.0, f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e-40, -1e-40], [7]);
    assert_eq!(read(signs(x)).await, [0.0, 0.0, 0.0, 1.0, -1.0, 1.0, -1.0]);
}

#[everywhere]
async fn what_is_not_a_number_stays_visible() {
    let mut values = vec![1.0; 2 * 6 * 5];
    values[31] = f32::NAN;
    let x = tensor(&values, [1, 2, 6, 5]);
    let hidden = |values: Vec<f32>| values.iter().filter(|value| value.is_nan()).count();
    let y = conv3x3_relu(x.clone(), eighths([3, 2, 3, 3], 1), tensor(&[0.0; 3], [3]), 1);
    // Value 31 is at row 0, column 1 of the second map: 2 × 3 places see it, in each of three maps.
    assert_eq!(hidden(read(y).await), 18);
    assert_eq!(hidden(read(max_pool2(x)).await), 1);
}

/// Views of a larger tensor, and transposed ones.
#[everywhere]
async fn however_the_values_lie_the_answer_is_the_same() {
    let large = eighths([4, 5, 6, 7], 1);
    let bias = tensor(&[0.5, -1.0, 0.25, 2.0], [4]);
    let views = [large.clone().narrow(0, 1, 2), large.clone().swap_dims(2, 3), large.clone().narrow(3, 2, 4)];
    for view in views {
        let copy = tensor(&read(view.clone()).await, view.dims());
        for kind @ [side, _] in KINDS {
            let weight = eighths([4, 5, side, side], 2);
            let expected = read(of_burn(kind)(copy.clone(), weight.clone(), bias.clone())).await;
            assert_eq!(read(ours(kind)(view.clone(), weight, bias.clone())).await, expected, "{kind:?}");
        }
        assert_eq!(read(max_pool2(view)).await, read(pool_of_burn(copy)).await);
    }
}

/// A batch without images is one.
#[everywhere]
async fn no_image_has_no_answer() {
    let none = || Tensor::<4>::zeros([0, 4, 6, 6], &Device::flex());
    let (own, four) = (eighths([4, 1, 3, 3], 2), tensor(&[1.0; 4], [4]));
    assert_eq!(depthwise3x3(none(), own, four.clone(), 2).dims(), [0, 4, 3, 3]);
    assert_eq!(group_norm_relu(none(), four.clone(), four, 2).dims(), [0, 4, 6, 6]);
    assert_eq!(max_pool2(none()).dims(), [0, 4, 3, 3]);
    for kind in KINDS {
        let one = Case::new([1, 4, 8, 6, 6], kind, eighths);
        let [_, out, h, w] = one.gradient.dims();
        let case = Case { x: none(), gradient: Tensor::zeros([0, out, h, w], &Device::flex()), ..one };
        let [y, of_x, of_weight, of_bias] = case.run(ours(kind)).await;
        assert!(y.is_empty() && of_x.is_empty(), "{kind:?}");
        assert!(of_weight.iter().chain(&of_bias).all(|value| *value == 0.0), "{kind:?}");
    }
}

#[everywhere]
async fn an_image_is_the_same_in_any_batch() {
    for kind in KINDS {
        let case = Case::new([5, 3, 8, 9, 10], kind, |shape, seed| pictures(shape, -1.0, 1.0, seed));
        let answer = |x| max_pool2(ours(kind)(x, case.weight.clone(), case.bias.clone()));
        let together = read(answer(case.x.clone())).await;
        for (i, expected) in together.chunks_exact(together.len() / 5).enumerate() {
            let alone = read(answer(case.x.clone().narrow(0, i, 1))).await;
            assert_eq!(bits(&alone), bits(expected), "image {i} {kind:?}");
        }
    }
}

/// FNV-1a of the bits.
fn digest(values: &[Vec<f32>]) -> u64 {
    values
        .iter()
        .flatten()
        .flat_map(|value| value.to_bits().to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Sums that are not exact, in one order: natively and in the browser the same bits.
#[everywhere]
async fn every_machine_finds_the_same_bits() {
    let mut found = Vec::new();
    for shape in SHAPES {
        let draw = |shape, seed| pictures(shape, -1.0, 1.0, seed);
        for kind in KINDS {
            found.extend(Case::new(shape, kind, draw).run(ours(kind)).await);
        }
        let [n, c, _, h, w] = shape;
        let case = Case { weight: pictures([c, 1, 3, 3], -1.0, 1.0, 2), ..Case::new([n, c, c, h, w], [3, 1], draw) };
        found.extend(case.run(|x, weight, bias| depthwise3x3(x, weight, bias, 1)).await);
        let weight = case.weight.clone().narrow(2, 0, 1).narrow(3, 0, 1).reshape([c]);
        found.push(read(group_norm_relu(case.x, weight, case.bias, 1)).await);
    }
    for shape in [[3, 12, 5], [9, 64, 10], [16, 784, 64]] {
        let case = dense::layer(shape, |shape, seed| pictures(shape, -1.0, 1.0, seed));
        found.extend(case.run(dense_relu).await);
    }
    assert_eq!(digest(&found), 0x89ad_14de_65dd_a9b8);
}

#[everywhere]
async fn gradients_that_nobody_wants_are_not_computed() {
    let kernels: [Box<dyn Layer>; 4] = [
        Box::new(Conv3x3::new([2, 3, 5, 4], [6, 3, 3, 3], 6, 1).unwrap()),
        Box::new(Conv3x3::new([2, 3, 5, 4], [6, 3, 3, 3], 6, 2).unwrap()),
        Box::new(Conv1x1::new([2, 3, 5, 4], [6, 3, 1, 1], 6, 2).unwrap()),
        Box::new(Depthwise3x3::new([2, 6, 5, 4], [6, 1, 3, 3], 6, 2).unwrap()),
    ];
    for kernel in kernels.iter().map(|kernel| &**kernel).chain([&Dense::new([3, 9], [6, 9], 6).unwrap() as &dyn Layer])
    {
        let values = async |len: usize, seed| read(eighths([1, 1, 1, len], seed)).await;
        let (x, weight) = (values(kernel.input_len(), 1).await, values(kernel.weight_len(), 2).await);
        let gradient = values(kernel.output_len(), 3).await;
        let y = kernel.forward(&x, &weight, &[0.5; 6], true);
        assert!(y.iter().all(|value| *value >= 0.0) && y.contains(&0.0), "{kernel:?}");
        let run = |[input, weights, bias]: [bool; 3]| {
            kernel.gradients(&x, &weight, Some(&y), &gradient, Wanted { input, weight: weights, bias })
        };
        let all = run([true; 3]);
        assert!(all.input.is_some() && all.weight.is_some() && all.bias.is_some());
        // A ReLU lets the gradient of what it hid stop there, as if it were 0 from the start.
        let shown: Vec<f32> = gradient.iter().zip(&y).map(|(g, y)| if *y == 0.0 { 0.0 } else { *g }).collect();
        assert_eq!(kernel.gradients(&x, &weight, None, &shown, Wanted { input: true, weight: true, bias: true }), all);
        for wanted in 0..8 {
            let asked @ [input, weights, bias] = [1, 2, 4].map(|bit| wanted & bit != 0);
            let some = run(asked);
            assert_eq!(some.input, all.input.clone().filter(|_| input));
            assert_eq!(some.weight, all.weight.clone().filter(|_| weights));
            assert_eq!(some.bias, all.bias.clone().filter(|_| bias));
        }
    }
    assert_eq!(MaxPool2::new([2, 3, 5, 4]).map(|pool| (pool.input_len(), pool.output_len())), Some((120, 24)));
}
