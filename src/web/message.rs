//! Plain objects in both directions, as JSON on the way: one format for messages, files and settings.

use crate::config::reason;
use crate::error::{Code, Error};
use js_sys::JSON;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

/// An error as the object `{ code, message }`.
pub(super) fn throw(error: Error) -> JsValue {
    serialize(&error).unwrap_or_else(|_| JsValue::from_str(&error.message))
}

/// A Rust value as a plain object; what is not finite becomes `null`.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    serialize(value).map_err(|reason| throw(Error::new(Code::NotReady, format!("A message cannot be sent: {reason}."))))
}

/// A plain object as a Rust value.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_json::from_str(&text(&value)).map_err(|error| {
        throw(Error::new(Code::InvalidSetting, format!("What was asked for cannot be read: {}.", reason(&error))))
    })
}

/// A plain object as JSON.
pub(super) fn text(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn serialize(value: &impl Serialize) -> Result<JsValue, String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    JSON::parse(&text).map_err(|_| "it is no JSON".to_owned())
}
