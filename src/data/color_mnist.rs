//! Color MNIST: digits in colours that give the class away in training and say nothing in the test.
//!
//! After Kim et al. 2019 ("Learning Not to Learn"): one mean colour a digit, and each image's colour drawn from
//! N(mean, σ²) in every channel. The palette (each channel a permutation of 0.05, 0.15, … 0.95) follows a public
//! regenerator; multiplying the grey stroke by the colour, which keeps its soft edges, is ours.

use super::Split;
use crate::seed::{Seed, Stream};

/// Mean colour `[r, g, b]` of each digit, in 0..1.
pub fn palette(seed: Seed) -> [[f32; 3]; 10] {
    let mut rng = seed.rng(Stream::Color, 0);
    let mut colors = [[0.0; 3]; 10];
    for channel in 0..3 {
        for (color, level) in colors.iter_mut().zip(rng.permutation(10)) {
            color[channel] = 0.05 + 0.1 * level as f32;
        }
    }
    colors
}

/// Colours grey digits. `variance` is σ² of each channel (0.02 to 0.05). When `biased`, the mean colour is that of
/// the label; otherwise that of a uniformly drawn digit, so colour says nothing about the class.
pub fn tint(grey: &Split, seed: Seed, variance: f32, biased: bool) -> Split {
    let colors = palette(seed);
    let mut rng = seed.rng(Stream::Color, if biased { 1 } else { 2 });
    let area = grey.height * grey.width;
    let mut pixels = Vec::with_capacity(grey.pixels.len() * 3);
    for (image, &label) in grey.pixels.chunks_exact(area).zip(&grey.labels) {
        let digit = if biased { usize::from(label) } else { rng.below(10) };
        let color = colors[digit].map(|mean| (mean + variance.sqrt() * rng.normal()).clamp(0.0, 1.0));
        for level in color {
            pixels.extend(image.iter().map(|&stroke| (f32::from(stroke) * level).round() as u8));
        }
    }
    Split { channels: 3, pixels, alpha: grey.pixels.clone(), labels: grey.labels.clone(), ..*grey }
}

/// Share of `images` drawn colours whose nearest mean colour is that of their own digit: what a model could reach in
/// training by colour alone.
pub fn ceiling(seed: Seed, variance: f32, images: usize) -> f32 {
    let colors = palette(seed);
    let mut rng = seed.rng(Stream::Color, 3);
    let hits = (0..images).filter(|i| {
        let color = colors[i % 10].map(|mean| (mean + variance.sqrt() * rng.normal()).clamp(0.0, 1.0));
        let distance = |digit: &usize| colors[*digit].iter().zip(color).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        (0..10).min_by(|a, b| distance(a).total_cmp(&distance(b))) == Some(i % 10)
    });
    hits.count() as f32 / images.max(1) as f32
}
