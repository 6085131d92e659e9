//! The kernels on the CPU backend, and their backward passes. What a backward pass reads stands in its state: a
//! convolution is never computed twice, so burn has nothing to recompute.

use super::{EPSILON, Kernels};
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::autodiff::{NodeId, grads::Gradients};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};
use burn::tensor::Shape;
use burn::tensor::TensorData;
use semantic_continuity_kernels::{
    Conv1x1, Conv3x3, Dense, Depthwise3x3, Gradients as Found, GroupNorm, Layer, MaxPool2, Moments, Wanted,
    log_softmax, log_softmax_gradient, relu, relu_gradient, signs,
};

/// The same values one after the other.
fn contiguous(tensor: FlexTensor) -> FlexTensor {
    if tensor.is_contiguous() { tensor } else { tensor.to_contiguous() }
}

/// The values of a tensor that is [`contiguous`].
fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("f32, one after the other")
}

fn shape<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    std::array::from_fn(|i| tensor.layout().shape()[i])
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

/// A tensor of the shape of another.
fn like(values: Vec<f32>, other: &FlexTensor) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, other.layout().shape().clone()))
}

/// Input, weight and bias of a layer, all [`contiguous`].
type Tensors = [FlexTensor; 3];

fn conv3x3([x, weight, bias]: &Tensors, stride: usize) -> Box<dyn Layer> {
    let [bias] = shape(bias);
    Box::new(Conv3x3::new(shape(x), shape(weight), bias, stride).expect("the caller asked"))
}

fn conv1x1([x, weight, bias]: &Tensors, stride: usize) -> Box<dyn Layer> {
    let [bias] = shape(bias);
    Box::new(Conv1x1::new(shape(x), shape(weight), bias, stride).expect("the caller asked"))
}

fn depthwise3x3([x, weight, bias]: &Tensors, stride: usize) -> Box<dyn Layer> {
    let [bias] = shape(bias);
    Box::new(Depthwise3x3::new(shape(x), shape(weight), bias, stride).expect("the caller asked"))
}

fn dense([x, weight, bias]: &Tensors) -> Box<dyn Layer> {
    let [bias] = shape(bias);
    Box::new(Dense::new(shape(x), shape(weight), bias).expect("the caller asked"))
}

/// The output of a layer.
fn forward(kernel: &dyn Layer, [x, weight, bias]: &Tensors, relu: bool) -> FlexTensor {
    let y = kernel.forward(values(x), values(weight), values(bias), relu);
    FlexTensor::from_data(TensorData::new(y, Shape::from(kernel.output())))
}

fn normalisation(x: &FlexTensor, groups: usize) -> GroupNorm {
    let channels = shape::<4>(x)[1];
    GroupNorm::new(shape(x), groups, channels, channels).expect("the caller asked")
}

fn pooling(x: &FlexTensor) -> MaxPool2 {
    MaxPool2::new(shape(x)).expect("the caller asked")
}

/// The normalised images, and what their gradients need; all three are [`contiguous`].
fn normalise(
    x: &FlexTensor,
    weight: &FlexTensor,
    bias: &FlexTensor,
    groups: usize,
    relu: bool,
) -> (FlexTensor, Vec<Moments>) {
    let (y, moments) = normalisation(x, groups).forward(values(x), values(weight), values(bias), EPSILON, relu);
    (tensor(y, shape::<4>(x)), moments)
}

impl Kernels for Flex {
    fn conv3x3(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, stride: usize, relu: bool) -> FlexTensor {
        let tensors = [x, weight, bias].map(contiguous);
        forward(&*conv3x3(&tensors, stride), &tensors, relu)
    }

    fn conv1x1(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, stride: usize) -> FlexTensor {
        let tensors = [x, weight, bias].map(contiguous);
        forward(&*conv1x1(&tensors, stride), &tensors, false)
    }

    fn depthwise3x3(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, stride: usize) -> FlexTensor {
        let tensors = [x, weight, bias].map(contiguous);
        forward(&*depthwise3x3(&tensors, stride), &tensors, false)
    }

    fn dense(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, relu: bool) -> FlexTensor {
        let tensors = [x, weight, bias].map(contiguous);
        forward(&*dense(&tensors), &tensors, relu)
    }

    fn group_norm(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, groups: usize, relu: bool) -> FlexTensor {
        let [x, weight, bias] = [x, weight, bias].map(contiguous);
        normalise(&x, &weight, &bias, groups, relu).0
    }

    fn rectified(x: FlexTensor) -> FlexTensor {
        let x = contiguous(x);
        like(relu(values(&x)), &x)
    }

    fn signs(x: FlexTensor) -> FlexTensor {
        let x = contiguous(x);
        like(signs(values(&x)), &x)
    }

    fn log_probabilities(z: FlexTensor) -> FlexTensor {
        let z = contiguous(z);
        let [_, columns] = shape(&z);
        like(log_softmax(values(&z), columns), &z)
    }

    fn max_pool2(x: FlexTensor) -> FlexTensor {
        let x = contiguous(x);
        let [n, c, h, w] = shape(&x);
        tensor(pooling(&x).forward(values(&x)), [n, c, h / 2, w / 2])
    }
}

/// Which gradients the parents of a layer, input, weight and bias, ask for.
fn wanted([input, weight, bias]: &[Option<NodeId>; 3]) -> Wanted {
    Wanted { input: input.is_some(), weight: weight.is_some(), bias: bias.is_some() }
}

