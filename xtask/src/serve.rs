//! The page on this machine, built again at every save. It is served as soon as the CPU engine is there; the others are
//! compiled behind it.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, SendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use notify_debouncer_full::notify::RecursiveMode;
use notify_debouncer_full::{DebounceEventResult, new_debouncer};
use tokio::sync::watch;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::WatchStream;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use xshell::Shell;

use crate::command_line::Serve;
use crate::help::Help as _;
use crate::page::{Engine, Page, Profile, SOURCES};
use crate::setup;

const DEFAULT_PORT: u16 = 8080;
/// How many ports are tried, the wanted one included.
const PORTS: u16 = 50;
/// Not `dist`: what is served reloads itself and must not be published.
const FOLDER: &str = "target/serve";
/// What engines are compiled from.
const CODE: [&str; 4] = ["Cargo.toml", "Cargo.lock", "kernels", "src"];
/// Saving may be several events.
const SETTLED: Duration = Duration::from_millis(300);

/// Also that of every other file: a worker obeys the policy of its own script's response, so wasm is allowed here.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; \
    style-src 'self'; img-src 'self' data: blob:; connect-src 'self'";
const RELOAD: &str = "<script type=\"module\" src=\"reload.js\"></script>\n";
/// Told of each build by its number; the first that it hears is the one it was loaded from.
const RELOAD_SCRIPT: &str = "\
let loaded;
new EventSource('reload').onmessage = ({ data }) => {
  if (loaded && loaded !== data) location.reload();
  loaded = data;
};
";

/// Compiles the CPU engine, then serves until stopped.
pub fn run(sh: &Shell, options: &Serve) -> Result<()> {
    let wanted = match &options.port {
        None => DEFAULT_PORT,
        Some(text) => {
            let port = text.parse().ok().filter(|port| *port > 0);
            port.with_context(|| format!("--port {text}: not a port")).help("a port is a number from 1 to 65535")?
        }
    };
    setup::wasm_target(sh)?;
    if options.dev {
        println!("--dev: quick to build, but training is many times slower.");
    }
    let profile = if options.dev { Profile::Dev } else { Profile::Release };
    let (built, builds) = watch::channel(0u32);
    let site = Site { folder: sh.current_dir().join(FOLDER), waiting: Arc::default(), builds };
    sh.remove_path(&site.folder)?;
    sh.create_dir(&site.folder)?;
    let build = Build { root: sh.current_dir(), profile, site: site.clone(), built };
    build.copy()?;

    // Each in a thread of its own: nobody who edits a script waits for a compiler.
    let (sources_changed, sources) = mpsc::channel();
    let (code_changed, code) = mpsc::channel();
    // Kept to the end: without it nobody watches.
    let _watcher = watch(sh.current_dir(), move |change| match change {
        Change::Sources => sources_changed.send(()),
        Change::Code => code_changed.send(()),
    })?;
    println!("The CPU engine is compiled: the first time this takes a few minutes on two cores.");
    let again = build.clone();
    std::thread::spawn(move || again.at_each(&sources, Build::copy));
    let first = build.clone();
    std::thread::spawn(move || {
        first.said(first.compile());
        first.at_each(&code, Build::compile);
    });

    // Until the engine is there nobody can use the page.
    let cpu = Page::read(&sh.current_dir())?.engines[0].clone();
    let mut builds = site.builds.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        while !site.folder.join(cpu.module()).is_file() {
            builds.changed().await?;
        }
        let port = choose_port(wanted, is_free)?;
        if port != wanted {
            println!("Port {wanted} is busy, using {port}.");
        }
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = format!("http://127.0.0.1:{port}/");
        println!("Ready: {address}");
        if options.open {
            open(sh, &address);
        }
        Ok(axum::serve(listener, site.router()).await?)
    })
}

/// Shows the page in the user's browser, where that can be asked for.
fn open(sh: &Shell, address: &str) {
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    if sh.cmd(program).arg(address).quiet().ignore_status().run().is_err() {
        println!("{program} is not there: open {address} yourself.");
    }
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Sources,
    Code,
}

/// Tells of changes below `root`, one of each kind at a time.
fn watch(root: PathBuf, say: impl Fn(Change) -> Result<(), SendError<()>> + Send + 'static) -> Result<impl Sized> {
    let watched = root.clone();
    let mut debouncer = new_debouncer(SETTLED, None, move |events: DebounceEventResult| {
        // Who builds the page reads it.
        let written = events.into_iter().flatten().filter(|event| !event.kind.is_access());
        let paths = written.flat_map(|event| event.event.paths);
        for change in paths.filter_map(|path| change(&watched, &path)).collect::<BTreeSet<_>>() {
            // Nobody listens when the server ends.
            let _ = say(change);
        }
    })?;
    for path in CODE.into_iter().chain([SOURCES]) {
        debouncer.watch(root.join(path), RecursiveMode::Recursive).with_context(|| format!("cannot watch {path}"))?;
    }
    Ok(debouncer)
}

