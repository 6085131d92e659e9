//! 2×2 max pooling with stride 2, and its gradient.

use crate::simd::{F32x4, Mask};
use crate::{unwritten, written};

/// The shape of a max pooling over windows of 2×2 that lie side by side. A last row or column without a partner is
/// left out, as in `⌊h/2⌋ × ⌊w/2⌋`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxPool2 {
    /// Maps: images times channels.
    planes: usize,
    height: usize,
    width: usize,
}

/// What four windows hold: a b over c d, and which of them the maximum moved to, one after the other.
struct Windows {
    max: F32x4,
    moved: [Mask; 3],
}

impl Windows {
    /// The maximum of each window is the first of equals, and the last NaN if there is one.
    #[inline(always)]
    fn of([a, b, c, d]: [F32x4; 4]) -> Self {
        let to_b = b.above(a).either(b.is_nan());
        let max = b.or(to_b, a);
        let to_c = c.above(max).either(c.is_nan());
        let max = c.or(to_c, max);
        let to_d = d.above(max).either(d.is_nan());
        Self { max: d.or(to_d, max), moved: [to_b, to_c, to_d] }
    }

    /// Writes the gradients of a, b, c, d to both rows, where `gradient` is that of the maxima.
    ///
    /// # Safety
    /// Eight values can be written at either.
    #[inline(always)]
    unsafe fn share(&self, gradient: F32x4, top: *mut f32, bottom: *mut f32) {
        let [to_b, to_c, to_d] = self.moved;
        let before_d = gradient.but(to_d);
        let before_c = before_d.but(to_c);
        let upper = before_c.but(to_b).merge(before_c.only(to_b));
        let lower = before_d.only(to_c).merge(gradient.only(to_d));
        // SAFETY: the caller's.
        unsafe {
            upper.0.store(top);
            upper.1.store(top.add(4));
            lower.0.store(bottom);
            lower.1.store(bottom.add(4));
        }
    }
}

/// Fewer than four windows, with zeros behind them.
///
/// # Safety
/// `2 · columns` values can be read at either; `columns` is below 4.
unsafe fn few(top: *const f32, bottom: *const f32, columns: usize) -> [[f32; 8]; 2] {
    let mut rows = [[0.0; 8]; 2];
    // SAFETY: the caller's; a row has room for 8.
    unsafe {
        rows[0].as_mut_ptr().copy_from_nonoverlapping(top, 2 * columns);
        rows[1].as_mut_ptr().copy_from_nonoverlapping(bottom, 2 * columns);
    }
    rows
}

/// The four values of each of four windows, whose rows begin at `top` and `bottom`.
///
/// # Safety
/// Eight values can be read at either.
#[inline(always)]
unsafe fn windows(top: *const f32, bottom: *const f32) -> [F32x4; 4] {
    // SAFETY: the caller's.
    let rows = unsafe { [F32x4::load(top), F32x4::load(top.add(4)), F32x4::load(bottom), F32x4::load(bottom.add(4))] };
    let (a, b) = rows[0].deal(rows[1]);
    let (c, d) = rows[2].deal(rows[3]);
    [a, b, c, d]
}

/// Calls `each` with the first of four neighbours until all of `0..len` were among them; the last four may have been
/// in part before. `len` is at least 4.
#[inline(always)]
fn by_fours(len: usize, mut each: impl FnMut(usize)) {
    let mut first = 0;
    while first + 4 <= len {
        each(first);
        first += 4;
    }
    if first < len {
        each(len - 4);
    }
}

impl MaxPool2 {
    /// For images `[n, c, h, w]`; nothing when there is no window, or more values than can be addressed.
    pub fn new([n, c, h, w]: [usize; 4]) -> Option<Self> {
        let planes = n.checked_mul(c)?;
        let bytes = planes.max(1).checked_mul(h)?.checked_mul(w)?.checked_mul(size_of::<f32>())?;
        let sound = c > 0 && h >= 2 && w >= 2 && isize::try_from(bytes).is_ok();
        sound.then_some(Self { planes, height: h, width: w })
    }

    /// Number of values that go in.
    pub fn input_len(&self) -> usize {
        self.planes * self.height * self.width
    }

    /// Number of values that come out.
    pub fn output_len(&self) -> usize {
        self.planes * (self.height / 2) * (self.width / 2)
    }

