//! The page on this machine, rebuilt at every save: `trunk serve` with the right tools.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context as _, Result};
use xshell::{Cmd, Shell};

use crate::command_line::Serve;
use crate::dist::COMPILING;
use crate::help::Help as _;
use crate::{process, ready, setup};

const DEFAULT_PORT: u16 = 8080;
/// How many ports are tried, the wanted one included.
const PORTS: u16 = 50;
/// Not `dist`: what Trunk serves carries its reload script and must not be published.
const FOLDER: &str = "target/serve";

/// Sets up, then serves until stopped.
pub fn run(sh: &Shell, options: &Serve) -> Result<()> {
    let wanted = match &options.port {
        None => DEFAULT_PORT,
        Some(text) => {
            let port = text.parse().ok().filter(|port| *port > 0);
            port.with_context(|| format!("--port {text}: not a port")).help("a port is a number from 1 to 65535")?
        }
    };
    let toolbox = setup::run(sh, false)?;

    // A page of an earlier run would pass for this one if the first build fails.
    sh.remove_path(format!("{FOLDER}/index.html"))?;
    let port = choose_port(wanted, is_free)?;
    if port != wanted {
        println!("Port {wanted} is busy, using {port}.");
    }
    let mut command = toolbox.trunk(sh)?.args(["serve", "--address", "127.0.0.1", "--port"]).arg(port.to_string());
    command = command.arg("--dist").arg(sh.current_dir().join(FOLDER));
    if options.dev {
        println!("--dev: quick to build, but training is many times slower.");
    } else {
        command = command.arg("--release");
    }
    if options.open {
        command = command.arg("--open");
    }
    println!("{COMPILING}");
    let mut watcher = ready::spawn(port)?;
    let result = become_or_run(command);
    // Reached only where `serve` did not become Trunk.
    let _ = watcher.kill();
    let _ = watcher.wait();
    result
}

#[cfg(unix)]
fn become_or_run(command: Cmd<'_>) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let mut command = std::process::Command::from(command);
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start `{}`", process::shell_line(&command)))
}

#[cfg(not(unix))]
fn become_or_run(command: Cmd<'_>) -> Result<()> {
    process::run(command)
}

/// The first free port from `wanted` upwards.
fn choose_port(wanted: u16, is_free: impl Fn(u16) -> bool) -> Result<u16> {
    let last = wanted.saturating_add(PORTS - 1);
    let port = (wanted..=last).find(|port| is_free(*port));
    port.with_context(|| format!("no free port from {wanted} to {last}")).help("choose another range with --port N")
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wanted_port_or_the_next_free_one() {
        assert_eq!(choose_port(8080, |_| true).unwrap(), 8080);
        assert_eq!(choose_port(8080, |port| port > 8082).unwrap(), 8083);
        assert_eq!(choose_port(65535, |port| port == 65535).unwrap(), 65535);
        assert!(choose_port(8080, |_| false).unwrap_err().to_string().contains("8080 to 8129"));
    }

    #[test]
    fn a_port_in_use_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!is_free(listener.local_addr().unwrap().port()));
    }
}
