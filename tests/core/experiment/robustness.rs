//! Trials on many images, and the curve against ε.

use crate::common::{data, device, everywhere, lively, network, refused, small};
use semantic_continuity::attack::{Attack, Budget, Norm};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{
    Robustness, RobustnessPlan, RobustnessReport, Run, Source, Trial, TrialReport, curve, curve_plan,
};
use semantic_continuity::model::{Architecture, Classifier};
use semantic_continuity::seed::Seed;
use std::rc::Rc;

fn classifier(seed: u32) -> Classifier {
    let weights = lively(&small(Architecture::SmallCnn, 1), seed, 2.0);
    Classifier::new(|track| network(&weights, track))
}

fn begin(
    plan: RobustnessPlan,
    sources: Vec<(Source, Classifier)>,
) -> semantic_continuity::error::Result<Robustness<Classifier>> {
    Robustness::new(Rc::new(data(1)), plan, classifier(2), sources, 3, device())
}

async fn run(plan: RobustnessPlan, sources: Vec<(Source, Classifier)>) -> RobustnessReport {
    let mut run = begin(plan, sources).unwrap();
    let (mut done, all) = run.progress();
    let mut finished = 0;
    while done < all {
        finished += usize::from(run.advance().await.unwrap());
        let (now, same) = run.progress();
        assert!(now > done && same == all);
        done = now;
        // The clean answers come first.
        assert_eq!(run.report().trials.len(), finished.max(1) - 1);
    }
    let report = run.report().clone();
    assert_eq!((report.trials.len(), report.planned, finished), (report.planned, report.planned, report.planned + 1));
    assert!(!run.advance().await.unwrap());
    report
}

fn plan(trials: Vec<Trial>) -> RobustnessPlan {
    RobustnessPlan { trials, images: 20, seed: Seed(1), cumulative: false }
}

fn count(robust: &[bool]) -> usize {
    robust.iter().filter(|&&stands| stands).count()
}

#[everywhere]
async fn what_withstands_was_right_before_and_the_worst_case_is_kept() {
    let budget = Budget::linf(0.06);
    let attacks = [Attack::FGSM, Attack::pgd(10), Attack::Square { queries: 30 }, Attack::Noise];
    let report = run(plan(attacks.map(|attack| Trial::new(attack, budget)).to_vec()), vec![]).await;
    assert_eq!((report.clean.len(), report.trials.len()), (20, 4));
    assert!(count(&report.clean) > 3, "nothing to attack");
    let worst = report.worst_case();
    for trial in &report.trials {
        assert!(trial.robust.iter().zip(&report.clean).all(|(&after, &before)| before || !after));
        assert!(trial.robust.iter().zip(&worst).all(|(&stands, &worst)| stands || !worst));
        assert!(trial.largest > 0.0 && trial.largest <= 0.06 + 1e-6);
    }
    assert!(count(&worst) <= report.trials.iter().map(|trial| count(&trial.robust)).min().unwrap());
}

/// What happens to an image does not depend on how the work was cut: 900 queries leave six images a unit.
#[everywhere]
async fn expensive_attacks_are_cut_into_smaller_units() {
    let cheap = Trial::new(Attack::FGSM, Budget::linf(0.06));
    let dear = Trial::new(Attack::Square { queries: 900 }, Budget::linf(0.06));
    let mut run = begin(plan(vec![cheap, dear]), vec![]).unwrap();
    let mut costs = vec![run.progress().0];
    while costs.last() != Some(&run.progress().1) {
        run.advance().await.unwrap();
        costs.push(run.progress().0);
    }
    let units: Vec<usize> = costs.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(units, [20, 60, 5400, 5400, 5400, 1800]);
    assert_eq!(run.report().trials[1].robust.len(), 20);
}

#[everywhere]
async fn restarts_only_take_away_and_begin_with_the_single_try() {
    let one = Trial::new(Attack::pgd(2), Budget::linf(0.04));
    let report = run(plan(vec![one, Trial { restarts: 6, ..one }]), vec![]).await;
    let [single, six] = &report.trials[..] else { unreachable!() };
    assert!(six.robust.iter().zip(&single.robust).all(|(&six, &single)| single || !six));
    let noise = Trial { attack: Attack::Noise, ..one };
    let report = run(plan(vec![noise, Trial { restarts: 40, ..noise }]), vec![]).await;
    assert!(count(&report.trials[1].robust) <= count(&report.trials[0].robust));
}

