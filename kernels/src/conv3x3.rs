//! 3×3 convolution with zero padding 1 and stride 1 or 2, and the gradients of its input, weights and bias.
//!
//! Maps are strips, one image in the cache at a time; weights are laid out as the inner loop reads them, four times
//! each.

use crate::elementwise::each_four;
use crate::simd::F32x4;
use crate::strips::{Part, SLACK, Strips, TAPS, add_up, summed, sweep, taps};
use crate::{Gradients, Layer, Wanted, check_backward, check_forward, unwritten, written};

/// The shape of a 3×3 convolution with padding 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv3x3 {
    images: usize,
    input: usize,
    output: usize,
    height: usize,
    width: usize,
    /// 1 or 2.
    step: usize,
}

/// The weights of a correlation with `output` maps, as the inner loop reads them: by up to four output maps,
/// `[blocks][input][tap][map of the block]`, each value four times.
struct Packed {
    output: usize,
    /// Where each tap of each map is read, map by map.
    taps: Vec<usize>,
    values: Vec<f32>,
}

impl Packed {
    /// `taps` say where a map of `maps` is read, and which weight of a pair of maps belongs there.
    fn new(
        [input, output]: [usize; 2],
        maps: &Strips,
        taps: &[(usize, usize)],
        weight: impl Fn(usize, usize, usize) -> f32,
    ) -> Self {
        let mut values = Vec::with_capacity(output * input * taps.len() * 4);
        for first in (0..output).step_by(4) {
            let block = first..(first + 4).min(output);
            for i in 0..input {
                for &(_, tap) in taps {
                    values.extend(block.clone().flat_map(|o| [weight(o, i, tap); 4]));
                }
            }
        }
        let of_map = |map| taps.iter().map(move |&(at, _)| map * maps.map() + at);
        Self { output, taps: (0..input).flat_map(of_map).collect(), values }
    }

