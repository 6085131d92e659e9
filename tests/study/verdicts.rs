//! Intervals, tests and verdicts over seeds, on known numbers.

use super::PLAN;
use semantic_continuity::reading::Better;
use semantic_continuity::study::{
    Cell, Claim, ClaimReport, ClaimRow, Job, MadeBy, Number, Plan, Shard, Verdict, holm, mean, p_value, paired,
};
use std::collections::BTreeMap;

/// Student's interval for 1, 2, 3, 4, 5: 3 ± 2.776 · √2.5 / √5. The paired one forgets what is common.
#[test]
fn intervals_over_seeds_are_students() {
    let estimate = mean(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    let half = 2.776_445_105_197_799 * (2.5f64 / 5.0).sqrt();
    assert!((estimate.low - (3.0 - half)).abs() < 1e-9 && (estimate.high - (3.0 + half)).abs() < 1e-9);
    assert_eq!((estimate.value, estimate.n), (3.0, 5));
    let shifted = paired(&[1.0, 20.0, 300.0], &[1.5, 20.5, 301.25]).unwrap();
    assert_eq!((shifted.value, shifted.n), (0.75, 3));
    assert!((shifted.high - (0.75 + 4.302_652_729_911_275 * 0.25)).abs() < 1e-9, "{shifted:?}");
    let same = mean(&[0.25; 3]).unwrap();
    assert_eq!((same.value, same.low, same.high), (0.25, 0.25, 0.25));
    let few = Err("fewer than two seeds have a value".to_owned());
    assert_eq!((mean(&[1.0]), mean(&[])), (few.clone(), few));
    let many = mean(&(0..100).map(f64::from).collect::<Vec<_>>()).unwrap();
    assert!((many.high - many.low) / 2.0 < 1.99 * 29.1 / 10.0);
}

/// `n` values whose mean is `t` of its standard errors.
fn with_t(t: f64, n: usize) -> Vec<f64> {
    // ±1 in turn, and a 0 where one is left over, have mean 0; then they are moved.
    let spread = |i: usize| if n % 2 == 1 && i == n - 1 { 0.0 } else { 1.0 - 2.0 * (i % 2) as f64 };
    let squares: f64 = (0..n).map(|i| spread(i).powi(2)).sum();
    let error = (squares / (n - 1) as f64 / n as f64).sqrt();
    (0..n).map(|i| spread(i) + t * error).collect()
}

/// Two-sided p-values of Student's t: quantiles from the tables of his distribution, and the closed forms for one, two
/// and three degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4).
#[test]
fn p_values_are_students() {
    let p = |t: f64, degrees: usize| {
        let b = with_t(t, degrees + 1);
        p_value(&vec![0.0; b.len()], &b).unwrap()
    };
    for (degrees, t, expected) in [
        (1, 12.706_204_736_432_1, 0.05),
        (2, 4.302_652_729_911_28, 0.05),
        (4, 2.776_445_105_197_79, 0.05),
        (4, 4.604_094_871_415_9, 0.01),
        (4, 8.610_301_581_379_4, 0.001),
        (9, 2.262_157_162_740_99, 0.05),
        (30, 2.042_272_456_301_24, 0.05),
        (100, 2.625_890_521_437_99, 0.01),
    ] {
        assert!((p(t, degrees) - expected).abs() < 1e-9, "t = {t}, ν = {degrees}: {}", p(t, degrees));
        assert!((p(t, degrees) - p(-t, degrees)).abs() < 1e-12);
    }
    for t in [0.1f64, 1.0, 3.0, 50.0] {
        let one = 1.0 - 2.0 / std::f64::consts::PI * t.atan();
        let two = 1.0 - t / (2.0 + t * t).sqrt();
        let angle = (t / 3f64.sqrt()).atan();
        let three = 1.0 - 2.0 / std::f64::consts::PI * (angle + angle.sin() * angle.cos());
        for (degrees, expected) in [(1, one), (2, two), (3, three)] {
            assert!((p(t, degrees) - expected).abs() < 1e-9, "t = {t}, ν = {degrees}");
        }
    }
    // The interval excludes 0 exactly where the p-value is below 0.05.
    for n in [2, 3, 5, 10, 40] {
        for t in (0..200).map(|i| f64::from(i) / 10.0 + 0.05) {
            let b = with_t(t, n);
            let zeros = vec![0.0; n];
            assert_eq!(paired(&zeros, &b).unwrap().low > 0.0, p_value(&zeros, &b).unwrap() < 0.05, "t = {t}, n = {n}");
        }
    }
    let few = Err("fewer than two seeds have a value".to_owned());
    assert_eq!((p_value(&[1.0], &[2.0]), p_value(&[], &[])), (few.clone(), few));
}

/// Seeds that all differ by the same amount, as shares on a grid may, leave no spread to compare it with: that is not
/// certainty. Nor is rounding a spread.
#[test]
fn differences_without_spread_are_undefined() {
    let grid: [(&[f64], &[f64]); 5] = [
        (&[1.0, 2.0], &[2.0, 3.0]),
        (&[0.5, 0.5, 0.5], &[0.6, 0.6, 0.6]),
        (&[0.0; 3], &[0.1; 3]),
        // 0.1, 0.1 and 0.1, as they are subtracted: none of them is the same.
        (&[0.1, 0.2, 0.7], &[0.2, 0.3, 0.8]),
        (&[0.3; 5], &[0.1 + 0.1; 5]),
    ];
    for (a, b) in grid {
        let why = p_value(a, b).unwrap_err();
        assert_eq!(why, "the seeds do not differ, so there is no spread to compare with");
        assert_eq!((paired(a, b), p_value(b, a)), (Err(why.clone()), Err(why)));
    }
    // Nothing is nothing, rounded or not.
    for b in [[0.3, 0.6, 0.9], [0.1 + 0.2, 0.6, 0.9]] {
        let estimate = paired(&[0.3, 0.6, 0.9], &b).unwrap();
        assert_eq!((estimate.value, estimate.low, estimate.high), (0.0, 0.0, 0.0));
        assert_eq!(p_value(&[0.3, 0.6, 0.9], &b), Ok(1.0));
    }
    // One image of a thousand on one seed is a spread.
    assert!(p_value(&[0.5; 3], &[0.6, 0.6, 0.601]).unwrap() > 0.0);
}

/// What is too large to be squared is refused by its value, before it is NaN in a test or null in JSON.
#[test]
fn values_beyond_all_means_are_named() {
    for (value, said) in [(1e308, "1e308"), (-1e308, "-1e308"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        for values in [[value, 0.5, 0.5], [0.5, value, -value]] {
            let why = mean(&values).unwrap_err();
            assert_eq!(why, format!("a value is {said}; allowed is −1e150 to 1e150"));
            assert_eq!((paired(&values, &[0.0; 3]), p_value(&[0.0; 3], &values)), (Err(why.clone()), Err(why)));
        }
    }
    let largest = mean(&[1e150, -1e150]).unwrap();
    assert!(largest.low.is_finite() && largest.high.is_finite());
    assert!(p_value(&[1e150, -1e150, 1e150], &[-1e150, 1e150, 1e150]).unwrap() > 0.5);
    assert!(p_value(&[0.0; 3], &[1e-300, 2e-300, 4e-300]).is_err());
}

/// Holm's own kind of example: each is multiplied by how many are left, none falls below a smaller one, none exceeds 1.
#[test]
fn holm_adjusts_the_rows_of_a_claim_together() {
    let close = |p: &[f64], expected: &[f64]| {
        let adjusted = holm(p);
        assert!(adjusted.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{adjusted:?}");
    };
    close(&[0.01, 0.04, 0.03, 0.005], &[0.03, 0.06, 0.06, 0.02]);
    close(&[0.02, 0.02, 0.02], &[0.06, 0.06, 0.06]);
    close(&[0.9, 0.6, 0.001], &[1.0, 1.0, 0.003]);
    close(&[0.049], &[0.049]);
    close(&[], &[]);
}

/// Cells of the toy plan with known numbers: for each lane a value a seed, which both numbers have, or why it has none.
pub fn cells(plan: &Plan, plain: [f64; 3], continuity: [Option<f64>; 3]) -> Vec<Cell> {
    let none = || Number::Undefined { undefined: "all maps are 0".to_owned(), n: 10 };
    let make = |job: &Job| {
        let seed = job.settings.seed.0 as usize - 1;
        let value = if job.lane == "plain" { Some(plain[seed]) } else { continuity[seed] };
        let number = value.map_or_else(none, |value| Number::Value { value, n: 10 });
        Cell {
            made_by: MadeBy::new("abc"),
            group: job.group.clone(),
            lane: job.lane.clone(),
            holdout: 0,
            base: job.base.clone(),
            settings: job.settings.clone(),
            measures: BTreeMap::new(),
            failed: None,
            numbers: ["pgd", "jacobian"].map(|name| (name.to_owned(), number.clone())).into(),
        }
    };
    plan.jobs(Shard::WHOLE).unwrap().iter().map(make).collect()
}

fn row(better: Better) -> ClaimRow {
    ClaimRow { better, ..Plan::parse(PLAN).unwrap().claims[0].rows[0].clone() }
}

/// Evaluates rows on one difference over three seeds: 0.1 with some spread, nothing but spread, or none.
fn evaluate(rows: &[ClaimRow], continuity: [Option<f64>; 3]) -> ClaimReport {
    let plan = Plan::parse(PLAN).unwrap();
    let claim = Claim { rows: rows.to_vec(), ..plan.claims[0].clone() };
    claim.evaluate(&cells(&plan, [0.1, 0.2, 0.3], continuity)).unwrap()
}

/// The rule, row by row and for the claim.
#[test]
fn verdicts_follow_the_rule() {
    use Better::{Higher, Lower};
    use Verdict::{Contradicted, Inconclusive, Mixed, Supported, Undefined};
    let up = [Some(0.2), Some(0.31), Some(0.4)];
    let nowhere = [Some(0.3), Some(0.2), Some(0.1)];
    let undefined = [Some(0.2), None, Some(0.4)];
    for (better, continuity, expected, of_claim) in [
        (&[Higher][..], up, &[Supported][..], Supported),
        (&[Lower], up, &[Contradicted], Contradicted),
        (&[Higher, Higher], up, &[Supported; 2], Supported),
        (&[Higher, Lower], up, &[Supported, Contradicted], Mixed),
        (&[Lower, Lower], up, &[Contradicted; 2], Contradicted),
        (&[Higher, Lower], nowhere, &[Inconclusive; 2], Inconclusive),
        (&[Higher, Lower], undefined, &[Undefined; 2], Undefined),
    ] {
        let rows: Vec<ClaimRow> = better.iter().map(|&better| row(better)).collect();
        let report = evaluate(&rows, continuity);
        let verdicts: Vec<Verdict> = report.rows.iter().map(|row| row.verdict.unwrap()).collect();
        assert_eq!((&verdicts[..], report.verdict), (expected, of_claim), "{better:?}");
        for row in &report.rows {
            assert_eq!(row.p.is_some(), row.p_holm.is_some());
            assert_eq!(
                row.undefined.as_deref(),
                (row.verdict == Some(Undefined)).then_some("continuity, seed 2: pgd is undefined: all maps are 0")
            );
        }
    }
    // Rows beside others, of the second group, whose lanes have other values: what cannot be told is not as claimed and
    // not the other way round, and what is undefined is nothing.
    let beside = |better: Better, others: [Option<f64>; 3]| {
        let plan = Plan::parse(PLAN).unwrap();
        let mut cells = cells(&plan, [0.1, 0.2, 0.3], up);
        let others = self::cells(&plan, [0.1, 0.2, 0.3], others);
        cells.iter_mut().zip(others).filter(|(cell, _)| cell.group == "digits").for_each(|(cell, other)| *cell = other);
        let rows = vec![row(better), ClaimRow { group: "digits".to_owned(), ..row(better) }];
        Claim { rows, ..plan.claims[0].clone() }.evaluate(&cells).unwrap()
    };
    for (others, verdicts) in [(nowhere, [Mixed, Mixed]), (undefined, [Supported, Contradicted])] {
        assert_eq!([Higher, Lower].map(|better| beside(better, others).verdict), verdicts);
    }
    // An undefined row was to be tested, too: it counts where p is adjusted, as one that came to nothing.
    let [first, second] = &beside(Higher, undefined).rows[..] else { unreachable!() };
    assert_eq!((first.p_holm, second.p, second.p_holm), (first.p.map(|p| 2.0 * p), None, None));
    // A row whose seeds do not differ is undefined, and so is one with a value that has no mean.
    for (others, said) in [
        ([Some(0.2), Some(0.3), Some(0.4)], "the seeds do not differ"),
        ([Some(1e308), Some(-1e308), Some(0.4)], "a value is 1e308"),
    ] {
        let report = beside(Higher, others);
        assert_eq!((report.verdict, report.rows[1].verdict), (Supported, Some(Undefined)));
        assert!(report.rows[1].undefined.as_ref().unwrap().contains(said), "{report:?}");
        assert_eq!((report.rows[1].difference, report.rows[1].p), (None, None));
    }
}

/// One row may be told from chance where it would not be among ten: the interval stays as it is.
#[test]
fn the_verdict_uses_the_adjusted_p_value_and_the_interval_does_not() {
    let close = [Some(0.16), Some(0.31), Some(0.42)];
    let alone = evaluate(&[row(Better::Higher)], close);
    let [first] = &alone.rows[..] else { unreachable!() };
    assert!(first.difference.unwrap().low > 0.0 && first.p == first.p_holm && first.p.unwrap() > 0.005);
    assert_eq!(alone.verdict, Verdict::Supported);
    let many = evaluate(&vec![row(Better::Higher); 10], close);
    for row in &many.rows {
        assert_eq!((row.difference, row.p), (first.difference, first.p));
        assert!((row.p_holm.unwrap() - 10.0 * row.p.unwrap()).abs() < 1e-12);
        assert_eq!(row.verdict, Some(Verdict::Inconclusive));
    }
    assert_eq!(many.verdict, Verdict::Inconclusive);
    // What was looked at besides is counted neither among the rows nor for the claim.
    let plan = Plan::parse(PLAN).unwrap();
    let claim =
        Claim { rows: vec![row(Better::Higher)], explorations: vec![row(Better::Lower); 5], ..plan.claims[0].clone() };
    let report = claim.evaluate(&cells(&plan, [0.1, 0.2, 0.3], close)).unwrap();
    assert_eq!((report.verdict, report.rows[0].p_holm), (Verdict::Supported, first.p));
    assert!(report.explorations.iter().all(|row| (row.verdict, row.p_holm, row.p) == (None, None, first.p)));
}

#[test]
fn baselines_decide_nothing_and_a_threshold_is_taken_from_the_plain_lane() {
    let up = [Some(0.2), Some(0.31), Some(0.4)];
    let baselines = ["plain", "all"].map(str::to_owned).to_vec();
    let report = evaluate(
        &[ClaimRow { baselines: baselines.clone(), references: baselines.clone(), ..row(Better::Higher) }],
        up,
    );
    let (baseline, estimate) = report.rows[0].baseline.clone().unwrap();
    assert_eq!((&baseline[..], estimate.n), ("all", 3));
    assert_eq!(report.rows[0].baseline_difference.unwrap().value, 0.0);
    assert_eq!(report.rows[0].reference_means.iter().map(|(lane, _)| lane.clone()).collect::<Vec<_>>(), baselines);
    // A baseline without a value is no baseline, and a reference without one says so.
    let up_and_none = [Some(0.2), None, Some(0.4)];
    let of_plain = ClaimRow { continuity: "plain".to_owned(), ..row(Better::Higher) };
    let same = ClaimRow { baselines: baselines.clone(), references: baselines.clone(), ..of_plain.clone() };
    let report = evaluate(&[same], up_and_none);
    assert_eq!(report.rows[0].baseline.as_ref().unwrap().0, "plain");
    assert_eq!(report.rows[0].reference_means[1], ("all".to_owned(), None));
    let beyond = [Some(1e308), Some(1e308), Some(1e308)];
    let report = evaluate(&[ClaimRow { baselines, ..of_plain }], beyond);
    assert_eq!(report.rows[0].baseline.as_ref().unwrap().0, "plain");
    // A claim of the plain lane alone.
    let report = evaluate(&[ClaimRow { threshold: Some(0.05), ..row(Better::Higher) }], [None; 3]);
    assert_eq!((report.rows[0].verdict, report.rows[0].continuity_mean), (Some(Verdict::Inconclusive), None));
    assert!((report.rows[0].difference.unwrap().value - 0.15).abs() < 1e-12);
    let report =
        evaluate(&[ClaimRow { threshold: Some(0.01), better: Better::Lower, ..row(Better::Lower) }], [None; 3]);
    assert_eq!(report.rows[0].difference.map(|difference| difference.value > 0.0), Some(true));
}

/// Cells as they were written before a number could be undefined.
#[test]
fn plain_numbers_are_still_read() {
    let read: BTreeMap<String, Number> =
        serde_json::from_str(r#"{ "a": { "value": 0.5, "n": 60 }, "b": { "undefined": "all maps are 0", "n": 60 } }"#)
            .unwrap();
    assert_eq!(read["a"], Number::Value { value: 0.5, n: 60 });
    assert_eq!((read["b"].value(), read["b"].images()), (Err("all maps are 0"), 60));
    let text = serde_json::to_string(&read).unwrap();
    assert_eq!(text, r#"{"a":{"value":0.5,"n":60},"b":{"undefined":"all maps are 0","n":60}}"#);
    for wrong in [r#"{ "n": 60 }"#, r#"{ "value": null, "n": 60 }"#, r#"{ "undefined": "why" }"#] {
        assert!(serde_json::from_str::<Number>(wrong).is_err(), "{wrong}");
    }
}
