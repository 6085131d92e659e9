//! All randomness of a run from one `u32`.
//!
//! A [`Seed`] is split into named, numbered streams: the batch order of epoch 3 or the noise of step 17 can be
//! drawn again without drawing anything before it, so a resumed run continues exactly, and changing one
//! consumer never shifts another. Every draw happens on the host: a device's own generator differs from
//! adapter to adapter.

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_distr::{Distribution as _, StandardNormal};
use serde::{Deserialize, Serialize};

/// What a stream of random numbers is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Initial weights.
    Init,
    /// Order of the training images, numbered by epoch.
    Order,
    /// Perturbations during training, numbered by step.
    Perturbation,
    /// Random draws of attacks, numbered by attack and image.
    Attack,
    /// Draws of an evaluation, numbered by batch.
    Evaluation,
    /// Resampling for confidence intervals.
    Bootstrap,
    /// Colours of Color MNIST, numbered by split.
    Color,
    /// The draw shown in the nudge figure.
    Nudge,
    /// Textures behind objects, numbered by image.
    Background,
    /// Samples of saliency methods and of their measures, numbered by image.
    Saliency,
    /// Noise and directions around an image, numbered by image and draw.
    Smoothness,
    /// Which labelled images a model that is moved learns from.
    Transfer,
    /// Pictures watched while a model learns, and the noise on them.
    Wall,
}

impl Stream {
    fn name(self) -> &'static [u8] {
        match self {
            Stream::Init => b"init",
            Stream::Order => b"order",
            Stream::Perturbation => b"perturbation",
            Stream::Attack => b"attack",
            Stream::Evaluation => b"evaluation",
            Stream::Bootstrap => b"bootstrap",
            Stream::Color => b"color",
            Stream::Nudge => b"nudge",
            Stream::Background => b"background",
            Stream::Saliency => b"saliency",
            Stream::Smoothness => b"smoothness",
            Stream::Transfer => b"transfer",
            Stream::Wall => b"wall",
        }
    }
}

/// The one seed of a run.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u32);

impl Seed {
    /// The stream `(name, index)` from its beginning.
    pub fn rng(self, stream: Stream, index: u64) -> Rng {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&self.0.to_le_bytes());
        key[4..4 + stream.name().len()].copy_from_slice(stream.name());
        let mut rng = rand_chacha::ChaCha8Rng::from_seed(key);
        rng.set_stream(index);
        Rng(rng)
    }
}

/// A stream of random numbers.
pub struct Rng(rand_chacha::ChaCha8Rng);

impl Rng {
    /// Uniform in `[low, high)`.
    pub fn uniform(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.0.random::<f32>()
    }

    /// Standard normal, N(0, 1).
    pub fn normal(&mut self) -> f32 {
        StandardNormal.sample(&mut self.0)
    }

    /// Uniform integer in `0..n`; `n` must not be 0.
    pub fn below(&mut self, n: usize) -> usize {
        // Multiply-shift on 32 bits: the same on 32-bit and 64-bit machines; the bias is below n / 2³².
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// A uniform permutation of `0..n` (Fisher–Yates).
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }

    /// `n` draws of `draw`.
    pub fn fill(&mut self, n: usize, mut draw: impl FnMut(&mut Self) -> f32) -> Vec<f32> {
        (0..n).map(|_| draw(self)).collect()
    }
}
