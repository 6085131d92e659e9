//! Every parser of what comes from a file, an address or a message, as a function of bytes. For any bytes it accepts or
//! refuses with a typed error and does not panic; what it accepts is sound, and reads back the same when it is written.
//!
//! Two readers share them: the tests, which damage samples, and `fuzz/`, where libFuzzer chooses the bytes.

use burn::tensor::{Device, Tensor};
use semantic_continuity::config::{Settings, VERSION};
use semantic_continuity::data::{Data, Dataset, Files, Split, idx, parse_cifar10};
use semantic_continuity::error::{Code, Error, Result};
use semantic_continuity::experiment::checkpoint::Resumable;
use semantic_continuity::experiment::{
    self, Report, Responding, Response, ResponseReport, Robustness, RobustnessReport, Run, SavedRun, Smoothing,
    Smoothness, SmoothnessReport, Survey, SurveyReport, Surveying, Transfer, TransferReport, Transferring, checks,
    compare_responses, compare_smoothness, compare_surveys, compare_transfers, randomised,
};
use semantic_continuity::model::{Architecture, Classifier, ModelConfig, Network, Precision, Weights};
use semantic_continuity::perturb::Perturbation;
use semantic_continuity::seed::Seed;
use semantic_continuity::train::Checkpoint;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
#[cfg(not(target_family = "wasm"))]
use {
    semantic_continuity::data::{MAX_BYTES, decompress},
    semantic_continuity::study::{Cell, Plan, Shard, Table},
};

/// Whether some bytes are accepted.
pub type Parser = fn(&[u8]) -> bool;

/// All of them, by the names of their folders in `fuzz/corpus`.
pub const PARSERS: &[(&str, Parser)] = &[
    ("idx", idx),
    ("cifar10", cifar10),
    ("pictures", pictures),
    ("weights", weights),
    ("checkpoint", checkpoint),
    ("settings", settings),
    ("perturbation", perturbation),
    ("evaluation", evaluation),
    ("robustness", robustness),
    ("survey", survey),
    ("response", response),
    ("smoothness", smoothness),
    ("transfer", transfer),
    ("question", question),
    ("study", study),
    ("run", run),
    #[cfg(not(target_family = "wasm"))]
    ("gzip", gzip),
    #[cfg(not(target_family = "wasm"))]
    ("plan", plan),
    #[cfg(not(target_family = "wasm"))]
    ("cells", cells),
];

/// An error must have one of these codes, and say something.
fn refused(error: &Error, codes: &[Code]) -> bool {
    assert!(codes.contains(&error.code), "{:?}: {error}", error.code);
    assert!(!error.message.trim().is_empty(), "an error without words");
    false
}

/// Whether the result is sound; what it holds can be sent to the page.
fn answered<T: Serialize>(result: Result<T>, codes: &[Code]) -> bool {
    match result {
        Ok(value) => !serde_json::to_string(&value).expect("a result can be sent").is_empty(),
        Err(error) => refused(&error, codes),
    }
}

pub fn idx(bytes: &[u8]) -> bool {
    match idx::parse(bytes) {
        Ok(array) => {
            assert_eq!(array.dims.iter().product::<usize>(), array.values.len());
            assert_eq!(array.to_bytes(), bytes);
            true
        }
        Err(error) => refused(&error, &[Code::InvalidData]),
    }
}

/// Pixels and labels fit together, and every picture can be had.
fn sound(split: &Split) {
    assert_eq!(split.pixels.len(), split.len() * split.channels * split.height * split.width);
    for i in 0..split.len().min(3) {
        assert!(split.image(i).all(|value| (0.0..=1.0).contains(&value)));
        assert!(split.object(i).is_none_or(|object| object.len() == split.height * split.width));
    }
    let (mean, deviation) = split.statistics();
    assert!(mean.iter().chain(&deviation).all(|value| value.is_finite()));
}

pub fn cifar10(bytes: &[u8]) -> bool {
    match parse_cifar10(bytes) {
        Ok(split) => {
            sound(&split);
            true
        }
        Err(error) => refused(&error, &[Code::InvalidData]),
    }
}

/// A dataset's files, which may also be a visitor's own: the number of the dataset, which halves there are, the length
/// of the image file as a u32, the image file and the label file.
pub fn pictures(bytes: &[u8]) -> bool {
    let Some((&[which, halves, a, b, c, d], files)) = bytes.split_first_chunk() else { return false };
    let dataset = Dataset::ALL[usize::from(which) % Dataset::ALL.len()];
    let (images, labels) = files.split_at((u32::from_le_bytes([a, b, c, d]) as usize).min(files.len()));
    let half = |bit: u8| (halves & bit != 0).then_some((images, labels));
    match dataset.load(Files { train: half(1), test: half(2) }, Seed(1), 0.02) {
        Ok(data) => {
            sound(&data.train);
            sound(&data.test);
            assert!(data.classes() <= 256);
            true
        }
        Err(error) => refused(&error, &[Code::InvalidData]),
    }
}

const OF_WEIGHTS: [Code; 2] = [Code::InvalidWeights, Code::WeightsMismatch];

