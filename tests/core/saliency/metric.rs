//! Measures of maps made by hand.

use super::{classifier, linear};
use crate::common::{Tolerance, assert_close, everywhere};
use semantic_continuity::saliency::metric::{
    CONFIDENCE, Metric, complexity, cosine, faithfulness, gini, mass, pointing, rank_correlation, relative_change,
    temperature, top_overlap,
};

#[everywhere]
async fn rank_correlation_sees_order_alone() {
    let a = [0.1, 0.5, 0.2, 0.9];
    let rho = |a: &[f32], b: &[f32]| rank_correlation(a, b).unwrap();
    assert_close(&[rho(&a, &a.map(|v: f32| v.powi(3) - 7.0))], &[1.0], Tolerance::Rounding);
    assert_close(&[rho(&a, &a.map(|v| -v))], &[-1.0], Tolerance::Rounding);
    // Ranks 0 1 2 3 against 1 0 3 2: 1 − 6 · 4 / (4 · 15).
    assert_close(&[rho(&[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 4.0, 3.0])], &[0.6], Tolerance::Rounding);
    // Ties share their rank: 0 1 2 3 against ½ ½ 2½ 2½, ρ = 4 / √(5 · 4).
    let tied = rho(&[1.0, 2.0, 3.0, 4.0], &[5.0, 5.0, 6.0, 6.0]);
    assert_close(&[tied], &[4.0 / 20f64.sqrt()], Tolerance::Rounding);
    // A constant has no order.
    assert_eq!((rank_correlation(&a, &[1.0; 4]), rank_correlation(&[0.0; 4], &[0.0; 4])), (None, None));
}

#[everywhere]
async fn cosine_and_overlap() {
    assert_close(&[cosine(&[1.0, 0.0], &[1.0, 1.0]).unwrap()], &[0.5f64.sqrt()], Tolerance::Rounding);
    assert_close(&[cosine(&[1.0, -2.0], &[-2.0, 4.0]).unwrap()], &[-1.0], Tolerance::Rounding);
    // A map of 0 has no direction; one that is the same everywhere has.
    assert_eq!((cosine(&[0.0, 0.0], &[1.0, 1.0]), cosine(&[0.0; 2], &[0.0; 2])), (None, None));
    assert_eq!(cosine(&[2.0, 2.0], &[1.0, 1.0]), Some(1.0));
    let a: Vec<f32> = (0..20).map(|i| i as f32).collect();
    assert_eq!(top_overlap(&a, &a, 0.1), Some(1.0));
    // Strongest two: 18, 19 against 19, 0, whose sign does not count.
    let mut b = a.clone();
    b[0] = -100.0;
    assert_eq!(top_overlap(&a, &b, 0.1), Some(0.5));
    // Nothing is not among the strongest.
    let mut one = vec![0.0; 20];
    assert_eq!((top_overlap(&one, &one, 0.1), top_overlap(&one, &a, 0.1)), (None, Some(0.0)));
    one[19] = 1.0;
    assert_eq!((top_overlap(&one, &one, 0.1), top_overlap(&one, &a, 0.1)), (Some(1.0), Some(0.5)));
}

#[everywhere]
async fn sparseness() {
    // One of n carries everything: (n − 1) / n; all alike: 0, and ln n.
    assert_close(&[gini(&[0.0, 0.0, -3.0, 0.0]).unwrap()], &[0.75], Tolerance::Rounding);
    assert_close(&[gini(&[2.0; 5]).unwrap()], &[0.0], Tolerance::Rounding);
    // (−1 · 1 + 1 · 3) / (2 · 4).
    assert_close(&[gini(&[3.0, 1.0]).unwrap()], &[0.25], Tolerance::Rounding);
    assert_close(&[complexity(&[1.0, -1.0, 1.0, 1.0]).unwrap()], &[4f64.ln()], Tolerance::Rounding);
    assert_eq!(complexity(&[0.0, 5.0]), Some(0.0));
    // Nothing has no shares.
    assert_eq!((gini(&[0.0; 5]), complexity(&[0.0; 3])), (None, None));
}

#[everywhere]
async fn localisation() {
    let object = [false, true, true, false];
    assert_eq!(pointing(&[0.0, 3.0, 1.0, -9.0], &object), Some(true));
    assert_eq!(pointing(&[4.0, 3.0, 1.0, 0.0], &object), Some(false));
    // The first of equals is no strongest.
    assert_eq!((pointing(&[0.0; 4], &object), pointing(&[2.0; 4], &object)), (None, None));
    assert_eq!(mass(&[1.0, 2.0, 1.0, -5.0], &object), Some(0.75));
    assert_eq!(mass(&[2.0, -1.0, 0.0, -5.0], &object), Some(0.0));
    assert_eq!((mass(&[-1.0; 4], &object), mass(&[0.0; 4], &object)), (None, None));
}

