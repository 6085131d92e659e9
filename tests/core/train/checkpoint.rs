//! A checkpoint continues a run exactly; a forged one is refused.

use super::{advance, trained, trainer, with};
use crate::common::{bits, data, device, everywhere, refused, settings};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use semantic_continuity::config::{Optimizer, Settings};
use semantic_continuity::error::Code;
use semantic_continuity::model::{Architecture, Precision};
use semantic_continuity::seed::{Seed, Stream};
use semantic_continuity::train::{Checkpoint, Trainer};
use std::rc::Rc;

async fn checkpoint(settings: &Settings, steps: usize) -> Checkpoint {
    let mut trainer = trainer(settings);
    advance(&mut trainer, steps).await;
    trainer.checkpoint().await.unwrap()
}

fn resume(settings: &Settings, checkpoint: &Checkpoint) -> Trainer {
    Trainer::resume(Rc::new(data(1)), settings.clone(), checkpoint, device()).unwrap()
}

#[everywhere]
async fn a_resumed_run_continues_bit_for_bit() {
    for &architecture in Architecture::ALL {
        for &optimizer in Optimizer::ALL {
            let settings = Settings { optimizer, ..with(architecture) };
            let mut whole = trainer(&settings);
            let records = advance(&mut whole, 11).await;
            // In the middle of an epoch, which has four batches.
            let first = checkpoint(&settings, 6).await;
            let read = Checkpoint::from_bytes(&first.to_bytes()).unwrap();
            assert_eq!(read, first);
            assert_eq!((read.step, read.time), (6, 6));
            let mut resumed = resume(&settings, &read);
            assert_eq!(advance(&mut resumed, 5).await, records[6..]);
            let (resumed, whole) = (resumed.checkpoint().await.unwrap(), whole.checkpoint().await.unwrap());
            assert_eq!(bits(&resumed.weights.values), bits(&whole.weights.values), "{architecture} {optimizer}");
            assert_eq!(resumed.to_bytes(), whole.to_bytes());
        }
    }
}

#[everywhere]
async fn a_checkpoint_before_the_first_step_is_the_start() {
    let fresh = Checkpoint::from_bytes(&trainer(&settings()).checkpoint().await.unwrap().to_bytes()).unwrap();
    assert_eq!(fresh.step, 0);
    let mut resumed = resume(&settings(), &fresh);
    advance(&mut resumed, 4).await;
    assert_eq!(bits(&resumed.weights().await.unwrap().values), bits(&trained(&settings(), 4).await));
}

#[everywhere]
async fn another_optimiser_starts_anew() {
    let adam = checkpoint(&settings(), 6).await;
    let sgd = Settings { optimizer: Optimizer::Sgd, learning_rate: 1e-3, ..settings() };
    let fresh = Checkpoint {
        time: 0,
        optimizer: Optimizer::Sgd,
        first: vec![0.0; adam.first.len()],
        second: vec![0.0],
        ..adam.clone()
    };
    let (mut switched, mut zeroed) = (resume(&sgd, &adam), resume(&sgd, &fresh));
    assert_eq!(advance(&mut switched, 3).await, advance(&mut zeroed, 3).await);
    assert_eq!(switched.step_count(), 9);
}

