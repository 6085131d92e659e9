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
mod undefined;

use crate::common::{Tolerance, assert_close, defined, everywhere, undefined};
use semantic_continuity::experiment::{
    Quantity, average, mean, mean_difference, paired_difference, proportion, quotient, ratio, ratio_difference,
};
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
        let estimate = defined(&proportion(&outcomes(hits, n)));
        assert_close(&[estimate.low, estimate.high], &[low, high], Tolerance::Printed);
        assert_eq!((estimate.value, estimate.n), (hits as f64 / n as f64, n));
        // The mirror image.
        let mirror = defined(&proportion(&outcomes(n - hits, n)));
        assert_close(&[1.0 - mirror.high, 1.0 - mirror.low], &[low, high], Tolerance::Printed);
    }
    assert_eq!(undefined(&proportion::<bool>(&[])), ("there are no images", 0));
}

/// Approval of a prime minister, asked twice (Agresti, Categorical Data Analysis, table 10.1): 794 and 570 keep their
/// opinion, 150 lose it, 86 win it; the Wald interval there is (−0.059, −0.021). Agresti and Min add ½ to each cell.
#[everywhere]
async fn the_paired_interval_is_that_of_agresti_and_min() {
    let cells = [(true, true, 794), (true, false, 150), (false, true, 86), (false, false, 570)];
    let pairs = cells.iter().flat_map(|&(a, b, count)| std::iter::repeat_n((a, b), count));
    let (before, after): (Vec<bool>, Vec<bool>) = pairs.unzip();
    let difference = defined(&paired_difference(&before, &after));
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
            let estimate = defined(&proportion(&outcomes(hits, n)));
            assert!(0.0 <= estimate.low && estimate.low <= estimate.value);
            assert!(estimate.value <= estimate.high && estimate.high <= 1.0);
            assert!(estimate.low < estimate.high, "{hits} of {n} is certain");
            for other in 0..=n {
                let difference = defined(&paired_difference(&outcomes(hits, n), &outcomes(other, n)));
                assert!(-1.0 <= difference.low && difference.high <= 1.0 && difference.low < difference.high);
                assert!(
                    difference.low <= difference.value && difference.value <= difference.high,
                    "{hits} {other} {n}"
                );
                let back = defined(&paired_difference(&outcomes(other, n), &outcomes(hits, n)));
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
        let holds = |quantity: Quantity, truth: f64| {
            let estimate = defined(&quantity);
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
    let estimate = defined(&ratio(&near, &far, &mut rng()));
    assert_close(&[estimate.value], &[0.5], Tolerance::Rounding);
    assert!(estimate.low < 0.5 && 0.5 < estimate.high && estimate.n == 4);
    assert_eq!(Quantity::from(estimate), ratio(&near, &far, &mut rng()));
    // Shrinking all outputs changes nothing.
    let shrunk = |values: &[f32]| values.iter().map(|v| v * 0.125).collect::<Vec<f32>>();
    let small = defined(&ratio(&shrunk(&near), &shrunk(&far), &mut rng()));
    assert_close(&[small.high], &[estimate.high], Tolerance::Rounding);

    let halved: Vec<f32> = near.iter().map(|v| v / 2.0).collect();
    let difference = defined(&ratio_difference((&near, &far), (&halved, &far), &mut rng()));
    assert_close(&[difference.value], &[-0.25], Tolerance::Rounding);
    // Resampled together, the difference is exactly minus half the ratio in every resample.
    assert_close(&[difference.low, difference.high], &[-estimate.high / 2.0, -estimate.low / 2.0], Tolerance::Rounding);
}

/// 0 over something is 0; anything over 0 is no number, whatever it is.
#[everywhere]
async fn a_ratio_over_0_is_undefined() {
    let (zeros, ones) = ([0.0f32; 5], [1.0f32; 5]);
    let still = defined(&ratio(&zeros, &ones, &mut rng()));
    assert_eq!((still.value, still.low, still.high, still.n), (0.0, 0.0, 0.0, 5));
    for near in [&zeros, &ones] {
        assert_eq!(undefined(&ratio(near, &zeros, &mut rng())), ("what it is divided by is 0", 5));
        assert_eq!(quotient(near, &zeros), None);
        // A difference has a value only where both sides have one.
        undefined(&ratio_difference((&ones, &ones), (near, &zeros), &mut rng()));
        undefined(&ratio_difference((near, &zeros), (&ones, &ones), &mut rng()));
    }
    assert_eq!(undefined(&ratio::<f32>(&[], &[], &mut rng())), ("there are no images", 0));
    assert_eq!((quotient(&zeros, &ones), quotient(&[2.0f32, 4.0], &[1.0, 2.0])), (Some((0.0, 5)), Some((2.0, 2))));
    assert_eq!(undefined(&ratio(&ones, &zeros, &mut rng()).because("all are alike")), ("all are alike", 5));
    assert_eq!(ratio(&zeros, &ones, &mut rng()).because("all are alike"), still.into());
}

/// Of 40 images only one has what a ratio is divided by: a third of all resamples miss it, and no interval would say so.
#[everywhere]
async fn a_ratio_that_hangs_on_one_image_has_no_interval() {
    let near = [1.0f32; 40];
    let mut far = [0.0f32; 40];
    far[7] = 2.0;
    assert_eq!(undefined(&ratio(&near, &far, &mut rng())), ("too few images have what it is divided by", 40));
    // Of five, one in two hundred misses all: it is left out.
    far[..5].fill(2.0);
    let estimate = defined(&ratio(&near, &far, &mut rng()));
    assert!(estimate.low <= estimate.value && estimate.value <= estimate.high && estimate.high.is_finite());
}

/// An image without a value is left out, and n says so; where none has one there is no mean, and no share.
#[everywhere]
async fn means_and_shares_are_of_the_images_that_have_a_value() {
    let values = [Some(1.0), None, Some(3.0), Some(f32::NAN), Some(f32::INFINITY)];
    let estimate = defined(&mean(&values, &mut rng()));
    assert_eq!((estimate.value, estimate.n, average(&values)), (2.0, 2, Some((2.0, 2))));
    assert_eq!(defined(&mean(&[1.0f32, 3.0], &mut rng())), estimate);
    let nothing: [Option<f32>; 3] = [None; 3];
    assert_eq!((undefined(&mean(&nothing, &mut rng())), average(&nothing)), (("no image has a value", 3), None));
    assert_eq!(undefined(&mean::<f32>(&[], &mut rng())), ("there are no images", 0));
    // Paired over the images that both have.
    let other = [Some(5.0), Some(9.0), None, Some(1.0), Some(1.0)];
    let difference = defined(&mean_difference(&values, &other, &mut rng()));
    assert_eq!((difference.value, difference.n), (4.0, 1));
    undefined(&mean_difference(&nothing, &[Some(1.0); 3], &mut rng()));

    let hits = [Some(true), None, Some(false), Some(true)];
    let share = defined(&proportion(&hits));
    assert_eq!((share.value, share.n), (2.0 / 3.0, 3));
    assert_eq!(undefined(&proportion(&[None::<bool>; 2])), ("no image has a value", 2));
    let difference = defined(&paired_difference(&hits, &[Some(true), Some(true), Some(true), None]));
    assert_eq!((difference.value, difference.n), (0.5, 2));
    undefined(&paired_difference(&hits, &[None; 4]));
}

/// As an estimate where there is one, so that files of earlier versions read the same.
#[everywhere]
async fn quantities_survive_json() {
    let half = proportion(&[true, false]);
    let text = serde_json::to_string(&half).unwrap();
    assert!(text.starts_with("{\"value\":0.5,\"low\":") && text.ends_with(",\"n\":2}"), "{text}");
    let none = proportion::<bool>(&[]).because("all maps are 0");
    assert_eq!(serde_json::to_string(&none).unwrap(), "{\"undefined\":\"all maps are 0\",\"n\":0}");
    assert_eq!((half.n(), half.value(), none.n(), none.value()), (2, Some(0.5), 0, None));
    assert_eq!(serde_json::from_str::<Quantity>("{\"undefined\":\"all maps are 0\",\"n\":0}").unwrap(), none);
    // The last digit of a number read from JSON may differ.
    let (half, back) = (defined(&half), defined(&serde_json::from_str(&text).unwrap()));
    assert_close(&[back.value, back.low, back.high], &[half.value, half.low, half.high], Tolerance::Rounding);
    for broken in ["{\"value\":null,\"low\":0,\"high\":1,\"n\":2}", "{\"n\":2}", "null"] {
        assert!(serde_json::from_str::<Quantity>(broken).is_err(), "{broken}");
    }
}
