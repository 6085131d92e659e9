//! The first evaluation on tiny data.

use crate::common::{bits, data, device, everywhere, known, lively, network, quadrants, refused, set, settings, small};
use semantic_continuity::attack::{Aim, Attack, Budget, Loss, streams};
use semantic_continuity::config::Settings;
use semantic_continuity::data::{Data, Split};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{Evaluation, Report, Robustness, RobustnessPlan, Run, Trial};
use semantic_continuity::model::{Architecture, Classifier, Weights};
use semantic_continuity::seed::Seed;
use std::rc::Rc;

fn begin(data: &Rc<Data>, settings: &Settings, weights: &Weights) -> Evaluation {
    Evaluation::new(Rc::clone(data), settings.clone(), 7, |track| network(weights, track)).unwrap()
}

async fn evaluate(data: &Rc<Data>, settings: &Settings, weights: &Weights) -> Report {
    let mut evaluation = begin(data, settings, weights);
    let (mut done, units) = evaluation.progress();
    assert_eq!(done, 0);
    loop {
        let news = evaluation.advance().await.unwrap();
        done += 1;
        assert_eq!(evaluation.progress(), (done, units));
        // Five parts of equal length, answers and four attacks, each with a report of what is known by then.
        assert_eq!(news, done % (units / 5) == 0);
        if news {
            let report = evaluation.report();
            let o = &report.outcomes;
            let columns = [o.clean.len(), o.noise.len(), o.flip.len(), o.near.len(), o.far.len()];
            assert_eq!(columns, [report.n; 5]);
            assert_eq!(o.fgsm.len(), if done < 2 * units / 5 { 0 } else { report.n });
            // The worst of three is known when all three are.
            assert_eq!(o.robust.as_ref().unwrap().len(), if done < units { 0 } else { report.n });
            assert_eq!(report.is_finished(), done == units);
            if done == units {
                return report.clone();
            }
        }
    }
}

/// An untrained network: its answers are near chance, so every outcome occurs.
fn weights(channels: usize) -> Weights {
    lively(&small(Architecture::SmallCnn, channels), 2, 2.0)
}

#[everywhere]
async fn all_columns_have_n_and_robust_is_never_above_clean() {
    for channels in [1, 3] {
        let data = Rc::new(data(channels));
        for (asked, expected) in [(20, 20), (11, 11), (2000, 20)] {
            let settings = Settings { dataset: data.dataset, eval_images: asked, ..settings() };
            let report = evaluate(&data, &settings, &weights(channels)).await;
            let o = &report.outcomes;
            let lengths =
                [o.clean.len(), o.noise.len(), o.flip.len(), o.near.len(), o.far.len(), o.fgsm.len(), o.pgd.len()];
            assert_eq!(lengths, [expected; 7]);
            assert_eq!((report.step, report.settings, o.not_finite), (7, settings.clone(), 0));
            assert!(o.largest > 0.0 && o.largest <= settings.attack_epsilon + 1e-6);
            let robust = o.robust.as_ref().unwrap();
            assert_eq!(robust.len(), expected);
            for (robust, before) in [(&o.fgsm, &o.clean), (&o.pgd, &o.clean), (robust, &o.pgd)] {
                assert!(robust.iter().zip(before).all(|(&robust, &before)| before || !robust));
            }
            assert!(known(&o.near).into_iter().chain(known(&o.far)).all(|d| d.is_finite() && d >= 0.0));
        }
    }
}

