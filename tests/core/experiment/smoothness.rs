//! Smoothness of networks that a person can compute.

use crate::common::{
    Tolerance, assert_close, data, defined, everywhere, known, lively, network, peaks, quadrants, read, refused, small,
    undefined,
};
use semantic_continuity::data::{Data, Dataset, Split};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{
    Gap, Row, Run, SIGMAS, STEPS, Smoothing, Smoothness, SmoothnessReport, Winner, average, compare_smoothness,
};
use semantic_continuity::model::{Architecture, Classifier, Track, Weights};
use semantic_continuity::seed::Seed;
use std::rc::Rc;

const ROWS: [[f32; 4]; 3] = [[2.0, 0.0, -1.0, 0.5], [0.0, 1.5, 0.0, 0.0], [-0.5, 0.0, 1.0, 0.0]];

async fn measure(data: &Rc<Data>, images: usize, weights: &Weights) -> SmoothnessReport {
    let classifier = Classifier::new(|track| network(weights, track));
    let run = Smoothing::new(Rc::clone(data), Smoothness { images, seed: Seed(1) }, classifier).unwrap();
    let run = run.finish().await.unwrap();
    assert_eq!(run.progress(), (run.report().images.len(), run.report().images.len()));
    run.report().clone()
}

/// The picture with these maxima, `images` times, of class 0.
fn same(maxima: [f32; 4], images: usize) -> Rc<Data> {
    let (picture, _) = peaks(maxima);
    let bytes: Vec<u8> = picture.iter().map(|v| (v * 255.0).round() as u8).collect();
    let test = Split::new(1, 8, 8, bytes.repeat(images), vec![0; images], 3).unwrap();
    Rc::new(Data { dataset: Dataset::FashionMnist, seed: Seed(1), train: Split::empty(), test })
}

/// `z = R m` for the four maxima m: the Jacobian is R, and noise that moves no maximum elsewhere sees nothing else. The
/// picture is on no kink, so it is the smooth case already.
#[everywhere]
async fn ds_over_variance_meets_the_jacobian_off_kinks() {
    let weights = quadrants(&ROWS, &[0.0; 3]);
    let report = measure(&same([0.8, 1.0, 0.6, 1.0], 600), 600, &weights).await;
    let squared: f32 = ROWS.iter().flatten().map(|v| v * v).sum();
    assert_close(&known(&report.jacobian), &[squared; 600], Tolerance::Accumulated);
    let mean = |values: &[Option<f32>]| average(values, Gap::Overflow).unwrap().0;
    for (noisy, sigma) in report.noise.iter().zip(SIGMAS).take(2) {
        assert_close(&[mean(&noisy.ds)], &[squared], Tolerance::Sampling);
        assert_close(&known(&noisy.cosine), &[1.0; 600], Tolerance::Accumulated);
        assert!(sigma < 0.04, "the maxima stay where they are");
    }
    // Large noise makes others the maximum: the gradient turns.
    assert!(mean(&report.noise[5].cosine) < 0.95);
    assert_close(&[mean(&report.limit)], &[squared], Tolerance::Sampling);
    assert_close(&[mean(&report.off_kinks.limit)], &[squared], Tolerance::Sampling);
    let comparison = compare_smoothness(&report, &report).unwrap();
    for quotient in &comparison.quotients {
        let quotient = defined(&quotient.plain);
        assert!(quotient.low <= 1.0 && 1.0 <= quotient.high && quotient.high < 1.2, "{quotient:?}");
    }
}

