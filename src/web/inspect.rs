//! Attacks and saliency on the loaded models.

use super::engine::{Engine, Slot, not_ready};
use super::message::{from_js, throw, to_js};
use crate::attack::{Attack, Budget, Norm, Victim};
use crate::experiment::{
    Change, Class, Plan, Responding, Response, ResponseReport, Robustness, RobustnessReport, Smoothing, Smoothness,
    SmoothnessReport, Source, Survey, SurveyReport, Surveying, Transfer, TransferReport, Transferring, curve_plan,
    example, explain, masking_plan, randomised,
};
use crate::saliency::Method;
use crate::seed::Seed;
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[derive(Deserialize)]
struct ExampleRequest {
    index: usize,
    attack: Attack,
    budget: Budget,
    seed: Seed,
}

#[derive(Deserialize)]
struct ExplainRequest {
    index: usize,
    methods: Vec<Method>,
    #[serde(default)]
    class: Class,
    change: Change,
    seed: Seed,
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
struct Progress<'a, R> {
    done: usize,
    units: usize,
    report: Option<&'a R>,
}

#[wasm_bindgen]
impl Engine {
    /// Attacks one test image on both models.
    pub async fn example(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let request: ExampleRequest = from_js(request)?;
        let [plain, continuity] = self.victims()?;
        let ExampleRequest { index, attack, budget, seed } = request;
        to_js(&example(self.data()?, &[&plain, &continuity], index, attack, budget, seed).await.map_err(throw)?)
    }

    /// Explains one test image on both models, before and after a change.
    pub async fn explain(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let request: ExplainRequest = from_js(request)?;
        let [plain, continuity] = self.victims()?;
        let ExplainRequest { index, methods, class, change, seed } = request;
        let victims = [&plain, &continuity];
        to_js(&explain(self.data()?, &victims, index, &methods, class, &change, seed).await.map_err(throw)?)
    }

    /// Begins a study of the model in `slot`; the other models that are loaded serve as sources of transfer.
    pub fn begin_robustness(&mut self, slot: JsValue, request: JsValue) -> Result<JsValue, JsValue> {
        let slot: Slot = from_js(slot)?;
        let request: RobustnessRequest = from_js(request)?;
        let data = Rc::clone(self.data()?);
        let values = data.test.channels * data.test.height * data.test.width;
        let victim = self.victim(slot)?;
        let other = if slot == Slot::Plain { Slot::Continuity } else { Slot::Plain };
        let sources: Vec<(Source, Victim)> = [(Source::Other, other), (Source::Base, Slot::Base)]
            .into_iter()
            .filter_map(|(source, slot)| self.victim(slot).ok().map(|victim| (source, victim)))
            .collect();
        let plan: Plan = match request {
            RobustnessRequest::Curve { attack, norm, images, seed } => curve_plan(attack, norm, values, images, seed),
            RobustnessRequest::Masking { budget, steps, queries, images, seed } => {
                let sources: Vec<Source> = sources.iter().map(|(source, _)| *source).collect();
                masking_plan(budget, steps, queries, values, &sources, images, seed)
            }
            RobustnessRequest::Plan(plan) => plan,
        };
        let network = victim.network();
        for (_, source) in &sources {
            source.network().config().check_images(&data.test).map_err(throw)?;
        }
        network.config().check_images(&data.test).map_err(throw)?;
        let (classes, device) = (network.config().classes, network.device());
        let run = Robustness::new(data, plan, victim, sources, classes, device).map_err(throw)?;
        let (done, units) = run.progress();
        self.robustness = Some(run);
        to_js(&Progress::<RobustnessReport> { done, units, report: None })
    }

    /// Does one unit of the study. One that finishes a trial brings the report so far.
    pub async fn advance_robustness(&mut self) -> Result<JsValue, JsValue> {
        let run = self.robustness.as_mut().ok_or_else(|| not_ready("No study was begun."))?;
        let whole = run.advance().await.map_err(throw)?;
        let (done, units) = run.progress();
        let report = whole.then(|| run.report());
        if done == units {
            self.robustness = None;
        }
        to_js(&Progress { done, units, report: report.as_ref() })
    }

