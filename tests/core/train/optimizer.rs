//! Steps of the optimisers worked out by hand.

use crate::common::{Tolerance, assert_close, everywhere, read, tensor};
use semantic_continuity::config;
use semantic_continuity::train::UpdateRule;

/// θ after each of three steps with these gradients.
async fn steps(optimizer: config::Optimizer, learning_rate: f32, gradients: [[f32; 2]; 3]) -> Vec<Vec<f32>> {
    let rule = UpdateRule { optimizer, learning_rate };
    let mut theta = tensor(&[1.0, -2.0], [2]);
    let mut state = rule.init(&theta);
    let mut path = Vec::new();
    for (i, gradient) in gradients.into_iter().enumerate() {
        (theta, state) = rule.step(theta, tensor(&gradient, [2]), state);
        assert_eq!(state.time, i + 1);
        path.push(read(theta.clone()).await);
    }
    path
}

#[everywhere]
async fn sgd_keeps_nine_tenths_of_its_velocity() {
    let path = steps(config::Optimizer::Sgd, 0.1, [[1.0, 2.0], [0.0, -4.0], [-1.0, 0.0]]).await;
    // Velocities: (1, 2), (0.9, −2.2), (−0.19, −1.98).
    assert_close(&path[0], &[0.9, -2.2], Tolerance::Rounding);
    assert_close(&path[1], &[0.81, -1.98], Tolerance::Rounding);
    assert_close(&path[2], &[0.829, -1.782], Tolerance::Rounding);
}

#[everywhere]
async fn adam_takes_bias_corrected_steps() {
    let gradients = [[0.5, -3.0], [-0.25, 1.0], [0.0, 2.0]];
    let path = steps(config::Optimizer::Adam, 0.1, gradients).await;
    // The first step is η · sign g, whatever the size of g.
    assert_close(&path[0], &[0.9, -1.9], Tolerance::Rounding);
    // The textbook form, with m̂ and v̂ written out, in f64.
    let (mut theta, mut m, mut v) = ([1.0f64, -2.0], [0.0f64; 2], [0.0f64; 2]);
    for (t, gradient) in (1..).zip(gradients) {
        for i in 0..2 {
            let g = f64::from(gradient[i]);
            m[i] = 0.9 * m[i] + 0.1 * g;
            v[i] = 0.999 * v[i] + 0.001 * g * g;
            let (m_hat, v_hat) = (m[i] / (1.0 - 0.9f64.powi(t)), v[i] / (1.0 - 0.999f64.powi(t)));
            theta[i] -= 0.1 * m_hat / (v_hat.sqrt() + 1e-8);
        }
        assert_close(&path[t as usize - 1], &theta, Tolerance::Accumulated);
    }
    // And the second step with pencil and paper: m̂ = (0.05·0.9 − 0.025)/0.19, v̂ = (0.00025·0.999 + 0.0000625)/0.001999.
    assert_close(&path[1][..1], &[0.9 - 0.1 * (0.02 / 0.19) / 0.395_225_f64], Tolerance::Accumulated);
}

#[everywhere]
async fn a_gradient_of_0_moves_nothing() {
    for &kind in config::Optimizer::ALL {
        let path = steps(kind, 1.0, [[0.0; 2]; 3]).await;
        assert_eq!(path[2], [1.0, -2.0]);
    }
}
