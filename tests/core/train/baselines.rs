//! What the baselines compare x with, and their values on networks that a person can compute.

use super::{advance, trained, trainer};
use crate::common::{Tolerance, assert_close, bits, device, everywhere, network, peaks, quadrants, read, settings};
use burn::tensor::Tensor;
use semantic_continuity::config::{Regularizer, Settings};
use semantic_continuity::data::{Batch, one_hot};
use semantic_continuity::model::{Track, Weights};
use semantic_continuity::seed::{Seed, Stream};
use semantic_continuity::train::Objective;

/// z₀ = 2 m₀ − m₁, z₁ = 3 m₂, in the maxima m of the quadrants: `‖J‖² = 2² + 1² + 3²`.
fn toy() -> (Weights, Batch) {
    let (picture, _) = peaks([0.6, 0.5, 0.7, 0.4]);
    let images = crate::common::tensor(&picture.repeat(2), [2, 1, 8, 8]);
    let weights = quadrants(&[[2.0, -1.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]], &[0.3, -0.2]);
    (weights, Batch { images, targets: one_hot(&[0, 1], 2, &device()), labels: vec![0, 1] })
}

fn with(regularizer: Regularizer) -> Settings {
    Settings { regularizer, alpha: 1.0, adversary_steps: 5, ..settings() }
}

fn x_prime(settings: &Settings, weights: &Weights, batch: &Batch, draw: u64) -> Tensor<4> {
    let mut rng = Seed(3).rng(Stream::Perturbation, draw);
    settings.regularizer.x_prime(|track| network(weights, track), batch, settings, &mut rng)
}

/// Total minus cross-entropy.
async fn term(settings: &Settings, weights: &Weights, batch: &Batch, other: Tensor<4>) -> f32 {
    let tracked = Batch {
        images: batch.images.clone().autodiff(),
        targets: batch.targets.clone().autodiff(),
        labels: batch.labels.clone(),
    };
    let losses =
        Objective::new(settings).losses(&network(weights, Track::Parameters), &tracked, Some(other.autodiff()));
    let values = read(Tensor::cat(vec![losses.total, losses.ce], 0)).await;
    values[0] - values[1]
}

#[everywhere]
async fn the_jacobian_penalty_is_half_the_squared_norm_of_all_gradients() {
    let (weights, batch) = toy();
    let settings = with(Regularizer::Jacobian);
    let mut sum = 0.0;
    for draw in 0..2000 {
        let other = x_prime(&settings, &weights, &batch, draw);
        sum += term(&settings, &weights, &batch, other).await;
    }
    // One draw of ½ ‖J v‖² spreads by about its mean; 4,000 of them by a sixtieth.
    assert_close(&[sum / 2000.0], &[7.0], Tolerance::Sampling);
}

#[everywhere]
async fn the_input_gradient_penalty_is_the_squared_norm_of_the_gradient_of_the_cross_entropy() {
    let (weights, batch) = toy();
    let settings = with(Regularizer::InputGradient);
    let other = x_prime(&settings, &weights, &batch, 0);
    let change = read(other.clone() - batch.images.clone()).await;
    let length = |image: usize| change[image * 64..][..64].iter().map(|d| d * d).sum::<f32>().sqrt();
    assert_close(&[length(0), length(1)], &[0.01, 0.01], Tolerance::Accumulated);
    // z = (1.0, 1.9): ∇ₓ CE = (p − y) · (2, −1; 3), of length |p₁ − y₁| √14.
    let p = 1.0 / (1.0 + (1.9f32 - 1.0).exp());
    let expected = 14.0 * ((1.0 - p).powi(2) + p.powi(2)) / 2.0;
    let found = term(&settings, &weights, &batch, other).await;
    // Over h = 0.01 the slope itself changes by some percent.
    assert!((found / expected - 1.0).abs() < 0.05, "{found} for {expected}");
}

/// The maximum over the ball is known: the logits are linear, so KL grows with the distance along the gradients.
#[everywhere]
async fn the_adversaries_find_the_corner_of_the_ball() {
    let (weights, batch) = toy();
    for regularizer in [Regularizer::Trades, Regularizer::Adversarial] {
        let settings = Settings { adversary_epsilon: 0.05, ..with(regularizer) };
        let other = x_prime(&settings, &weights, &batch, 0);
        let change = read(other.clone() - batch.images.clone()).await;
        assert!(change.iter().all(|d| d.abs() <= 0.05 + 1e-6));
        let (_, positions) = peaks([0.0; 4]);
        // Away from class 0 for the first image, from class 1 for the second; TRADES has no label and picks a side.
        for (image, sign) in [(0, -1.0), (1, 1.0)] {
            let found: Vec<f32> = positions[..3].iter().map(|&p| change[image * 64 + p] / 0.05).collect();
            let away = [sign, -sign, -sign];
            let sides = if regularizer == Regularizer::Trades { vec![away, away.map(|v: f32| -v)] } else { vec![away] };
            let near = |side: &[f32; 3]| side.iter().zip(&found).all(|(a, b)| (a - b).abs() < 0.01);
            assert!(sides.iter().any(near), "{regularizer} {image}: {found:?}");
        }
        assert_eq!(bits(&read(x_prime(&settings, &weights, &batch, 0)).await), bits(&read(other).await));
    }
}

#[everywhere]
async fn without_weight_every_baseline_with_a_term_is_plain_training() {
    let plain = trained(&settings().plain(), 5).await;
    for &regularizer in Regularizer::ALL {
        let same = bits(&trained(&Settings { alpha: 0.0, ..with(regularizer) }, 5).await) == bits(&plain);
        let has_term = !matches!(regularizer, Regularizer::Augmentation | Regularizer::Adversarial);
        assert_eq!(same, has_term, "{regularizer}");
    }
}

#[everywhere]
async fn every_baseline_trains_and_reports_ds() {
    for &regularizer in Regularizer::ALL {
        let alpha = if regularizer == Regularizer::Jacobian { 0.01 } else { 0.5 };
        let mut trainer = trainer(&Settings { alpha, ..with(regularizer) });
        let records = advance(&mut trainer, 40).await;
        assert_eq!(records.len(), 40, "{regularizer}: {:?}", trainer.diverged());
        assert!(records[39].ce < records[0].ce, "{regularizer} learns nothing");
        assert!(records[0].ds.is_some(), "{regularizer}");
        let again = trained(&Settings { alpha, ..with(regularizer) }, 40).await;
        assert_eq!(bits(&again), bits(&trainer.weights().await.unwrap().values), "{regularizer} does not repeat");
    }
}
