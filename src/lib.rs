//! Semantic continuity: fine-tune a classifier with and without the constraint
//! `Loss = CE(f(x), y) + α · DS(f(x), f(P(x)))` of arXiv 2011.09789 and compare the two, natively or in a browser.
//!
//! The rooms, in the order in which data flows:
//!
//! - [`choice`]: closed sets of choices; [`reading`]: units, and which direction is better; [`seed`]: all randomness
//!   from one number; [`error`]: one error type; `tensor`: what is read from a device.
//! - [`config`]: every choice of a run as data.
//! - [`data`]: labelled images and batches, `[n, c, h, w]`, f32 in 0..1.
//! - [`kernel`]: convolutions and pooling, faster than burn's where their shape is known.
//! - [`model`]: the classifiers; normalisation is theirs alone.
//! - [`perturb`]: P(x), changes that mean nothing.
//! - [`continuity`]: DS, the distance between answers.
//! - [`train`]: objective, optimiser, training loop, checkpoints.
//! - [`attack`]: adversarial examples, evaluated by a harness.
//! - [`saliency`]: where a classifier looks, and how such maps are measured.
//! - [`experiment`]: numbers with n, interval and seed: of one picture, of runs over many, of two models side by side.
//! - `catalogue`: what the page must know of all of these, as files (native builds only).
//! - `study`: many models over many seeds, and which claims hold (native builds only).
//! - `web`: the only room that knows the browser (wasm builds only).

/// The example of the front door holds, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod attack;
#[cfg(not(target_family = "wasm"))]
pub mod catalogue;
pub mod choice;
pub mod config;
pub mod continuity;
pub mod data;
pub mod error;
pub mod experiment;
pub mod kernel;
pub mod model;
pub mod perturb;
pub mod reading;
pub mod saliency;
pub mod seed;
#[cfg(not(target_family = "wasm"))]
pub mod study;
mod tensor;
pub mod train;
#[cfg(target_family = "wasm")]
#[expect(clippy::missing_errors_doc, reason = "a door: it throws what the rooms behind it say")]
pub mod web;

pub use tensor::Pixels;
