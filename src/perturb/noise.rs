//! Additive noise, independent in every pixel.

use crate::seed::Rng;

/// `n` draws of N(0, σ²).
pub(super) fn gaussian(n: usize, sigma: f32, rng: &mut Rng) -> Vec<f32> {
    rng.fill(n, |rng| sigma * rng.normal())
}

/// `n` draws uniform in ±`half_width`.
pub(super) fn uniform(n: usize, half_width: f32, rng: &mut Rng) -> Vec<f32> {
    rng.fill(n, |rng| half_width * rng.uniform(-1.0, 1.0))
}
