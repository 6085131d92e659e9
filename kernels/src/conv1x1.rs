//! 1×1 convolution with stride 1 or 2, and the gradients of its input, weights and bias: one matrix product an image.

use crate::dense::{Left, product};
use crate::strips::Part;
use crate::{Dense, Gradients, Layer, Wanted, check_backward, check_forward, relu, relu_gradient};
use std::borrow::Cow;

/// The shape of a 1×1 convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv1x1 {
    images: usize,
    input: usize,
    output: usize,
    height: usize,
    width: usize,
    /// 1 or 2.
    step: usize,
}

impl Conv1x1 {
    /// For images `[n, ci, h, w]`, a weight `[co, ci, 1, 1]`, `bias` values of bias and a stride of 1 or 2. Nothing when
    /// they are of another convolution, when an image has nothing to compute, or when there are more values than can be
    /// addressed.
    pub fn new([n, ci, h, w]: [usize; 4], weight: [usize; 4], bias: usize, stride: usize) -> Option<Self> {
        let [co, ..] = weight;
        let most = ci.max(co).checked_mul(h)?.checked_mul(w)?.checked_mul(n.max(1))?;
        let sizes = [most, co.checked_mul(ci)?];
        let addressed = |len: usize| len.checked_mul(size_of::<f32>()).is_some_and(|len| isize::try_from(len).is_ok());
        let sound = weight == [co, ci, 1, 1] && bias == co && [ci, h, w, co].iter().all(|&size| size > 0);
        let known = sound && sizes.into_iter().all(addressed) && (1..=2).contains(&stride);
        known.then_some(Self { images: n, input: ci, output: co, height: h, width: w, step: stride })
    }

    /// Height and width of what comes out: `⌈h / stride⌉` and `⌈w / stride⌉`.
    fn size(&self) -> [usize; 2] {
        [self.height, self.width].map(|size| size.div_ceil(self.step))
    }

    /// What is read of an image: every so many rows and columns.
    fn seen<'a>(&self, image: &'a [f32]) -> Cow<'a, [f32]> {
        if self.step == 1 {
            return Cow::Borrowed(image);
        }
        let mut seen = Vec::with_capacity(self.input * self.size().iter().product::<usize>());
        for map in image.chunks_exact(self.height * self.width) {
            for row in map.chunks_exact(self.width).step_by(self.step) {
                seen.extend(row.iter().step_by(self.step));
            }
        }
        Cow::Owned(seen)
    }
}

impl Layer for Conv1x1 {
    fn input_len(&self) -> usize {
        self.images * self.input * self.height * self.width
    }

    fn weight_len(&self) -> usize {
        self.output * self.input
    }

    fn output(&self) -> Vec<usize> {
        [[self.images, self.output], self.size()].concat()
    }

    /// `y[n, co, i, j] = bias[co] + Σ_ci weight[co, ci] · x[n, ci, s·i, s·j]` with stride s.
    fn forward(&self, x: &[f32], weight: &[f32], bias: &[f32], with_relu: bool) -> Vec<f32> {
        let Self { input, output, .. } = *self;
        check_forward(self, x, weight, Some(bias));
        let area: usize = self.size().iter().product();
        let mut y = Vec::with_capacity(self.output_len());
        for image in x.chunks_exact(input * self.height * self.width) {
            let of_weight = Left { values: weight, row: input, column: 1 };
            let maps = product(of_weight, &self.seen(image), [output, input, area]);
            for (map, bias) in maps.chunks_exact(area).zip(bias) {
                y.extend(map.iter().map(|value| value + bias));
            }
        }
        if with_relu { relu(&y) } else { y }
    }

    /// Of the input `Σ_co g[n, co, i, j] · weight[co, ci]` at every place `s·i, s·j` and 0 elsewhere, of the weight
    /// `Σ_{n, i, j} g[n, co, i, j] · x[n, ci, s·i, s·j]`, of the bias `Σ_{n, i, j} g[n, co, i, j]`.
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
        let masked = relu.map(|y| relu_gradient(y, gradient));
        let g = masked.as_deref().unwrap_or(gradient);
        let (area, whole) = (self.size().iter().product::<usize>(), input * height * width);
        let mut of_input = wanted.input.then(|| vec![0.0; images * whole]);
        let mut of_weight = wanted.weight.then(|| vec![0.0; self.weight_len()]);
        let mut of_bias = wanted.bias.then(|| vec![0.0; output]);
        let pairs = Dense::new([output, area], [input, area], input).expect("smaller than the images");
        for (image, (g, x)) in g.chunks_exact(output * area).zip(x.chunks_exact(whole)).enumerate() {
            if let Some(dx) = &mut of_input {
                let by_output = Left { values: weight, row: 1, column: input };
                let maps = product(by_output, g, [input, output, area]);
                let dx = &mut dx[image * whole..(image + 1) * whole];
                Part::first(step).spread(&maps, self.size()[1], [height, width], dx);
            }
            if let Some(sums) = &mut of_weight {
                let found = pairs.forward(g, &self.seen(x), &vec![0.0; input], false);
                sums.iter_mut().zip(found).for_each(|(sum, found)| *sum += found);
            }
            if let Some(sums) = &mut of_bias {
                sums.iter_mut().zip(g.chunks_exact(area)).for_each(|(sum, map)| *sum += map.iter().sum::<f32>());
            }
        }
        Gradients { input: of_input, weight: of_weight, bias: of_bias }
    }
}
