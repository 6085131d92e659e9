//! What a figure on another page costs in JavaScript, engines and data aside: the modules that its element, its figure and its
//! worker import.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

use crate::sizes::{Asset, kb};

/// The most that a figure may weigh compressed when it is loaded, in bytes.
const BUDGET: u64 = 60_000;
/// What every widget is made of, in the host and in the worker, whose imports are all dynamic.
const COMMON: [&str; 4] = ["embed/embed.js", "embed/mount.js", "engine/worker.js", "engine/api.js"];
/// What the page itself begins with.
const PAGE: [&str; 2] = ["app/main.js", "app/theme.js"];
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

/// Every figure that the page offers to others: what it imports by its `sources`, what that weighs by the built `assets`.
pub fn measure(sources: &Path, assets: &[Asset]) -> Result<Vec<Widget>> {
    let read = |path: &str| std::fs::read_to_string(sources.join(path)).with_context(|| format!("cannot read {path}"));
    let figures = figures(&read(FIGURES)?);
    let all: Vec<String> = figures.iter().flat_map(|(_, modules)| modules.iter().cloned()).collect();
    figures
        .iter()
        .map(|(name, modules)| {
            let weight = |later: bool| -> Result<u64> {
                // The lab leads to every figure.
                let modules = if later && name == "lab" { &all } else { modules };
                let entries = COMMON.iter().map(|path| (*path).to_owned()).chain(modules.iter().cloned());
                let found = closure(entries.collect(), |path| read(path), later)?;
                let size = |path: &String| assets.iter().find(|asset| asset.path == *path).map(|asset| asset.brotli);
                found.iter().map(|path| size(path).with_context(|| format!("{path} was not measured"))).sum()
            };
            Ok(Widget { at_load: weight(false)?, at_most: weight(true)?, name: name.clone() })
        })
        .collect()
}

/// The modules that the page imports before it does anything.
pub fn loaded_first(sources: &Path) -> Result<BTreeSet<String>> {
    let read = |path: &str| std::fs::read_to_string(sources.join(path)).with_context(|| format!("cannot read {path}"));
    closure(PAGE.map(str::to_owned).to_vec(), read, false)
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

/// All modules that `entries` import, and they themselves; with `later` also what they load in the course of time.
fn closure(entries: Vec<String>, read: impl Fn(&str) -> Result<String>, later: bool) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut next = entries;
    while let Some(path) = next.pop() {
        // Engines and data are counted on their own.
        if path.ends_with("_engine.js") || path == DATA || !found.insert(path.clone()) {
            continue;
        }
        for line in read(&path)?.lines() {
            next.extend(imported(line).map(|relative| resolve(&path, relative)));
            if later {
                next.extend(dynamic(line).map(|relative| resolve(&path, relative)));
            }
        }
    }
    Ok(found)
}

/// The module of `import … from "./x.js"`, `import "./x.js"` or `export … from "./x.js"`, also in the last of its lines.
fn imported(line: &str) -> Option<&str> {
    let rest = ["import ", "export ", "} "].iter().find_map(|start| line.strip_prefix(start))?;
    let (_, path) =
        rest.rsplit_once("from \"").or_else(|| rest.split_once('"').filter(|(before, _)| before.is_empty()))?;
    path.split('"').next().filter(|path| path.starts_with('.'))
}

/// The modules of `import("./x.js")` in a line.
fn dynamic(line: &str) -> impl Iterator<Item = &str> {
    line.split("import(\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(|path| path.starts_with('.'))
}

/// A path relative to the file `from`.
fn resolve(from: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
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
    fn imports_are_found() {
        let cases = [
            ("import { a } from \"./a.js\";", Some("./a.js")),
            ("import \"../b.js\";", Some("../b.js")),
            ("export { c } from \"./c.js\";", Some("./c.js")),
            ("export const from = \"./d.js\";", None),
            ("import x from \"lit\";", None),
            ("} from \"./f.js\";", Some("./f.js")),
            ("} else {", None),
            ("  await import(\"./e.js\");", None),
        ];
        for (line, expected) in cases {
            assert_eq!(imported(line), expected, "{line}");
        }
        assert_eq!(
            dynamic("a(import(\"./e.js\"), import(\"./f.js\"), import(url))").collect::<Vec<_>>(),
            ["./e.js", "./f.js"]
        );
        assert_eq!(resolve("embed/mount.js", "../elements/nudge/nudge.js"), "elements/nudge/nudge.js");
        assert_eq!(resolve("app/main.js", "../training/run.js"), "training/run.js");
    }

    #[test]
    fn a_widget_is_all_that_it_imports_once() {
        let temp = crate::files::TempFolder::new("widgets");
        temp.write(
            "catalogue/figures.js",
            b"import { datasets } from \"./library.js\";\n  nudge: {\n    needs: \"now\",\n  },\n  lab: {\n    module: \"embed/l.js\",\n    needs: \"run\",\n  },\n",
        );
        temp.write("embed/embed.js", b"import { F } from \"../catalogue/figures.js\";\n");
        temp.write("embed/mount.js", b"import \"../s.js\";\n");
        temp.write("engine/worker.js", b"const { E } = await import(\"./api.js\");\n");
        temp.write("engine/api.js", b"import \"../s.js\";\nconst m = import(\"./cpu_engine.js\");\n");
        temp.write("elements/nudge/nudge.js", b"import \"../../s.js\";\nconst late = () => import(\"../../p.js\");\n");
        for leaf in ["s.js", "p.js", "training/run.js", "embed/l.js"] {
            temp.write(leaf, b"");
        }
        let weights = [
            ("catalogue/figures.js", 1),
            ("embed/embed.js", 10),
            ("embed/mount.js", 100),
            ("engine/worker.js", 400),
            ("engine/api.js", 600),
            ("s.js", 10_000),
        ];
        let more = [("elements/nudge/nudge.js", 49_000), ("p.js", 7), ("training/run.js", 3), ("embed/l.js", 5)];
        let asset =
            |(path, brotli): (&str, u64)| Asset { path: path.to_owned(), part: Part::of(path), raw: brotli, brotli };
        let assets: Vec<Asset> = weights.into_iter().chain(more).map(asset).collect();
        let widgets = measure(&temp.0, &assets).unwrap();
        let widget = |name: &str, at_load, at_most| Widget { name: name.to_owned(), at_load, at_most };
        assert_eq!(widgets, [widget("nudge", 60_111, 60_118), widget("lab", 11_119, 60_126)]);
        assert!(check_budget(&widgets).unwrap_err().to_string().contains("nudge is 60.1 kB"));
        check_budget(&widgets[1..]).unwrap();
        assert!(table(&widgets).contains("OVER") && check_budget(&[]).is_err());
    }
}
