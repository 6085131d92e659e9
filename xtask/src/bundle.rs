//! The page's scripts in few files, by `xtask/bundle.js`, and what each of those imports.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::help::Help as _;

/// What starts the page: the scripts of `index.html`, what comes after the first figure, and the worker.
const PAGE: [&str; 5] = ["app/main.js", "app/theme.js", "app/lost.js", "app/further.js", "engine/worker.js"];

/// What starts the page of a lesson.
const LESSON: [&str; 1] = ["lesson/main.js"];

/// What the scripts of a built page import.
#[derive(Debug, Default)]
pub struct Graph(BTreeMap<String, Imports>);

#[derive(Debug, Default)]
struct Imports {
    at_once: Vec<String>,
    later: Vec<String>,
}

/// Bundles the modules below `folder`, which then lie in `immutable/`. Node.js and its packages must be there.
pub fn run(sh: &Shell, folder: &Path) -> Result<Graph> {
    let printed = cmd!(sh, "node xtask/bundle.js {folder}").read().help("see its message above")?;
    Graph::parse(&printed)
}

impl Graph {
    /// From `{ path: { imports, later } }`.
    pub fn parse(json: &str) -> Result<Self> {
        let graph: BTreeMap<String, Value> = serde_json::from_str(json).context("the graph of the page's scripts")?;
        let paths = |list: &Value| {
            list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let imports = |value: Value| Imports { at_once: paths(&value["imports"]), later: paths(&value["later"]) };
        Ok(Self(graph.into_iter().map(|(path, value)| (path, imports(value))).collect()))
    }

    /// All that `entries` import, and they themselves; with `later` also what they load in the course of time.
    pub fn closure<'a>(&'a self, entries: impl IntoIterator<Item = &'a str>, later: bool) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut next: Vec<&str> = entries.into_iter().collect();
        while let Some(path) = next.pop() {
            let Some(Imports { at_once, later: more }) = self.0.get(path) else { continue };
            if found.insert(path) {
                next.extend(at_once.iter().map(String::as_str));
                next.extend(more.iter().filter(|_| later).map(String::as_str));
            }
        }
        found
    }

    /// What the page loads before anybody does anything; with `later` also on demand.
    pub fn page(&self, later: bool) -> BTreeSet<&str> {
        self.closure(PAGE, later)
    }

    /// What the page of a lesson loads, also on demand.
    pub fn lesson(&self) -> BTreeSet<&str> {
        self.closure(LESSON, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_imported_is_found_once_and_on_demand() {
        let graph = Graph::parse(
            r#"{ "app/main.js": { "imports": ["immutable/a.js"], "later": ["app/further.js"] },
                 "immutable/a.js": { "imports": ["immutable/b.js"], "later": ["board.js"] },
                 "immutable/b.js": { "imports": ["immutable/a.js"], "later": [] },
                 "app/further.js": { "imports": ["immutable/b.js"], "later": [] },
                 "board.js": { "imports": [], "later": [] }, "api.js": { "imports": ["immutable/b.js"], "later": [] } }"#,
        )
        .unwrap();
        let list = |found: BTreeSet<&str>| found.into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(list(graph.closure(["api.js"], false)), "api.js immutable/a.js immutable/b.js");
        assert_eq!(list(graph.page(false)), "app/further.js app/main.js immutable/a.js immutable/b.js");
        assert_eq!(list(graph.page(true)), "app/further.js app/main.js board.js immutable/a.js immutable/b.js");
        assert!(Graph::parse("no graph").is_err());
    }
}
