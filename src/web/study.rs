//! Studies of one loaded model over many pictures, pulled unit by unit. An engine has one at a time.

use super::engine::{Engine, Slot, not_ready};
use super::message::{from_js, throw, to_js};
use crate::attack::{Attack, Budget, Norm};
use crate::error::Result;
use crate::experiment::checkpoint::Resumable;
use crate::experiment::{
    Plan, Responding, Response, Robustness, Smoothing, Smoothness, Source, Survey, Surveying, Transfer, Transferring,
    curve_plan, masking_plan, randomised,
};
use crate::model::Classifier;
use crate::seed::Seed;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A study under way.
pub(super) enum Study {
    Robustness(Robustness<Classifier>),
    Survey(Box<Surveying>),
    Response(Responding),
    Smoothness(Smoothing),
    Transfer(Transferring),
}

/// What is asked for.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Request {
    Robustness(RobustnessRequest),
    Survey(Survey),
    Response(Response),
    Smoothness(Smoothness),
    /// The loaded pictures are those to move to, not those that the model was trained on.
    Transfer(Transfer),
}

/// Many attacks on many images.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RobustnessRequest {
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
    Plan(Plan),
}

#[derive(Serialize)]
struct Progress<R> {
    done: usize,
    units: usize,
    report: Option<R>,
}

impl Study {
    fn progress(&self) -> (usize, usize) {
        match self {
            Self::Robustness(run) => run.progress(),
            Self::Survey(run) => run.progress(),
            Self::Response(run) => run.progress(),
            Self::Smoothness(run) => run.progress(),
            Self::Transfer(run) => run.progress(),
        }
    }

    fn checkpoint(&mut self) -> Vec<u8> {
        match self {
            Self::Robustness(run) => run.checkpoint(),
            Self::Survey(run) => run.checkpoint(),
            Self::Response(run) => run.checkpoint(),
            Self::Smoothness(run) => run.checkpoint(),
            Self::Transfer(run) => run.checkpoint(),
        }
    }

    fn resume(self, checkpoint: &[u8]) -> Result<Self> {
        Ok(match self {
            Self::Robustness(run) => Self::Robustness(run.resume(checkpoint)?),
            Self::Survey(run) => Self::Survey(Box::new(run.resume(checkpoint)?)),
            Self::Response(run) => Self::Response(run.resume(checkpoint)?),
            Self::Smoothness(run) => Self::Smoothness(run.resume(checkpoint)?),
            Self::Transfer(run) => Self::Transfer(run.resume(checkpoint)?),
        })
    }

    /// Does one unit; whether there is something new to report.
    async fn advance(&mut self) -> Result<bool> {
        match self {
            Self::Robustness(run) => run.advance().await,
            Self::Survey(run) => {
                run.advance().await?;
                let (done, units) = run.progress();
                Ok(done % 10 == 0 || done == units)
            }
            Self::Response(run) => run.advance().await,
            Self::Smoothness(run) => {
                run.advance().await?;
                let (done, units) = run.progress();
                Ok(done == units)
            }
            Self::Transfer(run) => run.advance().await,
        }
    }
}

#[wasm_bindgen]
impl Engine {
    /// Begins a study of the model in `slot`, or goes on with it from a checkpoint; one that is under way ends. The other
    /// models that are loaded serve attacks as sources of transfer.
    pub fn begin_study(
        &mut self,
        slot: JsValue,
        request: JsValue,
        checkpoint: Option<Vec<u8>>,
    ) -> std::result::Result<JsValue, JsValue> {
        let (slot, request): (Slot, Request) = (from_js(slot)?, from_js(request)?);
        let data = Rc::clone(self.data()?);
        let study = match request {
            Request::Robustness(request) => Study::Robustness(self.robustness(slot, request)?),
            Request::Survey(survey) => {
                let classifier = self.classifier(slot)?;
                let random = randomised(classifier.network(), survey.seed);
                Study::Survey(Box::new(Surveying::new(data, survey, classifier, random).map_err(throw)?))
            }
            Request::Response(asked) => {
                Study::Response(Responding::new(data, asked, self.classifier(slot)?).map_err(throw)?)
            }
            Request::Smoothness(asked) => {
                Study::Smoothness(Smoothing::new(data, asked, self.classifier(slot)?).map_err(throw)?)
            }
            Request::Transfer(asked) => {
                let device = self.device.clone();
                Study::Transfer(Transferring::new(data, asked, self.slot(slot)?, device).map_err(throw)?)
            }
        };
        let study = match checkpoint {
            Some(bytes) => study.resume(&bytes).map_err(throw)?,
            None => study,
        };
        let (done, units) = study.progress();
        self.study = Some(study);
        to_js(&Progress::<()> { done, units, report: None })
    }

    /// What the study has found so far, for [`Engine::begin_study`] of another engine; nothing once it is over.
    pub fn study_checkpoint(&mut self) -> Option<Uint8Array> {
        self.study.as_mut().map(|study| Uint8Array::from(&study.checkpoint()[..]))
    }

    /// Does one unit of the study. When there is something new, it brings the report so far.
    pub async fn advance_study(&mut self) -> std::result::Result<JsValue, JsValue> {
        let study = self.study.as_mut().ok_or_else(|| not_ready("No study was begun."))?;
        let news = study.advance().await.map_err(throw)?;
        let (done, units) = study.progress();
        let reply = match study {
            Study::Robustness(run) => to_js(&Progress { done, units, report: news.then(|| run.report()) }),
            Study::Survey(run) => to_js(&Progress { done, units, report: news.then(|| run.report()) }),
            Study::Response(run) => to_js(&Progress { done, units, report: news.then(|| run.report()) }),
            Study::Smoothness(run) => to_js(&Progress { done, units, report: news.then(|| run.report()) }),
            Study::Transfer(run) => to_js(&Progress { done, units, report: news.then(|| run.report()) }),
        };
        if done == units {
            self.study = None;
        }
        reply
    }
}

impl Engine {
    fn robustness(
        &self,
        slot: Slot,
        request: RobustnessRequest,
    ) -> std::result::Result<Robustness<Classifier>, JsValue> {
        let data = Rc::clone(self.data()?);
        let values = data.test.channels * data.test.height * data.test.width;
        let classifier = self.classifier(slot)?;
        let other = if slot == Slot::Plain { Slot::Continuity } else { Slot::Plain };
        let sources: Vec<(Source, Classifier)> = [(Source::Other, other), (Source::Base, Slot::Base)]
            .into_iter()
            .filter_map(|(source, slot)| self.classifier(slot).ok().map(|classifier| (source, classifier)))
            .collect();
        let plan: Plan = match request {
            RobustnessRequest::Curve { attack, norm, images, seed } => curve_plan(attack, norm, values, images, seed),
            RobustnessRequest::Masking { budget, steps, queries, images, seed } => {
                let sources: Vec<Source> = sources.iter().map(|(source, _)| *source).collect();
                masking_plan(budget, steps, queries, values, &sources, images, seed)
            }
            RobustnessRequest::Plan(plan) => plan,
        };
        let network = classifier.network();
        for (_, source) in &sources {
            source.network().config().check_images(&data.test).map_err(throw)?;
        }
        network.config().check_images(&data.test).map_err(throw)?;
        let (classes, device) = (network.config().classes, network.device());
        Robustness::new(data, plan, classifier, sources, classes, device).map_err(throw)
    }
}
