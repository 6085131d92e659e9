//! What crosses the door to an engine: every request and every reply. Its declarations for TypeScript are made of these,
//! and of the types of the library that are named in them.

use crate::attack::{Attack, Budget, Norm};
use crate::experiment::{
    Answer, Change, Class, Look, Nudge, Quantity, Report, Response, ResponseReport, RobustnessPlan, RobustnessReport,
    Smoothness, SmoothnessReport, Survey, SurveyReport, Transfer, TransferReport, Triplet, WallPictures,
};
use crate::perturb::Perturbation;
use crate::saliency::Method;
use crate::seed::Seed;
use crate::train::{Diverged, Record};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tsify::Tsify;

/// What loaded weights are for.
#[derive(Tsify, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slot {
    Base,
    Plain,
    Continuity,
}

/// Which model a run trains.
#[derive(Tsify, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    Plain,
    Continuity,
}

/// An engine, and what it takes of the machine.
#[derive(Tsify, Serialize)]
pub struct Info {
    pub(super) engine: &'static str,
    pub(super) version: &'static str,
    /// Of the engine's own memory.
    pub(super) memory_bytes: u32,
    /// Reserved on the device, where that has its own.
    pub(super) device_bytes: Option<u64>,
}

/// A dataset that was loaded.
#[derive(Tsify, Serialize)]
pub struct DataInfo {
    pub(super) name: &'static str,
    pub(super) classes: &'static [&'static str],
    pub(super) channels: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) train: usize,
    pub(super) test: usize,
    /// What colour alone would give away, of 1; Color MNIST only.
    pub(super) color_ceiling: Option<f32>,
}

/// A model that was loaded.
#[derive(Tsify, Serialize)]
pub struct WeightsInfo {
    pub(super) architecture: &'static str,
    pub(super) parameters: usize,
    /// What the file says of itself.
    #[tsify(type = "{ [key: string]: string }")]
    pub(super) note: HashMap<String, String>,
}

/// How far a run is, and the steps just made.
#[derive(Tsify, Serialize)]
pub struct Progress {
    pub(super) step: usize,
    pub(super) steps: usize,
    pub(super) records: Vec<Record>,
    pub(super) diverged: Option<Diverged>,
    pub(super) seconds: f64,
}

/// The wall of a run, and after how many steps to look at it again.
#[derive(Tsify, Serialize)]
pub struct WallReply {
    #[serde(flatten)]
    pub(super) pictures: WallPictures,
    pub(super) interval: usize,
}

/// What the model of a run says of its wall after so many steps.
#[derive(Tsify, Serialize)]
pub struct LookReply {
    pub(super) step: usize,
    #[serde(flatten)]
    pub(super) look: Look,
}

/// How far an evaluation is; one that finishes rows of the table brings the report so far.
#[derive(Tsify, Serialize)]
pub struct EvaluationProgress {
    pub(super) done: usize,
    pub(super) units: usize,
    pub(super) report: Option<Report>,
}

/// Where a run stands.
#[derive(Tsify, Serialize)]
pub struct Position {
    pub(super) step: usize,
    pub(super) steps: usize,
}

/// How much there is to do.
#[derive(Tsify, Serialize)]
pub struct Units {
    pub(super) units: usize,
}

/// How fast an engine is.
#[derive(Tsify, Serialize)]
pub struct Measurement {
    pub(super) ms_per_step: f64,
}

/// Which picture a question is about.
#[derive(Tsify, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A test picture, by its index.
    Test(usize),
    /// The visitor's own, which was put in.
    Own,
}

/// One picture, and what to do to it.
#[derive(Tsify, Deserialize)]
pub struct NudgeRequest {
    pub(super) subject: Subject,
    pub(super) perturbation: Perturbation,
    pub(super) seed: Seed,
}

/// Many pictures, and what to do to them.
#[derive(Tsify, Deserialize)]
pub struct RatesRequest {
    pub(super) perturbation: Perturbation,
    pub(super) seed: Seed,
    pub(super) images: usize,
}

/// The same of both models.
#[derive(Tsify, Serialize)]
pub struct Pair<T> {
    pub(super) plain: T,
    pub(super) continuity: T,
}

/// One picture before and after, and what both models say.
#[derive(Tsify, Serialize)]
pub struct NudgeReply {
    #[serde(flatten)]
    pub(super) nudge: Nudge,
    pub(super) models: Pair<Answer>,
}

/// On how many pictures each model changes its answer.
#[derive(Tsify, Serialize)]
pub struct RatesReply {
    pub(super) n: usize,
    #[serde(flatten)]
    pub(super) flips: Pair<Quantity>,
}

/// One picture, and how to attack it on both models.
#[derive(Tsify, Deserialize)]
pub struct ExampleRequest {
    pub(super) subject: Subject,
    pub(super) attack: Attack,
    pub(super) budget: Budget,
    pub(super) seed: Seed,
}

/// One picture, and how to look for the least radius, from 1 to `most` parts, at which an attack breaks both models.
#[derive(Tsify, Deserialize)]
pub struct LimitsRequest {
    pub(super) subject: Subject,
    pub(super) attack: Attack,
    pub(super) norm: Norm,
    pub(super) most: u32,
    pub(super) seed: Seed,
}

/// One picture, and how to explain both models on it before and after a change.
#[derive(Tsify, Deserialize)]
pub struct ExplainRequest {
    pub(super) subject: Subject,
    pub(super) methods: Vec<Method>,
    #[serde(default)]
    pub(super) class: Class,
    pub(super) change: Change,
    pub(super) seed: Seed,
}

/// The pictures of triplets, in the order asked for.
#[derive(Tsify, Serialize)]
pub struct TripletsReply(pub(super) Vec<Triplet>);

/// What a study is to find out about one model.
#[derive(Tsify, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudyRequest {
    Robustness(RobustnessRequest),
    Survey(Survey),
    Response(Response),
    Smoothness(Smoothness),
    /// The loaded pictures are those to move to, not those that the model was trained on.
    Transfer(Transfer),
}

/// Many attacks on many images.
#[derive(Tsify, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RobustnessRequest {
    Curve {
        attack: Attack,
        norm: Norm,
        images: usize,
        seed: Seed,
    },
    Masking {
        budget: Budget,
        steps: usize,
        queries: usize,
        images: usize,
        seed: Seed,
    },
    /// Any trials.
    Plan(RobustnessPlan),
}

/// What a study has found so far.
#[derive(Tsify)]
#[serde(untagged)]
#[expect(dead_code, reason = "declares what is sent")]
pub enum StudyReport {
    Robustness(RobustnessReport),
    Survey(SurveyReport),
    Response(ResponseReport),
    Smoothness(SmoothnessReport),
    Transfer(TransferReport),
}

/// How far a study is; a report where there is something new.
#[derive(Tsify)]
#[expect(dead_code, reason = "declares what is sent")]
pub struct StudyProgress {
    pub(super) done: usize,
    pub(super) units: usize,
    pub(super) report: Option<StudyReport>,
}