/// Four tied maxima in each quadrant: noise raises the largest of four on average, whose mean square is `1 + √3/π`,
/// while the Jacobian follows one of them. Each logit looks at one quadrant, so nothing else enters. Off the kinks one
/// of the four is ahead.
#[everywhere]
async fn on_a_kink_ds_over_variance_tends_to_more_than_the_jacobian() {
    let weights = quadrants(&[[2.0, 0.0, 0.0, 0.0], [0.0, 1.5, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]], &[0.0; 3]);
    let mut picture = [51u8; 64];
    for (top, left) in [(0, 0), (0, 4), (4, 0), (4, 4)] {
        for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            picture[(top + row) * 8 + left + column] = 204;
        }
    }
    let test = Split::new(1, 8, 8, picture.repeat(600), vec![0; 600], 3).unwrap();
    let data = Data { dataset: Dataset::FashionMnist, seed: Seed(1), train: Split::empty(), test };
    let report = measure(&Rc::new(data), 600, &weights).await;
    let squared = 4.0 + 2.25 + 1.0;
    assert_close(&known(&report.jacobian), &[squared; 600], Tolerance::Accumulated);
    assert_close(&known(&report.off_kinks.jacobian), &[squared; 600], Tolerance::Accumulated);
    let factor = 1.0 + 3f64.sqrt() / std::f64::consts::PI;
    let comparison = compare_smoothness(&report, &report).unwrap();
    let [quotient, off_kinks] = &comparison.quotients[..] else { panic!("two quotients") };
    assert_close(&[defined(&quotient.plain).value], &[factor], Tolerance::Sampling);
    assert!(defined(&quotient.plain).low > 1.3, "{quotient:?}");
    // Where the second of four is nearer than the noise, a little of the kink is still felt.
    assert_close(&[defined(&off_kinks.plain).value], &[1.0], Tolerance::Sampling);
    let limits: Vec<&str> = comparison.limits.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(limits, ["limit", "off-kinks-limit", "off-kinks-jacobian"]);
    // First order is off by the same at σ = 0.01, where no other pixel comes near.
    assert_close(&[defined(&comparison.off[0].plain).value], &[factor], Tolerance::Sampling);
}

/// Reports of earlier versions have no limit; the rest of them is compared.
#[everywhere]
async fn reports_without_a_limit_are_compared() {
    let report = measure(&Rc::new(data(1)), 8, &quadrants(&ROWS, &[0.0; 3])).await;
    let mut value = serde_json::to_value(&report).unwrap();
    for key in ["limit", "off_kinks"] {
        assert!(value.as_object_mut().unwrap().remove(key).is_some());
    }
    let old: SmoothnessReport = serde_json::from_value(value).unwrap();
    let (new, old) = (compare_smoothness(&report, &report).unwrap(), compare_smoothness(&report, &old).unwrap());
    assert_eq!((new.limits.len(), new.quotients.len()), (3, 2));
    assert_eq!((old.limits.len(), old.quotients.len()), (0, 0));
    assert_eq!((old.rows, old.ds, old.off), (new.rows, new.ds, new.off));
}

/// Margin `z₀ − z₁ = (2, −1.5, −1, 0.5) · m`, slope 5 in ℓ1 and √7.5 in ℓ2; the loss along it is that of three logits.
#[everywhere]
async fn radius_and_surface_are_those_of_the_margin() {
    let weights = quadrants(&ROWS, &[0.0; 3]);
    let maxima = [1.0, 0.6, 0.4, 0.8];
    let report = measure(&same(maxima, 12), 12, &weights).await;
    let margin = 2.0 - 0.9 - 0.4 + 0.4;
    assert_close(&known(&report.radius_linf), &[margin / 5.0; 12], Tolerance::Accumulated);
    assert_close(&known(&report.radius_l2), &[margin / 7.5f64.sqrt(); 12], Tolerance::Accumulated);
    let loss = |m: [f64; 4]| {
        let z = ROWS.map(|row| row.iter().zip(m).map(|(&r, m)| f64::from(r) * m).sum::<f64>());
        z.map(f64::exp).iter().sum::<f64>().ln() - z[0]
    };
    for (s, step) in STEPS.into_iter().enumerate().take(4) {
        let t = f64::from(step);
        // The first maximum falls, the second and third rise, the fourth falls.
        let moved = [1.0 - t, 0.6 + t, 0.4 + t, 0.8 - t];
        assert_close(&known(&report.surface[s][0]), &[loss(moved); 12], Tolerance::Accumulated);
    }
    // In a random direction half of all signs help: the mean loss grows more slowly.
    let mean = |values: &[Option<f32>]| average(values, Gap::Overflow).unwrap().0;
    assert!(mean(&report.surface[0][3]) < mean(&report.surface[3][0]));
    // A picture on the wrong side is no distance away.
    let wrong = measure(&same([0.3, 1.0, 0.3, 0.3], 3), 3, &weights).await;
    assert_eq!((wrong.radius_linf, wrong.radius_l2), (vec![Some(0.0); 3], vec![Some(0.0); 3]));
}

