//! DS: formulas, identities, and what it becomes for small noise.

mod jacobian;
pub mod reference;

use crate::common::{Tolerance, assert_close, everywhere, lively, network, pictures, read, small, tensor};
use burn::tensor::Tensor;
use reference::{Rows, reference};
use semantic_continuity::continuity::Ds;
use semantic_continuity::model::{Activations, Architecture, Track};
use semantic_continuity::perturb::{Kind, Perturbation, Spread};
use semantic_continuity::seed::{Seed, Stream};

/// What a network could say about `n` images: `features` and `logits`, without maps.
fn said(features: &[f32], logits: &[f32], n: usize) -> Activations {
    Activations {
        maps: vec![],
        features: tensor(features, [n, features.len() / n]),
        logits: tensor(logits, [n, logits.len() / n]),
    }
}

/// Answers of 40 images over logits from tiny to very sure, 5 classes and 7 non-negative features.
fn random(seed: u32) -> Activations {
    let mut rng = Seed(seed).rng(Stream::Nudge, 1);
    let (mut features, mut logits) = (Vec::new(), Vec::new());
    for image in 0..40 {
        let scale = [0.1, 1.0, 5.0, 30.0][image % 4];
        features.extend(rng.fill(7, |rng| scale * (0.05 + rng.normal().max(0.0))));
        logits.extend(rng.fill(5, |rng| scale * rng.normal()));
    }
    said(&features, &logits, 40)
}

async fn distance(ds: Ds, x: &Activations, y: &Activations) -> Vec<f32> {
    read(ds.distance(x, y)).await
}

#[everywhere]
async fn every_form_is_its_formula() {
    let (x, y) = (random(1), random(2));
    let (rows_x, rows_y) = (Rows::of(&x).await, Rows::of(&y).await);
    for &ds in Ds::ALL {
        let expected: Vec<f64> = (0..40).map(|i| reference(ds, &rows_x, &rows_y, i)).collect();
        assert_close(&distance(ds, &x, &y).await, &expected, Tolerance::Accumulated);
    }
}

#[everywhere]
async fn small_cases_worked_out_by_hand() {
    // p = (½, ½), q = (¾, ¼).
    let x = said(&[3.0, 4.0], &[0.0, 0.0], 1);
    let y = said(&[4.0, 3.0], &[3f32.ln(), 0.0], 1);
    for (ds, expected) in [
        (Ds::LogitL2, 1.206_948_96), // (ln 3)²
        (Ds::FeatureL2, 2.0),
        (Ds::ProbabilityL2, 0.125),
        (Ds::Kl, 0.143_841_04),  // ½ ln ⅔ + ½ ln 2
        (Ds::Jsd, 0.033_821_95), // with the mean (⅝, ⅜)
        (Ds::Cosine, 0.04),      // 1 − 24/25
    ] {
        assert_close(&distance(ds, &x, &y).await, &[expected], Tolerance::Rounding);
    }
}

/// At P = identity every DS is 0: exactly, but for the rounding of a mean or a root inside.
#[everywhere]
async fn ds_of_an_image_with_itself_is_0() {
    for seed in 0..5 {
        let x = random(seed);
        for &ds in Ds::ALL {
            let d = distance(ds, &x, &x).await;
            match ds {
                Ds::LogitL2 | Ds::FeatureL2 | Ds::ProbabilityL2 | Ds::Kl => assert_eq!(d, [0.0; 40], "{ds}"),
                Ds::Jsd | Ds::Cosine => assert_close(&d, &[0.0; 40], Tolerance::Rounding),
            }
            assert!(d.iter().all(|&d| ds.reported(d) == Some(0.0)), "{ds}: equal outputs have no distance");
        }
    }
    for &architecture in Architecture::ALL {
        let network = network(&lively(&small(architecture, 1), 1, 2.0), Track::Nothing);
        let x = pictures([3, 1, 8, 8], 0.0, 1.0, 3);
        let identity = Perturbation::single(Kind::Gaussian, 0.0);
        let draw = identity.draw(x.dims(), Spread::Uniform, &mut Seed(1).rng(Stream::Perturbation, 0));
        let both = network.forward(Tensor::cat(vec![x.clone(), draw.apply(x)], 0));
        for &ds in Ds::ALL {
            let d = distance(ds, &both.narrow(0, 3), &both.narrow(3, 3)).await;
            assert_close(&d, &[0.0; 3], Tolerance::Rounding);
        }
    }
}

#[everywhere]
async fn ds_is_symmetric_but_for_kl() {
    let (x, y) = (random(3), random(4));
    for &ds in Ds::ALL {
        let (there, back) = (distance(ds, &x, &y).await, distance(ds, &y, &x).await);
        if ds == Ds::Kl {
            let differ = there.iter().zip(&back).filter(|(a, b)| (*a - *b).abs() > 0.1 * (*a + *b)).count();
            assert!(differ > 10, "KL came out symmetric");
        } else {
            assert_close(&there, &back, Tolerance::Rounding);
        }
    }
}

