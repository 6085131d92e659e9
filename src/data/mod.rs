//! Labelled images: reading files, the built-in catalogue, Color MNIST, batches in seeded order.
//!
//! Pixels stay `u8` until a batch is made; batches are `[n, c, h, w]`, f32 in 0..1.

mod background;
mod catalogue;
mod cifar;
mod color_mnist;
#[cfg(not(target_family = "wasm"))]
mod folder;
#[cfg(not(target_family = "wasm"))]
mod gzip;
pub mod idx;
mod order;
mod own;
mod resize;
mod single;

pub use background::texture;
pub use catalogue::{Dataset, File, Files, Ground};
pub use cifar::parse as parse_cifar10;
pub use color_mnist::{ceiling, palette, tint};
#[cfg(not(target_family = "wasm"))]
pub use folder::read_folder;
#[cfg(not(target_family = "wasm"))]
pub use gzip::decompress;
pub use order::BatchOrder;
pub(crate) use own::{CLASSES, SIDES};

use crate::error::{Code, Error, Result};
use crate::seed::Seed;
use burn::tensor::{Device, Tensor, TensorData};

/// Largest file read, in bytes and not compressed: full MNIST is 47 MB, full CIFAR-10 in one file 184 MB.
pub const MAX_BYTES: u64 = 256 << 20;

/// Images of one size with their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Channels: 1 (grey) or 3 (RGB).
    pub channels: usize,
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// Class of each image.
    pub labels: Vec<u8>,
    /// `[n, c, h, w]` row-major, 0..=255.
    pub pixels: Vec<u8>,
    /// How much of each pixel is the object, `[n, h, w]`, 0..=255; empty where no mask is known.
    pub alpha: Vec<u8>,
}

/// A dataset ready for training and testing. The training half may be empty when only the test half was loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// Which one.
    pub dataset: Dataset,
    /// The seed of its colours and textures.
    pub seed: Seed,
    /// Training images.
    pub train: Split,
    /// Test images.
    pub test: Split,
}

/// Some images on a device, with their labels on the host and as one-hot rows on the device.
#[derive(Clone, Debug)]
pub struct Batch {
    /// `[n, c, h, w]`, f32 in 0..1.
    pub images: Tensor<4>,
    /// `[n, classes]`, one 1 a row.
    pub targets: Tensor<2>,
    /// Class of each image.
    pub labels: Vec<u8>,
}

impl Split {
    /// Checks that pixels and labels fit together and that every label is below `classes`.
    ///
    /// # Errors
    /// `InvalidData`.
    pub fn new(
        channels: usize,
        height: usize,
        width: usize,
        pixels: Vec<u8>,
        labels: Vec<u8>,
        classes: usize,
    ) -> Result<Self> {
        // A file may name any size, whose product need not fit; beyond what is read no picture can be.
        let size = channels.checked_mul(height).and_then(|rows| rows.checked_mul(width));
        let size = size.filter(|&size| size > 0 && size as u64 <= MAX_BYTES);
        if size.and_then(|size| size.checked_mul(labels.len())) != Some(pixels.len()) {
            return Err(Error::new(
                Code::InvalidData,
                format!(
                    "{} pixel values do not make {} images of {channels}×{height}×{width}.",
                    pixels.len(),
                    labels.len()
                ),
            ));
        }
        if let Some(label) = labels.iter().find(|&&label| usize::from(label) >= classes) {
            return Err(Error::new(Code::InvalidData, format!("A label is {label}; allowed is 0 to {}.", classes - 1)));
        }
        Ok(Self { channels, height, width, labels, pixels, alpha: Vec::new() })
    }

    /// No images.
    pub fn empty() -> Self {
        Self { channels: 1, height: 1, width: 1, labels: Vec::new(), pixels: Vec::new(), alpha: Vec::new() }
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of image `i`, `[c, h, w]`, in 0..1. `i` must be below [`Split::len`].
    pub fn image(&self, i: usize) -> impl Iterator<Item = f32> + '_ {
        let size = self.channels * self.height * self.width;
        self.pixels[i * size..(i + 1) * size].iter().map(|&byte| f32::from(byte) / 255.0)
    }

