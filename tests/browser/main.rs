//! The built page in a real browser, driven like a visitor would: `cargo xtask test browser firefox webkit`.
//!
//! A test starts a driver, a browser with an empty profile and a server that sends the strictest headers the page
//! promises to run under, and ends with a clean console. What lies behind shadow roots is found by paths joined with
//! `>>>`; see `harness/visitor.js`.
#![cfg(not(target_family = "wasm"))]

mod accessibility;
mod address;
mod appearance;
mod claims;
mod commands;
mod expert;
mod facilities;
mod faults;
mod fool;
mod harness;
mod history;
mod inspect;
mod lesson;
mod look;
mod mishaps;
mod nudge;
mod offline;
mod own_cases;
mod own_data;
mod own_picture;
mod paper;
mod prepared;
mod runs;
mod saved_runs;
mod settings;
mod smoothness;
mod storage;
mod threadless;
mod training;
mod undefined;
mod under_way;
mod walls;
