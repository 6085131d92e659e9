//! One error type for the whole library.
//!
//! An [`Error`] is a stable [`Code`] for programs and a message for people. The message names the offending
//! value and what is allowed instead, so that it can be shown to a visitor unchanged; it reaches the page as
//! `{ code, message }`.

use serde::Serialize;
use std::fmt;

/// What went wrong, as a stable identifier.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// A setting lies outside its range or is not one of the choices.
    InvalidSetting,
    /// The perturbation has no meaning for these images (hue and saturation of grey pictures).
    PerturbationNeedsColor,
    /// No shipped base weights fit this dataset and model.
    NoBase,
    /// A data file is not what it says it is.
    InvalidData,
    /// A weights or checkpoint file is corrupt.
    InvalidWeights,
    /// A saved run is not what it says it is.
    InvalidRun,
    /// A weights or checkpoint file is sound, but belongs to another model.
    WeightsMismatch,
    /// Something is asked for before what it needs was loaded.
    NotReady,
    /// The loss or a gradient stopped being finite.
    Diverged,
    /// The device cannot be set up, or was lost.
    Device,
}

/// A failure that the caller can act on; see [`Code`].
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Error {
    /// Stable identifier.
    pub code: Code,
    /// One or two sentences for people.
    pub message: String,
}

impl Error {
    /// An error of the given kind.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// `name` has a value that is not in `allowed`.
    pub fn setting(name: &str, value: impl fmt::Display, allowed: impl fmt::Display) -> Self {
        Self::new(Code::InvalidSetting, format!("{name} is {value}; allowed is {allowed}."))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A result with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;
