//! `cargo xtask`: set-up, serve, test and dist in one command each. Run `cargo xtask help` for the list.
//!
//! This is the only place of the repository that installs anything: tools go into a cache folder of the user,
//! never into the repository and never over the user's own versions.

mod address;
mod bench;
mod browser;
mod bundle;
mod command_line;
mod data;
mod declarations;
mod dist;
#[cfg(test)]
mod documents;
mod files;
mod generators;
mod help;
mod links;
mod node;
mod offline;
mod page;
mod peers;
mod performance;
mod process;
mod python;
mod serve;
mod setup;
mod sizes;
mod stages;
mod sums;
mod test;
mod tools;
mod widgets;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use command_line::{Data, Dist, Help, Setup, Test, USAGE, Xtask, XtaskCmd};
use help::Help as _;
use xshell::Shell;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    // `--port=81` says what `--port 81` says.
    let split = words.iter().flat_map(|word| match word.to_str().and_then(|word| word.split_once('=')) {
        Some((name, value)) if name.starts_with("--") => vec![name.into(), value.into()],
        _ => vec![word.clone()],
    });
    let outcome = match Xtask::from_vec(split.collect()) {
        Ok(Xtask { subcommand }) => run(subcommand),
        Err(error) if error.is_help() || words.is_empty() => run(XtaskCmd::Help(Help)),
        Err(error) => Err(error).help(USAGE),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: XtaskCmd) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(root());
    match command {
        XtaskCmd::Setup(Setup { browser }) => setup::run(&sh, browser).map(drop),
        XtaskCmd::Serve(options) => serve::run(&sh, &options),
        XtaskCmd::Dist(Dist { dist, url, check }) => dist::run(&sh, dist, url.as_deref(), check),
        XtaskCmd::Test(Test { stage, skip_browser }) => test::run(sh, &stage, skip_browser),
        XtaskCmd::Bench(options) => bench::run(sh, &options),
        XtaskCmd::Figures(_) => test::figures(sh),
        XtaskCmd::Data(Data { from: Some(from), check: false }) => data::import(&root(), &from),
        XtaskCmd::Data(Data { from: None, check: true }) => {
            data::check(&root()).map(|files| println!("{}: {files} files verified", data::FOLDER))
        }
        XtaskCmd::Data(_) => Err(anyhow!("data needs the folder of a data pack, or --check")).help(USAGE),
        XtaskCmd::Help(Help) => {
            println!("{USAGE}");
            Ok(())
        }
    }
}

/// The repository: the folder above this package's.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).parent().expect("a package lies in the repository").to_owned()
}
