//! Sound inputs of every parser, made by the code that writes them.

use crate::common::{data, device, lively, network, settings, small, stripes};
use semantic_continuity::attack::Budget;
use semantic_continuity::config::{Optimizer, Settings};
use semantic_continuity::data::Dataset;
use semantic_continuity::data::idx::Idx;
use semantic_continuity::experiment::{
    Change, Condition, Evaluation, Mode, Responding, Response, Robustness, RobustnessPlan, Run, Shots, Smoothing,
    Smoothness, Survey, Surveying, Transfer, Transferring, Trial, compare, masking_plan, randomised,
};
use semantic_continuity::model::{Architecture, Classifier, ModelConfig, Precision, Weights};
use semantic_continuity::perturb::Perturbation;
use semantic_continuity::saliency::Method;
use semantic_continuity::seed::Seed;
use semantic_continuity::train::Checkpoint;
use serde::Serialize;
use serde_json::{Value, json};
use std::rc::Rc;

/// Samples of the parser `name`, at least two.
pub async fn of(name: &str) -> Vec<Vec<u8>> {
    match name {
        "idx" => vec![idx(&[2, 3]), idx(&[1, 4, 4]), idx(&[2, 2, 2, 4])],
        "cifar10" => [1, 2].map(|records: u8| (0..records).flat_map(record).collect()).to_vec(),
        "pictures" => pictures(),
        "gzip" => vec![EMPTY_GZIP.to_vec(), [&EMPTY_GZIP[..], &EMPTY_GZIP].concat(), STORED_GZIP.to_vec()],
        "weights" => [Precision::F16, Precision::F32]
            .map(|precision| model(1, 2).to_safetensors(precision, &[("note", "a test".to_owned())]))
            .to_vec(),
        "checkpoint" => vec![checkpoint(Optimizer::Sgd), checkpoint(Optimizer::Adam)],
        "settings" => vec![json(&Settings::default()), json(&settings()), json(&json!({ "alpha": 0.3, "steps": 7 }))],
        "perturbation" => ["gaussian:0.1", "shift:1.5+box-blur:2+hue:0.25", "contrast:1e-3"]
            .map(|text| text.as_bytes().to_vec())
            .to_vec(),
        "evaluation" => reports(async |seed| evaluation(seed).await).await,
        "robustness" => reports(async |seed| robustness(seed).await).await,
        "survey" => reports(async |seed| survey(seed).await).await,
        "response" => reports(async |seed| response(seed).await).await,
        "smoothness" => reports(async |seed| smoothness(seed).await).await,
        "transfer" => reports(async |seed| transfer(seed).await).await,
        "question" => questions().iter().map(json).collect(),
        "study" => studies(),
        "run" => vec![finished_run().await, paused_run().await],
        #[cfg(not(target_family = "wasm"))]
        "plan" => vec![super::parsers::PLAN.into(), super::parsers::PLAN.replace("[1, 2]", "[1, 2, 3]").into()],
        #[cfg(not(target_family = "wasm"))]
        "cells" => cells(),
        _ => panic!("there are no samples of {name}"),
    }
}

/// `gzip < /dev/null`, and two bytes that are stored as they are.
const EMPTY_GZIP: [u8; 20] = *b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
const STORED_GZIP: [u8; 25] = *b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x02\0\xfd\xffhi\xac\x2a\x93\xd8\x02\0\0\0";

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data")
}

fn idx(dims: &[usize]) -> Vec<u8> {
    let values = (0..dims.iter().product()).map(|i: usize| (37 * i % 256) as u8).collect();
    Idx { dims: dims.to_vec(), values }.to_bytes()
}

fn record(label: u8) -> Vec<u8> {
    [vec![label], vec![7; 3072]].concat()
}

