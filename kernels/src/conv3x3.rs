//! 3×3 convolution with stride 1 and zero padding 1, and the gradients of its input, weights and bias.
//!
//! Maps are laid out as **strips**: rows of `w` values with one zero behind each, a row of zeros above and below. The
//! zero is the right border of its row and the left border of the next, so a tap of the kernel is the whole strip read
//! from another place: `out[p] = Σ tap · in[p + kh·s + kw]` with `s = w + 1` for every p, whole vectors at a time for
//! any width. What that computes for the column between rows is not used.
//!
//! One image is in the cache at a time. Weights are laid out as the inner loop reads them, four times each.

use crate::elementwise::each_four;
use crate::simd::F32x4;
use crate::{Gradients, Wanted, unwritten, written};

/// The shape of a 3×3 convolution with stride 1 and padding 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv3x3 {
    images: usize,
    input: usize,
    output: usize,
    height: usize,
    width: usize,
}

/// Taps of a kernel.
pub(crate) const TAPS: usize = 9;
/// Values that the inner loops may read or write behind a strip: of the largest tile, 8 vectors.
pub(crate) const SLACK: usize = 32;

/// The maps of one image as strips.
pub(crate) struct Strips {
    /// Length of a row with its zero.
    pub(crate) stride: usize,
    /// Length of a strip.
    pub(crate) plane: usize,
    pub(crate) rows: usize,
    /// Where each tap of each map is read: map by map, row by row.
    pub(crate) taps: Vec<usize>,
    pub(crate) values: Vec<f32>,
}

impl Strips {
    /// Empty maps of `height × width`.
    pub(crate) fn new(maps: usize, height: usize, width: usize) -> Self {
        let stride = width + 1;
        let plane = (height + 2) * stride;
        let of_map = |map| (0..TAPS).map(move |tap| map * plane + tap / 3 * stride + tap % 3);
        let taps = (0..maps).flat_map(of_map).collect();
        // The last strip is read a tap and a tile too far.
        Self { stride, plane, rows: height, taps, values: vec![0.0; maps * plane + SLACK + 4] }
    }

    /// The length of what is computed: rows with their zeros.
    pub(crate) fn len(&self) -> usize {
        self.rows * self.stride
    }

    /// Puts maps of an image, `[c, h, w]`, in place of the last ones; the zeros stay. Where `shown` is 0 or less it
    /// counts as zero: the gradient of a ReLU whose output that was.
    pub(crate) fn fill(&mut self, maps: &[f32], shown: Option<&[f32]>) {
        let width = self.stride - 1;
        let strips = self.values.chunks_exact_mut(self.plane);
        let planes = maps.chunks_exact(self.rows * width);
        match shown {
            None => {
                for (strip, plane) in strips.zip(planes) {
                    for (row, values) in
                        strip[self.stride..].chunks_exact_mut(self.stride).zip(plane.chunks_exact(width))
                    {
                        row[1..].copy_from_slice(values);
                    }
                }
            }
            Some(shown) => {
                let shown = shown.chunks_exact(self.rows * width);
                for (strip, (plane, shown)) in strips.zip(planes.zip(shown)) {
                    let rows = plane.chunks_exact(width).zip(shown.chunks_exact(width));
                    for (row, (values, shown)) in strip[self.stride..].chunks_exact_mut(self.stride).zip(rows) {
                        let (to, from) = (row[1..].as_mut_ptr(), [values.as_ptr(), shown.as_ptr()]);
                        // SAFETY: all three are rows of `width` values.
                        unsafe { each_four(to, from[0], from[1], width, |g, y| g.but(y.at_most(F32x4::splat(0.0)))) };
                    }
                }
            }
        }
    }
}

/// The weights of a correlation of `input` with `output` maps, as the inner loop reads them: by up to four output maps,
/// `[blocks][input][tap][map of the block]`, each value four times.
struct Packed {
    input: usize,
    output: usize,
    values: Vec<f32>,
}

impl Packed {
    fn new(input: usize, output: usize, weight: impl Fn(usize, usize, usize) -> f32) -> Self {
        let mut values = Vec::with_capacity(output * input * TAPS * 4);
        for first in (0..output).step_by(4) {
            let block = first..(first + 4).min(output);
            for i in 0..input {
                for tap in 0..TAPS {
                    values.extend(block.clone().flat_map(|o| [weight(o, i, tap); 4]));
                }
            }
        }
        Self { input, output, values }
    }

