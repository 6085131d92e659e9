//! Layers as burn computes them, for backends and shapes without a kernel of our own.

use burn::backend::{Backend, tensor::FloatTensor};
use burn::tensor::ops::ConvOptions;

/// How burn is asked for a convolution.
pub(super) fn convolution(padding: usize, stride: usize, groups: usize) -> ConvOptions<2> {
    ConvOptions::new([stride; 2], [padding; 2], [1; 2], groups)
}

/// [`super::Kernels::conv3x3`].
pub(super) fn conv3x3<B: Backend>(
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    stride: usize,
    relu: bool,
) -> FloatTensor<B> {
    let y = B::conv2d(x, weight, Some(bias), convolution(1, stride, 1));
    if relu { B::relu(y) } else { y }
}

/// [`super::Kernels::dense`].
pub(super) fn dense<B: Backend>(
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    relu: bool,
) -> FloatTensor<B> {
    let y = B::linear(x, B::float_swap_dims(weight, 0, 1), Some(bias));
    if relu { B::relu(y) } else { y }
}