#[everywhere]
async fn a_radius_that_felled_an_image_is_not_forgotten() {
    let plan = curve_plan(Attack::pgd(5), Norm::Linf, 64, 20, Seed(1));
    let report = run(plan.clone(), vec![]).await;
    let mut before = report.clean.clone();
    for trial in &report.trials {
        assert!(trial.robust.iter().zip(&before).all(|(&after, &before)| before || !after));
        before = trial.robust.clone();
    }
    assert_eq!(count(&before), 0, "at ε = 1 nothing stands");
    let points = curve(&report, &report).unwrap();
    assert_eq!(points.len(), 1 + plan.trials.len());
    assert_eq!((points[0].epsilon, points[0].plain.value()), (0.0, Some(count(&report.clean) as f64 / 20.0)));
    for pair in points.windows(2) {
        assert!(pair[0].epsilon < pair[1].epsilon && pair[0].plain.value() >= pair[1].plain.value());
        assert_eq!(pair[1].difference.value(), Some(0.0));
    }
    // For ℓ2 the last radius holds every image too: √64 / 4 a unit.
    let l2 = curve_plan(Attack::pgd(5), Norm::L2, 64, 20, Seed(1));
    assert!((l2.trials[12].budget.epsilon - 2.0).abs() < 1e-6);
}

#[everywhere]
async fn examples_can_be_made_on_another_model() {
    let trial = Trial::new(Attack::pgd(10), Budget::linf(0.06));
    let transfer = Trial { source: Source::Other, ..trial };
    let same = run(plan(vec![trial, transfer]), vec![(Source::Other, classifier(2))]).await;
    assert_eq!(same.trials[0].robust, same.trials[1].robust, "made on an equal model");
    let other = run(plan(vec![trial, transfer]), vec![(Source::Other, classifier(9))]).await;
    assert!(count(&other.trials[1].robust) >= count(&other.trials[0].robust));
    assert_ne!(other.trials[0].robust, other.trials[1].robust);
    refused(begin(plan(vec![transfer]), vec![]).map(|_| "a run"), Code::NotReady);
}

#[everywhere]
async fn the_same_seed_is_the_same_report_and_reports_travel_as_json() {
    let trials = vec![Trial::new(Attack::pgd(3), Budget::l2(0.5)), Trial::new(Attack::RandomSign, Budget::l2(0.5))];
    let report = run(plan(trials.clone()), vec![]).await;
    assert_eq!(report, run(plan(trials.clone()), vec![]).await);
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<RobustnessReport>(&json).unwrap(), report);
    let other = run(RobustnessPlan { seed: Seed(2), ..plan(trials) }, vec![]).await;
    assert_ne!(report.images, other.images);
    refused(curve(&report, &other), Code::InvalidSetting);
    let mut cut = report.clone();
    cut.trials[0].robust.pop();
    refused(curve(&report, &cut), Code::InvalidSetting);
    // Of an image that a trial has not evaluated, the worst case says nothing.
    assert_eq!(cut.worst_case()[..], report.worst_case()[..report.images.len() - 1]);
    cut.clean.clear();
    assert_eq!(cut.worst_case(), Vec::<bool>::new());
    // An unfinished run is compared as far as it went.
    let mut short: RobustnessReport = report.clone();
    let _: Option<TrialReport> = short.trials.pop();
    assert_eq!(curve(&report, &short).unwrap().len(), 2);
}

#[everywhere]
async fn impossible_plans_are_refused() {
    let sound = Trial::new(Attack::pgd(3), Budget::linf(0.1));
    for trial in [
        Trial { budget: Budget::linf(2.0), ..sound },
        Trial { attack: Attack::pgd(0), ..sound },
        Trial { restarts: 0, ..sound },
        Trial { restarts: 1000, ..sound },
    ] {
        refused(begin(plan(vec![trial]), vec![]).map(|_| "a run"), Code::InvalidSetting);
    }
    assert!(begin(plan(vec![sound]), vec![]).is_ok());
    // 10,000 steps from 100 starts on 20 images, 80 times over: more passes than 32 bits can count.
    let endless = Trial { attack: Attack::pgd(10_000), restarts: 100, ..sound };
    let message = refused(begin(plan(vec![endless; 80]), vec![]).map(|_| "a run"), Code::InvalidSetting);
    assert!(message.contains("4800000020") && message.contains("up to 4294967295"), "{message}");
    assert!(begin(plan(vec![endless; 71]), vec![]).is_ok());
}
