//! `cargo xtask`: set-up, serve, test and dist in one command each. Run `cargo xtask help` for the list.
//!
//! This is the only place of the repository that installs anything: tools go into a cache folder of the user,
//! never into the repository and never over the user's own versions.

mod browser;
mod data;
mod dist;
#[cfg(test)]
mod documents;
mod failure;
mod files;
mod links;
mod minify;
mod offline;
mod options;
mod process;
mod project;
mod ready;
mod serve;
mod setup;
mod sizes;
mod stages;
mod sums;
mod test;
mod tools;
mod widgets;

use std::path::PathBuf;
use std::process::ExitCode;

use failure::{Failure, Result};
use options::Options;

const USAGE: &str = "\
cargo xtask <command>

  setup [--browser]                      wasm target, wasm-bindgen and Trunk; with --browser Chromium too
  serve [--port N] [--open] [--dev]      the page on this machine, rebuilt at every save
  dist [--dist DIR] [--check]            the static page, its sizes and budgets; --check fails over budget
  test [stage...] [--skip-browser]       every check, or the named stages
  bench                                  timings of the built page in Chromium beside native ones
  figures                                compute again, in Chromium, the results that the page's figures begin with
  data FROM | data --check               fill www/data from a data pack, or verify it
  help                                   this list

test stages: setup data fmt scripts deny lint native wasm webgpu dist browser firefox webkit, and soak where it is named";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        println!("{USAGE}");
        return Ok(());
    };
    match command.as_str() {
        "setup" => {
            let options = Options::parse(rest, &["--browser"], &[], 0)?;
            setup::run(&project::root()?, options.flag("--browser")).map(|_| ())
        }
        "serve" => {
            let options = Options::parse(rest, &["--open", "--dev"], &["--port"], 0)?;
            serve::run(&project::root()?, &options)
        }
        "dist" => {
            let options = Options::parse(rest, &["--check"], &["--dist"], 0)?;
            let folder = options.value("--dist").map(PathBuf::from);
            dist::run(&project::root()?, folder, options.flag("--check"))
        }
        "test" => {
            let options = Options::parse(rest, &["--skip-browser"], &[], usize::MAX)?;
            test::run(&project::root()?, &options.free, options.flag("--skip-browser"))
        }
        "bench" => {
            Options::parse(rest, &[], &[], 0)?;
            test::bench(&project::root()?)
        }
        "figures" => {
            Options::parse(rest, &[], &[], 0)?;
            test::figures(&project::root()?)
        }
        "data" => {
            let options = Options::parse(rest, &["--check"], &[], 1)?;
            let root = project::root()?;
            match (options.free.first(), options.flag("--check")) {
                (Some(from), false) => data::import(&root, from.as_ref()),
                (None, true) => data::check(&root).map(|files| println!("{}: {files} files verified", data::FOLDER)),
                _ => Err(Failure::new("data needs the folder of a data pack, or --check").help(USAGE)),
            }
        }
        // Started by `serve` beside Trunk; see `ready`.
        ready::COMMAND => ready::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(Failure::new(format!("unknown command `{other}`")).help(USAGE)),
    }
}