    /// `out[o, i, j] = bias[o] + Σ_{c, kh, kw} weight(o, c, 3 kh + kw) · maps[c, i + kh − 1, j + kw − 1]` for one
    /// image, then its ReLU where asked. `tile` is a workspace of [`Packed::tile`] values.
    ///
    /// # Safety
    /// There is room at `out` for all maps, `maps` has as many as the weights, and `bias` is one a map.
    unsafe fn correlate(&self, maps: &Strips, bias: &[f32], relu: bool, tile: &mut [f32], mut out: *mut f32) {
        let len = maps.len();
        let width = maps.stride - 1;
        let room = len + SLACK;
        for first in (0..self.output).step_by(4) {
            let block = (self.output - first).min(4);
            let weights = self.values[first * self.input * TAPS * 4..].as_ptr();
            let sweep = match block {
                1 => sweep::<1, 8>,
                2 => sweep::<2, 4>,
                3 => sweep::<3, 2>,
                _ => sweep::<4, 2>,
            };
            assert!(tile.len() >= block * room);
            // SAFETY: `tile` has room for a strip and a tile of vectors a map; weights are as `new` lays them out.
            unsafe { sweep(maps.values.as_ptr(), &maps.taps, weights, len, tile.as_mut_ptr(), room) };
            for (map, &bias) in tile.chunks_exact(room).zip(&bias[first..first + block]) {
                let bias = F32x4::splat(bias);
                let zero = F32x4::splat(0.0);
                for row in map[..len].chunks_exact(maps.stride) {
                    let row = row.as_ptr();
                    // SAFETY: a row has `width` values, and the caller room for `height` of them a map.
                    unsafe {
                        if relu {
                            each_four(out, row, row, width, |v, _| {
                                let v = v.plus(bias);
                                v.but(v.at_most(zero))
                            });
                        } else {
                            each_four(out, row, row, width, |v, _| v.plus(bias));
                        }
                        out = out.add(width);
                    }
                }
            }
        }
    }

