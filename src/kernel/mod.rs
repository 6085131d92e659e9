//! What networks compute most, as kernels of our own: 3×3 convolutions, with a ReLU if one follows, and 2×2 max
//! pooling.
//!
//! The arithmetic is the package `semantic-continuity-kernels`; this room is its door to burn, an extension of burn's
//! backends. `Kernels` names the operations, and by default they are what burn computes; on the CPU, in f32, they are
//! the direct kernels, each with a backward pass of its own (`cpu`). Whatever those do not know, other shapes, types of
//! numbers or backends, burn computes, and refuses where there is no answer.

#[cfg(feature = "cpu")]
mod cpu;

use burn::backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{DType, Tensor, activation, module};
use semantic_continuity_kernels::{Conv3x3, MaxPool2};

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

fn convolution(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, relu: bool) -> Tensor<4> {
    let [_, _, kh, kw] = weight.dims();
    assert_eq!([kh, kw], [3, 3], "a kernel of 3×3");
    let f32s = [x.dtype(), weight.dtype(), bias.dtype()] == [DType::F32; 3];
    if f32s && Conv3x3::new(x.dims(), weight.dims(), bias.dims()[0]).is_some() {
        let y = Dispatch::conv3x3(x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch(), relu);
        return Tensor::from_dispatch(y);
    }
    let y = module::conv2d(x, weight, Some(bias), ConvOptions::new([1; 2], [1; 2], [1; 2], 1));
    if relu { activation::relu(y) } else { y }
}

/// `y[n, c, i, j] = max x[n, c, 2i..2i + 2, 2j..2j + 2]`: `x` is `[n, c, h, w]` and `y` `[n, c, ⌊h/2⌋, ⌊w/2⌋]`. The
/// gradient belongs to the first of equal maxima; a window with NaN has the maximum NaN.
///
/// # Panics
/// Where there is no window.
pub fn max_pool2(x: Tensor<4>) -> Tensor<4> {
    let [_, _, h, w] = x.dims();
    assert!(h >= 2 && w >= 2, "no window of 2×2 in {h}×{w}");
    if x.dtype() == DType::F32 && MaxPool2::new(x.dims()).is_some() {
        return Tensor::from_dispatch(Dispatch::max_pool2(x.into_dispatch()));
    }
    module::max_pool2d(x, MaxPoolOptions::new([2; 2]).with_stride([2; 2]))
}
