//! Other people's libraries, for timings beside ours: in a folder of their own in the user's cache.

use std::path::{Path, PathBuf};

use anyhow::Result;
use xshell::{Cmd, Shell, cmd};

use crate::help::Help as _;
use crate::node::{self, NPM};
use crate::python::Python;
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
        let peers = Self { folder: tools::folder()?.join("peers") };
        sh.create_dir(&peers.folder)?;
        peers.copy(&sh.current_dir())?;
        let there = Shell::new()?;
        there.change_dir(&peers.folder);
        process::run(cmd!(there, "{NPM} ci --no-audit --no-fund --ignore-scripts"))
            .help("npm downloads what benches/peers/package-lock.json names: see its message above")?;
        Python::below(&peers.folder).install(&peers.folder.join("requirements.txt"))?;
        Ok(peers)
    }

    /// The costs in PyTorch.
    pub fn pytorch<'a>(&self, sh: &'a Shell) -> Cmd<'a> {
        sh.cmd(self.python()).arg(self.folder.join("pytorch.py"))
    }

    fn python(&self) -> PathBuf {
        Python::below(&self.folder).program
    }

    fn copy(&self, root: &Path) -> Result<()> {
        let sources = root.join(SOURCES);
        for file in files::walk(&sources)? {
            fs_err::copy(sources.join(&file), self.folder.join(&file))?;
        }
        Ok(())
    }
}
