//! Saliency: methods on networks that a person can compute, and measures on maps made by hand.

mod metric;

use crate::common::{
    Tolerance, assert_close, bits, everywhere, lively, network, peaks, pictures, quadrants, refused, small, tensor,
};
use burn::tensor::Tensor;
use semantic_continuity::error::Code;
use semantic_continuity::model::{Architecture, Classifier, Weights};
use semantic_continuity::saliency::{Baseline, Map, Method};
use semantic_continuity::seed::{Rng, Seed, Stream};

pub fn classifier(weights: &Weights) -> Classifier {
    Classifier::new(|track| network(weights, track))
}

fn rng() -> Rng {
    Seed(1).rng(Stream::Saliency, 0)
}

async fn attribute(method: Method, weights: &Weights, x: &Tensor<4>, class: usize) -> Map {
    method.attribute(&classifier(weights), x, class, &mut rng()).await.unwrap()
}

const ROW: [f32; 4] = [1.0, -2.0, 0.5, 0.25];
const PEAKS: [f32; 4] = [0.6, 0.5, 0.7, 0.8];

/// `z₀ = q₀ − 2 q₁ + ½ q₂ + ¼ q₃ + 0.3` of the maxima of the quadrants; and z₁, which is another matter.
pub fn linear() -> (Weights, Tensor<4>, [usize; 4]) {
    let (picture, positions) = peaks(PEAKS);
    (quadrants(&[ROW, [0.0, 1.0, 1.0, 0.0]], &[0.3, 0.0]), tensor(&picture, [1, 1, 8, 8]), positions)
}

/// 0 but for these values at the peaks.
fn at(positions: [usize; 4], values: [f32; 4]) -> Vec<f32> {
    let mut map = vec![0.0; 64];
    for (position, value) in positions.into_iter().zip(values) {
        map[position] = value;
    }
    map
}

fn products() -> [f32; 4] {
    std::array::from_fn(|i| ROW[i] * PEAKS[i])
}

#[everywhere]
async fn the_gradient_of_a_linear_model_is_its_weights() {
    let (weights, x, positions) = linear();
    let map = attribute(Method::Gradient, &weights, &x, 0).await;
    assert_eq!((map.width, map.height, map.quality), (8, 8, None));
    assert_close(&map.values, &at(positions, ROW), Tolerance::Rounding);
    let map = attribute(Method::GradientInput, &weights, &x, 0).await;
    assert_close(&map.values, &at(positions, products()), Tolerance::Rounding);
    // Another class, other weights.
    let map = attribute(Method::Gradient, &weights, &x, 1).await;
    assert_close(&map.values, &at(positions, [0.0, 1.0, 1.0, 0.0]), Tolerance::Rounding);
    // Noise that does not dethrone the peaks changes nothing, and none at all is the gradient.
    for (samples, sigma) in [(1, 0.0), (150, 0.02)] {
        let map = attribute(Method::SmoothGrad { samples, sigma }, &weights, &x, 0).await;
        assert_close(&map.values, &at(positions, ROW), Tolerance::Rounding);
    }
}

#[everywhere]
async fn integrated_gradients_are_complete() {
    let (weights, x, positions) = linear();
    for steps in [1, 7, 130] {
        let method = Method::IntegratedGradients { steps, baseline: Baseline::Black };
        let map = attribute(method, &weights, &x, 0).await;
        assert_close(&map.values, &at(positions, products()), Tolerance::Accumulated);
        assert!(map.quality.unwrap() < 1e-5);
    }
    // On networks with kinks the gap closes as the rule gets finer.
    for &architecture in Architecture::ALL {
        let weights = lively(&small(architecture, 3), 5, 1.6);
        let x = pictures([1, 3, 8, 8], 0.0, 1.0, 2);
        for &baseline in Baseline::ALL {
            let gap = async |steps| {
                attribute(Method::IntegratedGradients { steps, baseline }, &weights, &x, 1).await.quality.unwrap()
            };
            let (coarse, fine) = (gap(2).await, gap(400).await);
            assert!(fine < 0.02 && fine < coarse.max(0.004), "{architecture} {baseline}: {coarse}, then {fine}");
        }
    }
}

/// Map 0 of the last convolution is the picture halved; its weight is the mean gradient, `Σ rows / 16`.
#[everywhere]
async fn grad_cam_on_a_network_made_by_hand() {
    let (picture, _) = peaks(PEAKS);
    let x = tensor(&picture, [1, 1, 8, 8]);
    let weights = quadrants(&[[1.0, 0.5, 0.5, 0.0], [-1.0, 0.0, 0.0, 0.0]], &[0.0; 2]);
    let map = attribute(Method::GradCam, &weights, &x, 0).await.values;
    // The corner shows the first pooled pixel as it is: 0.2 · 2 / 16.
    assert_close(&[map[0]], &[0.2 * 2.0 / 16.0], Tolerance::Rounding);
    // Row 1, column 2 lies in pooled pixel (0, 1), a quarter of the way to (1, 1) and to (0, 0): the peak 0.6 has
    // weight 9/16.
    let expected = (0.6 * 9.0 + 0.2 * 7.0) / 16.0 * 2.0 / 16.0;
    assert_close(&[map[8 + 2]], &[expected], Tolerance::Rounding);
    assert!(map.iter().all(|&v| v >= 0.0));
    // What only speaks against a class shows nothing.
    assert_close(&attribute(Method::GradCam, &weights, &x, 1).await.values, &[0.0; 64], Tolerance::Rounding);
}

