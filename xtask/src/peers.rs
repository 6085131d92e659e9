//! Other people's libraries, for timings beside ours: in a folder of their own in the user's cache.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use xshell::{Cmd, Shell, cmd};

use crate::help::Help as _;
use crate::node::{self, NPM};
use crate::{files, process, tools};

/// What they are asked to do, and which versions of them.
const SOURCES: &str = "benches/peers";

/// PyTorch, and the libraries of browsers, with what they are to do.
#[derive(Debug)]
pub struct Peers {
    pub folder: PathBuf,
}

impl Peers {
    /// Those that [`Peers::install`] installed before.
    pub fn present(root: &Path) -> Result<Option<Self>> {
        let peers = Self { folder: tools::folder()?.join("peers") };
        if !peers.python().is_file() || !peers.folder.join("node_modules").is_dir() {
            return Ok(None);
        }
        peers.copy(root)?;
        Ok(Some(peers))
    }

    /// Downloads what is missing; PyTorch for Linux is 6 GB, most of it for graphics processors.
    pub fn install(sh: &Shell) -> Result<Self> {
        node::present()?;
        let python = ["python3", "python"].into_iter().find(|name| process::first_line(name, &["--version"]).is_some());
        let python =
            python.ok_or_else(|| anyhow!("Python is missing")).help("install Python 3 with its module venv")?;
        let peers = Self { folder: tools::folder()?.join("peers") };
        sh.create_dir(&peers.folder)?;
        peers.copy(&sh.current_dir())?;
        let there = Shell::new()?;
        there.change_dir(&peers.folder);
        process::run(cmd!(there, "{NPM} ci --no-audit --no-fund --ignore-scripts"))
            .help("npm downloads what benches/peers/package-lock.json names: see its message above")?;
        if !peers.python().is_file() {
            process::run(cmd!(there, "{python} -m venv python")).help("Python's module venv is needed")?;
        }
        let python = peers.python();
        process::run(cmd!(there, "{python} -m pip install --quiet --requirement requirements.txt"))
            .help("pip downloads what benches/peers/requirements.txt names: see its message above")?;
        Ok(peers)
    }

    /// The costs in PyTorch.
    pub fn pytorch<'a>(&self, sh: &'a Shell) -> Cmd<'a> {
        sh.cmd(self.python()).arg(self.folder.join("pytorch.py"))
    }

    fn python(&self) -> PathBuf {
        self.folder.join(if cfg!(windows) { "python/Scripts/python.exe" } else { "python/bin/python" })
    }

    fn copy(&self, root: &Path) -> Result<()> {
        let sources = root.join(SOURCES);
        for file in files::walk(&sources)? {
            fs_err::copy(sources.join(&file), self.folder.join(&file))?;
        }
        Ok(())
    }
}
