//! Node.js and the packages of `package-lock.json`, for what its own world does best with the page's scripts.

use std::path::Path;

use anyhow::{Result, anyhow};
use xshell::{Shell, cmd};

use crate::help::Help as _;
use crate::process;

/// The package manager of Node.js, which is a script on Windows.
pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// What npm notes of what it installed, and what it is to install.
const INSTALLED: &str = "node_modules/.package-lock.json";
const LOCKED: &str = "package-lock.json";

/// Says what to do where Node.js is missing.
pub fn present() -> Result<()> {
    if ["node", NPM].iter().any(|program| process::first_line(program, &["--version"]).is_none()) {
        return Err(anyhow!("Node.js or its npm is missing")).help(
            "install Node.js 20.19 or newer, which brings npm: https://nodejs.org\n\
             cargo xtask serve does without: it serves the scripts as they are written",
        );
    }
    Ok(())
}

/// Installs the packages of the lock in the shell's folder, unless they are there. No package's own script is run.
pub fn ensure(sh: &Shell) -> Result<()> {
    present()?;
    let root = sh.current_dir();
    if packages(&root.join(INSTALLED)) == packages(&root.join(LOCKED)) {
        return Ok(());
    }
    process::run(cmd!(sh, "{NPM} ci --no-audit --no-fund --ignore-scripts"))
        .help("npm downloads what package-lock.json names: see its message above")
}

/// The versions in a lock; those that are not for this system are not installed.
fn packages(lock: &Path) -> Option<Vec<(String, String)>> {
    let lock: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(lock).ok()?).ok()?;
    let packages = lock["packages"].as_object()?.iter();
    let needed = packages.filter(|(path, package)| !path.is_empty() && package["optional"] != true);
    Some(needed.map(|(path, package)| (path.clone(), package["version"].to_string())).collect())
}
