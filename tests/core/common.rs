//! What the tests share: one attribute for both worlds, one owner of tolerances, small networks and data.

use burn::tensor::{Device, Tensor, TensorData};
use semantic_continuity::config::{Settings, Start};
use semantic_continuity::data::{Data, Dataset, Split};
use semantic_continuity::error::{Code, Result};
use semantic_continuity::experiment::{Estimate, Quantity};
use semantic_continuity::model::{Architecture, ModelConfig, Network, Track, Weights};
use semantic_continuity::seed::{Seed, Stream};
use std::fmt::Debug;

/// Marks an `async fn` as a test, natively and in the browser.
#[cfg(not(target_family = "wasm"))]
pub use pollster::test as everywhere;
#[cfg(target_family = "wasm")]
pub use wasm_bindgen_test::wasm_bindgen_test as everywhere;

/// How far two numbers may be apart, and why.
#[derive(Clone, Copy, Debug)]
pub enum Tolerance {
    /// A few f32 operations in another order: some units in the last place.
    Rounding,
    /// Hundreds of f32 products summed in another order, beside the largest of such sums.
    Reordered,
    /// Thousands of f32 operations in another order, as in a whole network or some steps of training.
    Accumulated,
    /// A directional derivative of a ReLU network by central differences in f32: rounding of the loss divided by the
    /// step, and kinks within the step.
    Difference,
    /// One rounding to a 16-bit float: half a unit of its 11-bit significand; below 2⁻¹⁴ the unit is 2⁻²⁴.
    Half,
    /// A mean over some thousand random draws; each use keeps its standard error at a fifth of this.
    Sampling,
    /// Printed to four decimals in the source.
    Printed,
}

impl Tolerance {
    /// Relative and absolute part.
    fn parts(self) -> (f64, f64) {
        match self {
            Self::Rounding => (2e-6, 1e-6),
            Self::Reordered => (1e-5, 1e-5),
            Self::Accumulated => (1e-4, 2e-5),
            Self::Difference => (0.01, 5e-3),
            Self::Half => (2f64.powi(-11), 2f64.powi(-25)),
            Self::Sampling => (0.1, 1e-3),
            Self::Printed => (0.0, 5.1e-5),
        }
    }

    pub fn allows(self, actual: f64, expected: f64) -> bool {
        let (relative, absolute) = self.parts();
        // Written so that NaN is never allowed.
        (actual - expected).abs() <= absolute + relative * expected.abs()
    }
}

/// The one place that compares numbers with a tolerance.
#[track_caller]
pub fn assert_close<A: Copy + Into<f64>, E: Copy + Into<f64>>(actual: &[A], expected: &[E], tolerance: Tolerance) {
    assert_eq!(actual.len(), expected.len(), "lengths differ");
    for (i, (&a, &e)) in actual.iter().zip(expected).enumerate() {
        let (a, e) = (a.into(), e.into());
        assert!(tolerance.allows(a, e), "value {i} is {a}; expected is {e} within {tolerance:?}");
    }
}

/// The failure of `result`, which must have this code; returns its message.
#[track_caller]
pub fn refused<T: Debug>(result: Result<T>, code: Code) -> String {
    let error = result.expect_err("this must be refused");
    assert_eq!(error.code, code, "{error}");
    assert!(error.message.ends_with('.'), "not a sentence: {error}");
    error.message
}

/// The number of a quantity that has one.
#[track_caller]
pub fn defined(quantity: &Quantity) -> Estimate {
    quantity.estimate().unwrap_or_else(|| panic!("{quantity:?}"))
}

/// Why a quantity has no number, and how many images were looked at.
#[track_caller]
pub fn undefined(quantity: &Quantity) -> (&str, usize) {
    match quantity {
        Quantity::Undefined { undefined, n } => (undefined, *n),
        defined => panic!("{defined:?}"),
    }
}

/// Values of which each must be defined.
#[track_caller]
pub fn known(column: &[Option<f32>]) -> Vec<f32> {
    column.iter().map(|value| value.unwrap_or_else(|| panic!("{column:?}"))).collect()
}

/// The CPU engine.
pub fn device() -> Device {
    Device::flex()
}

pub async fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data_async().await.expect("the device answers").try_into_vec().expect("f32")
}

pub fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &device())
}

/// Bit patterns, for comparisons that must be exact: `==` would take −0 for 0 and NaN for different.
pub fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// A network of the smallest size for 3 classes.
pub fn small(architecture: Architecture, channels: usize) -> ModelConfig {
    ModelConfig {
        architecture,
        channels,
        height: 8,
        width: 8,
        classes: 3,
        mean: vec![0.4; channels],
        std: vec![0.3; channels],
    }
}

