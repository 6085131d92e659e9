//! Batches in seeded order.

use crate::seed::{Seed, Stream};

/// Which images make up the batch of each step: every epoch is a new permutation, its last images that do not
/// fill a batch are left out. A function of (seed, step) alone, so a resumed run sees the same batches.
#[derive(Clone, Debug)]
pub struct BatchOrder {
    seed: Seed,
    images: usize,
    batch: usize,
    epoch: usize,
    permutation: Vec<usize>,
}

impl BatchOrder {
    /// Order of `images` images in batches of `batch` (at most `images`; both at least 1).
    pub fn new(seed: Seed, images: usize, batch: usize) -> Self {
        let batch = batch.clamp(1, images.max(1));
        let permutation = seed.rng(Stream::Order, 0).permutation(images);
        Self { seed, images, batch, epoch: 0, permutation }
    }

    /// Indices of the batch of `step`, counted from 0.
    pub fn indices(&mut self, step: usize) -> &[usize] {
        let per_epoch = (self.images / self.batch).max(1);
        let epoch = step / per_epoch;
        if epoch != self.epoch {
            self.permutation = self.seed.rng(Stream::Order, epoch as u64).permutation(self.images);
            self.epoch = epoch;
        }
        let start = (step % per_epoch) * self.batch;
        &self.permutation[start..start + self.batch]
    }
}
