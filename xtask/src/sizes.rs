//! What a visitor downloads: every asset raw and compressed, by part of the page, against the budgets.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, anyhow};

use crate::bundle::Graph;
use crate::files;
use crate::help::Help as _;

/// What an asset is for; decides when it is loaded and which budget it counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What every visitor downloads: the first figure, and the steps after it.
    Page,
    /// What the page loads when it is wanted: the figures that only Expert shows, and parts of the steps.
    OnDemand,
    /// Reads what a visitor brings: own pictures, archives, saved runs. Loaded when there is something to read.
    Brought,
    /// Only for other people's pages and programs.
    Embedding,
    /// The page of a lesson, and the lessons; all else it shares with the page.
    Lesson,
    /// Keeps the page for times without a network; loaded when all else is there.
    Offline,
    CpuEngine,
    WebGpuEngine,
    Statistics,
    Data,
    Weights,
    /// Modules at their own addresses, each a line that passes on what a bundle has: the page asks the bundle itself.
    Addresses,
    /// Leads developer tools from the bundles back to the sources; nobody else loads it.
    Maps,
    /// For people, and for what shows links to the page; the page itself never loads it.
    Read,
}

impl Part {
    /// Each with its label, and the most that it may weigh compressed, in bytes.
    const ALL: [(Self, &'static str, Option<u64>); 14] = [
        (Self::Page, "page without engines and data", Some(150_000)),
        (Self::OnDemand, "what the page loads on demand", Some(100_000)),
        (Self::Brought, "own pictures, drawing board, saved runs", Some(40_000)),
        (Self::Embedding, "embedding", Some(35_000)),
        (Self::Lesson, "lessons", Some(35_000)),
        (Self::Offline, "service worker", Some(12_000)),
        // 450 until values could be undefined and studies went on after a loss.
        (Self::CpuEngine, "cpu engine", Some(470_000)),
        (Self::WebGpuEngine, "webgpu engine", Some(1_700_000)),
        // 100 until it also read saved runs, which anybody may have written.
        (Self::Statistics, "statistics", Some(125_000)),
        (Self::Data, "data", None),
        (Self::Weights, "weights", None),
        (Self::Addresses, "addresses of bundled modules", None),
        (Self::Maps, "source maps", None),
        (Self::Read, "licences, preview of links", None),
    ];

    /// By its name. What the page [imports](Self::imported) says more of its scripts.
    pub fn of(path: &str) -> Self {
        let starts = |prefix| path.starts_with(prefix);
        match () {
            () if path.ends_with(".map") => Self::Maps,
            () if starts("immutable/cpu_engine") => Self::CpuEngine,
            () if starts("immutable/webgpu_engine") => Self::WebGpuEngine,
            () if starts("immutable/statistics_engine") => Self::Statistics,
            () if starts("embed/") || starts("pytorch/") || OTHERS.contains(&path) => Self::Embedding,
            () if LESSONS.iter().any(|prefix| path.starts_with(prefix)) => Self::Lesson,
            () if path == "service-worker.js" => Self::Offline,
            () if starts("data/") => Self::Data,
            () if starts("weights/") => Self::Weights,
            () if path.ends_with(".LICENSE") => Self::Read,
            () if BROUGHT.iter().any(|prefix| path.starts_with(prefix)) => Self::Brought,
            () if ["NOTICE", "preview.png"].contains(&path) || starts("LICENSE") => Self::Read,
            () => Self::Page,
        }
    }

    /// The same where it is known what imports what. A script that the page imports before anything else is the page's
    /// own, whatever its name; one that it never imports is there for its address.
    pub fn imported(path: &str, graph: &Graph) -> Self {
        match Self::of(path) {
            Self::Brought if graph.page(false).contains(path) => Self::Page,
            Self::Page | Self::Brought if path.ends_with(".js") && !graph.page(true).contains(path) => Self::Addresses,
            Self::Page if path.ends_with(".js") && !graph.page(false).contains(path) => Self::OnDemand,
            Self::Lesson if path.ends_with(".js") && !graph.lesson().contains(path) => Self::Addresses,
            part => part,
        }
    }
}

/// What only other people's pages and programs load.
const OTHERS: [&str; 3] = ["embed.html", "api.js", "settings.json"];
/// Files with these beginnings are only for lessons.
const LESSONS: [&str; 4] = ["lesson.html", "lesson/", "immutable/lesson", "vendor/qr.js"];
/// Files with these beginnings read what a visitor brings.
const BROUGHT: [&str; 6] =
    ["user-data/", "elements/own-data/", "elements/board/", "lib/archive/", "training/saved-run", "vendor/fflate"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    pub path: String,
    pub part: Part,
    pub raw: u64,
    /// Compressed by Brotli; as it is, for what is compressed already.
    pub brotli: u64,
}

/// Measures every file below `folder`, on every core.
pub fn measure(folder: &Path, graph: &Graph) -> Result<Vec<Asset>> {
    let paths = files::walk(folder)?;
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(paths.len()));
    let work = || {
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            let asset = measure_one(folder, path, graph);
            done.lock().unwrap_or_else(PoisonError::into_inner).push(asset);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut assets = done.into_iter().collect::<Result<Vec<Asset>>>()?;
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(assets)
}

fn measure_one(folder: &Path, path: &str, graph: &Graph) -> Result<Asset> {
    let bytes = fs_err::read(folder.join(path))?;
    let raw = bytes.len() as u64;
    let compressed = [".gz", ".png", ".jpg", ".webp", ".woff2", ".zip"].iter().any(|end| path.ends_with(end));
    let brotli =
        if compressed { raw } else { brotli_size(&bytes).with_context(|| format!("cannot compress {path}"))? };
    Ok(Asset { path: path.to_owned(), part: Part::imported(path, graph), raw, brotli })
}

fn brotli_size(bytes: &[u8]) -> std::io::Result<u64> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed.len() as u64)
}