    /// Which pixels of image `i` are the object, `[h, w]`. With a mask: those that it covers by half or more. Without one, a
    /// grey picture is taken for a light drawing on black: pixels above ½ and, as strokes are thin, their neighbours. That
    /// holds 99.9 % of the strokes of MNIST, but less than half of the garment on one in ten pictures of Fashion-MNIST, the
    /// dark ones. Nothing is known of a colour picture without a mask. `i` must be below [`Split::len`].
    pub fn object(&self, i: usize) -> Option<Vec<bool>> {
        let (h, w) = (self.height, self.width);
        let plane = |values: &[u8]| -> Vec<bool> { values[i * h * w..][..h * w].iter().map(|&v| v > 127).collect() };
        if !self.alpha.is_empty() {
            return Some(plane(&self.alpha));
        }
        let bright = (self.channels == 1).then(|| plane(&self.pixels))?;
        let near = |at: usize, size: usize| at.saturating_sub(1)..(at + 2).min(size);
        Some((0..h * w).map(|p| near(p / w, h).any(|r| near(p % w, w).any(|c| bright[r * w + c]))).collect())
    }

    /// Only the images at `indices`, in that order. Indices must be below [`Split::len`].
    pub fn only(&self, indices: &[usize]) -> Self {
        let area = self.height * self.width;
        let parts =
            |values: &[u8], size: usize| indices.iter().flat_map(|&i| &values[i * size..][..size]).copied().collect();
        Self {
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
            pixels: parts(&self.pixels, self.channels * area),
            alpha: if self.alpha.is_empty() { Vec::new() } else { parts(&self.alpha, area) },
            ..*self
        }
    }

    /// The images at `indices` as a batch on `device`. Indices must be below [`Split::len`].
    pub fn batch(&self, indices: &[usize], classes: usize, device: &Device) -> Batch {
        let pixels: Vec<f32> = indices.iter().flat_map(|&i| self.image(i)).collect();
        let labels: Vec<u8> = indices.iter().map(|&i| self.labels[i]).collect();
        let shape = [indices.len(), self.channels, self.height, self.width];
        Batch {
            images: Tensor::from_data(TensorData::new(pixels, shape), device),
            targets: one_hot(&labels, classes, device),
            labels,
        }
    }

    /// Mean and standard deviation of each channel over all images, in 0..1.
    pub fn statistics(&self) -> (Vec<f32>, Vec<f32>) {
        let area = self.height * self.width;
        let count = (self.len() * area).max(1) as f64;
        let mut sums = vec![(0u64, 0u64); self.channels];
        for (i, plane) in self.pixels.chunks_exact(area).enumerate() {
            let (sum, squares) = &mut sums[i % self.channels];
            for &byte in plane {
                *sum += u64::from(byte);
                *squares += u64::from(byte) * u64::from(byte);
            }
        }
        sums.into_iter()
            .map(|(sum, squares)| {
                let mean = sum as f64 / count;
                let variance = squares as f64 / count - mean * mean;
                // A constant channel has no spread; 1/255 keeps its normalisation finite.
                ((mean / 255.0) as f32, (variance.max(1.0).sqrt() / 255.0) as f32)
            })
            .unzip()
    }
}

/// One-hot rows `[n, classes]`, built on the host: burn's own `one_hot` reads the device back synchronously.
pub fn one_hot(labels: &[u8], classes: usize, device: &Device) -> Tensor<2> {
    let mut rows = vec![0.0f32; labels.len() * classes];
    for (i, &label) in labels.iter().enumerate() {
        rows[i * classes + usize::from(label)] = 1.0;
    }
    Tensor::from_data(TensorData::new(rows, [labels.len(), classes]), device)
}
