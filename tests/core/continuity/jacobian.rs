//! `E DS(x, x + δ) / σ² → ‖J‖²_F` for δ ~ N(0, σ²I), DS the squared distance of logits and J = ∂z/∂x: the precise
//! content of "smooth gradients". Pictures lie in the middle of 0..1, where P clips nothing.

use crate::common::{
    Tolerance, assert_close, everywhere, lively, network, peaks, pictures, quadrants, read, small, tensor,
};
use burn::tensor::Tensor;
use semantic_continuity::continuity::Ds;
use semantic_continuity::model::{Architecture, Track, Weights};
use semantic_continuity::perturb::{Kind, Perturbation, Spread};
use semantic_continuity::seed::{Seed, Stream};

/// Mean of DS/σ² over `draws` draws of the noise around one picture `[1, c, h, w]`.
async fn ratio(weights: &Weights, x: &Tensor<4>, sigma: f32, draws: usize) -> f64 {
    let network = network(weights, Track::Nothing);
    let [_, c, h, w] = x.dims();
    let many = x.clone().expand([draws, c, h, w]);
    let noise = Perturbation::single(Kind::Gaussian, sigma);
    let changed =
        noise.draw(many.dims(), Spread::Uniform, &mut Seed(5).rng(Stream::Perturbation, 0)).apply(many.clone());
    let ds = read(Ds::LogitL2.distance(&network.forward(many), &network.forward(changed))).await;
    ds.iter().map(|&d| f64::from(d)).sum::<f64>() / draws as f64 / f64::from(sigma).powi(2)
}

/// ‖J‖²_F by one backward pass a logit.
async fn jacobian_norm(weights: &Weights, x: &Tensor<4>) -> f64 {
    let network = network(weights, Track::Input);
    let mut total = 0.0;
    for class in 0..weights.config.classes {
        let x = x.clone().autodiff().require_grad();
        let gradients = network.forward(x.clone()).logits.narrow(1, class, 1).sum().backward();
        let row = read(x.grad(&gradients).unwrap()).await;
        total += row.iter().map(|&g| f64::from(g).powi(2)).sum::<f64>();
    }
    total
}

#[everywhere]
async fn the_jacobian_of_a_hand_made_network() {
    let rows = [[1.0, -2.0, 0.5, 0.0], [0.0, 1.0, 0.0, 3.0]];
    let weights = quadrants(&rows, &[0.0; 2]);
    let (picture, _) = peaks([0.5, 0.6, 0.7, 0.65]);
    let x = tensor(&picture, [1, 1, 8, 8]);
    // Each logit is linear in four pixels: 1 + 4 + ¼ + 1 + 9.
    assert_close(&[jacobian_norm(&weights, &x).await], &[15.25], Tolerance::Rounding);
    // J Jᵀ has rank 2: DS/σ² scatters by a factor of 1.2, its mean over 4,000 draws by 1.9 %.
    for sigma in [1e-2, 1e-3] {
        assert_close(&[ratio(&weights, &x, sigma, 4000).await], &[15.25], Tolerance::Sampling);
    }
    // At σ = 0.2 other pixels win the maximum and the bound of the pictures is reached: no longer linear.
    assert!(!Tolerance::Sampling.allows(ratio(&weights, &x, 0.2, 4000).await, 15.25));
}

#[everywhere]
async fn small_noise_measures_the_jacobian_of_any_network() {
    for &architecture in Architecture::ALL {
        let weights = lively(&small(architecture, 1), 3, 1.5);
        let x = pictures([1, 1, 8, 8], 0.3, 0.7, 4);
        let expected = jacobian_norm(&weights, &x).await;
        assert!(expected > 0.01, "the network hardly reacts: {expected}");
        let measured = ratio(&weights, &x, 1e-3, 3000).await;
        assert_close(&[measured], &[expected], Tolerance::Sampling);
    }
}
