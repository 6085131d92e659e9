//! Every check of the repository, in order of cost; stops at the first failure and says how to repeat it.

use std::time::Instant;

use anyhow::{Result, anyhow, bail};
use xshell::Shell;

use crate::help::Help as _;
use crate::stages::{self, Run, Stage};

/// Runs the named stages, or all of them; `skip_browser` leaves out those that need a browser.
pub fn run(sh: Shell, names: &[String], skip_browser: bool) -> Result<()> {
    let (stages, skipped) = choose(names, skip_browser)?;
    let run = Run::new(sh, stages.iter().any(|stage| stage.needs_chromium()));
    for (index, stage) in stages.iter().enumerate() {
        let name = stage.name;
        println!("\n[{}/{}] {name}", index + 1, stages.len());
        let start = Instant::now();
        let outcome = (stage.run)(&run);
        let seconds = start.elapsed().as_secs_f64();
        match outcome {
            Ok(note) => println!("{name}: passed in {seconds:.1} s{note}"),
            Err(error) => {
                println!("{name}: FAILED after {seconds:.1} s");
                eprintln!("error: {error:#}\nrepeat: cargo xtask test {name}");
                println!("{index} passed, 1 failed");
                bail!("stage {name} failed");
            }
        }
    }
    if !skipped.is_empty() {
        println!("\nNOT RUN: {} (--skip-browser)", stages::names(&skipped).join(", "));
    }
    println!("\n{} passed, 0 failed", stages.len());
    Ok(())
}

/// Builds the page, and writes what its figures find with the default settings.
pub fn figures(sh: Shell) -> Result<()> {
    let run = Run::new(sh, true);
    run.set_up()?;
    run.dist()?;
    run.figures()
}

type Stages = Vec<&'static Stage>;

/// The stages to run, in their own order, and those left out. Set-up joins when a chosen stage needs it.
fn choose(names: &[String], skip_browser: bool) -> Result<(Stages, Stages)> {
    let all = || stages::ALL.iter();
    let named = |stage: &&Stage| names.iter().any(|name| name == stage.name);
    if let Some(unknown) = names.iter().find(|name| all().all(|stage| stage.name != **name)) {
        let known = stages::names(&Vec::from_iter(all())).join(" ");
        return Err(anyhow!("unknown stage `{unknown}`")).help(format!("the stages: {known}"));
    }
    let set_up = all().filter(named).any(Stage::needs_chromium);
    let wanted = |stage: &&Stage| match names {
        [] => stage.by_default(),
        _ => named(stage) || (stage.name == "setup" && set_up),
    };
    let (skipped, stages) = all().filter(wanted).partition(|stage| skip_browser && stage.needs_browser());
    Ok((stages, skipped))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(line: &str, skip_browser: bool) -> String {
        let names: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let (stages, skipped) = choose(&names, skip_browser).unwrap();
        format!("{} | {}", stages::names(&stages).join(" "), stages::names(&skipped).join(" "))
    }

    #[test]
    fn all_stages_by_default() {
        assert_eq!(
            chosen("", false),
            "setup data fmt scripts deny lint native wasm webgpu dist browser generators firefox webkit | "
        );
        assert_eq!(
            chosen("", true),
            "setup data fmt scripts deny lint native dist | wasm webgpu browser generators firefox webkit"
        );
    }

    #[test]
    fn named_stages_keep_their_order_and_bring_their_tools() {
        assert_eq!(chosen("lint fmt", false), "fmt lint | ");
        assert_eq!(chosen("browser dist", false), "setup dist browser | ");
        assert_eq!(chosen("soak", false), "setup soak | ");
        assert!(choose(&["fmtt".to_owned()], false).unwrap_err().to_string().contains("unknown stage `fmtt`"));
    }
}
