//! Sites that real generators built with a figure, as `examples/generators` has them: `cargo xtask test generators`.

use std::path::{Path, PathBuf};

use crate::harness::{Outcome, Site, Visit};
use crate::host::cdn;

/// Where the examples say that the lab is.
const WRITTEN: &str = "https://your.host/lab/";

/// Copies a site with the address at which the lab is served here.
fn settle(from: &Path, to: &Path, address: &str) -> Outcome {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            settle(&path, &target, address)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            std::fs::write(target, std::fs::read_to_string(path)?.replace(WRITTEN, address))?;
        } else {
            std::fs::copy(path, target)?;
        }
    }
    Ok(())
}

/// Opens pages of a site that was built into a folder of this name, and waits for the answers of both models on each.
fn shows_answers(site: &str, pages: &[&str]) {
    let sites = std::env::var("SCL_SITES").expect("SCL_SITES is not set: run `cargo xtask test generators`");
    let built = Path::new(&sites).join(site);
    assert!(built.is_dir(), "no generator built {}", built.display());
    let (lab, folder) =
        (cdn(), PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-site", site.replace('/', "-"))));
    let _ = std::fs::remove_dir_all(&folder);
    settle(&built, &folder, &lab.address).expect("the site can be copied");
    let host = Site { policy: String::new(), ..Site::page(&folder, "/") };
    // Most make no icon by themselves, and two scripts of Jupyter Book's own theme complain of each other.
    Visit::to(host).tolerating(&["favicon.ico", "THEBE_JS_URL", "invalid theme mode"]).run(async |page| {
        for path in pages {
            page.visit(&format!("{path}.html")).await?;
            // As a reader does: a figure further down loads when it comes into view.
            page.wait("the element", 20, "document.querySelector('semantic-continuity-nudge')").await?;
            page.run("document.querySelector('semantic-continuity-nudge').scrollIntoView()", vec![]).await?;
            let reply = "visitor.one('semantic-continuity-nudge >>> scl-nudge')?.reply";
            page.wait("an answer of the engine", 60, &format!("{reply} && !{reply}.beforehand")).await?;
            let said = "semantic-continuity-nudge >>> scl-nudge >>> scl-answers >>> .verdict strong";
            let said: Vec<String> = page.get(&format!("visitor.all('{said}').map((name) => name.innerText)")).await?;
            assert!(said.len() >= 2 && said.iter().all(|name| !name.is_empty()), "{site}/{path}: {said:?}");
            page.screenshot(&format!("generators-{}-{path}", site.replace('/', "-"))).await?;
        }
        Ok(())
    });
}

#[test]
fn mkdocs() {
    shows_answers("mkdocs", &["index"]);
}

#[test]
fn sphinx() {
    shows_answers("sphinx", &["index"]);
}

#[test]
fn jupyter_book() {
    shows_answers("jupyter-book/_build/html", &["index", "notebook"]);
}

#[test]
fn astro() {
    shows_answers("astro", &["index"]);
}

#[test]
fn a_page_as_it_was_written() {
    shows_answers("raw", &["index"]);
}
