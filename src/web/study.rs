//! Studies of one loaded model over many pictures, pulled unit by unit. An engine has one at a time.

use super::engine::{Engine, not_ready};
use super::message::{from_js, throw, to_js_as};
use super::protocol::{RobustnessRequest, Slot, StudyProgress, StudyRequest};
use crate::error::Result;
use crate::experiment::checkpoint::Resumable;
use crate::experiment::{
    Responding, Robustness, RobustnessPlan, Run, Smoothing, Source, Surveying, Transferring, curve_plan, masking_plan,
    randomised,
};
use crate::model::Classifier;
use js_sys::Uint8Array;
use serde::Serialize;
use std::pin::Pin;
use std::rc::Rc;
use tsify::Ts;
use wasm_bindgen::prelude::*;

/// A study under way, whichever it is.
pub(super) trait Study {
    /// Does one unit; true when there is something new to report.
    fn advance(&mut self) -> Pin<Box<dyn Future<Output = Result<bool>> + '_>>;

    /// How far it has come, with the report so far if that is wanted.
    fn reply(&self, with_report: bool) -> std::result::Result<Ts<StudyProgress>, JsValue>;

    fn is_over(&self) -> bool;

    fn checkpoint(&mut self) -> Vec<u8>;
}

impl<R: Resumable> Study for R
where
    R::Report: Serialize,
{
    fn advance(&mut self) -> Pin<Box<dyn Future<Output = Result<bool>> + '_>> {
        Box::pin(Run::advance(self))
    }

    fn reply(&self, with_report: bool) -> std::result::Result<Ts<StudyProgress>, JsValue> {
        let (done, units) = self.progress();
        to_js_as(&Reply { done, units, report: with_report.then(|| self.report()) })
    }

    fn is_over(&self) -> bool {
        let (done, units) = self.progress();
        done == units
    }

    fn checkpoint(&mut self) -> Vec<u8> {
        Resumable::checkpoint(self)
    }
}

/// The study that `run` is, from its beginning or from a checkpoint.
fn begin<R: Resumable + 'static>(run: Result<R>, checkpoint: Option<&[u8]>) -> Result<Box<dyn Study>>
where
    R::Report: Serialize,
{
    Ok(match checkpoint {
        Some(checkpoint) => Box::new(run?.resume(checkpoint)?),
        None => Box::new(run?),
    })
}

/// The same of one kind of study, borrowed.
#[derive(Serialize)]
struct Reply<R> {
    done: usize,
    units: usize,
    report: Option<R>,
}

#[wasm_bindgen]
impl Engine {
    /// Begins a study of the model in `slot`, or goes on with it from a checkpoint; one that is under way ends. The other
    /// models that are loaded serve attacks as sources of transfer.
    pub fn begin_study(
        &mut self,
        slot: Ts<Slot>,
        request: Ts<StudyRequest>,
        checkpoint: Option<Vec<u8>>,
    ) -> std::result::Result<Ts<StudyProgress>, JsValue> {
        let (slot, request): (Slot, StudyRequest) = (from_js(slot)?, from_js(request)?);
        let data = Rc::clone(self.data()?);
        let from = checkpoint.as_deref();
        let study = match request {
            StudyRequest::Robustness(request) => begin(Ok(self.robustness(slot, request)?), from),
            StudyRequest::Survey(survey) => {
                let classifier = self.classifier(slot)?;
                let random = randomised(classifier.network(), survey.seed);
                begin(Surveying::new(data, survey, classifier, random), from)
            }
            StudyRequest::Response(asked) => begin(Responding::new(data, asked, self.classifier(slot)?), from),
            StudyRequest::Smoothness(asked) => begin(Smoothing::new(data, asked, self.classifier(slot)?), from),
            StudyRequest::Transfer(asked) => {
                begin(Transferring::new(data, asked, self.slot(slot)?, self.device.clone()), from)
            }
        };
        let study = study.map_err(throw)?;
        let reply = study.reply(false);
        self.study = Some(study);
        reply
    }

    /// What the study has found so far, for [`Engine::begin_study`] of another engine; nothing once it is over.
    pub fn study_checkpoint(&mut self) -> Option<Uint8Array> {
        self.study.as_mut().map(|study| Uint8Array::from(&study.checkpoint()[..]))
    }

    /// Does one unit of the study. When there is something new, it brings the report so far.
    pub async fn advance_study(&mut self) -> std::result::Result<Ts<StudyProgress>, JsValue> {
        let study = self.study.as_mut().ok_or_else(|| not_ready("No study was begun."))?;
        let news = study.advance().await.map_err(throw)?;
        let reply = study.reply(news);
        if study.is_over() {
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
        let plan: RobustnessPlan = match request {
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
