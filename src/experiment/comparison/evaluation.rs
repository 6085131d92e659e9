//! Two evaluations side by side.

use super::{Both, Row, Winner};
use crate::config::{Regularizer, Settings};
use crate::error::{Code, Error, Result};
use crate::experiment::run::{ATTACKS, ensemble};
use crate::experiment::{Metric, Quantity, Report, paired_difference};
use serde::{Deserialize, Serialize};

/// A comparison with its plain-words summary.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Images.
    pub n: usize,
    /// Seed of the run.
    pub seed: u32,
    /// The table, as far as both reports have its rows.
    pub rows: Vec<Row>,
    /// What the whole table shows, whichever way it came out; nothing while rows are missing.
    pub sentence: Option<String>,
    /// What to keep in mind when reading it.
    pub notes: Vec<String>,
}

/// Compares two reports on the same images and draws; unfinished ones as far as both have come.
///
/// # Errors
/// `InvalidSetting` when the reports are not on the same images.
pub fn compare(plain: &Report, continuity: &Report) -> Result<Comparison> {
    let (a, b) = (&plain.settings, &continuity.settings);
    let same = a.dataset == b.dataset
        && a.seed == b.seed
        && a.attack_epsilon == b.attack_epsilon
        && a.eval_sigma == b.eval_sigma
        && a.perturbation == b.perturbation
        && a.ds == b.ds
        && plain.n == continuity.n
        && plain.is_sound()
        && continuity.is_sound();
    if !same {
        return Err(Error::new(
            Code::InvalidSetting,
            "The two results are not on the same images, draws and radii, so they cannot be compared.",
        ));
    }
    let n = plain.n;
    let both = Both { plain, continuity, images: n, seed: a.seed };
    let rows: Vec<Row> = Report::METRICS.iter().filter_map(|metric| both.row(metric, ())).collect();
    // What a report of an earlier version lacks, no table waits for.
    let known = |metric: &&Metric<Report>| [plain, continuity].iter().all(|report| metric.values(report, ()).is_some());
    let finished = rows.len() == Report::METRICS.iter().filter(known).count();
    let sentence = finished.then(|| sentence(&rows, n, a.attack_epsilon, with(b)));
    let notes = notes(plain, continuity, &rows);
    Ok(Comparison { n, seed: a.seed.0, rows, sentence, notes })
}

/// What the second lane has and the plain one has not.
fn with(settings: &Settings) -> &'static str {
    match settings.regularizer {
        Regularizer::Continuity => "the constraint",
        baseline => baseline.label(),
    }
}

/// What the table shows, in words that are true whichever way it came out.
fn sentence(rows: &[Row], n: usize, epsilon: f32, with: &str) -> String {
    let row = |id: &str| rows.iter().find(|row| row.id == id);
    let find = |id: &str| row(id).expect("a whole table has this row");
    let percent =
        |share: &Quantity| share.value().map_or_else(|| "–".to_owned(), |value| format!("{:.1} %", 100.0 * value));
    let verdict = |row: &Row| match row.verdict {
        Winner::Continuity => format!("clearly better with {with}"),
        Winner::Plain => "clearly better without it".to_owned(),
        Winner::Unclear => "too close to call".to_owned(),
        Winner::Undefined => "undefined".to_owned(),
    };
    let (flip, clean) = (find("flip"), find("clean"));
    let (robust, attacks) = row("robust").map_or_else(|| (find("pgd"), ATTACKS[1].label()), |row| (row, ensemble()));
    format!(
        "On the same {n} test images, the model with {with} withstands {attacks} at ε = {epsilon} on {} of them, \
         the plain one on {} ({}); P changes the answer on {} against {} ({}); clean accuracy is {} against {} ({}).",
        percent(&robust.continuity),
        percent(&robust.plain),
        verdict(robust),
        percent(&flip.continuity),
        percent(&flip.plain),
        verdict(flip),
        percent(&clean.continuity),
        percent(&clean.plain),
        verdict(clean),
    )
}

fn notes(plain: &Report, continuity: &Report, rows: &[Row]) -> Vec<String> {
    let mut notes = Vec::new();
    let find = |id: &str| rows.iter().find(|row| row.id == id);
    let second = match continuity.settings.regularizer {
        Regularizer::Continuity => "continuity",
        baseline => baseline.label(),
    };
    if let Some(clean) = find("clean") {
        let chance = 1.0 / plain.classes.max(2) as f64;
        for (name, accuracy) in [("plain", &clean.plain), (second, &clean.continuity)] {
            if accuracy.estimate().is_some_and(|accuracy| accuracy.low <= chance) {
                notes.push(format!(
                    "The {name} model may do no better than guessing: what it withstands, and how little its outputs \
                     move, then says nothing."
                ));
            }
        }
    }
    notes.extend([
        "One run with one seed: the intervals cover the choice of test images, not the luck of training.".to_owned(),
        match find("robust") {
            Some(_) => {
                "Robust accuracy is the worst of three attacks for each image: an upper bound, not a proof of \
                 robustness. PGD-20 alone, from one random start, is a looser one."
            }
            None => "PGD with one random start is an upper bound on robust accuracy, not a proof of robustness.",
        }
        .to_owned(),
    ]);
    if find("fgsm").is_some() && find("pgd").is_some() {
        for (name, report) in [("plain", plain), (second, continuity)] {
            let gained = paired_difference(&report.outcomes.fgsm, &report.outcomes.pgd).estimate();
            if gained.is_some_and(|gained| gained.low > 0.0) {
                notes.push(format!(
                    "FGSM beats PGD on the {name} model: one step should never beat twenty, so its gradients may be \
                     masked and its PGD number may flatter it."
                ));
            }
        }
    }
    let Settings { alpha, regularizer, .. } = continuity.settings;
    if alpha == 0.0 && !matches!(regularizer, Regularizer::Augmentation | Regularizer::Adversarial) {
        notes.push(format!("α is 0: both lanes trained without {}.", with(&continuity.settings)));
    }
    if plain.settings.attack_epsilon == 0.0 {
        notes.push("ε is 0: the attacks may change nothing, so their rows repeat clean accuracy.".to_owned());
    }
    if plain.settings.eval_sigma == 0.0 {
        notes.push("The noise has σ = 0, so its row repeats clean accuracy.".to_owned());
    }
    if plain.settings.perturbation.is_identity() {
        notes.push("P changes nothing at strength 0, so DS and flip rate are 0 by construction.".to_owned());
    }
    for (name, report) in [("plain", plain), (second, continuity)] {
        if report.outcomes.not_finite > 0 {
            notes.push(format!(
                "{} answers of the {name} model were not finite and count as wrong.",
                report.outcomes.not_finite
            ));
        }
        if report.step < report.settings.steps {
            notes.push(format!(
                "The {name} model was evaluated after {} of {} steps.",
                report.step, report.settings.steps
            ));
        }
    }
    notes
}
