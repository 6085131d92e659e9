//! Numbers with intervals, evaluations, comparisons, the nudge.

mod attribution;
mod checkpoint;
mod compare;
mod evaluation;
mod example;
mod limit;
mod masking;
mod nudge;
mod response;
mod robustness;
mod saved;
#[cfg(not(target_family = "wasm"))]
mod shipped;
mod single;
mod smoothness;
mod transfer;
mod undefined;
mod wall;

use crate::common::{Tolerance, assert_close, defined, everywhere, undefined};
use semantic_continuity::experiment::{
    FEWEST, Gap, Quantity, average, mean, mean_difference, paired_difference, proportion, quotient, ratio,
    ratio_difference, share, share_difference,
};
use semantic_continuity::seed::{Rng, Seed, Stream};

/// Why a ratio of these tests has no value.
const ZERO: &str = "all are alike";

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
    assert_eq!(undefined(&proportion(&[])), ("there are no images", 0));
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
                let difference = paired_difference(&outcomes(hits, n), &outcomes(other, n));
                if n < FEWEST {
                    let (why, images) = undefined(&difference);
                    assert!(why.starts_with(&format!("only {n} image")) && images == n, "{why}");
                    continue;
                }
                let difference = defined(&difference);
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
            ratios += holds(ratio(&near, &far, ZERO, &mut rng), 0.25);
        }
    }
    // Binomial standard errors: 1.1 % of 400, 2.2 % of 100.
    assert!((364..=396).contains(&wilson) && (364..=396).contains(&paired), "{wilson} {paired} of 400");
    assert!((87..=100).contains(&ratios), "{ratios} of 100");
}

#[everywhere]
async fn ratios_are_ratios_of_sums_with_a_seeded_interval() {
    let (near, far) = ([1.0, 2.0, 3.0, 0.5].repeat(2), [2.0, 8.0, 2.0, 1.0].repeat(2));
    let estimate = defined(&ratio(&near, &far, ZERO, &mut rng()));
    assert_close(&[estimate.value], &[0.5], Tolerance::Rounding);
    assert!(estimate.low < 0.5 && 0.5 < estimate.high && estimate.n == 8);
    assert_eq!(Quantity::from(estimate), ratio(&near, &far, ZERO, &mut rng()));
    // Shrinking all outputs changes nothing.
    let shrunk = |values: &[f32]| values.iter().map(|v| v * 0.125).collect::<Vec<f32>>();
    let small = defined(&ratio(&shrunk(&near), &shrunk(&far), ZERO, &mut rng()));
    assert_close(&[small.high], &[estimate.high], Tolerance::Rounding);

    let halved: Vec<f32> = near.iter().map(|v| v / 2.0).collect();
    let difference = defined(&ratio_difference((&near, &far), (&halved, &far), ZERO, &mut rng()));
    assert_close(&[difference.value], &[-0.25], Tolerance::Rounding);
    // Resampled together, the difference is exactly minus half the ratio in every resample.
    let ends = [-estimate.high / 2.0, -estimate.low / 2.0];
    assert_close(&[difference.low, difference.high], &ends, Tolerance::Rounding);
}

/// 0 over something is 0; anything over 0 is no number, whatever it is.
#[everywhere]
async fn a_ratio_over_0_is_undefined() {
    let (zeros, ones) = ([0.0f32; 6], [1.0f32; 6]);
    let still = defined(&ratio(&zeros, &ones, ZERO, &mut rng()));
    assert_eq!((still.value, still.low, still.high, still.n), (0.0, 0.0, 0.0, 6));
    for near in [&zeros, &ones] {
        assert_eq!(undefined(&ratio(near, &zeros, ZERO, &mut rng())), (ZERO, 6));
        assert_eq!(quotient(near, &zeros, ZERO), Err(ZERO.to_owned()));
        // A difference has a value only where both sides have one.
        for (a, b) in [((&ones, &ones), (near, &zeros)), ((near, &zeros), (&ones, &ones))] {
            assert_eq!(undefined(&ratio_difference((a.0, a.1), (b.0, b.1), ZERO, &mut rng())), (ZERO, 6));
        }
    }
    assert_eq!(undefined(&ratio::<f32>(&[], &[], ZERO, &mut rng())), ("there are no images", 0));
    assert_eq!(quotient(&zeros, &ones, ZERO), Ok((0.0, 6)));
    assert_eq!(quotient(&[2.0f32, 4.0], &[1.0, 2.0], ZERO), Ok((2.0, 2)));
}

