//! Committed results of a short run.
//!
//! What training computes with is of our own, in 128-bit vectors and one order, so a run repeats bit for bit on every
//! machine, natively and in every browser, and the checksum of its weights is committed. The weights stand beside it, so
//! that a change says how far they moved. Both change with our kernels, and else only when our code changes what is
//! computed.

use super::{trained, with};
use crate::common::{Tolerance, assert_close, bits, everywhere};
use semantic_continuity::config::{Optimizer, Settings};
use semantic_continuity::model::Architecture;

const STEPS: usize = 10;

/// FNV-1a of the bits.
fn checksum(values: &[f32]) -> u64 {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Every so many weights, and the length of all.
fn digest(values: &[f32]) -> Vec<f64> {
    let length = values.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
    values.iter().step_by(values.len() / 5).map(|&v| f64::from(v)).chain([length]).collect()
}

async fn check(architecture: Architecture, optimizer: Optimizer, expected: &[f64], of_all: u64) {
    let settings = Settings { optimizer, ..with(architecture) };
    let weights = trained(&settings, STEPS).await;
    assert_eq!(bits(&trained(&settings, STEPS).await), bits(&weights), "two runs differ");
    assert_close(&digest(&weights), expected, Tolerance::Accumulated);
    assert_eq!(checksum(&weights), of_all, "{architecture} {optimizer}: {:#x}", checksum(&weights));
}

#[everywhere]
async fn a_small_cnn_trains_to_the_same_weights() {
    check(
        Architecture::SmallCnn,
        Optimizer::Adam,
        &[0.029_434_37, -0.040_722_32, 0.060_260_20, 0.015_752_56, -0.072_695_34, -0.041_180_81, 6.416_006_81],
        0x6648_9998_2ef4_4a0f,
    )
    .await;
}

#[everywhere]
async fn a_mini_resnet_trains_to_the_same_weights() {
    check(
        Architecture::MiniResNet,
        Optimizer::Sgd,
        &[-0.068_990_64, 0.014_587_76, -0.011_898_96, 0.023_237_77, -0.038_595_72, -0.047_321_58, 13.375_499_56],
        0x58ba_e840_1494_c391,
    )
    .await;
}