/// Bit patterns: `==` would take −0 for 0.
fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

pub fn weights(bytes: &[u8]) -> bool {
    match Weights::from_safetensors(bytes) {
        Ok((weights, _)) => {
            assert_eq!(weights.values.len(), weights.config.layout().len());
            assert!(weights.values.iter().all(|value| value.is_finite()));
            let (again, _) = Weights::from_safetensors(&weights.to_safetensors(Precision::F32, &[])).expect("ours");
            assert_eq!((again.config, bits(&again.values)), (weights.config, bits(&weights.values)));
            true
        }
        Err(error) => refused(&error, &OF_WEIGHTS),
    }
}

pub fn checkpoint(bytes: &[u8]) -> bool {
    match Checkpoint::from_bytes(bytes) {
        Ok(checkpoint) => {
            let again = Checkpoint::from_bytes(&checkpoint.to_bytes()).expect("ours");
            assert_eq!(again, checkpoint);
            true
        }
        Err(error) => refused(&error, &OF_WEIGHTS),
    }
}

/// Settings as JSON; those that are sound also survive a link to the page.
pub fn settings(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let settings = match Settings::from_json(text) {
        Ok(settings) => settings,
        Err(error) => return refused(&error, &[Code::InvalidSetting, Code::PerturbationNeedsColor, Code::NoBase]),
    };
    let text = serde_json::to_string(&settings).expect("plain data");
    assert_eq!(Settings::from_json(&text), Ok(settings.clone()));
    let query = settings.query();
    let mut values = serde_json::Map::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (key, text) = part.split_once('=').expect("a query is made of pairs");
        // A number or a switch is JSON, a name is not.
        values.insert(key.to_owned(), serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)));
    }
    assert!(query.is_empty() || values.remove("v") == Some(Value::from(VERSION)), "{query}");
    assert_eq!(Settings::from_json(&Value::Object(values).to_string()), Ok(settings), "{query}");
    true
}

pub fn perturbation(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    match text.parse::<Perturbation>() {
        Ok(perturbation) => {
            assert_eq!(perturbation.to_string().parse(), Ok(perturbation));
            true
        }
        Err(error) => refused(&error, &[Code::InvalidSetting]),
    }
}

/// Two reports, `[plain, continuity]`, as they come back from a saved run.
fn pair<R: DeserializeOwned>(bytes: &[u8]) -> Option<(R, R)> {
    serde_json::from_slice(bytes).ok()
}

const OF_REPORTS: [Code; 1] = [Code::InvalidSetting];

pub fn evaluation(bytes: &[u8]) -> bool {
    let Some((plain, continuity)) = pair::<Report>(bytes) else { return false };
    answered(experiment::compare(&plain, &continuity), &OF_REPORTS)
}

pub fn robustness(bytes: &[u8]) -> bool {
    let Some((plain, continuity)) = pair::<RobustnessReport>(bytes) else { return false };
    let curve = answered(experiment::curve(&plain, &continuity), &OF_REPORTS);
    let masking = [&plain, &continuity].map(|report| answered(checks(report), &OF_REPORTS));
    for report in [&plain, &continuity] {
        assert!(report.worst_case().len() <= report.clean.len());
    }
    curve && masking == [true; 2]
}

pub fn survey(bytes: &[u8]) -> bool {
    let Some((plain, continuity)) = pair::<SurveyReport>(bytes) else { return false };
    answered(compare_surveys(&plain, &continuity), &OF_REPORTS)
}

pub fn response(bytes: &[u8]) -> bool {
    let Some((plain, continuity)) = pair::<ResponseReport>(bytes) else { return false };
    let layers = 0..plain.layers.len() + 1;
    // The last one does not exist.
    let answers = layers.map(|layer| answered(compare_responses(&plain, &continuity, layer), &OF_REPORTS));
    answers.filter(|&whole| whole).count() > 0
}

pub fn smoothness(bytes: &[u8]) -> bool {
    let Some((plain, continuity)) = pair::<SmoothnessReport>(bytes) else { return false };
    answered(compare_smoothness(&plain, &continuity), &OF_REPORTS)
}

pub fn transfer(bytes: &[u8]) -> bool {
    let Some((plain, continuity)) = pair::<TransferReport>(bytes) else { return false };
    answered(compare_transfers(&plain, &continuity), &OF_REPORTS)
}

/// What is asked of an engine, as the page writes it.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Question {
    Robustness(experiment::RobustnessPlan),
    Survey(Survey),
    Response(Response),
    Smoothness(Smoothness),
    Transfer(Transfer),
}

/// A question about a small network and twelve pictures: begun or refused. What it would take can be counted.
pub fn question(bytes: &[u8]) -> bool {
    let Ok(question) = serde_json::from_slice(bytes) else { return false };
    match begun(question, None) {
        Ok((done, _)) => {
            assert_eq!(done, 0);
            true
        }
        Err(error) => refused(&error, &OF_QUESTIONS),
    }
}

