//! What networks compute most, as kernels of our own: 3×3 convolutions, of all channels or one by one, 1×1 convolutions,
//! group normalisation and dense layers, with a ReLU if one follows, ReLU, 2×2 max pooling, log-softmax, signs, and what a step
//! does with all parameters at once.
//!
//! On the CPU the arithmetic is the package `semantic-continuity-kernels`; this room is its door to burn, an extension
//! of burn's backends. `Kernels` names the operations, and by default they are what burn computes. Kernels of our own
//! have a backward pass of their own: direct ones on the CPU (`cpu`), in WGSL on the graphics processor (`gpu`), where
//! burn computes what has none. Shapes without an answer are refused; nothing else of burn is linked into the CPU engine
//! for a network. Numbers are f32, as everywhere in a network.

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "webgpu")]
mod gpu;
mod of_burn;

#[cfg(feature = "webgpu")]
pub use gpu::webgpu;

use burn::backend::{
    Backend, BackendTensor, Dispatch, DispatchAutodiffContext, DispatchTensor, DispatchTensorKind, ExtensionType,
    TensorMetadata, backend_extension, tensor::FloatTensor,
};
use burn::tensor::{DType, Shape, Slice, Tensor};
use semantic_continuity_kernels::{Conv1x1, Conv3x3, Dense, Depthwise3x3, GroupNorm, MaxPool2};

/// Added to a variance before its root is taken, as in PyTorch.
const EPSILON: f32 = 1e-5;

/// Operations of the extension, on primitives whose shapes the kernels know.
#[backend_extension(Flex: cfg(feature = "cpu"), Cube: cfg(feature = "webgpu"), Autodiff)]
trait Kernels: Backend {
    /// Convolution of `x`, `[n, ci, h, w]`, with `weight`, `[co, ci, 3, 3]`, and `bias`, `[co]`, to `[n, co, ⌈h/stride⌉,
    /// ⌈w/stride⌉]`; then its ReLU where asked.
    fn conv3x3(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
        relu: bool,
    ) -> FloatTensor<Self> {
        of_burn::conv3x3::<Self>(x, weight, bias, stride, relu)
    }

    /// Convolution of `x`, `[n, ci, h, w]`, with `weight`, `[co, ci, 1, 1]`, and `bias`, `[co]`, to `[n, co, ⌈h/stride⌉,
    /// ⌈w/stride⌉]`.
    fn conv1x1(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        Self::conv2d(x, weight, Some(bias), of_burn::convolution(0, stride, 1))
    }

    /// Convolution of each channel of `x`, `[n, c, h, w]`, with its own kernel of `weight`, `[c, 1, 3, 3]`, and `bias`,
    /// `[c]`, to `[n, c, ⌈h/stride⌉, ⌈w/stride⌉]`.
    fn depthwise3x3(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        let channels = weight.shape()[0];
        Self::conv2d(x, weight, Some(bias), of_burn::convolution(1, stride, channels))
    }

