//! Textures behind objects whose mask is known. All of it is ours.

use super::{Data, Ground, Split, idx::Idx, resize::bilinear};
use crate::error::{Code, Error, Result};
use crate::seed::{Rng, Seed, Stream};

/// Cells a side of the random grid of a cloudy texture.
const GRID: usize = 5;

/// A texture `[3, h, w]` in 0..1: stripes, checks or clouds of random size and direction, between two random colours.
pub fn texture(h: usize, w: usize, rng: &mut Rng) -> Vec<f32> {
    let [from, to] = [(); 2].map(|()| [(); 3].map(|()| rng.uniform(0.1, 0.9)));
    let kind = rng.below(3);
    let (angle, period, phase) = (rng.uniform(0.0, 3.15), rng.uniform(4.0, 12.0), rng.uniform(0.0, 6.3));
    let grid = rng.fill(GRID * GRID, |rng| rng.uniform(0.0, 1.0));
    let (sin, cos) = angle.sin_cos();
    let level = |row: f32, column: f32| {
        let wave = |at: f32| 0.5 + 0.5 * (at * std::f32::consts::TAU / period + phase).sin();
        let (along, across) = (column * cos + row * sin, row * cos - column * sin);
        match kind {
            0 => wave(along),
            1 => f32::from(u8::from((wave(along) > 0.5) == (wave(across) > 0.5))),
            _ => {
                let place = |at: f32, size: usize| at / size as f32 * (GRID - 1) as f32;
                bilinear(&grid, GRID, GRID, place(row, h), place(column, w))
            }
        }
    };
    let levels: Vec<f32> = (0..h * w).map(|i| level((i / w) as f32, (i % w) as f32)).collect();
    from.iter().zip(to).flat_map(|(from, to)| levels.iter().map(move |level| from + (to - from) * level)).collect()
}

/// The first stream of the textures of the test images; those of the training images begin at 0.
pub(super) const TEST: u64 = 1 << 32;

impl Data {
    /// Test image `i` on another texture, drawn from `rng`, `[c, h, w]` in 0..1. Emoji change theirs; digits, whose own
    /// brightness is their mask, get one in place of black. Nothing where no mask is known. `i` must be a test image.
    pub fn on_another_background(&self, i: usize, rng: &mut Rng) -> Option<Vec<f32>> {
        let Split { channels, height: h, width: w, ref alpha, .. } = self.test;
        let area = h * w;
        let image: Vec<f32> = self.test.image(i).collect();
        let before = match self.dataset.ground()? {
            Ground::Texture => texture(h, w, &mut self.seed.rng(Stream::Background, TEST + i as u64)),
            Ground::Black => vec![0.0; 3 * area],
        };
        let behind = texture(h, w, rng);
        let open =
            |p: usize| if alpha.is_empty() { 1.0 - image[p] } else { 1.0 - f32::from(alpha[i * area + p]) / 255.0 };
        // Grey digits take the first channel of the texture.
        let value = |k: usize| image[k] + open(k % area) * (behind[k] - before[k]);
        Some((0..channels * area).map(|k| value(k).clamp(0.0, 1.0)).collect())
    }
}

/// Pictures with transparency, `[n, h, w, 4]`, each on a texture of its own: the texture of image `i` is stream
/// `first + i` of [`Stream::Background`]. The transparency becomes [`Split::alpha`].
///
/// # Errors
/// `InvalidData` for another shape, or labels that do not fit.
pub(super) fn compose(rgba: &Idx, labels: Vec<u8>, classes: usize, seed: Seed, first: u64) -> Result<Split> {
    let [_, h, w, 4] = rgba.dims[..] else {
        return Err(Error::new(
            Code::InvalidData,
            format!("Pictures with transparency must have 4 dimensions and 4 channels; found {:?}.", rgba.dims),
        ));
    };
    let area = h * w;
    let mut pixels = Vec::with_capacity(rgba.values.len() / 4 * 3);
    for (i, image) in rgba.values.chunks_exact((4 * area).max(1)).enumerate() {
        let behind = texture(h, w, &mut seed.rng(Stream::Background, first + i as u64));
        for channel in 0..3 {
            pixels.extend(image.chunks_exact(4).zip(&behind[channel * area..]).map(|(rgba, behind)| {
                let alpha = f32::from(rgba[3]) / 255.0;
                (f32::from(rgba[channel]) * alpha + 255.0 * behind * (1.0 - alpha)).round() as u8
            }));
        }
    }
    let alpha = rgba.values.chunks_exact(4).map(|rgba| rgba[3]).collect();
    Ok(Split { alpha, ..Split::new(3, h, w, pixels, labels, classes)? })
}
