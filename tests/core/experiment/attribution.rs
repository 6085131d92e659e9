//! Saliency over many images.

use crate::common::{
    Tolerance, assert_close, data, defined, everywhere, known, lively, network, refused, small, undefined,
};
use semantic_continuity::error::{Code, Result};
use semantic_continuity::experiment::{
    Change, Gap, Run, Survey, SurveyReport, Surveying, compare_surveys, mean, mean_difference, randomised,
};
use semantic_continuity::model::{Architecture, Classifier};
use semantic_continuity::saliency::metric::Metric;
use semantic_continuity::saliency::{Baseline, Method};
use semantic_continuity::seed::{Seed, Stream};
use std::rc::Rc;

fn survey(method: Method, change: &str) -> Survey {
    let change = Change::Perturbation(change.parse().unwrap());
    Survey { method, change, images: 6, seed: Seed(1) }
}

fn begin(survey: Survey, seed: u32) -> Result<Surveying> {
    let weights = lively(&small(Architecture::SmallCnn, 1), seed, 2.0);
    let classifier = Classifier::new(|track| network(&weights, track));
    let random = randomised(classifier.network(), Seed(9));
    Surveying::new(Rc::new(data(1)), survey, classifier, random)
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

fn values(report: &SurveyReport, wanted: Metric) -> Vec<f32> {
    known(&report.values.iter().find(|(measure, _)| *measure == wanted).unwrap().1)
}

#[everywhere]
async fn every_measure_has_a_value_in_its_range() {
    for method in [Method::GradientInput, Method::GradCam, Method::Occlusion { window: 4, baseline: Baseline::Blur }] {
        let report = run(survey(method, "gaussian:0.3"), 2).await;
        assert_eq!((report.images.len(), report.values.len()), (6, Metric::ALL.len()));
        for (measure, values) in &report.values {
            let [least, most] = measure.reading().range;
            assert_eq!(values.len(), 6);
            assert!(values.iter().flatten().all(|v| (least - 1e-5..=most + 1e-5).contains(v)), "{measure}: {values:?}");
            // Grad-CAM has maps of 0, which have none.
            assert!(method == Method::GradCam || values.iter().all(Option::is_some), "{measure}: {values:?}");
        }
        assert_eq!(report, run(report.survey.clone(), 2).await);
    }
}

#[everywhere]
async fn what_does_not_change_does_not_move() {
    let report = run(survey(Method::SmoothGrad { samples: 5, sigma: 0.1 }, "gaussian:0"), 2).await;
    for measure in [Metric::RankCorrelation, Metric::Cosine, Metric::TopOverlap] {
        assert_close(&values(&report, measure), &[1.0; 6], Tolerance::Accumulated);
    }
    let moved = run(survey(Method::SmoothGrad { samples: 5, sigma: 0.1 }, "gaussian:0.5"), 2).await;
    assert!(values(&moved, Metric::RankCorrelation).iter().all(|&rho| rho < 0.999));
}

#[everywhere]
async fn surveys_are_compared_over_the_images_that_both_have() {
    let asked = survey(Method::Gradient, "gaussian:0.2");
    let (a, b) = (run(asked.clone(), 2).await, run(asked.clone(), 3).await);
    let rows = compare_surveys(&a, &b).unwrap();
    assert_eq!(rows.len(), Metric::ALL.len());
    for row in &rows {
        let [plain, continuity, difference] = [&row.plain, &row.continuity, &row.difference].map(defined);
        assert_eq!(plain.n, 6);
        assert!((difference.value - (continuity.value - plain.value)).abs() < 1e-9);
    }
    let pointing = rows.iter().find(|row| row.measure == Metric::Pointing).unwrap();
    let share = defined(&pointing.plain);
    assert!(share.high - share.low > 0.2, "six pictures are no certainty: {pointing:?}");
    let itself = compare_surveys(&a, &a).unwrap();
    assert!(itself.iter().all(|row| row.difference.value() == Some(0.0) && row.plain == row.continuity));
    let mut short = begin(asked, 3).unwrap();
    refused(compare_surveys(&a, short.report()), Code::InvalidSetting);
    short.advance().await.unwrap();
    assert_eq!(compare_surveys(&a, short.report()).unwrap()[0].plain.n(), 1);
    let other = run(survey(Method::GradCam, "gaussian:0.2"), 3).await;
    refused(compare_surveys(&a, &other), Code::InvalidSetting);
    refused(
        begin(survey(Method::IntegratedGradients { steps: 0, baseline: Baseline::Black }, "gaussian:0.2"), 2)
            .map(|_| "a survey"),
        Code::InvalidSetting,
    );
}

#[everywhere]
async fn means_have_bootstrap_intervals() {
    let rng = || Seed(1).rng(Stream::Bootstrap, 0);
    let gap = Gap::Overflow;
    let alike = defined(&mean(&[2.0f32; 30], gap, &mut rng()));
    assert_eq!((alike.value, alike.low, alike.high, alike.n), (2.0, 2.0, 2.0, 30));
    let values: Vec<f32> = (0..100).map(|i| (i % 10) as f32).collect();
    let estimate = defined(&mean(&values, gap, &mut rng()));
    // Standard error √(8.25 / 100).
    assert_close(&[estimate.value], &[4.5], Tolerance::Rounding);
    assert!((estimate.high - estimate.low - 2.0 * 1.96 * 0.287).abs() < 0.2, "{estimate:?}");
    let shifted: Vec<f32> = values.iter().map(|v| v + 1.0).collect();
    let difference = defined(&mean_difference(&values, &shifted, gap, &mut rng()));
    assert_eq!((difference.value, difference.low, difference.high), (1.0, 1.0, 1.0));
}

/// A survey in which one model has values on the first half of the images alone and the other on the second: neither
/// has maps of 0 on all of them, and there is nothing to compare.
#[everywhere]
async fn a_difference_without_images_in_common_says_so() {
    let report = run(Survey { images: 14, ..survey(Method::Gradient, "gaussian:0.2") }, 2).await;
    let [a, b] = [0, 1].map(|half| {
        let mut report = report.clone();
        for (_, values) in &mut report.values {
            (0..14).filter(|i| i / 7 == half).for_each(|i| values[i] = None);
        }
        report
    });
    for row in compare_surveys(&a, &b).unwrap() {
        assert_eq!([row.plain.n(), row.continuity.n()], [7, 7], "{row:?}");
        assert_eq!(undefined(&row.difference), ("no image has a value on both sides", 14), "{row:?}");
    }
    let mut none = report.clone();
    none.values.iter_mut().for_each(|(_, values)| values.fill(None));
    for row in compare_surveys(&report, &none).unwrap() {
        assert_eq!(undefined(&row.difference), undefined(&row.continuity), "{row:?}");
        assert_ne!(undefined(&row.difference).0, "no image has a value on both sides", "{row:?}");
    }
}

/// A model half as sure of everything has the same maps, the same order of pixels and, once its confidence is matched,
/// the same insertion and deletion.
#[everywhere]
async fn matched_confidence_takes_the_scale_of_the_logits_out() {
    let asked = survey(Method::Gradient, "gaussian:0.2");
    let live = lively(&small(Architecture::SmallCnn, 1), 2, 2.0);
    let mut unsure = live.clone();
    let mut start = 0;
    for parameter in live.config.layout().parameters() {
        if parameter.name.starts_with("fc2") {
            unsure.values[start..start + parameter.size()].iter_mut().for_each(|v| *v *= 0.5);
        }
        start += parameter.size();
    }
    let [a, b] = [live, unsure].map(|weights| {
        let classifier = Classifier::new(|track| network(&weights, track));
        let random = randomised(classifier.network(), Seed(9));
        Surveying::new(Rc::new(data(1)), asked.clone(), classifier, random).unwrap()
    });
    let mut reports = Vec::new();
    for mut run in [a, b] {
        assert_eq!(run.report().temperature, None);
        while run.progress().0 < run.progress().1 {
            run.advance().await.unwrap();
        }
        reports.push(run.report().clone());
    }
    let [a, b] = &reports[..] else { panic!("two reports") };
    assert_close(&[b.temperature.unwrap() * 2.0], &[a.temperature.unwrap()], Tolerance::Accumulated);
    for measure in [Metric::InsertionMatched, Metric::DeletionMatched] {
        assert_close(&values(a, measure), &values(b, measure), Tolerance::Accumulated);
    }
    let apart: f32 =
        values(a, Metric::Insertion).iter().zip(values(b, Metric::Insertion)).map(|(a, b)| (a - b).abs()).sum();
    assert!(apart > 0.01, "as they are they differ: {apart}");
}
