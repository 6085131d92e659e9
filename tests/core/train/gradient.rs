//! The gradient of `CE + α · DS` against finite differences of the loss worked out on the host.

use crate::common::{Tolerance, device, everywhere, lively, network, pictures, read, small};
use crate::continuity::reference::{Rows, each_ce, mean_ce, mean_cross, mean_ds};
use burn::tensor::Tensor;
use semantic_continuity::config::{CeOn, Regularizer, Settings};
use semantic_continuity::continuity::Ds;
use semantic_continuity::data::{Batch, one_hot};
use semantic_continuity::model::{Architecture, Track, Weights};
use semantic_continuity::seed::{Seed, Stream};
use semantic_continuity::train::{Losses, Objective};

const LABELS: [u8; 4] = [0, 2, 1, 2];
/// Length of a difference step: rounding of f32 logits, about 1e-7, divided by it stays below the tolerance, and so few
/// ReLUs change sides within it that their kinks do, too. Measured: at most 0.8 % of the gradient's length in 1,100
/// directions, shrinking with the step.
const H: f64 = 3e-4;

struct Setup {
    weights: Weights,
    x: Tensor<4>,
    changed: Tensor<4>,
    objective: Objective,
}

impl Setup {
    fn new(architecture: Architecture, ds: Ds, stop_gradient: bool, ce_on: CeOn) -> Self {
        Self {
            weights: lively(&small(architecture, 1), 5, 1.5),
            x: pictures([4, 1, 8, 8], 0.0, 1.0, 1),
            changed: pictures([4, 1, 8, 8], 0.0, 1.0, 2),
            objective: Objective { ds, stop_gradient, ce_on, ..Objective::new(&Settings::default()) },
        }
    }

    async fn gradient(&self, alpha: f32) -> Vec<f64> {
        let network = network(&self.weights, Track::Parameters);
        let batch = Batch {
            images: self.x.clone().autodiff(),
            targets: one_hot(&LABELS, 3, &device()).autodiff(),
            labels: LABELS.to_vec(),
        };
        let objective = Objective { alpha, ..self.objective };
        let Losses { total, .. } = objective.losses(&network, &batch, Some(self.changed.clone().autodiff()));
        read(network.gradient(total)).await.into_iter().map(f64::from).collect()
    }

    /// The loss at `θ + length · direction`, from the answers of the network alone.
    async fn loss(&self, alpha: f64, direction: &[f64], length: f64) -> f64 {
        let answers = async |length: f64| {
            let moved = self.weights.values.iter().zip(direction).map(|(&t, d)| (f64::from(t) + length * d) as f32);
            let weights = Weights { values: moved.collect(), config: self.weights.config.clone() };
            let network = network(&weights, Track::Nothing);
            let of = async |x: &Tensor<4>| Rows::of(&network.forward(x.clone())).await;
            (of(&self.x).await, of(&self.changed).await)
        };
        let (clean, changed) = answers(length).await;
        let ce = match self.objective.ce_on {
            CeOn::Clean => mean_ce(&clean, &LABELS),
            CeOn::Both => 0.5 * (mean_ce(&clean, &LABELS) + mean_ce(&changed, &LABELS)),
        };
        // With the gradient stopped, f(x) inside DS stays what it is at θ.
        let anchor = if self.objective.stop_gradient { answers(0.0).await.0 } else { clean.clone() };
        // The length of the differences that stand for gradients.
        let h = 0.01;
        match self.objective.regularizer {
            Regularizer::Continuity => ce + alpha * mean_ds(self.objective.ds, &anchor, &changed),
            Regularizer::Augmentation => 0.5 * (mean_ce(&clean, &LABELS) + mean_ce(&changed, &LABELS)),
            Regularizer::Adversarial => mean_ce(&changed, &LABELS),
            Regularizer::Stability => ce + alpha * mean_cross(&clean, &changed),
            Regularizer::Jacobian => ce + alpha * 0.5 * mean_ds(Ds::LogitL2, &clean, &changed) / (h * h),
            Regularizer::InputGradient => {
                let slopes = each_ce(&changed, &LABELS).into_iter().zip(each_ce(&clean, &LABELS));
                ce + alpha * slopes.map(|(a, b)| ((a - b) / h).powi(2)).sum::<f64>() / LABELS.len() as f64
            }
            Regularizer::Trades => ce + alpha * mean_ds(Ds::Kl, &clean, &changed),
        }
    }

