//! What every other command needs first: the wasm target, the tools and, for tests, a browser. Quick when present.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::browser::{Browser, CHROMIUM};
use crate::failure::{Failure, Result};
use crate::process;
use crate::project;
use crate::tools::{Origin, Tool};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// What set-up found or made.
#[derive(Debug)]
pub struct Toolbox {
    /// Folder of `wasm-bindgen` and `wasm-bindgen-test-runner`.
    pub wasm_bindgen: PathBuf,
    /// Folder of `trunk`.
    pub trunk: PathBuf,
    /// Only when asked for.
    pub browser: Option<Browser>,
}

impl Toolbox {
    /// PATH with the tools in front of everything else.
    pub fn path(&self) -> Result<OsString> {
        process::path_with(&[&self.wasm_bindgen, &self.trunk])
    }

    /// `trunk` with our tools first, without its own look-ups on the network.
    pub fn trunk(&self, root: &Path) -> Result<Command> {
        let mut command = Command::new(self.trunk.join(process::file_name("trunk")));
        command.current_dir(root).env("PATH", self.path()?).env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Trunk accepts only `true` and `false` here and would stop at the customary `NO_COLOR=1`.
        if std::env::var_os("NO_COLOR").is_some() {
            command.env("NO_COLOR", "true");
        }
        Ok(command)
    }
}

/// Makes sure that everything is there; `with_browser` adds Chromium and its driver.
pub fn run(root: &Path, with_browser: bool) -> Result<Toolbox> {
    let steps = if with_browser { 4 } else { 3 };
    let say = |step: usize, text: &str| println!("[{step}/{steps}] {text}");

    let state = ensure_target(root, || say(1, &format!("{TARGET}: adding")))?;
    say(1, &format!("{TARGET}: {state}"));

    let tools = [Tool::wasm_bindgen(project::locked_version(root, "wasm-bindgen")?), Tool::trunk()];
    let mut folders = Vec::new();
    for (tool, step) in tools.iter().zip(2..) {
        let name = format!("{} {}", tool.name, tool.version);
        let (folder, origin): (PathBuf, Origin) = tool.ensure(|text| say(step, &format!("{name}: {text}")))?;
        say(step, &format!("{name}: {}", origin.label()));
        folders.push(folder);
    }
    let [wasm_bindgen, trunk] = <[PathBuf; 2]>::try_from(folders).expect("one folder a tool");

    let browser = if with_browser {
        let browser = Browser::ensure(&CHROMIUM, |text| say(4, text))?;
        say(4, &format!("{}: present", browser.name));
        Some(browser)
    } else {
        None
    };
    Ok(Toolbox { wasm_bindgen, trunk, browser })
}

/// The standard library for wasm. Looked for on disk first: not every Rust comes from rustup.
pub fn ensure_target(root: &Path, announce: impl FnOnce()) -> Result<&'static str> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let present = || {
        process::first_line(&rustc, &["--print", "sysroot"])
            .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib").is_dir())
    };
    if present() {
        return Ok("present");
    }
    let Some(rustup) = process::on_path("rustup") else {
        return Err(Failure::new(format!("Rust's {TARGET} target is missing, and there is no rustup to add it"))
            .help("install Rust through rustup, or your system's package of Rust's standard library for wasm32"));
    };
    announce();
    process::run(Command::new(rustup).args(["target", "add", TARGET]).current_dir(root))
        .map_err(|failure| failure.help("see rustup's message above; it needs a connection"))?;
    if present() {
        Ok("added")
    } else {
        Err(Failure::new(format!("rustup added {TARGET}, but the rustc in use does not have it"))
            .help("the first rustc on PATH (or RUSTC) is not rustup's: put rustup's folder first on PATH"))
    }
}
