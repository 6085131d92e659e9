//! The door to the page: an [`Engine`] in a worker, plain objects in and out, errors as `{ code, message }`.
//!
//! This is the only room that knows wasm-bindgen. It translates; it decides nothing. Long work is cut into units that
//! the worker pulls ([`Engine::advance`], [`Engine::advance_evaluation`]), so that messages get through in between.
//! One instance of the module serves one lane, one request at a time.

mod device;
mod engine;
mod inspect;
mod message;

pub use engine::Engine;

use crate::config::Settings;
use crate::experiment::Report;
use message::{from_js, to_js};
use wasm_bindgen::prelude::*;

/// Table and plain sentence for two reports of [`Engine::advance_evaluation`].
#[wasm_bindgen]
pub fn compare(plain: JsValue, continuity: JsValue) -> Result<JsValue, JsValue> {
    let (plain, continuity): (Report, Report) = (from_js(plain)?, from_js(continuity)?);
    to_js(&crate::experiment::compare(&plain, &continuity).map_err(message::throw)?)
}

/// Checks settings; throws what is wrong with them.
#[wasm_bindgen]
pub fn validate(settings: JsValue) -> Result<(), JsValue> {
    let settings: Settings = from_js(settings)?;
    settings.validate().map_err(message::throw)
}
