//! Adversarial examples: closed forms on a hand-made network, and the harness that judges.

use crate::common::{
    Tolerance, assert_close, bits, device, everywhere, lively, network, peaks, pictures, quadrants, read, set, small,
    tensor,
};
use crate::continuity::reference::{Rows, mean_ce};
use burn::tensor::Tensor;
use semantic_continuity::attack::{Attack, judge};
use semantic_continuity::data::{Batch, one_hot};
use semantic_continuity::model::{Architecture, Network, Track, Weights};
use semantic_continuity::seed::{Rng, Seed, Stream};

const ATTACKS: [Attack; 4] =
    [Attack::Fgsm, Attack::Pgd { steps: 1 }, Attack::Pgd { steps: 5 }, Attack::Pgd { steps: 20 }];

fn rng(seed: u32) -> Rng {
    Seed(seed).rng(Stream::Attack, 0)
}

fn batch(images: Tensor<4>, labels: &[u8], classes: usize) -> Batch {
    Batch { images, targets: one_hot(labels, classes, &device()), labels: labels.to_vec() }
}

/// Two classes; the margin `z₀ − z₁ = q₀ − 2 q₁ + ½ q₂ + 0.3` is linear in the maxima of the quadrants.
fn linear() -> Weights {
    quadrants(&[[1.0, 0.0, 0.5, 0.0], [0.0, 2.0, 0.0, 0.0]], &[0.3, 0.0])
}

const MARGIN: [f32; 4] = [1.0, -2.0, 0.5, 0.0];

#[everywhere]
async fn fgsm_moves_the_pixels_that_count_by_epsilon_against_the_label() {
    let (picture, positions) = peaks([0.6, 0.5, 0.7, 0.8]);
    let batch = batch(tensor(&[picture.clone(), picture.clone()].concat(), [2, 1, 8, 8]), &[0, 1], 2);
    let adversarial = read(Attack::Fgsm.perturb(&network(&linear(), Track::Input), &batch, 0.1, &mut rng(1))).await;
    for (label, image) in adversarial.chunks(64).enumerate() {
        let mut expected = picture.clone();
        let against = if label == 0 { -1.0 } else { 1.0 };
        for (position, weight) in positions.into_iter().zip(MARGIN) {
            // A pixel without influence stays: sign 0 is 0.
            expected[position] += if weight == 0.0 { 0.0 } else { against * 0.1 * weight.signum() };
        }
        assert_close(image, &expected, Tolerance::Rounding);
    }
}

/// As long as the brightest pixels stay the brightest, the least margin in the ball is `margin − ε ‖w‖₁`.
#[everywhere]
async fn fgsm_is_optimal_where_the_network_is_linear() {
    let (picture, positions) = peaks([0.6, 0.5, 0.7, 0.8]);
    let batch = batch(tensor(&picture, [1, 1, 8, 8]), &[0], 2);
    let plain = network(&linear(), Track::Nothing);
    let margin = async |images: Tensor<4>| {
        let z = read(plain.forward(images).logits).await;
        z.chunks(2).map(|z| z[0] - z[1]).collect::<Vec<f32>>()
    };
    assert_close(&margin(batch.images.clone()).await, &[0.6 - 1.0 + 0.35 + 0.3], Tolerance::Rounding);
    for epsilon in [0.01, 0.05, 0.14] {
        let least = 0.25 - epsilon * 3.5;
        for attack in ATTACKS {
            let candidates = attack.perturb(&network(&linear(), Track::Input), &batch, epsilon, &mut rng(2));
            let verdict = judge(&plain, &batch, candidates.clone(), epsilon).await.unwrap();
            // 2.5 ε in all is enough for PGD to cross the ball from any start in it.
            assert_close(&margin(candidates).await, &[least], Tolerance::Rounding);
            assert_eq!(verdict.correct, [least > 0.0], "{} at {epsilon}", attack.label());
            assert_close(&[verdict.largest], &[epsilon], Tolerance::Rounding);
        }
        // No random point of the ball does better, not even a corner of the pixels that count.
        let mut draw = rng(3);
        let points: Vec<f32> = (0..500)
            .flat_map(|_| {
                let mut point: Vec<f32> = picture.iter().map(|v| v + draw.uniform(-epsilon, epsilon)).collect();
                for position in positions {
                    point[position] = picture[position] + epsilon * draw.uniform(-1.0, 1.0).signum();
                }
                point
            })
            .collect();
        let margins = margin(tensor(&points, [500, 1, 8, 8])).await;
        assert!(margins.iter().all(|&m| m > least - 1e-5));
    }
}

#[everywhere]
async fn candidates_stay_in_the_ball_and_in_the_range_of_pixels() {
    for &architecture in Architecture::ALL {
        let weights = lively(&small(architecture, 3), 4, 1.5);
        let batch = batch(pictures([4, 3, 8, 8], 0.0, 1.0, 1), &[0, 1, 2, 0], 3);
        let x = read(batch.images.clone()).await;
        for attack in ATTACKS {
            for epsilon in [0.03, 0.5] {
                let candidates = attack.perturb(&network(&weights, Track::Input), &batch, epsilon, &mut rng(1));
                let values = read(candidates.clone()).await;
                let sound =
                    values.iter().zip(&x).all(|(y, x)| (y - x).abs() <= epsilon + 1e-6 && (0.0..=1.0).contains(y));
                assert!(sound, "{} leaves the ball of {epsilon}", attack.label());
                assert_ne!(values, x);
                let again = attack.perturb(&network(&weights, Track::Input), &batch, epsilon, &mut rng(1));
                assert_eq!(bits(&read(again).await), bits(&values));
            }
        }
    }
}

