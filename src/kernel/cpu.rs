//! The kernels on the CPU backend, and their backward passes. What a backward pass reads stands in its state: a
//! convolution is never computed twice, so burn has nothing to recompute.

use super::Kernels;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};
use burn::tensor::TensorData;
use semantic_continuity_kernels::{Conv3x3, MaxPool2, Wanted};

/// The same values one after the other.
fn dense(tensor: FlexTensor) -> FlexTensor {
    if tensor.is_contiguous() { tensor } else { tensor.to_contiguous() }
}

/// The values of a tensor that is [`dense`].
fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("f32, one after the other")
}

fn shape<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    std::array::from_fn(|i| tensor.layout().shape()[i])
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

/// The kernel for a convolution; all three are [`dense`].
fn convolution(x: &FlexTensor, weight: &FlexTensor, bias: usize) -> Conv3x3 {
    Conv3x3::new(shape(x), shape(weight), bias).expect("the caller asked")
}

fn pooling(x: &FlexTensor) -> MaxPool2 {
    MaxPool2::new(shape(x)).expect("the caller asked")
}

impl Kernels for Flex {
    fn conv3x3(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, relu: bool) -> FlexTensor {
        let [x, weight, bias] = [x, weight, bias].map(dense);
        let ([n, _, h, w], [co]) = (shape(&x), shape(&bias));
        let y = convolution(&x, &weight, co).forward(values(&x), values(&weight), values(&bias), relu);
        tensor(y, [n, co, h, w])
    }

    fn max_pool2(x: FlexTensor) -> FlexTensor {
        let x = dense(x);
        let [n, c, h, w] = shape(&x);
        tensor(pooling(&x).forward(values(&x)), [n, c, h / 2, w / 2])
    }
}

/// The gradients of a convolution's input, weight and bias.
#[derive(Debug)]
struct Convolution;

impl Backward<Flex, 3> for Convolution {
    /// Input, weight, and the output if a ReLU made it; all [`dense`].
    type State = (FlexTensor, FlexTensor, Option<FlexTensor>);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = dense(grads.consume::<Flex>(&ops.node));
        let (x, weight, relu) = ops.state;
        let [input, of_weight, bias] = ops.parents;
        let wanted = Wanted { input: input.is_some(), weight: of_weight.is_some(), bias: bias.is_some() };
        let co = shape::<4>(&weight)[0];
        let found = convolution(&x, &weight, co).gradients(
            values(&x),
            values(&weight),
            relu.as_ref().map(values),
            values(&gradient),
            wanted,
        );
        if let (Some(node), Some(values)) = (input, found.input) {
            grads.register::<Flex>(node.id, tensor(values, shape::<4>(&x)));
        }
        if let (Some(node), Some(values)) = (of_weight, found.weight) {
            grads.register::<Flex>(node.id, tensor(values, shape::<4>(&weight)));
        }
        if let (Some(node), Some(values)) = (bias, found.bias) {
            grads.register::<Flex>(node.id, tensor(values, [co]));
        }
    }
}

/// The gradient of what was pooled.
#[derive(Debug)]
struct Pooling;

impl Backward<Flex, 1> for Pooling {
    /// The input, [`dense`].
    type State = FlexTensor;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = dense(grads.consume::<Flex>(&ops.node));
        let (x, [node]) = (ops.state, ops.parents);
        if let Some(node) = node {
            let found = pooling(&x).input_gradient(values(&x), values(&gradient));
            grads.register::<Flex>(node.id, tensor(found, shape::<4>(&x)));
        }
    }
}

impl<C: CheckpointStrategy> Kernels for Autodiff<Flex, C> {
    fn conv3x3(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let ((x, of_x), (weight, of_weight), (bias, of_bias)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let [x, weight] = [x, weight].map(dense);
        let y = Flex::conv3x3(x.clone(), weight.clone(), bias, relu);
        match Convolution.prepare::<C>([of_x, of_weight, of_bias]).compute_bound().stateful() {
            OpsKind::Tracked(operation) => {
                let output = relu.then(|| y.clone());
                operation.finish((x, weight, output), y)
            }
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }

    fn max_pool2(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let x = dense(x);
        let y = Flex::max_pool2(x.clone());
        match Pooling.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(x, y),
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }
}