/// 150 images are two units of work for each column; what each image gets must stay in its row.
#[everywhere]
async fn chunks_are_put_together_in_order() {
    let test = crate::common::stripes(150, 1, 2);
    let data = Rc::new(Data { test, ..data(1) });
    let settings = Settings { eval_images: 150, attack_epsilon: 0.0, eval_sigma: 0.0, ..settings() };
    let evaluation = begin(&data, &settings, &weights(1));
    assert_eq!(evaluation.progress(), (0, 10));
    let o = evaluate(&data, &settings, &weights(1)).await.outcomes;
    // With radius 0 and noise 0 every column is the clean one, image by image.
    assert_eq!(o.clean.len(), 150);
    assert!(o.clean.iter().any(|&right| right) && o.clean.iter().any(|&right| !right));
    for column in [&o.noise, &o.fgsm, &o.pgd, o.robust.as_ref().unwrap()] {
        assert_eq!(*column, o.clean);
    }
    assert_eq!(o.largest, 0.0);
    // 101 images would leave a chunk of one, which has no partner.
    let o = evaluate(&data, &Settings { eval_images: 101, ..settings }, &weights(1)).await.outcomes;
    assert_eq!(o.far.len(), 101);
    assert!(known(&o.far).iter().all(|&d| d > 0.0), "an image is its own partner");
}

#[everywhere]
async fn the_same_seed_gives_the_same_report_and_models_see_the_same_draws() {
    let data = Rc::new(data(1));
    let first = evaluate(&data, &settings(), &weights(1)).await;
    let again = evaluate(&data, &settings(), &weights(1)).await;
    assert_eq!(first, again);
    assert_eq!(bits(&known(&first.outcomes.near)), bits(&known(&again.outcomes.near)));
    let other = evaluate(&data, &Settings { seed: Seed(2), ..settings() }, &weights(1)).await;
    assert_ne!(first.outcomes.near, other.outcomes.near);
    // α belongs to training alone: the other lane is evaluated on the same images and draws.
    let plain = evaluate(&data, &settings().plain(), &weights(1)).await;
    assert_eq!(plain.outcomes, first.outcomes);
}

#[everywhere]
async fn an_identity_flips_nothing() {
    let data = Rc::new(data(1));
    let settings = Settings { perturbation: "gaussian:0".parse().unwrap(), ..settings() };
    let o = evaluate(&data, &settings, &weights(1)).await.outcomes;
    assert!(o.flip.iter().all(|&flip| !flip) && o.near.iter().all(|&d| d == Some(0.0)));
}

#[everywhere]
async fn a_network_that_always_says_2_is_right_on_class_2() {
    let data = Rc::new(data(1));
    let constant = quadrants(&[[0.0; 4]; 3], &[0.0, 0.5, 1.0]);
    let o = evaluate(&data, &settings(), &constant).await.outcomes;
    // Labels go 0, 1, 2, 0, … over 20 images.
    for column in [&o.clean, &o.noise, &o.fgsm, &o.pgd, o.robust.as_ref().unwrap()] {
        assert_eq!(column.iter().filter(|&&right| right).count(), 6);
    }
    assert!(o.near.iter().chain(&o.far).all(|&d| d == Some(0.0)));
    assert!(!o.flip.contains(&true));
}

/// The later attacks meet only what still stands. That saves their time and changes nothing: the harness that lets
/// every attack meet every image, with the same draws, finds the same worst case.
#[everywhere]
async fn robust_accuracy_is_the_worst_of_three_attacks_on_each_image() {
    let data = Rc::new(data(1));
    for (seed, epsilon) in [(1, 0.02), (2, 0.04), (3, 0.08)] {
        let settings = Settings { seed: Seed(seed), attack_epsilon: epsilon, eval_images: 20, ..settings() };
        let o = evaluate(&data, &settings, &weights(1)).await.outcomes;
        let attacks = [
            Attack::FGSM,
            Attack::pgd(20),
            Attack::apgd(20),
            Attack::Apgd { steps: 20, loss: Loss::Dlr, aim: Aim::Untargeted },
        ];
        let trials = attacks.map(|attack| Trial::new(attack, Budget::linf(epsilon))).to_vec();
        let plan = RobustnessPlan { trials, images: 20, seed: settings.seed, cumulative: false };
        let classifier = Classifier::new(|track| network(&weights(1), track));
        let mut run = Robustness::new(Rc::clone(&data), plan, classifier, Vec::new(), 3, device()).unwrap();
        while run.progress().0 < run.progress().1 {
            run.advance().await.unwrap();
        }
        let report = run.report();
        assert_eq!((&report.clean, &report.trials[1].robust), (&o.clean, &o.pgd));
        let stands = |i: usize| report.trials[1..].iter().all(|trial| trial.robust[i]);
        assert_eq!(o.robust.unwrap(), (0..20).map(stands).collect::<Vec<_>>());
    }
}

