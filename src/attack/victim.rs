//! What an attack may ask.

use crate::model::{Network, Track};
use burn::tensor::Tensor;

/// A classifier under attack. It owns its normalisation: images are `[n, c, h, w]` in `[0, 1]`.
pub trait Classifier {
    /// Logits `[n, classes]` for images without autodiff.
    fn logits(&self, x: Tensor<4>) -> Tensor<2>;

    /// The same for images on the autodiff device, with gradients reaching back to them.
    fn tracked(&self, x: Tensor<4>) -> Tensor<2>;
}

/// A network as an attack sees it.
#[derive(Clone, Debug)]
pub struct Victim {
    plain: Network,
    tracking: Network,
}

impl Victim {
    /// The network that `network` makes, for inference and for gradients of its input.
    pub fn new(network: impl Fn(Track) -> Network) -> Self {
        Self { plain: network(Track::Nothing), tracking: network(Track::Input) }
    }

    /// For inference.
    pub fn network(&self) -> &Network {
        &self.plain
    }

    /// For gradients of the input.
    pub fn tracking(&self) -> &Network {
        &self.tracking
    }
}

impl Classifier for Victim {
    fn logits(&self, x: Tensor<4>) -> Tensor<2> {
        self.plain.forward(x).logits
    }

    fn tracked(&self, x: Tensor<4>) -> Tensor<2> {
        self.tracking.forward(x).logits
    }
}
