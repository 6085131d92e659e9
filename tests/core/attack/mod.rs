//! Adversarial examples: closed forms on a hand-made network, and the harness that evaluates.

mod truth;

use crate::common::{
    Tolerance, assert_close, bits, device, everywhere, lively, network, peaks, pictures, quadrants, read, refused, set,
    small, tensor,
};
use crate::continuity::reference::{Rows, mean_ce};
use burn::tensor::Tensor;
use semantic_continuity::attack::{Aim, Attack, AttackKind, Budget, Loss, Norm, evaluate, streams};
use semantic_continuity::data::{Batch, one_hot};
use semantic_continuity::error::Code;
use semantic_continuity::model::{Architecture, Classifier, Differentiable, Weights};
use semantic_continuity::seed::{Rng, Seed, Stream};

/// Every attack and loss; the tests of all attacks go through this table.
fn attacks() -> Vec<Attack> {
    let mut attacks = vec![
        Attack::FGSM,
        Attack::pgd(1),
        Attack::Square { queries: 60 },
        Attack::Rays { queries: 60 },
        Attack::Noise,
        Attack::RandomSign,
    ];
    for &loss in Loss::ALL {
        for aim in [Aim::Untargeted, Aim::RunnerUp, Aim::Targeted(1)] {
            attacks.push(Attack::Pgd { steps: 5, loss, aim });
            attacks.push(Attack::Apgd { steps: 9, loss, aim });
        }
    }
    attacks
}

/// Every attack in every ball that it can work in.
fn everything() -> Vec<(Attack, Budget)> {
    let budgets = [Budget::linf(0.03), Budget::linf(0.5), Budget::l2(0.4), Budget::l2(3.0)];
    attacks()
        .into_iter()
        .flat_map(|attack| budgets.map(|budget| (attack, budget)))
        .filter(|(attack, budget)| attack.validate(*budget, 3).is_ok())
        .collect()
}

fn rng(seed: u32) -> Rng {
    Seed(seed).rng(Stream::Nudge, 0)
}

fn classifier(weights: &Weights) -> Classifier {
    Classifier::new(|track| network(weights, track))
}

