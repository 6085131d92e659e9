//! A Python with packages of exact versions, in an environment of its own.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use xshell::{Shell, cmd};

use crate::help::Help as _;
use crate::process;

/// An environment that may not be there yet.
#[derive(Debug)]
pub struct Python {
    folder: PathBuf,
    pub program: PathBuf,
}

impl Python {
    /// The one in the folder `python` below.
    pub fn below(folder: &Path) -> Self {
        let program = if cfg!(windows) { "python/Scripts/python.exe" } else { "python/bin/python" };
        Self { folder: folder.join("python"), program: folder.join(program) }
    }

    /// A program that one of its packages brings.
    pub fn script(&self, name: &str) -> PathBuf {
        self.program.with_file_name(process::file_name(name))
    }

    pub fn is_there(&self) -> bool {
        self.program.is_file()
    }

    /// Makes it from the system's Python where it is not there, and installs what a list of pip's names.
    pub fn install(&self, requirements: &Path) -> Result<()> {
        let sh = Shell::new()?;
        let folder = &self.folder;
        // One whose pip is not there was interrupted.
        if process::first_line(&self.program, &["-m", "pip", "--version"]).is_none() {
            let found =
                ["python3", "python"].into_iter().find(|name| process::first_line(name, &["--version"]).is_some());
            let system = found.ok_or_else(|| anyhow!("Python is missing"));
            let system = system.help("install Python 3.11 or newer with its module venv")?;
            process::run(cmd!(sh, "{system} -m venv --clear {folder}"))
                .help("Python's module venv is needed: in Debian the package python3-venv")?;
        }
        let program = &self.program;
        let quiet = ["--quiet", "--disable-pip-version-check"];
        process::run(cmd!(sh, "{program} -m pip install {quiet...} --requirement {requirements}"))
            .help(format!("pip downloads what {} names: see its message above", requirements.display()))
    }
}
