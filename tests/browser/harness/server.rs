//! A static server for one folder, under the headers of its site. It remembers what was asked for.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::Outcome;

/// The strictest policy the page promises to run under.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; \
    style-src 'self'; img-src 'self' data: blob:; connect-src 'self'";

/// Chromium opens connections in advance and may never use them.
const IDLE: Duration = Duration::from_secs(30);

/// What is served, and how.
#[derive(Clone, Debug)]
pub struct Site {
    pub folder: PathBuf,
    /// The path of the folder; it begins and ends with a slash.
    pub prefix: &'static str,
    /// Content security policy; none when empty.
    pub policy: String,
    /// Whether other origins may read it, as package CDNs allow.
    pub open: bool,
    /// What `{{cdn}}` stands for in its pages.
    pub cdn: String,
}

impl Site {
    /// The built page, under the headers that README.md recommends.
    pub fn page(folder: &Path, prefix: &'static str) -> Self {
        Self { folder: folder.to_owned(), prefix, policy: POLICY.to_owned(), open: false, cdn: String::new() }
    }
}

pub struct Server {
    pub address: String,
    requests: Arc<Mutex<Vec<String>>>,
    /// Hangs up on whoever asks.
    pub down: Arc<AtomicBool>,
}

impl Server {
    /// Serves a site until the process ends.
    pub fn start(site: Site) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://127.0.0.1:{}{}", listener.local_addr()?.port(), site.prefix);
        let requests = Arc::new(Mutex::new(Vec::new()));
        let down = Arc::new(AtomicBool::new(false));
        let (site, log, hang_up) = (Arc::new(site), Arc::clone(&requests), Arc::clone(&down));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if hang_up.load(Ordering::Relaxed) {
                    continue;
                }
                let (site, log) = (Arc::clone(&site), Arc::clone(&log));
                // A browser that goes away in the middle of an answer is its own business.
                std::thread::spawn(move || answer(stream, &site, &log).ok());
            }
        });
        Ok(Self { address, requests, down })
    }

    /// The paths asked for so far, each with the status it was answered with: `200 /index.html`.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no request panics").clone()
    }
}

/// Answers the one request of a connection.
fn answer(mut stream: TcpStream, site: &Site, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
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
    let file = file(&site.folder, site.prefix, path);
    let body = file.as_ref().and_then(|file| std::fs::read(file).ok());
    let status = if body.is_some() { 200 } else { 404 };
    log.lock().expect("no request panics").push(format!("{status} {path}"));
    let (kind, body) = match (file, body) {
        (Some(file), Some(body)) if mime(&file).starts_with("text/html") => {
            (mime(&file), String::from_utf8_lossy(&body).replace("{{cdn}}", &site.cdn).into_bytes())
        }
        (Some(file), Some(body)) => (mime(&file), body),
        _ => ("text/plain", b"not found".to_vec()),
    };
    let header =
        |name: &str, value: &str| if value.is_empty() { String::new() } else { format!("{name}: {value}\r\n") };
    write!(
        stream,
        "HTTP/1.1 {} {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         {}{}Connection: close\r\n\r\n",
        status,
        if status == 200 { "OK" } else { "Not Found" },
        body.len(),
        header("Content-Security-Policy", &site.policy),
        header("Access-Control-Allow-Origin", if site.open { "*" } else { "" }),
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
        Some("png") => "image/png",
        Some("gz") => "application/gzip",
        _ => "application/octet-stream",
    }
}
