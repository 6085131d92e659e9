//! A static server behind a slow line: all connections share its bandwidth, every request waits for its latency. Files
//! come as hosts send them: compressed by Brotli, and under the cache headers of docs/hosting.md.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::harness::Outcome;

/// The policy that docs/hosting.md recommends.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; \
    style-src 'self'; img-src 'self' data: blob:; connect-src 'self'";
/// Packets of a slow line follow each other about so closely.
const PACKET: Duration = Duration::from_millis(10);

/// A kind of connection.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub name: &'static str,
    /// As much as there is, where nothing is said.
    pub bits_per_second: Option<u32>,
    /// From a request to the first byte of its answer.
    pub latency: Duration,
}

/// The files of a folder as they are sent, each compressed once.
#[derive(Clone)]
pub struct Files {
    folder: PathBuf,
    packed: Arc<Mutex<HashMap<String, Option<Arc<Packed>>>>>,
}

struct Packed {
    body: Vec<u8>,
    kind: &'static str,
    by_brotli: bool,
    tag: String,
}

impl Files {
    pub fn below(folder: PathBuf) -> Self {
        Self { folder, packed: Arc::default() }
    }

    fn get(&self, path: &str) -> Option<Arc<Packed>> {
        let mut packed = self.packed.lock().expect("no request panics");
        packed.entry(path.to_owned()).or_insert_with(|| self.pack(path).map(Arc::new)).clone()
    }

    fn pack(&self, path: &str) -> Option<Packed> {
        let path = path.strip_prefix('/')?;
        let path = if path.is_empty() { "index.html" } else { path };
        let body = path.split('/').all(|part| part != "..").then(|| std::fs::read(self.folder.join(path)).ok())??;
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let tag = format!("\"{:x}\"", hasher.finish());
        let (kind, by_brotli) = match path.rsplit('.').next() {
            Some("html") => ("text/html; charset=utf-8", true),
            Some("js") => ("text/javascript; charset=utf-8", true),
            Some("css") => ("text/css; charset=utf-8", true),
            Some("json") => ("application/json", true),
            Some("wasm") => ("application/wasm", true),
            Some("gz") => ("application/gzip", false),
            _ => ("application/octet-stream", false),
        };
        Some(Packed { body: if by_brotli { compressed(&body) } else { body }, kind, by_brotli, tag })
    }
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, size_hint: bytes.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters).expect("memory suffices");
    compressed
}

/// What went over the line.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    pub bytes: usize,
    pub requests: usize,
}

/// The line of one server, which all of its connections share.
struct Shared {
    line: Line,
    /// When the packets that wait already will be gone.
    free: Mutex<Instant>,
    bytes: AtomicUsize,
    requests: AtomicUsize,
}

pub struct Server {
    pub address: String,
    shared: Arc<Shared>,
}

impl Server {
    /// Serves until the process ends.
    pub fn start(files: Files, line: &Line) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://127.0.0.1:{}/", listener.local_addr()?.port());
        let (bytes, requests) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let shared = Arc::new(Shared { line: *line, free: Mutex::new(Instant::now()), bytes, requests });
        let line = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (files, line) = (files.clone(), Arc::clone(&line));
                // A browser that goes away in the middle of an answer is its own business.
                std::thread::spawn(move || serve(stream, &files, &line).ok());
            }
        });
        Ok(Self { address, shared })
    }

    pub fn sent(&self) -> Sent {
        let read = |number: &AtomicUsize| number.load(Ordering::Relaxed);
        Sent { bytes: read(&self.shared.bytes), requests: read(&self.shared.requests) }
    }
}

impl Shared {
    fn send(&self, stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
        let per_second = self.line.bits_per_second.map(|bits| f64::from(bits) / 8.0);
        let packet = per_second.map_or(bytes.len(), |rate| (rate * PACKET.as_secs_f64()) as usize);
        for packet in bytes.chunks(packet.max(1)) {
            if let Some(rate) = per_second {
                let gone = {
                    let mut free = self.free.lock().expect("no request panics");
                    *free = (*free).max(Instant::now()) + Duration::from_secs_f64(packet.len() as f64 / rate);
                    *free
                };
                std::thread::sleep(gone.saturating_duration_since(Instant::now()));
            }
            stream.write_all(packet)?;
            self.bytes.fetch_add(packet.len(), Ordering::Relaxed);
        }
        stream.flush()
    }
}

/// Answers the requests of a connection, one after the other.
fn serve(mut stream: TcpStream, files: &Files, line: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(first) = lines.next().transpose()? {
        let mut known = String::new();
        for header in lines.by_ref() {
            let header = header?;
            match header.split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("if-none-match") => value.clone_into(&mut known),
                _ if header.is_empty() => break,
                _ => {}
            }
        }
        line.requests.fetch_add(1, Ordering::Relaxed);
        let target = first.split(' ').nth(1).unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        let file = files.get(path);
        std::thread::sleep(line.line.latency);
        let Some(file) = file else {
            line.send(&mut stream, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?;
            continue;
        };
        let same = known == file.tag;
        let body: &[u8] = if same { &[] } else { &file.body };
        let cache = if path.starts_with("/immutable/") { "max-age=31536000, immutable" } else { "no-cache" };
        let head = format!(
            "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nETag: {}\r\nCache-Control: {cache}\r\n{}\
             Content-Security-Policy: {POLICY}\r\n\r\n",
            if same { "304 Not Modified" } else { "200 OK" },
            file.kind,
            body.len(),
            file.tag,
            if file.by_brotli { "Content-Encoding: br\r\n" } else { "" },
        );
        line.send(&mut stream, head.as_bytes())?;
        line.send(&mut stream, body)?;
    }
    Ok(())
}