/// Of 40 images only one has what a ratio is divided by: a third of all resamples miss it, and no interval would say
/// so.
#[everywhere]
async fn a_ratio_that_hangs_on_one_image_has_no_interval() {
    let near = [1.0f32; 40];
    let mut far = [0.0f32; 40];
    far[7] = 2.0;
    assert_eq!(undefined(&ratio(&near, &far, ZERO, &mut rng())), ("too few images have what it is divided by", 40));
    // Of five, one in two hundred misses all: it is left out.
    far[..5].fill(2.0);
    let estimate = defined(&ratio(&near, &far, ZERO, &mut rng()));
    assert!(estimate.low <= estimate.value && estimate.value <= estimate.high && estimate.high.is_finite());
}

/// One value is no interval, and two of one sign are a coin thrown twice: of fewer than six images nothing is better
/// than anything else, however far apart the values are. Six of one sign decide.
#[everywhere]
async fn a_few_images_decide_nothing() {
    let (low, high, ones) = ([0.0f32; 6], [100.0f32; 6], [1.0f32; 6]);
    for n in 1..=6 {
        let (p, c, far) = (&low[..n], &high[..n], &ones[..n]);
        let gap = Gap::LeftOut("none has one");
        let some = vec![Some(true); n];
        let found = [
            mean(c, gap, &mut rng()),
            mean_difference(p, c, gap, &mut rng()),
            ratio(c, far, ZERO, &mut rng()),
            ratio_difference((p, far), (c, far), ZERO, &mut rng()),
            paired_difference(&outcomes(0, n), &outcomes(n, n)),
            share_difference(&vec![Some(false); n], &some, gap),
        ];
        for quantity in found {
            if n == FEWEST {
                assert!(defined(&quantity).low > 0.0, "{quantity:?}");
                continue;
            }
            let images = if n == 1 { "image has" } else { "images have" };
            let why = format!("only {n} {images} a value, and an interval needs 6");
            assert_eq!(undefined(&quantity), (&why[..], n));
        }
    }
    // Ten images of which five have a value.
    let values: Vec<Option<f32>> = (0..10).map(|i| (i < 5).then_some(1.0)).collect();
    let found = mean(&values, Gap::LeftOut("none has one"), &mut rng());
    assert_eq!(undefined(&found), ("only 5 images have a value, and an interval needs 6", 10));
}

