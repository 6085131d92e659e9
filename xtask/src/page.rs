//! The page from its sources: `www/index.html` names for Trunk what belongs to it, files to copy and engines to compile,
//! and this reads the same list. So `trunk serve` works for whoever has Trunk, and nobody needs it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use html5gum::{Token, Tokenizer};

use wasm_bindgen_cli_support::Bindgen;
use xshell::{Shell, cmd};

use crate::help::Help as _;
use crate::process;
use crate::setup::TARGET;

/// The folder of the sources.
pub const SOURCES: &str = "www";
const INDEX: &str = "index.html";
/// Begins an element that is Trunk's, not the page's.
const MARK: &str = "<link data-trunk ";

/// How the engines are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Release,
    /// Quick to build, slow to train.
    Dev,
}

/// What the page is made of.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// `index.html` without Trunk's elements.
    html: String,
    /// Files and folders, from `www/`; each goes into the page's folder under its own name.
    copied: Vec<PathBuf>,
    pub engines: Vec<Engine>,
}

/// A binary of the package that becomes a module of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    pub name: String,
    features: String,
    /// Folder of the module, in the page's.
    folder: String,
    /// Whether its types are declared too.
    typescript: bool,
}

impl Page {
    /// From the sources below `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let page = Self::parse(&fs_err::read_to_string(root.join(SOURCES).join(INDEX))?);
        page.help(format!("correct {SOURCES}/{INDEX}"))
    }

    fn parse(source: &str) -> Result<Self> {
        let (mut html, mut copied, mut engines) = (String::new(), Vec::new(), Vec::new());
        let mut rest = source;
        while let Some((before, after)) = rest.split_once(MARK) {
            html.push_str(before);
            let (element, after) = after.split_once('>').context("an element of Trunk's has no end")?;
            rest = after.strip_prefix('\n').unwrap_or(after);
            let element = format!("{MARK}{element}>");
            let get = |name: &str| attribute(&element, name);
            let need = |name: &str| get(name).with_context(|| format!("{element} has no {name}"));
            match need("rel")?.as_str() {
                "copy-dir" | "copy-file" => copied.push(need("href")?.into()),
                "rust" => engines.push(Engine {
                    name: need("data-bin")?,
                    features: need("data-cargo-features")?,
                    folder: need("data-target-path")?,
                    typescript: get("data-typescript").is_some(),
                }),
                other => return Err(anyhow!("{element}: only copy-dir, copy-file and rust are known, not {other}")),
            }
        }
        html.push_str(rest);
        Ok(Self { html, copied, engines })
    }

    /// Writes all but the engines to `folder`, in place of what is there under the same names; `head` goes into the head.
    pub fn copy(&self, root: &Path, folder: &Path, head: &str) -> Result<()> {
        let sources = root.join(SOURCES);
        for path in &self.copied {
            let name = path.file_name().with_context(|| format!("{} has no name", path.display()))?;
            copy(&sources.join(path), &folder.join(name))?;
        }
        let (before, after) = self.html.split_once("</head>").context("index.html has no </head>")?;
        Ok(fs_err::write(folder.join(INDEX), format!("{before}{head}</head>{after}"))?)
    }
}

/// The value of an attribute of the one element in `html`.
fn attribute(html: &str, name: &str) -> Option<String> {
    Tokenizer::new(html).flatten().find_map(|token| match token {
        Token::StartTag(tag) => tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into()),
        _ => None,
    })
}

/// A file, or a folder with all below it. What is already there is kept as it is, times included: whoever watches it is
/// told of nothing.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs_err::create_dir_all(to)?;
        for entry in fs_err::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    let [source, target] = [from, to].map(|path| path.metadata().ok());
    let as_old = |a: &std::fs::Metadata, b: &std::fs::Metadata| {
        a.len() == b.len() && a.modified().ok().zip(b.modified().ok()).is_some_and(|(from, to)| from <= to)
    };
    if !source.zip(target).is_some_and(|(source, target)| as_old(&source, &target)) {
        fs_err::copy(from, to)?;
    }
    Ok(())
}