/// An attack may stumble over the edge of a kink into the right answer. That is no robustness: an image counts when it
/// was right before, too. Here `z₀ = 10 · relu(q₀ − 0.55) − q₀` against `z₁ = 0`: at ½ the answer is wrong, and the
/// step that lowers `z₀` there goes over the kink.
#[everywhere]
async fn an_attack_that_repairs_an_answer_does_not_count() {
    let mut weights = quadrants(&[[-1.0, 0.0, 0.0, 0.0], [0.0; 4]], &[0.0; 2]);
    set(&mut weights, "fc1.weight", &[4, 0], 1.0);
    set(&mut weights, "fc1.bias", &[4], -0.55);
    set(&mut weights, "fc2.weight", &[0, 4], 10.0);
    let test = Split::new(1, 8, 8, vec![128; 12 * 64], vec![0; 12], 2).unwrap();
    let all = test.batch(&[0], 2, &device());
    let settings = Settings { attack_epsilon: 0.3, ..settings() };
    let (classifier, budget) =
        (Classifier::new(|track| network(&weights, track)), Budget::linf(settings.attack_epsilon));
    let candidate = Attack::FGSM.perturb(&classifier, &all, budget, &mut streams(Seed(1), 0, &[0])).await.unwrap();
    let evaluated = semantic_continuity::attack::evaluate(&classifier, &all, candidate, budget).await.unwrap();
    assert_eq!(evaluated.correct, [true], "the attack was to repair the answer");
    let o = evaluate(&Rc::new(Data { test, ..data(1) }), &settings, &weights).await.outcomes;
    let robust = o.robust.unwrap();
    assert!(![o.clean, o.fgsm, o.pgd, robust].iter().any(|column| column.contains(&true)));
}

#[everywhere]
async fn answers_that_are_not_finite_count_as_wrong_and_as_flips() {
    let data = Rc::new(data(1));
    let mut broken = quadrants(&[[0.0; 4]; 3], &[0.0; 3]);
    set(&mut broken, "fc2.bias", &[2], f32::NAN);
    let o = evaluate(&data, &settings(), &broken).await.outcomes;
    assert_eq!(o.not_finite, 5 * 20);
    for column in [&o.clean, &o.noise, &o.fgsm, &o.pgd, o.robust.as_ref().unwrap()] {
        assert!(!column.contains(&true));
    }
    assert!(!o.flip.contains(&false));
}

#[everywhere]
async fn dropping_an_evaluation_cancels_it() {
    let data = Rc::new(data(1));
    let mut evaluation = begin(&data, &settings(), &weights(1));
    evaluation.advance().await.unwrap();
    drop(evaluation);
    // Nothing holds the data any more.
    assert_eq!(Rc::strong_count(&data), 1);
}

#[everywhere]
async fn an_evaluation_needs_images_that_fit() {
    let new = |data: Data, weights: Weights| {
        Evaluation::new(Rc::new(data), settings(), 0, |track| network(&weights, track)).map(|_| "an evaluation")
    };
    refused(new(Data { test: Split::empty(), ..data(1) }, weights(1)), Code::NotReady);
    refused(new(data(3), weights(1)), Code::WeightsMismatch);
    let two = quadrants(&[[0.0; 4]; 2], &[0.0; 2]);
    refused(new(data(1), two), Code::WeightsMismatch);
}
