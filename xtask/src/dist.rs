//! The static page: one release build, then its sizes, its budgets and its references.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use xshell::Shell;

use crate::help::Help as _;
use crate::setup::{self, Toolbox};
use crate::{declarations, files, links, minify, offline, process, sizes, widgets};

/// Said before Trunk compiles, here and in `serve`.
pub const COMPILING: &str = "The engines are compiled, for the CPU, for WebGPU and for statistics: \
    the first time this takes about a quarter of an hour on two cores.";

/// Where the page goes when nobody says otherwise.
pub const FOLDER: &str = "dist";

/// Sets up and builds into `folder`; with `check` a part over budget is a failure.
pub fn run(sh: &Shell, folder: Option<PathBuf>, check: bool) -> Result<()> {
    // What the user names counts from where the command is given.
    let folder = folder.map_or_else(|| Ok(sh.current_dir().join(FOLDER)), std::path::absolute)?;
    refuse_to_clear(&sh.current_dir(), &folder)?;
    let toolbox = setup::run(sh, false)?;
    build(sh, &toolbox, &folder, check)
}

/// Builds with tools that are there, and reports.
pub fn build(sh: &Shell, toolbox: &Toolbox, folder: &Path, check: bool) -> Result<()> {
    println!("{COMPILING}");
    process::run(toolbox.trunk(sh)?.args(["build", "--release", "--dist"]).arg(folder))
        .help("see the message of Trunk or of the compiler above")?;

    declarations::update(folder, &sh.current_dir().join("pkg"), check)?;
    minify::modules(folder)?;
    offline::write(folder)?;
    let sources = sh.current_dir().join("www");
    let assets = sizes::measure(folder, &widgets::loaded_first(&sources)?)?;
    let widgets = widgets::measure(&sources, &assets)?;
    println!("\n{}\n{}", sizes::table(&assets), widgets::table(&widgets));

    for name in ["index.html", "embed.html"] {
        let html = fs_err::read_to_string(folder.join(name))?;
        let problems = links::problems(&html, |path| folder.join(path).is_file());
        if !problems.is_empty() {
            return Err(anyhow!("{name}: {}", problems.join("; "))).help(format!("correct www/{name}"));
        }
        println!("{name} loads only relative, present files.");
    }
    println!("The page is in {}", folder.display());
    match sizes::check_budgets(&assets).and_then(|()| widgets::check_budget(&widgets)) {
        Err(failure) if !check => {
            eprintln!("warning: over budget (a failure with --check)\nerror: {failure:#}");
            Ok(())
        }
        result => result,
    }
}

/// Trunk empties its output folder: refuse one that holds anything but an earlier page.
fn refuse_to_clear(root: &Path, folder: &Path) -> Result<()> {
    let remedy = "choose a new or empty folder, or one that holds an earlier build of the page";
    if root.starts_with(folder) {
        return Err(anyhow!("--dist {} would empty the repository", folder.display())).help(remedy);
    }
    if !folder.exists() || folder.join("index.html").is_file() && folder.join("engine").is_dir() {
        return Ok(());
    }
    // Trunk's own staging folder may be all that a broken build left.
    if files::walk(folder)?.iter().all(|path| path.starts_with(".stage/")) {
        return Ok(());
    }
    Err(anyhow!("--dist {} holds something else, and Trunk would empty it", folder.display())).help(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_earlier_page_is_replaced() {
        let temp = files::TempFolder::new("dist");
        let root = temp.0.join("repository");
        temp.write("repository/Cargo.toml", b"");
        temp.write("mine/thesis.txt", b"");
        temp.write("page/index.html", b"");
        temp.write("page/engine/cpu_engine.js", b"");
        temp.write("broken/.stage/a", b"");
        for free in ["new", "page", "broken", "repository/dist"] {
            assert!(refuse_to_clear(&root, &temp.0.join(free)).is_ok(), "{free}");
        }
        for held in ["mine", "repository", ""] {
            assert!(refuse_to_clear(&root, &temp.0.join(held)).is_err(), "{held}");
        }
    }
}