/// What `attack` proposes, with the streams of images 0, 1, …
async fn candidates(
    attack: Attack,
    classifier: &impl Differentiable,
    batch: &Batch,
    budget: Budget,
    seed: u32,
) -> Tensor<4> {
    let images: Vec<usize> = (0..batch.labels.len()).collect();
    attack.perturb(classifier, batch, budget, &mut streams(Seed(seed), 0, &images)).await.unwrap()
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
    let adversarial = read(candidates(Attack::FGSM, &classifier(&linear()), &batch, Budget::linf(0.1), 1).await).await;
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
    let classifier = classifier(&linear());
    let margin = async |images: Tensor<4>| {
        let z = read(classifier.logits(images)).await;
        z.chunks(2).map(|z| z[0] - z[1]).collect::<Vec<f32>>()
    };
    assert_close(&margin(batch.images.clone()).await, &[0.6 - 1.0 + 0.35 + 0.3], Tolerance::Rounding);
    for epsilon in [0.01, 0.05, 0.14] {
        let least = 0.25 - epsilon * 3.5;
        let budget = Budget::linf(epsilon);
        for attack in [Attack::FGSM, Attack::pgd(1), Attack::pgd(5), Attack::pgd(20)] {
            let candidates = candidates(attack, &classifier, &batch, budget, 2).await;
            let evaluated = evaluate(&classifier, &batch, candidates.clone(), budget).await.unwrap();
            // 2.5 ε in all is enough for PGD to cross the ball from any start in it.
            assert_close(&margin(candidates).await, &[least], Tolerance::Rounding);
            assert_eq!(evaluated.correct, [least > 0.0], "{} at {epsilon}", attack.label());
            assert_close(&[evaluated.largest], &[epsilon], Tolerance::Rounding);
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
        let classifier = classifier(&lively(&small(architecture, 3), 4, 1.5));
        let batch = batch(pictures([4, 3, 8, 8], 0.0, 1.0, 1), &[0, 1, 2, 0], 3);
        let x = read(batch.images.clone()).await;
        for (attack, budget) in everything() {
            let values = read(candidates(attack, &classifier, &batch, budget, 1).await).await;
            let name = format!("{} in {budget:?}", attack.label());
            assert!(values.iter().all(|v| (0.0..=1.0).contains(v)), "{name}");
            for (image, original) in values.chunks(192).zip(x.chunks(192)) {
                let change = image.iter().zip(original).map(|(y, x)| f64::from(y - x));
                let length = match budget.norm {
                    Norm::Linf => change.fold(0.0, |most, d| d.abs().max(most)),
                    Norm::L2 => change.map(|d| d * d).sum::<f64>().sqrt(),
                };
                assert!(length <= f64::from(budget.epsilon) * (1.0 + 1e-5) + 1e-6, "{name}: {length}");
            }
            assert_ne!(values, x, "{name}");
            let again = read(candidates(attack, &classifier, &batch, budget, 1).await).await;
            assert_eq!(bits(&again), bits(&values), "{name}");
        }
    }
}

#[everywhere]
async fn radius_0_changes_nothing() {
    let classifier = classifier(&lively(&small(Architecture::SmallCnn, 1), 4, 1.5));
    let batch = batch(pictures([3, 1, 8, 8], 0.0, 1.0, 1), &[0, 1, 2], 3);
    for (attack, budget) in everything() {
        let budget = Budget { epsilon: 0.0, ..budget };
        let values = read(candidates(attack, &classifier, &batch, budget, 1).await).await;
        assert_eq!(bits(&values), bits(&read(batch.images.clone()).await), "{}", attack.label());
    }
}

async fn loss(classifier: &Classifier, images: Tensor<4>, labels: &[u8]) -> f64 {
    mean_ce(&Rows::of(&classifier.network().forward(images)).await, labels)
}

#[everywhere]
async fn a_stronger_attack_finds_a_larger_loss() {
    for &architecture in Architecture::ALL {
        let weights = lively(&small(architecture, 1), 6, 1.8);
        let classifier = classifier(&weights);
        let labels: Vec<u8> = (0..24).map(|i| i % 3).collect();
        let batch = batch(pictures([24, 1, 8, 8], 0.1, 0.9, 3), &labels, 3);
        let epsilon = 0.15;
        let noise =
            read(batch.images.clone()).await.iter().map(|v| v + rng(9).uniform(-epsilon, epsilon)).collect::<Vec<_>>();
        let mut losses = vec![
            loss(&classifier, batch.images.clone(), &labels).await,
            loss(&classifier, tensor(&noise, [24, 1, 8, 8]), &labels).await,
        ];
        let apgd = Attack::Apgd { steps: 20, loss: Loss::CrossEntropy, aim: Aim::Untargeted };
        for attack in [Attack::FGSM, Attack::pgd(20), apgd] {
            let images = candidates(attack, &classifier, &batch, Budget::linf(epsilon), 1).await;
            losses.push(loss(&classifier, images, &labels).await);
        }
        let [clean, noise, fgsm, pgd, apgd] = losses[..] else { unreachable!() };
        assert!(clean < fgsm && noise < fgsm && fgsm < pgd && pgd < 1.02 * apgd, "{architecture}: {losses:?}");
    }
}

/// Each image's attack is its own, draws included: other images around it change nothing but rounding.
#[everywhere]
async fn an_attack_on_one_image_does_not_depend_on_the_others() {
    let classifier = classifier(&linear());
    let (first, _) = peaks([0.6, 0.5, 0.7, 0.8]);
    let (second, _) = peaks([0.9, 0.4, 0.3, 0.5]);
    let both = batch(tensor(&[first, second.clone()].concat(), [2, 1, 8, 8]), &[0, 1], 2);
    let alone = batch(tensor(&second, [1, 1, 8, 8]), &[1], 2);
    for attack in attacks() {
        let budget = Budget::linf(0.05);
        let images = attack.perturb(&classifier, &both, budget, &mut streams(Seed(1), 0, &[3, 8])).await.unwrap();
        let single = attack.perturb(&classifier, &alone, budget, &mut streams(Seed(1), 0, &[8])).await.unwrap();
        assert_close(&read(images).await[64..], &read(single).await, Tolerance::Rounding);
    }
}

#[everywhere]
async fn the_harness_clips_before_it_predicts() {
    let classifier = classifier(&linear());
    let (picture, positions) = peaks([0.6, 0.5, 0.7, 0.8]);
    let batch = batch(tensor(&picture, [1, 1, 8, 8]), &[0], 2);
    // Unclipped, this candidate would be far on the other side; in the ball of 0.05 the margin stays positive.
    let mut wild = picture.clone();
    wild[positions[0]] = -5.0;
    wild[positions[1]] = 9.0;
    let evaluated = evaluate(&classifier, &batch, tensor(&wild, [1, 1, 8, 8]), Budget::linf(0.05)).await.unwrap();
    assert_eq!((evaluated.correct, evaluated.not_finite), (vec![true], 0));
    assert_close(&[evaluated.largest], &[0.05], Tolerance::Rounding);
    let evaluated = evaluate(&classifier, &batch, tensor(&wild, [1, 1, 8, 8]), Budget::linf(1.0)).await.unwrap();
    assert_eq!(evaluated.correct, [false]);
    // 0.5 to 1 is as far as that pixel may go; 0.6 to 0 the other.
    assert_close(&[evaluated.largest], &[0.6], Tolerance::Rounding);
}

/// An answer that is not a number is a wrong answer, never a robust one.
#[everywhere]
async fn the_harness_counts_answers_that_are_not_finite() {
    let (picture, _) = peaks([0.6, 0.5, 0.7, 0.8]);
    let images = tensor(&picture.repeat(2), [2, 1, 8, 8]);
    for value in [f32::NAN, f32::INFINITY] {
        let mut weights = linear();
        set(&mut weights, "fc2.bias", &[0], value);
        let batch = batch(images.clone(), &[0, 1], 2);
        let evaluated = evaluate(&classifier(&weights), &batch, images.clone(), Budget::linf(0.1)).await.unwrap();
        assert_eq!((evaluated.correct, evaluated.not_finite), (vec![false, false], 2));
    }
}

#[everywhere]
async fn a_candidate_that_is_not_a_number_proposes_nothing() {
    let (picture, _) = peaks([0.6, 0.5, 0.7, 0.8]);
    let x = tensor(&picture, [1, 1, 8, 8]);
    let (classifier, batch) = (classifier(&linear()), batch(x, &[0], 2));
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for budget in [Budget::l2(1.0), Budget::linf(0.3)] {
            let nothing = tensor(&[value; 64], [1, 1, 8, 8]);
            let evaluated = evaluate(&classifier, &batch, nothing, budget).await.unwrap();
            assert_eq!((evaluated.correct, evaluated.not_finite, evaluated.largest), (vec![true], 0, 0.0));
        }
    }
}

