//! How smooth a model is around real images: what the constraint is said to do, measured.
//!
//! For δ ~ N(0, σ²I), `E ‖z(x + δ) − z(x)‖² = σ² ‖J‖² + O(σ⁴)`: DS over σ² meets the squared Frobenius norm of the Jacobian
//! as σ falls, so minimising DS for Gaussian P minimises all gradients of the logits at once. That derivation is ours (after
//! Bishop 1995); the paper's own proof is not known to us. A network with smaller logits is smoother, too, and no more
//! robust: the first-order distance to the boundary, margin over slope, is blind to the scale.

use super::compare::row;
use super::statistics::finite;
use super::{Row, mean, mean_difference};
use crate::attack::{Norm, Victim, argmax, value_and_gradient};
use crate::data::Data;
use crate::error::{Code, Error, Result};
use crate::seed::{Seed, Stream};
use crate::train::{cross_entropies, read};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Images in one unit of work.
const CHUNK: usize = 10;
/// Most images.
const LIMIT: usize = 1000;
/// Draws of δ an image for each σ.
const DRAWS: usize = 4;
/// Standard deviations σ of the noise δ. It is not clipped to pixels: the derivation needs all of it.
pub const SIGMAS: [f32; 6] = [0.01, 0.03, 0.05, 0.1, 0.2, 0.3];
/// Lengths of the steps of the loss surface in every pixel, along each of its two directions.
pub const STEPS: [f32; 7] = [0.0, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3];

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Smoothness {
    /// Number of test images, chosen by the seed; 1 to 1000.
    pub images: usize,
    /// Chooses the images and the draws.
    pub seed: Seed,
}

/// What noise of one strength does to each image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Noisy {
    /// `‖z(x + δ) − z(x)‖² / σ²`, the mean over four draws of δ.
    pub ds: Vec<f32>,
    /// Cosine between the gradients of the true logit at x and at x + δ; 1 where both vanish.
    pub cosine: Vec<f32>,
}

/// What was measured; all innermost vectors are in the order of `images`, as far as the run has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmoothnessReport {
    /// What was asked for.
    pub asked: Smoothness,
    /// The test images, by index.
    pub images: Vec<usize>,
    /// `‖J‖²`, the squared Frobenius norm of the Jacobian of the logits: exact, one backward pass a class.
    pub jacobian: Vec<f32>,
    /// First-order ℓ∞ distance to the boundary, `max(0, m) / ‖∇m‖₁` with the margin `m = z_y − max z_j`; at most 1.
    pub radius_linf: Vec<f32>,
    /// The same for ℓ2, `max(0, m) / ‖∇m‖₂`; at most the diagonal of the unit cube.
    pub radius_l2: Vec<f32>,
    /// At each of [`SIGMAS`].
    pub noise: Vec<Noisy>,
    /// Cross-entropy at `x − s g + t r`, `surface[s][t]` over [`STEPS`]: g is the sign of the gradient of the margin, r a
    /// random sign in every pixel. Not clipped to pixels.
    pub surface: Vec<Vec<Vec<f32>>>,
}

/// Measuring in progress: dropping it cancels.
pub struct Smoothing {
    data: Rc<Data>,
    victim: Victim,
    report: SmoothnessReport,
}

impl SmoothnessReport {
    /// All columns of numbers, one value an image.
    fn all(&mut self) -> impl Iterator<Item = &mut Vec<f32>> {
        let noise = self.noise.iter_mut().flat_map(|noisy| [&mut noisy.ds, &mut noisy.cosine]);
        let slopes = [&mut self.jacobian, &mut self.radius_linf, &mut self.radius_l2];
        slopes.into_iter().chain(noise).chain(self.surface.iter_mut().flatten())
    }
}

impl super::checkpoint::Resumable for Smoothing {
    fn columns(&mut self, columns: &mut super::checkpoint::Columns<'_>) {
        self.report.all().for_each(|values| columns.column(values));
    }

    fn is_sound(&mut self) -> bool {
        let (done, all) = self.progress();
        done <= all && self.report.all().all(|values| values.len() == done)
    }
}

