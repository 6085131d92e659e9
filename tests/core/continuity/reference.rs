//! CE and DS once more, on the host in f64 and written as in the textbook: what the engine is held against.

use crate::common::read;
use semantic_continuity::continuity::Ds;
use semantic_continuity::model::Activations;

/// Features and logits of a batch, one row an image.
#[derive(Clone)]
pub struct Rows {
    features: Vec<Vec<f64>>,
    logits: Vec<Vec<f64>>,
}

impl Rows {
    pub async fn of(activations: &Activations) -> Self {
        let [_, d] = activations.features.dims();
        let [_, k] = activations.logits.dims();
        let rows = |values: Vec<f32>, width: usize| {
            values.chunks(width).map(|row| row.iter().map(|&v| f64::from(v)).collect()).collect()
        };
        Self {
            features: rows(read(activations.features.clone().without_autodiff()).await, d),
            logits: rows(read(activations.logits.clone().without_autodiff()).await, k),
        }
    }

    pub fn len(&self) -> usize {
        self.logits.len()
    }
}

fn log_softmax(z: &[f64]) -> Vec<f64> {
    let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let log_sum = z.iter().map(|z| (z - top).exp()).sum::<f64>().ln() + top;
    z.iter().map(|z| z - log_sum).collect()
}

fn squares(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

/// DS of image `i`.
pub fn reference(ds: Ds, x: &Rows, y: &Rows, i: usize) -> f64 {
    let (log_p, log_q) = (log_softmax(&x.logits[i]), log_softmax(&y.logits[i]));
    let [p, q] = [&log_p, &log_q].map(|log| log.iter().map(|l| l.exp()).collect::<Vec<f64>>());
    let kl = |p: &[f64], log_p: &[f64], log_q: &[f64]| -> f64 {
        p.iter().zip(log_p.iter().zip(log_q)).filter(|(p, _)| **p > 0.0).map(|(p, (a, b))| p * (a - b)).sum()
    };
    match ds {
        Ds::LogitL2 => squares(&x.logits[i], &y.logits[i]),
        Ds::FeatureL2 => squares(&x.features[i], &y.features[i]),
        Ds::ProbabilityL2 => squares(&p, &q),
        Ds::Kl => kl(&p, &log_p, &log_q),
        Ds::Jsd => {
            let mean: Vec<f64> = p.iter().zip(&q).map(|(p, q)| (0.5 * (p + q)).ln()).collect();
            0.5 * (kl(&p, &log_p, &mean) + kl(&q, &log_q, &mean))
        }
        Ds::Cosine => {
            let (a, b) = (&x.features[i], &y.features[i]);
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            1.0 - dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
        }
    }
}

/// Mean DS of a batch.
pub fn mean_ds(ds: Ds, x: &Rows, y: &Rows) -> f64 {
    (0..x.len()).map(|i| reference(ds, x, y, i)).sum::<f64>() / x.len() as f64
}

/// Cross-entropy of each image.
pub fn each_ce(x: &Rows, labels: &[u8]) -> Vec<f64> {
    x.logits.iter().zip(labels).map(|(z, &label)| -log_softmax(z)[usize::from(label)]).collect()
}

/// Mean cross-entropy of a batch.
pub fn mean_ce(x: &Rows, labels: &[u8]) -> f64 {
    each_ce(x, labels).iter().sum::<f64>() / labels.len() as f64
}

/// Mean cross-entropy `−Σ p ln q` between the answers of two batches.
pub fn mean_cross(x: &Rows, y: &Rows) -> f64 {
    let one = |p: &[f64], q: &[f64]| -log_softmax(p).iter().zip(log_softmax(q)).map(|(p, q)| p.exp() * q).sum::<f64>();
    x.logits.iter().zip(&y.logits).map(|(p, q)| one(p, q)).sum::<f64>() / x.len() as f64
}
