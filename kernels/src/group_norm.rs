//! Group normalisation, with a ReLU if one follows, and the gradients of its input, weights and bias.

use crate::elementwise::each_four;
use crate::simd::F32x4;
use crate::{Gradients, Wanted, unwritten, written};

/// The shape of a group normalisation: the channels of an image in groups, each with a mean and a variance of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupNorm {
    images: usize,
    channels: usize,
    /// Channels of a group.
    group: usize,
    /// Values of a map.
    area: usize,
}

/// What a group is brought to mean 0 and variance 1 with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    mean: f32,
    /// `1 / √(variance + ε)`.
    scale: f32,
}

/// `Σ f(a[i], b[i])`, in sixteen partial sums and then in one order.
#[inline(always)]
fn sum(a: &[f32], b: &[f32], f: impl Fn(F32x4, F32x4) -> F32x4) -> f32 {
    assert_eq!(a.len(), b.len());
    let mut sums = [F32x4::splat(0.0); 4];
    let (mut left, mut right) = (a.chunks_exact(16), b.chunks_exact(16));
    for (a, b) in left.by_ref().zip(right.by_ref()) {
        for (k, sum) in sums.iter_mut().enumerate() {
            // SAFETY: four of sixteen values.
            let (a, b) = unsafe { (F32x4::load(a.as_ptr().add(4 * k)), F32x4::load(b.as_ptr().add(4 * k))) };
            *sum = sum.plus(f(a, b));
        }
    }
    let (a, b) = (left.remainder(), right.remainder());
    let (mut fours, mut of_b) = (a.chunks_exact(4), b.chunks_exact(4));
    for (a, b) in fours.by_ref().zip(of_b.by_ref()) {
        // SAFETY: a chunk has four values.
        sums[0] = sums[0].plus(unsafe { f(F32x4::load(a.as_ptr()), F32x4::load(b.as_ptr())) });
    }
    let last = fours.remainder().iter().zip(of_b.remainder());
    let last: f32 = last.map(|(&a, &b)| f(F32x4::splat(a), F32x4::splat(b)).first()).sum();
    let [s, t, u, v] = sums;
    s.plus(t).plus(u.plus(v)).sum() + last
}

impl GroupNorm {
    /// For images `[n, c, h, w]`, channels in `groups` equal groups, and as many weights and values of bias as `weight`
    /// and `bias` say. Nothing when these do not fit, when an image has nothing to compute, or when there are more values
    /// than can be addressed.
    pub fn new([n, c, h, w]: [usize; 4], groups: usize, weight: usize, bias: usize) -> Option<Self> {
        let area = h.checked_mul(w)?;
        let bytes = area.checked_mul(c)?.checked_mul(n.max(1))?.checked_mul(size_of::<f32>())?;
        let sound = [c, area, groups].iter().all(|&size| size > 0) && [weight, bias] == [c; 2];
        let addressed = isize::try_from(bytes).is_ok();
        (sound && addressed && c.is_multiple_of(groups)).then(|| Self {
            images: n,
            channels: c,
            group: c / groups,
            area,
        })
    }

    /// Number of values that go in, and that come out.
    pub fn input_len(&self) -> usize {
        self.images * self.channels * self.area
    }

    /// `y = weight[c] · (x − μ) / √(σ² + ε) + bias[c]`, with the mean μ and variance σ² (divided by their number) of all
    /// values of the image's group; with `relu` then 0 where that is negative. Also what [`GroupNorm::gradients`] needs.
    ///
    /// # Panics
    /// When a slice has another length than the shape says.
    pub fn forward(&self, x: &[f32], weight: &[f32], bias: &[f32], eps: f32, relu: bool) -> (Vec<f32>, Vec<Moments>) {
        assert_eq!(x.len(), self.input_len(), "the images have another shape");
        assert_eq!([weight.len(), bias.len()], [self.channels; 2], "weight or bias has another shape");
        let values = self.group * self.area;
        let moments: Vec<Moments> = x
            .chunks_exact(values)
            .map(|x| {
                let mean = sum(x, x, |v, _| v) / values as f32;
                let minus = F32x4::splat(-mean);
                let variance = sum(x, x, |v, _| v.plus(minus).times(v.plus(minus))) / values as f32;
                Moments { mean, scale: 1.0 / (variance + eps).sqrt() }
            })
            .collect();
        let mut y = unwritten(self.input_len());
        let zero = F32x4::splat(0.0);
        for (map, x) in x.chunks_exact(self.area).enumerate() {
            let (channel, Moments { mean, scale }) = (map % self.channels, moments[map / self.group]);
            let factor = weight[channel] * scale;
            let (minus, factor, bias) = (F32x4::splat(-mean), F32x4::splat(factor), F32x4::splat(bias[channel]));
            let normalised = |v: F32x4| v.plus(minus).times(factor).plus(bias);
            // SAFETY: `y` has room for every map.
            unsafe {
                let out = y.as_mut_ptr().add(map * self.area);
                if relu {
                    each_four(out, x.as_ptr(), x.as_ptr(), self.area, |v, _| {
                        let v = normalised(v);
                        v.but(v.at_most(zero))
                    });
                } else {
                    each_four(out, x.as_ptr(), x.as_ptr(), self.area, |v, _| normalised(v));
                }
            }
        }
        // SAFETY: every map was written.
        (unsafe { written(y, self.input_len()) }, moments)
    }