/// A question, a zero byte, and the checkpoint of a study of it: the study goes on, or the checkpoint is refused.
pub fn study(bytes: &[u8]) -> bool {
    let Some(at) = bytes.iter().position(|&byte| byte == 0) else { return false };
    let Ok(question) = serde_json::from_slice(&bytes[..at]) else { return false };
    match begun(question, Some(&bytes[at + 1..])) {
        Ok((done, all)) => {
            assert!(done <= all);
            true
        }
        Err(error) => refused(&error, &OF_QUESTIONS),
    }
}

const OF_QUESTIONS: [Code; 4] =
    [Code::InvalidSetting, Code::PerturbationNeedsColor, Code::NotReady, Code::WeightsMismatch];

/// The most units of a study that is gone on with here: a question may ask for a day's work.
const SHORT: usize = 5_000;

/// What a future says at once: nothing here waits, the CPU engine answers on the spot.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the CPU engine answers on the spot"),
    }
}

/// Begins the study that a question asks for, of a small network and twelve pictures, and does something with it.
macro_rules! with_study {
    ($question:expr, $study:ident => $then:expr) => {{
        let split =
            || Split::new(1, 8, 8, (0..=255).cycle().take(12 * 64).collect(), (0..12).map(|i| i % 3).collect(), 3);
        let (train, test) = (split().expect("sizes fit"), split().expect("sizes fit"));
        let config = ModelConfig {
            architecture: Architecture::SmallCnn,
            channels: 1,
            height: 8,
            width: 8,
            classes: 3,
            mean: vec![0.5],
            std: vec![0.5],
        };
        let (weights, device) = (config.init(Seed(1)), Device::flex());
        let data = Rc::new(Data { dataset: Dataset::Mnist, seed: Seed(1), train, test });
        let classifier =
            Classifier::new(|track| Network::new(&config, Tensor::from_data(&weights.values[..], &device), track));
        match $question {
            Question::Robustness(plan) => {
                let mut $study = Robustness::new(data, plan, classifier, Vec::new(), config.classes, device)?;
                $then
            }
            Question::Survey(survey) => {
                let random = randomised(classifier.network(), survey.seed);
                let mut $study = Surveying::new(data, survey, classifier, random)?;
                $then
            }
            Question::Response(asked) => {
                let mut $study = Responding::new(data, asked, classifier)?;
                $then
            }
            Question::Smoothness(asked) => {
                let mut $study = Smoothing::new(data, asked, classifier)?;
                $then
            }
            Question::Transfer(asked) => {
                let mut $study = Transferring::new(data, asked, &weights, device)?;
                $then
            }
        }
    }};
}

/// How much of a study is done, and how much there is to do: at its begin, or a unit after a checkpoint.
fn begun(question: Question, checkpoint: Option<&[u8]>) -> Result<(usize, usize)> {
    with_study!(question, study => {
        if let Some(checkpoint) = checkpoint {
            study = study.resume(checkpoint)?;
            let (done, all) = study.progress();
            if done < all && all <= SHORT {
                ready(study.advance())?;
            }
        }
        Ok(study.progress())
    })
}

/// The checkpoint of a study that is half done.
pub fn halfway(question: &[u8]) -> Result<Vec<u8>> {
    let question = serde_json::from_slice(question).expect("a question");
    with_study!(question, study => {
        while 2 * study.progress().0 < study.progress().1 {
            ready(study.advance())?;
        }
        Ok(study.checkpoint())
    })
}

/// A run that was kept or saved.
pub fn run(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    match SavedRun::read(text) {
        Ok(run) => {
            let again = SavedRun::read(&serde_json::to_string(&run).expect("plain data"));
            assert_eq!(again, Ok(run));
            true
        }
        Err(error) => {
            refused(&error, &[Code::InvalidRun, Code::InvalidSetting, Code::PerturbationNeedsColor, Code::NoBase])
        }
    }
}

#[cfg(not(target_family = "wasm"))]
pub fn gzip(bytes: &[u8]) -> bool {
    match decompress(bytes) {
        Ok(inner) => {
            assert!(inner.len() as u64 <= MAX_BYTES.max(bytes.len() as u64));
            true
        }
        Err(error) => refused(&error, &[Code::InvalidData]),
    }
}

#[cfg(not(target_family = "wasm"))]
pub fn plan(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    match Plan::parse(text) {
        Ok(plan) => {
            assert!(plan.jobs(Shard::WHOLE).is_ok());
            true
        }
        Err(error) => refused(&error, &[Code::InvalidSetting, Code::PerturbationNeedsColor, Code::NoBase]),
    }
}

/// The plan that the cells are of.
#[cfg(not(target_family = "wasm"))]
pub const PLAN: &str = include_str!("plan.toml");

/// Cells of [`PLAN`], as its files hold them.
#[cfg(not(target_family = "wasm"))]
pub fn cells(bytes: &[u8]) -> bool {
    let Ok(cells) = serde_json::from_slice::<Vec<Cell>>(bytes) else { return false };
    let plan = Plan::parse(PLAN).expect("the plan is sound");
    match Table::new(&plan, &cells, "study") {
        Ok(table) => {
            assert!(!table.csv().is_empty() && !table.markdown(".").is_empty());
            true
        }
        Err(error) => refused(&error, &[Code::InvalidSetting, Code::InvalidData]),
    }
}
