//! Masked gradients are flagged, honest ones are not.

use super::outcomes;
use crate::common::{data, defined, device, everywhere, network, refused, settings, stripes};
use burn::tensor::{Tensor, activation::softmax};
use semantic_continuity::attack::Budget;
use semantic_continuity::config::Settings;
use semantic_continuity::data::Data;
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{
    Check, Estimate, Robustness, RobustnessReport, Run, Source, Status, TrialReport, checks, masking_plan,
};
use semantic_continuity::model::{Architecture, Classifier, Differentiable, ModelConfig, Weights};
use semantic_continuity::seed::Seed;
use semantic_continuity::train::Trainer;
use std::rc::Rc;

const IMAGES: usize = 60;

fn pictures() -> Data {
    Data { test: stripes(IMAGES, 1, 2), ..data(1) }
}

/// A classifier that learned [`stripes`].
async fn learned() -> Weights {
    let settings = Settings { alpha: 0.0, ..settings() };
    let data = Rc::new(pictures());
    let start = ModelConfig::for_data(Architecture::SmallCnn, &data.train, 3).init(settings.seed);
    let mut trainer = Trainer::new(data, settings, &start, device()).unwrap();
    (0..60).for_each(|_| trainer.step());
    trainer.read().await.unwrap();
    trainer.weights().await.unwrap()
}

/// What stands between an attacker and the gradients of a good classifier.
#[derive(Clone, Copy, PartialEq)]
enum Mask {
    Nothing,
    /// A softmax that saturates, then shrinks: gradients vanish.
    Saturated,
    /// The input is rounded to eight levels: there is no gradient at all.
    Quantised,
}

struct Masked(Classifier, Mask);

impl Masked {
    fn around(&self, x: Tensor<4>, forward: impl Fn(Tensor<4>) -> Tensor<2>) -> Tensor<2> {
        match self.1 {
            Mask::Nothing => forward(x),
            Mask::Saturated => softmax(forward(x).mul_scalar(30.0), 1).mul_scalar(1e-3),
            Mask::Quantised => forward(x.mul_scalar(8.0).round().mul_scalar(1.0 / 8.0)),
        }
    }
}

impl Differentiable for Masked {
    fn logits(&self, x: Tensor<4>) -> Tensor<2> {
        self.around(x, |x| self.0.logits(x))
    }

    fn tracked(&self, x: Tensor<4>) -> Tensor<2> {
        self.around(x, |x| self.0.tracked(x))
    }
}

async fn report(mask: Mask, weights: &Weights) -> RobustnessReport {
    let masked = |mask| Masked(Classifier::new(|track| network(weights, track)), mask);
    let plan = masking_plan(Budget::linf(0.25), 10, 150, 64, &[Source::Other], IMAGES, Seed(1));
    let sources = vec![(Source::Other, masked(Mask::Nothing))];
    let mut run = Robustness::new(Rc::new(pictures()), plan, masked(mask), sources, 3, device()).unwrap();
    while run.progress().0 < run.progress().1 {
        run.advance().await.unwrap();
    }
    run.report().clone()
}

fn red(checks: &[Check]) -> Vec<&str> {
    checks.iter().filter(|check| check.status == Status::Fail).map(|check| check.id.as_str()).collect()
}

#[everywhere]
async fn masked_gradients_are_flagged_and_honest_ones_are_not() {
    let weights = learned().await;
    for mask in [Mask::Nothing, Mask::Saturated, Mask::Quantised] {
        let report = report(mask, &weights).await;
        let right = report.clean.iter().filter(|&&right| right).count();
        assert!(right > IMAGES * 3 / 4, "{right} of {IMAGES}");
        let checks = checks(&report).unwrap();
        let flagged = red(&checks);
        match mask {
            Mask::Nothing => assert_eq!(flagged, Vec::<&str>::new(), "{checks:#?}"),
            // Someone else's gradients, or none, do better than its own.
            _ => {
                for id in ["transfer", "black-box"] {
                    assert!(flagged.contains(&id), "{id}: {checks:#?}");
                }
            }
        }
        let ids: std::collections::HashSet<_> = checks.iter().map(|check| &check.id).collect();
        assert_eq!(ids.len(), checks.len());
        for check in &checks {
            assert!(check.evidence.contains('%') && check.claim.ends_with('.'), "{check:?}");
            let Estimate { value, low, high, .. } = defined(&check.excess);
            assert!(low <= value && value <= high);
        }
    }
}

/// A report with `stands` of 100 images after each trial.
fn made(clean: usize, stands: impl Fn(usize) -> usize) -> RobustnessReport {
    let plan = masking_plan(Budget::linf(0.1), 20, 100, 784, &[Source::Other, Source::Base], 100, Seed(1));
    let trials = plan.trials.into_iter().enumerate().map(|(i, trial)| TrialReport {
        trial,
        robust: outcomes(stands(i), 100),
        not_finite: 0,
        largest: 0.1,
    });
    RobustnessReport {
        seed: Seed(1),
        images: (0..100).collect(),
        clean: outcomes(clean, 100),
        planned: trials.len(),
        trials: trials.collect(),
    }
}

#[everywhere]
async fn lights_follow_the_numbers() {
    // Everything leaves 30 but the large radius, the eleventh trial.
    let calm = |i: usize| if i == 10 { 0 } else { 30 };
    assert!(checks(&made(90, calm)).unwrap().iter().all(|check| check.status == Status::Pass));
    let status = |changed: usize, stands: usize, id: &str| {
        let checks = checks(&made(90, |i| if i == changed { stands } else { calm(i) })).unwrap();
        checks.iter().find(|check| check.id == id).unwrap().status
    };
    for (trial, id) in [
        (0, "noise"),
        (1, "sign"),
        (2, "iterative"),
        (4, "steps"),
        (5, "schedule"),
        (6, "restarts"),
        (7, "margin"),
        (8, "dlr"),
        (9, "hard-label"),
        (11, "transfer"),
        (12, "transfer-base"),
        (13, "black-box"),
    ] {
        assert_eq!(status(trial, 5, id), Status::Fail, "{id}");
        assert_eq!(status(trial, 40, id), Status::Pass, "{id}: weaker is as it should be");
        // 6 of 100: more than what is tolerated, but chance could do it.
        assert_eq!(status(trial, 24, id), Status::Inconclusive, "{id}");
    }
    assert_eq!(status(10, 30, "large-radius"), Status::Fail);
    assert_eq!(status(10, 2, "large-radius"), Status::Pass);
}

/// A model that gets nothing right has nothing to lose: no check may call that fine.
#[everywhere]
async fn a_model_that_fails_anyway_is_not_called_sound() {
    let checks = checks(&made(4, |_| 0)).unwrap();
    assert!(checks.iter().all(|check| check.status == Status::Inconclusive && check.evidence.contains("too few")));
}

#[everywhere]
async fn other_results_are_refused() {
    let mut report = made(90, |_| 30);
    report.trials.truncate(5);
    refused(checks(&report), Code::InvalidSetting);
    // Cancelled before the last trial: an answer for some of the checks would look like one for all.
    let mut report = made(90, |_| 30);
    report.trials.pop();
    refused(checks(&report), Code::InvalidSetting);
    let mut report = made(90, |_| 30);
    report.trials[3].robust.pop();
    refused(checks(&report), Code::InvalidSetting);
    let mut report = made(90, |_| 30);
    report.trials.swap(0, 3);
    refused(checks(&report), Code::InvalidSetting);
}