#[everywhere]
async fn radius_0_changes_nothing() {
    let weights = lively(&small(Architecture::SmallCnn, 1), 4, 1.5);
    let batch = batch(pictures([3, 1, 8, 8], 0.0, 1.0, 1), &[0, 1, 2], 3);
    for attack in ATTACKS {
        let candidates = attack.perturb(&network(&weights, Track::Input), &batch, 0.0, &mut rng(1));
        assert_eq!(bits(&read(candidates).await), bits(&read(batch.images.clone()).await), "{}", attack.label());
    }
}

async fn loss(network: &Network, images: Tensor<4>, labels: &[u8]) -> f64 {
    mean_ce(&Rows::of(&network.forward(images)).await, labels)
}

#[everywhere]
async fn a_stronger_attack_finds_a_larger_loss() {
    for &architecture in Architecture::ALL {
        let weights = lively(&small(architecture, 1), 6, 1.8);
        let (plain, tracking) = (network(&weights, Track::Nothing), network(&weights, Track::Input));
        let labels: Vec<u8> = (0..24).map(|i| i % 3).collect();
        let batch = batch(pictures([24, 1, 8, 8], 0.1, 0.9, 3), &labels, 3);
        let epsilon = 0.15;
        let noise =
            read(batch.images.clone()).await.iter().map(|v| v + rng(9).uniform(-epsilon, epsilon)).collect::<Vec<_>>();
        let mut losses = vec![
            loss(&plain, batch.images.clone(), &labels).await,
            loss(&plain, tensor(&noise, [24, 1, 8, 8]), &labels).await,
        ];
        for attack in [Attack::Fgsm, Attack::Pgd { steps: 20 }] {
            losses.push(loss(&plain, attack.perturb(&tracking, &batch, epsilon, &mut rng(1)), &labels).await);
        }
        let [clean, noise, fgsm, pgd] = losses[..] else { unreachable!() };
        assert!(clean < fgsm && noise < fgsm && fgsm < pgd, "{architecture}: {losses:?}");
    }
}

/// Each image's attack is its own: another batch around it changes nothing but rounding.
#[everywhere]
async fn an_attack_on_one_image_does_not_depend_on_the_others() {
    let weights = linear();
    let tracking = network(&weights, Track::Input);
    let (first, _) = peaks([0.6, 0.5, 0.7, 0.8]);
    let (second, _) = peaks([0.9, 0.4, 0.3, 0.5]);
    let both = batch(tensor(&[first.clone(), second].concat(), [2, 1, 8, 8]), &[0, 1], 2);
    let alone = batch(tensor(&first, [1, 1, 8, 8]), &[0], 2);
    let together = read(Attack::Fgsm.perturb(&tracking, &both, 0.05, &mut rng(1))).await;
    let single = read(Attack::Fgsm.perturb(&tracking, &alone, 0.05, &mut rng(1))).await;
    assert_close(&together[..64], &single, Tolerance::Rounding);
}

#[everywhere]
async fn the_judge_clips_before_it_predicts() {
    let plain = network(&linear(), Track::Nothing);
    let (picture, positions) = peaks([0.6, 0.5, 0.7, 0.8]);
    let batch = batch(tensor(&picture, [1, 1, 8, 8]), &[0], 2);
    // Unclipped, this candidate would be far on the other side; in the ball of 0.05 the margin stays positive.
    let mut wild = picture.clone();
    wild[positions[0]] = -5.0;
    wild[positions[1]] = 9.0;
    let verdict = judge(&plain, &batch, tensor(&wild, [1, 1, 8, 8]), 0.05).await.unwrap();
    assert_eq!((verdict.correct, verdict.not_finite), (vec![true], 0));
    assert_close(&[verdict.largest], &[0.05], Tolerance::Rounding);
    let verdict = judge(&plain, &batch, tensor(&wild, [1, 1, 8, 8]), 1.0).await.unwrap();
    assert_eq!(verdict.correct, [false]);
    // 0.5 to 1 is as far as that pixel may go; 0.6 to 0 the other.
    assert_close(&[verdict.largest], &[0.6], Tolerance::Rounding);
}

/// An answer that is not a number is a wrong answer, never a robust one.
#[everywhere]
async fn the_judge_counts_answers_that_are_not_finite() {
    let (picture, _) = peaks([0.6, 0.5, 0.7, 0.8]);
    let images = tensor(&picture.repeat(2), [2, 1, 8, 8]);
    for value in [f32::NAN, f32::INFINITY] {
        let mut weights = linear();
        set(&mut weights, "fc2.bias", &[0], value);
        let batch = batch(images.clone(), &[0, 1], 2);
        let verdict = judge(&network(&weights, Track::Nothing), &batch, images.clone(), 0.1).await.unwrap();
        assert_eq!((verdict.correct, verdict.not_finite), (vec![false, false], 2));
    }
}

#[everywhere]
async fn attacks_are_plain_data_with_a_name() {
    for (attack, json, label) in [
        (Attack::Fgsm, r#"{"kind":"fgsm"}"#, "FGSM"),
        (Attack::Pgd { steps: 20 }, r#"{"kind":"pgd","steps":20}"#, "PGD-20"),
    ] {
        assert_eq!(serde_json::to_string(&attack).unwrap(), json);
        assert_eq!(serde_json::from_str::<Attack>(json).unwrap(), attack);
        assert_eq!(attack.label(), label);
    }
}
