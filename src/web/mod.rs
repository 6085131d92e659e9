//! The door to the page: an [`Engine`] in a worker, plain objects in and out, errors as `{ code, message }`.
//!
//! This is the only room that knows wasm-bindgen. It translates; it decides nothing. Long work is cut into units that
//! the worker pulls ([`Engine::advance`], [`Engine::advance_evaluation`], [`Engine::advance_study`]), so that messages get through in between.
//! One instance of the module serves one lane, one request at a time. With the feature `statistics` there is no engine but
//! the comparison of its reports.

#[cfg(not(feature = "statistics"))]
mod device;
#[cfg(not(feature = "statistics"))]
mod engine;
#[cfg(not(feature = "statistics"))]
mod inspect;
mod message;
#[cfg(not(feature = "statistics"))]
mod protocol;
#[cfg(feature = "statistics")]
mod statistics;
#[cfg(not(feature = "statistics"))]
mod study;
mod value;
#[cfg(not(feature = "statistics"))]
mod wall;

#[cfg(not(feature = "statistics"))]
pub use engine::{Engine, validate};
#[cfg(feature = "statistics")]
pub use statistics::{compare, curve, masking, read_run, responses, smoothness, surveys, transfers};
