//! skeleton
#![cfg(target_family = "wasm")]