/// The file of one dataset that [`super::parsers::pictures`] takes apart.
fn pictures() -> Vec<Vec<u8>> {
    let of = |dataset: Dataset, halves: u8, dims: &[usize]| {
        let number = Dataset::ALL.iter().position(|known| *known == dataset).expect("it is one of them");
        let images = idx(dims);
        let labels = Idx { dims: vec![dims[0]], values: (0..dims[0]).map(|i| i as u8).collect() }.to_bytes();
        [&[number as u8, halves][..], &(images.len() as u32).to_le_bytes(), &images, &labels].concat()
    };
    vec![
        of(Dataset::Mnist, 3, &[2, 28, 28]),
        of(Dataset::ColorMnist, 1, &[1, 28, 28]),
        of(Dataset::Emoji, 2, &[2, 8, 8, 4]),
        of(Dataset::Optdigits, 3, &[2, 8, 8]),
        of(Dataset::OwnGrey, 1, &[3, 8, 9]),
        of(Dataset::OwnColor, 3, &[2, 3, 8, 8]),
    ]
}

/// The smallest network there is.
fn model(seed: u32, classes: usize) -> Weights {
    lively(&ModelConfig { classes, ..small(Architecture::SmallCnn, 1) }, seed, 2.0)
}

fn checkpoint(optimizer: Optimizer) -> Vec<u8> {
    let weights = model(1, 2);
    let d = weights.values.len();
    let second = if optimizer == Optimizer::Adam { vec![0.5; d] } else { vec![0.0] };
    Checkpoint { weights, step: 3, time: 3, optimizer, first: vec![0.25; d], second }.to_bytes()
}

/// Two different models, and one beside itself.
async fn reports(of: impl AsyncFn(u32) -> Value) -> Vec<Vec<u8>> {
    let (plain, continuity) = (of(1).await, of(2).await);
    vec![json(&[&plain, &continuity]), json(&[&plain, &plain])]
}

fn classifier(seed: u32) -> Classifier {
    let weights = model(seed, 3);
    Classifier::new(|track| network(&weights, track))
}

fn value(report: &impl Serialize) -> Value {
    serde_json::to_value(report).expect("plain data")
}

async fn evaluation(seed: u32) -> Value {
    evaluated(seed, Settings { eval_images: 12, ..settings() }).await
}

async fn evaluated(seed: u32, settings: Settings) -> Value {
    let weights = model(seed, 3);
    let mut run =
        Evaluation::new(Rc::new(data(1)), settings, STEPS, |track| network(&weights, track)).expect("it begins");
    while run.progress().0 < run.progress().1 {
        run.advance().await.expect("it goes on");
    }
    value(run.report())
}

async fn robustness(seed: u32) -> Value {
    let plan = masking_plan(Budget::linf(0.05), 2, 4, 64, &[], 12, Seed(1));
    let mut run = Robustness::new(Rc::new(data(1)), plan, classifier(seed), vec![], 3, device()).expect("it begins");
    while run.progress().0 < run.progress().1 {
        run.advance().await.expect("it goes on");
    }
    value(run.report())
}

fn surveyed() -> Survey {
    Survey { method: Method::Gradient, change: Change::Perturbation(Perturbation::default()), images: 3, seed: Seed(1) }
}

async fn survey(seed: u32) -> Value {
    let classifier = classifier(seed);
    let random = randomised(classifier.network(), Seed(9));
    let mut run = Surveying::new(Rc::new(data(1)), surveyed(), classifier, random).expect("it begins");
    while run.progress().0 < run.progress().1 {
        run.advance().await.expect("it goes on");
    }
    value(run.report())
}

fn asked() -> Response {
    let conditions = vec![Condition::Perturbation(Perturbation::default()), Condition::LowPass(0.5)];
    Response { conditions, images: 4, seed: Seed(1) }
}

async fn response(seed: u32) -> Value {
    let mut run = Responding::new(Rc::new(data(1)), asked(), classifier(seed)).expect("it begins");
    while run.progress().0 < run.progress().1 {
        run.advance().await.expect("it goes on");
    }
    value(run.report())
}

async fn smoothness(seed: u32) -> Value {
    let asked = Smoothness { images: 3, seed: Seed(1) };
    let mut run = Smoothing::new(Rc::new(data(1)), asked, classifier(seed)).expect("it begins");
    while run.progress().0 < run.progress().1 {
        run.advance().await.expect("it goes on");
    }
    value(run.report())
}

fn moved() -> Transfer {
    Transfer { modes: vec![Mode::Probe], shots: vec![Shots::Few(2), Shots::ALL], images: 5, steps: 10, seed: Seed(1) }
}

