//! Value by value: the ReLU, its gradient, and signs.

use crate::simd::F32x4;
use crate::{unwritten, written};

/// `y[i] = max(0, x[i])`; NaN stays NaN.
pub fn relu(x: &[f32]) -> Vec<f32> {
    let zero = F32x4::splat(0.0);
    map(x, x, |v, _| v.but(v.at_most(zero)))
}

/// `∂/∂x` of the sum that has the gradient `gradient` at y = [`relu`] of x: 0 where y is 0.
///
/// # Panics
/// When the slices differ in length.
pub fn relu_gradient(y: &[f32], gradient: &[f32]) -> Vec<f32> {
    assert_eq!(y.len(), gradient.len(), "the gradient has another shape");
    let zero = F32x4::splat(0.0);
    map(gradient, y, |g, y| g.but(y.at_most(zero)))
}

/// `y[i] = 1` where x is above 0, −1 where it is below, and 0 where it is neither, as NaN is.
pub fn signs(x: &[f32]) -> Vec<f32> {
    let [zero, up, down] = [0.0, 1.0, -1.0].map(F32x4::splat);
    map(x, x, |v, _| up.only(v.above(zero)).plus(down.only(zero.above(v))))
}

fn map(a: &[f32], b: &[f32], f: impl Fn(F32x4, F32x4) -> F32x4) -> Vec<f32> {
    let mut out = unwritten(a.len());
    // SAFETY: there is room for as many, and `b` is as long, which both callers saw to.
    unsafe {
        each_four(out.as_mut_ptr(), a.as_ptr(), b.as_ptr(), a.len(), f);
        written(out, a.len())
    }
}

/// `out[i] = f(a[i], b[i])` for i in `0..len`; the last four may be computed twice.
///
/// # Safety
/// `len` values can be read from `a` and `b` on, and written from `out` on, which overlaps neither.
#[inline(always)]
pub(crate) unsafe fn each_four(
    out: *mut f32,
    a: *const f32,
    b: *const f32,
    len: usize,
    f: impl Fn(F32x4, F32x4) -> F32x4,
) {
    // SAFETY: four values from `i` on are within all three; fewer than four go through buffers.
    unsafe {
        let four = |i: usize| f(F32x4::load(a.add(i)), F32x4::load(b.add(i))).store(out.add(i));
        if len >= 4 {
            let mut i = 0;
            while i + 4 <= len {
                four(i);
                i += 4;
            }
            if i < len {
                four(len - 4);
            }
            return;
        }
        let (mut x, mut y) = ([0.0; 4], [0.0; 4]);
        x.as_mut_ptr().copy_from_nonoverlapping(a, len);
        y.as_mut_ptr().copy_from_nonoverlapping(b, len);
        f(F32x4::load(x.as_ptr()), F32x4::load(y.as_ptr())).store(x.as_mut_ptr());
        out.copy_from_nonoverlapping(x.as_ptr(), len);
    }
}
