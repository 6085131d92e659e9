//! Weight files in PyTorch: the logits that the page's snippets give for committed files are committed beside this, see
//! `reference.py`.

use crate::common::{Tolerance, assert_close, everywhere, network, read, tensor};
use semantic_continuity::model::{Track, Weights};

async fn agrees(file: &[u8], logits: &str) {
    let (weights, _) = Weights::from_safetensors(file).unwrap();
    let c = &weights.config;
    let size = c.channels * c.height * c.width;
    // Counting pixels, the same as in the script.
    let pixels: Vec<f32> = (0..3 * size).map(|i| ((i % size * 7 + i / size * 31) % 251) as f32 / 255.0).collect();
    let x = tensor(&pixels, [3, c.channels, c.height, c.width]);
    let expected: Vec<Vec<f32>> = serde_json::from_str(logits).unwrap();
    let actual = read(network(&weights, Track::Nothing).forward(x).logits).await;
    assert_close(&actual, &expected.concat(), Tolerance::Accumulated);
}

#[everywhere]
async fn the_shipped_small_cnn_says_the_same_in_pytorch() {
    let file = include_bytes!("../../../../www/weights/fashion-mnist-small-cnn-continuity.safetensors");
    agrees(file, include_str!("small-cnn.json")).await;
}

#[everywhere]
async fn a_mini_resnet_made_by_pytorch_says_the_same_here() {
    agrees(include_bytes!("mini-resnet.safetensors"), include_str!("mini-resnet.json")).await;
}