/// The table, part by part, with sub-totals and budgets.
pub fn table(assets: &[Asset]) -> String {
    let width = assets.iter().map(|asset| asset.path.len() + 2).max().unwrap_or(0).max(32);
    let mut text = format!("{:width$} {:>11} {:>11}\n", "kB = 1000 bytes", "raw kB", "brotli kB");
    let mut line = |name: &str, raw: u64, brotli: u64, note: &str| {
        let line = format!("{name:width$} {:>11} {:>11}  {note}", kb(raw), kb(brotli));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    };
    for (part, label, budget) in Part::ALL {
        let own: Vec<&Asset> = assets.iter().filter(|asset| asset.part == part).collect();
        for asset in &own {
            line(&format!("  {}", asset.path), asset.raw, asset.brotli, "");
        }
        let (raw, brotli) = (own.iter().map(|a| a.raw).sum(), own.iter().map(|a| a.brotli).sum());
        let note = match (own.is_empty(), budget) {
            (true, Some(_)) => "MISSING".to_owned(),
            (_, None) => String::new(),
            (_, Some(most)) => format!("{} (at most {} kB)", if brotli <= most { "OK" } else { "OVER" }, most / 1000),
        };
        line(label, raw, brotli, &note);
    }
    line("total", assets.iter().map(|a| a.raw).sum(), assets.iter().map(|a| a.brotli).sum(), "");
    text
}

/// A failure that names every part over its budget, or absent.
pub fn check_budgets(assets: &[Asset]) -> Result<()> {
    let mut over = Vec::new();
    for (part, label, budget) in Part::ALL {
        let Some(most) = budget else { continue };
        let own = || assets.iter().filter(|asset| asset.part == part);
        let size: u64 = own().map(|asset| asset.brotli).sum();
        if own().next().is_none() {
            over.push(format!("{label} is missing"));
        } else if size > most {
            over.push(format!("{label} is {} kB compressed, at most {} kB", kb(size), kb(most)));
        }
    }
    if over.is_empty() { Ok(()) } else { Err(anyhow!(over.join("; "))).help("the table above names the files") }
}

