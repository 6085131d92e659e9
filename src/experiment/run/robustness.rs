//! Many attacks on many images: what withstands which.
//!
//! A [`Robustness`] run is a list of [`Trial`]s on the same images. It is pulled in small units and reports whole
//! trials, so that a run that is cancelled keeps what is done.

use super::Run;
use super::checkpoint::{Columns, Resumable};
use crate::attack::{Attack, Budget, evaluate, streams};
use crate::choice::choices;
use crate::data::{Batch, Data};
use crate::error::{Code, Error, Result};
use crate::model::Differentiable;
use crate::seed::{Seed, Stream};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::rc::Rc;

/// Most images in one unit of work.
const CHUNK: usize = 50;
/// Most forward passes in one unit of work, counted image by image: some seconds on a slow machine, so that a run can
/// be cancelled and is seen to live.
const PASSES: usize = 6000;
/// Most restarts of a trial.
const MAX_RESTARTS: usize = 100;
/// Most forward passes of a run, counted image by image: what a browser can count, and months of work.
const MOST: u64 = u32::MAX as u64;

choices! {
    /// On which model the examples are made.
    #[derive(Default)]
    pub enum Source {
        #[default]
        Own => "own", "its own", "The model under attack itself.";
        Other => "other", "the other model", "The other model of the pair: the examples must transfer.";
        Base => "base", "the common start", "The model that both were trained from: the examples must transfer.";
    }
}

/// One attack with everything that decides its outcome.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The attack.
    pub attack: Attack,
    /// How far it may go.
    pub budget: Budget,
    /// Tries with fresh random draws; an image withstands when it withstands all.
    #[serde(default = "once")]
    pub restarts: usize,
    /// Where the examples are made.
    #[serde(default)]
    pub source: Source,
}

fn once() -> usize {
    1
}

impl Trial {
    /// One try on the model itself.
    pub fn new(attack: Attack, budget: Budget) -> Self {
        Self { attack, budget, restarts: 1, source: Source::Own }
    }

    /// Forward passes for each image that withstands.
    fn passes(&self) -> usize {
        self.attack.passes() * self.restarts
    }

    /// The name in tables.
    pub fn label(&self) -> String {
        let mut label = self.attack.label();
        if self.restarts > 1 {
            label += &format!(", {} restarts", self.restarts);
        }
        match self.source {
            Source::Own => label,
            source => format!("{label}, made on {}", source.label()),
        }
    }
}

/// What is asked for.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RobustnessPlan {
    /// The attacks, in order.
    pub trials: Vec<Trial>,
    /// Number of test images, chosen by the seed.
    pub images: usize,
    /// Chooses the images and everything random.
    pub seed: Seed,
    /// Whether an image that fell counts as fallen in all later trials, as along a growing radius; else every trial
    /// meets all images that are classified correctly.
    #[serde(default)]
    pub cumulative: bool,
}

/// What one trial left.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialReport {
    /// The trial.
    pub trial: Trial,
    /// Whether each image is classified correctly, before and after.
    pub robust: Vec<bool>,
    /// Answers that were not finite.
    pub not_finite: usize,
    /// Longest change used, in the norm of the budget.
    pub largest: f32,
}

impl TrialReport {
    /// Of no image yet.
    fn new(trial: Trial) -> Self {
        Self { trial, robust: Vec::new(), not_finite: 0, largest: 0.0 }
    }
}

/// The trials that are finished, on the same images in the same order.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RobustnessReport {
    /// Seed of the run.
    pub seed: Seed,
    /// The test images, by index.
    pub images: Vec<usize>,
    /// Whether each is classified correctly as it is.
    pub clean: Vec<bool>,
    /// Number of trials in the plan.
    pub planned: usize,
    /// What the finished trials left, in the order of the plan.
    pub trials: Vec<TrialReport>,
}

impl RobustnessReport {
    /// Whether each image withstood everything: the worst case of each image, not the worst attack. Of images that not
    /// every trial has evaluated, as in a damaged file, nothing is said: the list ends before the first of them.
    pub fn worst_case(&self) -> Vec<bool> {
        let evaluated = self.trials.iter().map(|trial| trial.robust.len()).fold(self.clean.len(), usize::min);
        let stands = |i: usize| self.clean[i] && self.trials.iter().all(|trial| trial.robust[i]);
        (0..evaluated).map(stands).collect()
    }
}

