//! Nudges, attacks and saliency: one picture, a test picture or the visitor's own, and both loaded models.

use super::engine::{Engine, Slot, not_ready};
use super::message::{from_js, throw, to_js};
use crate::attack::{Attack, Budget};
use crate::experiment::{Answer, Change, Class, Nudge, Quantity, example, explain, nudge, nudge_rates, triplets};
use crate::model::{Classifier, Network, Track};
use crate::perturb::Perturbation;
use crate::saliency::Method;
use crate::seed::Seed;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

#[derive(Deserialize)]
struct NudgeRequest {
    index: usize,
    #[serde(default)]
    own_picture: bool,
    perturbation: Perturbation,
    seed: Seed,
}

#[derive(Deserialize)]
struct RatesRequest {
    perturbation: Perturbation,
    seed: Seed,
    images: usize,
}

#[derive(Serialize)]
struct Pair<T> {
    plain: T,
    continuity: T,
}

#[derive(Serialize)]
struct NudgeReply {
    #[serde(flatten)]
    nudge: Nudge,
    models: Pair<Answer>,
}

#[derive(Serialize)]
struct RatesReply {
    n: usize,
    #[serde(flatten)]
    flips: Pair<Quantity>,
}

#[derive(Deserialize)]
struct ExampleRequest {
    index: usize,
    #[serde(default)]
    own_picture: bool,
    attack: Attack,
    budget: Budget,
    seed: Seed,
}

#[derive(Deserialize)]
struct ExplainRequest {
    index: usize,
    #[serde(default)]
    own_picture: bool,
    methods: Vec<Method>,
    #[serde(default)]
    class: Class,
    change: Change,
    seed: Seed,
}

#[wasm_bindgen]
impl Engine {
    /// Nudges one image; both loaded models answer.
    pub async fn nudge(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let request: NudgeRequest = from_js(request)?;
        let [plain, continuity] = self.pair()?;
        let data = self.pictures(request.own_picture)?;
        let mut nudge = nudge(data, &[&plain, &continuity], request.index, &request.perturbation, request.seed)
            .await
            .map_err(throw)?;
        let mut answers = std::mem::take(&mut nudge.answers).into_iter();
        let (Some(plain), Some(continuity)) = (answers.next(), answers.next()) else {
            return Err(not_ready("A model gave no answer."));
        };
        to_js(&NudgeReply { nudge, models: Pair { plain, continuity } })
    }

    /// How often both loaded models change their answer on the first test images.
    pub async fn nudge_rates(&self, request: JsValue) -> Result<JsValue, JsValue> {
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
    pub async fn example(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let request: ExampleRequest = from_js(request)?;
        let [plain, continuity] = self.classifiers()?;
        let ExampleRequest { index, own_picture, attack, budget, seed } = request;
        let data = self.pictures(own_picture)?;
        to_js(&example(data, &[&plain, &continuity], index, attack, budget, seed).await.map_err(throw)?)
    }

    /// Explains one image on both models, before and after a change.
    pub async fn explain(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let request: ExplainRequest = from_js(request)?;
        let [plain, continuity] = self.classifiers()?;
        let ExplainRequest { index, own_picture, methods, class, change, seed } = request;
        let classifiers = [&plain, &continuity];
        let data = self.pictures(own_picture)?;
        to_js(&explain(data, &classifiers, index, &methods, class, &change, seed).await.map_err(throw)?)
    }

    /// The pictures of some triplets of a response.
    pub async fn triplets(&self, asked: JsValue) -> Result<JsValue, JsValue> {
        to_js(&triplets(self.data()?, &from_js(asked)?, &self.device).await.map_err(throw)?)
    }
}

impl Engine {
    /// The loaded pair, ready to answer.
    fn pair(&self) -> Result<[Network; 2], JsValue> {
        let network = |slot| -> Result<Network, JsValue> {
            let weights = self.slot(slot)?;
            Ok(Network::new(&weights.config, Tensor::from_data(&weights.values[..], &self.device), Track::Nothing))
        };
        Ok([network(Slot::Plain)?, network(Slot::Continuity)?])
    }

    fn classifiers(&self) -> Result<[Classifier; 2], JsValue> {
        Ok([self.classifier(Slot::Plain)?, self.classifier(Slot::Continuity)?])
    }
}
