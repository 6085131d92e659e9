//! A static server for one folder, under the headers that README.md recommends. It remembers what was asked for.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::Outcome;

/// The strictest policy the page promises to run under.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; \
    style-src 'self'; img-src 'self' data: blob:; connect-src 'self'";

/// Chromium opens connections in advance and may never use them.
const IDLE: Duration = Duration::from_secs(30);

pub struct Server {
    pub address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves `folder` below the path `prefix`, which begins and ends with a slash, until the process ends.
    pub fn start(folder: &Path, prefix: &'static str) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://127.0.0.1:{}{prefix}", listener.local_addr()?.port());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (folder, log) = (folder.to_owned(), Arc::clone(&requests));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, log) = (folder.clone(), Arc::clone(&log));
                // A browser that goes away in the middle of an answer is its own business.
                std::thread::spawn(move || answer(stream, &folder, prefix, &log).ok());
            }
        });
        Ok(Self { address, requests })
    }

    /// The paths asked for so far, each with the status it was answered with: `200 /index.html`.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no request panics").clone()
    }
}

/// Answers the one request of a connection.
fn answer(mut stream: TcpStream, folder: &Path, prefix: &str, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(IDLE))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    // Unread headers would reset the connection when it closes.
    for line in lines.by_ref() {
        if line?.is_empty() {
            break;
        }
    }
    let target = first.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    let file = file(folder, prefix, path);
    let body = file.as_ref().and_then(|file| std::fs::read(file).ok());
    let status = if body.is_some() { 200 } else { 404 };
    log.lock().expect("no request panics").push(format!("{status} {path}"));
    let (kind, body) = match (file, body) {
        (Some(file), Some(body)) => (mime(&file), body),
        _ => ("text/plain", b"not found".to_vec()),
    };
    write!(
        stream,
        "HTTP/1.1 {} {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Content-Security-Policy: {POLICY}\r\nConnection: close\r\n\r\n",
        status,
        if status == 200 { "OK" } else { "Not Found" },
        body.len()
    )?;
    if !first.starts_with("HEAD ") {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// The file behind a path of the address; nothing outside the folder, nothing outside the prefix.
fn file(folder: &Path, prefix: &str, path: &str) -> Option<PathBuf> {
    let inner = path.strip_prefix(prefix)?;
    let inner = if inner.is_empty() || inner.ends_with('/') { format!("{inner}index.html") } else { inner.to_owned() };
    inner.split('/').all(|part| !part.is_empty() && part != "..").then(|| folder.join(inner))
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("gz") => "application/gzip",
        _ => "application/octet-stream",
    }
}