/// Each image's sum of `a · b`, `[n]`.
fn dot(a: &Tensor<4>, b: &Tensor<4>) -> Tensor<1> {
    let [n, c, h, w] = a.dims();
    (a.clone() * b.clone()).reshape([n, c * h * w]).sum_dim(1).reshape([n])
}

impl Smoothing {
    /// Measures `victim`.
    ///
    /// # Errors
    /// `NotReady` without test images, `InvalidSetting` for a number of images out of range, `WeightsMismatch`.
    pub fn new(data: Rc<Data>, asked: Smoothness, victim: Victim) -> Result<Self> {
        if data.test.is_empty() {
            return Err(Error::new(Code::NotReady, "The test images are not loaded."));
        }
        if !(1..=LIMIT).contains(&asked.images) {
            return Err(Error::setting("The number of images", asked.images, format!("1 to {LIMIT}")));
        }
        victim.network().config().check_images(&data.test)?;
        let mut images = asked.seed.rng(Stream::Evaluation, 0).permutation(data.test.len());
        images.truncate(asked.images);
        let report = SmoothnessReport {
            asked,
            images,
            jacobian: Vec::new(),
            radius_linf: Vec::new(),
            radius_l2: Vec::new(),
            noise: vec![Noisy::default(); SIGMAS.len()],
            surface: vec![vec![Vec::new(); STEPS.len()]; STEPS.len()],
        };
        Ok(Self { data, victim, report })
    }

