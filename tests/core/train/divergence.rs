//! Runs that explode: noticed, cut off, taken back.

use super::{advance, trainer};
use crate::common::{data, device, everywhere, settings};
use semantic_continuity::config::{Optimizer, Settings};
use semantic_continuity::train::{Checkpoint, Trainer};
use std::rc::Rc;

/// Explodes within a few steps.
fn explosive() -> Settings {
    Settings { optimizer: Optimizer::Sgd, learning_rate: 10.0, alpha: 100.0, ..settings() }
}

async fn explode(slice: usize) -> (Trainer, usize) {
    let mut trainer = trainer(&explosive());
    let mut seen = 0;
    for _ in 0..60 / slice {
        let records = advance(&mut trainer, slice).await;
        assert!(records.iter().all(|r| r.ce.is_finite() && r.grad_norm.is_finite() && r.ds.unwrap().is_finite()));
        seen += records.len();
        if trainer.diverged().is_some() {
            return (trainer, seen);
        }
    }
    panic!("a learning rate of 10 with α = 100 did not diverge");
}

#[everywhere]
async fn divergence_is_reported_and_records_are_cut_off() {
    let (_, seen) = explode(1).await;
    for slice in [1, 2, 5, 60] {
        let (trainer, records) = explode(slice).await;
        let diverged = trainer.diverged().unwrap();
        // The same step, however often statistics are read; everything before it was reported, nothing after.
        assert_eq!((diverged.step, records), (seen + 1, seen), "read every {slice} steps");
        assert!(diverged.last_good_step < diverged.step);
        let step = format!("at step {}", diverged.step);
        let sound = format!("step {} is sound", diverged.last_good_step);
        assert!(diverged.message.contains(&step) && diverged.message.contains(&sound), "{}", diverged.message);
    }
}

/// However often statistics were read: what is restored must be worth restoring.
#[everywhere]
async fn a_diverged_run_goes_on_from_its_last_good_state() {
    for slice in [1, 2, 5, 60] {
        let (trainer, _) = explode(slice).await;
        let last_good = trainer.diverged().unwrap().last_good_step;
        let checkpoint = Checkpoint::from_bytes(&trainer.checkpoint().await.unwrap().to_bytes()).unwrap();
        assert_eq!(checkpoint.step, last_good);
        assert!(checkpoint.weights.values.iter().all(|value| value.is_finite()));

        let calm = Settings { learning_rate: 1e-5, ..explosive() };
        let mut trainer = Trainer::resume(Rc::new(data(1)), calm, &checkpoint, device()).unwrap();
        assert!(trainer.diverged().is_none());
        let records = advance(&mut trainer, 3).await;
        assert_eq!(records.len(), 3, "read every {slice} steps: {:?}", trainer.diverged());
        assert_eq!(records[0].step, last_good + 1);
    }
}

#[everywhere]
async fn steps_after_a_divergence_can_be_read_without_harm() {
    let (mut trainer, _) = explode(60).await;
    let before = trainer.diverged().cloned();
    assert!(advance(&mut trainer, 2).await.is_empty());
    assert_eq!(trainer.diverged().unwrap().last_good_step, before.unwrap().last_good_step);
}
