//! RayS (Chen and Gu 2020): a hard-label attack.
//!
//! Along a direction d of signs the distance to the decision boundary is a number; RayS flips blocks of signs, coarse
//! to fine, and keeps a flip when the boundary comes nearer. One query tells only which class is predicted.

use super::Budget;
use crate::data::Batch;
use crate::error::Result;
use crate::model::Differentiable;
use crate::tensor::{argmax, read};
use burn::tensor::{Tensor, TensorData};

/// A bracket of the distance narrower than this share of it is narrow enough.
const PRECISION: f32 = 0.02;

/// The search of one image.
struct Ray {
    /// One sign a value: the best direction so far, or the trial.
    signs: Vec<f32>,
    /// Misclassified at this radius along `signs`; the largest radius until that is so.
    radius: f32,
    found: bool,
    /// While the distance along `signs` is searched: classified correctly below.
    below: Option<f32>,
    /// Blocks of the next flip: how many there are, and which one.
    blocks: usize,
    block: usize,
    /// Whether the present query asks about a flip.
    flipped: bool,
}

impl Ray {
    fn new(values: usize, furthest: f32) -> Self {
        Self {
            signs: vec![1.0; values],
            radius: furthest,
            found: false,
            below: None,
            blocks: 1,
            block: 0,
            flipped: false,
        }
    }

    fn flip(&mut self) {
        let values = self.signs.len();
        let size = values.div_ceil(self.blocks);
        let block = (self.block * size).min(values)..((self.block + 1) * size).min(values);
        self.signs[block].iter_mut().for_each(|sign| *sign = -*sign);
    }

    /// The radius to ask about next; makes the flip that the query is about.
    fn ask(&mut self) -> f32 {
        match self.below {
            Some(below) => 0.5 * (below + self.radius),
            None => {
                // The very first query is about the direction as it is.
                self.flipped = self.blocks > 1 || self.block > 0;
                if self.flipped {
                    self.flip();
                }
                self.radius
            }
        }
    }

    /// What the answer to [`Ray::ask`] teaches.
    fn learn(&mut self, asked: f32, wrong: bool) {
        match self.below {
            Some(below) => {
                if wrong {
                    self.radius = asked;
                } else {
                    self.below = Some(asked);
                }
                let below = if wrong { below } else { asked };
                if self.radius - below <= PRECISION * self.radius {
                    self.below = None;
                }
            }
            None => {
                if wrong {
                    self.found = true;
                    self.below = Some(0.0);
                } else if self.flipped {
                    self.flip();
                }
                self.block += 1;
                if self.block >= self.blocks {
                    self.blocks = if self.blocks >= self.signs.len() { 2 } else { self.blocks * 2 };
                    self.block = 0;
                }
            }
        }
    }
}

/// The nearest misclassified points found with `queries` forward passes; an image whose point lies within the ball
/// asks no more, but stays in the batch.
pub(super) async fn search(
    classifier: &impl Differentiable,
    batch: &Batch,
    budget: Budget,
    queries: usize,
) -> Result<Tensor<4>> {
    let x = &batch.images;
    let [n, classes] = batch.targets.dims();
    let values: usize = x.dims()[1..].iter().product();
    let furthest = Budget::everything(budget.norm, values);
    let unit = furthest.corner(values) / furthest.epsilon;
    let along = |rays: &[Ray], radii: &[f32]| {
        let change: Vec<f32> =
            rays.iter().zip(radii).flat_map(|(ray, radius)| ray.signs.iter().map(move |s| s * radius * unit)).collect();
        (x.clone() + Tensor::from_data(TensorData::new(change, x.dims()), &x.device())).clamp(0.0, 1.0)
    };
    let mut rays: Vec<Ray> = (0..n).map(|_| Ray::new(values, furthest.epsilon)).collect();
    for _ in 0..queries {
        let asking: Vec<bool> = rays.iter().map(|ray| !(ray.found && ray.radius <= budget.epsilon)).collect();
        if !asking.contains(&true) {
            break;
        }
        let radii: Vec<f32> =
            rays.iter_mut().zip(&asking).map(|(ray, &asks)| if asks { ray.ask() } else { ray.radius }).collect();
        let logits = read(classifier.logits(along(&rays, &radii)).reshape([n * classes])).await?;
        for (i, row) in logits.chunks_exact(classes).enumerate() {
            if asking[i] {
                rays[i].learn(radii[i], argmax(row) != usize::from(batch.labels[i]));
            }
        }
    }
    let radii: Vec<f32> = rays.iter().map(|ray| ray.radius.min(budget.epsilon)).collect();
    Ok(budget.project(along(&rays, &radii), x))
}
