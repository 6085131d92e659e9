//! 3×3 convolution of each channel with a kernel of its own, padding 1 and stride 1 or 2, and its gradients.
//!
//! Maps are strips, as in [`crate::Conv3x3`]. With stride 2 every second row is computed and every second value of it kept;
//! going back, the gradient stands where these were, between zeros.

use crate::conv3x3::{SLACK, Strips, TAPS, add_up, sweep, taps};
use crate::simd::F32x4;
use crate::{Gradients, Wanted};

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

/// Puts `maps`, `[c, ⌈rows/step⌉, ⌈width/step⌉]`, in place of the last ones, with `step` rows and columns from one value to
/// the next; what lies between stays as it was.
fn fill(strips: &mut Strips, maps: &[f32], step: usize) {
    if step == 1 {
        strips.fill(maps, None);
        return;
    }
    let width = (strips.stride - 1).div_ceil(step);
    let rows = strips.rows.div_ceil(step);
    for (strip, map) in strips.values.chunks_exact_mut(strips.plane).zip(maps.chunks_exact(rows * width)) {
        let lines = strip[strips.stride..].chunks_exact_mut(strips.stride).step_by(step);
        for (line, values) in lines.zip(map.chunks_exact(width)) {
            line[1..].iter_mut().step_by(step).zip(values).for_each(|(to, &value)| *to = value);
        }
    }
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
    pub fn output(&self) -> [usize; 2] {
        [self.height.div_ceil(self.step), self.width.div_ceil(self.step)]
    }

    /// Number of values that go in.
    pub fn input_len(&self) -> usize {
        self.images * self.channels * self.height * self.width
    }

    /// Number of values that come out.
    pub fn output_len(&self) -> usize {
        let [height, width] = self.output();
        self.images * self.channels * height * width
    }

    /// `y[n, c, i, j] = bias[c] + Σ_{kh, kw} weight[c, 0, kh, kw] · x[n, c, s·i + kh − 1, s·j + kw − 1]` with stride s, x
    /// being 0 outside the picture.
    ///
    /// # Panics
    /// When a slice has another length than the shape says.
    pub fn forward(&self, x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
        let Self { channels, height, width, step, .. } = *self;
        assert_eq!(x.len(), self.input_len(), "the images have another shape");
        assert_eq!(weight.len(), channels * TAPS, "the weight has another shape");
        assert_eq!(bias.len(), channels, "the bias has another shape");
        let weights = packed(weight.iter().copied());
        let mut strips = Strips::new(channels, height, width);
        let row = strips.stride;
        let mut line = vec![0.0; strips.len() + SLACK];
        let room = line.len();
        let mut y = Vec::with_capacity(self.output_len());
        for image in x.chunks_exact(channels * height * width) {
            fill(&mut strips, image, 1);
            for (channel, &bias) in bias.iter().enumerate() {
                // Rows that are wanted one by one, or the whole strip.
                let (starts, len) = if step == 1 { (1, strips.len()) } else { (height.div_ceil(step), row) };
                for start in 0..starts {
                    // SAFETY: the row is one of its strip, its taps at most two rows and columns further, with room
                    // behind the last strip; a channel has nine weights.
                    unsafe {
                        let from = strips.values.as_ptr().add(channel * strips.plane + start * step * row);
                        let weights = weights.as_ptr().add(channel * TAPS * 4);
                        sweep::<1, 8>(from, &strips.taps[..TAPS], weights, len, line.as_mut_ptr(), room);
                    }
                    for row in line[..len].chunks_exact(row) {
                        y.extend(row[..width].iter().step_by(step).map(|value| value + bias));
                    }
                }
            }
        }
        y
    }

    /// The gradients where `gradient` is that of y; the sums are those of [`crate::Conv3x3::gradients`] within a channel.
    ///
    /// # Panics
    /// When a slice has another length than the shape says.
    pub fn gradients(&self, x: &[f32], weight: &[f32], gradient: &[f32], wanted: Wanted) -> Gradients {
        let Self { images, channels, height, width, step } = *self;
        assert_eq!(x.len(), self.input_len(), "the images have another shape");
        assert_eq!(weight.len(), channels * TAPS, "the weight has another shape");
        assert_eq!(gradient.len(), self.output_len(), "the gradient has another shape");
        // The same correlation with each kernel turned by half.
        let turned = packed(weight.chunks_exact(TAPS).flat_map(|kernel| kernel.iter().rev().copied()));
        let mut g = Strips::new(channels, height, width);
        let mut maps = Strips::new(if wanted.weight { channels } else { 0 }, height, width);
        let (row, len, vectors) = (g.stride, g.len(), g.len().div_ceil(4));
        let mut line = vec![0.0; len + SLACK];
        let mut dx = Vec::with_capacity(if wanted.input { self.input_len() } else { 0 });
        let mut of_weight = vec![0.0f32; channels * TAPS * 4];
        let mut of_bias = vec![0.0f32; channels * 4];
        let area = height * width;
        for image in 0..images {
            let of_image = gradient.len() / images;
            fill(&mut g, &gradient[image * of_image..(image + 1) * of_image], step);
            if wanted.weight {
                maps.fill(&x[image * channels * area..(image + 1) * channels * area], None);
            }
            for channel in 0..channels {
                // SAFETY: as in `Conv3x3::gradients`: strips are read at most two rows, two columns and a tile further
                // than they are long, and there is room for that behind the last.
                unsafe {
                    let strip = g.values.as_ptr().add(channel * g.plane);
                    let inside = strip.add(row + 1);
                    if wanted.bias {
                        add_up(inside, vectors, of_bias[4 * channel..].as_mut_ptr());
                    }
                    if wanted.weight {
                        let x = maps.values.as_ptr().add(channel * maps.plane);
                        taps(inside, x, row, vectors, of_weight[channel * TAPS * 4..].as_mut_ptr());
                    }
                    if wanted.input {
                        let weights = turned.as_ptr().add(channel * TAPS * 4);
                        sweep::<1, 8>(strip, &g.taps[..TAPS], weights, len, line.as_mut_ptr(), len + SLACK);
                        dx.extend(line[..len].chunks_exact(row).flat_map(|row| &row[..width]));
                    }
                }
            }
        }
        let summed = |sums: Vec<f32>| {
            // SAFETY: a chunk has four values.
            sums.chunks_exact(4).map(|v| unsafe { F32x4::load(v.as_ptr()) }.sum()).collect()
        };
        Gradients {
            input: wanted.input.then_some(dx),
            weight: wanted.weight.then(|| summed(of_weight)),
            bias: wanted.bias.then(|| summed(of_bias)),
        }
    }
}