    /// Images done and in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.report.jacobian.len(), self.report.images.len())
    }

    /// What is known so far.
    pub fn report(&self) -> &SmoothnessReport {
        &self.report
    }

    /// Measures some more images; true when there were any.
    ///
    /// # Errors
    /// `Device` when the device is lost.
    pub async fn advance(&mut self) -> Result<bool> {
        let images: Vec<usize> = self.report.images.iter().copied().skip(self.progress().0).take(CHUNK).collect();
        if images.is_empty() {
            return Ok(false);
        }
        let network = self.victim.network();
        let classes = network.config().classes;
        let batch = self.data.test.batch(&images, classes, &network.device());
        let x = &batch.images;
        let [n, c, h, w] = x.dims();
        let logits = network.forward(x.clone()).logits;
        let runner_up = self.runner_up(&read(logits.clone().reshape([n * classes])).await?, &batch.labels);

        // The gradient of `Σ_k mask · z_k` of each image, for masks `[n, classes]`.
        let along = |x: Tensor<4>, mask: &Tensor<2>| {
            let mask = mask.clone().autodiff();
            value_and_gradient(x, |x| (self.victim.tracking().forward(x).logits * mask.clone()).sum_dim(1).reshape([n]))
        };
        let all = Tensor::<2>::eye(classes, &network.device());
        let jacobian = (0..classes)
            .map(|class| along(x.clone(), &all.clone().narrow(0, class, 1).repeat_dim(0, n)).1)
            .fold(Tensor::zeros([n], &network.device()), |sum, gradient| sum + dot(&gradient, &gradient));
        let (margin, slope) = along(x.clone(), &(batch.targets.clone() - runner_up));
        let steep = Tensor::cat(vec![margin, dot(&slope, &slope.clone().sign()), dot(&slope, &slope)], 0);

        // Draws are the image's own, whatever else is measured with it.
        let drawn = |index: u64, draw: fn(&mut crate::seed::Rng) -> f32| -> Tensor<4> {
            let values = images.iter().flat_map(|&image| {
                self.report.asked.seed.rng(Stream::Smoothness, (image as u64) << 8 | index).fill(c * h * w, draw)
            });
            Tensor::from_data(TensorData::new(values.collect::<Vec<f32>>(), [n, c, h, w]), &network.device())
        };
        let mut parts = vec![jacobian, steep];
        let here = along(x.clone(), &batch.targets).1;
        let draws: Vec<Tensor<4>> = (0..DRAWS as u64).map(|index| drawn(index, crate::seed::Rng::normal)).collect();
        for sigma in SIGMAS {
            let at = |draw: &Tensor<4>| x.clone() + draw.clone().mul_scalar(sigma);
            let ds = |draw| (network.forward(at(draw)).logits - logits.clone()).square().sum_dim(1).reshape([n]);
            let sum = draws.iter().map(ds).fold(Tensor::zeros([n], &network.device()), |sum, ds| sum + ds);
            parts.push(sum.div_scalar(DRAWS as f32 * sigma * sigma));
            let there = along(at(&draws[0]), &batch.targets).1;
            parts.extend([dot(&here, &there), dot(&here, &here), dot(&there, &there)]);
        }
        let downhill = slope.sign();
        let random = drawn(DRAWS as u64, |rng| if rng.below(2) == 0 { -1.0 } else { 1.0 });
        for s in STEPS {
            for t in STEPS {
                let point = x.clone() - downhill.clone().mul_scalar(s) + random.clone().mul_scalar(t);
                parts.push(cross_entropies(&network.forward(point), &batch.targets));
            }
        }
        let values = finite(read(Tensor::cat(parts, 0)).await?);
        self.keep(&mut values.chunks_exact(n), (c * h * w) as f32);
        Ok(true)
    }

    /// 1 at the class with the largest logit but the true one, `[n, classes]`.
    fn runner_up(&self, logits: &[f32], labels: &[u8]) -> Tensor<2> {
        let network = self.victim.network();
        let classes = network.config().classes;
        let rivals = logits.chunks_exact(classes).zip(labels).map(|(row, &label)| {
            let mut row = row.to_vec();
            row[usize::from(label)] = f32::NEG_INFINITY;
            argmax(&row) as u8
        });
        crate::data::one_hot(&rivals.collect::<Vec<u8>>(), classes, &network.device())
    }

    /// Takes the columns in the order in which [`Smoothing::advance`] computes them.
    fn keep<'a>(&mut self, columns: &mut impl Iterator<Item = &'a [f32]>, pixels: f32) {
        let mut next = || columns.next().unwrap_or_default();
        let report = &mut self.report;
        report.jacobian.extend(next());
        let (margin, absolute, square) = (next(), next(), next());
        // Farther than across the cube of all images no boundary can be; a constant network has none.
        let radius = |margin: f32, slope: f32, most: f32| if margin > 0.0 { (margin / slope).min(most) } else { 0.0 };
        report.radius_linf.extend(margin.iter().zip(absolute).map(|(&m, &slope)| radius(m, slope, 1.0)));
        report.radius_l2.extend(margin.iter().zip(square).map(|(&m, &s)| radius(m, s.sqrt(), pixels.sqrt())));
        for noisy in &mut report.noise {
            noisy.ds.extend(next());
            let (product, here, there) = (next(), next(), next());
            let cosine = |i: usize| match (here[i].sqrt(), there[i].sqrt()) {
                (0.0, 0.0) => 1.0,
                (a, b) if a == 0.0 || b == 0.0 => 0.0,
                (a, b) => (product[i] / a / b).clamp(-1.0, 1.0),
            };
            noisy.cosine.extend((0..product.len()).map(cosine));
        }
        report.surface.iter_mut().flatten().for_each(|losses| losses.extend(next()));
    }
}

/// Two models side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SmoothnessComparison {
    /// Images.
    pub n: usize,
    /// Jacobian and radii.
    pub rows: Vec<Row>,
    /// [`SIGMAS`].
    pub sigmas: [f32; SIGMAS.len()],
    /// DS over σ² at each σ; meets the row `jacobian` as σ falls.
    pub ds: Vec<Row>,
    /// Cosine between gradients at each σ.
    pub cosine: Vec<Row>,
    /// [`STEPS`].
    pub steps: [f32; STEPS.len()],
    /// Cross-entropy at each step against the margin.
    pub against: Vec<Row>,
    /// Cross-entropy at each step in a random direction.
    pub sideways: Vec<Row>,
    /// Mean cross-entropy over both directions, for both models.
    pub surfaces: [Vec<Vec<f64>>; 2],
}