    /// The gradients where `gradient` is that of y; `relu` is y itself if y was a ReLU's output, and g is then `gradient`
    /// where y is not 0. With x̂ the normalised x and means over the image's group: of the input
    /// `weight[c] · g − mean(weight · g) − x̂ · mean(weight · g · x̂)`, divided by `√(σ² + ε)`; of the weight `Σ g · x̂` and
    /// of the bias `Σ g`, over images and pixels.
    ///
    /// # Panics
    /// When a slice has another length than the shape says.
    pub fn gradients(
        &self,
        x: &[f32],
        weight: &[f32],
        moments: &[Moments],
        relu: Option<&[f32]>,
        gradient: &[f32],
        wanted: Wanted,
    ) -> Gradients {
        let Self { images, channels, group, area } = *self;
        assert_eq!([x.len(), gradient.len()], [self.input_len(); 2], "the images or the gradient have another shape");
        assert_eq!(weight.len(), channels, "the weight has another shape");
        assert_eq!(moments.len(), images * channels / group, "the moments are of other images");
        assert!(relu.is_none_or(|y| y.len() == self.input_len()), "the output has another shape");
        let zero = F32x4::splat(0.0);
        let values = (group * area) as f32;
        let (mut of_weight, mut of_bias) = (vec![0.0; channels], vec![0.0; channels]);
        let mut dx = if wanted.input { unwritten(self.input_len()) } else { Vec::new() };
        let mut masked = vec![0.0; if relu.is_some() { group * area } else { 0 }];
        for (index, &Moments { mean, scale }) in moments.iter().enumerate() {
            let first = index * group;
            let all = first * area..(first + group) * area;
            let (x, mut g) = (&x[all.clone()], &gradient[all.clone()]);
            if let Some(y) = relu {
                let y = &y[all.clone()];
                // SAFETY: all three have the values of a group.
                unsafe {
                    each_four(masked.as_mut_ptr(), g.as_ptr(), y.as_ptr(), y.len(), |g, y| g.but(y.at_most(zero)));
                }
                g = &masked;
            }
            let minus = F32x4::splat(-mean);
            let (mut sum_g, mut sum_gx) = (0.0, 0.0);
            for map in 0..group {
                let channel = (first + map) % channels;
                let (x, g) = (&x[map * area..(map + 1) * area], &g[map * area..(map + 1) * area]);
                let plain = sum(g, g, |g, _| g);
                let with_x = sum(g, x, |g, x| g.times(x.plus(minus))) * scale;
                of_bias[channel] += plain;
                of_weight[channel] += with_x;
                sum_g += weight[channel] * plain;
                sum_gx += weight[channel] * with_x;
            }
            if !wanted.input {
                continue;
            }
            let along = F32x4::splat(-(sum_gx / values) * scale * scale);
            let all = F32x4::splat(-(sum_g / values) * scale);
            for map in 0..group {
                let factor = F32x4::splat(weight[(first + map) % channels] * scale);
                let at = map * area;
                // SAFETY: `dx` has room for every map.
                unsafe {
                    let out = dx.as_mut_ptr().add(first * area + at);
                    each_four(out, x[at..].as_ptr(), g[at..].as_ptr(), area, |x, g| {
                        g.times(factor).plus(all).plus(x.plus(minus).times(along))
                    });
                }
            }
        }
        Gradients {
            // SAFETY: every group was written.
            input: wanted.input.then(|| unsafe { written(dx, self.input_len()) }),
            weight: wanted.weight.then_some(of_weight),
            bias: wanted.bias.then_some(of_bias),
        }
    }
}
