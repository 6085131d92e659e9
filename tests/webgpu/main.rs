//! The WebGPU engine agrees with the CPU engine: kernels, pictures, answers, losses, gradients, a short training run.
//! In a browser only; with no adapter every test fails, none is skipped.
//!
//! Both devices live in one build here (features `cpu` and `webgpu`), so that each comparison sees the same numbers.
//! Sums run in another order on a graphics processor, hence tolerances; everything drawn comes from the host.
#![cfg(target_family = "wasm")]

mod kernels;

use burn::tensor::{Device, Tensor, TensorData};
use semantic_continuity::config::{Settings, Start};
use semantic_continuity::continuity::Ds;
use semantic_continuity::data::{Batch, Data, Dataset, Split, one_hot};
use semantic_continuity::kernel;
use semantic_continuity::model::{Architecture, ModelConfig, Network, Track, Weights};
use semantic_continuity::perturb::{Kind, Perturbation, Spread};
use semantic_continuity::seed::{Seed, Stream};
use semantic_continuity::train::{Objective, Trainer};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

const CHANNELS: usize = 3;
const LABELS: [u8; 4] = [0, 2, 1, 2];
/// f32 sums of a few thousand terms in another order: five digits survive, relative to the largest value compared.
const TOLERANCE: f32 = 2e-4;
/// Six Adam steps: each divides by the root of a squared gradient, which magnifies the last digits of small gradients.
const TRAINING_TOLERANCE: f32 = 5e-3;

thread_local! {
    // wgpu can be set up once in an instance of the module.
    static GPU: RefCell<Option<Device>> = const { RefCell::new(None) };
}

/// The WebGPU device; a browser without an adapter fails here.
async fn gpu() -> Device {
    if let Some(device) = GPU.with_borrow(Clone::clone) {
        return device;
    }
    let (device, _) = kernel::webgpu().await.expect("this browser must have a WebGPU adapter");
    GPU.set(Some(device.clone()));
    device
}

async fn both() -> [Device; 2] {
    [Device::flex(), gpu().await]
}

async fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data_async().await.expect("the device answers").try_into_vec().expect("f32")
}

/// Every value of `webgpu` is within `tolerance` of the largest value of `cpu`.
#[track_caller]
fn assert_agree(what: &str, cpu: &[f32], webgpu: &[f32], tolerance: f32) {
    assert_eq!(cpu.len(), webgpu.len(), "{what}");
    let scale = cpu.iter().fold(0f32, |scale, value| scale.max(value.abs()));
    assert!(scale > 0.0 && scale.is_finite(), "{what}: nothing to compare, the largest value is {scale}");
    for (i, (a, b)) in cpu.iter().zip(webgpu).enumerate() {
        // Written so that NaN never agrees.
        assert!((a - b).abs() <= tolerance * scale, "{what}: value {i} is {a} on the CPU, {b} on WebGPU, of {scale}");
    }
}

fn config(architecture: Architecture) -> ModelConfig {
    let (mean, std) = (vec![0.4; CHANNELS], vec![0.3; CHANNELS]);
    ModelConfig { architecture, channels: CHANNELS, height: 8, width: 8, classes: 3, mean, std }
}

fn network(weights: &Weights, track: Track, device: &Device) -> Network {
    Network::new(&weights.config, Tensor::from_data(&weights.values[..], device), track)
}

fn pictures(seed: u32, device: &Device) -> Tensor<4> {
    let shape = [LABELS.len(), CHANNELS, 8, 8];
    let values = Seed(seed).rng(Stream::Nudge, 0).fill(shape.iter().product(), |rng| rng.uniform(0.0, 1.0));
    Tensor::from_data(TensorData::new(values, shape), device)
}

#[wasm_bindgen_test]
async fn perturbed_pictures_agree() {
    for &kind in Kind::ALL {
        let perturbation = Perturbation::single(kind, kind.strength().typical);
        let mut results = Vec::new();
        for device in both().await {
            let x = pictures(1, &device);
            let draw = perturbation.draw(x.dims(), Spread::Uniform, &mut Seed(1).rng(Stream::Perturbation, 0));
            results.push(read(draw.apply(x)).await);
        }
        assert_agree(kind.id(), &results[0], &results[1], 1e-5);
    }
}