    /// Group normalisation of `x`, `[n, c, h, w]`, in `groups` groups with `weight` and `bias`, `[c]`; then its ReLU
    /// where asked.
    fn group_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        groups: usize,
        relu: bool,
    ) -> FloatTensor<Self> {
        let shape = x.shape();
        let [n, c] = [shape[0], shape[1]];
        let x = Self::float_reshape(x, Shape::from([n, groups, shape.num_elements() / (n * groups)]));
        let centered = Self::float_sub(x.clone(), Self::float_mean_dim(x, 2));
        let variance = Self::float_mean_dim(Self::float_mul(centered.clone(), centered.clone()), 2);
        let deviation = Self::float_sqrt(Self::float_add_scalar(variance, EPSILON.into()));
        let x = Self::float_reshape(Self::float_div(centered, deviation), shape);
        let [weight, bias] = [weight, bias].map(|values| Self::float_reshape(values, Shape::from([1, c, 1, 1])));
        let y = Self::float_add(Self::float_mul(x, weight), bias);
        if relu { Self::relu(y) } else { y }
    }

    /// Products of the rows of `x`, `[n, in]`, with those of `weight`, `[out, in]`, and `bias`, `[out]`, to `[n, out]`;
    /// then the ReLU where asked.
    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        of_burn::dense::<Self>(x, weight, bias, relu)
    }

    /// Log-softmax of the rows of `z`, `[n, d]`.
    fn log_probabilities(z: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::log_softmax(z, 1)
    }

    /// Parameters, mean and mean square of the gradient after `step`; all `[d]`, without autodiff.
    fn adam(
        theta: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let weighted = |a, of_a: f32, b, of_b: f32| {
            Self::float_add(Self::float_mul_scalar(a, of_a.into()), Self::float_mul_scalar(b, of_b.into()))
        };
        let square = Self::float_powi_scalar(gradient.clone(), 2.into());
        let first = weighted(first, step.beta1, gradient, 1.0 - step.beta1);
        let second = weighted(second, step.beta2, square, 1.0 - step.beta2);
        // m̂ / (√v̂ + ε) with the corrections moved into the two scalars.
        let root = Self::float_mul_scalar(Self::float_sqrt(second.clone()), step.scale.into());
        let update = Self::float_div(first.clone(), Self::float_add_scalar(root, step.epsilon.into()));
        (Self::float_sub(theta, Self::float_mul_scalar(update, step.rate.into())), first, second)
    }

    /// Parts of `whole`, `[d]`, one after the other; without autodiff.
    fn split(whole: FloatTensor<Self>, sizes: Vec<usize>) -> Vec<FloatTensor<Self>> {
        let part =
            |(start, size): (usize, usize)| Self::float_slice(whole.clone(), &[Slice::from(start..start + size)]);
        sizes.iter().scan(0, |end, &size| Some((std::mem::replace(end, *end + size), size))).map(part).collect()
    }

    /// `parts`, `[d]` each, as one; without autodiff.
    fn join(#[extension_type] parts: Parts<Self>) -> FloatTensor<Self> {
        Self::float_cat(parts.0, 0)
    }

    /// `max(0, x)`, value by value.
    fn rectified(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::relu(x)
    }

    /// The sign of `x`, value by value; without autodiff.
    fn signs(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_sign(x)
    }

    /// Maxima of 2×2 windows of `x`, `[n, c, h, w]`, to `[n, c, ⌊h/2⌋, ⌊w/2⌋]`.
    fn max_pool2(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::max_pool2d(x, [2; 2], [2; 2], [0; 2], [1; 2], false)
    }
}

/// Tensors in a row, as an operation takes them.
struct Parts<B: Backend>(Vec<FloatTensor<B>>);

impl<B: Backend> ExtensionType<B> for Parts<B> {
    type Target = Parts<Dispatch>;

    fn map_to_dispatch<F>(self, map_kind: F, autodiff: DispatchAutodiffContext) -> Self::Target
    where
        F: Fn(BackendTensor<B>) -> DispatchTensorKind,
    {
        let map = |part| DispatchTensor { kind: map_kind(BackendTensor::Float(part)), autodiff };
        Parts(self.0.into_iter().map(map).collect())
    }

    fn map_from_dispatch<F>(parts: Self::Target, unwrap_kind: F) -> Self
    where
        F: Fn(DispatchTensor) -> BackendTensor<B>,
    {
        Self(parts.0.into_iter().map(|part| unwrap_kind(part).float()).collect())
    }

    fn routing_tensor(parts: &Self::Target) -> Option<&DispatchTensor> {
        parts.0.first()
    }

    fn routing_float_tensor(parts: &Self::Target) -> Option<&DispatchTensor> {
        parts.0.first()
    }
}

/// One step of Adam, see [`adam`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamStep {
    /// What the mean of the gradient keeps of itself, β₁.
    pub beta1: f32,
    /// What the mean of its square keeps, β₂.
    pub beta2: f32,
    /// Added to the root of that mean, ε.
    pub epsilon: f32,
    /// Learning rate, divided by 1 − β₁ᵗ.
    pub rate: f32,
    /// What the root is multiplied by, 1/√(1 − β₂ᵗ).
    pub scale: f32,
}