    /// Where the upper row of each row of windows begins.
    fn tops(&self) -> impl Iterator<Item = usize> {
        let Self { planes, height, width } = *self;
        (0..planes).flat_map(move |plane| (0..height / 2).map(move |row| (plane * height + 2 * row) * width))
    }

    /// `y[p, i, j] = max(x[p, 2i, 2j], x[p, 2i, 2j+1], x[p, 2i+1, 2j], x[p, 2i+1, 2j+1])`; NaN where one is.
    ///
    /// # Panics
    /// When `x` has another length than [`MaxPool2::input_len`].
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        assert_eq!(x.len(), self.input_len(), "the images have another shape");
        let columns = self.width / 2;
        let mut y = unwritten(self.output_len());
        let out = y.as_mut_ptr();
        for (i, start) in self.tops().enumerate() {
            // SAFETY: two rows of `x` begin at `start`, each of at least `2 · columns` values. Row i of `y` has
            // `columns` values, and there are as many rows as tops. `by_fours` keeps within `columns`.
            unsafe {
                let top = x.as_ptr().add(start);
                let bottom = top.add(self.width);
                let out = out.add(i * columns);
                if columns >= 4 {
                    by_fours(columns, |j| {
                        Windows::of(windows(top.add(2 * j), bottom.add(2 * j))).max.store(out.add(j));
                    });
                } else {
                    let rows = few(top, bottom, columns);
                    let mut max = [0.0; 4];
                    Windows::of(windows(rows[0].as_ptr(), rows[1].as_ptr())).max.store(max.as_mut_ptr());
                    out.copy_from_nonoverlapping(max.as_ptr(), columns);
                }
            }
        }
        // SAFETY: every row was written above.
        unsafe { written(y, self.output_len()) }
    }

    /// `∂/∂x` where `gradient` is `∂/∂y`: that of a maximum belongs to the first value of its window that equals it, or
    /// to the last NaN. What was largest is looked for again in `x`, which is faster than to keep where it was.
    ///
    /// # Panics
    /// When `x` or `gradient` has another length than [`MaxPool2::input_len`], [`MaxPool2::output_len`].
    pub fn input_gradient(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        assert_eq!(x.len(), self.input_len(), "the images have another shape");
        assert_eq!(gradient.len(), self.output_len(), "the gradient has another shape");
        let columns = self.width / 2;
        let mut dx = unwritten(self.input_len());
        let out = dx.as_mut_ptr();
        if !(self.height.is_multiple_of(2) && self.width.is_multiple_of(2)) {
            // SAFETY: there is room for as many. No window has the last row or column.
            unsafe { out.write_bytes(0, self.input_len()) };
        }
        for (i, start) in self.tops().enumerate() {
            // SAFETY: as in `forward`; `dx` has the shape of `x`, and `gradient` that of `y`.
            unsafe {
                let top = x.as_ptr().add(start);
                let bottom = top.add(self.width);
                let [out_top, out_bottom] = [out.add(start), out.add(start + self.width)];
                let gradient = gradient.as_ptr().add(i * columns);
                if columns >= 4 {
                    by_fours(columns, |j| {
                        let found = Windows::of(windows(top.add(2 * j), bottom.add(2 * j)));
                        found.share(F32x4::load(gradient.add(j)), out_top.add(2 * j), out_bottom.add(2 * j));
                    });
                } else {
                    let rows = few(top, bottom, columns);
                    let mut of_max = [0.0; 4];
                    of_max.as_mut_ptr().copy_from_nonoverlapping(gradient, columns);
                    let mut shares = [[0.0; 8]; 2];
                    let [upper, lower] = &mut shares;
                    Windows::of(windows(rows[0].as_ptr(), rows[1].as_ptr())).share(
                        F32x4::load(of_max.as_ptr()),
                        upper.as_mut_ptr(),
                        lower.as_mut_ptr(),
                    );
                    out_top.copy_from_nonoverlapping(upper.as_ptr(), 2 * columns);
                    out_bottom.copy_from_nonoverlapping(lower.as_ptr(), 2 * columns);
                }
            }
        }
        // SAFETY: every pair of rows was written above, and where a row or column has no pair all of it before.
        unsafe { written(dx, self.input_len()) }
    }
}
