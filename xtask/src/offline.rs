//! Tells the service worker of a built page which files it is made of, and the page that there is a service worker.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use flate2::read::GzDecoder;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::bundle::Graph;
use crate::files;
use crate::help::Help as _;
use crate::sizes::Part;

const WORKER: &str = "service-worker.js";
const META: &str = "<meta name=\"service-worker\" content=\"service-worker.js\">";

/// What a visitor opens, each of which starts the service worker.
const PAGES: [&str; 2] = ["index.html", "lesson.html"];
/// Puts a figure into a lesson.
const MOUNT: &str = "embed/mount.js";

/// Writes the list of the files of `folder` into its service worker, and its name into the page.
pub fn write(folder: &Path, graph: &Graph) -> Result<()> {
    for name in PAGES {
        let page = folder.join(name);
        let html = fs_err::read_to_string(&page)?;
        let parts = html.split_once("</head>").with_context(|| format!("{name} has no </head>"));
        let (head, rest) = parts.help(format!("correct www/{name}"))?;
        fs_err::write(&page, format!("{head}{META}\n</head>{rest}"))?;
    }

    let worker = folder.join(WORKER);
    let script = fs_err::read_to_string(&worker)?;
    let build = build(folder, graph)?;
    Ok(fs_err::write(&worker, format!("const BUILD = {build};\n{script}"))?)
}

/// `{ version, files, first }`: a digest of all, the digests of each file, and those to fetch at once.
fn build(folder: &Path, graph: &Graph) -> Result<serde_json::Value> {
    let mut version = Sha256::new();
    let (mut digests, mut first) = (serde_json::Map::new(), Vec::new());
    for path in files::walk(folder)?.into_iter().filter(|path| belongs(path)) {
        let bytes = fs_err::read(folder.join(&path))?;
        let digest = Sha256::digest(&bytes);
        version.update(path.as_bytes());
        version.update(digest);
        let part = Part::imported(&path, graph);
        if part == Part::Addresses && path.starts_with("lesson/") {
            continue; // nobody asks for these by their own addresses
        }
        let kept = [Part::Page, Part::OnDemand, Part::Brought, Part::Lesson, Part::CpuEngine, Part::Statistics];
        if kept.contains(&part) || path == MOUNT {
            first.push(path.clone());
        }
        let mut known = written(&digest);
        if path.ends_with(".gz") {
            // Some servers decompress these on the way.
            let mut unpacked = Vec::new();
            GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked).with_context(|| format!("cannot unpack {path}"))?;
            known = format!("{known} {}", written(&Sha256::digest(&unpacked)));
        }
        digests.insert(path, known.into());
    }
    let version: String = version.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Ok(json!({ "version": version, "files": digests, "first": first }))
}

/// The beginning of a digest, 120 bits in base64: against accidents that is plenty, and there are many files.
fn written(digest: &[u8]) -> String {
    BASE64_STANDARD.encode(&digest[..15])
}

/// Whether the page itself loads it: single results of studies are only linked to, maps are for developer tools.
fn belongs(path: &str) -> bool {
    ![WORKER, "preview.png"].contains(&path)
        && !path.ends_with(".map")
        && (!path.starts_with("data/results/") || path.ends_with("/claims.json"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    #[test]
    fn every_file_of_the_page_is_listed_and_a_change_makes_another_version() {
        let temp = files::TempFolder::new("offline");
        temp.write("index.html", b"<head></head>");
        temp.write(WORKER, b"work()");
        for path in
            ["app/main.js", "app/main.js.map", "api.js", "immutable/cpu_engine_bg.wasm", "immutable/webgpu_engine.js"]
        {
            temp.write(path, b"1");
        }
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(b"1").unwrap();
        let packed = packed.finish().unwrap();
        temp.write("data/mnist/a.gz", &packed);
        temp.write("data/results/default/claims.json", b"{}");
        temp.write("data/results/default/mnist.plain.json", b"{}");
        let graph = Graph::parse(r#"{ "app/main.js": {} }"#).unwrap();
        let build = |folder: &Path| build(folder, &graph);
        let first = build(&temp.0).unwrap();
        assert_eq!(first["first"], json!(["app/main.js", "immutable/cpu_engine_bg.wasm", "index.html"]));
        let files = first["files"].as_object().unwrap();
        assert_eq!(files.len(), 7, "{files:?}");
        // Of "1", by `sha256sum | xxd -r -p | base64 | cut -c-20`.
        let one = "a4ayc/80/OGda4BO/1o/";
        assert_eq!(files["app/main.js"], one);
        // As it is, and as a server unpacks it.
        assert_eq!(files["data/mnist/a.gz"], format!("{} {one}", written(&Sha256::digest(&packed))));
        assert_eq!(build(&temp.0).unwrap(), first);
        temp.write("app/main.js", b"2");
        assert_ne!(build(&temp.0).unwrap()["version"], first["version"]);
        temp.write("data/mnist/a.gz", &packed[..packed.len() - 4]);
        assert!(build(&temp.0).unwrap_err().to_string().contains("data/mnist/a.gz"));
    }

    #[test]
    fn the_page_and_its_worker_are_told() {
        let temp = files::TempFolder::new("offline");
        for page in PAGES {
            temp.write(page, b"<html><head></head></html>");
        }
        temp.write(WORKER, b"work()");
        write(&temp.0, &Graph::default()).unwrap();
        let read = |path: &str| std::fs::read_to_string(temp.0.join(path)).unwrap();
        assert!(PAGES.iter().all(|page| read(page).contains(META)));
        let digest = written(&Sha256::digest(read("index.html")));
        // Of the page as it is served, name of the worker included.
        assert!(read(WORKER).contains(&digest), "{}", read(WORKER));
        assert!(read(WORKER).starts_with("const BUILD = {") && read(WORKER).ends_with(";\nwork()"));
    }
}