/// Against central differences of the whole network in every pixel.
#[everywhere]
async fn the_jacobian_is_that_of_differences() {
    let data = Rc::new(data(1));
    let weights = lively(&small(Architecture::MiniResNet, 1), 3, 1.5);
    let report = measure(&data, 1, &weights).await;
    let (x, h) = (data.test.image(report.images[0]).collect::<Vec<f32>>(), 5e-4f32);
    let moved = (0..64).flat_map(|pixel| [h, -h].map(|h| (pixel, h))).flat_map(|(pixel, h)| {
        let mut x = x.clone();
        x[pixel] += h;
        x
    });
    let moved = crate::common::tensor(&moved.collect::<Vec<f32>>(), [128, 1, 8, 8]);
    let logits = read(network(&weights, Track::Nothing).forward(moved).logits).await;
    let squares =
        logits.chunks_exact(6).map(|pair| (0..3).map(|k| ((pair[k] - pair[k + 3]) / 2.0 / h).powi(2)).sum::<f32>());
    assert_close(&[report.jacobian[0].unwrap()], &[squares.sum::<f32>()], Tolerance::Difference);
}

/// A quarter of the logits: a sixteenth of the Jacobian, the same radius, the same angle.
#[everywhere]
async fn a_shrunken_network_is_smoother_and_no_more_robust() {
    let data = Rc::new(data(1));
    let live = quadrants(&ROWS, &[0.1, 0.0, -0.1]);
    let shrunken = quadrants(&ROWS.map(|row| row.map(|v| v / 4.0)), &[0.025, 0.0, -0.025]);
    let (a, b) = (measure(&data, 20, &live).await, measure(&data, 20, &shrunken).await);
    let comparison = compare_smoothness(&a, &b).unwrap();
    assert_eq!((comparison.n, comparison.surfaces[0].len()), (20, STEPS.len()));
    let [jacobian, linf, l2] = &comparison.rows[..] else { panic!("three rows") };
    let value = |quantity| defined(quantity).value;
    assert_close(&[value(&jacobian.plain) / 16.0], &[value(&jacobian.continuity)], Tolerance::Accumulated);
    assert_eq!(jacobian.verdict, Winner::Continuity);
    for row in [linf, l2].into_iter().chain(&comparison.cosine) {
        assert_close(&[value(&row.plain)], &[value(&row.continuity)], Tolerance::Accumulated);
    }
    assert_eq!(a, measure(&data, 20, &live).await);
    let itself = compare_smoothness(&a, &a).unwrap();
    let same = |row: &Row| row.difference.value() == Some(0.0) && row.verdict == Winner::Unclear;
    assert!(itself.rows.iter().chain(&itself.ds).all(same));
}