    /// Begins a survey of the saliency of the model in `slot`.
    pub fn begin_survey(&mut self, slot: JsValue, survey: JsValue) -> Result<JsValue, JsValue> {
        let (slot, survey): (Slot, Survey) = (from_js(slot)?, from_js(survey)?);
        let victim = self.victim(slot)?;
        let random = randomised(victim.network(), survey.seed);
        let run = Surveying::new(Rc::clone(self.data()?), survey, victim, random).map_err(throw)?;
        let (done, units) = run.progress();
        self.survey = Some(run);
        to_js(&Progress::<SurveyReport> { done, units, report: None })
    }

    /// Does one image of the survey. Every tenth and the last one bring the report so far.
    pub async fn advance_survey(&mut self) -> Result<JsValue, JsValue> {
        let run = self.survey.as_mut().ok_or_else(|| not_ready("No survey was begun."))?;
        run.advance().await.map_err(throw)?;
        let (done, units) = run.progress();
        let report = (done % 10 == 0 || done == units).then(|| run.report());
        to_js(&Progress { done, units, report })
    }

    /// Begins to ask how the model in `slot` responds to conditions.
    pub fn begin_response(&mut self, slot: JsValue, asked: JsValue) -> Result<JsValue, JsValue> {
        let (slot, asked): (Slot, Response) = (from_js(slot)?, from_js(asked)?);
        let run = Responding::new(Rc::clone(self.data()?), asked, self.victim(slot)?).map_err(throw)?;
        let (done, units) = run.progress();
        self.response = Some(run);
        to_js(&Progress::<ResponseReport> { done, units, report: None })
    }

    /// Does one unit of it. One that finishes a condition brings the report so far.
    pub async fn advance_response(&mut self) -> Result<JsValue, JsValue> {
        let run = self.response.as_mut().ok_or_else(|| not_ready("No study was begun."))?;
        let whole = run.advance().await.map_err(throw)?;
        let (done, units) = run.progress();
        to_js(&Progress { done, units, report: whole.then(|| run.report()) })
    }

    /// Begins to measure how smooth the model in `slot` is.
    pub fn begin_smoothness(&mut self, slot: JsValue, asked: JsValue) -> Result<JsValue, JsValue> {
        let (slot, asked): (Slot, Smoothness) = (from_js(slot)?, from_js(asked)?);
        let run = Smoothing::new(Rc::clone(self.data()?), asked, self.victim(slot)?).map_err(throw)?;
        let (done, units) = run.progress();
        self.smoothness = Some(run);
        to_js(&Progress::<SmoothnessReport> { done, units, report: None })
    }

    /// Measures some more images; the last ones bring the report.
    pub async fn advance_smoothness(&mut self) -> Result<JsValue, JsValue> {
        let run = self.smoothness.as_mut().ok_or_else(|| not_ready("No study was begun."))?;
        run.advance().await.map_err(throw)?;
        let (done, units) = run.progress();
        to_js(&Progress { done, units, report: (done == units).then(|| run.report()) })
    }

    /// Begins to move the model in `slot` to the loaded pictures, which are not those that it was trained on.
    pub fn begin_transfer(&mut self, slot: JsValue, asked: JsValue) -> Result<JsValue, JsValue> {
        let (slot, asked): (Slot, Transfer) = (from_js(slot)?, from_js(asked)?);
        let (data, device) = (Rc::clone(self.data()?), self.device.clone());
        let run = Transferring::new(data, asked, self.slot(slot)?, device).map_err(throw)?;
        let (done, units) = run.progress();
        self.transfer = Some(run);
        to_js(&Progress::<TransferReport> { done, units, report: None })
    }

    /// Does one unit of it. One that finishes a part brings the report so far.
    pub async fn advance_transfer(&mut self) -> Result<JsValue, JsValue> {
        let run = self.transfer.as_mut().ok_or_else(|| not_ready("No study was begun."))?;
        let whole = run.advance().await.map_err(throw)?;
        let (done, units) = run.progress();
        to_js(&Progress { done, units, report: whole.then(|| run.report()) })
    }
}

impl Engine {
    fn victims(&self) -> Result<[Victim; 2], JsValue> {
        Ok([self.victim(Slot::Plain)?, self.victim(Slot::Continuity)?])
    }
}