/// `y[n, co, i, j] = bias[co] + Σ_{ci, kh, kw} weight[co, ci, kh, kw] · x[n, ci, s·i + kh − 1, s·j + kw − 1]`, the
/// cross-correlation that networks call a convolution, with stride s of 1 or 2 and zero padding 1: `x` is
/// `[n, ci, h, w]`, `weight` `[co, ci, 3, 3]`, `bias` `[co]` and `y` `[n, co, ⌈h/s⌉, ⌈w/s⌉]`.
///
/// # Panics
/// Where the shapes do not fit each other.
pub fn conv3x3(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, stride: usize) -> Tensor<4> {
    convolution(x, weight, bias, stride, false)
}

/// `max(0, y)` of the y of [`conv3x3`]; NaN stays NaN. Its gradient is 0 where y is 0.
///
/// # Panics
/// Where the shapes do not fit each other.
pub fn conv3x3_relu(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, stride: usize) -> Tensor<4> {
    convolution(x, weight, bias, stride, true)
}

/// `y[n, co, i, j] = bias[co] + Σ_ci weight[co, ci, 0, 0] · x[n, ci, s·i, s·j]` with stride s of 1 or 2: `x` is
/// `[n, ci, h, w]`, `weight` `[co, ci, 1, 1]`, `bias` `[co]` and `y` `[n, co, ⌈h/s⌉, ⌈w/s⌉]`.
///
/// # Panics
/// Where the shapes do not fit each other.
pub fn conv1x1(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, stride: usize) -> Tensor<4> {
    known("1×1 convolution", Conv1x1::new(x.dims(), weight.dims(), bias.dims()[0], stride), &x, &weight);
    Tensor::from_dispatch(Dispatch::conv1x1(primitive(x), primitive(weight), primitive(bias), stride))
}

/// `y[n, c, i, j] = bias[c] + Σ_{kh, kw} weight[c, 0, kh, kw] · x[n, c, s·i + kh − 1, s·j + kw − 1]` with stride s of 1
/// or 2 and zero padding 1: `x` is `[n, c, h, w]`, `weight` `[c, 1, 3, 3]`, `bias` `[c]` and `y`
/// `[n, c, ⌈h/s⌉, ⌈w/s⌉]`.
///
/// # Panics
/// Where the shapes do not fit each other.
pub fn depthwise3x3(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, stride: usize) -> Tensor<4> {
    known("depthwise convolution", Depthwise3x3::new(x.dims(), weight.dims(), bias.dims()[0], stride), &x, &weight);
    Tensor::from_dispatch(Dispatch::depthwise3x3(primitive(x), primitive(weight), primitive(bias), stride))
}

/// Refuses shapes that have no kernel.
fn known<K, const D: usize>(what: &str, kernel: Option<K>, x: &Tensor<D>, weight: &Tensor<D>) {
    assert!(kernel.is_some(), "no {what} of {:?} with weights {:?} and this bias and stride", x.dims(), weight.dims());
}

/// `y = weight[c] · (x − μ) / √(σ² + 10⁻⁵) + bias[c]`, with mean μ and variance σ² (divided by their number) over
/// the pixels and channels of one of `groups` groups of one image: `x` and `y` are `[n, c, h, w]`, `weight` and `bias`
/// `[c]`. Group normalisation, Wu and He 2018.
///
/// # Panics
/// Where the shapes do not fit each other or the groups do not divide the channels.
pub fn group_norm(x: Tensor<4>, weight: Tensor<1>, bias: Tensor<1>, groups: usize) -> Tensor<4> {
    normalised(x, weight, bias, groups, false)
}

/// `max(0, y)` of the y of [`group_norm`]; NaN stays NaN. Its gradient is 0 where y is 0.
///
/// # Panics
/// As [`group_norm`].
pub fn group_norm_relu(x: Tensor<4>, weight: Tensor<1>, bias: Tensor<1>, groups: usize) -> Tensor<4> {
    normalised(x, weight, bias, groups, true)
}

fn normalised(x: Tensor<4>, weight: Tensor<1>, bias: Tensor<1>, groups: usize, relu: bool) -> Tensor<4> {
    let (shape, [of_weight], [of_bias]) = (x.dims(), weight.dims(), bias.dims());
    assert!(
        GroupNorm::new(shape, groups, of_weight, of_bias).is_some(),
        "{groups} groups, {of_weight} weights and {of_bias} values of bias for images of {shape:?}"
    );
    Tensor::from_dispatch(Dispatch::group_norm(primitive(x), primitive(weight), primitive(bias), groups, relu))
}

