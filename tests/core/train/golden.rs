//! Committed results of a short run.
//!
//! WebAssembly's SIMD is the same everywhere, so in the browser the run repeats bit for bit on every machine, and its
//! checksum is committed. Natively the matrix product is chosen by the processor (with or without fused
//! multiply-add), so bits repeat on one machine alone; across machines, and between native and browser, numbers agree
//! within a tolerance. Both change with burn and with our kernels, and else only when our code changes what is computed.

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

async fn check(architecture: Architecture, optimizer: Optimizer, expected: &[f64], in_browsers: u64) {
    let settings = Settings { optimizer, ..with(architecture) };
    let weights = trained(&settings, STEPS).await;
    assert_eq!(bits(&trained(&settings, STEPS).await), bits(&weights), "two runs differ");
    assert_close(&digest(&weights), expected, Tolerance::Accumulated);
    if cfg!(target_family = "wasm") {
        assert_eq!(checksum(&weights), in_browsers, "{architecture} {optimizer}: {:#x}", checksum(&weights));
    }
}

#[everywhere]
async fn a_small_cnn_trains_to_the_same_weights() {
    check(
        Architecture::SmallCnn,
        Optimizer::Adam,
        &[0.029_434_37, -0.040_722_32, 0.060_260_20, 0.015_752_56, -0.072_695_34, -0.041_180_81, 6.416_006_81],
        0xbb4e_ef65_a59c_6317,
    )
    .await;
}

#[everywhere]
async fn a_mini_resnet_trains_to_the_same_weights() {
    check(
        Architecture::MiniResNet,
        Optimizer::Sgd,
        &[-0.068_990_64, 0.014_587_76, -0.011_898_96, 0.023_237_77, -0.038_595_72, -0.047_321_58, 13.375_499_56],
        0x8fed_f851_2cd6_f249,
    )
    .await;
}
