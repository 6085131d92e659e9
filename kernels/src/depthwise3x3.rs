//! 3×3 convolution of each channel with a kernel of its own, padding 1 and stride 1 or 2, and its gradients.
//!
//! Maps are strips, as in [`crate::Conv3x3`].

use crate::strips::{Part, SLACK, Strips, TAPS, add_up, summed, sweep, taps};
use crate::{Gradients, Layer, Wanted, check_backward, check_forward, relu};

/// The shape of a depthwise 3×3 convolution with padding 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depthwise3x3 {
    images: usize,
    channels: usize,
    height: usize,
    width: usize,
    /// 1 or 2.
    step: usize,
}

/// Each weight four times, as the inner loop reads them.
fn packed(weight: impl IntoIterator<Item = f32>) -> Vec<f32> {
    weight.into_iter().flat_map(|value| [value; 4]).collect()
}

impl Depthwise3x3 {
    /// For images `[n, c, h, w]`, a weight `[c, 1, 3, 3]`, `bias` values of bias and a stride of 1 or 2. Nothing when they
    /// are of another convolution, when an image has nothing to compute, or when there are more values than can be addressed.
    pub fn new([n, c, h, w]: [usize; 4], weight: [usize; 4], bias: usize, stride: usize) -> Option<Self> {
        let strips = c.checked_mul(h.checked_add(2)?)?.checked_mul(w.checked_add(1)?)?.checked_add(2 * SLACK)?;
        let bytes = strips.checked_mul(n.max(1))?.checked_mul(4 * size_of::<f32>())?;
        let sound = [c, h, w].iter().all(|&size| size > 0) && weight == [c, 1, 3, 3] && bias == c;
        let addressed = isize::try_from(bytes).is_ok();
        (sound && addressed && (1..=2).contains(&stride)).then_some(Self {
            images: n,
            channels: c,
            height: h,
            width: w,
            step: stride,
        })
    }

    /// Height and width of what comes out: `⌈h / stride⌉` and `⌈w / stride⌉`.
    fn size(&self) -> [usize; 2] {
        [self.height, self.width].map(|size| size.div_ceil(self.step))
    }
}

impl Layer for Depthwise3x3 {
    fn input_len(&self) -> usize {
        self.images * self.channels * self.height * self.width
    }

    fn weight_len(&self) -> usize {
        self.channels * TAPS
    }

    fn output(&self) -> Vec<usize> {
        [[self.images, self.channels], self.size()].concat()
    }

    /// `y[n, c, i, j] = bias[c] + Σ_{kh, kw} weight[c, 0, kh, kw] · x[n, c, s·i + kh − 1, s·j + kw − 1]` with stride s, x
    /// being 0 outside the picture.
    fn forward(&self, x: &[f32], weight: &[f32], bias: &[f32], with_relu: bool) -> Vec<f32> {
        let Self { channels, height, width, step, .. } = *self;
        check_forward(self, x, weight, Some(bias));
        let weights = packed(weight.iter().copied());
        let mut maps = Strips::new(channels, [height, width], step);
        let (taps, row, len) = (maps.taps(), maps.stride, maps.len());
        let mut line = vec![0.0; len + SLACK];
        let mut y = Vec::with_capacity(self.output_len());
        for image in x.chunks_exact(channels * height * width) {
            maps.fill(image);
            for (channel, &bias) in bias.iter().enumerate() {
                // SAFETY: taps are within the strips of a map, with room behind the last; a channel has nine weights.
                unsafe {
                    let from = maps.values.as_ptr().add(channel * maps.map());
                    let weights = weights.as_ptr().add(channel * TAPS * 4);
                    sweep::<1, 8>(from, &taps, weights, len, line.as_mut_ptr(), len + SLACK);
                }
                for line in line[..len].chunks_exact(row) {
                    y.extend(line[..row - 1].iter().map(|value| value + bias));
                }
            }
        }
        if with_relu { relu(&y) } else { y }
    }

    /// The sums of [`crate::Conv3x3`] within a channel.
    fn gradients(
        &self,
        x: &[f32],
        weight: &[f32],
        relu: Option<&[f32]>,
        gradient: &[f32],
        wanted: Wanted,
    ) -> Gradients {
        let Self { images, channels, height, width, step } = *self;
        check_backward(self, x, weight, relu, gradient);
        let mut g = Strips::new(channels, self.size(), 1);
        let mut maps = Strips::new(if wanted.weight { channels } else { 0 }, [height, width], step);
        let (row, len, first, vectors) = (g.stride, g.len(), g.first(), g.len().div_ceil(4));
        let back = |part: Part| {
            let (at, of_kernel): (Vec<_>, Vec<_>) = part.taps(row).unzip();
            let kernels = weight.chunks_exact(TAPS);
            (part, at, packed(kernels.flat_map(|kernel| of_kernel.iter().map(|&tap| kernel[tap]))))
        };
        let parts: Vec<_> = Part::all(step).map(back).collect();
        let mut line = vec![0.0; len + SLACK];
        let (area, of_image) = (height * width, channels * self.size().iter().product::<usize>());
        let mut of_input = wanted.input.then(|| vec![0.0; self.input_len()]);
        let mut of_weight = wanted.weight.then(|| vec![0.0f32; channels * TAPS * 4]);
        let mut of_bias = wanted.bias.then(|| vec![0.0f32; channels * 4]);
        for image in 0..images {
            let values = image * of_image..(image + 1) * of_image;
            match relu {
                None => g.fill(&gradient[values]),
                Some(y) => g.fill_shown(&gradient[values.clone()], &y[values]),
            }
            let values = image * channels * area..(image + 1) * channels * area;
            if wanted.weight {
                maps.fill(&x[values.clone()]);
            }
            for channel in 0..channels {
                // SAFETY: as in `Conv3x3`: strips are read at most two rows, two columns and a tile further than they
                // are long, and there is room for that behind the last.
                unsafe {
                    let strip = g.values.as_ptr().add(channel * g.map());
                    if let Some(sums) = &mut of_bias {
                        add_up(strip.add(first), vectors, sums[4 * channel..].as_mut_ptr());
                    }
                    if let Some(sums) = &mut of_weight {
                        let taps = if step == 1 { taps::<1> } else { taps::<2> };
                        let x = maps.values.as_ptr().add(channel * maps.map());
                        taps(strip.add(first), &maps, x, vectors, sums[channel * TAPS * 4..].as_mut_ptr());
                    }
                    if let Some(dx) = &mut of_input {
                        let dx = &mut dx[values.clone()][channel * area..][..area];
                        for (part, taps, weights) in &parts {
                            let weights = weights.as_ptr().add(channel * taps.len() * 4);
                            sweep::<1, 8>(strip, taps, weights, len, line.as_mut_ptr(), len + SLACK);
                            part.spread(&line[..len], row, [height, width], dx);
                        }
                    }
                }
            }
        }
        Gradients {
            input: of_input,
            weight: of_weight.map(|sums| summed(&sums)),
            bias: of_bias.map(|sums| summed(&sums)),
        }
    }
}
