//! Dense layers, with a ReLU if one follows, and the gradients of input, weights and bias.
//!
//! Both directions keep a tile of sums in registers. Going forward, rows of inputs and of weights lie in the order in
//! which they are multiplied, four values at a time; going back, a row of the result is a sum of rows. Where a tile
//! does not fit at an edge it is moved back, and finds a few values twice.

use crate::simd::F32x4;
use crate::{Gradients, Layer, Wanted, check_backward, check_forward, relu_gradient, unwritten, written};

/// The shape of a dense layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dense {
    rows: usize,
    inputs: usize,
    outputs: usize,
}

/// Rows of the left factor in a tile.
const LEFT: usize = 2;
/// Rows of weights in a tile of [`dots`].
const RIGHT: usize = 4;
/// Rows in a tile of [`product`].
const ROWS: usize = 4;
/// Vectors in a row of such a tile.
const VECTORS: usize = 2;
/// Values in a row of such a tile.
const WIDTH: usize = 4 * VECTORS;

/// Where the tiles of `tile` begin that cover `0..len`: the last one is moved back, if there is room.
fn tiles(len: usize, tile: usize) -> impl Iterator<Item = usize> {
    (0..len).step_by(tile).map(move |at| at.min(len.saturating_sub(tile)))
}

/// `Σ_k left[l][k] · right[r][k]` of all pairs: in four sums that begin at every fourth value, then in one order, then
/// what is left of `len`.
///
/// # Safety
/// `len` values can be read from each of the pointers on.
#[inline(always)]
unsafe fn dots(left: [*const f32; LEFT], right: [*const f32; RIGHT], len: usize) -> [[f32; RIGHT]; LEFT] {
    let mut sums = [[F32x4::splat(0.0); RIGHT]; LEFT];
    let whole = len / 4 * 4;
    // SAFETY: the caller's.
    unsafe {
        for k in (0..whole).step_by(4) {
            let left = left.map(|row| F32x4::load(row.add(k)));
            for (r, row) in right.iter().enumerate() {
                let right = F32x4::load(row.add(k));
                for (sums, left) in sums.iter_mut().zip(left) {
                    sums[r] = sums[r].plus(left.times(right));
                }
            }
        }
        let mut found = sums.map(|row| row.map(F32x4::sum));
        for k in whole..len {
            for (found, left) in found.iter_mut().zip(left) {
                for (sum, right) in found.iter_mut().zip(right) {
                    *sum += *left.add(k) * *right.add(k);
                }
            }
        }
        found
    }
}

/// A matrix in a slice: value (r, c) is at `r · row + c · column`.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) row: usize,
    pub(crate) column: usize,
}

/// `out[r, c] = Σ_k left[r, k] · right[k, c]`, summed in the order of k; `[rows, depth]` by `[depth, columns]`.
///
/// # Panics
/// When `right` has another length, or `left` ends before its last value.
pub(crate) fn product(left: Left<'_>, right: &[f32], [rows, depth, columns]: [usize; 3]) -> Vec<f32> {
    assert_eq!(right.len(), depth * columns, "the right factor has another shape");
    let last = rows.saturating_sub(1) * left.row + depth.saturating_sub(1) * left.column;
    assert!(rows * depth == 0 || last < left.values.len(), "the left factor has another shape");
    let mut out = unwritten(rows * columns);
    let (to, a, b) = (out.as_mut_ptr(), left.values.as_ptr(), right.as_ptr());
    for c in tiles(columns, WIDTH) {
        for r in tiles(rows, ROWS) {
            // A tile of fewer rows repeats the last one.
            let row = |i: usize| (r + i).min(rows - 1);
            let a: [_; ROWS] = std::array::from_fn(|i| a.wrapping_add(row(i) * left.row));
            // SAFETY: of `left` the last value is there, of `right` all are, and `out` has room for `columns` values a
            // row, of which a tile begins at `c` and ends before the last, or is narrower and goes value by value.
            unsafe {
                if columns >= WIDTH {
                    let mut sums = [[F32x4::splat(0.0); VECTORS]; ROWS];
                    for k in 0..depth {
                        let from = b.add(k * columns + c);
                        let right: [_; VECTORS] = std::array::from_fn(|v| F32x4::load(from.add(4 * v)));
                        for (sums, a) in sums.iter_mut().zip(a) {
                            let factor = F32x4::splat(*a.add(k * left.column));
                            for (sum, right) in sums.iter_mut().zip(right) {
                                *sum = sum.plus(factor.times(right));
                            }
                        }
                    }
                    for (i, sums) in sums.into_iter().enumerate() {
                        for (v, sum) in sums.into_iter().enumerate() {
                            sum.store(to.add(row(i) * columns + c + 4 * v));
                        }
                    }
                } else {
                    for (i, a) in a.into_iter().enumerate() {
                        for c in 0..columns {
                            let terms = (0..depth).map(|k| *a.add(k * left.column) * *b.add(k * columns + c));
                            to.add(row(i) * columns + c).write(terms.fold(0.0, |sum, term| sum + term));
                        }
                    }
                }
            }
        }
    }
    // SAFETY: the tiles cover all rows and columns.
    unsafe { written(out, rows * columns) }
}

