//! One lane's engine.

use super::device;
use super::message::{self, from_js, throw, to_js};
use super::protocol::{
    DataInfo, EvaluationProgress, Info, Lane, Measurement, Position, Progress, Slot, Subject, Units, WeightsInfo,
};
use super::study::Study;
use crate::config::{Settings, Start};
use crate::data::{Data, Dataset, Files, ceiling};
use crate::error::{Code, Error};
use crate::experiment::{Evaluation, Run, Wall, predict};
use crate::model::{Classifier, ModelConfig, Network, Precision, Track, Weights};
use crate::train::{Checkpoint, Trainer};
use burn::tensor::{Device, Tensor};
use js_sys::{Reflect, Uint8Array};
use std::collections::HashMap;
use std::rc::Rc;
use tsify::Ts;
use wasm_bindgen::prelude::*;
use web_sys::WorkerGlobalScope;

/// A device with data, models, and at most one training run, one evaluation and one study.
#[wasm_bindgen]
pub struct Engine {
    pub(super) device: Device,
    data: Option<Rc<Data>>,
    /// The visitor's own picture, as [`Data::single`].
    own_picture: Option<Data>,
    weights: HashMap<Slot, Weights>,
    trainer: Option<Trainer>,
    evaluation: Option<Evaluation>,
    /// Of the present run.
    pub(super) wall: Option<Wall>,
    pub(super) study: Option<Box<dyn Study>>,
}

pub(super) fn not_ready(what: &str) -> JsValue {
    throw(Error::new(Code::NotReady, what))
}

/// Milliseconds by a clock that nobody sets while an engine is timed.
fn now() -> f64 {
    // The page's own thread has one as well, under the same name.
    let global: WorkerGlobalScope = js_sys::global().unchecked_into();
    global.performance().map_or(0.0, |performance| performance.now())
}

#[wasm_bindgen]
impl Engine {
    /// Sets the device up. Call it once in a worker.
    pub async fn create() -> Result<Engine, JsValue> {
        console_error_panic_hook::set_once();
        let device = device::create().await.map_err(throw)?;
        Ok(Engine {
            device,
            data: None,
            own_picture: None,
            weights: HashMap::new(),
            trainer: None,
            evaluation: None,
            wall: None,
            study: None,
        })
    }

    /// Name, version and memory of this engine.
    pub fn info(&self) -> Result<Ts<Info>, JsValue> {
        let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
        let memory_bytes = memory.buffer().unchecked_into::<js_sys::ArrayBuffer>().byte_length();
        let device_bytes = self.device.memory_pool_usage().map(|usage| usage.bytes_reserved);
        to_js(&Info { engine: device::NAME, version: env!("CARGO_PKG_VERSION"), memory_bytes, device_bytes })
    }

