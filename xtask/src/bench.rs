//! Timings of the built page beside the same work natively and by other people's libraries, in turn and in one run.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use xshell::{Shell, cmd};

use crate::browser::{Browser, FIREFOX};
use crate::command_line::Bench;
use crate::peers::Peers;
use crate::performance::{self, Findings};
use crate::process;
use crate::stages::Run;

/// How often everybody takes a turn: the speed of a machine drifts, ratios of neighbours do not.
const ROUNDS: usize = 5;
/// The same on a graphics processor, which a software adapter makes slow.
const WEBGPU_ROUNDS: usize = 3;

/// Times everything and prints it; where the peers are there, also to `docs/performance.md`.
pub fn run(sh: Shell, options: &Bench) -> Result<()> {
    let peers = if options.peers { Some(Peers::install(&sh)?) } else { Peers::present(&sh.current_dir())? };
    let document = sh.current_dir().join(performance::DOCUMENT);
    let run = Run::new(sh.clone(), true);
    run.set_up()?;
    let chromium = run.chromium()?;
    let bench = |browser: &Browser, words: &[&str]| -> Result<Vec<Value>> {
        let command = run.with_page(browser, &[&["cargo", "bench", "--bench"], words].concat())?;
        findings(match &peers {
            Some(peers) => command.env("SCL_PEERS", &peers.folder),
            None => command,
        })
    };
    let mut webgpu = Vec::new();
    for round in 0..WEBGPU_ROUNDS {
        println!("\nWebGPU, round {} of {WEBGPU_ROUNDS}", round + 1);
        let mut turns = bench(chromium, &["browser", "--", "webgpu"])?;
        if peers.is_some() {
            turns.extend(bench(chromium, &["peers", "--", "webgpu"])?);
        }
        webgpu.push(turns);
    }
    if options.webgpu {
        println!("\n{}", json!({ "machine": machine(&sh), "webgpu": webgpu }));
        return Ok(());
    }

    let firefox = Browser::ensure(&FIREFOX, |text| println!("{text}"))?;
    let mut costs = Vec::new();
    for round in 0..ROUNDS {
        println!("\nround {} of {ROUNDS}", round + 1);
        let mut turns = findings(cmd!(sh, "cargo lab bench"))?;
        for browser in [chromium, &firefox] {
            turns.extend(bench(browser, &["browser", "--", "costs"])?.into_iter().map(|turn| named(turn, browser)));
        }
        if let Some(peers) = &peers {
            turns.extend(findings(peers.pytorch(&sh))?);
            turns.extend(bench(chromium, &["peers"])?);
        }
        costs.push(turns);
    }
    let mut runs = Vec::new();
    for browser in [chromium, &firefox] {
        runs.extend(bench(browser, &["browser", "--", "run"])?.into_iter().map(|found| named(found, browser)));
    }
    let findings = Findings {
        costs,
        runs,
        first_answers: bench(chromium, &["first_answer"])?,
        webgpu,
        growth: growth(&run, chromium, peers.as_ref().map(|_| document.as_path()))?,
        memory: bench(chromium, &["browser", "--", "memory"])?,
    };
    let text = performance::document(&findings, &machine(&sh))?;
    println!("\n{text}");
    match peers {
        Some(_) => {
            fs_err::write(&document, text)?;
            println!("written to {}", document.display());
        }
        None => {
            println!("Not written: without the libraries to compare with. cargo xtask bench --peers installs them.");
        }
    }
    Ok(())
}

/// How times grow with sizes; with its plot beside the document, if that is written.
fn growth(run: &Run, chromium: &Browser, document: Option<&Path>) -> Result<Vec<Value>> {
    let command = run.with_page(chromium, &["cargo", "bench", "--bench", "growth"])?;
    let folder = document.and_then(Path::parent);
    let found = findings(match folder {
        Some(folder) => command.env("SCL_DOCS", folder),
        None => command,
    })?;
    Ok(found[0]["growth"].as_array().cloned().unwrap_or_default())
}

/// Runs `command`, its output visible; returns its lines of JSON.
fn findings(command: impl Into<Command>) -> Result<Vec<Value>> {
    let mut command = command.into();
    let output = command.stdout(Stdio::piped()).spawn().and_then(std::process::Child::wait_with_output);
    let output = output.with_context(|| format!("cannot start `{}`", process::shell_line(&command)))?;
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    ensure!(output.status.success(), "`{}` failed ({})", process::shell_line(&command), output.status);
    let found: Vec<Value> = text
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .with_context(|| format!("`{}` printed no JSON", process::shell_line(&command)))?;
    ensure!(!found.is_empty(), "`{}` found nothing", process::shell_line(&command));
    Ok(found)
}

/// What a browser found, under its name and its major version.
fn named(mut found: Value, browser: &Browser) -> Value {
    let version = browser.name.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let major = version.and_then(|version| version.split('.').next()).unwrap_or_default();
    let name = if browser.name.contains("Firefox") { "Firefox" } else { "Chromium" };
    found["of"] = format!("{name} {major}").into();
    found
}

/// Processor, cores and system, as far as the system tells.
fn machine(sh: &Shell) -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let model = fs_err::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let rustc = cmd!(sh, "rustc --version").quiet().read().unwrap_or_default();
    let rust = rustc.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let model = model.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    format!("{model}, {cores} cores, {}, {rust}", std::env::consts::OS)
}
