//! Measures of maps made by hand.

use super::{linear, victim};
use crate::common::{Tolerance, assert_close, everywhere};
use semantic_continuity::saliency::metric::{
    Measure, complexity, cosine, faithfulness, gini, mass, pointing, rank_correlation, top_overlap,
};

#[everywhere]
async fn rank_correlation_sees_order_alone() {
    let a = [0.1, 0.5, 0.2, 0.9];
    assert_close(&[rank_correlation(&a, &a.map(|v: f32| v.powi(3) - 7.0))], &[1.0], Tolerance::Rounding);
    assert_close(&[rank_correlation(&a, &a.map(|v| -v))], &[-1.0], Tolerance::Rounding);
    // Ranks 0 1 2 3 against 1 0 3 2: 1 − 6 · 4 / (4 · 15).
    assert_close(&[rank_correlation(&[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 4.0, 3.0])], &[0.6], Tolerance::Rounding);
    // Ties share their rank: 0 1 2 3 against ½ ½ 2½ 2½, ρ = 4 / √(5 · 4).
    let tied = rank_correlation(&[1.0, 2.0, 3.0, 4.0], &[5.0, 5.0, 6.0, 6.0]);
    assert_close(&[tied], &[4.0 / 20f64.sqrt()], Tolerance::Rounding);
    assert_eq!(rank_correlation(&a, &[1.0; 4]), 0.0);
}

#[everywhere]
async fn cosine_and_overlap() {
    assert_close(&[cosine(&[1.0, 0.0], &[1.0, 1.0])], &[0.5f64.sqrt()], Tolerance::Rounding);
    assert_close(&[cosine(&[1.0, -2.0], &[-2.0, 4.0])], &[-1.0], Tolerance::Rounding);
    assert_eq!(cosine(&[0.0, 0.0], &[1.0, 1.0]), 0.0);
    let a: Vec<f32> = (0..20).map(|i| i as f32).collect();
    assert_eq!(top_overlap(&a, &a, 0.1), 1.0);
    // Strongest two: 18, 19 against 19, 0, whose sign does not count.
    let mut b = a.clone();
    b[0] = -100.0;
    assert_eq!(top_overlap(&a, &b, 0.1), 0.5);
    // Nothing is not among the strongest.
    let mut one = vec![0.0; 20];
    assert_eq!(top_overlap(&one, &one, 0.1), 0.0);
    one[19] = 1.0;
    assert_eq!((top_overlap(&one, &one, 0.1), top_overlap(&one, &a, 0.1)), (1.0, 0.5));
}

#[everywhere]
async fn sparseness() {
    // One of n carries everything: (n − 1) / n; all alike: 0, and ln n.
    assert_close(&[gini(&[0.0, 0.0, -3.0, 0.0])], &[0.75], Tolerance::Rounding);
    assert_close(&[gini(&[2.0; 5]), gini(&[0.0; 5])], &[0.0, 0.0], Tolerance::Rounding);
    // (−1 · 1 + 1 · 3) / (2 · 4).
    assert_close(&[gini(&[3.0, 1.0])], &[0.25], Tolerance::Rounding);
    assert_close(&[complexity(&[1.0, -1.0, 1.0, 1.0])], &[4f64.ln()], Tolerance::Rounding);
    assert_eq!((complexity(&[0.0, 5.0]), complexity(&[0.0; 3])), (0.0, 0.0));
}

#[everywhere]
async fn localisation() {
    let object = [false, true, true, false];
    assert!(pointing(&[0.0, 3.0, 1.0, -9.0], &object));
    assert!(!pointing(&[4.0, 3.0, 1.0, 0.0], &object));
    assert_eq!(mass(&[1.0, 2.0, 1.0, -5.0], &object), 0.75);
    assert_eq!(mass(&[-1.0; 4], &object), 0.0);
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
    let [insertion, deletion] = faithfulness(&victim(&weights), &x, 0, &map, 16).await.unwrap();
    let [late_insertion, late_deletion] = faithfulness(&victim(&weights), &x, 0, &opposite, 16).await.unwrap();
    assert!(
        insertion > late_insertion + 0.05 && deletion < late_deletion - 0.05,
        "{insertion} {deletion} {late_insertion} {late_deletion}"
    );
}

#[everywhere]
async fn every_measure_says_how_to_read_it() {
    for &measure in Measure::ALL {
        let reading = measure.reading();
        assert!(["higher", "lower", "none"].contains(&reading.better), "{measure}");
        assert!(reading.range[0] < reading.range[1] && !reading.source.is_empty(), "{measure}");
    }
}