fn convolution(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, stride: usize, relu: bool) -> Tensor<4> {
    known("3×3 convolution", Conv3x3::new(x.dims(), weight.dims(), bias.dims()[0], stride), &x, &weight);
    Tensor::from_dispatch(Dispatch::conv3x3(primitive(x), primitive(weight), primitive(bias), stride, relu))
}

/// `y[n, o] = bias[o] + Σ weight[o, i] · x[n, i]`: `x` is `[n, in]`, `weight` `[out, in]`, `bias` `[out]` and `y`
/// `[n, out]`.
///
/// # Panics
/// Where the shapes do not fit each other.
pub fn dense(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    layer(x, weight, bias, false)
}

/// `max(0, y)` of the y of [`dense`]; NaN stays NaN. Its gradient is 0 where y is 0.
///
/// # Panics
/// As [`dense`].
pub fn dense_relu(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    layer(x, weight, bias, true)
}

fn layer(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, relu: bool) -> Tensor<2> {
    known("dense layer", Dense::new(x.dims(), weight.dims(), bias.dims()[0]), &x, &weight);
    Tensor::from_dispatch(Dispatch::dense(primitive(x), primitive(weight), primitive(bias), relu))
}

/// `z − ln Σ exp z`, row by row of `[n, d]` with d > 0: log-probabilities from logits.
pub fn log_softmax(z: Tensor<2>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::log_probabilities(primitive(z)))
}

/// Adam, Kingma and Ba 2015, for θ, the gradient g, and its moments m and v, all `[d]` and without autodiff:
/// `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `θ ← θ − rate · m / (scale · √v + ε)`. What it returns are θ, m and v.
///
/// # Panics
/// Where the lengths differ.
pub fn adam(
    theta: Tensor<1>,
    gradient: Tensor<1>,
    [first, second]: [Tensor<1>; 2],
    step: AdamStep,
) -> (Tensor<1>, [Tensor<1>; 2]) {
    let [len] = theta.dims();
    assert_eq!([gradient.dims(), first.dims(), second.dims()], [[len]; 3], "as many as parameters");
    let (theta, first, second) =
        Dispatch::adam(primitive(theta), primitive(gradient), primitive(first), primitive(second), step);
    (Tensor::from_dispatch(theta), [first, second].map(Tensor::from_dispatch))
}

/// `whole`, `[d]`, without autodiff, in parts of these sizes, which add up to d.
///
/// # Panics
/// Where they do not.
pub fn split(whole: Tensor<1>, sizes: Vec<usize>) -> Vec<Tensor<1>> {
    assert_eq!(whole.dims(), [sizes.iter().sum::<usize>()], "the whole");
    Dispatch::split(primitive(whole), sizes).into_iter().map(Tensor::from_dispatch).collect()
}

/// The values of all `parts`, without autodiff, one after the other.
///
/// # Panics
/// Where there are none.
pub fn join(parts: Vec<Tensor<1>>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::join(Parts(parts.into_iter().map(primitive).collect())))
}

/// `max(0, x)`, value by value; NaN stays NaN. Its gradient is 0 where that is 0.
pub fn relu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::rectified(primitive(x)))
}

/// 1 where `x`, without autodiff, is above 0, −1 where it is below, and 0 where it is neither, as NaN is.
pub fn signs<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::signs(primitive(x)))
}

/// `y[n, c, i, j] = max x[n, c, 2i..2i + 2, 2j..2j + 2]`: `x` is `[n, c, h, w]` and `y` `[n, c, ⌊h/2⌋, ⌊w/2⌋]`. The
/// gradient belongs to the first of equal maxima; a window with NaN has the maximum NaN.
///
/// # Panics
/// Where there is no window.
pub fn max_pool2(x: Tensor<4>) -> Tensor<4> {
    assert!(MaxPool2::new(x.dims()).is_some(), "no window of 2×2 in images of {:?}", x.dims());
    Tensor::from_dispatch(Dispatch::max_pool2(primitive(x)))
}

/// What the backends compute with.
fn primitive<const D: usize>(tensor: Tensor<D>) -> DispatchTensor {
    assert_eq!(tensor.dtype(), DType::F32, "kernels compute in f32");
    tensor.into_dispatch()
}
