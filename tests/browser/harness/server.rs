//! A static server for one folder, under the headers of its site. It remembers what was asked for, and answers wrongly where
//! it is told to.

use std::io::{BufRead, BufReader, Read, Write};
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
    /// The built page, under the headers that docs/hosting.md recommends.
    pub fn page(folder: &Path, prefix: &'static str) -> Self {
        Self { folder: folder.to_owned(), prefix, policy: POLICY.to_owned(), open: false, cdn: String::new() }
    }
}

/// A wrong answer, to whoever asks for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A web page with status 200, as from a network that asks for a login.
    Login,
    /// The first half with status 200, as if it were all.
    Half,
    /// No file, but this status.
    Status(u16),
    /// The connection ends in the middle of the file.
    HangUp,
    /// No answer before [`Faults::mend`]; then the file.
    Silence,
    /// The file, called something that it is not.
    Kind(&'static str),
    /// What the gzip file holds, as from a server that decompresses on the way.
    Unpacked,
    /// A script that runs before the file does.
    Before(&'static str),
}

/// Which files are answered wrongly, by a part of their path.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<(String, Fault)>>>);

impl Faults {
    /// From now on.
    pub fn add(&self, part: &str, fault: Fault) {
        self.0.lock().expect("no request panics").push((part.to_owned(), fault));
    }

    /// All is well again.
    pub fn mend(&self) {
        self.0.lock().expect("no request panics").clear();
    }

    fn of(&self, path: &str) -> Option<Fault> {
        let faults = self.0.lock().expect("no request panics");
        faults.iter().find(|(part, _)| path.contains(part.as_str())).map(|(_, fault)| *fault)
    }
}

pub struct Server {
    pub address: String,
    pub faults: Faults,
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
        let faults = Faults::default();
        let wrong = faults.clone();
        let (site, log, hang_up) = (Arc::new(site), Arc::clone(&requests), Arc::clone(&down));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if hang_up.load(Ordering::Relaxed) {
                    continue;
                }
                let (site, log, wrong) = (Arc::clone(&site), Arc::clone(&log), wrong.clone());
                // A browser that goes away in the middle of an answer is its own business.
                std::thread::spawn(move || answer(stream, &site, &log, &wrong).ok());
            }
        });
        Ok(Self { address, faults, requests, down })
    }

    /// The paths asked for so far, each with the status it was answered with: `200 /index.html`.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no request panics").clone()
    }
}

/// What goes over the wire.
struct Answer {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
    /// As it is stated.
    length: usize,
}

impl Answer {
    fn new(status: u16, kind: &'static str, body: Vec<u8>) -> Self {
        Self { status, kind, length: body.len(), body }
    }

    /// The answer of a sound server.
    fn right(site: &Site, path: &str) -> Self {
        let file = file(&site.folder, site.prefix, path);
        let Some((kind, body)) = file.and_then(|file| Some((mime(&file), std::fs::read(&file).ok()?))) else {
            return Self::new(404, "text/plain", b"not found".to_vec());
        };
        let text = kind.starts_with("text/html");
        let filled = |body: &[u8]| String::from_utf8_lossy(body).replace("{{cdn}}", &site.cdn).into_bytes();
        Self::new(200, kind, if text { filled(&body) } else { body })
    }

    fn wrong(mut self, fault: Fault) -> Self {
        let half = self.body.len() / 2;
        match fault {
            Fault::Login => {
                let page = b"<!doctype html><title>Log in</title><p>Accept our terms to use this network.".to_vec();
                self = Self::new(200, "text/html; charset=utf-8", page);
            }
            Fault::Half => {
                self.body.truncate(half);
                self.length = half;
            }
            Fault::Status(status) => self = Self::new(status, "text/plain", b"no".to_vec()),
            Fault::HangUp => self.body.truncate(half),
            Fault::Silence => {}
            Fault::Kind(kind) => self.kind = kind,
            Fault::Unpacked => {
                let mut body = Vec::new();
                let read = flate2::read::GzDecoder::new(&self.body[..]).read_to_end(&mut body);
                self = Self::new(if read.is_ok() { 200 } else { 500 }, self.kind, body);
            }
            Fault::Before(script) => {
                self.body.splice(..0, script.bytes());
                self.length = self.body.len();
            }
        }
        self
    }
}

/// Answers the one request of a connection.
fn answer(mut stream: TcpStream, site: &Site, log: &Mutex<Vec<String>>, faults: &Faults) -> std::io::Result<()> {
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
    while faults.of(path) == Some(Fault::Silence) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let right = Answer::right(site, path);
    let Answer { status, kind, body, length } = match faults.of(path) {
        Some(fault) => right.wrong(fault),
        None => right,
    };
    log.lock().expect("no request panics").push(format!("{status} {path}"));
    let header =
        |name: &str, value: &str| if value.is_empty() { String::new() } else { format!("{name}: {value}\r\n") };
    write!(
        stream,
        "HTTP/1.1 {status} {}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
         {}{}Connection: close\r\n\r\n",
        if status == 200 { "OK" } else { "Not Found" },
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
