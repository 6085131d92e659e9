//! Maps as the loops of 3×3 kernels read them, and those loops.
//!
//! A **strip** is a map in rows of `w` values with one zero behind each, a row of zeros above and below. The zero is the
//! right border of its row and the left border of the next, so a tap of the kernel is the whole strip read from another
//! place: `out[p] = Σ tap · in[p + kh·s + kw]` with `s = w + 1` for every p, whole vectors at a time for any width.
//! What that computes for the column between rows is not used.
//!
//! With a step of 2 a map becomes four strips, of its even and odd rows and columns: a tap then reads one of them, and
//! again every p is a value that is wanted. Going back, each of the four gets what the taps that read it bring.

use crate::elementwise::each_four;
use crate::simd::F32x4;

/// Taps of a kernel.
pub(crate) const TAPS: usize = 9;
/// Values that the inner loops may read or write behind a strip: of the largest tile, 8 vectors.
pub(crate) const SLACK: usize = 32;

/// The maps of one image as strips.
pub(crate) struct Strips {
    /// From one value of a row or column to the next: 1 or 2.
    step: usize,
    height: usize,
    width: usize,
    /// Length of a row with its zero.
    pub(crate) stride: usize,
    pub(crate) rows: usize,
    /// Length of a strip.
    plane: usize,
    pub(crate) values: Vec<f32>,
}

/// Where tap k of three reads along one side, in places of `unit` and strips of `strip` values.
const fn along(step: usize, k: usize, unit: usize, strip: usize) -> usize {
    let at = k + step - 1;
    at % step * strip + at / step * unit
}

impl Strips {
    /// Empty maps of `height × width`.
    pub(crate) fn new(maps: usize, [height, width]: [usize; 2], step: usize) -> Self {
        let (rows, stride) = (height.div_ceil(step), width.div_ceil(step) + 1);
        let plane = (rows + 2) * stride;
        // The last strip is read a tap and a tile too far.
        let values = vec![0.0; maps * step * step * plane + SLACK + 4];
        Self { step, height, width, stride, rows, plane, values }
    }

    /// The length of what is computed: rows with their zeros.
    pub(crate) fn len(&self) -> usize {
        self.rows * self.stride
    }

    /// Values from one map to the next.
    pub(crate) fn map(&self) -> usize {
        self.step * self.step * self.plane
    }

    /// Where the first value of the first map is.
    pub(crate) fn first(&self) -> usize {
        self.stride + 1
    }

    /// Where each tap of a kernel reads, row by row.
    pub(crate) fn taps(&self) -> [usize; TAPS] {
        let Self { step, stride, plane, .. } = *self;
        std::array::from_fn(|tap| along(step, tap / 3, stride, step * plane) + along(step, tap % 3, 1, plane))
    }

    /// Puts maps of an image, `[c, h, w]`, in place of the last ones; the zeros stay.
    pub(crate) fn fill(&mut self, maps: &[f32]) {
        let Self { step, width, stride, plane, .. } = *self;
        let of_map = self.map();
        for (strips, map) in self.values.chunks_exact_mut(of_map).zip(maps.chunks_exact(self.height * width)) {
            for (r, values) in map.chunks_exact(width).enumerate() {
                let at = r % step * step * plane + (r / step + 1) * stride + 1;
                if step == 1 {
                    let to = strips[at..at + width].as_mut_ptr();
                    // SAFETY: both are rows of `width` values. By vectors: a call to copy so few takes longer.
                    unsafe { each_four(to, values.as_ptr(), values.as_ptr(), width, |v, _| v) };
                } else {
                    for column in 0..step {
                        let to = strips[at + column * plane..].iter_mut();
                        to.zip(values.iter().skip(column).step_by(step)).for_each(|(to, &value)| *to = value);
                    }
                }
            }
        }
    }

    /// The same, but where `shown` is 0 or less a value counts as zero: the gradient of a ReLU whose output that was.
    /// Only with a step of 1.
    pub(crate) fn fill_shown(&mut self, maps: &[f32], shown: &[f32]) {
        debug_assert_eq!(self.step, 1);
        let Self { width, stride, plane, .. } = *self;
        let area = self.height * width;
        let planes = maps.chunks_exact(area).zip(shown.chunks_exact(area));
        for (strip, (map, shown)) in self.values.chunks_exact_mut(plane).zip(planes) {
            let rows = map.chunks_exact(width).zip(shown.chunks_exact(width));
            for (row, (values, shown)) in strip[stride..].chunks_exact_mut(stride).zip(rows) {
                let (to, from) = (row[1..].as_mut_ptr(), [values.as_ptr(), shown.as_ptr()]);
                // SAFETY: all three are rows of `width` values.
                unsafe { each_four(to, from[0], from[1], width, |g, y| g.but(y.at_most(F32x4::splat(0.0)))) };
            }
        }
    }
}

/// One of the `step²` parts of maps that a kernel with that step reads: every so many rows and columns of them.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    step: usize,
    row: usize,
    column: usize,
}

impl Part {
    /// All parts of maps.
    pub(crate) fn all(step: usize) -> impl Iterator<Item = Self> {
        (0..step * step).map(move |part| Self { step, row: part / step, column: part % step })
    }

    /// The part that a kernel of one tap reads.
    pub(crate) fn first(step: usize) -> Self {
        Self { step, row: 0, column: 0 }
    }