#[everywhere]
async fn lime_recovers_a_linear_function() {
    let (weights, x, _) = linear();
    let method = Method::Lime { samples: 200, cell: 4, baseline: Baseline::Black };
    let map = attribute(method, &weights, &x, 0).await;
    let quadrant = |pixel: usize| pixel / 32 * 2 + pixel % 8 / 4;
    let expected: Vec<f32> = (0..64).map(|pixel| products()[quadrant(pixel)]).collect();
    assert_close(&map.values, &expected, Tolerance::Accumulated);
    assert_close(&[map.quality.unwrap()], &[1.0], Tolerance::Accumulated);
    // A network that is not linear in the cells is fitted less well, and says so.
    let bent = attribute(
        Method::Lime { samples: 200, cell: 2, baseline: Baseline::Black },
        &lively(&small(Architecture::SmallCnn, 1), 3, 2.0),
        &x,
        0,
    )
    .await;
    assert!((0.0..0.999).contains(&bent.quality.unwrap()), "{:?}", bent.quality);
}

#[everywhere]
async fn occlusion_is_what_is_lost_by_hiding() {
    let (weights, x, _) = linear();
    let whole = attribute(Method::Occlusion { window: 8, baseline: Baseline::Black }, &weights, &x, 0).await.values;
    assert_close(&whole, &[products().iter().sum::<f32>(); 64], Tolerance::Accumulated);
    let map = attribute(Method::Occlusion { window: 4, baseline: Baseline::Black }, &weights, &x, 0).await.values;
    // The corners belong to one window each, which hides one quadrant.
    assert_close(&[map[0], map[7], map[56], map[63]], &products(), Tolerance::Accumulated);
}

#[everywhere]
async fn every_method_explains_every_network_and_repeats_itself() {
    for (architecture, channels) in [(Architecture::SmallCnn, 1), (Architecture::MiniResNet, 3)] {
        let weights = lively(&small(architecture, channels), 5, 1.6);
        let x = pictures([1, channels, 8, 8], 0.0, 1.0, 2);
        for method in Method::ALL {
            let map = attribute(method, &weights, &x, 2).await;
            assert_eq!(map.values.len(), 64);
            assert!(map.values.iter().all(|v| v.is_finite()), "{}", method.label());
            assert!(map.values.iter().any(|&v| v != map.values[0]), "{} shows nothing", method.label());
            assert_eq!(map.quality.is_some(), method.quality().is_some());
            assert!(method.is_signed() || map.values.iter().all(|&v| v >= 0.0));
            let again = attribute(method, &weights, &x, 2).await;
            assert_eq!(bits(&again.values), bits(&map.values), "{}", method.label());
            let json = serde_json::to_string(&method).unwrap();
            assert_eq!(serde_json::from_str::<Method>(&json).unwrap(), method);
        }
    }
}

#[everywhere]
async fn fills_keep_what_they_say() {
    let x = pictures([2, 3, 8, 8], 0.0, 1.0, 4);
    let read = crate::common::read;
    assert!(read(Baseline::Black.of(&x)).await.iter().all(|&v| v == 0.0));
    let (values, mean) = (read(x.clone()).await, read(Baseline::Mean.of(&x)).await);
    for (plane, mean) in values.chunks(64).zip(mean.chunks(64)) {
        assert_close(mean, &[plane.iter().sum::<f32>() / 64.0; 64], Tolerance::Accumulated);
    }
    let spread = |values: &[f32]| values.iter().fold(0f32, |most, v| most.max((v - values[0]).abs()));
    let blurred = read(Baseline::Blur.of(&x)).await;
    assert!(spread(&blurred[..64]) < 0.5 * spread(&values[..64]));
}

#[everywhere]
async fn impossible_requests_are_refused() {
    let (weights, x, _) = linear();
    for method in [
        Method::SmoothGrad { samples: 0, sigma: 0.1 },
        Method::SmoothGrad { samples: 5, sigma: f32::NAN },
        Method::IntegratedGradients { steps: 0, baseline: Baseline::Black },
        Method::Lime { samples: 10, cell: 9, baseline: Baseline::Black },
        Method::Lime { samples: 100_000, cell: 4, baseline: Baseline::Black },
        Method::Occlusion { window: 0, baseline: Baseline::Black },
    ] {
        let result = method.attribute(&classifier(&weights), &x, 0, &mut rng()).await;
        refused(result, Code::InvalidSetting);
    }
    let message =
        refused(Method::Gradient.attribute(&classifier(&weights), &x, 2, &mut rng()).await, Code::InvalidSetting);
    assert!(message.contains("0 to 1"), "{message}");
}
