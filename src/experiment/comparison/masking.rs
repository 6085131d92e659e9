//! Is a model robust, or are its gradients of no use to the attacker?
//!
//! Each check is one that Carlini et al. (2019, "On evaluating adversarial robustness") and Athalye et al. (2018,
//! "Obfuscated gradients") ask for; tolerances are ours. Fail means: do not believe the robust accuracy.

use crate::attack::{Aim, Attack, Budget, Loss, Norm};
use crate::error::{Code, Error, Result};
use crate::experiment::{
    Quantity, RobustnessPlan, RobustnessReport, Source, Trial, TrialReport, paired_difference, proportion,
};
use crate::seed::Seed;
use serde::{Deserialize, Serialize};

/// How an answer stands.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// As it should be.
    #[serde(rename = "green")]
    Pass,
    /// Not as it should be, but within what so few images can tell.
    #[serde(rename = "yellow")]
    Inconclusive,
    /// Not as it should be.
    #[serde(rename = "red")]
    Fail,
}

/// One check with its evidence.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Stable identifier.
    pub id: String,
    /// What an honest model shows.
    pub claim: String,
    /// Whether it does.
    #[serde(rename = "light")]
    pub status: Status,
    /// The numbers.
    pub evidence: String,
    /// How far it is off, as a share of the images; at most `tolerance` passes.
    pub excess: Quantity,
    /// What is tolerated.
    pub tolerance: f64,
}

/// Fewer correctly classified images than this say nothing.
const ENOUGH: usize = 20;
/// For what must not happen at all but for chance.
const STRICT: f64 = 0.02;
/// For what should change little.
const LOOSE: f64 = 0.05;

// Places of the trials in the plan.
const NOISE: usize = 0;
const SIGN: usize = 1;
const FGSM: usize = 2;
const PGD: usize = 3;
const LONGER: usize = 4;
const SCHEDULED: usize = 5;
const RESTARTED: usize = 6;
const MARGIN: usize = 7;
const DLR: usize = 8;
const RAYS: usize = 9;
const LARGE: usize = 10;
const FIXED: usize = 11;

/// The trials that [`checks`] needs, at the radius of `budget`: controls, FGSM, PGD with `steps` steps, twice as many,
/// APGD, five restarts, other losses, black boxes with `queries` queries, a radius that holds every image of `values`
/// values, and examples made on the `sources`.
pub fn masking_plan(
    budget: Budget,
    steps: usize,
    queries: usize,
    values: usize,
    sources: &[Source],
    images: usize,
    seed: Seed,
) -> RobustnessPlan {
    let pgd = |steps, loss| Attack::Pgd { steps, loss, aim: Aim::Untargeted };
    let plain = Trial::new(Attack::pgd(steps), budget);
    let mut trials = vec![Trial::new(Attack::FGSM, budget); FIXED];
    trials[NOISE].attack = Attack::Noise;
    trials[SIGN].attack = Attack::RandomSign;
    trials[PGD] = plain;
    trials[LONGER].attack = Attack::pgd(2 * steps);
    trials[SCHEDULED].attack = Attack::apgd(steps);
    trials[RESTARTED] = Trial { restarts: 5, ..plain };
    trials[MARGIN].attack = pgd(steps, Loss::Margin);
    trials[DLR].attack = pgd(steps, Loss::Dlr);
    trials[RAYS].attack = Attack::Rays { queries };
    trials[LARGE] = Trial { budget: Budget::everything(budget.norm, values), ..plain };
    trials.extend(sources.iter().map(|&source| Trial { source, ..plain }));
    // Square works in ℓ∞ alone.
    if budget.norm == Norm::Linf {
        trials.push(Trial::new(Attack::Square { queries }, budget));
    }
    RobustnessPlan { trials, images, seed, cumulative: false }
}

