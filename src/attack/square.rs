//! Square Attack (Andriushchenko et al. 2020) for ℓ∞.

use super::Budget;
use super::budget::drawn;
use super::loss::lead;
use crate::data::Batch;
use crate::model::Differentiable;
use crate::seed::Rng;
use burn::tensor::{Tensor, TensorData};

/// Share of the image that the first squares cover, as in the reference implementation.
const FIRST_SHARE: f32 = 0.8;
/// Queries, of 10,000, after which the share halves.
const HALVINGS: [usize; 8] = [10, 50, 200, 500, 1000, 2000, 4000, 6000];

/// The best candidates after `queries` forward passes. Whether a square is kept is decided on the device: nothing is
/// read back.
pub(super) fn search(
    classifier: &impl Differentiable,
    batch: &Batch,
    budget: Budget,
    queries: usize,
    rngs: &mut [Rng],
) -> Tensor<4> {
    let x = &batch.images;
    let [n, c, h, w] = x.dims();
    let margin = |images: &Tensor<4>| lead(classifier.logits(images.clone()), &batch.targets).reshape([n, 1, 1, 1]);
    let sign = |rng: &mut Rng| if rng.below(2) == 0 { -budget.epsilon } else { budget.epsilon };
    // Vertical stripes, one sign a column and channel.
    let stripes = drawn(x, rngs, |_, rng| (0..c).flat_map(|_| rng.fill(w, sign).repeat(h)).collect());
    let mut best = budget.project(x.clone() + stripes, x);
    let mut least = margin(&best);
    for query in 1..queries {
        let side = side(query, queries, h, w);
        let mut inside = vec![0f32; n * h * w];
        let mut signs = Vec::with_capacity(n * c);
        for (image, rng) in rngs.iter_mut().enumerate() {
            let (top, left) = (rng.below(h - side + 1), rng.below(w - side + 1));
            for row in top..top + side {
                let start = image * h * w + row * w + left;
                inside[start..start + side].fill(1.0);
            }
            signs.extend(rng.fill(c, sign));
        }
        let device = x.device();
        let inside = Tensor::<4>::from_data(TensorData::new(inside, [n, 1, h, w]), &device);
        let signs = Tensor::<4>::from_data(TensorData::new(signs, [n, c, 1, 1]), &device);
        let outside = inside.clone().neg().add_scalar(1.0);
        let trial = best.clone() * outside + (x.clone() + signs) * inside;
        let trial = budget.project(trial, x);
        let now = margin(&trial);
        let kept = least.clone().greater_equal(now.clone());
        best = best.mask_where(kept.clone().expand([n, c, h, w]), trial);
        least = least.mask_where(kept, now);
    }
    best
}

/// Side of the squares of query `query`.
fn side(query: usize, queries: usize, h: usize, w: usize) -> usize {
    let progress = query * 10_000 / queries;
    let halvings = HALVINGS.iter().filter(|&&at| progress > at).count();
    let share = FIRST_SHARE / f32::powi(2.0, halvings as i32);
    let side = (share * (h * w) as f32).sqrt().round() as usize;
    side.clamp(1, h.min(w).saturating_sub(1).max(1))
}
