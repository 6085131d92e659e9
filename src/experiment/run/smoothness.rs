//! How smooth a model is around real images: what the constraint is said to do, measured.
//!
//! For δ ~ N(0, σ²I) and small σ, `E ‖z(x + δ) − z(x)‖² / σ²` tends to the mean squared derivative of the logits along
//! a vector of standard normal numbers. Where z is differentiable, that is `‖J‖²`, the squared Frobenius norm of the
//! Jacobian (along a unit vector in d pixels it would be `‖J‖² / d`); where z is smooth, the rest is `O(σ²)`:
//! minimising DS for Gaussian P then minimises all gradients of the logits at once. That derivation is ours (after
//! Bishop 1995); the paper's own proof is not known to us.
//!
//! Pictures with a constant background are not where z is differentiable. There the values that a max pooling chooses
//! from are tied. Under noise the largest of k tied values rises on average, and its mean square is larger than that of
//! any one of them: for four independent standard normal numbers it is `1 + √3/π ≈ 1.55`, while the Jacobian, which
//! follows one of the four, has 1. So the limit is measured at the pictures and, to see the theorem itself, at the same
//! pictures [moved](MOVE) off their kinks.
//!
//! A network with smaller logits is smoother, too, and no more robust: the first-order distance to the boundary, margin
//! over slope, is blind to the scale.

use super::Run;
use super::checkpoint::{Columns, Resumable};
use crate::attack::value_and_gradient;
use crate::data::Data;
use crate::error::{Code, Error, Result};
use crate::experiment::Column;
use crate::experiment::statistics::finite;
use crate::model::Classifier;
use crate::seed::{Seed, Stream};
use crate::tensor::{argmax, read};
use crate::train::cross_entropies;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Images in one unit of work.
const CHUNK: usize = 10;
/// Most images.
const LIMIT: usize = 1000;
/// Draws of δ an image for each σ.
const DRAWS: usize = 4;
/// A standard deviation so small that noise of it reaches no kink but those that the image lies on, and so large that
/// the change of the logits is not lost in rounding.
pub const TINY_SIGMA: f32 = 0.0003;
/// Standard deviation of the noise that moves an image off its kinks: many times [`TINY_SIGMA`].
pub const MOVE: f32 = 0.03;
/// Draws of δ an image at [`TINY_SIGMA`].
const TINY_DRAWS: usize = 8;
/// Standard deviations σ of the noise δ. It is not clipped to pixels: the derivation needs all of it.
pub const SIGMAS: [f32; 6] = [0.01, 0.03, 0.05, 0.1, 0.2, 0.3];
/// Lengths of the steps of the loss surface in every pixel, along each of its two directions.
pub const STEPS: [f32; 7] = [0.0, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3];

/// What is asked for.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Smoothness {
    /// Number of test images, chosen by the seed; 1 to 1000.
    pub images: usize,
    /// Chooses the images and the draws.
    pub seed: Seed,
}

/// What noise of one strength does to each image.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Noisy {
    /// `‖z(x + δ) − z(x)‖² / σ²`, the mean over four draws of δ.
    pub ds: Column,
    /// Cosine between the gradients of the true logit at x and at x + δ; undefined where one is 0.
    pub cosine: Column,
}

/// What small noise and the Jacobian say of images off their kinks.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OffKinks {
    /// `‖z(x + δ) − z(x)‖² / σ²` at [`TINY_SIGMA`], as [`SmoothnessReport::limit`].
    pub limit: Column,
    /// `‖J‖²`.
    pub jacobian: Column,
}

