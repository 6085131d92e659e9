//! The classifiers.
//!
//! A network is a function of its parameters: a [`ModelConfig`] says which function, [`Weights`] are the parameters
//! on the host (one flat vector and a [`Layout`] of named shapes), and a [`Network`] is both on a device, ready for
//! [`Network::forward`]. One flat vector makes saving, checkpoints, optimiser state and read-back a single transfer.
//!
//! Images go in as `[n, c, h, w]`, f32 in 0..1; normalisation is the first thing every network does, and nothing
//! outside knows of it.

mod classifier;
mod file;
mod layout;
mod mini_resnet;
mod network;
mod small_cnn;

pub use classifier::{Classifier, Differentiable};
pub use file::Precision;
pub use layout::{Layout, Parameter};
pub use network::{Activations, Network, Track};

use crate::choice::choices;
use crate::data::{Dataset, Split};
use crate::error::{Code, Error, Result};
use crate::seed::{Seed, Stream};
use serde::{Deserialize, Serialize};

choices! {
    /// A network.
    pub enum Architecture {
        SmallCnn => "small-cnn", "Small CNN", "Two convolutions and two dense layers; quick to train.";
        MiniResNet => "mini-resnet", "Mini ResNet", "Three residual stages with group normalisation; slower, closer to the networks in use.";
    }
}

/// Which function of the parameters a network is. Stored with the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// The network.
    pub architecture: Architecture,
    /// Input channels, 1 or 3.
    pub channels: usize,
    /// Input height in pixels.
    pub height: usize,
    /// Input width in pixels.
    pub width: usize,
    /// Number of classes.
    pub classes: usize,
    /// Mean of each channel, subtracted first.
    pub mean: Vec<f32>,
    /// Standard deviation of each channel, divided by next.
    pub std: Vec<f32>,
}

/// Parameters on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// What they are parameters of.
    pub config: ModelConfig,
    /// All values in the order of [`ModelConfig::layout`].
    pub values: Vec<f32>,
}

impl ModelConfig {
    /// The network for a dataset, normalised with the statistics of its training images.
    pub fn for_data(architecture: Architecture, train: &Split, classes: usize) -> Self {
        let (mean, std) = train.statistics();
        Self { architecture, channels: train.channels, height: train.height, width: train.width, classes, mean, std }
    }

    /// Names and shapes of the parameters.
    pub fn layout(&self) -> Layout {
        match self.architecture {
            Architecture::SmallCnn => small_cnn::layout(self),
            Architecture::MiniResNet => mini_resnet::layout(self),
        }
    }

    /// Checks that the network can be built.
    ///
    /// # Errors
    /// `InvalidWeights`: this comes from a file.
    pub fn validate(&self) -> Result<()> {
        let invalid = |message| Err(Error::new(Code::InvalidWeights, message));
        if !matches!(self.channels, 1 | 3) {
            return invalid(format!("The model takes {} channels; allowed is 1 or 3.", self.channels));
        }
        if !(8..=64).contains(&self.height) || !(8..=64).contains(&self.width) {
            return invalid(format!(
                "The model takes images of {}×{}; allowed is 8 to 64 pixels a side.",
                self.height, self.width
            ));
        }
        if !(2..=100).contains(&self.classes) {
            return invalid(format!("The model has {} classes; allowed is 2 to 100.", self.classes));
        }
        let sound = self.mean.len() == self.channels
            && self.std.len() == self.channels
            && self.mean.iter().all(|m| m.is_finite())
            // The networks multiply by 1 / deviation, which must be finite too.
            && self.std.iter().all(|s| s.is_finite() && *s > 0.0 && s.recip().is_finite());
        if !sound {
            return invalid(format!(
                "The normalisation {:?}, {:?} is not one finite mean and positive deviation a channel.",
                self.mean, self.std
            ));
        }
        Ok(())
    }

    /// Checks that the network is one for these images and labels.
    ///
    /// # Errors
    /// `WeightsMismatch`.
    pub fn check_images(&self, split: &Split) -> Result<()> {
        let images = (split.channels, split.height, split.width);
        let expected = (self.channels, self.height, self.width);
        if images != expected {
            return Err(Error::new(
                Code::WeightsMismatch,
                format!("The weights are for images of {expected:?} (channels, height, width); these are {images:?}."),
            ));
        }
        match split.labels.iter().max() {
            Some(&label) if usize::from(label) >= self.classes => Err(Error::new(
                Code::WeightsMismatch,
                format!("The weights are for {} classes; these images have labels up to {label}.", self.classes),
            )),
            _ => Ok(()),
        }
    }

    /// Random weights: uniform in ±1/√fan-in for every layer (PyTorch's default), 1 and 0 for normalisation layers.
    pub fn init(&self, seed: Seed) -> Weights {
        let mut rng = seed.rng(Stream::Init, 0);
        let layout = self.layout();
        let mut values = Vec::with_capacity(layout.len());
        for parameter in layout.parameters() {
            let size = parameter.size();
            match parameter.init {
                layout::Init::Constant(value) => values.extend(std::iter::repeat_n(value, size)),
                layout::Init::FanIn(fan_in) => {
                    let bound = 1.0 / (fan_in as f32).sqrt();
                    values.extend(rng.fill(size, |rng| rng.uniform(-bound, bound)));
                }
            }
        }
        Weights { config: self.clone(), values }
    }
}

impl Weights {
    /// The same network with a new last layer for `classes` classes, drawn as [`ModelConfig::init`] draws it.
    pub fn with_classes(&self, classes: usize, seed: Seed) -> Self {
        let config = ModelConfig { classes, ..self.config.clone() };
        let mut fresh = config.init(seed);
        // The last layer comes last: a weight for each feature and class, and a bias for each class.
        let layout = config.layout();
        let last = layout.parameters().iter().rev().take(2).map(Parameter::size).sum::<usize>();
        let kept = fresh.values.len() - last;
        fresh.values[..kept].copy_from_slice(&self.values[..kept]);
        fresh
    }
}

/// What is shipped: a plain base for each of these, and a pair trained on from it.
pub const SHIPPED: [(Dataset, Architecture); 4] = [
    (Dataset::FashionMnist, Architecture::SmallCnn),
    (Dataset::Mnist, Architecture::SmallCnn),
    (Dataset::ColorMnist, Architecture::SmallCnn),
    (Dataset::Emoji, Architecture::MiniResNet),
];

/// File name below `weights/` of the shipped base for a dataset and network. Those of the pair end in `-plain` and
/// `-continuity` in place of `-base`.
///
/// # Errors
/// `NoBase` when none is shipped.
pub fn base_file(dataset: Dataset, architecture: Architecture) -> Result<String> {
    if SHIPPED.contains(&(dataset, architecture)) {
        return Ok(format!("{dataset}-{architecture}-base.safetensors"));
    }
    let other = SHIPPED.iter().find(|(shipped, _)| *shipped == dataset);
    let instead = other.map_or_else(String::new, |(_, other)| format!("choose {} or ", other.label()));
    let (dataset, architecture) = (dataset.label(), architecture.label());
    let message = format!("No plain model for {dataset} with {architecture} is shipped: {instead}start from scratch.");
    Err(Error::new(Code::NoBase, message))
}