    /// Directions of length 1: the gradient of each parameter tensor alone, and random ones that lean to the gradient
    /// (a purely random one would see 1/√d of it).
    fn directions(&self, gradient: &[f64]) -> Vec<Vec<f64>> {
        let mut directions = Vec::new();
        let mut begin = 0;
        for parameter in self.weights.config.layout().parameters() {
            let range = begin..begin + parameter.size();
            begin = range.end;
            directions
                .push(gradient.iter().enumerate().map(|(i, &g)| if range.contains(&i) { g } else { 0.0 }).collect());
        }
        let length = norm(gradient) / (gradient.len() as f64).sqrt();
        for seed in 0..2 {
            let mut rng = Seed(seed).rng(Stream::Nudge, 2);
            directions.push(gradient.iter().map(|g| g + length * f64::from(rng.normal())).collect::<Vec<f64>>());
        }
        directions.into_iter().map(|d| scaled(&d, 1.0 / norm(&d).max(f64::MIN_POSITIVE))).collect()
    }

    async fn check(&self) {
        let ce_alone = self.gradient(0.0).await;
        let both = self.gradient(1.0).await;
        let term_alone: Vec<f64> = both.iter().zip(&ce_alone).map(|(a, b)| a - b).collect();
        let has_term = !matches!(self.objective.regularizer, Regularizer::Augmentation | Regularizer::Adversarial);
        assert_eq!(norm(&term_alone) > 1e-6, has_term, "{:?}", self.objective);
        // α that makes both terms weigh the same, so that neither can hide behind the other.
        let alpha = if has_term { (norm(&ce_alone) / norm(&term_alone)) as f32 } else { 1.0 };
        let gradient = self.gradient(alpha).await;
        let size = norm(&gradient);
        for (i, direction) in self.directions(&gradient).into_iter().enumerate() {
            let expected: f64 = gradient.iter().zip(&direction).map(|(g, d)| g * d).sum::<f64>() / size;
            let alpha = f64::from(alpha);
            let (above, below) = (self.loss(alpha, &direction, H).await, self.loss(alpha, &direction, -H).await);
            let measured = (above - below) / (2.0 * H) / size;
            assert!(
                Tolerance::Difference.allows(measured, expected),
                "{:?}, direction {i}: the loss changes by {measured}, the gradient says {expected}",
                self.objective
            );
        }
    }
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn scaled(v: &[f64], factor: f64) -> Vec<f64> {
    v.iter().map(|v| v * factor).collect()
}

#[everywhere]
async fn the_gradient_is_the_derivative_of_the_loss() {
    for &architecture in Architecture::ALL {
        for &ds in Ds::ALL {
            for stop_gradient in [false, true] {
                for ce_on in [CeOn::Clean, CeOn::Both] {
                    Setup::new(architecture, ds, stop_gradient, ce_on).check().await;
                }
            }
        }
    }
}

#[everywhere]
async fn the_gradient_of_each_baseline_is_the_derivative_of_its_loss() {
    for &architecture in Architecture::ALL {
        for &regularizer in Regularizer::ALL {
            let mut setup = Setup::new(architecture, Ds::LogitL2, false, CeOn::Clean);
            setup.objective.regularizer = regularizer;
            setup.check().await;
        }
    }
}

#[everywhere]
async fn stopping_the_gradient_changes_it() {
    for &ds in Ds::ALL {
        let free = Setup::new(Architecture::SmallCnn, ds, false, CeOn::Clean).gradient(1.0).await;
        let stopped = Setup::new(Architecture::SmallCnn, ds, true, CeOn::Clean).gradient(1.0).await;
        let difference: Vec<f64> = free.iter().zip(&stopped).map(|(a, b)| a - b).collect();
        assert!(norm(&difference) > 0.01 * norm(&free), "{ds}");
    }
}
