//! Bytes that nobody checked: every parser accepts or refuses them, and does not panic.
//!
//! Sound samples are damaged by a seeded stream, so that a failure repeats; natively the inputs that are kept in
//! `fuzz/corpus` come first. `SCL_FUZZ=100000` tries as many for each parser, and `SCL_CORPUS=folder` writes the
//! samples where libFuzzer can begin with them.

mod allocation;
mod mutate;
mod parsers;
mod samples;

use crate::common::everywhere;
use parsers::{PARSERS, Parser};
use semantic_continuity::seed::{Seed, Stream};

/// Damaged inputs for each parser, unless `SCL_FUZZ` says otherwise.
const TRIES: u64 = if cfg!(target_family = "wasm") { 200 } else { 1500 };

/// The most that is asked of memory at once, in bytes: beyond what the largest sound input here needs, and far below what
/// a header can name.
const MOST_AT_ONCE: usize = 16 << 20;

/// What became of the inputs of one parser.
#[derive(Debug, Default)]
struct Tally {
    accepted: u64,
    refused: u64,
    largest: usize,
}

impl Tally {
    /// Tries one input. A panic names the file in which it is kept.
    fn count(&mut self, name: &str, parser: Parser, input: &[u8]) -> bool {
        let (accepted, largest) = allocation::largest_during(|| survived(name, parser, input));
        assert!(largest <= MOST_AT_ONCE, "{name}: {largest} bytes at once for {} of input", input.len());
        *(if accepted { &mut self.accepted } else { &mut self.refused }) += 1;
        self.largest = self.largest.max(largest);
        accepted
    }
}

#[cfg(target_family = "wasm")]
fn survived(_: &str, parser: Parser, input: &[u8]) -> bool {
    parser(input)
}

#[cfg(not(target_family = "wasm"))]
fn survived(name: &str, parser: Parser, input: &[u8]) -> bool {
    std::panic::catch_unwind(|| parser(input)).unwrap_or_else(|panic| {
        let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-panics"));
        std::fs::write(&file, input).expect("the input can be kept");
        eprintln!("{name} panics on {}: mend it, and keep the file in fuzz/corpus/{name}", file.display());
        std::panic::resume_unwind(panic)
    })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Samples are accepted, what is kept does not panic, and damage is accepted or refused.
async fn holds(name: &str) {
    let parser = PARSERS.iter().find(|(known, _)| *known == name).expect("a parser has this name").1;
    let samples = samples::of(name).await;
    let mut tally = Tally::default();
    for sample in &samples {
        assert!(tally.count(name, parser, sample), "{name} refuses a sound sample");
    }
    for input in kept(name, &samples) {
        tally.count(name, parser, &input);
    }
    let tries = variable("SCL_FUZZ").map_or(TRIES, |count| count.parse().expect("SCL_FUZZ is a number"));
    for number in 0..tries {
        let mut rng = Seed(name.len() as u32).rng(Stream::Order, number);
        let (sample, other) = (rng.below(samples.len()), rng.below(samples.len()));
        tally.count(name, parser, &mutate::damaged(&samples[sample], &samples[other], &mut rng));
    }
    println!("{name}: {tally:?}");
    assert!(tally.refused > tries / 20, "{name} refuses too little to mean anything: {tally:?}");
}

/// What was kept for a parser.
#[cfg(not(target_family = "wasm"))]
fn kept(name: &str, samples: &[Vec<u8>]) -> Vec<Vec<u8>> {
    use std::fs;
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    if let Some(folder) = variable("SCL_CORPUS") {
        let folder = std::path::Path::new(&folder).join(name);
        fs::create_dir_all(&folder).expect("the folder can be made");
        let write = |(at, sample): (usize, &Vec<u8>)| fs::write(folder.join(format!("sample-{at}")), sample);
        samples.iter().enumerate().try_for_each(write).expect("samples can be written");
    }
    let files = fs::read_dir(&corpus).unwrap_or_else(|error| panic!("{}: {error}", corpus.display()));
    let kept: Vec<Vec<u8>> = files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(!kept.is_empty(), "{} is empty", corpus.display());
    kept
}

#[cfg(target_family = "wasm")]
fn kept(_: &str, _: &[Vec<u8>]) -> Vec<Vec<u8>> {
    Vec::new()
}

/// A test for each parser, so that a failure names it.
macro_rules! each {
    ($($name:ident)+) => {
        $(#[everywhere]
        async fn $name() {
            holds(stringify!($name)).await;
        })+

        #[everywhere]
        async fn every_parser_is_tried() {
            let tried = [$(stringify!($name)),+];
            let all: Vec<&str> = PARSERS.iter().map(|(name, _)| *name).collect();
            assert!(all.iter().all(|name| tried.contains(name) || NATIVE.contains(name)), "{all:?}");
        }
    };
}

each! {
    idx cifar10 pictures weights checkpoint settings perturbation
    evaluation robustness survey response smoothness transfer question study run
}

/// What browsers do not read.
const NATIVE: [&str; 3] = ["gzip", "plan", "cells"];

#[cfg(not(target_family = "wasm"))]
#[everywhere]
async fn what_is_read_natively_alone() {
    for name in NATIVE {
        holds(name).await;
    }
}
