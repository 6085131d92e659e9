//! A classifier as everyone asks it who does not train it: for answers, and for gradients of its input.

use super::{Network, Track};
use burn::tensor::Tensor;

/// Logits that can be differentiated by the image: all that an attack asks of a classifier. Who answers owns the
/// normalisation: images are `[n, c, h, w]` in `[0, 1]`.
pub trait Differentiable {
    /// Logits `[n, classes]` for images without autodiff.
    fn logits(&self, x: Tensor<4>) -> Tensor<2>;

    /// The same for images on the autodiff device, with gradients reaching back to them.
    fn tracked(&self, x: Tensor<4>) -> Tensor<2>;
}

/// A network with fixed parameters, once for inference and once for gradients of its input.
#[derive(Clone, Debug)]
pub struct Classifier {
    plain: Network,
    tracking: Network,
}

impl Classifier {
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

impl Differentiable for Classifier {
    fn logits(&self, x: Tensor<4>) -> Tensor<2> {
        self.plain.forward(x).logits
    }

    fn tracked(&self, x: Tensor<4>) -> Tensor<2> {
        self.tracking.forward(x).logits
    }
}
