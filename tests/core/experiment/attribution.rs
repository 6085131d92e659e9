//! Saliency over many images.

use crate::common::{Tolerance, assert_close, data, everywhere, lively, network, refused, small};
use semantic_continuity::attack::Victim;
use semantic_continuity::error::{Code, Result};
use semantic_continuity::experiment::{
    Change, Survey, SurveyReport, Surveying, compare_surveys, mean, mean_difference, randomised,
};
use semantic_continuity::model::Architecture;
use semantic_continuity::saliency::metric::Measure;
use semantic_continuity::saliency::{Fill, Method};
use semantic_continuity::seed::{Seed, Stream};
use std::rc::Rc;

fn survey(method: Method, change: &str) -> Survey {
    let change = Change::Perturbation(change.parse().unwrap());
    Survey { method, change, images: 6, seed: Seed(1) }
}

fn begin(survey: Survey, seed: u32) -> Result<Surveying> {
    let weights = lively(&small(Architecture::SmallCnn, 1), seed, 2.0);
    let victim = Victim::new(|track| network(&weights, track));
    let random = randomised(victim.network(), Seed(9));
    Surveying::new(Rc::new(data(1)), survey, victim, random)
}

async fn run(survey: Survey, seed: u32) -> SurveyReport {
    let mut run = begin(survey, seed).unwrap();
    let (_, images) = run.progress();
    for done in 1..=images {
        run.advance().await.unwrap();
        assert_eq!(run.progress(), (done, images));
    }
    run.advance().await.unwrap();
    run.report().clone()
}

fn values(report: &SurveyReport, wanted: Measure) -> Vec<f32> {
    let (_, values) = report.values.iter().find(|(measure, _)| *measure == wanted).unwrap();
    values.iter().map(|value| value.expect("the maps are not 0")).collect()
}

#[everywhere]
async fn every_measure_has_a_value_in_its_range_for_every_image() {
    for method in [Method::GradientInput, Method::GradCam, Method::Occlusion { window: 4, fill: Fill::Blur }] {
        let report = run(survey(method, "gaussian:0.3"), 2).await;
        assert_eq!((report.images.len(), report.values.len()), (6, Measure::ALL.len()));
        for (measure, values) in &report.values {
            let [least, most] = measure.reading().range;
            assert_eq!(values.len(), 6);
            let within = |v: &Option<f32>| v.is_some_and(|v| (least - 1e-5..=most + 1e-5).contains(&v));
            assert!(values.iter().all(within), "{measure}: {values:?}");
        }
        assert_eq!(report, run(report.survey.clone(), 2).await);
    }
}

#[everywhere]
async fn what_does_not_change_does_not_move() {
    let report = run(survey(Method::SmoothGrad { samples: 5, sigma: 0.1 }, "gaussian:0"), 2).await;
    for measure in [Measure::RankCorrelation, Measure::Cosine, Measure::TopOverlap] {
        assert_close(&values(&report, measure), &[1.0; 6], Tolerance::Accumulated);
    }
    let moved = run(survey(Method::SmoothGrad { samples: 5, sigma: 0.1 }, "gaussian:0.5"), 2).await;
    assert!(values(&moved, Measure::RankCorrelation).iter().all(|&rho| rho < 0.999));
}

#[everywhere]
async fn surveys_are_compared_over_the_images_that_both_have() {
    let asked = survey(Method::Gradient, "gaussian:0.2");
    let (a, b) = (run(asked.clone(), 2).await, run(asked.clone(), 3).await);
    let rows = compare_surveys(&a, &b).unwrap();
    assert_eq!(rows.len(), Measure::ALL.len());
    for row in &rows {
        assert_eq!(row.plain.n, 6);
        assert!((row.difference.value - (row.continuity.value - row.plain.value)).abs() < 1e-9);
    }
    let pointing = rows.iter().find(|row| row.measure == Measure::Pointing).unwrap();
    assert!(pointing.plain.high - pointing.plain.low > 0.2, "six pictures are no certainty: {pointing:?}");
    assert!(
        compare_surveys(&a, &a).unwrap().iter().all(|row| row.difference.value == 0.0 && row.plain == row.continuity)
    );
    let mut short = begin(asked, 3).unwrap();
    refused(compare_surveys(&a, short.report()), Code::InvalidSetting);
    short.advance().await.unwrap();
    assert_eq!(compare_surveys(&a, short.report()).unwrap()[0].plain.n, 1);
    let other = run(survey(Method::GradCam, "gaussian:0.2"), 3).await;
    refused(compare_surveys(&a, &other), Code::InvalidSetting);
    refused(
        begin(survey(Method::IntegratedGradients { steps: 0, baseline: Fill::Black }, "gaussian:0.2"), 2)
            .map(|_| "a survey"),
        Code::InvalidSetting,
    );
}

#[everywhere]
async fn means_have_bootstrap_intervals() {
    let rng = || Seed(1).rng(Stream::Bootstrap, 0);
    let alike = mean(&[2.0; 30], &mut rng());
    assert_eq!((alike.value, alike.low, alike.high, alike.n), (2.0, 2.0, 2.0, 30));
    let values: Vec<f32> = (0..100).map(|i| (i % 10) as f32).collect();
    let estimate = mean(&values, &mut rng());
    // Standard error √(8.25 / 100).
    assert_close(&[estimate.value], &[4.5], Tolerance::Rounding);
    assert!((estimate.high - estimate.low - 2.0 * 1.96 * 0.287).abs() < 0.2, "{estimate:?}");
    let shifted: Vec<f32> = values.iter().map(|v| v + 1.0).collect();
    let difference = mean_difference(&values, &shifted, &mut rng());
    assert_eq!((difference.value, difference.low, difference.high), (1.0, 1.0, 1.0));
}
