//! What a figure on another page costs in JavaScript, engines and data aside: the modules that its element, its figure and its
//! worker import.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

use crate::bundle::Graph;
use crate::sizes::{Asset, kb};

/// The most that a figure may weigh compressed when it is loaded, in bytes.
const BUDGET: u64 = 60_000;
/// What every widget is made of, in the host and in the worker.
const COMMON: [&str; 3] = ["embed/embed.js", "embed/mount.js", "engine/worker.js"];
/// What the library says of itself is data, which the page and every figure load.
const DATA: &str = "catalogue/library.js";
/// The list of figures.
const FIGURES: &str = "catalogue/figures.js";

#[derive(Debug, PartialEq, Eq)]
pub struct Widget {
    pub name: String,
    /// To be seen.
    pub at_load: u64,
    /// With everything that its buttons may load.
    pub at_most: u64,
}

/// Every figure that the page offers to others by its `sources`: what it imports, and what that weighs of the built
/// `assets`.
pub fn measure(sources: &Path, graph: &Graph, assets: &[Asset]) -> Result<Vec<Widget>> {
    let file = sources.join(FIGURES);
    let figures = figures(&std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?);
    let all: Vec<String> = figures.iter().flat_map(|(_, modules)| modules.iter().cloned()).collect();
    figures
        .iter()
        .map(|(name, modules)| {
            let weight = |later: bool| -> Result<u64> {
                // The lab leads to every figure.
                let modules = if later && name == "lab" { &all } else { modules };
                let found = graph.closure(COMMON.into_iter().chain(modules.iter().map(String::as_str)), later);
                let size = |path: &str| assets.iter().find(|asset| asset.path == path).map(|asset| asset.brotli);
                let found = found.into_iter().filter(|path| *path != DATA);
                found.map(|path| size(path).with_context(|| format!("{path} was not measured"))).sum()
            };
            Ok(Widget { at_load: weight(false)?, at_most: weight(true)?, name: name.clone() })
        })
        .collect()
}

/// Names of the figures in the text of the list, each with the modules that it begins with.
fn figures(text: &str) -> Vec<(String, Vec<String>)> {
    let mut figures: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("  ").and_then(|line| line.strip_suffix(": {"))
            && name.chars().all(|c| c.is_ascii_lowercase())
        {
            figures.push((name.to_owned(), vec![format!("elements/{name}/{name}.js")]));
        }
        let Some((_, modules)) = figures.last_mut() else { continue };
        let line = line.trim();
        if let Some(module) = line.strip_prefix("module: \"").and_then(|rest| rest.split('"').next()) {
            modules[0] = module.to_owned();
        }
        if line.starts_with("needs: \"run\"") {
            modules.push("training/run.js".to_owned());
        }
    }
    figures
}

pub fn table(widgets: &[Widget]) -> String {
    let mut text = format!("{:32} {:>11} {:>11}\n", "widgets: their JavaScript", "at load kB", "at most kB");
    for Widget { name, at_load, at_most } in widgets {
        let note = format!("{} (at most {} kB at load)", if *at_load <= BUDGET { "OK" } else { "OVER" }, BUDGET / 1000);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {name:30} {:>11} {:>11}  {note}", kb(*at_load), kb(*at_most));
    }
    text
}

/// A failure that names every figure over the budget.
pub fn check_budget(widgets: &[Widget]) -> Result<()> {
    if widgets.is_empty() {
        bail!("{FIGURES} names no figure");
    }
    let over = widgets.iter().filter(|widget| widget.at_load > BUDGET);
    let over: Vec<String> =
        over.map(|widget| format!("{} is {} kB, at most {} kB", widget.name, kb(widget.at_load), kb(BUDGET))).collect();
    ensure!(over.is_empty(), "widgets: {}", over.join("; "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizes::Part;

    #[test]
    fn a_widget_is_all_that_it_imports_once() {
        let temp = crate::files::TempFolder::new("widgets");
        temp.write(
            "catalogue/figures.js",
            b"import { datasets } from \"./library.js\";\n  nudge: {\n    needs: \"now\",\n  },\n  lab: {\n    module: \"embed/l.js\",\n    needs: \"run\",\n  },\n",
        );
        let graph = Graph::parse(
            r#"{ "embed/embed.js": { "imports": ["catalogue/figures.js"] },
                 "catalogue/figures.js": { "imports": ["catalogue/library.js"] }, "catalogue/library.js": {},
                 "embed/mount.js": { "imports": ["s.js"] }, "engine/worker.js": {}, "s.js": {}, "p.js": {},
                 "elements/nudge/nudge.js": { "imports": ["s.js"], "later": ["p.js"] },
                 "embed/l.js": {}, "training/run.js": {} }"#,
        )
        .unwrap();
        let weights = [
            ("catalogue/figures.js", 1),
            ("embed/embed.js", 10),
            ("embed/mount.js", 100),
            ("engine/worker.js", 1000),
            ("s.js", 10_000),
        ];
        let more = [("elements/nudge/nudge.js", 49_000), ("p.js", 7), ("training/run.js", 3), ("embed/l.js", 5)];
        let asset =
            |(path, brotli): (&str, u64)| Asset { path: path.to_owned(), part: Part::of(path), raw: brotli, brotli };
        let assets: Vec<Asset> = weights.into_iter().chain(more).map(asset).collect();
        let widgets = measure(&temp.0, &graph, &assets).unwrap();
        let widget = |name: &str, at_load, at_most| Widget { name: name.to_owned(), at_load, at_most };
        assert_eq!(widgets, [widget("nudge", 60_111, 60_118), widget("lab", 11_119, 60_126)]);
        assert!(check_budget(&widgets).unwrap_err().to_string().contains("nudge is 60.1 kB"));
        check_budget(&widgets[1..]).unwrap();
        assert!(table(&widgets).contains("OVER") && check_budget(&[]).is_err());
    }
}