/// What a changed file is to the page; editors' own files, which begin with a dot, are nothing.
fn change(root: &Path, path: &Path) -> Option<Change> {
    let path = path.strip_prefix(root).ok()?;
    if path.file_name()?.to_string_lossy().starts_with('.') {
        return None;
    }
    let first = path.components().next()?.as_os_str();
    if first == SOURCES {
        return Some(Change::Sources);
    }
    CODE.iter().any(|code| first == *code).then_some(Change::Code)
}

/// Builds the page.
#[derive(Clone)]
struct Build {
    root: PathBuf,
    profile: Profile,
    site: Site,
    built: watch::Sender<u32>,
}

impl Build {
    /// Does `work` whenever something changed; what came meanwhile is one change.
    fn at_each(&self, changes: &Receiver<()>, work: impl Fn(&Self) -> Result<()>) {
        while changes.recv().is_ok() {
            changes.try_iter().for_each(drop);
            self.said(work(self));
        }
    }

    fn said(&self, outcome: Result<()>) {
        if let Err(error) = outcome {
            eprintln!("error: {error:#}\nThe page stays as it was; it is built again at the next save.");
        }
    }

    /// Puts all but the engines in place.
    fn copy(&self) -> Result<()> {
        Page::read(&self.root)?.copy(&self.root, &self.site.folder, RELOAD)?;
        fs_err::write(self.site.folder.join("reload.js"), RELOAD_SCRIPT)?;
        self.tell();
        Ok(())
    }

    /// Compiles the engines.
    fn compile(&self) -> Result<()> {
        let sh = Shell::new()?;
        sh.change_dir(&self.root);
        let engines = Page::read(&self.root)?.engines;
        self.site.wait_for(engines.iter().filter(|engine| !self.site.folder.join(engine.module()).is_file()));
        for (index, engine) in engines.iter().enumerate() {
            engine.build(&sh, self.profile, &self.site.folder)?;
            self.site.has_come(engine);
            println!("{} is there.", engine.name);
            // The page works without the others: who looks at it is not disturbed for each.
            if index == 0 {
                self.tell();
            }
        }
        Ok(())
    }

    fn tell(&self) {
        self.built.send_modify(|number| *number += 1);
    }
}

/// What is served.
#[derive(Clone)]
struct Site {
    folder: PathBuf,
    /// Engines that are still to be compiled.
    waiting: Arc<Mutex<Vec<Engine>>>,
    builds: watch::Receiver<u32>,
}

impl Site {
    fn wait_for<'a>(&self, engines: impl Iterator<Item = &'a Engine>) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = engines.cloned().collect();
    }

    fn has_come(&self, engine: &Engine) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).retain(|waiting| waiting != engine);
    }

    fn router(self) -> Router {
        let header = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
        let files = ServeDir::new(&self.folder).fallback(get(absent).with_state(self.clone()));
        Router::new()
            .route("/reload", get(reload))
            .with_state(self)
            .fallback_service(files)
            .layer(header(header::CACHE_CONTROL, "no-store"))
            .layer(header(header::CONTENT_SECURITY_POLICY, POLICY))
    }
}

/// The numbers of the builds, as they come.
async fn reload(
    State(site): State<Site>,
) -> Sse<impl tokio_stream::Stream<Item = Result<Event, std::convert::Infallible>>> {
    Sse::new(WatchStream::new(site.builds).map(|number| Ok(Event::default().data(number.to_string()))))
}

/// A file that is not there, or not yet.
async fn absent(State(site): State<Site>, request: Request) -> Response {
    let path = request.uri().path();
    let waiting = site.waiting.lock().unwrap_or_else(PoisonError::into_inner);
    if waiting.iter().any(|engine| engine.has(path)) {
        return (StatusCode::SERVICE_UNAVAILABLE, [("x-still-building", "yes")], "still building").into_response();
    }
    StatusCode::NOT_FOUND.into_response()
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

    #[test]
    fn a_change_is_one_of_the_page_or_of_its_engines() {
        let change = |path: &str| change(Path::new("/lab"), &Path::new("/lab").join(path));
        assert_eq!(change("www/app/main.js"), Some(Change::Sources));
        assert_eq!(change("src/lib.rs"), Some(Change::Code));
        assert_eq!(change("Cargo.toml"), Some(Change::Code));
        for path in ["www/app/.main.js.swp", "target/serve/index.html", "README.md", ""] {
            assert_eq!(change(path), None, "{path}");
        }
        // Code is more than sources: of both, everything is built.
        assert!(Change::Code > Change::Sources);
    }
}
