//! Says when the page can be opened. Trunk listens only after its first build, and says so among many lines.
//!
//! This runs as a process of its own beside Trunk: on Unix `serve` becomes Trunk, so that stopping
//! `cargo xtask serve` by any signal stops the server too.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

const EVERY: Duration = Duration::from_millis(300);
/// Far above a first build; ends a watcher that nobody stopped.
const GIVE_UP: Duration = Duration::from_secs(3600);

/// Starts the watcher for `port`.
pub fn spawn(port: u16) -> Result<Child> {
    let program = std::env::current_exe()?;
    Command::new(program).args(["await-ready", &port.to_string()]).spawn().context("cannot watch the server")
}

/// Waits until the server delivers the page, prints one line, and ends; ends silently with the server.
pub fn run(port: u16) -> Result<()> {
    let server = parent();
    let start = Instant::now();
    let mut told_of_failure = false;
    while start.elapsed() < GIVE_UP && parent() == server {
        match status(port) {
            Some(200) => {
                println!("Ready: http://127.0.0.1:{port}/");
                return Ok(());
            }
            Some(_) if !told_of_failure => {
                println!("The server answers, but there is no page yet: see the build's message above.");
                told_of_failure = true;
            }
            _ => {}
        }
        std::thread::sleep(EVERY);
    }
    Ok(())
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}

/// The HTTP status of the page, if anything answers.
fn status(port: u16) -> Option<u16> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.take(64).read_to_end(&mut answer).ok()?;
    status_in(&String::from_utf8_lossy(&answer))
}

/// The status in `HTTP/1.1 200 OK…`.
fn status_in(answer: &str) -> Option<u16> {
    answer.strip_prefix("HTTP/")?.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_lines_are_read() {
        assert_eq!(status_in("HTTP/1.1 200 OK\r\ncontent-type: text/html"), Some(200));
        assert_eq!(status_in("HTTP/1.1 404 Not Found"), Some(404));
        assert_eq!(status_in("SSH-2.0"), None);
    }
}
