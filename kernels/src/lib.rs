//! Direct f32 kernels for what a small network computes most: 3×3 convolutions with padding 1, of all channels or one by
//! one, dense layers, group normalisation, ReLU, 2×2 max pooling with stride 2, and the gradients of all.
//!
//! Everything works on slices, images as `[n, c, h, w]`. One source in 128-bit vectors serves wasm's SIMD128, SSE2 and
//! NEON: products and sums are rounded one by one and in one order, without fused multiply-add, so that every browser
//! and every machine finds the same bits. The package has no dependencies and is one of its own because Cargo sets
//! levels of optimisation by package: the rest of a download is small first, these loops are fast first.
//!
//! What is not known here has no shape to be asked with: [`Conv3x3::new`] and its siblings return nothing, and the caller
//! uses kernels that are more general.

mod conv3x3;
mod dense;
mod depthwise3x3;
mod elementwise;
mod group_norm;
mod max_pool2;
mod simd;

pub use conv3x3::Conv3x3;
pub use dense::Dense;
pub use depthwise3x3::Depthwise3x3;
pub use elementwise::{relu, relu_gradient};
pub use group_norm::{GroupNorm, Moments};
pub use max_pool2::MaxPool2;

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