    /// Going back from strips of `stride` values a row: where the gradient of a value in this part is read, and with
    /// which tap of the kernel it is multiplied.
    pub(crate) fn taps(self, stride: usize) -> impl Iterator<Item = (usize, usize)> {
        let kernel =
            move |begin: usize, at: usize| (begin + 1 + self.step).checked_sub(self.step * at).filter(|&k| k < 3);
        (0..TAPS).filter_map(move |tap| {
            let [row, column] = [tap / 3, tap % 3];
            let [kh, kw] = [kernel(self.row, row)?, kernel(self.column, column)?];
            Some((row * stride + column, 3 * kh + kw))
        })
    }

    /// Puts maps of this part, with `stride` values from row to row, between those of `whole`, `[c, height, width]`.
    pub(crate) fn spread(self, maps: &[f32], stride: usize, [height, width]: [usize; 2], whole: &mut [f32]) {
        let rows = height.div_ceil(self.step);
        for (map, whole) in maps.chunks_exact(rows * stride).zip(whole.chunks_exact_mut(height * width)) {
            let lines = whole.chunks_exact_mut(width).skip(self.row).step_by(self.step);
            for (values, line) in map.chunks_exact(stride).zip(lines) {
                let line = line.iter_mut().skip(self.column).step_by(self.step);
                values.iter().zip(line).for_each(|(&value, to)| *to = value);
            }
        }
    }
}

/// The first `len` values of `MAPS` maps out, `VECTORS` vectors of each at a time, into `out` with `room` values a map.
///
/// # Safety
/// `len + SLACK` values can be read from each of `taps` behind `from`, `weights` are `[taps][MAPS][4]`, and `out` has
/// `room ≥ len + SLACK` values a map.
#[inline(always)]
pub(crate) unsafe fn sweep<const MAPS: usize, const VECTORS: usize>(
    from: *const f32,
    taps: &[usize],
    weights: *const f32,
    len: usize,
    out: *mut f32,
    room: usize,
) {
    const { assert!(4 * VECTORS <= SLACK) };
    let mut at = 0;
    while at < len {
        let mut sums = [[F32x4::splat(0.0); VECTORS]; MAPS];
        let mut weight = weights;
        // SAFETY: `at` is below `len`, and a tile has at most `SLACK` values. Weights are read in order.
        unsafe {
            let from = from.add(at);
            // One loop of a length that the compiler does not know: unrolled, it would hold more vectors than there are
            // registers.
            for &tap in taps {
                let mut factors = [F32x4::splat(0.0); MAPS];
                for (map, factor) in factors.iter_mut().enumerate() {
                    *factor = F32x4::load(weight.add(4 * map));
                }
                weight = weight.add(4 * MAPS);
                for v in 0..VECTORS {
                    let value = F32x4::load(from.add(tap + 4 * v));
                    for (sums, factor) in sums.iter_mut().zip(factors) {
                        sums[v] = sums[v].plus(value.times(factor));
                    }
                }
            }
            for (map, sums) in sums.iter().enumerate() {
                for (v, sum) in sums.iter().enumerate() {
                    sum.store(out.add(map * room + at + 4 * v));
                }
            }
        }
        at += 4 * VECTORS;
    }
}

/// Adds `Σ_p g[p] · x[p + tap]` to each of nine vectors, one a tap of [`Strips::taps`], over `vectors` vectors of the
/// strips of a gradient; `x` is the first value of a map of `maps`, which have `STEP`.
///
/// # Safety
/// `4 · vectors` values can be read from `g` on, and from each tap behind `x`; `sums` are nine vectors.
#[inline(always)]
pub(crate) unsafe fn taps<const STEP: usize>(
    g: *const f32,
    maps: &Strips,
    x: *const f32,
    vectors: usize,
    sums: *mut f32,
) {
    let Strips { stride, plane, .. } = *maps;
    let mut taps = [F32x4::splat(0.0); TAPS];
    // SAFETY: the caller's.
    unsafe {
        let rows: [_; 3] = std::array::from_fn(|kh| x.add(along(STEP, kh, stride, STEP * plane)));
        for v in 0..vectors {
            let gradient = F32x4::load(g.add(4 * v));
            for kh in 0..3 {
                for kw in 0..3 {
                    let value = F32x4::load(rows[kh].add(4 * v + along(STEP, kw, 1, plane)));
                    taps[3 * kh + kw] = taps[3 * kh + kw].plus(value.times(gradient));
                }
            }
        }
        for (tap, sum) in taps.into_iter().enumerate() {
            let at = sums.add(4 * tap);
            F32x4::load(at).plus(sum).store(at);
        }
    }
}

/// Adds `vectors` vectors from `from` on to the one at `sum`.
///
/// # Safety
/// They can be read, and `sum` written.
pub(crate) unsafe fn add_up(from: *const f32, vectors: usize, sum: *mut f32) {
    // SAFETY: the caller's.
    unsafe {
        let mut sums = [F32x4::splat(0.0); 4];
        let whole = vectors / 4 * 4;
        for v in (0..whole).step_by(4) {
            for (k, sum) in sums.iter_mut().enumerate() {
                *sum = sum.plus(F32x4::load(from.add(4 * (v + k))));
            }
        }
        for v in whole..vectors {
            sums[0] = sums[0].plus(F32x4::load(from.add(4 * v)));
        }
        let [a, b, c, d] = sums;
        F32x4::load(sum).plus(a.plus(b).plus(c.plus(d))).store(sum);
    }
}

/// The sum of each vector.
pub(crate) fn summed(vectors: &[f32]) -> Vec<f32> {
    // SAFETY: a chunk has four values.
    vectors.chunks_exact(4).map(|v| unsafe { F32x4::load(v.as_ptr()) }.sum()).collect()
}
