//! The table and its sentence, whichever way it came out.

use super::outcomes;
use crate::common::{Tolerance, assert_close, defined, everywhere, refused, settings, undefined};
use semantic_continuity::config::Settings;
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{Comparison, Estimate, Outcomes, Report, Row, Winner, compare};
use semantic_continuity::seed::Seed;

const N: usize = 200;
const ROWS: [&str; 7] = ["clean", "noise", "flip", "normalised-ds", "fgsm", "pgd", "robust"];

/// A report of [`N`] images: so many right before and after, so many flipped, and distances `near`.
fn report(clean: usize, flip: usize, pgd: usize, near: f32, alpha: f32) -> Report {
    let outcomes = Outcomes {
        clean: outcomes(clean, N),
        noise: outcomes(clean, N),
        flip: outcomes(flip, N),
        near: (0..N).map(|i| Some(near * (1.0 + i as f32 / N as f32))).collect(),
        far: vec![Some(2.0); N],
        fgsm: outcomes(pgd, N),
        pgd: outcomes(pgd, N),
        // PGD alone flatters: half of what withstands it falls to the others.
        robust: Some(outcomes(pgd / 2, N)),
        not_finite: 0,
        largest: 0.1,
    };
    Report { settings: Settings { alpha, ..settings() }, step: 100, classes: 10, n: N, outcomes }
}

fn row<'a>(comparison: &'a Comparison, id: &str) -> &'a Row {
    comparison.rows.iter().find(|row| row.id == id).unwrap()
}

fn verdicts(comparison: &Comparison) -> Vec<Winner> {
    comparison.rows.iter().map(|row| row.verdict).collect()
}

#[everywhere]
async fn the_sentence_is_true_both_ways() {
    // The constraint wins on robustness and flips, and loses clean accuracy.
    let (plain, constrained) = (report(180, 60, 20, 0.5, 0.0), report(150, 10, 90, 0.2, 1.0));
    let won = compare(&plain, &constrained).unwrap();
    let (p, c) = (Winner::Plain, Winner::Continuity);
    assert_eq!(verdicts(&won), [p, p, c, c, c, c, c]);
    assert_eq!(
        won.sentence.unwrap(),
        "On the same 200 test images, the model with the constraint withstands PGD-20, APGD-20 and APGD-20 DLR at ε \
         = 0.1 on 22.5 % of them, the plain one on 5.0 % (clearly better with the constraint); P changes the answer \
         on 5.0 % against 30.0 % (clearly better with the constraint); clean accuracy is 75.0 % against 90.0 % \
         (clearly better without it)."
    );
    // The other way round.
    let lost = compare(
        &Report { outcomes: constrained.outcomes.clone(), ..plain.clone() },
        &Report { outcomes: plain.outcomes.clone(), ..constrained },
    )
    .unwrap();
    assert_eq!(verdicts(&lost), [c, c, p, p, p, p, p]);
    assert_eq!(
        lost.sentence.unwrap(),
        "On the same 200 test images, the model with the constraint withstands PGD-20, APGD-20 and APGD-20 DLR at ε \
         = 0.1 on 5.0 % of them, the plain one on 22.5 % (clearly better without it); P changes the answer on 30.0 % \
         against 5.0 % (clearly better without it); clean accuracy is 90.0 % against 75.0 % (clearly better with the \
         constraint)."
    );
}

#[everywhere]
async fn small_differences_are_too_close_to_call() {
    let comparison = compare(&report(150, 20, 40, 0.4, 0.0), &report(151, 19, 41, 0.4, 1.0)).unwrap();
    assert_eq!(verdicts(&comparison), [Winner::Unclear; 7]);
    assert_eq!(comparison.sentence.unwrap().matches("(too close to call)").count(), 3);
    for row in &comparison.rows {
        let Estimate { low, high, .. } = defined(&row.difference);
        assert!(low <= 0.0 && 0.0 <= high);
    }
}

