//! What the kernels on the graphics processor remember of a pass, and their backward passes.

use super::{F32, Kernels, conv3x3, conv3x3_input, conv3x3_weights, dense, layer, layer_input, layer_weights};
use super::{max_pool2, max_pool2_input, of_burn, relu, rows};
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::autodiff::{NodeId, grads::Gradients};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Cube, TensorMetadata};
use burn_cubecl::tensor::CubeTensor;

/// The gradient of what an operation made, [`dense`].
fn consume<S, const N: usize>(ops: &Ops<S, N>, grads: &mut Gradients) -> CubeTensor {
    dense(grads.consume::<Cube>(&ops.node))
}

/// The gradients of a layer: its input, weight, and the output if a ReLU made it, all [`dense`].
type Layer = (CubeTensor, CubeTensor, Option<CubeTensor>);

/// Hands the gradients of a layer to those of its input, weight and bias that ask for theirs.
fn register(
    ops: Ops<Layer, 3>,
    grads: &mut Gradients,
    of_input: impl FnOnce(&CubeTensor, &CubeTensor, Option<&CubeTensor>) -> CubeTensor,
    of_weights: impl FnOnce(&CubeTensor, &CubeTensor, Option<&CubeTensor>) -> [CubeTensor; 2],
) {
    let dy = consume(&ops, grads);
    let (x, weight, shown) = ops.state;
    let [input, weights, bias]: [Option<NodeId>; 3] = ops.parents.map(|node| node.map(|node| node.id));
    if let Some(node) = input {
        grads.register::<Cube>(node, of_input(&weight, &dy, shown.as_ref()));
    }
    if weights.is_some() || bias.is_some() {
        for (node, found) in [weights, bias].into_iter().zip(of_weights(&x, &dy, shown.as_ref())) {
            if let Some(node) = node {
                grads.register::<Cube>(node, found);
            }
        }
    }
}

/// The gradients of a convolution.
#[derive(Debug)]
struct Convolution;

impl Backward<Cube, 3> for Convolution {
    type State = Layer;

    fn backward(self, ops: Ops<Layer, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        register(ops, grads, conv3x3_input, conv3x3_weights);
    }
}

/// The gradients of a dense layer.
#[derive(Debug)]
struct Dense;

impl Backward<Cube, 3> for Dense {
    type State = Layer;

    fn backward(self, ops: Ops<Layer, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        register(ops, grads, layer_input, layer_weights);
    }
}

/// The gradient of a ReLU.
#[derive(Debug)]
struct Rectified;

impl Backward<Cube, 1> for Rectified {
    /// The output.
    type State = CubeTensor;

    fn backward(self, ops: Ops<CubeTensor, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = consume(&ops, grads);
        if let [Some(node)] = ops.parents {
            grads.register::<Cube>(node.id, relu(&dy, Some(&ops.state)));
        }
    }
}

/// The gradient of what was pooled.
#[derive(Debug)]
struct Pooling;

impl Backward<Cube, 1> for Pooling {
    /// The input, [`dense`].
    type State = CubeTensor;

    fn backward(self, ops: Ops<CubeTensor, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = consume(&ops, grads);
        if let [Some(node)] = ops.parents {
            grads.register::<Cube>(node.id, max_pool2_input(&ops.state, &dy));
        }
    }
}

/// The gradient of log-probabilities.
#[derive(Debug)]
struct LogProbabilities;

impl Backward<Cube, 1> for LogProbabilities {
    /// The output.
    type State = CubeTensor;

    fn backward(self, ops: Ops<CubeTensor, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = consume(&ops, grads);
        if let [Some(node)] = ops.parents {
            let text = include_str!("log_softmax_input.wgsl");
            let found = rows("log_softmax_input", text, vec![("dy", F32), ("y", F32)], &[&dy, &ops.state]);
            grads.register::<Cube>(node.id, found);
        }
    }
}

/// A layer of input, weight and bias, and what its gradients will need.
fn layered<C: CheckpointStrategy>(
    gradients: impl Backward<Cube, 3, State = Layer>,
    forward: impl FnOnce(&CubeTensor, &CubeTensor, &CubeTensor, bool) -> CubeTensor,
    parents: [FloatTensor<Autodiff<Cube, C>>; 3],
    relu: bool,
) -> FloatTensor<Autodiff<Cube, C>> {
    let [(x, of_x), (weight, of_weight), (bias, of_bias)] = parents.map(FloatTensor::<Autodiff<Cube, C>>::into_parts);
    let [x, weight, bias] = [x, weight, bias].map(dense);
    let y = forward(&x, &weight, &bias, relu);
    match gradients.prepare::<C>([of_x, of_weight, of_bias]).compute_bound().stateful() {
        OpsKind::Tracked(operation) => {
            let shown = relu.then(|| y.clone());
            operation.finish((x, weight, shown), y)
        }
        OpsKind::UnTracked(operation) => operation.finish(y),
    }
}

impl<C: CheckpointStrategy> Kernels for Autodiff<Cube, C> {
    fn conv3x3(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
        relu: bool,
    ) -> FloatTensor<Self> {
        if stride != 1 {
            return of_burn::conv3x3::<Self>(x, weight, bias, stride, relu);
        }
        layered::<C>(Convolution, conv3x3, [x, weight, bias], relu)
    }

    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        if !weight.shape()[1].is_multiple_of(4) {
            return of_burn::dense::<Self>(x, weight, bias, relu);
        }
        layered::<C>(Dense, layer, [x, weight, bias], relu)
    }

    fn rectified(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let y = Cube::rectified(x);
        match Rectified.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(y.clone(), y),
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }

    fn max_pool2(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let x = dense(x);
        let y = max_pool2(&x);
        match Pooling.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(x, y),
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }

    fn log_probabilities(z: FloatTensor<Self>) -> FloatTensor<Self> {
        let (z, node) = z.into_parts();
        let y = Cube::log_probabilities(z);
        match LogProbabilities.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(y.clone(), y),
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }
}
