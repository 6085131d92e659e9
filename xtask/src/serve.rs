//! The page on this machine, rebuilt at every save: `trunk serve` with the right tools.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

use crate::dist::COMPILING;
use crate::failure::{Failure, Result};
use crate::options::Options;
use crate::{process, ready, setup};

const DEFAULT_PORT: u16 = 8080;
/// How many ports are tried, the wanted one included.
const PORTS: u16 = 50;
/// Not `dist`: what Trunk serves carries its reload script and must not be published.
const FOLDER: &str = "target/serve";

/// Sets up, then serves until stopped.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    let wanted = match options.value("--port") {
        None => DEFAULT_PORT,
        Some(text) => text.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
            Failure::new(format!("--port {text}: not a port")).help("a port is a number from 1 to 65535")
        })?,
    };
    let toolbox = setup::run(root, false)?;

    let folder = root.join(FOLDER);
    // A page of an earlier run would pass for this one if the first build fails.
    let _ = std::fs::remove_file(folder.join("index.html"));
    let mut command = toolbox.trunk(root)?;
    let port = choose_port(wanted, is_free)?;
    if port != wanted {
        println!("Port {wanted} is busy, using {port}.");
    }
    command.args(["serve", "--address", "127.0.0.1", "--port", &port.to_string(), "--dist"]).arg(&folder);
    if options.flag("--dev") {
        println!("--dev: quick to build, but training is many times slower.");
    } else {
        command.arg("--release");
    }
    if options.flag("--open") {
        command.arg("--open");
    }
    println!("{COMPILING}");
    let mut watcher = ready::spawn(port)?;
    let result = become_or_run(&mut command);
    // Reached only where `serve` did not become Trunk.
    let _ = watcher.kill();
    let _ = watcher.wait();
    result
}

/// Where the page is.
pub fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}/")
}

#[cfg(unix)]
fn become_or_run(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(Failure::new(format!("cannot start `{}`: {error}", process::shell_line(command))))
}

#[cfg(not(unix))]
fn become_or_run(command: &mut Command) -> Result<()> {
    process::run(command)
}

/// The first free port from `wanted` upwards.
fn choose_port(wanted: u16, is_free: impl Fn(u16) -> bool) -> Result<u16> {
    let last = wanted.saturating_add(PORTS - 1);
    (wanted..=last).find(|port| is_free(*port)).ok_or_else(|| {
        Failure::new(format!("no free port from {wanted} to {last}")).help("choose another range with --port N")
    })
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wanted_port_or_the_next_free_one() {
        assert_eq!(choose_port(8080, |_| true), Ok(8080));
        assert_eq!(choose_port(8080, |port| port > 8082), Ok(8083));
        assert_eq!(choose_port(65535, |port| port == 65535), Ok(65535));
        assert!(choose_port(8080, |_| false).unwrap_err().to_string().contains("8080 to 8129"));
    }

    #[test]
    fn a_port_in_use_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!is_free(listener.local_addr().unwrap().port()));
    }
}
