//! What crosses the door: plain objects in both directions, and errors.

use super::value::Value;
#[cfg(not(feature = "statistics"))]
use crate::config::Settings;
use crate::error::{Code, Error};
use js_sys::JSON;
use serde::{Serialize, de::DeserializeOwned};
use tsify::{Ts, Tsify};
use wasm_bindgen::JsValue;

/// An error as the object `{ code, message }`.
pub(super) fn throw(error: Error) -> JsValue {
    error.serialize(Value).unwrap_or_else(|_| JsValue::from_str(&error.message))
}

/// A Rust value as a plain object; what is not finite becomes `null`.
pub(super) fn to_js<T: Serialize + Tsify>(value: &T) -> Result<Ts<T>, JsValue> {
    to_js_as(value)
}

/// The same, declared as another type that looks alike.
pub(super) fn to_js_as<T: Tsify>(value: &impl Serialize) -> Result<Ts<T>, JsValue> {
    let sent = value
        .serialize(Value)
        .map_err(|reason| throw(Error::new(Code::NotReady, format!("A message cannot be sent: {reason}."))))?;
    Ok(Ts::new_unchecked(sent))
}

/// A plain object as a Rust value.
pub(super) fn from_js<T: DeserializeOwned + Tsify>(value: Ts<T>) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value.into()).map_err(|reason| {
        // It is an error of JavaScript, which names its kind.
        let reason = reason.to_string();
        let reason = reason.strip_prefix("Error: ").unwrap_or(&reason);
        throw(Error::new(Code::InvalidSetting, format!("What was asked for cannot be read: {reason}.")))
    })
}

/// Settings, or which of them cannot be read: as text, as they stand in a checkpoint, which the engine reads anyway.
#[cfg(not(feature = "statistics"))]
pub(super) fn settings(value: Ts<Settings>) -> Result<Settings, JsValue> {
    Settings::read(&text(&value.into())).map_err(throw)
}

/// A plain object as text; nothing for what is none. Text from a file has a bound on how deep it goes.
pub(super) fn text(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}
