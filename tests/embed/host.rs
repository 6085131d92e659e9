//! Host pages and the origin that the lab's files come from.

use std::path::{Path, PathBuf};

use crate::harness::{Outcome, Page, Server, Site, Visit, variable};

/// Remembers every worker, and whether it was ended.
const COLLECT_WORKERS: &str = "globalThis.workers = []; \
    globalThis.Worker = class extends Worker { \
        constructor(...values) { super(...values); workers.push(this); } \
        terminate() { this.ended = true; super.terminate(); } };";

/// The built page as a CDN serves it: to everyone.
pub fn cdn() -> Server {
    let site = Site { open: true, ..Site::page(Path::new(&variable("SCL_DIST")), "/lab/1.0/") };
    Server::start(site).unwrap_or_else(|error| panic!("the second server does not start: {error}"))
}

pub fn hosts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/embed/hosts")
}

/// A site of host pages under a strict policy, with these sources of workers.
pub fn host(cdn: &Server, workers: &str) -> Site {
    let cdn = &cdn.address;
    let policy = format!(
        "default-src 'none'; script-src 'self' {cdn} 'wasm-unsafe-eval'; worker-src {workers}; connect-src {cdn}; \
         img-src {cdn} blob: data:; style-src 'self'; frame-src {cdn}"
    );
    Site { folder: hosts(), prefix: "/", policy, open: false, cdn: cdn.clone() }
}

/// A visit to host pages.
pub fn visit(site: Site) -> Visit {
    Visit::to(site).before_load(COLLECT_WORKERS)
}

/// Brings the elements to a page, as a module of the page's own: what a driver's script imports is not always the page's.
pub async fn bring_elements(page: &Page, cdn: &Server) -> Outcome {
    page.run(
        "document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: `${arguments[0]}embed/embed.js` }))",
        vec![cdn.address.clone().into()],
    )
    .await?;
    page.wait("the elements", 10, "Boolean(customElements.get('semantic-continuity-nudge'))").await.map(drop)
}

/// Workers that nobody has ended.
pub async fn workers(page: &Page) -> Outcome<usize> {
    page.get("workers.filter((worker) => !worker.ended).length").await
}

/// How often files whose path has this part were asked for, and that they were there.
pub fn asked(server: &Server, part: &str) -> usize {
    server.requests().iter().filter(|request| request.starts_with("200 ") && request.contains(part)).count()
}

/// Megabytes of data and weights that were asked for.
pub fn megabytes(server: &Server) -> f64 {
    let folder = PathBuf::from(variable("SCL_DIST"));
    let size = |path: &str| std::fs::metadata(folder.join(path)).map_or(0, |file| file.len());
    let paths = server.requests().into_iter().filter_map(|request| {
        let path = request.strip_prefix("200 /lab/1.0/")?;
        (path.starts_with("data/") || path.starts_with("weights/")).then(|| path.to_owned())
    });
    paths.map(|path| size(&path)).sum::<u64>() as f64 / 1e6
}

/// Presses a widget's button, and waits for the answers of its nudge figure, which takes the keyboard over.
pub async fn load_nudge(page: &Page, widget: &str) -> Outcome {
    page.click(&format!("{widget} >>> button")).await?;
    page.wait(
        "the keyboard",
        30,
        &format!("visitor.one('{widget} >>> scl-nudge') && document.activeElement === visitor.one('{widget}')"),
    )
    .await?;
    let counted = format!("visitor.one('{widget} >>> scl-nudge >>> .rates strong')");
    page.wait("the figure's answers", 60, &counted).await.map(drop)
}
