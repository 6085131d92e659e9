//! What a gradient attack climbs, one number an image.

use crate::choice::choices;
use crate::kernel::log_softmax;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

choices! {
    /// The function that an attack climbs, of the logits z, the label y and, when it is targeted, the target t.
    #[derive(Default)]
    pub enum Loss {
        #[default]
        CrossEntropy => "cross-entropy", "Cross-entropy", "−ln p_y, or ln p_t towards a target.";
        Margin => "margin", "Margin (CW)", "max_{j≠y} z_j − z_y, or z_t − max_{j≠t} z_j: its gradient never vanishes by saturation.";
        Dlr => "dlr", "DLR", "The margin over z_π1 − z_π3: blind to the scale of the logits.";
    }
}

/// Where an attack wants the answer to go.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aim {
    /// Anywhere but the label.
    #[default]
    #[serde(rename = "away")]
    Untargeted,
    /// To this class; an image of that class goes to its runner-up.
    #[serde(rename = "class")]
    Targeted(u8),
    /// To the wrong class that is the most probable at x.
    RunnerUp,
}

/// Beyond this margin the softmax is softened: in f32 its gradient would vanish, at 104 entirely.
const SATURATED: f32 = 10.0;
/// Takes a logit out of a maximum.
const FAR: f32 = 1e30;
const TINY: f32 = 1e-12;

/// Label and target of each image as one-hot rows `[n, classes]`.
pub(super) struct Goal {
    pub(super) label: Tensor<2>,
    pub(super) target: Option<Tensor<2>>,
}

impl Aim {
    /// The goal for images with these one-hot labels and logits, all without autodiff.
    pub(super) fn goal(self, labels: &[u8], targets: &Tensor<2>, logits: &Tensor<2>) -> Goal {
        let [n, classes] = targets.dims();
        let label = targets.clone();
        let runner_up = || {
            let others = logits.clone() - label.clone().mul_scalar(FAR);
            let best = others.clone().max_dim(1);
            others.greater_equal(best.expand([n, classes])).float()
        };
        let target = match self {
            Self::Untargeted => None,
            Self::RunnerUp => Some(runner_up()),
            Self::Targeted(class) => {
                let wanted =
                    |y: u8| (0..classes).map(move |k| f32::from(u8::from(k == usize::from(class) && y != class)));
                let rows: Vec<f32> = labels.iter().flat_map(|&y| wanted(y)).collect();
                let class_rows = Tensor::<2>::from_data(TensorData::new(rows, [n, classes]), &targets.device());
                let own: Vec<f32> = labels.iter().map(|&y| f32::from(u8::from(y == class))).collect();
                let own = Tensor::<2>::from_data(TensorData::new(own, [n, 1]), &targets.device());
                Some(class_rows + runner_up() * own)
            }
        };
        Goal { label, target }
    }
}

impl Loss {
    /// The loss of each image, `[n]`; larger is better for the attacker. `z` is `[n, classes]`.
    ///
    /// Cross-entropy divides the logits by a constant wherever the margin exceeds 10, so that its gradient stays a
    /// number in f32 (ours; compare the margin losses of Carlini and Wagner 2017, DLR of Croce and Hein 2020). DLR
    /// needs three classes, four with a target; with fewer it is the margin.
    pub(super) fn of(self, z: Tensor<2>, goal: &Goal) -> Tensor<1> {
        let n = z.dims()[0];
        let value = match (self, &goal.target) {
            (Self::CrossEntropy, None) => pick(log_softmax(softened(z, &goal.label)), &goal.label).neg(),
            (Self::CrossEntropy, Some(target)) => pick(log_softmax(softened(z, target)), target),
            (Self::Margin, None) => lead(z, &goal.label).neg(),
            (Self::Margin, Some(target)) => lead(z, target),
            (Self::Dlr, None) => match top(&z, 3) {
                Some(top) => lead(z, &goal.label).neg() / (top[0].clone() - top[2].clone()).add_scalar(TINY),
                None => lead(z, &goal.label).neg(),
            },
            (Self::Dlr, Some(target)) => match top(&z, 4) {
                Some(top) => {
                    let rest = (top[2].clone() + top[3].clone()).mul_scalar(0.5);
                    (pick(z.clone(), target) - pick(z, &goal.label)) / (top[0].clone() - rest).add_scalar(TINY)
                }
                None => lead(z, target),
            },
        };
        value.reshape([n])
    }
}

/// The logit of the class in each one-hot row, `[n, 1]`.
fn pick(z: Tensor<2>, class: &Tensor<2>) -> Tensor<2> {
    (z * class.clone()).sum_dim(1)
}

/// `z_k − max_{j≠k} z_j`, `[n, 1]`: positive where class k wins.
pub(super) fn lead(z: Tensor<2>, class: &Tensor<2>) -> Tensor<2> {
    let others = (z.clone() - class.clone().mul_scalar(FAR)).max_dim(1);
    pick(z, class) - others
}

/// `z` divided by `max(1, |lead| / 10)` as a constant.
fn softened(z: Tensor<2>, class: &Tensor<2>) -> Tensor<2> {
    let scale = lead(z.clone(), class).detach().abs().mul_scalar(1.0 / SATURATED).clamp_min(1.0);
    z / scale
}

/// The `k` largest logits of each row, `[n, 1]` each, without sorting: sorting would read back. Equal ones count once.
fn top(z: &Tensor<2>, k: usize) -> Option<Vec<Tensor<2>>> {
    let [n, classes] = z.dims();
    if classes < k {
        return None;
    }
    let mut rest = z.clone();
    let mut found = Vec::with_capacity(k);
    for _ in 0..k {
        let best = rest.clone().max_dim(1);
        let taken = rest.clone().greater_equal(best.clone().expand([n, classes]));
        rest = rest.mask_fill(taken, -FAR);
        found.push(best);
    }
    Some(found)
}
