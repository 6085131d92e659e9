//! Direct f32 kernels for what a small network computes most: 3×3 convolutions with padding 1, of all channels or one by
//! one, 1×1 convolutions, dense layers, group normalisation, ReLU, log-softmax, signs, 2×2 max pooling with stride 2, and the gradients of all.
//!
//! Everything works on slices, images as `[n, c, h, w]`. One source in 128-bit vectors serves wasm's SIMD128, SSE2 and
//! NEON: products and sums are rounded one by one and in one order, without fused multiply-add, so that every browser
//! and every machine finds the same bits. The package is one of its own because Cargo sets
//! levels of optimisation by package: the rest of a download is small first, these loops are fast first.
//!
//! What is not known here has no shape to be asked with: [`Conv3x3::new`] and its siblings return nothing, and the caller
//! uses kernels that are more general.

mod conv1x1;
mod conv3x3;
mod dense;
mod depthwise3x3;
mod elementwise;
mod group_norm;
mod log_softmax;
mod max_pool2;
mod simd;
mod strips;

pub use conv1x1::Conv1x1;
pub use conv3x3::Conv3x3;
pub use dense::Dense;
pub use depthwise3x3::Depthwise3x3;
pub use elementwise::{relu, relu_gradient, signs};
pub use group_norm::{GroupNorm, Moments};
pub use log_softmax::{log_softmax, log_softmax_gradient};
pub use max_pool2::MaxPool2;

use std::fmt::Debug;

/// Which gradients of a layer are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// That of the input.
    pub input: bool,
    /// That of the weights.
    pub weight: bool,
    /// That of the bias.
    pub bias: bool,
}

/// The gradients that were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gradients {
    /// That of the input.
    pub input: Option<Vec<f32>>,
    /// That of the weights.
    pub weight: Option<Vec<f32>>,
    /// That of the bias.
    pub bias: Option<Vec<f32>>,
}

/// A layer with weights and a bias, of one shape: values go in and out one after the other, images as `[n, c, h, w]`.
pub trait Layer: Debug + Send {
    /// Number of values that go in.
    fn input_len(&self) -> usize;

    /// Number of weights.
    fn weight_len(&self) -> usize;

    /// The shape of y, images first and channels second.
    fn output(&self) -> Vec<usize>;

    /// y; with `relu` then 0 where that is negative. NaN stays NaN.
    ///
    /// # Panics
    /// When a slice has another length than the shape says.
    fn forward(&self, x: &[f32], weight: &[f32], bias: &[f32], relu: bool) -> Vec<f32>;

    /// The gradients where `gradient` is that of y; `relu` is y itself if y was a ReLU's output, and g is then `gradient`
    /// where y is not 0.
    ///
    /// # Panics
    /// When a slice has another length than the shape says.
    fn gradients(&self, x: &[f32], weight: &[f32], relu: Option<&[f32]>, gradient: &[f32], wanted: Wanted)
    -> Gradients;

    /// Number of values that come out.
    fn output_len(&self) -> usize {
        self.output().iter().product()
    }
}

/// Refuses slices of another length; without a bias where there is none to check.
fn check_forward(layer: &impl Layer, x: &[f32], weight: &[f32], bias: Option<&[f32]>) {
    assert_eq!(x.len(), layer.input_len(), "the input has another shape");
    assert_eq!(weight.len(), layer.weight_len(), "the weight has another shape");
    assert!(bias.is_none_or(|bias| bias.len() == layer.output()[1]), "the bias has another shape");
}

/// The same for what is known going back.
fn check_backward(layer: &impl Layer, x: &[f32], weight: &[f32], relu: Option<&[f32]>, gradient: &[f32]) {
    check_forward(layer, x, weight, None);
    assert_eq!(gradient.len(), layer.output_len(), "the gradient has another shape");
    assert!(relu.is_none_or(|y| y.len() == layer.output_len()), "the output has another shape");
}

/// A buffer for `len` values that are still to be written, and then [`written`].
fn unwritten(len: usize) -> Vec<f32> {
    Vec::with_capacity(len)
}

/// The buffer of [`unwritten`] as a vector of `len` values.
///
/// # Safety
/// The first `len` values were written, and there is room for them.
unsafe fn written(mut buffer: Vec<f32>, len: usize) -> Vec<f32> {
    debug_assert!(len <= buffer.capacity());
    // SAFETY: the caller wrote them.
    unsafe { buffer.set_len(len) };
    buffer
}