async fn transfer(seed: u32) -> Value {
    let target = semantic_continuity::data::Data { train: stripes(12, 1, 3), ..data(1) };
    let mut run = Transferring::new(Rc::new(target), moved(), &model(seed, 3), device()).expect("it begins");
    while run.progress().0 < run.progress().1 {
        run.advance().await.expect("it goes on");
    }
    value(run.report())
}

/// As the page asks them.
fn questions() -> [Value; 7] {
    let plan = RobustnessPlan {
        trials: vec![Trial::new(semantic_continuity::attack::Attack::pgd(3), Budget::linf(0.1))],
        images: 5,
        seed: Seed(1),
        cumulative: true,
    };
    let occlusion = Method::Occlusion { window: 4, baseline: Default::default() };
    [
        json!({ "robustness": plan }),
        json!({ "robustness": masking_plan(Budget::l2(1.0), 2, 4, 64, &[], 5, Seed(1)) }),
        json!({ "survey": surveyed() }),
        json!({ "survey": Survey { method: occlusion, ..surveyed() } }),
        json!({ "response": asked() }),
        json!({ "smoothness": Smoothness { images: 3, seed: Seed(1) } }),
        json!({ "transfer": moved() }),
    ]
}

/// Questions with the checkpoints of their studies.
fn studies() -> Vec<Vec<u8>> {
    let checkpoint = |question: &Vec<u8>| super::parsers::halfway(question).expect("it goes on");
    let questions = questions().map(|question| json(&question));
    questions.iter().map(|question| [&question[..], &[0], &checkpoint(question)].concat()).collect()
}

/// A run as it is saved once it is finished.
async fn finished_run() -> Vec<u8> {
    let settings = Settings { steps: STEPS, eval_images: 12, ..settings() };
    let lane = async |name: &str, seed, settings: Settings| {
        let mut lane = saved_lane(name, STEPS);
        lane["report"] = evaluated(seed, settings).await;
        lane
    };
    let lanes = [lane("plain", 1, settings.plain()).await, lane("continuity", 2, settings.clone()).await];
    let report = |at: usize| serde_json::from_value(lanes[at]["report"].clone()).expect("a report");
    let comparison = compare(&report(0), &report(1)).expect("they fit together");
    json(&json!({ "settings": settings, "own": null, "engine": null, "comparison": comparison, "lanes": lanes }))
}

/// A run as it is saved before its end.
async fn paused_run() -> Vec<u8> {
    let lanes = ["plain", "continuity"].map(|name| {
        let mut lane = saved_lane(name, 4);
        lane["checkpoints"] = json!([0, 4]);
        lane
    });
    let settings = Settings { steps: STEPS, ..settings() };
    json(&json!({ "settings": settings, "own": null, "engine": null, "comparison": null, "lanes": lanes }))
}

const STEPS: usize = 7;

fn saved_lane(name: &str, step: usize) -> Value {
    let record = |step| json!({ "step": step, "ce": 0.3, "ds": null, "accuracy": 0.5, "grad_norm": 1.25 });
    let history: Vec<Value> = (1..=step).map(record).collect();
    json!({
        "name": name,
        "step": step,
        "steps": STEPS,
        "history": history,
        "notes": ["went on"],
        "diverged": null,
        "report": null,
        "checkpoints": [],
    })
}

#[cfg(not(target_family = "wasm"))]
fn cells() -> Vec<Vec<u8>> {
    use semantic_continuity::study::{MadeBy, Plan, Shard};
    let plan = Plan::parse(super::parsers::PLAN).expect("the plan is sound");
    let cell = |(at, job): (usize, semantic_continuity::study::Job)| {
        let share = |value: f64| json!({ "value": value + at as f64 / 100.0, "n": 10 });
        json!({
            "made_by": MadeBy::new("0123abc"),
            "group": job.group,
            "lane": job.lane,
            "holdout": 0,
            "base": job.base,
            "settings": job.settings,
            "measures": job.measures,
            "failed": null,
            "numbers": { "clean": share(0.8), "noise": share(0.5) },
        })
    };
    let cells: Vec<Value> =
        plan.jobs(Shard::WHOLE).expect("the plan is sound").into_iter().enumerate().map(cell).collect();
    vec![json(&cells), json(&cells.iter().rev().collect::<Vec<_>>())]
}
