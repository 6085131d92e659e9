//! The tests of the core, one module a room. The same bodies run natively (`cargo test --test core`) and in a
//! browser's worker (`cargo test --target wasm32-unknown-unknown --test core`); only what needs a file system is
//! native alone.
//!
//! Random inputs come from the crate's own seeded streams, so a failure repeats on every machine.

mod common;

mod attack;
mod catalogue;
mod config;
mod continuity;
mod data;
mod experiment;
mod fuzz;
mod kernel;
mod model;
mod perturb;
#[cfg(not(target_family = "wasm"))]
mod rooms;
mod saliency;
mod seed;
mod train;

#[cfg(target_family = "wasm")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