    /// `out[o, p] = bias[o] + Σ_{c, tap} weight(o, c, tap) · maps[c, p + tap]` for one image, then its ReLU where asked.
    /// `tile` is a workspace of [`Packed::tile`] values.
    ///
    /// # Safety
    /// There is room at `out` for all maps, `maps` has as many as the weights, and `bias` is one a map.
    unsafe fn correlate(&self, maps: &Strips, bias: &[f32], relu: bool, tile: &mut [f32], mut out: *mut f32) {
        let len = maps.len();
        let width = maps.stride - 1;
        let room = len + SLACK;
        for first in (0..self.output).step_by(4) {
            let block = (self.output - first).min(4);
            let weights = self.values[first * self.taps.len() * 4..].as_ptr();
            let sweep = match block {
                1 => sweep::<1, 8>,
                2 => sweep::<2, 4>,
                3 => sweep::<3, 2>,
                _ => sweep::<4, 2>,
            };
            assert!(tile.len() >= block * room);
            // SAFETY: `tile` has room for a strip and a tile of vectors a map; weights are as `new` lays them out.
            unsafe { sweep(maps.values.as_ptr(), &self.taps, weights, len, tile.as_mut_ptr(), room) };
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

impl Conv3x3 {
    /// For images `[n, ci, h, w]`, a weight `[co, ci, 3, 3]`, `bias` values of bias and a stride of 1 or 2. Nothing when
    /// they are of another convolution, when an image has nothing to compute, or when there are more values than can be
    /// addressed.
    pub fn new([n, ci, h, w]: [usize; 4], weight: [usize; 4], bias: usize, stride: usize) -> Option<Self> {
        let [co, of, kh, kw] = weight;
        // Strips of a step of 2 have twice as many borders.
        let most = ci.max(co).checked_mul(h.checked_add(6)?)?.checked_mul(w.checked_add(4)?)?.checked_add(2 * SLACK)?;
        let all = most.checked_mul(n.max(1))?.checked_mul(size_of::<f32>())?;
        let weights = co.checked_mul(ci)?.checked_mul(4 * TAPS * size_of::<f32>())?;
        let addressed = isize::try_from(all).is_ok() && isize::try_from(weights).is_ok();
        let sound = of == ci && [kh, kw] == [3, 3] && bias == co && [ci, h, w, co].iter().all(|&size| size > 0);
        let known = sound && addressed && (1..=2).contains(&stride);
        known.then_some(Self { images: n, input: ci, output: co, height: h, width: w, step: stride })
    }

    /// Height and width of what comes out: `⌈h / stride⌉` and `⌈w / stride⌉`.
    fn size(&self) -> [usize; 2] {
        [self.height, self.width].map(|size| size.div_ceil(self.step))
    }
}

impl Layer for Conv3x3 {
    fn input_len(&self) -> usize {
        self.images * self.input * self.height * self.width
    }

    fn weight_len(&self) -> usize {
        self.output * self.input * TAPS
    }

    fn output(&self) -> Vec<usize> {
        [[self.images, self.output], self.size()].concat()
    }

    /// `y[n, co, i, j] = bias[co] + Σ_{ci, kh, kw} weight[co, ci, kh, kw] · x[n, ci, s·i + kh − 1, s·j + kw − 1]` with
    /// stride s, x being 0 outside the picture.
    fn forward(&self, x: &[f32], weight: &[f32], bias: &[f32], relu: bool) -> Vec<f32> {
        check_forward(self, x, weight, Some(bias));
        let mut maps = Strips::new(self.input, [self.height, self.width], self.step);
        let taps: [_; TAPS] = std::array::from_fn(|tap| (maps.taps()[tap], tap));
        let of_kernel = |o: usize, i: usize, tap: usize| weight[(o * self.input + i) * TAPS + tap];
        let packed = Packed::new([self.input, self.output], &maps, &taps, of_kernel);
        let mut tile = vec![0.0; Packed::tile(maps.len())];
        let len = self.output * self.size().iter().product::<usize>();
        let mut y = unwritten(self.images * len);
        for (image, x) in x.chunks_exact(self.input * self.height * self.width).enumerate() {
            maps.fill(x);
            // SAFETY: there is room for `output` maps for each of `images` images.
            unsafe { packed.correlate(&maps, bias, relu, &mut tile, y.as_mut_ptr().add(image * len)) };
        }
        // SAFETY: `correlate` wrote all maps of every image.
        unsafe { written(y, self.images * len) }
    }

    /// Of the input `Σ_{co, kh, kw} g[n, co, i, j] · weight[co, ci, kh, kw]` at every place `s·i + kh − 1, s·j + kw − 1`,
    /// of the weight `Σ_{n, i, j} g[n, co, i, j] · x[n, ci, s·i + kh − 1, s·j + kw − 1]`, of the bias
    /// `Σ_{n, i, j} g[n, co, i, j]`.
    fn gradients(
        &self,
        x: &[f32],
        weight: &[f32],
        relu: Option<&[f32]>,
        gradient: &[f32],
        wanted: Wanted,
    ) -> Gradients {
        let Self { images, input, output, height, width, step } = *self;
        check_backward(self, x, weight, relu, gradient);
        let (area, of_image) = (height * width, output * self.size().iter().product::<usize>());
        let mut g = Strips::new(output, self.size(), 1);
        let (first, vectors) = (g.first(), g.len().div_ceil(4));
        // Correlations from output to input: with a step of 1 one, with the kernel turned by half.
        let back = |part: Part| {
            let taps: Vec<_> = part.taps(g.stride).collect();
            let of_kernel = |i: usize, o: usize, tap: usize| weight[(o * input + i) * TAPS + tap];
            (part, Packed::new([output, input], &g, &taps, of_kernel))
        };
        let mut of_input = wanted.input.then(|| {
            let parts: Vec<_> = Part::all(step).map(back).collect();
            let one = vec![0.0; if step == 1 { 0 } else { input * of_image / output }];
            (parts, one, vec![0.0; input], vec![0.0; Packed::tile(g.len())], vec![0.0; self.input_len()])
        });
        let mut of_weight =
            wanted.weight.then(|| (Strips::new(input, [height, width], step), vec![0.0f32; self.weight_len() * 4]));
        let mut of_bias = wanted.bias.then(|| vec![0.0f32; output * 4]);
        for image in 0..images {
            let maps = image * of_image..(image + 1) * of_image;
            match relu {
                None => g.fill(&gradient[maps]),
                Some(y) => g.fill_shown(&gradient[maps.clone()], &y[maps]),
            }
            if let Some((parts, one, none, tile, dx)) = &mut of_input {
                let dx = &mut dx[image * input * area..(image + 1) * input * area];
                for (part, packed) in parts {
                    let out = if step == 1 { dx.as_mut_ptr() } else { one.as_mut_ptr() };
                    // SAFETY: both have room for `input` maps of what a strip of g holds.
                    unsafe { packed.correlate(&g, none, false, tile, out) };
                    if step > 1 {
                        part.spread(one, g.stride - 1, [height, width], dx);
                    }
                }
            }
            if let Some((maps, sums)) = &mut of_weight {
                maps.fill(&x[image * input * area..(image + 1) * input * area]);
                let taps = if step == 1 { taps::<1> } else { taps::<2> };
                for (pair, sums) in sums.chunks_exact_mut(TAPS * 4).enumerate() {
                    let [o, i] = [pair / input, pair % input];
                    // SAFETY: the strip of g begins behind its row and column of zeros, ends with a row of zeros, and
                    // is read up to 3 values further; x is read two rows and columns further than g. Both have room
                    // for it.
                    unsafe {
                        let from = g.values.as_ptr().add(o * g.map() + first);
                        taps(from, maps, maps.values.as_ptr().add(i * maps.map()), vectors, sums.as_mut_ptr());
                    }
                }
            }
            if let Some(sums) = &mut of_bias {
                for (map, sum) in sums.chunks_exact_mut(4).enumerate() {
                    // SAFETY: as above; `sum` has four values.
                    unsafe { add_up(g.values.as_ptr().add(map * g.map() + first), vectors, sum.as_mut_ptr()) };
                }
            }
        }
        Gradients {
            input: of_input.map(|(.., dx)| dx),
            weight: of_weight.map(|(_, sums)| summed(&sums)),
            bias: of_bias.map(|sums| summed(&sums)),
        }
    }
}
