//! Reports of two models, put side by side: what the page asks once the engines have done their work. A module of its own:
//! it computes nothing on a device, and the engines stay small.

use super::message::{from_js, text, throw, to_js};
use crate::experiment::{
    Check, Report, ResponseReport, RobustnessReport, SavedRun, SmoothnessReport, SurveyReport, TransferReport, checks,
    compare as compare_reports, compare_responses, compare_smoothness, compare_surveys, compare_transfers,
    curve as compare_curves,
};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[derive(Serialize)]
struct Masking {
    plain: Vec<Check>,
    continuity: Vec<Check>,
}

/// Table and plain sentence for two evaluations.
#[wasm_bindgen]
pub fn compare(plain: JsValue, continuity: JsValue) -> Result<JsValue, JsValue> {
    let (plain, continuity): (Report, Report) = (from_js(plain)?, from_js(continuity)?);
    to_js(&compare_reports(&plain, &continuity).map_err(throw)?)
}

/// A run that was kept or saved, as far as it is known here: nothing else passes.
#[wasm_bindgen]
pub fn read_run(run: JsValue) -> Result<JsValue, JsValue> {
    to_js(&SavedRun::read(&text(&run)).map_err(throw)?)
}

/// The curve of two studies of robustness, as far as both have come.
#[wasm_bindgen]
pub fn curve(plain: JsValue, continuity: JsValue) -> Result<JsValue, JsValue> {
    let (plain, continuity): (RobustnessReport, RobustnessReport) = (from_js(plain)?, from_js(continuity)?);
    to_js(&compare_curves(&plain, &continuity).map_err(throw)?)
}

/// The masking checks of two finished studies.
#[wasm_bindgen]
pub fn masking(plain: JsValue, continuity: JsValue) -> Result<JsValue, JsValue> {
    let (plain, continuity): (RobustnessReport, RobustnessReport) = (from_js(plain)?, from_js(continuity)?);
    to_js(&Masking { plain: checks(&plain).map_err(throw)?, continuity: checks(&continuity).map_err(throw)? })
}

/// Two responses side by side at each layer, as far as both have come.
#[wasm_bindgen]
pub fn responses(plain: JsValue, continuity: JsValue) -> Result<JsValue, JsValue> {
    let (plain, continuity): (ResponseReport, ResponseReport) = (from_js(plain)?, from_js(continuity)?);
    let layers = (0..plain.layers.len()).map(|layer| compare_responses(&plain, &continuity, layer));
    to_js(&layers.collect::<Result<Vec<_>, _>>().map_err(throw)?)
}

/// Two models' smoothness side by side.
#[wasm_bindgen]
pub fn smoothness(plain: JsValue, continuity: JsValue) -> Result<JsValue, JsValue> {
    let (plain, continuity): (SmoothnessReport, SmoothnessReport) = (from_js(plain)?, from_js(continuity)?);
    to_js(&compare_smoothness(&plain, &continuity).map_err(throw)?)
}

/// Accuracy of two models after they were moved to other pictures, as far as both have come.
#[wasm_bindgen]
pub fn transfers(plain: JsValue, continuity: JsValue) -> Result<JsValue, JsValue> {
    let (plain, continuity): (TransferReport, TransferReport) = (from_js(plain)?, from_js(continuity)?);
    to_js(&compare_transfers(&plain, &continuity).map_err(throw)?)
}

/// Two surveys side by side, as far as both have come.
#[wasm_bindgen]
pub fn surveys(plain: JsValue, continuity: JsValue) -> Result<JsValue, JsValue> {
    let (plain, continuity): (SurveyReport, SurveyReport) = (from_js(plain)?, from_js(continuity)?);
    to_js(&compare_surveys(&plain, &continuity).map_err(throw)?)
}