/// Hands what was found to the parents that asked for it.
fn register(grads: &mut Gradients, parents: [Option<NodeId>; 3], found: Found, x: &FlexTensor, weight: &FlexTensor) {
    let channels = [weight.layout().shape()[0]];
    let found = [
        found.input.map(|values| like(values, x)),
        found.weight.map(|values| like(values, weight)),
        found.bias.map(|values| tensor(values, channels)),
    ];
    for (node, tensor) in parents.into_iter().zip(found) {
        if let (Some(node), Some(tensor)) = (node, tensor) {
            grads.register::<Flex>(node, tensor);
        }
    }
}

/// The gradients of a layer.
#[derive(Debug)]
struct Layered(Box<dyn Layer>);

impl Backward<Flex, 3> for Layered {
    /// Input, weight, and the output if a ReLU made it; all [`contiguous`].
    type State = (FlexTensor, FlexTensor, Option<FlexTensor>);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = contiguous(grads.consume::<Flex>(&ops.node));
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        let (x, weight, relu) = ops.state;
        let relu = relu.as_ref().map(values);
        let found = self.0.gradients(values(&x), values(&weight), relu, values(&gradient), wanted(&parents));
        register(grads, parents, found, &x, &weight);
    }
}

/// The output of the layer that `kernel` knows, and what its gradients will need.
fn layered<C: CheckpointStrategy>(
    kernel: &dyn Fn(&Tensors) -> Box<dyn Layer>,
    parents: [FloatTensor<Autodiff<Flex, C>>; 3],
    relu: bool,
) -> FloatTensor<Autodiff<Flex, C>> {
    let [(x, of_x), (weight, of_weight), (bias, of_bias)] = parents.map(FloatTensor::<Autodiff<Flex, C>>::into_parts);
    let tensors = [x, weight, bias].map(contiguous);
    let kernel = kernel(&tensors);
    let y = forward(&*kernel, &tensors, relu);
    let [x, weight, _] = tensors;
    match Layered(kernel).prepare::<C>([of_x, of_weight, of_bias]).compute_bound().stateful() {
        OpsKind::Tracked(operation) => {
            let output = relu.then(|| y.clone());
            operation.finish((x, weight, output), y)
        }
        OpsKind::UnTracked(operation) => operation.finish(y),
    }
}

/// The gradients of a group normalisation.
#[derive(Debug)]
struct Normalisation;

impl Backward<Flex, 3> for Normalisation {
    /// Input, weight, and the output if a ReLU made it, all [`contiguous`]; the moments of the groups, and how many
    /// groups.
    type State = (FlexTensor, FlexTensor, Option<FlexTensor>, Vec<Moments>, usize);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = contiguous(grads.consume::<Flex>(&ops.node));
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        let (x, weight, relu, moments, groups) = ops.state;
        let found = normalisation(&x, groups).gradients(
            values(&x),
            values(&weight),
            &moments,
            relu.as_ref().map(values),
            values(&gradient),
            wanted(&parents),
        );
        register(grads, parents, found, &x, &weight);
    }
}

/// The gradient of a ReLU.
#[derive(Debug)]
struct Rectified;

impl Backward<Flex, 1> for Rectified {
    /// The output, [`contiguous`].
    type State = FlexTensor;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = contiguous(grads.consume::<Flex>(&ops.node));
        let (y, [node]) = (ops.state, ops.parents);
        if let Some(node) = node {
            grads.register::<Flex>(node.id, like(relu_gradient(values(&y), values(&gradient)), &y));
        }
    }
}

/// The gradient of log-probabilities.
#[derive(Debug)]
struct LogProbabilities;

impl Backward<Flex, 1> for LogProbabilities {
    /// The output, [`contiguous`].
    type State = FlexTensor;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = contiguous(grads.consume::<Flex>(&ops.node));
        let (y, [node]) = (ops.state, ops.parents);
        if let Some(node) = node {
            let [_, columns] = shape(&y);
            let found = log_softmax_gradient(values(&y), values(&gradient), columns);
            grads.register::<Flex>(node.id, like(found, &y));
        }
    }
}

/// The gradient of what was pooled.
#[derive(Debug)]
struct Pooling;

impl Backward<Flex, 1> for Pooling {
    /// The input, [`contiguous`].
    type State = FlexTensor;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = contiguous(grads.consume::<Flex>(&ops.node));
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
        stride: usize,
        relu: bool,
    ) -> FloatTensor<Self> {
        layered::<C>(&|tensors| conv3x3(tensors, stride), [x, weight, bias], relu)
    }

    fn conv1x1(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        layered::<C>(&|tensors| conv1x1(tensors, stride), [x, weight, bias], false)
    }

    fn depthwise3x3(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        layered::<C>(&|tensors| depthwise3x3(tensors, stride), [x, weight, bias], false)
    }

    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        layered::<C>(&dense, [x, weight, bias], relu)
    }

    fn group_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        groups: usize,
        relu: bool,
    ) -> FloatTensor<Self> {
        let ((x, of_x), (weight, of_weight), (bias, of_bias)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let [x, weight, bias] = [x, weight, bias].map(contiguous);
        let (y, moments) = normalise(&x, &weight, &bias, groups, relu);
        match Normalisation.prepare::<C>([of_x, of_weight, of_bias]).compute_bound().stateful() {
            OpsKind::Tracked(operation) => {
                let output = relu.then(|| y.clone());
                operation.finish((x, weight, output, moments, groups), y)
            }
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }

    fn rectified(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let y = Flex::rectified(x);
        match Rectified.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(y.clone(), y),
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }

    fn log_probabilities(z: FloatTensor<Self>) -> FloatTensor<Self> {
        let (z, node) = z.into_parts();
        let y = Flex::log_probabilities(z);
        match LogProbabilities.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(y.clone(), y),
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }

    fn max_pool2(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let x = contiguous(x);
        let y = Flex::max_pool2(x.clone());
        match Pooling.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(x, y),
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }
}