/// The checks on the report of a finished [`masking_plan`].
///
/// # Errors
/// `InvalidSetting` for a report of something else or an unfinished one.
pub fn checks(report: &RobustnessReport) -> Result<Vec<Check>> {
    let n = report.images.len();
    let trials = &report.trials;
    let ours = n > 0
        && trials.len() >= FIXED
        && trials.len() == report.planned
        && report.clean.len() == n
        && trials.iter().all(|trial| trial.robust.len() == n)
        && matches!(trials[LARGE].trial.attack, Attack::Pgd { .. })
        && trials[NOISE].trial.attack == Attack::Noise;
    if !ours {
        return Err(Error::new(Code::InvalidSetting, "These results are not those of the masking checks."));
    }
    let few = report.clean.iter().filter(|&&right| right).count() < ENOUGH;
    let share = |trial: &TrialReport| {
        proportion(&trial.robust).value().map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", 100.0 * share))
    };
    let status = |excess: &Quantity, tolerance: f64| match excess.estimate().filter(|_| !few) {
        Some(excess) if excess.value <= tolerance => Status::Pass,
        Some(excess) if excess.low > tolerance => Status::Fail,
        _ => Status::Inconclusive,
    };
    // `stronger` is to leave at most `tolerance` more than `weaker`.
    let order = |id: &str, claim: &str, stronger: &TrialReport, weaker: &TrialReport, tolerance: f64| {
        let excess = paired_difference(&weaker.robust, &stronger.robust);
        Check {
            id: id.into(),
            claim: claim.into(),
            status: status(&excess, tolerance),
            evidence: format!(
                "{} leaves {}, {} leaves {}.",
                stronger.trial.label(),
                share(stronger),
                weaker.trial.label(),
                share(weaker)
            ),
            excess,
            tolerance,
        }
    };
    let pgd = &trials[PGD];
    let mut checks = vec![
        order("iterative", "Many steps are at least as strong as one.", pgd, &trials[FGSM], STRICT),
        order("steps", "Twice the steps change little.", pgd, &trials[LONGER], LOOSE),
        order("schedule", "A better schedule of steps changes little.", pgd, &trials[SCHEDULED], LOOSE),
        order("restarts", "Restarts change little.", pgd, &trials[RESTARTED], LOOSE),
        order("noise", "Random noise is weaker than gradients.", pgd, &trials[NOISE], STRICT),
        order("sign", "Random signs are weaker than gradients.", pgd, &trials[SIGN], STRICT),
        order("margin", "The margin loss is not much stronger than cross-entropy.", pgd, &trials[MARGIN], LOOSE),
        order("dlr", "DLR is not much stronger than cross-entropy.", pgd, &trials[DLR], LOOSE),
        order(
            "hard-label",
            "An attack that sees only the predicted class is weaker than gradients.",
            pgd,
            &trials[RAYS],
            STRICT,
        ),
    ];
    for trial in &trials[FIXED..] {
        let (id, claim) = match trial.trial.source {
            Source::Own => ("black-box", "An attack without gradients is weaker than one with them.".to_owned()),
            source => {
                let id = if source == Source::Other { "transfer" } else { "transfer-base" };
                (id, format!("Examples made on {} are weaker than its own.", source.label()))
            }
        };
        checks.push(order(id, &claim, pgd, trial, STRICT));
    }
    let large = &trials[LARGE];
    let excess = proportion(&large.robust);
    checks.push(Check {
        id: "large-radius".into(),
        claim: "With a ball that holds every image, nothing withstands.".into(),
        status: status(&excess, STRICT),
        evidence: format!("At ε = {} {} leaves {}.", large.trial.budget.epsilon, large.trial.label(), share(large)),
        excess,
        tolerance: STRICT,
    });
    if few {
        for check in &mut checks {
            check.evidence.push_str(&format!(
                " Fewer than {ENOUGH} of the {n} images are classified correctly: too few for this to say anything."
            ));
        }
    }
    Ok(checks)
}