/// Initial weights made larger by `gain`, so that logits, and with them every DS, are far from 0.
pub fn lively(config: &ModelConfig, seed: u32, gain: f32) -> Weights {
    let mut weights = config.init(Seed(seed));
    for value in &mut weights.values {
        *value *= gain;
    }
    weights
}

pub fn network(weights: &Weights, track: Track) -> Network {
    Network::new(&weights.config, Tensor::from_data(&weights.values[..], &device()), track)
}

/// Uniform pictures in `low..high`.
pub fn pictures(shape: [usize; 4], low: f32, high: f32, seed: u32) -> Tensor<4> {
    let values = Seed(seed).rng(Stream::Nudge, 0).fill(shape.iter().product(), |rng| rng.uniform(low, high));
    tensor(&values, shape)
}

/// Grey or colour pictures whose class shows as a bright stripe in noise: learnable, but not at once.
pub fn stripes(images: usize, channels: usize, seed: u32) -> Split {
    let mut rng = Seed(seed).rng(Stream::Order, 99);
    let labels: Vec<u8> = (0..images).map(|i| (i % 3) as u8).collect();
    let pixels = labels
        .iter()
        .flat_map(|&label| {
            (0..channels * 64)
                .map(|i| {
                    let bright = (i % 64) / 8 / 2 == usize::from(label);
                    (rng.uniform(0.0, 120.0) + if bright { 90.0 } else { 0.0 }) as u8
                })
                .collect::<Vec<u8>>()
        })
        .collect();
    Split::new(channels, 8, 8, pixels, labels, 3).expect("sizes fit")
}

/// 48 training and 20 test images of [`stripes`], called Fashion-MNIST.
pub fn data(channels: usize) -> Data {
    let dataset = if channels == 3 { Dataset::ColorMnist } else { Dataset::FashionMnist };
    Data { dataset, seed: Seed(1), train: stripes(48, channels, 1), test: stripes(20, channels, 2) }
}

/// Settings for runs on [`data`].
pub fn settings() -> Settings {
    Settings {
        start: Start::Scratch,
        batch: 12,
        steps: 100,
        learning_rate: 0.01,
        eval_images: 20,
        ..Settings::default()
    }
}

/// A SmallCnn for 8×8 grey pictures that a person can compute: the first logits are linear in the maxima of the four
/// quadrants, `z_k = Σ_j rows[k][j] · max(quadrant j) + bias_k`, with quadrants top left, top right, bottom left,
/// bottom right. Both convolutions and the first dense layer copy what they need; normalisation does nothing.
pub fn quadrants(rows: &[[f32; 4]], bias: &[f32]) -> Weights {
    let config = ModelConfig {
        architecture: Architecture::SmallCnn,
        channels: 1,
        height: 8,
        width: 8,
        classes: rows.len(),
        mean: vec![0.0],
        std: vec![1.0],
    };
    let mut weights = Weights { values: vec![0.0; config.layout().len()], config };
    set(&mut weights, "conv1.weight", &[0, 0, 1, 1], 1.0);
    set(&mut weights, "conv2.weight", &[0, 0, 1, 1], 1.0);
    for quadrant in 0..4 {
        // Map 0 of the second pooling is the start of the flattened vector.
        set(&mut weights, "fc1.weight", &[quadrant, quadrant], 1.0);
    }
    for (class, row) in rows.iter().enumerate() {
        for (quadrant, &value) in row.iter().enumerate() {
            set(&mut weights, "fc2.weight", &[class, quadrant], value);
        }
        set(&mut weights, "fc2.bias", &[class], bias[class]);
    }
    weights
}

/// Sets one value of the parameter `name`.
pub fn set(weights: &mut Weights, name: &str, index: &[usize], value: f32) {
    let mut start = 0;
    for parameter in weights.config.layout().parameters() {
        if parameter.name == name {
            let offset = index.iter().zip(&parameter.shape).fold(0, |offset, (i, size)| offset * size + i);
            weights.values[start + offset] = value;
            return;
        }
        start += parameter.size();
    }
    panic!("no parameter {name}");
}

/// An 8×8 picture that is 0.2 but for one pixel in each quadrant; also the positions of those pixels.
pub fn peaks(maxima: [f32; 4]) -> (Vec<f32>, [usize; 4]) {
    let positions = [8 + 2, 2 * 8 + 5, 6 * 8 + 1, 5 * 8 + 6];
    let mut picture = vec![0.2; 64];
    for (position, value) in positions.into_iter().zip(maxima) {
        picture[position] = value;
    }
    (picture, positions)
}