/// A checkpoint with its parts in the hands of `change`.
fn forged(
    checkpoint: &Checkpoint,
    change: impl FnOnce(&mut Vec<(String, Dtype, Vec<usize>, Vec<u8>)>, &mut Option<String>),
) -> Vec<u8> {
    let bytes = checkpoint.to_bytes();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut parts = file
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, view.dtype(), view.shape().to_vec(), view.data().to_vec()))
        .collect();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut position = header.metadata().as_ref().map(|entries| entries["checkpoint"].clone());
    change(&mut parts, &mut position);
    let views =
        parts.iter().map(|(name, dtype, shape, bytes)| (name, TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
    safetensors::serialize(views, position.map(|text| [("checkpoint".to_owned(), text)].into())).unwrap()
}

#[everywhere]
async fn forged_checkpoints_are_refused() {
    let sound = checkpoint(&settings(), 2).await;
    assert_eq!(Checkpoint::from_bytes(&forged(&sound, |_, _| {})).unwrap(), sound);
    let d = sound.first.len();
    let header = |from: &'static str, to: &'static str| {
        forged(&sound, move |_, position| *position = position.take().map(|text| text.replace(from, to)))
    };
    let moment = |name: &'static str, value: f32| {
        forged(&sound, move |parts, _| {
            let part = parts.iter_mut().find(|part| part.0 == name).unwrap();
            part.3[..4].copy_from_slice(&value.to_le_bytes());
        })
    };
    let without = |name: &'static str| forged(&sound, move |parts, _| parts.retain(|part| part.0 != name));
    let integers = forged(&sound, |parts, _| {
        parts.iter_mut().find(|part| part.0 == "optimizer.first").unwrap().1 = Dtype::I32;
    });
    for (bytes, word) in [
        (forged(&sound, |_, position| *position = None), "checkpoint"),
        (header("\"step\":2", "\"step\":-2"), "-2"),
        (header("\"step\":2", "\"step\":2,\"epoch\":1"), "epoch"),
        (header("adam", "lion"), "lion"),
        (header("\"time\":2", "\"time\":18446744073709551615"), "18446744073709551615"),
        (header("\"step\":2", "\"step\":18446744073709551615"), "18446744073709551615"),
        (without("weights"), "weights"),
        (without("optimizer.second"), "optimizer.second"),
        (integers, "I32"),
        (moment("optimizer.first", f32::NAN), "NaN"),
        (moment("optimizer.second", f32::INFINITY), "inf"),
        (moment("optimizer.second", -1.0), "-1"),
    ] {
        let message = refused(Checkpoint::from_bytes(&bytes), Code::InvalidWeights);
        assert!(message.contains(word), "{word}: {message}");
    }
    // Adam's moments under SGD's name, and moments for other weights.
    let message = refused(Checkpoint::from_bytes(&header("adam", "sgd")), Code::WeightsMismatch);
    assert!(message.contains(&d.to_string()) && message.contains('1'), "{message}");
    let short = Checkpoint { first: vec![0.0; d - 1], ..sound.clone() };
    refused(Checkpoint::from_bytes(&short.to_bytes()), Code::WeightsMismatch);
    let other = checkpoint(&with(Architecture::MiniResNet), 1).await;
    let mixed = Checkpoint { weights: other.weights, ..sound.clone() };
    refused(Checkpoint::from_bytes(&mixed.to_bytes()), Code::WeightsMismatch);
    // A weights file is no checkpoint.
    refused(Checkpoint::from_bytes(&sound.weights.to_safetensors(Precision::F32, &[])), Code::InvalidWeights);
}

/// Files from before versions were written are of the first; what a later version holds is unknown.
#[everywhere]
async fn a_checkpoint_of_another_version_is_refused() {
    let sound = checkpoint(&settings(), 2).await;
    let versioned = |to: &'static str| {
        forged(&sound, move |_, position| {
            let text = position.take().unwrap();
            assert!(text.contains("\"version\":1,"), "{text}");
            *position = Some(text.replace("\"version\":1,", to));
        })
    };
    assert_eq!(Checkpoint::from_bytes(&versioned("")).unwrap(), sound);
    for (to, word) in [
        ("\"version\":0,", "its version is 0; allowed is 1"),
        ("\"version\":2,\"epoch\":3,", "its version is 2; allowed is 1"),
        ("\"version\":-1,", "-1"),
        ("\"version\":\"1\",", "\"1\""),
    ] {
        let message = refused(Checkpoint::from_bytes(&versioned(to)), Code::InvalidWeights);
        assert!(message.contains(word), "{to}: {message}");
    }
}

#[everywhere]
async fn damaged_checkpoints_never_panic() {
    let sound = checkpoint(&settings(), 1).await.to_bytes();
    for length in [0, 7, 8, 50, sound.len() / 3, sound.len() - 1] {
        refused(Checkpoint::from_bytes(&sound[..length]), Code::InvalidWeights);
    }
    let header = 8 + u64::from_le_bytes(sound[..8].try_into().unwrap()) as usize;
    for round in 0..300 {
        let mut rng = Seed(round).rng(Stream::Evaluation, 1);
        let mut bytes = sound.clone();
        bytes[rng.below(header)] ^= 1 << rng.below(8);
        if let Err(error) = Checkpoint::from_bytes(&bytes) {
            assert!(matches!(error.code, Code::InvalidWeights | Code::WeightsMismatch), "{error}");
        }
    }
}