/// What was measured; all innermost vectors are in the order of `images`, as far as the run has come. What overflows
/// has no value.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmoothnessReport {
    /// What was asked for.
    pub asked: Smoothness,
    /// The test images, by index.
    pub images: Vec<usize>,
    /// `‖J‖²`, the squared Frobenius norm of the Jacobian of the logits: exact, one backward pass a class.
    pub jacobian: Column,
    /// First-order ℓ∞ distance to the boundary, `max(0, m) / ‖∇m‖₁` with the margin `m = z_y − max z_j`; at most 1, the
    /// diameter of the cube of all images: no image beyond can be. Undefined where the slope is 0: a network that is
    /// dead there has no first order.
    pub radius_linf: Column,
    /// The same for ℓ2, `max(0, m) / ‖∇m‖₂`; at most the diagonal of the cube.
    pub radius_l2: Column,
    /// At each of [`SIGMAS`].
    pub noise: Vec<Noisy>,
    /// The limit of DS over σ² for small σ: `‖z(x + δ) − z(x)‖² / σ²` at [`TINY_SIGMA`], the mean over eight draws of
    /// δ. Reports of earlier versions have none.
    #[serde(default)]
    pub limit: Column,
    /// At the images [moved](MOVE) off their kinks, each by a draw of its own.
    #[serde(default)]
    pub off_kinks: OffKinks,
    /// Cross-entropy at `x − s g + t r`, `surface[s][t]` over [`STEPS`]: g is the sign of the gradient of the margin, r
    /// a random sign in every pixel. Not clipped to pixels.
    pub surface: Vec<Vec<Column>>,
}

/// Measuring in progress.
pub struct Smoothing {
    data: Rc<Data>,
    classifier: Classifier,
    report: SmoothnessReport,
}

impl SmoothnessReport {
    /// The columns of numbers, one value an image: those that every report has, and those that earlier ones lack.
    pub(in crate::experiment) fn columns(&mut self) -> (impl Iterator<Item = &mut Column>, [&mut Column; 3]) {
        let noise = self.noise.iter_mut().flat_map(|noisy| [&mut noisy.ds, &mut noisy.cosine]);
        let slopes = [&mut self.jacobian, &mut self.radius_linf, &mut self.radius_l2];
        let limits = [&mut self.limit, &mut self.off_kinks.limit, &mut self.off_kinks.jacobian];
        (slopes.into_iter().chain(noise).chain(self.surface.iter_mut().flatten()), limits)
    }

    /// All of them.
    fn all(&mut self) -> impl Iterator<Item = &mut Column> {
        let (always, limits) = self.columns();
        always.chain(limits)
    }
}

/// Each image's sum of `a · b`, `[n]`.
fn dot(a: &Tensor<4>, b: &Tensor<4>) -> Tensor<1> {
    let [n, c, h, w] = a.dims();
    (a.clone() * b.clone()).reshape([n, c * h * w]).sum_dim(1).reshape([n])
}

impl Smoothing {
    /// Measures `classifier`.
    ///
    /// # Errors
    /// `NotReady` without test images, `InvalidSetting` for a number of images out of range, `WeightsMismatch`.
    pub fn new(data: Rc<Data>, asked: Smoothness, classifier: Classifier) -> Result<Self> {
        if data.test.is_empty() {
            return Err(Error::new(Code::NotReady, "The test images are not loaded."));
        }
        if !(1..=LIMIT).contains(&asked.images) {
            return Err(Error::setting("The number of images", asked.images, format!("1 to {LIMIT}")));
        }
        classifier.network().config().check_images(&data.test)?;
        let mut images = asked.seed.rng(Stream::Evaluation, 0).permutation(data.test.len());
        images.truncate(asked.images);
        let report = SmoothnessReport {
            asked,
            images,
            jacobian: Vec::new(),
            radius_linf: Vec::new(),
            radius_l2: Vec::new(),
            noise: vec![Noisy::default(); SIGMAS.len()],
            limit: Vec::new(),
            off_kinks: OffKinks::default(),
            surface: vec![vec![Vec::new(); STEPS.len()]; STEPS.len()],
        };
        Ok(Self { data, classifier, report })
    }

