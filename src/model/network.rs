//! A network on a device.

use super::{Architecture, Layout, ModelConfig, Parameter, mini_resnet, small_cnn};
use crate::kernel;
use burn::tensor::{Device, Tensor, TensorData};

/// Everything a network computes for a batch.
#[derive(Clone, Debug)]
pub struct Activations {
    /// Convolution maps after their activation, early to late, `[n, c, h, w]` each.
    pub maps: Vec<Tensor<4>>,
    /// Input of the last layer, `[n, features]`.
    pub features: Tensor<2>,
    /// Unnormalised log-probabilities, `[n, classes]`.
    pub logits: Tensor<2>,
}

impl Activations {
    /// Images `start .. start + len` of the batch.
    pub fn narrow(&self, start: usize, len: usize) -> Self {
        Self {
            maps: self.maps.iter().map(|map| map.clone().narrow(0, start, len)).collect(),
            features: self.features.clone().narrow(0, start, len),
            logits: self.logits.clone().narrow(0, start, len),
        }
    }

    /// The same values as constants: gradients do not flow through them.
    pub fn detach(&self) -> Self {
        Self {
            maps: self.maps.iter().map(|map| map.clone().detach()).collect(),
            features: self.features.clone().detach(),
            logits: self.logits.clone().detach(),
        }
    }
}

/// What gradients are wanted of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track {
    /// None: inference.
    Nothing,
    /// Of its input: attacks, saliency. The input must be on the autodiff device.
    Input,
    /// Of its parameters: training. The input must be on the autodiff device.
    Parameters,
}

/// A network with its parameters on a device.
#[derive(Clone, Debug)]
pub struct Network {
    config: ModelConfig,
    layout: Layout,
    /// Flattened parameters in the order of the layout.
    parameters: Vec<Tensor<1>>,
    mean: Tensor<4>,
    scale: Tensor<4>,
}

impl Network {
    /// The network of `config` with the flat parameter vector `theta` (`[layout.len()]`, no autodiff).
    pub fn new(config: &ModelConfig, theta: Tensor<1>, track: Track) -> Self {
        let layout = config.layout();
        let device = theta.device();
        let parameters = kernel::split(theta, layout.parameters().iter().map(Parameter::size).collect())
            .into_iter()
            .map(|values| match track {
                Track::Nothing => values,
                Track::Input => values.autodiff(),
                Track::Parameters => values.autodiff().require_grad(),
            })
            .collect();
        let constant = |values: Vec<f32>| {
            let tensor = Tensor::<4>::from_data(TensorData::new(values, [1, config.channels, 1, 1]), &device);
            if track == Track::Nothing { tensor } else { tensor.autodiff() }
        };
        let mean = constant(config.mean.clone());
        let scale = constant(config.std.iter().map(|std| 1.0 / std).collect());
        Self { config: config.clone(), layout, parameters, mean, scale }
    }

    /// The network's configuration.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The device without autodiff.
    pub fn device(&self) -> Device {
        self.mean.device().without_autodiff()
    }

    /// f(x) for images `[n, c, h, w]` in 0..1.
    pub fn forward(&self, x: Tensor<4>) -> Activations {
        let x = (x - self.mean.clone()) * self.scale.clone();
        let maps = match self.config.architecture {
            Architecture::SmallCnn => small_cnn::maps(self, x),
            Architecture::MiniResNet => mini_resnet::maps(self, x),
        };
        let (features, logits) = self.head(maps.last().expect("a network has maps").clone());
        Activations { maps, features, logits }
    }

    /// What follows the last convolution map: features `[n, features]` and logits `[n, classes]`.
    pub fn head(&self, map: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        let (features, last) = match self.config.architecture {
            Architecture::SmallCnn => (small_cnn::features(self, map), small_cnn::LAST),
            Architecture::MiniResNet => (mini_resnet::features(self, map), mini_resnet::LAST),
        };
        (features.clone(), self.dense(last, features))
    }

    /// The gradient of all parameters as one flat vector, after `backward`. Only for [`Track::Parameters`].
    pub fn gradient(&self, loss: Tensor<1>) -> Tensor<1> {
        let gradients = loss.backward();
        let flat = self
            .parameters
            .iter()
            .map(|parameter| {
                parameter.grad(&gradients).unwrap_or_else(|| parameter.clone().without_autodiff().zeros_like())
            })
            .collect();
        kernel::join(flat)
    }

    /// The parameter called `name` in its shape.
    fn parameter<const D: usize>(&self, name: &str) -> Tensor<D> {
        let index = self
            .layout
            .parameters()
            .iter()
            .position(|parameter| parameter.name == name)
            .unwrap_or_else(|| panic!("no parameter {name:?} in the layout of {}", self.config.architecture));
        let shape: [usize; D] =
            self.layout.parameters()[index].shape.clone().try_into().expect("the rank of the layout");
        self.parameters[index].clone().reshape(shape)
    }

    /// Convolution `name`, 3×3 with stride 1, with its bias, and the ReLU of what it finds.
    pub(super) fn conv_relu(&self, name: &str, x: Tensor<4>) -> Tensor<4> {
        let (weight, bias) = (self.parameter(&format!("{name}.weight")), self.parameter(&format!("{name}.bias")));
        kernel::conv3x3_relu(x, weight, bias, 1)
    }

    /// Convolution `name`, 3×3 or 1×1, with its bias; zero padding of half the kernel.
    pub(super) fn conv(&self, name: &str, x: Tensor<4>, stride: usize) -> Tensor<4> {
        let weight = self.parameter::<4>(&format!("{name}.weight"));
        let bias = self.parameter::<1>(&format!("{name}.bias"));
        let convolution = if weight.dims()[2] == 1 { kernel::conv1x1 } else { kernel::conv3x3 };
        convolution(x, weight, bias, stride)
    }

    /// Dense layer `name`: `[n, in]` to `[n, out]`.
    pub(super) fn dense(&self, name: &str, x: Tensor<2>) -> Tensor<2> {
        let (weight, bias) = (self.parameter(&format!("{name}.weight")), self.parameter(&format!("{name}.bias")));
        kernel::dense(x, weight, bias)
    }

    /// The same, and the ReLU of what it finds.
    pub(super) fn dense_relu(&self, name: &str, x: Tensor<2>) -> Tensor<2> {
        let (weight, bias) = (self.parameter(&format!("{name}.weight")), self.parameter(&format!("{name}.bias")));
        kernel::dense_relu(x, weight, bias)
    }

    /// Group normalisation `name` in `groups` groups, then its ReLU: statistics of one image only, so x and x′ never mix.
    pub(super) fn group_norm_relu(&self, name: &str, x: Tensor<4>, groups: usize) -> Tensor<4> {
        let [weight, bias] = self.scale_and_shift(name);
        kernel::group_norm_relu(x, weight, bias, groups)
    }

    /// The same without the ReLU.
    pub(super) fn group_norm(&self, name: &str, x: Tensor<4>, groups: usize) -> Tensor<4> {
        let [weight, bias] = self.scale_and_shift(name);
        kernel::group_norm(x, weight, bias, groups)
    }

    fn scale_and_shift(&self, name: &str) -> [Tensor<1>; 2] {
        ["weight", "bias"].map(|part| self.parameter(&format!("{name}.{part}")))
    }
}
