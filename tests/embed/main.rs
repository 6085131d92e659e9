//! The figures on other people's pages, in real browsers: `cargo xtask test browser firefox`.
//!
//! A host page and the files of the lab have origins of their own, as with a CDN. Each host has the strictest policy that
//! docs/embedding.md says is enough.
#![cfg(not(target_family = "wasm"))]

#[path = "../browser/harness/mod.rs"]
mod harness;
mod host;

mod elements;
mod frames;
mod generators;
mod program;
mod snippets;
