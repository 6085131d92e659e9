//! Host draws and device application.

use super::{Component, Kind, Perturbation, color, noise, resample};
use crate::seed::Rng;
use burn::tensor::{Device, Tensor, TensorData};

/// How random amounts use the allowed range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Uniform in ±strength, as in training and evaluation.
    Uniform,
    /// Exactly ±strength with a random sign, so that a figure shows what its slider says.
    Full,
}

impl Spread {
    /// A signed amount of at most `strength`.
    fn amount(self, strength: f32, rng: &mut Rng) -> f32 {
        let u = rng.uniform(-1.0, 1.0);
        match self {
            Spread::Uniform => strength * u,
            Spread::Full => strength.copysign(u),
        }
    }
}

/// What one component does to a batch, with all its random numbers fixed.
enum Change {
    Identity,
    /// x + δ; `[n, c, h, w]`.
    Add(Vec<f32>),
    /// x + o; one offset an image.
    Offset(Vec<f32>),
    /// mean + f · (x − mean); one factor an image.
    Contrast(Vec<f32>),
    /// A 3×3 matrix on the channels; `[n, 3, 3]`.
    Channels(Vec<f32>),
    /// A · x · Bᵀ; `[k, h, h]` and `[k, w, w]` with k = n or 1.
    Resample(Vec<f32>, Vec<f32>),
}

/// A perturbation of one batch with every random number drawn: the same `Draw` gives the same pictures on
/// every engine.
pub struct Draw {
    shape: [usize; 4],
    changes: Vec<Change>,
    /// Which component each image takes.
    choice: Vec<usize>,
}

impl Perturbation {
    /// Draws for a batch of shape `[n, c, h, w]`. Components must have passed
    /// [`check_channels`](Perturbation::check_channels).
    pub fn draw(&self, shape: [usize; 4], spread: Spread, rng: &mut Rng) -> Draw {
        let n = shape[0];
        let choice = match self.components.len() {
            1 => vec![0; n],
            k => (0..n).map(|_| rng.below(k)).collect(),
        };
        let changes = self.components.iter().map(|component| change(component, shape, spread, rng)).collect();
        Draw { shape, changes, choice }
    }
}

fn change(&Component { kind, strength }: &Component, shape: [usize; 4], spread: Spread, rng: &mut Rng) -> Change {
    let [n, c, h, w] = shape;
    if strength == 0.0 {
        return Change::Identity;
    }
    match kind {
        Kind::Gaussian => Change::Add(noise::gaussian(n * c * h * w, strength, rng)),
        Kind::Uniform => Change::Add(noise::uniform(n * c * h * w, strength, rng)),
        Kind::Brightness => Change::Offset(rng.fill(n, |rng| spread.amount(strength, rng))),
        Kind::Contrast => Change::Contrast(rng.fill(n, |rng| 1.0 + spread.amount(strength, rng))),
        Kind::Saturation => {
            Change::Channels((0..n).flat_map(|_| color::saturation(1.0 + spread.amount(strength, rng))).collect())
        }
        Kind::Hue => Change::Channels((0..n).flat_map(|_| color::hue(spread.amount(strength, rng))).collect()),
        Kind::BoxBlur => Change::Resample(resample::box_blur(h, strength), resample::box_blur(w, strength)),
        Kind::GaussianBlur => {
            Change::Resample(resample::gaussian_blur(h, strength), resample::gaussian_blur(w, strength))
        }
        Kind::Shift => Change::Resample(
            (0..n).flat_map(|_| resample::shift(h, spread.amount(strength, rng))).collect(),
            (0..n).flat_map(|_| resample::shift(w, spread.amount(strength, rng))).collect(),
        ),
    }
}

impl Change {
    fn apply(&self, x: Tensor<4>, [n, c, h, w]: [usize; 4], device: &Device) -> Tensor<4> {
        let tensor =
            |values: &[f32], shape: [usize; 4]| Tensor::<4>::from_data(TensorData::new(values.to_vec(), shape), device);
        match self {
            Change::Identity => x,
            Change::Add(delta) => x + tensor(delta, [n, c, h, w]),
            Change::Offset(offset) => x + tensor(offset, [n, 1, 1, 1]),
            Change::Contrast(factor) => {
                let mean = x.clone().reshape([n, c * h * w]).mean_dim(1).reshape([n, 1, 1, 1]);
                (x - mean.clone()) * tensor(factor, [n, 1, 1, 1]) + mean
            }
            Change::Channels(matrices) => {
                let matrices = Tensor::<3>::from_data(TensorData::new(matrices.clone(), [n, 3, 3]), device);
                matrices.matmul(x.reshape([n, 3, h * w])).reshape([n, 3, h, w])
            }
            Change::Resample(rows, columns) => {
                let k = rows.len() / (h * h);
                let rows = tensor(rows, [k, 1, h, h]).expand([n, c, h, h]);
                let columns = tensor(columns, [k, 1, w, w]).expand([n, c, w, w]);
                rows.matmul(x).matmul(columns.transpose())
            }
        }
    }
}

impl Draw {
    /// P(x): applies the draw to `x`, `[n, c, h, w]` of the shape it was drawn for, and clips to `[0, 1]`.
    pub fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        let device = x.device();
        let n = self.shape[0];
        let mut changed = self.changes.iter().enumerate().map(|(component, change)| {
            let y = change.apply(x.clone(), self.shape, &device);
            if self.changes.len() == 1 {
                return y;
            }
            let mine: Vec<f32> = self.choice.iter().map(|&choice| f32::from(choice == component)).collect();
            y * Tensor::<4>::from_data(TensorData::new(mine, [n, 1, 1, 1]), &device)
        });
        let first = changed.next().expect("a perturbation has at least one component");
        changed.fold(first, |sum, y| sum + y).clamp(0.0, 1.0)
    }
}