/// Compares two reports on the same images, as far as both have come.
///
/// # Errors
/// `InvalidSetting` for reports of different questions, or damaged ones.
pub fn compare_smoothness(plain: &SmoothnessReport, continuity: &SmoothnessReport) -> Result<SmoothnessComparison> {
    let n = plain.jacobian.len().min(continuity.jacobian.len());
    let sound = |report: &SmoothnessReport| {
        let columns = [&report.jacobian, &report.radius_linf, &report.radius_l2].into_iter();
        let noise = report.noise.iter().flat_map(|noisy| [&noisy.ds, &noisy.cosine]);
        report.noise.len() == SIGMAS.len()
            && report.surface.len() == STEPS.len()
            && report.surface.iter().all(|row| row.len() == STEPS.len())
            && columns.chain(noise).chain(report.surface.iter().flatten()).all(|column| column.len() >= n)
    };
    let same = plain.asked == continuity.asked && plain.images == continuity.images;
    if n == 0 || !(same && sound(plain) && sound(continuity)) {
        return Err(Error::new(Code::InvalidSetting, "The two results are not answers to the same question."));
    }
    let line = |id: &str, label: String, help: &str, better: &str, of: &dyn Fn(&SmoothnessReport) -> Vec<f32>| {
        let rng = || plain.asked.seed.rng(Stream::Bootstrap, 0);
        let (mut p, mut c) = (of(plain), of(continuity));
        p.truncate(n);
        c.truncate(n);
        let difference = mean_difference(&p, &c, &mut rng());
        row(id, label, help.into(), "", better, mean(&p, &mut rng()), mean(&c, &mut rng()), difference)
    };
    let ds = |(k, sigma): (usize, f32)| {
        let help = "Mean squared distance between the logits for x and x + δ, over σ²: the squared Jacobian, seen through noise.";
        line("ds", format!("DS / σ², σ = {sigma}"), help, "lower", &|report| report.noise[k].ds.clone())
    };
    let cosine = |(k, sigma): (usize, f32)| {
        let help =
            "Cosine between the gradients of the true logit at x and at x + δ: 1 is a gradient that does not turn.";
        line("cosine", format!("Cosine of gradients, σ = {sigma}"), help, "higher", &|report| {
            report.noise[k].cosine.clone()
        })
    };
    let loss = |(s, t): (usize, usize)| {
        let (id, step) = if t == 0 { ("against", STEPS[s]) } else { ("sideways", STEPS[t]) };
        let help = "Mean cross-entropy this far from x in every pixel.";
        line(id, format!("Cross-entropy, step {step}"), help, "lower", &|report| report.surface[s][t].clone())
    };
    let radius = |id: &str, norm: Norm, of: &dyn Fn(&SmoothnessReport) -> Vec<f32>| {
        let help = "Margin over the slope of the margin: how far away the boundary is, were the network linear. Shrinking all logits does not change it.";
        line(id, format!("First-order radius, {}", norm.label()), help, "higher", of)
    };
    let squared =
        "Squared Frobenius norm of the Jacobian of the logits. Small is smooth, but so is a network with small logits.";
    let surface = |report: &SmoothnessReport| -> Vec<Vec<f64>> {
        let average = |losses: &Vec<f32>| losses[..n].iter().map(|&loss| f64::from(loss)).sum::<f64>() / n as f64;
        report.surface.iter().map(|row| row.iter().map(average).collect()).collect()
    };
    Ok(SmoothnessComparison {
        n,
        rows: vec![
            line("jacobian", "‖J‖²".into(), squared, "lower", &|report| report.jacobian.clone()),
            radius("radius-linf", Norm::Linf, &|report| report.radius_linf.clone()),
            radius("radius-l2", Norm::L2, &|report| report.radius_l2.clone()),
        ],
        sigmas: SIGMAS,
        ds: SIGMAS.into_iter().enumerate().map(ds).collect(),
        cosine: SIGMAS.into_iter().enumerate().map(cosine).collect(),
        steps: STEPS,
        against: (0..STEPS.len()).map(|s| loss((s, 0))).collect(),
        sideways: (0..STEPS.len()).map(|t| loss((0, t))).collect(),
        surfaces: [surface(plain), surface(continuity)],
    })
}