    /// Reads a dataset from its four files; the training pair may be missing.
    pub fn load_data(&mut self, settings: Ts<Settings>, files: JsValue) -> Result<Ts<DataInfo>, JsValue> {
        let settings = message::settings(settings)?;
        let file = |name: &str| -> Option<Vec<u8>> {
            let value = Reflect::get(&files, &name.into()).ok()?;
            value.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec())
        };
        let pair = |images, labels| file(images).zip(file(labels));
        let (train, test) = (pair("train-images", "train-labels"), pair("test-images", "test-labels"));
        if train.is_none() && test.is_none() {
            return Err(not_ready("No data files were given."));
        }
        let files = Files {
            train: train.as_ref().map(|(a, b)| (&a[..], &b[..])),
            test: test.as_ref().map(|(a, b)| (&a[..], &b[..])),
        };
        let data = settings.dataset.load(files, settings.seed, settings.color_variance).map_err(throw)?;
        let shown = if data.train.is_empty() { &data.test } else { &data.train };
        let info = DataInfo {
            name: settings.dataset.label(),
            classes: settings.dataset.classes(),
            channels: shown.channels,
            height: shown.height,
            width: shown.width,
            train: data.train.len(),
            test: data.test.len(),
            color_ceiling: (settings.dataset == Dataset::ColorMnist)
                .then(|| ceiling(settings.seed, settings.color_variance, 10_000)),
        };
        self.data = Some(Rc::new(data));
        self.own_picture = None;
        to_js(&info)
    }

    /// Reads a safetensors file into the slot `base`, `plain` or `continuity`.
    pub fn load_weights(&mut self, slot: Ts<Slot>, bytes: &[u8]) -> Result<Ts<WeightsInfo>, JsValue> {
        let slot: Slot = from_js(slot)?;
        let (weights, note) = Weights::from_safetensors(bytes).map_err(throw)?;
        let info =
            WeightsInfo { architecture: weights.config.architecture.id(), parameters: weights.values.len(), note };
        self.weights.insert(slot, weights);
        to_js(&info)
    }

    /// Takes the visitor's own picture, `[c, h, w]` as the loaded data are, in place of an earlier one. One of no known
    /// class counts as what the plain model says. New data remove it.
    pub async fn put_picture(&mut self, pixels: Vec<u8>, label: Option<u8>) -> Result<(), JsValue> {
        let single = |pixels, label| -> Result<Data, JsValue> { self.data()?.single(pixels, label).map_err(throw) };
        self.own_picture = Some(match label {
            Some(label) => single(pixels, label)?,
            None => {
                let unlabelled = single(pixels.clone(), 0)?;
                let class = predict(&unlabelled, &self.network(Slot::Plain)?, 0).await.map_err(throw)?;
                single(pixels, u8::try_from(class).unwrap_or_default())?
            }
        });
        Ok(())
    }

    /// Begins a run of `lane` from the start that the settings name.
    pub fn prepare(&mut self, settings: Ts<Settings>, lane: Ts<Lane>) -> Result<Ts<Position>, JsValue> {
        let settings = lane_settings(settings, lane)?;
        let trainer = self.start(settings)?;
        self.adopt(trainer)
    }

    /// Continues a run from a checkpoint.
    pub fn resume(
        &mut self,
        settings: Ts<Settings>,
        lane: Ts<Lane>,
        checkpoint: &[u8],
    ) -> Result<Ts<Position>, JsValue> {
        let settings = lane_settings(settings, lane)?;
        let checkpoint = Checkpoint::from_bytes(checkpoint).map_err(throw)?;
        let data = Rc::clone(self.data()?);
        let trainer = Trainer::resume(data, settings, &checkpoint, self.device.clone()).map_err(throw)?;
        self.adopt(trainer)
    }

    /// Makes up to `steps` steps and reads their statistics.
    pub async fn advance(&mut self, steps: usize) -> Result<Ts<Progress>, JsValue> {
        let trainer = self.trainer()?;
        let start = now();
        for _ in 0..steps {
            if trainer.is_finished() || trainer.diverged().is_some() {
                break;
            }
            trainer.step();
        }
        let records = trainer.read().await.map_err(throw)?;
        to_js(&Progress {
            step: trainer.step_count(),
            steps: trainer.settings().steps,
            records,
            diverged: trainer.diverged().cloned(),
            seconds: (now() - start) / 1000.0,
        })
    }

    /// The last sound state as bytes, for [`Engine::resume`].
    pub async fn checkpoint(&mut self) -> Result<Uint8Array, JsValue> {
        let checkpoint = self.trainer()?.checkpoint().await.map_err(throw)?;
        Ok(Uint8Array::from(&checkpoint.to_bytes()[..]))
    }

    /// The present parameters as safetensors (f32).
    pub async fn weights(&mut self) -> Result<Uint8Array, JsValue> {
        let trainer = self.trainer()?;
        let weights = trainer.weights().await.map_err(throw)?;
        let settings = serde_json::to_string(trainer.settings()).expect("settings are plain data");
        let note = [("settings", settings), ("step", trainer.step_count().to_string())];
        Ok(Uint8Array::from(&weights.to_safetensors(Precision::F32, &note)[..]))
    }

    /// Begins the evaluation of the present run.
    pub fn begin_evaluation(&mut self) -> Result<Ts<Units>, JsValue> {
        let data = Rc::clone(self.data()?);
        let trainer = self.trainer()?;
        let evaluation =
            Evaluation::new(data, trainer.settings().clone(), trainer.step_count(), |track| trainer.network(track))
                .map_err(throw)?;
        let (_, units) = evaluation.progress();
        self.evaluation = Some(evaluation);
        to_js(&Units { units })
    }

    /// Does one unit of the evaluation. One that finishes rows of the table brings the report so far.
    pub async fn advance_evaluation(&mut self) -> Result<Ts<EvaluationProgress>, JsValue> {
        let evaluation = self.evaluation.as_mut().ok_or_else(|| not_ready("No evaluation was begun."))?;
        let news = evaluation.advance().await.map_err(throw)?;
        let (done, units) = evaluation.progress();
        let reply = to_js(&EvaluationProgress { done, units, report: news.then(|| evaluation.report().clone()) });
        if done == units {
            self.evaluation = None;
        }
        reply
    }

    /// Times `steps` steps of a run that is thrown away; a first step, which may compile kernels, is not counted.
    pub async fn measure(&mut self, settings: Ts<Settings>, steps: usize) -> Result<Ts<Measurement>, JsValue> {
        let mut trainer = self.start(message::settings(settings)?)?;
        trainer.step();
        trainer.read().await.map_err(throw)?;
        let (start, steps) = (now(), steps.max(1));
        for _ in 0..steps {
            trainer.step();
        }
        trainer.read().await.map_err(throw)?;
        to_js(&Measurement { ms_per_step: (now() - start) / steps as f64 })
    }
}