    /// 1 at the class with the largest logit but the true one, `[n, classes]`.
    fn runner_up(&self, logits: &[f32], labels: &[u8]) -> Tensor<2> {
        let network = self.classifier.network();
        let classes = network.config().classes;
        let runners_up = logits.chunks_exact(classes).zip(labels).map(|(row, &label)| {
            let mut row = row.to_vec();
            row[usize::from(label)] = f32::NEG_INFINITY;
            argmax(&row) as u8
        });
        crate::data::one_hot(&runners_up.collect::<Vec<u8>>(), classes, &network.device())
    }

    /// Takes the columns in the order in which [`Run::advance`] computes them.
    fn keep<'a>(&mut self, columns: &mut impl Iterator<Item = &'a [f32]>, pixels: f32) {
        let mut next = || -> Column { columns.next().unwrap_or_default().iter().copied().map(finite).collect() };
        let report = &mut self.report;
        report.jacobian.extend(next());
        let (margin, absolute, square) = (next(), next(), next());
        // Farther than across the cube of all images no boundary can be; without a slope there is no first order.
        let radius = |(margin, slope): (&Option<f32>, Option<f32>), most: f32| {
            let (margin, slope) = ((*margin)?, slope.filter(|slope| *slope > 0.0)?);
            Some((margin.max(0.0) / slope).min(most))
        };
        report.radius_linf.extend(margin.iter().zip(absolute).map(|pair| radius(pair, 1.0)));
        let length = square.into_iter().map(|square| square.map(f32::sqrt));
        report.radius_l2.extend(margin.iter().zip(length).map(|pair| radius(pair, pixels.sqrt())));
        for noisy in &mut report.noise {
            noisy.ds.extend(next());
            let (product, here, there) = (next(), next(), next());
            let cosine = |i: usize| {
                let (a, b) = (here[i]?.sqrt(), there[i]?.sqrt());
                (a > 0.0 && b > 0.0).then_some((product[i]? / a / b).clamp(-1.0, 1.0))
            };
            noisy.cosine.extend((0..product.len()).map(cosine));
        }
        report.limit.extend(next());
        report.off_kinks.limit.extend(next());
        report.off_kinks.jacobian.extend(next());
        report.surface.iter_mut().flatten().for_each(|losses| losses.extend(next()));
    }
}

impl Run for Smoothing {
    type Report = SmoothnessReport;