#[everywhere]
async fn ds_is_never_negative_and_bounded_where_it_should_be() {
    let ln2 = std::f32::consts::LN_2;
    let mut nearly = 0;
    for seed in 10..20 {
        let (x, y) = (random(seed), random(seed + 100));
        for &ds in Ds::ALL {
            let d = distance(ds, &x, &y).await;
            let top = match ds {
                Ds::Jsd => ln2,
                Ds::ProbabilityL2 => 2.0,
                // Features after a ReLU have no negative part, so the angle is at most a right one.
                Ds::Cosine => 1.0,
                _ => f32::INFINITY,
            };
            // Rounding alone may leave the range.
            assert!(d.iter().all(|&d| d > -1e-6 && d < top + 1e-6), "{ds}: {d:?}");
            nearly += usize::from(ds == Ds::Jsd && d.iter().any(|&d| d > 0.99 * ln2));
        }
    }
    assert!(nearly > 0, "the bound of JSD was never near");
}

/// The surest answers there are, opposite to each other: no NaN, no infinity, JSD at its bound.
#[everywhere]
async fn very_sure_answers_stay_finite() {
    let x = said(&[0.0, 0.0, 1e6, 0.0], &[3e4, -3e4, 200.0, 0.0], 2);
    let y = said(&[5.0, 0.0, 0.0, 1e6], &[-3e4, 3e4, 0.0, 200.0], 2);
    for &ds in Ds::ALL {
        for (x, y) in [(&x, &y), (&y, &x)] {
            let d = distance(ds, x, y).await;
            assert!(d.iter().all(|d| d.is_finite()), "{ds}: {d:?}");
            match ds {
                Ds::Jsd => assert_close(&d, &[std::f32::consts::LN_2; 2], Tolerance::Rounding),
                Ds::Kl => assert_close(&d, &[6e4, 200.0], Tolerance::Rounding),
                Ds::Cosine => assert_close(&d, &[1.0, 1.0], Tolerance::Rounding),
                _ => {}
            }
        }
    }
}

#[everywhere]
async fn cosine_is_blind_to_scale_and_probabilities_to_a_shift() {
    let (x, y) = (random(5), random(6));
    let scaled = Activations { features: y.features.clone().mul_scalar(7.5), ..y.clone() };
    assert_close(&distance(Ds::Cosine, &x, &scaled).await, &distance(Ds::Cosine, &x, &y).await, Tolerance::Rounding);
    assert_close(&distance(Ds::Cosine, &y, &scaled).await, &[0.0; 40], Tolerance::Rounding);
    let shifted = Activations { logits: y.logits.clone().add_scalar(4.0), ..y.clone() };
    for ds in [Ds::ProbabilityL2, Ds::Kl, Ds::Jsd] {
        let (moved, still) = (distance(ds, &x, &shifted).await, distance(ds, &x, &y).await);
        assert_close(&moved, &still, Tolerance::Accumulated);
    }
    // The others see it.
    assert!(distance(Ds::FeatureL2, &y, &scaled).await.iter().sum::<f32>() > 1.0);
    assert_close(&distance(Ds::LogitL2, &y, &shifted).await, &[80.0; 40], Tolerance::Accumulated);
}

/// Two images without any feature agree; one with and one without are as far apart as can be.
#[everywhere]
async fn cosine_of_dead_features_is_defined_with_its_gradient() {
    let x = said(&[0.0, 0.0, 0.0, 0.0], &[0.0; 4], 2);
    let y = said(&[0.0, 0.0, 3.0, 4.0], &[0.0; 4], 2);
    assert_close(&distance(Ds::Cosine, &x, &y).await, &[0.0, 1.0], Tolerance::Rounding);
    let features = x.features.clone().autodiff().require_grad();
    let tracked = Activations { features: features.clone(), logits: x.logits.autodiff(), ..x };
    let other = Activations { features: y.features.autodiff(), logits: y.logits.autodiff(), ..y };
    let gradients = Ds::Cosine.distance(&tracked, &other).sum().backward();
    let gradient = read(features.grad(&gradients).unwrap()).await;
    assert!(gradient.iter().all(|g| g.is_finite()), "{gradient:?}");
}

#[everywhere]
async fn reports_take_roots_of_the_squared_forms_only() {
    for &ds in Ds::ALL {
        let squared = matches!(ds, Ds::LogitL2 | Ds::FeatureL2 | Ds::ProbabilityL2);
        assert_eq!(ds.reported(0.25), Some(if squared { 0.5 } else { 0.25 }));
        assert_eq!((ds.reported(-1e-8), ds.reported(0.0)), (Some(0.0), Some(0.0)));
        // What overflowed is no distance, least of all 0.
        assert_eq!([f32::NAN, f32::INFINITY].map(|d| ds.reported(d)), [None; 2]);
    }
}
