//! Attacks and saliency: one picture, both loaded models.

use super::engine::{Engine, Slot};
use super::message::{from_js, throw, to_js};
use crate::attack::{Attack, Budget, Victim};
use crate::experiment::{Change, Class, example, explain, triplets};
use crate::saliency::Method;
use crate::seed::Seed;
use serde::Deserialize;
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

    /// The pictures of some triplets of a response.
    pub async fn triplets(&self, asked: JsValue) -> Result<JsValue, JsValue> {
        to_js(&triplets(self.data()?, &from_js(asked)?, &self.device).await.map_err(throw)?)
    }
}

impl Engine {
    fn victims(&self) -> Result<[Victim; 2], JsValue> {
        Ok([self.victim(Slot::Plain)?, self.victim(Slot::Continuity)?])
    }
}