/// A hair of a change to a map of 0 would be 1e34 of its length.
#[everywhere]
async fn a_map_of_0_has_no_relative_change() {
    assert_eq!(relative_change(&[3.0, 4.0], &[3.0, 4.0]), Some(0.0));
    assert_eq!(relative_change(&[3.0, 4.0], &[0.0, 0.0]), Some(1.0));
    assert_eq!((relative_change(&[0.0; 2], &[0.0; 2]), relative_change(&[0.0; 2], &[1e-4, 0.0])), (None, None));
    assert_eq!(relative_change(&[3e38, 0.0], &[-3e38, 0.0]), None);
}

#[everywhere]
async fn what_is_not_finite_is_measured_by_nothing() {
    let (sound, object) = ([1.0, 2.0, 0.5], [true, false, false]);
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let map = [1.0, bad, 0.5];
        let pairs = [(&sound, &map), (&map, &sound)];
        for (a, b) in pairs {
            let all = [rank_correlation(a, b), cosine(a, b), top_overlap(a, b, 0.5), relative_change(a, b)];
            assert_eq!(all, [None; 4], "{bad}");
        }
        assert_eq!([gini(&map), complexity(&map), mass(&map, &object)], [None; 3], "{bad}");
        assert_eq!(pointing(&map, &object), None, "{bad}");
    }
}

/// Two classes, logits ±g/2: the larger probability is `1 / (1 + e^(−g / T))`, so `T = g / ln(c / (1 − c))`.
#[everywhere]
async fn the_temperature_is_the_one_of_the_formula() {
    let gap = 3.0f32;
    let expected = f64::from(gap) / (CONFIDENCE / (1.0 - CONFIDENCE)).ln();
    for images in [1, 7] {
        let logits = [gap / 2.0, -gap / 2.0].repeat(images);
        assert_close(&[temperature(&logits, 2).unwrap()], &[expected], Tolerance::Rounding);
    }
    // Some sure and some unsure: the mean is what is matched.
    let logits = [4.0, 0.0, 0.5, 0.0, -1.0, 2.0];
    let t = f64::from(temperature(&logits, 2).unwrap());
    let mean = [4.0, 0.5, 3.0].iter().map(|gap: &f64| 1.0 / (1.0 + (-gap / t).exp())).sum::<f64>() / 3.0;
    assert_close(&[mean], &[CONFIDENCE], Tolerance::Rounding);
    // No temperature makes equal outputs sure, or one class unsure; what is not finite has none.
    for (logits, classes) in [
        (vec![1.0; 6], 3),
        (vec![2.0, 2.0, 0.0], 3),
        (vec![5.0; 4], 1),
        (vec![], 3),
        (vec![f32::NAN, 0.0], 2),
        (vec![f32::INFINITY, 0.0], 2),
    ] {
        assert_eq!(temperature(&logits, classes), None, "{logits:?}");
    }
}

/// The pixels that count first: what it needs appears sooner and vanishes sooner than in the opposite order.
#[everywhere]
async fn a_faithful_map_inserts_early_and_deletes_early() {
    let (weights, x, positions) = linear();
    let mut map = vec![0.0; 64];
    for (position, value) in positions.into_iter().zip([1.0, -2.0, 0.5, 0.25]) {
        map[position] = value;
    }
    let opposite: Vec<f32> = map.iter().map(|v| -v).collect();
    let ask = async |map: &[f32], temperatures: &[f32]| {
        let found = faithfulness(&classifier(&weights), &x, 0, map, 16, temperatures).await.unwrap();
        found.into_iter().map(|pair| pair.map(Option::unwrap)).collect::<Vec<[f32; 2]>>()
    };
    let [[insertion, deletion], cool] = ask(&map, &[1.0, 0.01]).await[..] else { panic!("two temperatures") };
    let [[late_insertion, late_deletion]] = ask(&opposite, &[1.0]).await[..] else { panic!("one temperature") };
    // Nearly certain of whatever is ahead: a share of the steps.
    assert!(cool[0] > insertion && cool[1] < deletion, "{cool:?}");
    // A map that ranks no pixel inserts none before another.
    for map in [[0.0; 64], [0.5; 64]] {
        assert_eq!(faithfulness(&classifier(&weights), &x, 0, &map, 16, &[1.0, 2.0]).await.unwrap(), [[None; 2]; 2]);
    }
    assert!(
        insertion > late_insertion + 0.05 && deletion < late_deletion - 0.05,
        "{insertion} {deletion} {late_insertion} {late_deletion}"
    );
}

#[everywhere]
async fn every_measure_says_how_to_read_it() {
    for &measure in Metric::ALL {
        let reading = measure.reading();
        assert!(["higher", "lower", "none"].contains(&reading.better.id()), "{measure}");
        assert!(reading.range[0] < reading.range[1] && !reading.source.is_empty(), "{measure}");
    }
}
