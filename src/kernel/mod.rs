//! What networks compute most, as kernels of our own: 3×3 convolutions, of all channels or one by one, group
//! normalisation, both with a ReLU if one follows, ReLU, and 2×2 max pooling.
//!
//! The arithmetic is the package `semantic-continuity-kernels`; this room is its door to burn, an extension of burn's
//! backends. `Kernels` names the operations, and by default they are what burn computes; on the CPU they are the direct
//! kernels, each with a backward pass of its own (`cpu`). Other shapes and backends burn computes, and refuses where
//! there is no answer. Numbers are f32, as everywhere in a network.

#[cfg(feature = "cpu")]
mod cpu;

use burn::backend::{Backend, Dispatch, DispatchTensor, TensorMetadata, backend_extension, tensor::FloatTensor};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{DType, Shape, Tensor, activation, module};
use semantic_continuity_kernels::{Conv3x3, Depthwise3x3, GroupNorm, MaxPool2};

/// Added to a variance before its root is taken, as in PyTorch.
const EPSILON: f32 = 1e-5;

/// Operations of the extension, on primitives whose shapes the kernels know.
#[backend_extension(Flex: cfg(feature = "cpu"), Cube: cfg(feature = "webgpu"), Autodiff)]
trait Kernels: Backend {
    /// Convolution of `x`, `[n, ci, h, w]`, with `weight`, `[co, ci, 3, 3]`, and `bias`, `[co]`, to `[n, co, h, w]`;
    /// then its ReLU where asked.
    fn conv3x3(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let y = Self::conv2d(x, weight, Some(bias), ConvOptions::new([1; 2], [1; 2], [1; 2], 1));
        if relu { Self::relu(y) } else { y }
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
        Self::conv2d(x, weight, Some(bias), ConvOptions::new([stride; 2], [1; 2], [1; 2], channels))
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

    /// `max(0, x)`, value by value.
    fn rectified(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::relu(x)
    }

    /// Maxima of 2×2 windows of `x`, `[n, c, h, w]`, to `[n, c, ⌊h/2⌋, ⌊w/2⌋]`.
    fn max_pool2(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::max_pool2d(x, [2; 2], [2; 2], [0; 2], [1; 2], false)
    }
}

#[cfg(feature = "webgpu")]
mod gpu {
    //! As burn computes it.

    use super::Kernels;
    use burn::backend::{Autodiff, Cube, autodiff::checkpoint::strategy::CheckpointStrategy};

    impl Kernels for Cube {}
    impl<C: CheckpointStrategy> Kernels for Autodiff<Cube, C> {}
}

/// `y[n, co, i, j] = bias[co] + Σ_{ci, kh, kw} weight[co, ci, kh, kw] · x[n, ci, i + kh − 1, j + kw − 1]`, the
/// cross-correlation that networks call a convolution, with stride 1 and zero padding 1: `x` is `[n, ci, h, w]`,
/// `weight` `[co, ci, 3, 3]`, `bias` `[co]` and `y` `[n, co, h, w]`.
///
/// # Panics
/// Where the shapes do not fit each other.
pub fn conv3x3(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>) -> Tensor<4> {
    convolution(x, weight, bias, false)
}

/// `max(0, y)` of the y of [`conv3x3`]; NaN stays NaN. Its gradient is 0 where y is 0.
///
/// # Panics
/// Where the shapes do not fit each other.
pub fn conv3x3_relu(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>) -> Tensor<4> {
    convolution(x, weight, bias, true)
}

/// `y[n, c, i, j] = bias[c] + Σ_{kh, kw} weight[c, 0, kh, kw] · x[n, c, s·i + kh − 1, s·j + kw − 1]` with stride s and
/// zero padding 1: `x` is `[n, c, h, w]`, `weight` `[c, 1, 3, 3]`, `bias` `[c]` and `y` `[n, c, ⌈h/s⌉, ⌈w/s⌉]`.
///
/// # Panics
/// Where the shapes do not fit each other.
pub fn depthwise3x3(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, stride: usize) -> Tensor<4> {
    let channels = weight.dims()[0];
    if Depthwise3x3::new(x.dims(), weight.dims(), bias.dims()[0], stride).is_none() {
        return module::conv2d(x, weight, Some(bias), ConvOptions::new([stride; 2], [1; 2], [1; 2], channels));
    }
    Tensor::from_dispatch(Dispatch::depthwise3x3(primitive(x), primitive(weight), primitive(bias), stride))
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

fn convolution(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, relu: bool) -> Tensor<4> {
    let [_, _, kh, kw] = weight.dims();
    assert_eq!([kh, kw], [3, 3], "a kernel of 3×3");
    if Conv3x3::new(x.dims(), weight.dims(), bias.dims()[0]).is_none() {
        let y = module::conv2d(x, weight, Some(bias), ConvOptions::new([1; 2], [1; 2], [1; 2], 1));
        return if relu { activation::relu(y) } else { y };
    }
    Tensor::from_dispatch(Dispatch::conv3x3(primitive(x), primitive(weight), primitive(bias), relu))
}

/// `max(0, x)`, value by value; NaN stays NaN. Its gradient is 0 where that is 0.
pub fn relu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::rectified(primitive(x)))
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
