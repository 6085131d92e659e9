//! Command-line tools of an exact version: taken from PATH when it has them, else built once into the user's cache.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use xshell::{Shell, cmd};

use crate::help::Help as _;
use crate::process;

/// A tool that `cargo install` builds.
#[derive(Debug)]
pub struct Tool {
    /// The package to install.
    pub name: &'static str,
    pub version: String,
    /// The programs we call; each must answer `--version` with exactly `version`.
    pub programs: &'static [&'static str],
    /// What else `cargo install` is told.
    pub arguments: &'static [&'static str],
    /// Low: building it takes longer than all that it does.
    pub opt_level: &'static str,
    /// How long the build takes, for the message.
    pub takes: &'static str,
}

impl Tool {
    /// wasm-bindgen's command line, which must be exactly as new as the library in `Cargo.lock`.
    pub fn wasm_bindgen(version: String) -> Self {
        let programs = &["wasm-bindgen", "wasm-bindgen-test-runner"];
        // Without its lock file: the published one holds back fixes of its dependencies. Without TLS: it talks to a driver here.
        let arguments = &["--no-default-features"];
        Self { name: "wasm-bindgen-cli", version, programs, arguments, opt_level: "1", takes: "2 minutes" }
    }

    /// Firefox's driver.
    pub fn geckodriver() -> Self {
        let version = "0.37.1".to_owned();
        let arguments = &["--locked"];
        Self { name: "geckodriver", version, programs: &["geckodriver"], arguments, opt_level: "0", takes: "2 minutes" }
    }

    /// Checks what the dependencies are.
    pub fn cargo_deny() -> Self {
        let version = "0.20.2".to_owned();
        let arguments = &["--locked"];
        Self { name: "cargo-deny", version, programs: &["cargo-deny"], arguments, opt_level: "0", takes: "2 minutes" }
    }

    /// The folder with the programs. `say` is told where it was found, and before a build how long that takes.
    pub fn ensure(&self, say: impl Fn(&str)) -> Result<PathBuf> {
        let say = |text: &str| say(&format!("{} {}: {text}", self.name, self.version));
        let on_path = which::which_all(self.programs[0]).into_iter().flatten();
        let mut folders = on_path.filter_map(|file| file.parent().map(Path::to_owned));
        if let Some(folder) = folders.find(|folder| self.answers_in(folder)) {
            say("on PATH");
            return Ok(folder);
        }
        let kept = folder()?.join(format!("{}-{}", self.name, self.version));
        let programs = kept.join("bin");
        if self.answers_in(&programs) {
            say("present");
            return Ok(programs);
        }
        say(&format!("building once, about {} on two cores", self.takes));
        self.install(&kept)?;
        let names = self.programs.join(" and ");
        ensure!(self.answers_in(&programs), "{} was built, but {names} --version is not {}", self.name, self.version);
        say("built");
        Ok(programs)
    }

    fn answers_in(&self, folder: &Path) -> bool {
        self.programs.iter().all(|program| {
            let file = folder.join(process::file_name(program));
            file.is_file()
                && process::first_line(&file, &["--version"]).is_some_and(|line| is_version(&line, &self.version))
        })
    }

    /// Cargo moves programs to their place when all of them are built, and lets one such build at a time do so. What is
    /// there did not answer, so it is replaced.
    fn install(&self, kept: &Path) -> Result<()> {
        // The repository's cargo settings (and a caller's) are for the page, not for tools.
        let sh = Shell::new()?;
        sh.change_dir(sh.create_dir(kept)?);
        let (name, version, arguments) = (self.name, &self.version, self.arguments);
        let mut install = cmd!(sh, "cargo install {name} --version ={version} --root {kept} --force {arguments...}")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        for variable in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
            install = install.env_remove(variable);
        }
        process::run(install).help(format!(
            "see cargo's message above. A C compiler and a connection to the package registry are needed;\n\
             {} {version} anywhere on PATH is used as it is",
            self.programs.join(" and "),
        ))
    }
}

/// Whether the answer to `--version`, such as `geckodriver 0.37.1`, names exactly `version`.
fn is_version(line: &str, version: &str) -> bool {
    line.split_whitespace().nth(1) == Some(version)
}

/// `<cache of the user>/semantic-continuity/tools`.
pub fn folder() -> Result<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = variable("XDG_CACHE_HOME").or_else(|| match std::env::consts::OS {
        "windows" => variable("LOCALAPPDATA"),
        "macos" => variable("HOME").map(|home| home.join("Library/Caches")),
        _ => variable("HOME").map(|home| home.join(".cache")),
    });
    let cache = cache.context("the user's cache folder is unknown");
    let cache = cache.help("set XDG_CACHE_HOME to an absolute path of a folder that may hold the tools")?;
    Ok(cache.join("semantic-continuity/tools"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_counts() {
        assert!(is_version("geckodriver 0.37.1", "0.37.1"));
        assert!(is_version("wasm-bindgen 0.2.130 (abcdef)", "0.2.130"));
        for line in ["geckodriver 0.37", "geckodriver 0.37.10", "geckodriver", "", "0.37.1"] {
            assert!(!is_version(line, "0.37.1"), "{line}");
        }
    }
}