impl Dense {
    /// For inputs `[n, in]`, a weight `[out, in]` and `bias` values of bias. Nothing when these do not fit, when a row
    /// has nothing to compute, or when there are more values than can be addressed.
    pub fn new([rows, inputs]: [usize; 2], weight: [usize; 2], bias: usize) -> Option<Self> {
        let [outputs, of] = weight;
        let most = inputs.max(outputs);
        let sizes = [most.checked_mul(rows.max(1))?, inputs.checked_mul(outputs)?];
        let addressed = |len: usize| len.checked_mul(size_of::<f32>()).is_some_and(|len| isize::try_from(len).is_ok());
        let sound = of == inputs && bias == outputs && inputs > 0 && outputs > 0;
        (sound && sizes.into_iter().all(addressed)).then_some(Self { rows, inputs, outputs })
    }
}

impl Layer for Dense {
    fn input_len(&self) -> usize {
        self.rows * self.inputs
    }

    fn weight_len(&self) -> usize {
        self.outputs * self.inputs
    }

    fn output(&self) -> Vec<usize> {
        vec![self.rows, self.outputs]
    }

    /// `y[n, o] = bias[o] + Σ_i weight[o, i] · x[n, i]`.
    fn forward(&self, x: &[f32], weight: &[f32], bias: &[f32], relu: bool) -> Vec<f32> {
        let Self { rows, inputs, outputs } = *self;
        check_forward(self, x, weight, Some(bias));
        let mut y = vec![0.0; rows * outputs];
        for n in tiles(rows, LEFT) {
            let row = |i: usize| (n + i).min(rows - 1);
            let left: [_; LEFT] = std::array::from_fn(|i| x[row(i) * inputs..][..inputs].as_ptr());
            for o in tiles(outputs, RIGHT) {
                let output = |i: usize| (o + i).min(outputs - 1);
                let right: [_; RIGHT] = std::array::from_fn(|i| weight[output(i) * inputs..][..inputs].as_ptr());
                // SAFETY: all are rows of `inputs` values.
                let found = unsafe { dots(left, right, inputs) };
                for (i, sums) in found.into_iter().enumerate() {
                    for (j, sum) in sums.into_iter().enumerate() {
                        let value = sum + bias[output(j)];
                        // Not `max`, which forgets NaN.
                        y[row(i) * outputs + output(j)] = if relu && value <= 0.0 { 0.0 } else { value };
                    }
                }
            }
        }
        y
    }

    /// Of the input `Σ_o g[n, o] · weight[o, i]`, of the weight `Σ_n g[n, o] · x[n, i]`, of the bias `Σ_n g[n, o]`.
    fn gradients(
        &self,
        x: &[f32],
        weight: &[f32],
        relu: Option<&[f32]>,
        gradient: &[f32],
        wanted: Wanted,
    ) -> Gradients {
        let Self { rows, inputs, outputs } = *self;
        check_backward(self, x, weight, relu, gradient);
        let masked = relu.map(|y| relu_gradient(y, gradient));
        let g = masked.as_deref().unwrap_or(gradient);
        let by_row = Left { values: g, row: outputs, column: 1 };
        let by_output = Left { values: g, row: 1, column: outputs };
        let ones = Left { values: &[1.0], row: 0, column: 0 };
        Gradients {
            input: wanted.input.then(|| product(by_row, weight, [rows, outputs, inputs])),
            weight: wanted.weight.then(|| product(by_output, x, [outputs, rows, inputs])),
            bias: wanted.bias.then(|| product(ones, g, [1, rows, outputs])),
        }
    }
}