#[everywhere]
async fn a_model_against_itself_is_unclear_with_difference_0() {
    let report = report(150, 20, 40, 0.4, 0.0);
    let comparison = compare(&report, &report).unwrap();
    assert_eq!(verdicts(&comparison), [Winner::Unclear; 7]);
    assert!(comparison.rows.iter().all(|row| row.difference.value() == Some(0.0) && row.plain == row.continuity));
    assert!(comparison.notes.iter().any(|note| note.contains("α is 0")), "{:?}", comparison.notes);
}

#[everywhere]
async fn every_number_carries_n_seed_and_interval() {
    let comparison = compare(&report(150, 20, 40, 0.4, 0.0), &report(150, 10, 60, 0.3, 1.0)).unwrap();
    assert_eq!((comparison.n, comparison.seed), (N, 1));
    let ids: Vec<_> = comparison.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ROWS);
    for row in &comparison.rows {
        let [plain, continuity, difference] = [&row.plain, &row.continuity, &row.difference].map(defined);
        for estimate in [plain, continuity, difference] {
            assert_eq!(estimate.n, N);
            assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
        }
        assert!((difference.value - (continuity.value - plain.value)).abs() < 1e-12, "{}", row.id);
        assert_eq!(
            row.better.id(),
            if matches!(row.id.as_str(), "flip" | "normalised-ds") { "lower" } else { "higher" }
        );
    }
    assert_eq!(row(&comparison, "clean").plain.value(), Some(0.75));
    // Σ near / Σ far = 0.4 · 1.4975 / 2.
    assert!((defined(&row(&comparison, "normalised-ds").plain).value - 0.2995).abs() < 1e-6);
    // A saved comparison reads back.
    let json = serde_json::to_string(&comparison).unwrap();
    let read: Comparison = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&read.sentence, &read.notes, verdicts(&read)),
        (&comparison.sentence, &comparison.notes, verdicts(&comparison))
    );
    for (read, row) in read.rows.iter().zip(&comparison.rows) {
        // The last digit of a number read from JSON may differ.
        let numbers = |e: Estimate| [e.value, e.low, e.high];
        let [read, row] = [&read.difference, &row.difference].map(defined);
        assert_close(&numbers(read), &numbers(row), Tolerance::Rounding);
    }
}

#[everywhere]
async fn different_conditions_are_not_compared() {
    let base = report(150, 20, 40, 0.4, 0.0);
    let with = |settings: Settings| Report { settings, ..base.clone() };
    let fewer = Report { n: N - 1, ..base.clone() };
    let s = &base.settings;
    for other in [
        with(Settings { seed: Seed(2), ..s.clone() }),
        with(Settings { attack_epsilon: 0.2, ..s.clone() }),
        with(Settings { eval_sigma: 0.2, ..s.clone() }),
        with(Settings { perturbation: "shift:1".parse().unwrap(), ..s.clone() }),
        with(Settings { ds: semantic_continuity::continuity::Ds::Kl, ..s.clone() }),
        with(Settings { dataset: semantic_continuity::data::Dataset::Mnist, ..s.clone() }),
        fewer,
    ] {
        refused(compare(&base, &other), Code::InvalidSetting);
        refused(compare(&other, &base), Code::InvalidSetting);
    }
}

