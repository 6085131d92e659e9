//! What every other command needs first: the wasm target, the tools and, for tests, a browser. Quick when present.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use xshell::{Shell, cmd};

use crate::browser::{Browser, CHROMIUM};
use crate::help::Help as _;
use crate::process;
use crate::tools::Tool;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// What set-up found or made.
#[derive(Debug)]
pub struct Toolbox {
    /// Folder of `wasm-bindgen-test-runner`.
    pub wasm_bindgen: PathBuf,
    /// Only when asked for.
    pub browser: Option<Browser>,
}

/// Makes sure that everything is there; `with_browser` adds Chromium and its driver.
pub fn run(sh: &Shell, with_browser: bool) -> Result<Toolbox> {
    let steps = if with_browser { 3 } else { 2 };
    let say = |step: usize, text: &str| println!("[{step}/{steps}] {text}");

    let state = ensure_target(sh, || say(1, &format!("{TARGET}: adding")))?;
    say(1, &format!("{TARGET}: {state}"));
    let wasm_bindgen = Tool::wasm_bindgen(locked_wasm_bindgen(sh)?).ensure(|text| say(2, text))?;
    let browser = if with_browser { Some(Browser::ensure(&CHROMIUM, |text| say(3, text))?) } else { None };
    Ok(Toolbox { wasm_bindgen, browser })
}

/// All that building the page needs.
pub fn wasm_target(sh: &Shell) -> Result<()> {
    ensure_target(sh, || println!("{TARGET}: adding")).map(drop)
}

/// The version of the library in `Cargo.lock`.
fn locked_wasm_bindgen(sh: &Shell) -> Result<String> {
    let id = cmd!(sh, "cargo pkgid --locked wasm-bindgen").quiet().read();
    let id = id.help("restore Cargo.lock from version control: the command-line tool must match it exactly")?;
    Ok(id.rsplit('@').next().unwrap_or_default().to_owned())
}

/// The standard library for wasm. Looked for on disk first: not every Rust comes from rustup.
pub fn ensure_target(sh: &Shell, announce: impl FnOnce()) -> Result<&'static str> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let present = || {
        process::first_line(&rustc, &["--print", "sysroot"])
            .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib").is_dir())
    };
    if present() {
        return Ok("present");
    }
    if which::which("rustup").is_err() {
        return Err(anyhow!("Rust's {TARGET} target is missing, and there is no rustup to add it"))
            .help("install Rust through rustup, or your system's package of Rust's standard library for wasm32");
    }
    announce();
    process::run(cmd!(sh, "rustup target add {TARGET}")).help("see rustup's message above; it needs a connection")?;
    if !present() {
        return Err(anyhow!("rustup added {TARGET}, but the rustc in use does not have it"))
            .help("the first rustc on PATH (or RUSTC) is not rustup's: put rustup's folder first on PATH");
    }
    Ok("added")
}
