//! Optimisers on one flat parameter vector.
//!
//! burn's own optimisers keep their state where it can only be read synchronously, which a browser's GPU cannot do;
//! an exact checkpoint needs that state.

use crate::config;
use crate::kernel::{AdamStep, adam};
use burn::tensor::Tensor;

/// How an optimiser makes a step of a gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpdateRule {
    /// Whose.
    pub optimizer: config::Optimizer,
    /// Learning rate η.
    pub learning_rate: f32,
}

/// Moments of the gradient, `[d]` each.
#[derive(Clone, Debug)]
pub struct State {
    /// Steps made.
    pub time: usize,
    /// Adam: mean of the gradient, m. SGD: velocity.
    pub first: Tensor<1>,
    /// Adam: mean of the squared gradient, v. SGD: unused, `[1]`.
    pub second: Tensor<1>,
}

const BETA1: f32 = 0.9;
const BETA2: f32 = 0.999;
const EPSILON: f32 = 1e-8;
const MOMENTUM: f32 = 0.9;

impl UpdateRule {
    /// The state before the first step for parameters like `theta`.
    pub fn init(&self, theta: &Tensor<1>) -> State {
        let second = match self.optimizer {
            config::Optimizer::Adam => theta.zeros_like(),
            config::Optimizer::Sgd => Tensor::zeros([1], &theta.device()),
        };
        State { time: 0, first: theta.zeros_like(), second }
    }

    /// One step; all vectors `[d]`, without autodiff.
    ///
    /// Adam (Kingma and Ba 2015): `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`,
    /// `θ ← θ − η · m̂ / (√v̂ + ε)` with the bias-corrected `m̂, v̂`.
    /// SGD: `m ← 0.9m + g`, `θ ← θ − ηm` (PyTorch's form).
    pub fn step(&self, theta: Tensor<1>, gradient: Tensor<1>, state: State) -> (Tensor<1>, State) {
        let time = state.time + 1;
        match self.optimizer {
            config::Optimizer::Adam => {
                let power = time.min(i32::MAX as usize) as i32;
                let step = AdamStep {
                    beta1: BETA1,
                    beta2: BETA2,
                    epsilon: EPSILON,
                    rate: self.learning_rate / (1.0 - BETA1.powi(power)),
                    scale: 1.0 / (1.0 - BETA2.powi(power)).sqrt(),
                };
                let (theta, [first, second]) = adam(theta, gradient, [state.first, state.second], step);
                (theta, State { time, first, second })
            }
            config::Optimizer::Sgd => {
                let first = state.first.mul_scalar(MOMENTUM) + gradient;
                let theta = theta - first.clone().mul_scalar(self.learning_rate);
                (theta, State { time, first, second: state.second })
            }
        }
    }
}