/// The page fills its table while both models are still being evaluated.
#[everywhere]
async fn a_row_appears_once_both_reports_have_it_whole() {
    let whole = report(150, 20, 40, 0.4, 0.0);
    let cut = |cut: fn(&mut Outcomes)| {
        let mut report = whole.clone();
        cut(&mut report.outcomes);
        assert!(!report.is_finished());
        report
    };
    assert!(whole.is_finished());
    for (report, missing) in [
        (cut(|o| o.clean.truncate(N - 1)), "clean"),
        (cut(|o| o.noise.truncate(N - 1)), "noise"),
        (cut(|o| o.flip.truncate(N - 1)), "flip"),
        (cut(|o| o.near.truncate(N - 1)), "normalised-ds"),
        (cut(|o| o.far.clear()), "normalised-ds"),
        (cut(|o| o.fgsm.clear()), "fgsm"),
        (cut(|o| o.pgd.truncate(N - 1)), "pgd"),
        (cut(|o| o.robust = Some(Vec::new())), "robust"),
    ] {
        for comparison in [compare(&whole, &report).unwrap(), compare(&report, &whole).unwrap()] {
            let ids: Vec<_> = comparison.rows.iter().map(|row| row.id.as_str()).collect();
            let rest: Vec<_> = ROWS.into_iter().filter(|&id| id != missing).collect();
            assert_eq!((ids, comparison.sentence), (rest, None), "{missing}");
        }
    }
    let nothing = Report { outcomes: Outcomes::default(), ..whole.clone() };
    assert_eq!(compare(&nothing, &whole).unwrap().rows, []);
}

/// Runs that were saved before the worst of three attacks was evaluated: whole without it, and they say what they have.
#[everywhere]
async fn a_report_from_before_robust_accuracy_opens_with_the_rows_it_has() {
    let old = |report: Report| -> Report {
        let mut json = serde_json::to_value(report).unwrap();
        json["outcomes"].as_object_mut().unwrap().remove("robust").unwrap();
        serde_json::from_value(json).unwrap()
    };
    let (plain, constrained) = (old(report(180, 60, 20, 0.5, 0.0)), old(report(150, 10, 90, 0.2, 1.0)));
    assert!(plain.is_finished() && plain.outcomes.robust.is_none());
    // A lane that was evaluated later has one row more, which stands beside nothing.
    for newer in [constrained.clone(), report(150, 10, 90, 0.2, 1.0)] {
        let comparison = compare(&plain, &newer).unwrap();
        let ids: Vec<_> = comparison.rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ROWS[..6]);
        let sentence = comparison.sentence.unwrap();
        assert!(
            sentence.contains("withstands PGD-20 at ε = 0.1 on 45.0 % of them, the plain one on 10.0 %"),
            "{sentence}"
        );
        assert!(comparison.notes.iter().any(|note| note.starts_with("PGD with one random start")));
    }
}

/// Reports come back from files and pages.
#[everywhere]
async fn a_report_with_more_than_its_images_is_refused() {
    let base = report(150, 20, 40, 0.4, 0.0);
    let mut longer = base.clone();
    longer.outcomes.fgsm.push(true);
    let empty = Report { n: 0, outcomes: Outcomes::default(), ..base.clone() };
    let mut more = base.clone();
    more.outcomes.robust = Some(outcomes(1, N + 1));
    for (a, b) in [(&base, &longer), (&longer, &base), (&empty, &empty), (&more, &base)] {
        refused(compare(a, b), Code::InvalidSetting);
    }
}

/// Pictures that are all alike have outputs that are all alike: nothing to divide a distance by, however small or large
/// it is. Neither model wins, whichever of them it is.
#[everywhere]
async fn a_normalised_ds_over_0_is_undefined() {
    let sound = report(150, 20, 40, 0.4, 0.0);
    let alike = |near: f32| {
        let outcomes = Outcomes { near: vec![Some(near); N], far: vec![Some(0.0); N], ..sound.outcomes.clone() };
        Report { outcomes, ..sound.clone() }
    };
    let (still, moved) = (alike(0.0), alike(1.5));
    for (a, b) in [(&still, &moved), (&moved, &still), (&sound, &moved), (&still, &sound), (&still, &still)] {
        let comparison = compare(a, b).unwrap();
        let ds = row(&comparison, "normalised-ds");
        assert_eq!(ds.verdict, Winner::Undefined);
        assert_eq!(undefined(&ds.difference), ("the outputs for different images do not differ", N));
        for (report, quantity) in [(a, &ds.plain), (b, &ds.continuity)] {
            assert_eq!(quantity.estimate().is_some(), report.outcomes.far[0] > Some(0.0));
        }
        assert!(comparison.sentence.is_some(), "the other rows say what they say");
    }
}