/// An image without a value is left out, and n says so; where none has one there is no mean, and no share.
#[everywhere]
async fn means_and_shares_are_of_the_images_that_have_a_value() {
    let gap = Gap::LeftOut("no map says anything");
    let column = |values: [Option<f32>; 4]| values.repeat(4);
    let values = column([Some(1.0), None, Some(3.0), Some(5.0)]);
    let estimate = defined(&mean(&values, gap, &mut rng()));
    assert_eq!((estimate.value, estimate.n, average(&values, gap)), (3.0, 12, Ok((3.0, 12))));
    assert_eq!(defined(&mean(&[1.0f32, 3.0, 5.0].repeat(4), gap, &mut rng())), estimate);
    let nothing = column([None; 4]);
    assert_eq!(undefined(&mean(&nothing, gap, &mut rng())), ("no map says anything", 16));
    assert_eq!(average(&nothing, gap), Err("no map says anything".to_owned()));
    assert_eq!(undefined(&mean::<f32>(&[], gap, &mut rng())), ("there are no images", 0));
    // Paired over the images that both have.
    let other = column([Some(5.0), Some(9.0), None, Some(6.0)]);
    let difference = defined(&mean_difference(&values, &other, gap, &mut rng()));
    assert_eq!((difference.value, difference.n), (2.5, 8));
    // Nothing on one side is another thing than nothing in common.
    let ones = column([Some(1.0); 4]);
    assert_eq!(undefined(&mean_difference(&nothing, &ones, gap, &mut rng())), ("no map says anything", 16));
    let [first, second] = [0, 1].map(|half| (0..16).map(|i| (i % 2 == half).then_some(1.0f32)).collect::<Vec<_>>());
    let apart = mean_difference(&first, &second, gap, &mut rng());
    assert_eq!(undefined(&apart), ("no image has a value on both sides", 16));

    let hits = [Some(true), None, Some(false), Some(true)].repeat(4);
    let found = defined(&share(&hits, gap));
    assert_eq!((found.value, found.n), (2.0 / 3.0, 12));
    assert_eq!(undefined(&share(&[None; 2], gap)), ("no map says anything", 2));
    let difference = defined(&share_difference(&hits, &[Some(true), Some(true), Some(true), None].repeat(4), gap));
    assert_eq!((difference.value, difference.n), (0.5, 8));
    assert_eq!(undefined(&share_difference(&hits, &[None; 16], gap)), ("no map says anything", 16));
}

/// To leave out what overflows would flatter the model that overflows, whichever side it stands on.
#[everywhere]
async fn nothing_is_said_over_images_of_which_one_overflows() {
    let sound = [Some(2.0f32); 8];
    let gap = Gap::LeftOut("no map says anything");
    for lost in [Some(f32::NAN), Some(f32::INFINITY), Some(f32::NEG_INFINITY), None] {
        let mut torn = sound;
        torn[3] = lost;
        // Where a value is never 0/0, none is an overflow; what is not finite always is.
        for gap in [Some(Gap::Overflow), lost.map(|_| gap)].into_iter().flatten() {
            let found = [
                mean(&torn, gap, &mut rng()),
                mean_difference(&torn, &sound, gap, &mut rng()),
                mean_difference(&sound, &torn, gap, &mut rng()),
                ratio(&torn, &sound, ZERO, &mut rng()),
                ratio(&sound, &torn, ZERO, &mut rng()),
                ratio_difference((&sound, &sound), (&torn, &sound), ZERO, &mut rng()),
                ratio_difference((&sound, &torn), (&sound, &sound), ZERO, &mut rng()),
            ];
            for quantity in found {
                assert_eq!(undefined(&quantity), ("it overflows on 1 of 8 pictures", 8), "{lost:?}");
            }
            assert!(average(&torn, gap).is_err() && quotient(&sound, &torn, ZERO).is_err());
        }
    }
    let hits = [Some(true), Some(true), None];
    assert_eq!(undefined(&share(&hits, Gap::Overflow)), ("it overflows on 1 of 3 pictures", 3));
    let all = mean(&[None::<f32>; 8], Gap::Overflow, &mut rng());
    assert_eq!(undefined(&all), ("it overflows on every picture", 8));
    assert_eq!(defined(&mean(&sound, Gap::Overflow, &mut rng())).value, 2.0);
}

/// As an estimate where there is one, so that files of earlier versions read the same.
#[everywhere]
async fn quantities_survive_json() {
    let half = proportion(&[true, false]);
    let text = serde_json::to_string(&half).unwrap();
    assert!(text.starts_with("{\"value\":0.5,\"low\":") && text.ends_with(",\"n\":2}"), "{text}");
    let none = Quantity::Undefined { undefined: "all maps are 0".to_owned(), n: 0 };
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