#[wasm_bindgen_test]
async fn answers_agree() {
    for &architecture in Architecture::ALL {
        let weights = config(architecture).init(Seed(3));
        let mut results = Vec::new();
        for device in both().await {
            let answers = network(&weights, Track::Nothing, &device).forward(pictures(1, &device));
            let last_map = answers.maps.last().expect("a network has maps").clone();
            results.push([read(answers.logits).await, read(answers.features).await, read(last_map).await]);
        }
        for (i, name) in ["logits", "features", "last map"].into_iter().enumerate() {
            assert_agree(&format!("{architecture}, {name}"), &results[0][i], &results[1][i], TOLERANCE);
        }
    }
}

/// Loss and gradient of the parameters for every DS, both architectures.
#[wasm_bindgen_test]
async fn losses_and_gradients_agree() {
    for &architecture in Architecture::ALL {
        let weights = config(architecture).init(Seed(3));
        for &ds in Ds::ALL {
            let objective = Objective { ds, ..Objective::new(&Settings { alpha: 2.0, ..Settings::default() }) };
            let mut results = Vec::new();
            for device in both().await {
                let network = network(&weights, Track::Parameters, &device);
                let batch = Batch {
                    images: pictures(1, &device).autodiff(),
                    targets: one_hot(&LABELS, 3, &device).autodiff(),
                    labels: LABELS.to_vec(),
                };
                let losses = objective.losses(&network, &batch, Some(pictures(2, &device).autodiff()));
                let total = read(losses.total.clone().without_autodiff()).await;
                results.push((total, read(network.gradient(losses.total)).await));
            }
            let [(cpu_loss, cpu_gradient), (gpu_loss, gpu_gradient)] = &results[..] else {
                unreachable!("two devices")
            };
            assert_agree(&format!("{architecture}, {ds}, loss"), cpu_loss, gpu_loss, TOLERANCE);
            assert_agree(&format!("{architecture}, {ds}, gradient"), cpu_gradient, gpu_gradient, TOLERANCE);
        }
    }
}

/// Six steps of training with the constraint end in nearly the same parameters, and move them at all.
#[wasm_bindgen_test]
async fn short_runs_agree() {
    let mut rng = Seed(9).rng(Stream::Order, 99);
    let labels: Vec<u8> = (0..24).map(|i| (i % 3) as u8).collect();
    let pixels = (0..24 * CHANNELS * 64).map(|_| rng.uniform(0.0, 255.0) as u8).collect();
    let train = Split::new(CHANNELS, 8, 8, pixels, labels, 3).expect("sizes fit");
    let data = Rc::new(Data { dataset: Dataset::ColorMnist, seed: Seed(1), test: train.clone(), train });
    for &architecture in Architecture::ALL {
        let start = config(architecture).init(Seed(3));
        let settings = Settings {
            dataset: Dataset::ColorMnist,
            architecture,
            start: Start::Scratch,
            batch: 6,
            steps: 6,
            ..Settings::default()
        };
        let mut moves = Vec::new();
        let mut losses = Vec::new();
        for device in both().await {
            let mut trainer = Trainer::new(Rc::clone(&data), settings.clone(), &start, device).expect("the run fits");
            for _ in 0..settings.steps {
                trainer.step();
            }
            let records = trainer.read().await.expect("the device answers");
            assert_eq!(records.len(), settings.steps);
            losses.push(records.iter().map(|record| record.ce).collect::<Vec<f32>>());
            let end = trainer.weights().await.expect("the device answers").values;
            moves.push(end.iter().zip(&start.values).map(|(a, b)| a - b).collect::<Vec<f32>>());
        }
        assert_agree(&format!("{architecture}, cross-entropy"), &losses[0], &losses[1], TRAINING_TOLERANCE);
        // Parameters whose gradient is 0 but for rounding take Adam steps of either sign: compare the move as a whole.
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        let (cpu, webgpu) = (&moves[0], &moves[1]);
        let cosine = dot(cpu, webgpu) / (dot(cpu, cpu) * dot(webgpu, webgpu)).sqrt();
        assert!(cosine > 0.99, "{architecture}: the moves have cosine {cosine}");
    }
}