pub fn kb(bytes: u64) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets(cpu: u64) -> Vec<Asset> {
        [("data/mnist/a.gz", 5_000_000), ("immutable/cpu_engine_bg-1.wasm", cpu), ("immutable/webgpu_engine-1.js", 9)]
            .into_iter()
            .chain([
                ("immutable/statistics_engine-1.js", 9),
                ("index.html", 1_250),
                ("style.css", 150),
                ("api.js", 9),
                ("lesson.html", 9),
                ("service-worker.js", 9),
                ("training/saved-run.js", 9),
            ])
            .map(|(path, brotli)| Asset { path: path.to_owned(), part: Part::of(path), raw: brotli * 2, brotli })
            .chain([Asset { path: "app/expert-figures.js".to_owned(), part: Part::OnDemand, raw: 18, brotli: 9 }])
            .collect()
    }

    #[test]
    fn parts_follow_the_folders() {
        let cases = [
            ("immutable/cpu_engine-1.js", Part::CpuEngine),
            ("immutable/webgpu_engine_bg-1.wasm", Part::WebGpuEngine),
            ("immutable/statistics_engine-1.js", Part::Statistics),
            ("data/SHA256SUMS", Part::Data),
            ("weights/a.safetensors", Part::Weights),
            ("engine/client.js", Part::Page),
            ("immutable/core-1.js", Part::Page),
            ("immutable/core-1.js.map", Part::Maps),
            ("pytorch/small-cnn.py", Part::Embedding),
            ("vendor/lit.LICENSE", Part::Read),
            ("vendor/fflate.LICENSE", Part::Read),
            ("vendor/fflate.js", Part::Brought),
            ("user-data/read.js", Part::Brought),
            ("training/saved-run.js", Part::Brought),
            ("training/runs.js", Part::Page),
            ("embed/embed.js", Part::Embedding),
            ("embed.html", Part::Embedding),
            ("lesson.html", Part::Lesson),
            ("lesson/glossary.json", Part::Lesson),
            ("immutable/lesson-1.js", Part::Lesson),
            ("settings.json", Part::Embedding),
            ("catalogue/library.js", Part::Page),
            ("elements/embed/embed.js", Part::Page),
            ("lib/archive/zip.js", Part::Brought),
            ("lib/database.js", Part::Page),
        ];
        for (path, part) in cases {
            assert_eq!(Part::of(path), part, "{path}");
        }
    }

    #[test]
    fn what_the_page_imports_is_its_own() {
        let graph = Graph::parse(
            r#"{ "app/main.js": { "imports": ["user-data/own.js", "api.js"],
                                  "later": ["user-data/read.js", "app/expert-figures.js"] },
                 "user-data/own.js": {}, "api.js": {}, "user-data/read.js": {}, "engine/client.js": {},
                 "app/expert-figures.js": {},
                 "lesson/main.js": { "imports": ["immutable/lesson-1.js"] }, "immutable/lesson-1.js": {}, "lesson/step.js": {} }"#,
        )
        .unwrap();
        assert_eq!(Part::imported("user-data/own.js", &graph), Part::Page);
        assert_eq!(Part::imported("user-data/read.js", &graph), Part::Brought);
        assert_eq!(Part::imported("app/expert-figures.js", &graph), Part::OnDemand);
        assert_eq!(Part::imported("api.js", &graph), Part::Embedding);
        assert_eq!(Part::imported("engine/client.js", &graph), Part::Addresses);
        assert_eq!(Part::imported("user-data/absent.js", &graph), Part::Addresses);
        assert_eq!(Part::imported("styles/page.css", &graph), Part::Page);
        assert_eq!(Part::imported("immutable/lesson-1.js", &graph), Part::Lesson);
        assert_eq!(Part::imported("lesson/step.js", &graph), Part::Addresses);
        assert_eq!(Part::imported("lesson/page.css", &graph), Part::Lesson);
    }

    #[test]
    fn the_table_sums_each_part() {
        let text = table(&assets(470_000));
        let line = |start: &str| {
            let line = text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}\n{text}"));
            line[start.len()..].split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(line("page without engines and data"), "2.8 1.4 OK (at most 150 kB)");
        assert_eq!(line("cpu engine"), "940.0 470.0 OK (at most 470 kB)");
        assert_eq!(line("data"), "10000.0 5000.0");
        assert_eq!(line("weights"), "0.0 0.0");
    }

    #[test]
    fn one_byte_over_a_budget_is_over() {
        check_budgets(&assets(470_000)).unwrap();
        let over = assets(470_001);
        assert!(check_budgets(&over).unwrap_err().to_string().contains("cpu engine is 470.0 kB"));
        assert!(table(&over).contains("OVER (at most 470 kB)"));
    }

    #[test]
    fn an_absent_engine_is_not_within_budget() {
        assert!(check_budgets(&assets(1)[4..]).unwrap_err().to_string().contains("cpu engine is missing"));
        assert!(table(&[]).contains("MISSING"));
    }

    #[test]
    fn files_are_compressed_unless_they_are_already() {
        let temp = files::TempFolder::new("sizes");
        temp.write("a/text.css", &b"again and ".repeat(1000));
        temp.write("b.gz", &[0; 1000]);
        let assets = measure(&temp.0, &Graph::default()).unwrap();
        assert_eq!((assets[0].path.as_str(), assets[0].raw), ("a/text.css", 10_000));
        assert!(assets[0].brotli < 100, "{assets:?}");
        assert_eq!(assets[1].brotli, 1000);
    }
}