/// A part of a run: some images and one trial, or no attack at all.
struct Unit {
    trial: Option<usize>,
    /// Places in the list of images.
    range: Range<usize>,
    /// Forward passes, at most.
    cost: usize,
}

/// A run in progress. One unit is some images and one trial.
pub struct Robustness<C> {
    data: Rc<Data>,
    plan: RobustnessPlan,
    classifier: C,
    sources: Vec<(Source, C)>,
    classes: usize,
    device: Device,
    report: RobustnessReport,
    current: Option<TrialReport>,
    units: Vec<Unit>,
    next: usize,
}

impl<C: Differentiable> Robustness<C> {
    /// Attacks `classifier`, of `classes` classes, on `device`; `sources` are the models that examples may be
    /// made on besides.
    ///
    /// # Errors
    /// `NotReady` without test images or without a source that a trial names; `InvalidSetting` for an impossible trial.
    pub fn new(
        data: Rc<Data>,
        plan: RobustnessPlan,
        classifier: C,
        sources: Vec<(Source, C)>,
        classes: usize,
        device: Device,
    ) -> Result<Self> {
        if data.test.is_empty() {
            return Err(Error::new(Code::NotReady, "The test images are not loaded."));
        }
        let values = data.test.channels * data.test.height * data.test.width;
        for trial in &plan.trials {
            trial.budget.validate(values)?;
            trial.attack.validate(trial.budget, classes)?;
            if !(1..=MAX_RESTARTS).contains(&trial.restarts) {
                return Err(Error::setting("The number of restarts", trial.restarts, format!("1 to {MAX_RESTARTS}")));
            }
            if trial.source != Source::Own && sources.iter().all(|(source, _)| *source != trial.source) {
                return Err(Error::new(
                    Code::NotReady,
                    format!("The examples are to be made on {}, which is not loaded.", trial.source.label()),
                ));
            }
        }
        let mut images = plan.seed.rng(Stream::Evaluation, 0).permutation(data.test.len());
        images.truncate(plan.images.max(1));
        let n = images.len();
        let passes = plan.trials.iter().map(|trial| trial.passes() as u64).fold(1, u64::saturating_add);
        let cost = passes.saturating_mul(n as u64);
        if cost > MOST {
            return Err(Error::setting("The number of forward passes", cost, format!("up to {MOST}")));
        }
        let parts = |trial: Option<usize>, passes: usize| {
            let size = (PASSES / passes).clamp(1, CHUNK);
            (0..n).step_by(size).map(move |start| {
                let range = start..(start + size).min(n);
                Unit { trial, cost: range.len() * passes, range }
            })
        };
        let attacks = plan.trials.iter().enumerate().flat_map(|(i, trial)| parts(Some(i), trial.passes()));
        let units = parts(None, 1).chain(attacks).collect();
        let report = RobustnessReport {
            seed: plan.seed,
            images,
            clean: Vec::new(),
            planned: plan.trials.len(),
            trials: Vec::new(),
        };
        Ok(Self { data, plan, classifier, sources, classes, device, report, current: None, units, next: 0 })
    }

    async fn attack(&mut self, number: usize, range: Range<usize>) -> Result<()> {
        let trial = self.plan.trials[number];
        let before =
            self.report.trials.last().filter(|_| self.plan.cumulative).map_or(&self.report.clean, |last| &last.robust);
        let mut standing: Vec<usize> = range.clone().filter(|&i| before[i]).collect();
        let (mut not_finite, mut largest) = (0, 0f32);
        for restart in 0..trial.restarts {
            if standing.is_empty() {
                break;
            }
            let images: Vec<usize> = standing.iter().map(|&i| self.report.images[i]).collect();
            let batch = self.batch(&images);
            let mut rngs = streams(self.plan.seed, restart as u32, &images);
            let source = self.sources.iter().find(|(source, _)| *source == trial.source);
            let source = source.map_or(&self.classifier, |(_, classifier)| classifier);
            let candidates = trial.attack.perturb(source, &batch, trial.budget, &mut rngs).await?;
            let evaluated = evaluate(&self.classifier, &batch, candidates, trial.budget).await?;
            not_finite += evaluated.not_finite;
            largest = largest.max(evaluated.largest);
            let mut correct = evaluated.correct.into_iter();
            standing.retain(|_| correct.next() == Some(true));
        }
        let report = self.current.get_or_insert_with(|| TrialReport::new(trial));
        report.robust.extend(range.map(|i| standing.contains(&i)));
        report.not_finite += not_finite;
        report.largest = report.largest.max(largest);
        Ok(())
    }

