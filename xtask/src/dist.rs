//! The static page: one release build, then its sizes, its budgets and its references.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use xshell::Shell;

use crate::help::Help as _;
use crate::page::{Page, Profile};
use crate::{address, bundle, declarations, files, links, node, offline, setup, sizes, widgets};

/// Said before the engines are compiled.
const COMPILING: &str = "The engines are compiled, for the CPU, for WebGPU and for statistics: \
    the first time this takes about a quarter of an hour on two cores.";

/// Where the page goes when nobody says otherwise.
pub const FOLDER: &str = "dist";

/// Sets up and builds into `folder`, for previews of links to `url`; with `check` a part over budget is a failure.
pub fn run(sh: &Shell, folder: Option<PathBuf>, url: Option<&str>, check: bool) -> Result<()> {
    // What the user names counts from where the command is given.
    let folder = folder.map_or_else(|| Ok(sh.current_dir().join(FOLDER)), std::path::absolute)?;
    refuse_to_clear(&sh.current_dir(), &folder)?;
    setup::wasm_target(sh)?;
    build(sh, &folder, check)?;
    let Some(url) = url else { return Ok(()) };
    let index = folder.join("index.html");
    Ok(fs_err::write(&index, address::announce(&fs_err::read_to_string(&index)?, url)?)?)
}

/// Builds, and reports.
pub fn build(sh: &Shell, folder: &Path, check: bool) -> Result<()> {
    // Better said now than after a quarter of an hour.
    node::ensure(sh)?;
    println!("{COMPILING}");
    let root = sh.current_dir();
    let page = Page::read(&root)?;
    sh.remove_path(folder)?;
    sh.create_dir(folder)?;
    page.copy(&root, folder, "")?;
    for engine in &page.engines {
        engine.build(sh, Profile::Release, folder)?;
    }

    declarations::update(folder, &sh.current_dir().join("pkg"), check)?;
    let graph = bundle::run(sh, folder)?;
    offline::write(folder, &graph)?;
    let assets = sizes::measure(folder, &graph)?;
    let widgets = widgets::measure(&sh.current_dir().join("www"), &graph, &assets)?;
    println!("\n{}\n{}", sizes::table(&assets), widgets::table(&widgets));

    for name in ["index.html", "embed.html", "lesson.html"] {
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

/// The folder is emptied: refuse one that holds anything but an earlier page.
fn refuse_to_clear(root: &Path, folder: &Path) -> Result<()> {
    let remedy = "choose a new or empty folder, or one that holds an earlier build of the page";
    if root.starts_with(folder) {
        return Err(anyhow!("--dist {} would empty the repository", folder.display())).help(remedy);
    }
    if !folder.exists() || folder.join("index.html").is_file() && folder.join("engine").is_dir() {
        return Ok(());
    }
    if files::walk(folder)?.is_empty() {
        return Ok(());
    }
    Err(anyhow!("--dist {} holds something else, and would be emptied", folder.display())).help(remedy)
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
        std::fs::create_dir(temp.0.join("empty")).unwrap();
        for free in ["new", "page", "empty", "repository/dist"] {
            assert!(refuse_to_clear(&root, &temp.0.join(free)).is_ok(), "{free}");
        }
        for held in ["mine", "repository", ""] {
            assert!(refuse_to_clear(&root, &temp.0.join(held)).is_err(), "{held}");
        }
    }
}