    /// Length of the workspace for strips of `len` values.
    fn tile(len: usize) -> usize {
        4 * (len + SLACK)
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

/// Adds `Σ_p g[p] · x[p + kh·s + kw]` to each of nine vectors, one a tap, over strips of `vectors` vectors.
///
/// # Safety
/// `4 · vectors` values can be read from `g` on, and `2 s + 2` more from `x` on; `sums` are nine vectors.
#[inline(always)]
pub(crate) unsafe fn taps(g: *const f32, x: *const f32, stride: usize, vectors: usize, sums: *mut f32) {
    let mut taps = [F32x4::splat(0.0); TAPS];
    // SAFETY: the caller's.
    unsafe {
        let rows = [x, x.add(stride), x.add(2 * stride)];
        for v in 0..vectors {
            let gradient = F32x4::load(g.add(4 * v));
            for kh in 0..3 {
                for kw in 0..3 {
                    let value = F32x4::load(rows[kh].add(4 * v + kw));
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

impl Conv3x3 {
    /// For images `[n, ci, h, w]`, a weight `[co, ci, 3, 3]` and `bias` values of bias. Nothing when they are of
    /// another convolution, when an image has nothing to compute, or when there are more values than can be addressed.
    pub fn new([n, ci, h, w]: [usize; 4], weight: [usize; 4], bias: usize) -> Option<Self> {
        let [co, of, kh, kw] = weight;
        let most = ci.max(co).checked_mul(h.checked_add(2)?)?.checked_mul(w.checked_add(1)?)?.checked_add(2 * SLACK)?;
        let all = most.checked_mul(n.max(1))?.checked_mul(size_of::<f32>())?;
        let weights = co.checked_mul(ci)?.checked_mul(4 * TAPS * size_of::<f32>())?;
        let addressed = isize::try_from(all).is_ok() && isize::try_from(weights).is_ok();
        let sound = of == ci && [kh, kw] == [3, 3] && bias == co && [ci, h, w, co].iter().all(|&size| size > 0);
        (sound && addressed).then_some(Self { images: n, input: ci, output: co, height: h, width: w })
    }

    /// Number of values that go in.
    pub fn input_len(&self) -> usize {
        self.images * self.input * self.height * self.width
    }

    /// Number of weights.
    pub fn weight_len(&self) -> usize {
        self.output * self.input * TAPS
    }

    /// Number of values that come out.
    pub fn output_len(&self) -> usize {
        self.images * self.output * self.height * self.width
    }

    /// `y[n, co, i, j] = bias[co] + Σ_{ci, kh, kw} weight[co, ci, kh, kw] · x[n, ci, i + kh − 1, j + kw − 1]`, x
    /// being 0 outside the picture; with `relu` then 0 where that is negative. NaN stays NaN.
    ///
    /// # Panics
    /// When a slice has another length than the shape says.
    pub fn forward(&self, x: &[f32], weight: &[f32], bias: &[f32], relu: bool) -> Vec<f32> {
        assert_eq!(x.len(), self.input_len(), "the images have another shape");
        assert_eq!(weight.len(), self.weight_len(), "the weight has another shape");
        assert_eq!(bias.len(), self.output, "the bias has another shape");
        let packed = Packed::new(self.input, self.output, |o, i, tap| weight[(o * self.input + i) * TAPS + tap]);
        let mut maps = Strips::new(self.input, self.height, self.width);
        let mut tile = vec![0.0; Packed::tile(maps.len())];
        let area = self.height * self.width;
        let mut y = unwritten(self.output_len());
        for (image, x) in x.chunks_exact(self.input * area).enumerate() {
            maps.fill(x, None);
            // SAFETY: there is room for `output` maps of `area` values for each of `images` images.
            unsafe {
                let out = y.as_mut_ptr().add(image * self.output * area);
                packed.correlate(&maps, bias, relu, &mut tile, out);
            }
        }
        // SAFETY: `correlate` wrote all maps of every image.
        unsafe { written(y, self.output_len()) }
    }

    /// The gradients where `gradient` is that of y; `relu` is y itself if y was a ReLU's output, and g is then `gradient`
    /// where y is not 0. Of the input `Σ_{co, kh, kw} g[n, co, i + 1 − kh, j + 1 − kw] · weight[co, ci, kh, kw]`, of the
    /// weight `Σ_{n, i, j} g[n, co, i, j] · x[n, ci, i + kh − 1, j + kw − 1]`, of the bias `Σ_{n, i, j} g[n, co, i, j]`.
    ///
    /// # Panics
    /// When a slice has another length than the shape says.
    pub fn gradients(
        &self,
        x: &[f32],
        weight: &[f32],
        relu: Option<&[f32]>,
        gradient: &[f32],
        wanted: Wanted,
    ) -> Gradients {
        let Self { images, input, output, height, width } = *self;
        assert_eq!(x.len(), self.input_len(), "the images have another shape");
        assert_eq!(weight.len(), self.weight_len(), "the weight has another shape");
        assert_eq!(gradient.len(), self.output_len(), "the gradient has another shape");
        assert!(relu.is_none_or(|y| y.len() == self.output_len()), "the output has another shape");
        let area = height * width;
        let mut g = Strips::new(output, height, width);
        let vectors = g.len().div_ceil(4);
        // The same correlation, from output to input, with the kernel turned by half.
        let turned = wanted.input.then(|| {
            let packed = Packed::new(output, input, |i, o, tap| weight[(o * input + i) * TAPS + TAPS - 1 - tap]);
            (packed, vec![0.0; input], vec![0.0; Packed::tile(g.len())], unwritten(self.input_len()))
        });
        let mut of_input = turned;
        let mut of_weight =
            wanted.weight.then(|| (Strips::new(input, height, width), vec![0.0f32; self.weight_len() * 4]));
        let mut of_bias = wanted.bias.then(|| vec![0.0f32; output * 4]);
        for image in 0..images {
            let maps = image * output * area..(image + 1) * output * area;
            g.fill(&gradient[maps.clone()], relu.map(|y| &y[maps]));
            if let Some((packed, none, tile, dx)) = &mut of_input {
                // SAFETY: there is room for `input` maps of `area` values for each of `images` images.
                unsafe { packed.correlate(&g, none, false, tile, dx.as_mut_ptr().add(image * input * area)) };
            }
            if let Some((maps, sums)) = &mut of_weight {
                maps.fill(&x[image * input * area..(image + 1) * input * area], None);
                for (pair, sums) in sums.chunks_exact_mut(TAPS * 4).enumerate() {
                    let [o, i] = [pair / input, pair % input];
                    // SAFETY: the strip of g begins behind its row and column of zeros, ends with a row of zeros, and
                    // is read up to 3 values further; x is read `2 s + 2` further than g. Both have room for it.
                    unsafe {
                        let from = g.values.as_ptr().add(o * g.plane + g.stride + 1);
                        taps(from, maps.values.as_ptr().add(i * maps.plane), g.stride, vectors, sums.as_mut_ptr());
                    }
                }
            }
            if let Some(sums) = &mut of_bias {
                for (map, sum) in sums.chunks_exact_mut(4).enumerate() {
                    // SAFETY: as above; `sum` has four values.
                    unsafe {
                        let from = g.values.as_ptr().add(map * g.plane + g.stride + 1);
                        add_up(from, vectors, sum.as_mut_ptr());
                    }
                }
            }
        }
        // SAFETY: a chunk has four values.
        let summed = |sums: Vec<f32>| sums.chunks_exact(4).map(|v| unsafe { F32x4::load(v.as_ptr()) }.sum()).collect();
        Gradients {
            // SAFETY: `correlate` wrote all maps of every image.
            input: of_input.map(|(.., dx)| unsafe { written(dx, self.input_len()) }),
            weight: of_weight.map(|(_, sums)| summed(sums)),
            bias: of_bias.map(summed),
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
