//! Every check of the repository, in order of cost; stops at the first failure and says how to repeat it.

use std::path::Path;
use std::time::Instant;

use crate::failure::{Failure, Result};
use crate::stages::{Run, Stage};

/// Runs the named stages, or all of them; `skip_browser` leaves out those that need a browser.
pub fn run(root: &Path, names: &[String], skip_browser: bool) -> Result<()> {
    let (stages, skipped) = choose(names, skip_browser)?;
    let mut run = Run::new(root, stages.iter().any(|stage| stage.needs_chromium()));
    for (index, stage) in stages.iter().enumerate() {
        println!("\n[{}/{}] {}", index + 1, stages.len(), stage.name());
        let start = Instant::now();
        let outcome = run.stage(*stage);
        let seconds = start.elapsed().as_secs_f64();
        match outcome {
            Ok(note) => println!("{}: passed in {seconds:.1} s{note}", stage.name()),
            Err(failure) => {
                println!("{}: FAILED after {seconds:.1} s", stage.name());
                eprintln!("{failure}\nrepeat: cargo xtask test {}", stage.name());
                println!("{index} passed, 1 failed");
                return Err(Failure::new(format!("stage {} failed", stage.name())));
            }
        }
    }
    if !skipped.is_empty() {
        let names: Vec<_> = skipped.iter().map(|stage| stage.name()).collect();
        println!("\nNOT RUN: {} (--skip-browser)", names.join(", "));
    }
    println!("\n{} passed, 0 failed", stages.len());
    Ok(())
}

/// Times the page that `dist` built.
pub fn bench(root: &Path) -> Result<()> {
    let mut run = Run::new(root, true);
    run.stage(Stage::Setup)?;
    run.bench()
}

/// Builds the page, and writes what its figures find with the default settings.
pub fn figures(root: &Path) -> Result<()> {
    let mut run = Run::new(root, true);
    run.stage(Stage::Setup)?;
    run.stage(Stage::Dist)?;
    run.figures()
}

/// The stages to run, in their own order, and those left out. Set-up joins when a chosen stage needs it.
fn choose(names: &[String], skip_browser: bool) -> Result<(Vec<Stage>, Vec<Stage>)> {
    let mut wanted = Stage::ALL.to_vec();
    if names.is_empty() {
        wanted.retain(|stage| stage.by_default());
    } else {
        if let Some(unknown) = names.iter().find(|name| Stage::named(name).is_none()) {
            let known = Stage::ALL.map(Stage::name).join(" ");
            return Err(Failure::new(format!("unknown stage `{unknown}`")).help(format!("the stages: {known}")));
        }
        let named = |stage: &Stage| names.iter().any(|name| name == stage.name());
        let set_up = Stage::ALL.iter().filter(|stage| named(stage)).any(|stage| stage.needs_tools());
        wanted.retain(|stage| named(stage) || (*stage == Stage::Setup && set_up));
    }
    let (skipped, stages) = wanted.into_iter().partition(|stage: &Stage| skip_browser && stage.needs_browser());
    Ok((stages, skipped))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(line: &str, skip_browser: bool) -> String {
        let names: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let (stages, skipped) = choose(&names, skip_browser).unwrap();
        let names = |stages: Vec<Stage>| stages.into_iter().map(Stage::name).collect::<Vec<_>>().join(" ");
        format!("{} | {}", names(stages), names(skipped))
    }

    #[test]
    fn all_stages_by_default() {
        assert_eq!(
            chosen("", false),
            "setup data fmt scripts deny lint native wasm webgpu dist browser firefox webkit | "
        );
        assert_eq!(
            chosen("", true),
            "setup data fmt scripts deny lint native dist | wasm webgpu browser firefox webkit"
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
