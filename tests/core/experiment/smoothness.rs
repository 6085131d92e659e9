//! Smoothness of networks that a person can compute.

use crate::common::{
    Tolerance, assert_close, data, everywhere, lively, network, peaks, quadrants, read, refused, small,
};
use semantic_continuity::attack::Victim;
use semantic_continuity::data::{Data, Dataset, Split};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{SIGMAS, STEPS, Smoothing, Smoothness, SmoothnessReport, compare_smoothness};
use semantic_continuity::model::{Architecture, Track, Weights};
use semantic_continuity::seed::Seed;
use std::rc::Rc;

const ROWS: [[f32; 4]; 3] = [[2.0, 0.0, -1.0, 0.5], [0.0, 1.5, 0.0, 0.0], [-0.5, 0.0, 1.0, 0.0]];

async fn measure(data: &Rc<Data>, images: usize, weights: &Weights) -> SmoothnessReport {
    let victim = Victim::new(|track| network(weights, track));
    let mut run = Smoothing::new(Rc::clone(data), Smoothness { images, seed: Seed(1) }, victim).unwrap();
    while run.advance().await.unwrap() {}
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

/// `z = R m` for the four maxima m: the Jacobian is R, and noise that moves no maximum elsewhere sees nothing else.
#[everywhere]
async fn ds_over_variance_meets_the_jacobian() {
    let weights = quadrants(&ROWS, &[0.0; 3]);
    let report = measure(&same([0.8, 1.0, 0.6, 1.0], 600), 600, &weights).await;
    let squared: f32 = ROWS.iter().flatten().map(|v| v * v).sum();
    assert_close(&report.jacobian, &[squared; 600], Tolerance::Accumulated);
    let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
    for (noisy, sigma) in report.noise.iter().zip(SIGMAS).take(2) {
        assert_close(&[mean(&noisy.ds)], &[squared], Tolerance::Sampling);
        assert_close(&noisy.cosine, &[1.0; 600], Tolerance::Accumulated);
        assert!(sigma < 0.04, "the maxima stay where they are");
    }
    // Large noise makes others the maximum: the gradient turns.
    assert!(mean(&report.noise[5].cosine) < 0.95);
}

/// Margin `z₀ − z₁ = (2, −1.5, −1, 0.5) · m`, slope 5 in ℓ1 and √7.5 in ℓ2; the loss along it is that of three logits.
#[everywhere]
async fn radius_and_surface_are_those_of_the_margin() {
    let weights = quadrants(&ROWS, &[0.0; 3]);
    let maxima = [1.0, 0.6, 0.4, 0.8];
    let report = measure(&same(maxima, 12), 12, &weights).await;
    let margin = 2.0 - 0.9 - 0.4 + 0.4;
    assert_close(&report.radius_linf, &[margin / 5.0; 12], Tolerance::Accumulated);
    assert_close(&report.radius_l2, &[margin / 7.5f64.sqrt(); 12], Tolerance::Accumulated);
    let loss = |m: [f64; 4]| {
        let z = ROWS.map(|row| row.iter().zip(m).map(|(&r, m)| f64::from(r) * m).sum::<f64>());
        z.map(f64::exp).iter().sum::<f64>().ln() - z[0]
    };
    for (s, step) in STEPS.into_iter().enumerate().take(4) {
        let t = f64::from(step);
        // The first maximum falls, the second and third rise, the fourth falls.
        let moved = [1.0 - t, 0.6 + t, 0.4 + t, 0.8 - t];
        assert_close(&report.surface[s][0], &[loss(moved); 12], Tolerance::Accumulated);
    }
    // In a random direction half of all signs help: the mean loss grows more slowly.
    let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
    assert!(mean(&report.surface[0][3]) < mean(&report.surface[3][0]));
    // A picture on the wrong side is no distance away.
    let wrong = measure(&same([0.3, 1.0, 0.3, 0.3], 3), 3, &weights).await;
    assert_eq!((wrong.radius_linf, wrong.radius_l2), (vec![0.0; 3], vec![0.0; 3]));
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
    assert_close(&[report.jacobian[0]], &[squares.sum::<f32>()], Tolerance::Difference);
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
    assert_close(&[jacobian.plain.value / 16.0], &[jacobian.continuity.value], Tolerance::Accumulated);
    assert_eq!(jacobian.verdict, "continuity");
    for row in [linf, l2].into_iter().chain(&comparison.cosine) {
        assert_close(&[row.plain.value], &[row.continuity.value], Tolerance::Accumulated);
    }
    assert_eq!(a, measure(&data, 20, &live).await);
    let itself = compare_smoothness(&a, &a).unwrap();
    assert!(itself.rows.iter().chain(&itself.ds).all(|row| row.difference.value == 0.0 && row.verdict == "unclear"));
}

#[everywhere]
async fn a_constant_network_is_smooth_and_no_radius_is_infinite() {
    let config = small(Architecture::SmallCnn, 1);
    let mut constant = Weights { values: vec![0.0; config.layout().len()], config };
    let report = measure(&Rc::new(data(1)), 9, &constant).await;
    assert_eq!((report.jacobian, report.radius_linf), (vec![0.0; 9], vec![0.0; 9]));
    assert!(report.noise.iter().all(|noisy| noisy.ds == [0.0; 9] && noisy.cosine == [1.0; 9]));
    report.surface.iter().flatten().for_each(|loss| assert_close(loss, &[3f32.ln(); 9], Tolerance::Rounding));
    // One that always says class 0, and is right: no attack in the cube of all images can change that.
    crate::common::set(&mut constant, "fc2.bias", &[0], 1.0);
    let report = measure(&same([0.5; 4], 2), 2, &constant).await;
    assert_eq!((report.radius_linf, report.radius_l2), (vec![1.0; 2], vec![8.0; 2]));
}

#[everywhere]
async fn impossible_questions_and_unlike_answers_are_refused() {
    let data = Rc::new(data(1));
    let weights = quadrants(&ROWS, &[0.0; 3]);
    let ask = |data: &Rc<Data>, images| {
        let victim = Victim::new(|track| network(&weights, track));
        Smoothing::new(Rc::clone(data), Smoothness { images, seed: Seed(1) }, victim).map(|_| ())
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
