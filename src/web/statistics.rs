//! Reports of two models, put side by side: what the page asks once the engines have done their work. A module of its own:
//! it computes nothing on a device, and the engines stay small.

use super::message::{from_js, text, throw, to_js};
use crate::experiment::{
    Check, Comparison, ConditionComparison, Point, Report, ResponseReport, RobustnessReport, Row, SavedRun,
    SmoothnessComparison, SmoothnessReport, SurveyReport, SurveyRow, TransferReport, checks,
    compare as compare_reports, compare_responses, compare_smoothness, compare_surveys, compare_transfers,
    curve as compare_curves,
};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// The checks for hidden gradients, of both models.
#[derive(Tsify, Serialize)]
pub struct Masking {
    plain: Vec<Check>,
    continuity: Vec<Check>,
}

/// The verdicts at each layer.
#[derive(Tsify, Serialize)]
pub struct Layers(Vec<Vec<ConditionComparison>>);

/// Table and plain sentence for two evaluations.
#[wasm_bindgen]
pub fn compare(plain: Ts<Report>, continuity: Ts<Report>) -> Result<Ts<Comparison>, JsValue> {
    let (plain, continuity): (Report, Report) = (from_js(plain)?, from_js(continuity)?);
    to_js(&compare_reports(&plain, &continuity).map_err(throw)?)
}

/// A run that was kept or saved, as far as it is known here: nothing else passes.
#[wasm_bindgen]
pub fn read_run(run: JsValue) -> Result<Ts<SavedRun>, JsValue> {
    to_js(&SavedRun::read(&text(&run)).map_err(throw)?)
}

/// The curve of two studies of robustness, as far as both have come.
#[wasm_bindgen]
pub fn curve(plain: Ts<RobustnessReport>, continuity: Ts<RobustnessReport>) -> Result<Vec<Ts<Point>>, JsValue> {
    let (plain, continuity): (RobustnessReport, RobustnessReport) = (from_js(plain)?, from_js(continuity)?);
    compare_curves(&plain, &continuity).map_err(throw)?.iter().map(to_js).collect()
}

/// The masking checks of two finished studies.
#[wasm_bindgen]
pub fn masking(plain: Ts<RobustnessReport>, continuity: Ts<RobustnessReport>) -> Result<Ts<Masking>, JsValue> {
    let (plain, continuity): (RobustnessReport, RobustnessReport) = (from_js(plain)?, from_js(continuity)?);
    to_js(&Masking { plain: checks(&plain).map_err(throw)?, continuity: checks(&continuity).map_err(throw)? })
}

/// Two responses side by side at each layer, as far as both have come.
#[wasm_bindgen]
pub fn responses(plain: Ts<ResponseReport>, continuity: Ts<ResponseReport>) -> Result<Ts<Layers>, JsValue> {
    let (plain, continuity): (ResponseReport, ResponseReport) = (from_js(plain)?, from_js(continuity)?);
    let layers = (0..plain.layers.len()).map(|layer| compare_responses(&plain, &continuity, layer));
    to_js(&Layers(layers.collect::<Result<_, _>>().map_err(throw)?))
}

/// Two models' smoothness side by side.
#[wasm_bindgen]
pub fn smoothness(
    plain: Ts<SmoothnessReport>,
    continuity: Ts<SmoothnessReport>,
) -> Result<Ts<SmoothnessComparison>, JsValue> {
    let (plain, continuity): (SmoothnessReport, SmoothnessReport) = (from_js(plain)?, from_js(continuity)?);
    to_js(&compare_smoothness(&plain, &continuity).map_err(throw)?)
}

/// Accuracy of two models after they were moved to other pictures, as far as both have come.
#[wasm_bindgen]
pub fn transfers(plain: Ts<TransferReport>, continuity: Ts<TransferReport>) -> Result<Vec<Ts<Row>>, JsValue> {
    let (plain, continuity): (TransferReport, TransferReport) = (from_js(plain)?, from_js(continuity)?);
    compare_transfers(&plain, &continuity).map_err(throw)?.iter().map(to_js).collect()
}

/// Two surveys side by side, as far as both have come.
#[wasm_bindgen]
pub fn surveys(plain: Ts<SurveyReport>, continuity: Ts<SurveyReport>) -> Result<Vec<Ts<SurveyRow>>, JsValue> {
    let (plain, continuity): (SurveyReport, SurveyReport) = (from_js(plain)?, from_js(continuity)?);
    compare_surveys(&plain, &continuity).map_err(throw)?.iter().map(to_js).collect()
}
