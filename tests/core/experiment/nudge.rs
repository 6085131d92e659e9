//! One image, nudged.

use crate::common::{Tolerance, assert_close, data, defined, everywhere, lively, network, quadrants, refused, small};
use semantic_continuity::data::{Data, Split};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{nudge, nudge_rates};
use semantic_continuity::model::{Architecture, Network, Track};
use semantic_continuity::perturb::{Kind, Perturbation};
use semantic_continuity::seed::Seed;

fn lively_network(channels: usize, seed: u32) -> Network {
    network(&lively(&small(Architecture::SmallCnn, channels), seed, 2.0), Track::Nothing)
}

#[everywhere]
async fn a_nudge_shows_the_picture_the_change_and_every_answer() {
    for channels in [1, 3] {
        let data = data(channels);
        let networks = [lively_network(channels, 1), lively_network(channels, 2)];
        let p = Perturbation::single(Kind::Brightness, 0.2);
        let shown = nudge(&data, &[&networks[0], &networks[1]], 4, &p, Seed(1)).await.unwrap();
        assert_eq!(
            (shown.picture.index, shown.picture.label, shown.picture.channels),
            (4, data.test.labels[4], channels)
        );
        assert_eq!((shown.picture.width, shown.picture.height), (8, 8));
        // The channel comes last: pixel (row 1, column 2) of channel c.
        let planes: Vec<f32> = data.test.image(4).collect();
        for c in 0..channels {
            assert_eq!(shown.picture.original[10 * channels + c], planes[c * 64 + 10]);
        }
        // Exactly at its strength, but where the picture ends.
        let offset = shown.perturbed[0] - shown.picture.original[0];
        assert_close(&[offset.abs(), shown.linf], &[0.2, 0.2], Tolerance::Rounding);
        let squares: f32 = shown.picture.original.iter().zip(&shown.perturbed).map(|(a, b)| (a - b).powi(2)).sum();
        assert_close(&[shown.l2], &[squares.sqrt()], Tolerance::Rounding);
        assert_eq!(shown.answers.len(), 2);
        assert_ne!(shown.answers[0], shown.answers[1]);
        for answer in &shown.answers {
            for (probabilities, prediction) in
                [(&answer.before, answer.prediction_before), (&answer.after, answer.prediction_after)]
            {
                assert_close(&[probabilities.iter().sum::<f32>()], &[1.0], Tolerance::Rounding);
                assert!(probabilities.iter().all(|p| *p <= probabilities[prediction]));
            }
            assert!(answer.distance > 0.0);
        }
        assert_eq!(nudge(&data, &[&networks[0], &networks[1]], 4, &p, Seed(1)).await.unwrap(), shown);
    }
}

#[everywhere]
async fn strength_0_changes_no_answer() {
    let (data, network) = (data(1), lively_network(1, 1));
    let p = Perturbation::single(Kind::Gaussian, 0.0);
    let shown = nudge(&data, &[&network], 0, &p, Seed(1)).await.unwrap();
    assert_eq!((shown.linf, shown.l2), (0.0, 0.0));
    assert_close(&shown.answers[0].before, &shown.answers[0].after, Tolerance::Accumulated);
    assert_eq!(nudge_rates(&data, &[&network], 20, &p, Seed(1)).await.unwrap().flips[0].value(), Some(0.0));
}

/// A network that answers by the brightness of one quadrant: bright 1, dark 0. An offset of ±0.4 over a threshold in
/// the middle flips what lies within 0.4 of it on the right side.
#[everywhere]
async fn rates_count_changed_answers() {
    let threshold = network(&quadrants(&[[0.0; 4], [10.0, 0.0, 0.0, 0.0]], &[0.0, -5.0]), Track::Nothing);
    let constant = network(&quadrants(&[[0.0; 4]; 2], &[0.0, 1.0]), Track::Nothing);
    let levels = [0u8, 20, 90, 110, 140, 150, 240, 255];
    let pixels = levels.iter().flat_map(|&level| [level; 64]).collect();
    let test = Split::new(1, 8, 8, pixels, vec![0; 8], 2).unwrap();
    let data = Data { test, ..data(1) };
    let p = Perturbation::single(Kind::Brightness, 0.4);
    let rates = nudge_rates(&data, &[&threshold, &constant], 100, &p, Seed(3)).await.unwrap();
    assert_eq!(rates.n, 8);
    assert_eq!(rates.flips[1].value(), Some(0.0));
    // The four outer pictures cannot flip; each of the four inner ones flips under one of the two signs.
    let share = defined(&rates.flips[0]);
    let flips = (share.value * 8.0).round();
    assert!((1.0..=4.0).contains(&flips), "{flips} flips");
    assert_eq!((share.n, share.low > 0.0), (8, true));
    assert_eq!(nudge_rates(&data, &[&threshold], 2, &p, Seed(3)).await.unwrap().flips[0].value(), Some(0.0));
}

#[everywhere]
async fn impossible_nudges_are_refused() {
    let (grey, network) = (data(1), lively_network(1, 1));
    let noise = Perturbation::default();
    let hue = Perturbation::single(Kind::Hue, 0.1);
    let loud = Perturbation::single(Kind::Gaussian, 0.7);
    let message = refused(nudge(&grey, &[&network], 20, &noise, Seed(1)).await, Code::InvalidSetting);
    assert!(message.contains("20") && message.contains("0 to 19"), "{message}");
    refused(nudge(&grey, &[&network], 0, &loud, Seed(1)).await, Code::InvalidSetting);
    refused(nudge(&grey, &[&network], 0, &hue, Seed(1)).await, Code::PerturbationNeedsColor);
    refused(nudge(&grey, &[], 0, &noise, Seed(1)).await, Code::NotReady);
    let empty = Data { test: Split::empty(), ..data(1) };
    refused(nudge(&empty, &[&network], 0, &noise, Seed(1)).await, Code::NotReady);
    refused(nudge_rates(&empty, &[&network], 5, &noise, Seed(1)).await, Code::NotReady);
    // A model for other pictures.
    refused(nudge(&data(3), &[&network], 0, &noise, Seed(1)).await, Code::WeightsMismatch);
    refused(nudge_rates(&data(3), &[&network], 5, &noise, Seed(1)).await, Code::WeightsMismatch);
}