#[everywhere]
async fn a_constant_network_is_smooth_and_no_radius_is_infinite() {
    let config = small(Architecture::SmallCnn, 1);
    let mut constant = Weights { values: vec![0.0; config.layout().len()], config };
    let report = measure(&Rc::new(data(1)), 9, &constant).await;
    // A gradient of 0 has no direction, and a Jacobian of 0 divides nothing.
    let comparison = compare_smoothness(&report, &report).unwrap();
    for row in &comparison.cosine {
        assert_eq!(undefined(&row.plain), ("on every picture a gradient is 0", 9));
        assert_eq!(row.verdict, Winner::Undefined);
    }
    for aside in comparison.quotients.iter().chain(&comparison.off) {
        assert_eq!(undefined(&aside.plain), ("the Jacobian is 0", 9));
    }
    for row in &comparison.rows[1..] {
        assert_eq!((undefined(&row.plain), row.verdict), (("the slope is 0 on every picture", 9), Winner::Undefined));
    }
    assert_eq!((report.jacobian, report.radius_linf), (vec![Some(0.0); 9], vec![None; 9]));
    assert!(report.noise.iter().all(|noisy| noisy.ds == [Some(0.0); 9] && noisy.cosine == [None; 9]));
    report.surface.iter().flatten().for_each(|loss| assert_close(&known(loss), &[3f32.ln(); 9], Tolerance::Rounding));
    // One that always says class 0, and is right: without a slope there is no first order, and it beats no live
    // network.
    crate::common::set(&mut constant, "fc2.bias", &[0], 1.0);
    let data = same([0.5; 4], 8);
    let (dead, live) = (measure(&data, 8, &constant).await, measure(&data, 8, &quadrants(&ROWS, &[0.0; 3])).await);
    assert_eq!((&dead.radius_linf, &dead.radius_l2), (&vec![None; 8], &vec![None; 8]));
    for comparison in [compare_smoothness(&live, &dead).unwrap(), compare_smoothness(&dead, &live).unwrap()] {
        for row in &comparison.rows[1..] {
            assert_eq!(undefined(&row.difference), ("the slope is 0 on every picture", 8));
            assert_eq!(row.verdict, Winner::Undefined);
        }
    }
}

/// A model that overflows on one picture is not the better for the others: of no column with an overflow is there a
/// mean.
#[everywhere]
async fn a_model_that_overflows_wins_nothing() {
    let data = same([0.9, 0.5, 0.4, 0.8], 8);
    let live = measure(&data, 8, &quadrants(&ROWS, &[0.0; 3])).await;
    let mut torn = live.clone();
    // Smoother, and farther from the boundary, but for the one picture.
    for (column, value) in [(&mut torn.jacobian, 0.1), (&mut torn.radius_linf, 1.0), (&mut torn.radius_l2, 8.0)] {
        column.fill(Some(value));
        column[3] = None;
    }
    for comparison in [compare_smoothness(&live, &torn).unwrap(), compare_smoothness(&torn, &live).unwrap()] {
        for row in &comparison.rows {
            assert_eq!(undefined(&row.difference), ("it overflows on 1 of 8 pictures", 8), "{}", row.id);
            assert_eq!(row.verdict, Winner::Undefined, "{}", row.id);
        }
        assert!(comparison.off.iter().all(|aside| aside.plain.value().xor(aside.continuity.value()).is_some()));
    }
    // A slope of 0 beside a Jacobian that is known is left out.
    let mut flat = live.clone();
    flat.radius_linf[3] = None;
    let row = &compare_smoothness(&live, &flat).unwrap().rows[1];
    assert_eq!([row.plain.n(), row.continuity.n(), row.difference.n()], [8, 7, 7]);
    assert_eq!(row.verdict, Winner::Unclear);
}

#[everywhere]
async fn impossible_questions_and_unlike_answers_are_refused() {
    let data = Rc::new(data(1));
    let weights = quadrants(&ROWS, &[0.0; 3]);
    let ask = |data: &Rc<Data>, images| {
        let classifier = Classifier::new(|track| network(&weights, track));
        Smoothing::new(Rc::clone(data), Smoothness { images, seed: Seed(1) }, classifier).map(|_| ())
    };
    for images in [0, 1001, usize::MAX] {
        let message = refused(ask(&data, images), Code::InvalidSetting);
        assert!(message.contains(&images.to_string()) && message.contains("1 to 1000"), "{message}");
    }
    refused(ask(&Rc::new(Data { test: Split::empty(), ..(*data).clone() }), 5), Code::NotReady);
    refused(ask(&Rc::new(crate::common::data(3)), 5), Code::WeightsMismatch);
    let (a, b) = (measure(&data, 5, &weights).await, measure(&data, 6, &weights).await);
    refused(compare_smoothness(&a, &b), Code::InvalidSetting);
    let mut damaged = a.clone();
    damaged.surface[2][3].pop();
    refused(compare_smoothness(&a, &damaged), Code::InvalidSetting);
    let text = serde_json::to_string(&a).unwrap();
    assert_eq!(serde_json::from_str::<SmoothnessReport>(&text).unwrap(), a);
}
