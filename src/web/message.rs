//! Plain objects in both directions.

use crate::error::{Code, Error};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

/// An error as the object `{ code, message }`.
pub(super) fn throw(error: Error) -> JsValue {
    serialize(&error).unwrap_or_else(|_| JsValue::from_str(&error.message))
}

/// A Rust value as a plain object.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    serialize(value).map_err(|error| throw(Error::new(Code::NotReady, format!("A message cannot be sent: {error}."))))
}

/// A plain object as a Rust value.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| throw(Error::new(Code::InvalidSetting, format!("A message cannot be read: {error}."))))
}

fn serialize(value: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}