    fn batch(&self, images: &[usize]) -> Batch {
        self.data.test.batch(images, self.classes, &self.device)
    }
}

impl<C: Differentiable> Run for Robustness<C> {
    type Report = RobustnessReport;

    /// True when that finished a trial, or the clean answers that come first.
    async fn advance(&mut self) -> Result<bool> {
        let Some(unit) = self.units.get(self.next) else { return Ok(false) };
        let (trial, range) = (unit.trial, unit.range.clone());
        let whole = range.end == self.report.images.len();
        match trial {
            None => {
                let batch = self.batch(&self.report.images[range]);
                let images = batch.images.clone();
                let evaluated = evaluate(&self.classifier, &batch, images, Budget::linf(0.0)).await?;
                self.report.clean.extend(evaluated.correct);
            }
            Some(trial) => self.attack(trial, range).await?,
        }
        self.next += 1;
        if whole {
            self.report.trials.extend(self.current.take());
        }
        Ok(whole)
    }

    /// In forward passes at most: images that fall early take fewer.
    fn progress(&self) -> (usize, usize) {
        let cost = |units: &[Unit]| units.iter().map(|unit| unit.cost).sum();
        (cost(&self.units[..self.next]), cost(&self.units))
    }

    /// Only whole trials.
    fn report(&self) -> &RobustnessReport {
        &self.report
    }
}

impl<C: Differentiable> Resumable for Robustness<C> {
    fn columns(&mut self, columns: &mut Columns<'_>) {
        columns.column(&mut self.report.clean);
        let mut begun: Vec<TrialReport> = self.report.trials.drain(..).chain(self.current.take()).collect();
        let count = columns.value(begun.len());
        begun.extend(self.plan.trials.iter().take(count).skip(begun.len()).map(|&trial| TrialReport::new(trial)));
        for report in &mut begun {
            columns.column(&mut report.robust);
            report.not_finite = columns.value(report.not_finite);
            report.largest = columns.value(report.largest);
        }
        self.current = begun.pop_if(|last| last.robust.len() < self.report.images.len());
        self.report.trials = begun;
    }

    fn is_sound(&mut self) -> bool {
        let n = self.report.images.len();
        let seen = |trial: Option<usize>| match trial {
            None => self.report.clean.len(),
            Some(i) => self.report.trials.iter().chain(&self.current).nth(i).map_or(0, |report| report.robust.len()),
        };
        self.next = self.units.iter().take_while(|unit| unit.range.end <= seen(unit.trial)).count();
        let all: usize = std::iter::once(None).chain((0..self.plan.trials.len()).map(Some)).map(seen).sum();
        let begun: Vec<&TrialReport> = self.report.trials.iter().chain(&self.current).collect();
        // Nobody withstands who did not stand before.
        let stood = |i: usize| {
            let before = if i > 0 && self.plan.cumulative { &begun[i - 1].robust } else { &self.report.clean };
            begun[i].robust.iter().zip(before).all(|(after, before)| *before || !*after)
        };
        let counted = |report: &&TrialReport| {
            report.not_finite <= report.robust.len() * report.trial.restarts && report.largest >= 0.0
        };
        all == self.units[..self.next].iter().map(|unit| unit.range.len()).sum::<usize>()
            && self.report.trials.iter().all(|report| report.robust.len() == n)
            && self.current.as_ref().is_none_or(|report| !report.robust.is_empty())
            && (0..begun.len()).all(stood)
            && begun.iter().all(counted)
    }
}
