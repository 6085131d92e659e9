//! Command-line tools of an exact version: taken from PATH when it has them, else built once into the user's cache.

use std::path::{Path, PathBuf};

use crate::failure::{Context, Failure, Result};
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
    /// Trunk, pinned by `Trunk.toml` as well.
    pub fn trunk() -> Self {
        let version = "0.21.14".to_owned();
        // Without TLS: it fetches nothing, and serves this machine.
        let arguments = &["--locked", "--no-default-features"];
        Self { name: "trunk", version, programs: &["trunk"], arguments, opt_level: "0", takes: "5 minutes" }
    }

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

    /// The folder with the programs, and whether they had to be built. `announce` is called before a build.
    pub fn ensure(&self, announce: impl FnOnce(&str)) -> Result<(PathBuf, Origin)> {
        if let Some(folder) = process::folders_on_path().into_iter().find(|folder| self.answers_in(folder)) {
            return Ok((folder, Origin::Path));
        }
        let kept = tools_folder()?.join(format!("{}-{}", self.name, self.version));
        if !self.answers_in(&kept.join("bin")) {
            announce(&format!("building once, about {} on two cores", self.takes));
            self.install(&kept)?;
            return Ok((kept.join("bin"), Origin::Built));
        }
        Ok((kept.join("bin"), Origin::Cache))
    }

    fn answers_in(&self, folder: &Path) -> bool {
        self.programs.iter().all(|program| {
            let file = folder.join(process::file_name(program));
            file.is_file()
                && process::first_line(&file, &["--version"]).is_some_and(|line| is_version(&line, &self.version))
        })
    }

    /// Builds into a folder of its own and renames it at the end, so that a broken build leaves nothing behind.
    fn install(&self, kept: &Path) -> Result<()> {
        let fresh = kept.with_file_name(format!(".{}-{}.{}", self.name, self.version, std::process::id()));
        let result = self.install_into(&fresh).and_then(|()| self.move_to(&fresh, kept));
        // After the rename there is nothing left to remove; after a failure the half-built folder goes.
        let _ = std::fs::remove_dir_all(&fresh);
        result
    }

    fn install_into(&self, fresh: &Path) -> Result<()> {
        std::fs::create_dir_all(fresh).context(|| format!("cannot create {}", fresh.display()))?;
        let mut command = process::cargo();
        command.args(["install", self.name, "--version", &format!("={}", self.version), "--root"]).arg(fresh);
        command.args(self.arguments).envs([
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level),
            ("CARGO_PROFILE_RELEASE_LTO", "off"),
            ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
        ]);
        // The repository's cargo settings (and a caller's) are for the page, not for tools.
        command.current_dir(fresh);
        for variable in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
            command.env_remove(variable);
        }
        process::run(&mut command).map_err(|failure| {
            failure.help(format!(
                "see cargo's message above. A C compiler and a connection to the package registry are needed;\n\
                 {} {} anywhere on PATH is used as it is",
                self.programs.join(" and "),
                self.version
            ))
        })?;
        if self.answers_in(&fresh.join("bin")) {
            Ok(())
        } else {
            let programs = self.programs.join(" and ");
            Err(Failure::new(format!("{} was built, but {programs} --version is not {}", self.name, self.version)))
        }
    }

    fn move_to(&self, fresh: &Path, kept: &Path) -> Result<()> {
        if kept.exists() {
            // Another run may have finished first; else it is what did not answer above.
            if self.answers_in(&kept.join("bin")) {
                return Ok(());
            }
            std::fs::remove_dir_all(kept).context(|| format!("cannot replace {}", kept.display()))?;
        }
        std::fs::rename(fresh, kept).context(|| format!("cannot create {}", kept.display()))
    }
}

/// Where a tool was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Path,
    Cache,
    Built,
}

impl Origin {
    pub fn label(self) -> &'static str {
        match self {
            Self::Path => "on PATH",
            Self::Cache => "present",
            Self::Built => "built",
        }
    }
}

/// Whether the answer to `--version`, such as `trunk 0.21.14`, names exactly `version`.
fn is_version(line: &str, version: &str) -> bool {
    line.split_whitespace().nth(1) == Some(version)
}

/// `<cache of the user>/semantic-continuity/tools`.
fn tools_folder() -> Result<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = variable("XDG_CACHE_HOME").or_else(|| match std::env::consts::OS {
        "windows" => variable("LOCALAPPDATA"),
        "macos" => variable("HOME").map(|home| home.join("Library/Caches")),
        _ => variable("HOME").map(|home| home.join(".cache")),
    });
    let remedy = "set XDG_CACHE_HOME to an absolute path of a folder that may hold the tools";
    let cache = cache.ok_or_else(|| Failure::new("the user's cache folder is unknown").help(remedy))?;
    Ok(cache.join("semantic-continuity").join("tools"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_counts() {
        assert!(is_version("trunk 0.21.14", "0.21.14"));
        assert!(is_version("wasm-bindgen 0.2.130 (abcdef)", "0.2.130"));
        for line in ["trunk 0.21.1", "trunk 0.21.140", "trunk", "", "0.21.14"] {
            assert!(!is_version(line, "0.21.14"), "{line}");
        }
    }
}