#[everywhere]
async fn attacks_are_plain_data_with_a_name() {
    for (attack, json, label) in [
        (Attack::FGSM, r#"{"fgsm":{}}"#, "FGSM"),
        (Attack::pgd(20), r#"{"pgd":{"steps":20}}"#, "PGD-20"),
        (
            Attack::Pgd { steps: 40, loss: Loss::Dlr, aim: Aim::Targeted(3) },
            r#"{"pgd":{"steps":40,"loss":"dlr","aim":{"class":3}}}"#,
            "PGD-40 DLR to class 3",
        ),
        (Attack::Square { queries: 500 }, r#"{"square":{"queries":500}}"#, "Square, 500 queries"),
    ] {
        assert_eq!(serde_json::from_str::<Attack>(json).unwrap(), attack);
        let written = serde_json::to_string(&attack).unwrap();
        assert_eq!(serde_json::from_str::<Attack>(&written).unwrap(), attack);
        assert_eq!(attack.label(), label);
    }
}

#[everywhere]
async fn an_attack_is_asked_for_by_its_kind() {
    for attack in attacks() {
        let kind = attack.kind();
        let written = serde_json::to_value(attack).unwrap();
        let (name, options) = match &written {
            serde_json::Value::String(name) => (name, None),
            written => written.as_object().and_then(|fields| fields.iter().next()).map(|(n, o)| (n, Some(o))).unwrap(),
        };
        assert_eq!(name, kind.id());
        let has = |option: &str| options.is_some_and(|options| options.get(option).is_some());
        assert_eq!((has("loss"), has("aim")), (kind.has_gradient(), kind.has_gradient()), "{written}");
        for effort in ["steps", "queries"] {
            assert_eq!(has(effort), kind.effort() == Some(effort), "{written}");
        }
    }
    for kind in AttackKind::ALL {
        assert!(attacks().iter().any(|attack| attack.kind() == *kind), "{kind} is missing among these attacks");
    }
}

#[everywhere]
async fn impossible_attacks_are_refused() {
    let classifier = classifier(&linear());
    let batch = batch(pictures([1, 1, 8, 8], 0.0, 1.0, 1), &[0], 2);
    for (attack, budget, word) in [
        (Attack::FGSM, Budget::linf(-0.1), "-0.1"),
        (Attack::FGSM, Budget::linf(1.5), "0 to 1"),
        (Attack::FGSM, Budget::l2(9.0), "0 to 8"),
        (Attack::FGSM, Budget::linf(f32::NAN), "NaN"),
        (Attack::pgd(0), Budget::linf(0.1), "1 to 10000"),
        (Attack::Square { queries: 100_000 }, Budget::linf(0.1), "100000"),
        (Attack::Square { queries: 10 }, Budget::l2(0.1), "ℓ∞"),
        (Attack::Fgsm { loss: Loss::Margin, aim: Aim::Targeted(2) }, Budget::linf(0.1), "0 to 1"),
    ] {
        let result = attack.perturb(&classifier, &batch, budget, &mut streams(Seed(1), 0, &[0])).await;
        let message = refused(result.map(|_| "candidates"), Code::InvalidSetting);
        assert!(message.contains(word), "{message}");
    }
}
