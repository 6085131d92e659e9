//! DS: the distance between what a network says about x and about x′ = P(x).
//!
//! The paper's loss, as a summary by others quotes it, is `CE + α · DS(f(x), f(x′))`; which distance its DS is, is not known
//! to us. The forms here are the ones in use for such constraints; see each [`Ds`].

use crate::choice::choices;
use crate::kernel::log_softmax;
use crate::model::Activations;
use burn::tensor::Tensor;

choices! {
    /// A semantic distance, for one image: z logits, h features (penultimate layer), p = softmax(z).
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use semantic_continuity::continuity::Ds;
    /// use semantic_continuity::model::Activations;
    ///
    /// let answer = |logits: [f32; 2]| {
    ///     let row = Tensor::<1>::from_data(&logits[..], &Device::flex()).reshape([1, 2]);
    ///     Activations { maps: vec![], features: row.clone(), logits: row }
    /// };
    /// // p(x) = (½, ½) and p(x′) = (¾, ¼): KL = ½ ln ⅔ + ½ ln 2.
    /// let ds = Ds::Kl.distance(&answer([0.0, 0.0]), &answer([3f32.ln(), 0.0]));
    /// assert!((ds.into_scalar::<f32>() - 0.143_841).abs() < 1e-5);
    /// ```
    pub enum Ds {
        LogitL2 => "logit-l2", "Logits, squared ℓ2", "‖z(x) − z(x′)‖²: distance in output space, as in clean logit pairing.";
        FeatureL2 => "feature-l2", "Features, squared ℓ2", "‖h(x) − h(x′)‖²: distance of the representations before the last layer.";
        ProbabilityL2 => "probability-l2", "Probabilities, squared ℓ2", "‖p(x) − p(x′)‖²: the consistency cost of the Π-model.";
        Kl => "kl", "KL divergence", "KL(p(x) ‖ p(x′)): the form of stability training for classifiers, up to the entropy of p(x).";
        Jsd => "jsd", "Jensen–Shannon", "Divergence of p(x) and p(x′) from their mean: symmetric and at most ln 2.";
        Cosine => "cosine", "Cosine of features", "1 − cos(h(x), h(x′)): blind to the length of the features.";
    }
}

/// Keeps divisions, roots and logarithms away from 0; far below any distance that matters.
const TINY: f32 = 1e-12;

/// Rounding of a divergence, some units in the last place of 1.
const ROUNDING: f32 = 1e-6;

/// Sum over the classes or features: `[n, d]` to `[n]`.
fn row_sum(x: Tensor<2>) -> Tensor<1> {
    let n = x.dims()[0];
    x.sum_dim(1).reshape([n])
}

/// `Σ p · (ln p − ln q)` per row from log-probabilities.
pub(crate) fn kl(log_p: Tensor<2>, log_q: Tensor<2>) -> Tensor<1> {
    row_sum(log_p.clone().exp() * (log_p - log_q))
}

impl Ds {
    /// DS of each image, `[n]`; 0 where both sides agree. Differentiable in both arguments.
    pub fn distance(self, x: &Activations, y: &Activations) -> Tensor<1> {
        let squared = |a: &Tensor<2>, b: &Tensor<2>| row_sum((a.clone() - b.clone()).square());
        let log_p = |a: &Activations| log_softmax(a.logits.clone());
        match self {
            Ds::LogitL2 => squared(&x.logits, &y.logits),
            Ds::FeatureL2 => squared(&x.features, &y.features),
            Ds::ProbabilityL2 => squared(&log_p(x).exp(), &log_p(y).exp()),
            Ds::Kl => kl(log_p(x), log_p(y)),
            Ds::Jsd => {
                let (p, q) = (log_p(x), log_p(y));
                let log_mean = (p.clone().exp() + q.clone().exp()).mul_scalar(0.5).clamp_min(TINY).log();
                (kl(p, log_mean.clone()) + kl(q, log_mean)).mul_scalar(0.5)
            }
            Ds::Cosine => {
                let (a, b) = (&x.features, &y.features);
                let norm = |h: &Tensor<2>| row_sum(h.clone().square()).add_scalar(TINY).sqrt();
                let cosine = row_sum(a.clone() * b.clone()).add_scalar(TINY) / (norm(a) * norm(b));
                cosine.neg().add_scalar(1.0)
            }
        }
    }

    /// The distance used in reports, on the host: the root of the squared forms, the others as they are. Those are
    /// differences of numbers about 1, which rounding leaves a hair from 0 on either side; that counts as 0, so that equal
    /// outputs have no distance to divide by. Nothing when it overflowed or never was a number.
    pub fn reported(self, ds: f32) -> Option<f32> {
        let ds = ds.is_finite().then_some(ds.max(0.0))?;
        Some(match self {
            Ds::LogitL2 | Ds::FeatureL2 | Ds::ProbabilityL2 => ds.sqrt(),
            Ds::Kl | Ds::Jsd | Ds::Cosine if ds < ROUNDING => 0.0,
            Ds::Kl | Ds::Jsd | Ds::Cosine => ds,
        })
    }
}
