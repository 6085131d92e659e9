//! Numbers with intervals, evaluations, comparisons, the nudge.

mod attribution;
mod checkpoint;
mod compare;
mod evaluation;
mod example;
mod masking;
mod nudge;
mod response;
mod robustness;
mod saved;
mod single;
mod smoothness;
mod transfer;

use crate::common::{Tolerance, assert_close, everywhere};
use semantic_continuity::experiment::{paired_difference, proportion, ratio, ratio_difference};
use semantic_continuity::seed::{Rng, Seed, Stream};

fn rng() -> Rng {
    Seed(1).rng(Stream::Bootstrap, 0)
}

/// `hits` of `n`.
pub fn outcomes(hits: usize, n: usize) -> Vec<bool> {
    (0..n).map(|i| i < hits).collect()
}

/// Newcombe 1998 (Statistics in Medicine 17, 857–872), table I, method 3.
#[everywhere]
async fn wilson_intervals_are_those_of_the_literature() {
    for (hits, n, low, high) in
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
    {
        let estimate = proportion(&outcomes(hits, n));
        assert_close(&[estimate.low, estimate.high], &[low, high], Tolerance::Printed);
        assert_eq!((estimate.value, estimate.n), (hits as f64 / n as f64, n));
        // The mirror image.
        let mirror = proportion(&outcomes(n - hits, n));
        assert_close(&[1.0 - mirror.high, 1.0 - mirror.low], &[low, high], Tolerance::Printed);
    }
    let nothing = proportion(&[]);
    assert_eq!((nothing.low, nothing.high, nothing.n), (0.0, 1.0, 0));
}

/// Approval of a prime minister, asked twice (Agresti, Categorical Data Analysis, table 10.1): 794 and 570 keep their
/// opinion, 150 lose it, 86 win it; the Wald interval there is (−0.059, −0.021). Agresti and Min add ½ to each cell.
#[everywhere]
async fn the_paired_interval_is_that_of_agresti_and_min() {
    let cells = [(true, true, 794), (true, false, 150), (false, true, 86), (false, false, 570)];
    let pairs = cells.iter().flat_map(|&(a, b, count)| std::iter::repeat_n((a, b), count));
    let (before, after): (Vec<bool>, Vec<bool>) = pairs.unzip();
    let difference = paired_difference(&before, &after);
    assert_eq!((difference.value, difference.n), (-0.04, 1600));
    let center = (86.5 - 150.5) / 1602.0;
    let half = 1.959_964 * (237.0f64 - 64.0 * 64.0 / 1602.0).sqrt() / 1602.0;
    assert_close(&[difference.low, difference.high], &[center - half, center + half], Tolerance::Rounding);
    assert_eq!(format!("{:.3} {:.3}", difference.low, difference.high), "-0.059 -0.021");
}

#[everywhere]
async fn every_interval_holds_its_value_and_stays_in_range() {
    for n in [1, 2, 3, 7, 50] {
        for hits in 0..=n {
            let estimate = proportion(&outcomes(hits, n));
            assert!(0.0 <= estimate.low && estimate.low <= estimate.value);
            assert!(estimate.value <= estimate.high && estimate.high <= 1.0);
            assert!(estimate.low < estimate.high, "{hits} of {n} is certain");
            for other in 0..=n {
                let difference = paired_difference(&outcomes(hits, n), &outcomes(other, n));
                assert!(-1.0 <= difference.low && difference.high <= 1.0 && difference.low < difference.high);
                assert!(
                    difference.low <= difference.value && difference.value <= difference.high,
                    "{hits} {other} {n}"
                );
                let back = paired_difference(&outcomes(other, n), &outcomes(hits, n));
                assert_close(
                    &[back.value, back.low, back.high],
                    &[-difference.value, -difference.high, -difference.low],
                    Tolerance::Rounding,
                );
            }
        }
    }
}

/// The share of 95 % intervals that hold the truth, over 400 samples of 100 images.
#[everywhere]
async fn intervals_cover_the_truth_as_often_as_they_say() {
    let (mut wilson, mut paired, mut ratios) = (0, 0, 0);
    for sample in 0..400 {
        let mut rng = Seed(sample).rng(Stream::Evaluation, 0);
        let a: Vec<bool> = (0..100).map(|_| rng.uniform(0.0, 1.0) < 0.3).collect();
        // b agrees with a but for a fifth of the images: 0.3 → 0.3 · 0.8 + 0.7 · 0.2 = 0.38.
        let b: Vec<bool> = a.iter().map(|&a| a != (rng.uniform(0.0, 1.0) < 0.2)).collect();
        let holds = |estimate: semantic_continuity::experiment::Estimate, truth: f64| {
            usize::from(estimate.low <= truth && truth <= estimate.high)
        };
        wilson += holds(proportion(&a), 0.3);
        paired += holds(paired_difference(&a, &b), 0.08);
        if sample < 100 {
            let near = rng.fill(100, |rng| rng.uniform(0.0, 1.0));
            let far = rng.fill(100, |rng| rng.uniform(1.0, 3.0));
            ratios += holds(ratio(&near, &far, &mut rng), 0.25);
        }
    }
    // Binomial standard errors: 1.1 % of 400, 2.2 % of 100.
    assert!((364..=396).contains(&wilson) && (364..=396).contains(&paired), "{wilson} {paired} of 400");
    assert!((87..=100).contains(&ratios), "{ratios} of 100");
}

#[everywhere]
async fn ratios_are_ratios_of_sums_with_a_seeded_interval() {
    let (near, far) = (vec![1.0, 2.0, 3.0, 0.5], vec![2.0, 8.0, 2.0, 1.0]);
    let estimate = ratio(&near, &far, &mut rng());
    assert_close(&[estimate.value], &[0.5], Tolerance::Rounding);
    assert!(estimate.low < 0.5 && 0.5 < estimate.high && estimate.n == 4);
    assert_eq!(estimate, ratio(&near, &far, &mut rng()));
    // Shrinking all outputs changes nothing.
    let shrunk = |values: &[f32]| values.iter().map(|v| v * 0.125).collect::<Vec<f32>>();
    assert_close(&[ratio(&shrunk(&near), &shrunk(&far), &mut rng()).high], &[estimate.high], Tolerance::Rounding);

    let halved: Vec<f32> = near.iter().map(|v| v / 2.0).collect();
    let difference = ratio_difference((&near, &far), (&halved, &far), &mut rng());
    assert_close(&[difference.value], &[-0.25], Tolerance::Rounding);
    // Resampled together, the difference is exactly minus half the ratio in every resample.
    assert_close(&[difference.low, difference.high], &[-estimate.high / 2.0, -estimate.low / 2.0], Tolerance::Rounding);
}

#[everywhere]
async fn a_constant_network_has_ratio_0_not_nan() {
    let zeros = [0.0; 5];
    let estimate = ratio(&zeros, &zeros, &mut rng());
    assert_eq!((estimate.value, estimate.low, estimate.high), (0.0, 0.0, 0.0));
    let nothing = ratio(&[], &[], &mut rng());
    assert_eq!((nothing.value, nothing.n), (0.0, 0));
    assert!(ratio(&[1.0], &[0.0], &mut rng()).value.is_finite());
}
