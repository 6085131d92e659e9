//! Generators of other people's sites, and the sites in `examples/generators` that they build with a figure of the lab:
//! MkDocs, Sphinx, Jupyter Book, Astro, and a page as somebody wrote it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::help::Help as _;
use crate::node::{self, NPM};
use crate::python::Python;
use crate::{files, process, tools};

/// The sites as they are written, and which versions build them.
const SOURCES: &str = "examples/generators";
/// The site of a generator that wants its packages beside its pages.
const ASTRO: &str = "astro";
/// What pip installs.
const REQUIREMENTS: &str = "requirements.txt";

/// Installs what is missing, and builds every site into a folder of its own; returns the folder of all of them.
pub fn build(sh: &Shell) -> Result<PathBuf> {
    let root = sh.current_dir();
    let sources = root.join(SOURCES);
    let kept = tools::folder()?.join("generators");
    sh.create_dir(&kept)?;
    let python = packages_of_python(&sources, &kept)?;
    let astro = packages_of_astro(&sources, &kept)?;

    let built = root.join("target/generators");
    sh.remove_path(&built)?;
    sh.create_dir(&built)?;
    let sh = Shell::new()?;
    sh.change_dir(&sources);
    let program = &python.program;
    let strict = ["--quiet", "--strict"];
    let site = built.join("mkdocs");
    process::run(cmd!(sh, "{program} -m mkdocs build {strict...} --config-file mkdocs/mkdocs.yml --site-dir {site}"))?;
    let (site, notes) = (built.join("sphinx"), built.join("sphinx-notes"));
    process::run(cmd!(sh, "{program} -m sphinx --quiet --fail-on-warning -d {notes} sphinx {site}"))?;
    let (site, book) = (built.join("jupyter-book"), python.script("jupyter-book"));
    process::run(cmd!(sh, "{book} build --quiet -W --path-output {site} jupyter-book"))?;
    let site = built.join(ASTRO);
    sh.change_dir(&astro);
    process::run(cmd!(sh, "{NPM} run build -- --outDir {site}").env("ASTRO_TELEMETRY_DISABLED", "1"))?;
    copy(&sources.join("raw"), &built.join("raw"))?;
    Ok(built)
}

/// A Python of our own with the packages of the list; they are installed again when it changed.
fn packages_of_python(sources: &Path, kept: &Path) -> Result<Python> {
    let wanted = fs_err::read_to_string(sources.join(REQUIREMENTS))?;
    let installed = kept.join(REQUIREMENTS);
    let python = Python::below(kept);
    if python.is_there() && fs_err::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        println!("MkDocs, Sphinx and Jupyter Book: present");
        return Ok(python);
    }
    println!("MkDocs, Sphinx and Jupyter Book: installing once, about half a minute");
    python.install(&sources.join(REQUIREMENTS))?;
    // Last of all: what was interrupted is not there.
    fs_err::write(installed, wanted)?;
    Ok(python)
}

/// The site for Astro in a folder where its packages may lie.
fn packages_of_astro(sources: &Path, kept: &Path) -> Result<PathBuf> {
    let folder = kept.join(ASTRO);
    let sh = Shell::new()?;
    // A page that was removed since is not built.
    sh.remove_path(folder.join("src"))?;
    copy(&sources.join(ASTRO), &folder)?;
    sh.change_dir(&folder);
    node::ensure(&sh).help(format!("see {SOURCES}/{ASTRO}"))?;
    Ok(folder)
}

/// Copies the files of a folder, and none that a generator may have left there.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in files::walk(from)?.into_iter().filter(|file| !file.starts_with("node_modules/")) {
        let target = to.join(&file);
        fs_err::create_dir_all(target.parent().expect("a file has a folder"))?;
        fs_err::copy(from.join(&file), target)?;
    }
    Ok(())
}