impl Engine {
    /// Compiles it, and writes its module into the page in `folder`.
    pub fn build(&self, sh: &Shell, profile: Profile, folder: &Path) -> Result<()> {
        let Self { name, features, .. } = self;
        let release: &[&str] = if profile == Profile::Release { &["--release"] } else { &[] };
        let wasm = process::artifact(
            cmd!(sh, "cargo build {release...} --target {TARGET} --bin {name} --no-default-features")
                .args(["--features", features]),
            name,
        )
        .help("see the message of the compiler above")?;
        let mut bindgen = Bindgen::new();
        bindgen.input_path(wasm).out_name(name).typescript(self.typescript).web(true)?;
        let folder = folder.join(&self.folder);
        bindgen.generate(&folder).with_context(|| format!("the module of {name} cannot be written"))
    }

    /// Its module, in the page's folder.
    pub fn module(&self) -> PathBuf {
        Path::new(&self.folder).join(format!("{}.js", self.name))
    }

    /// Whether a path of the page is one of its files.
    pub fn has(&self, path: &str) -> bool {
        path.trim_start_matches('/').starts_with(&format!("{}/{}", self.folder, self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{TempFolder, walk};

    const SOURCE: &str = r#"<head>
<link rel="icon" href="data:,">
<link data-trunk rel="copy-dir" href="app">
<link data-trunk rel="copy-file" href="../NOTICE">
<link data-trunk rel="rust" href="../Cargo.toml" data-target-path="engine"
      data-bin="cpu_engine" data-typescript data-cargo-features="cpu">
</head>
"#;

    #[test]
    fn the_list_for_trunk_is_read_and_left_out() {
        let page = Page::parse(SOURCE).unwrap();
        assert_eq!(page.html, "<head>\n<link rel=\"icon\" href=\"data:,\">\n</head>\n");
        assert_eq!(page.copied, [PathBuf::from("app"), PathBuf::from("../NOTICE")]);
        let [engine] = &page.engines[..] else { panic!("{:?}", page.engines) };
        assert_eq!((&engine.name[..], &engine.features[..], engine.typescript), ("cpu_engine", "cpu", true));
        assert!(engine.has("/engine/cpu_engine_bg.wasm") && engine.has("engine/cpu_engine.js"));
        assert!(!engine.has("/engine/client.js") && !engine.has("/cpu_engine.js") && !engine.has("/engine"));
        for wrong in
            [r#"<link data-trunk rel="sass" href="a">"#, r#"<link data-trunk rel="copy-dir">"#, "<link data-trunk "]
        {
            assert!(Page::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_sources_of_this_page_are_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let page = Page::read(root).unwrap();
        let names: Vec<&str> = page.engines.iter().map(|engine| &engine.name[..]).collect();
        assert_eq!(names, ["cpu_engine", "statistics_engine", "webgpu_engine"]);
        for path in &page.copied {
            assert!(root.join(SOURCES).join(path).exists(), "{}", path.display());
        }
    }

    #[test]
    fn what_is_copied_has_its_own_name() {
        let temp = TempFolder::new("page");
        for path in ["www/app/a.js", "www/app/b/c.js", "NOTICE"] {
            temp.write(path, b"1");
        }
        let folder = temp.0.join("out");
        std::fs::create_dir(&folder).unwrap();
        let page = Page::parse(SOURCE).unwrap();
        page.copy(&temp.0, &folder, "<meta>").unwrap();
        assert_eq!(walk(&folder).unwrap(), ["NOTICE", "app/a.js", "app/b/c.js", "index.html"]);
        assert!(std::fs::read_to_string(folder.join(INDEX)).unwrap().contains("<meta></head>"));
        temp.write("www/app/a.js", b"2, and longer");
        page.copy(&temp.0, &folder, "").unwrap();
        assert_eq!(std::fs::read(folder.join("app/a.js")).unwrap(), b"2, and longer");
    }
}