    /// Some more images. The report is large and of use when it is whole: true for the last of them.
    async fn advance(&mut self) -> Result<bool> {
        let images: Vec<usize> = self.report.images.iter().copied().skip(self.progress().0).take(CHUNK).collect();
        if images.is_empty() {
            return Ok(false);
        }
        let network = self.classifier.network();
        let classes = network.config().classes;
        let batch = self.data.test.batch(&images, classes, &network.device());
        let x = &batch.images;
        let [n, c, h, w] = x.dims();
        let logits = network.forward(x.clone()).logits;
        let runner_up = self.runner_up(&read(logits.clone().reshape([n * classes])).await?, &batch.labels);

        // The gradient of `Σ_k mask · z_k` of each image, for masks `[n, classes]`.
        let along = |x: Tensor<4>, mask: &Tensor<2>| {
            let mask = mask.clone().autodiff();
            value_and_gradient(x, |x| {
                (self.classifier.tracking().forward(x).logits * mask.clone()).sum_dim(1).reshape([n])
            })
        };
        let all = Tensor::<2>::eye(classes, &network.device());
        let jacobian = |x: &Tensor<4>| {
            (0..classes)
                .map(|class| along(x.clone(), &all.clone().narrow(0, class, 1).repeat_dim(0, n)).1)
                .fold(Tensor::zeros([n], &network.device()), |sum, gradient| sum + dot(&gradient, &gradient))
        };
        let (margin, slope) = along(x.clone(), &(batch.targets.clone() - runner_up));
        let steep = Tensor::cat(vec![margin, dot(&slope, &slope.clone().sign()), dot(&slope, &slope)], 0);

        // Draws are the image's own, whatever else is measured with it.
        let drawn = |index: u64, draw: fn(&mut crate::seed::Rng) -> f32| -> Tensor<4> {
            let values = images.iter().flat_map(|&image| {
                self.report.asked.seed.rng(Stream::Smoothness, (image as u64) << 8 | index).fill(c * h * w, draw)
            });
            Tensor::from_data(TensorData::new(values.collect::<Vec<f32>>(), [n, c, h, w]), &network.device())
        };
        let mut parts = vec![jacobian(x), steep];
        // The mean of `‖z(x + σ δ) − z(x)‖² / σ²`.
        let over_variance = |x: &Tensor<4>, logits: &Tensor<2>, draws: &[Tensor<4>], sigma: f32| {
            let at = |draw: &Tensor<4>| x.clone() + draw.clone().mul_scalar(sigma);
            let ds = |draw| (network.forward(at(draw)).logits - logits.clone()).square().sum_dim(1).reshape([n]);
            let sum = draws.iter().map(ds).fold(Tensor::zeros([n], &network.device()), |sum, ds| sum + ds);
            sum.div_scalar(draws.len() as f32 * sigma * sigma)
        };
        let here = along(x.clone(), &batch.targets).1;
        let normal = |index: usize| drawn(index as u64, crate::seed::Rng::normal);
        let draws: Vec<Tensor<4>> = (0..DRAWS).map(normal).collect();
        for sigma in SIGMAS {
            parts.push(over_variance(x, &logits, &draws, sigma));
            let there = along(x.clone() + draws[0].clone().mul_scalar(sigma), &batch.targets).1;
            parts.extend([dot(&here, &there), dot(&here, &here), dot(&there, &there)]);
        }
        // The draw after those of the noise is that of the surface.
        let moved = x.clone() + normal(DRAWS + 1).mul_scalar(MOVE);
        let tiny: Vec<Tensor<4>> = (0..TINY_DRAWS).map(|draw| normal(DRAWS + 2 + draw)).collect();
        let off_kinks = network.forward(moved.clone()).logits;
        parts.extend([
            over_variance(x, &logits, &tiny, TINY_SIGMA),
            over_variance(&moved, &off_kinks, &tiny, TINY_SIGMA),
            jacobian(&moved),
        ]);
        let downhill = slope.sign();
        let random = drawn(DRAWS as u64, |rng| if rng.below(2) == 0 { -1.0 } else { 1.0 });
        for s in STEPS {
            for t in STEPS {
                let point = x.clone() - downhill.clone().mul_scalar(s) + random.clone().mul_scalar(t);
                parts.push(cross_entropies(&network.forward(point), &batch.targets));
            }
        }
        let values = read(Tensor::cat(parts, 0)).await?;
        self.keep(&mut values.chunks_exact(n), (c * h * w) as f32);
        let (done, all) = self.progress();
        Ok(done == all)
    }

    fn progress(&self) -> (usize, usize) {
        (self.report.jacobian.len(), self.report.images.len())
    }

    fn report(&self) -> &SmoothnessReport {
        &self.report
    }
}

impl Resumable for Smoothing {
    fn columns(&mut self, columns: &mut Columns<'_>) {
        self.report.all().for_each(|values| columns.column(values));
    }

    fn is_sound(&mut self) -> bool {
        let (done, all) = self.progress();
        let test = &self.data.test;
        let diagonal = ((test.channels * test.height * test.width) as f32).sqrt();
        let report = &mut self.report;
        let known = |column: &Column, [least, most]: [f32; 2]| {
            column.iter().flatten().all(|value| (least..=most).contains(value))
        };
        let angles = report.noise.iter().all(|noisy| known(&noisy.cosine, [-1.0, 1.0]));
        let radii = known(&report.radius_linf, [0.0, 1.0]) && known(&report.radius_l2, [0.0, diagonal]);
        // The rest has no bound; of the cosine, it was checked.
        (done == all || done < all && done.is_multiple_of(CHUNK))
            && angles
            && radii
            && report.all().all(|values| values.len() == done && known(values, [-1.0, f32::MAX]))
    }
}