impl Engine {
    pub(super) fn data(&self) -> Result<&Rc<Data>, JsValue> {
        self.data.as_ref().ok_or_else(|| not_ready("No dataset is loaded."))
    }

    /// The pictures that a question is about, and which of them.
    pub(super) fn subject(&self, subject: Subject) -> Result<(&Data, usize), JsValue> {
        match subject {
            Subject::Test(index) => Ok((self.data()?, index)),
            Subject::Own => Ok((self.own_picture.as_ref().ok_or_else(|| not_ready("No picture was put in."))?, 0)),
        }
    }

    pub(super) fn trainer(&mut self) -> Result<&mut Trainer, JsValue> {
        self.trainer.as_mut().ok_or_else(|| not_ready("No run was prepared."))
    }

    pub(super) fn slot(&self, slot: Slot) -> Result<&Weights, JsValue> {
        let name = match slot {
            Slot::Base => "base",
            Slot::Plain => "plain",
            Slot::Continuity => "continuity",
        };
        self.weights.get(&slot).ok_or_else(|| not_ready(&format!("The {name} weights are not loaded.")))
    }

    /// A loaded model, ready to answer.
    pub(super) fn network(&self, slot: Slot) -> Result<Network, JsValue> {
        let weights = self.slot(slot)?;
        Ok(Network::new(&weights.config, Tensor::from_data(&weights.values[..], &self.device), Track::Nothing))
    }

    /// A loaded model, ready to answer and to be differentiated by its input.
    pub(super) fn classifier(&self, slot: Slot) -> Result<Classifier, JsValue> {
        let weights = self.slot(slot)?;
        let theta = Tensor::from_data(&weights.values[..], &self.device);
        Ok(Classifier::new(|track| Network::new(&weights.config, theta.clone(), track)))
    }

    fn start(&self, settings: Settings) -> Result<Trainer, JsValue> {
        let data = Rc::clone(self.data()?);
        let start = match settings.start {
            Start::Base => self.slot(Slot::Base)?.clone(),
            Start::Scratch => {
                ModelConfig::for_data(settings.architecture, &data.train, data.classes()).init(settings.seed)
            }
        };
        Trainer::new(data, settings, &start, self.device.clone()).map_err(throw)
    }

    fn adopt(&mut self, trainer: Trainer) -> Result<Ts<Position>, JsValue> {
        let reply = position(&trainer)?;
        self.evaluation = None;
        self.wall = None;
        self.trainer = Some(trainer);
        Ok(reply)
    }
}

/// Checks settings; throws what is wrong with them.
#[wasm_bindgen]
pub fn validate(settings: Ts<Settings>) -> Result<(), JsValue> {
    message::settings(settings)?.validate().map_err(throw)
}

fn position(trainer: &Trainer) -> Result<Ts<Position>, JsValue> {
    to_js(&Position { step: trainer.step_count(), steps: trainer.settings().steps })
}

fn lane_settings(settings: Ts<Settings>, lane: Ts<Lane>) -> Result<Settings, JsValue> {
    let settings = message::settings(settings)?;
    Ok(match from_js(lane)? {
        Lane::Plain => settings.plain(),
        Lane::Continuity => settings,
    })
}
