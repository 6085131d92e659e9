//! Nudges, attacks and saliency: one picture, a test picture or the visitor's own, and both loaded models.

use super::engine::{Engine, not_ready};
use super::message::{from_js, throw, to_js};
use super::protocol::{
    ExampleRequest, ExplainRequest, LimitsRequest, NudgeReply, NudgeRequest, Pair, RatesReply, RatesRequest, Slot,
    Subject, TripletsReply,
};
use crate::experiment::{
    Example, Explanation, Limits, Picture, Quantity, Triplets, example, explain, limits, nudge, nudge_rates, triplets,
};
use crate::model::{Classifier, Network};
use tsify::Ts;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Engine {
    /// A picture as it is.
    pub fn picture(&self, subject: Ts<Subject>) -> Result<Ts<Picture>, JsValue> {
        let (data, index) = self.subject(from_js(subject)?)?;
        to_js(&Picture::of(data, index).map_err(throw)?)
    }

    /// Nudges one image; both loaded models answer.
    pub async fn nudge(&self, request: Ts<NudgeRequest>) -> Result<Ts<NudgeReply>, JsValue> {
        let request: NudgeRequest = from_js(request)?;
        let [plain, continuity] = self.pair()?;
        let NudgeRequest { subject, perturbation, seed } = request;
        let (data, index) = self.subject(subject)?;
        let mut nudge = nudge(data, &[&plain, &continuity], index, &perturbation, seed).await.map_err(throw)?;
        let mut answers = std::mem::take(&mut nudge.answers).into_iter();
        let (Some(plain), Some(continuity)) = (answers.next(), answers.next()) else {
            return Err(not_ready("A model gave no answer."));
        };
        to_js(&NudgeReply { nudge, models: Pair { plain, continuity } })
    }

    /// How often both loaded models change their answer on the first test images.
    pub async fn nudge_rates(&self, request: Ts<RatesRequest>) -> Result<Ts<RatesReply>, JsValue> {
        let request: RatesRequest = from_js(request)?;
        let [plain, continuity] = self.pair()?;
        let rates =
            nudge_rates(self.data()?, &[&plain, &continuity], request.images, &request.perturbation, request.seed)
                .await
                .map_err(throw)?;
        let Ok([plain, continuity]) = <[Quantity; 2]>::try_from(rates.flips) else {
            return Err(not_ready("A model gave no answer."));
        };
        to_js(&RatesReply { n: rates.n, flips: Pair { plain, continuity } })
    }

    /// Attacks one image on both models.
    pub async fn example(&self, request: Ts<ExampleRequest>) -> Result<Ts<Example>, JsValue> {
        let request: ExampleRequest = from_js(request)?;
        let [plain, continuity] = self.classifiers()?;
        let ExampleRequest { subject, attack, budget, seed } = request;
        let (data, index) = self.subject(subject)?;
        to_js(&example(data, &[&plain, &continuity], index, attack, budget, seed).await.map_err(throw)?)
    }

    /// How far both models hold on one image.
    pub async fn limits(&self, request: Ts<LimitsRequest>) -> Result<Ts<Limits>, JsValue> {
        let request: LimitsRequest = from_js(request)?;
        let [plain, continuity] = self.classifiers()?;
        let LimitsRequest { subject, attack, norm, most, seed } = request;
        let (data, index) = self.subject(subject)?;
        to_js(&limits(data, &[&plain, &continuity], index, attack, norm, most, seed).await.map_err(throw)?)
    }

    /// Explains one image on both models, before and after a change.
    pub async fn explain(&self, request: Ts<ExplainRequest>) -> Result<Ts<Explanation>, JsValue> {
        let request: ExplainRequest = from_js(request)?;
        let [plain, continuity] = self.classifiers()?;
        let ExplainRequest { subject, methods, class, change, seed } = request;
        let classifiers = [&plain, &continuity];
        let (data, index) = self.subject(subject)?;
        to_js(&explain(data, &classifiers, index, &methods, class, &change, seed).await.map_err(throw)?)
    }

    /// The pictures of some triplets of a response.
    pub async fn triplets(&self, asked: Ts<Triplets>) -> Result<Ts<TripletsReply>, JsValue> {
        to_js(&TripletsReply(triplets(self.data()?, &from_js(asked)?, &self.device).await.map_err(throw)?))
    }
}

impl Engine {
    /// The loaded pair, ready to answer.
    fn pair(&self) -> Result<[Network; 2], JsValue> {
        Ok([self.network(Slot::Plain)?, self.network(Slot::Continuity)?])
    }

    fn classifiers(&self) -> Result<[Classifier; 2], JsValue> {
        Ok([self.classifier(Slot::Plain)?, self.classifier(Slot::Continuity)?])
    }
}