/// A distance that overflowed is not left out, which would flatter the model that it is of; the file reads back.
#[everywhere]
async fn over_distances_that_overflow_there_is_no_ratio() {
    let sound = report(150, 20, 40, 0.4, 0.0);
    let mut torn = sound.clone();
    torn.outcomes.near[3] = None;
    torn.outcomes.far[5] = Some(f32::INFINITY);
    let text = serde_json::to_string(&torn).unwrap();
    let torn: Report = serde_json::from_str(&text).unwrap();
    let mut none = sound.clone();
    none.outcomes.near.fill(None);
    for (report, why) in [(&torn, "it overflows on 2 of 200 pictures"), (&none, "it overflows on every picture")] {
        for comparison in [compare(&sound, report).unwrap(), compare(report, &sound).unwrap()] {
            let ds = row(&comparison, "normalised-ds");
            assert_eq!((undefined(&ds.difference), ds.verdict), ((why, N), Winner::Undefined));
            assert!(ds.plain.estimate().xor(ds.continuity.estimate()).is_some(), "one of them has a ratio: {ds:?}");
        }
    }
}

/// Own pictures may be two: whatever came out on fewer than six, neither model won.
#[everywhere]
async fn a_few_pictures_have_no_winner() {
    for n in 1..=6 {
        let of = |hits: usize, near: f32| {
            let outcomes = Outcomes {
                clean: outcomes(hits, n),
                noise: outcomes(hits, n),
                flip: outcomes(n - hits, n),
                near: vec![Some(near); n],
                far: vec![Some(2.0); n],
                fgsm: outcomes(hits, n),
                pgd: outcomes(hits, n),
                robust: Some(outcomes(hits, n)),
                ..Outcomes::default()
            };
            Report { settings: settings(), step: 100, classes: 10, n, outcomes }
        };
        let comparison = compare(&of(0, 5.0), &of(n, 0.1)).unwrap();
        let expected = if n < 6 { Winner::Undefined } else { Winner::Continuity };
        assert_eq!(verdicts(&comparison), [expected; 7], "{n} pictures");
        for row in comparison.rows.iter().filter(|_| n < 6) {
            let (why, images) = undefined(&row.difference);
            assert!(why.starts_with(&format!("only {n} image")) && images == n, "{n} pictures: {why}");
        }
    }
}

#[everywhere]
async fn notes_say_what_to_keep_in_mind() {
    let plain = report(150, 20, 40, 0.4, 0.0);
    let noted = |plain: &Report, constrained: &Report, word: &str| {
        compare(plain, constrained).unwrap().notes.iter().any(|note| note.contains(word))
    };
    let sound = report(150, 20, 40, 0.4, 1.0);
    for word in ["guessing", "masked", "not finite", "was evaluated after", "by construction", "α is 0"] {
        assert!(!noted(&plain, &sound, word), "{word}");
    }
    assert!(noted(&plain, &sound, "one seed") || noted(&plain, &sound, "One run"));

    let mut masked = sound.clone();
    masked.outcomes.pgd = outcomes(140, N);
    masked.outcomes.fgsm = outcomes(40, N);
    assert!(noted(&plain, &masked, "FGSM beats PGD on the continuity model"));
    let mut broken = sound.clone();
    broken.outcomes.not_finite = 3;
    assert!(noted(&plain, &broken, "3 answers of the continuity model"));
    let guessing = Report { outcomes: Outcomes { clean: outcomes(24, N), ..sound.outcomes.clone() }, ..sound.clone() };
    assert!(noted(&plain, &guessing, "The continuity model may do no better than guessing"));
    let early = Report { step: 40, ..sound.clone() };
    assert!(noted(&plain, &early, "The continuity model was evaluated after 40 of 100 steps"));
    let identity = |report: &Report| Report {
        settings: Settings { perturbation: "gaussian:0".parse().unwrap(), ..report.settings.clone() },
        ..report.clone()
    };
    assert!(noted(&identity(&plain), &identity(&sound), "by construction"));
}
