//! What the repository says of itself in Markdown: links lead to files, and recipes name what is there.

use crate::root;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::collections::BTreeSet;
use std::path::Path;

/// Text of a document, and its path.
fn read(root: &Path, path: &str) -> String {
    let file = root.join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn markdown(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// Where the links of a document lead: `[text](here)`. Those to other places are left out, and so is what follows a `#`.
fn links(text: &str) -> Vec<String> {
    let targets = markdown(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url),
        _ => None,
    });
    let within = targets.map(|target| target.split('#').next().unwrap_or_default().to_owned());
    within.filter(|target| !target.is_empty() && !target.contains("://")).collect()
}

/// A step of a recipe.
#[derive(Debug, Default)]
struct Step {
    /// Whether it is about a new file, or about tests, and not about a file that everything of its kind shares.
    is_own: bool,
    /// Its words that are code.
    words: Vec<String>,
}

/// The recipes of a document: of each its name and its steps.
fn recipes(text: &str) -> Vec<(String, Vec<Step>)> {
    let mut found: Vec<(String, Vec<Step>)> = Vec::new();
    let (mut heading, mut title, mut is_recipe, mut is_step) = (None, String::new(), false, false);
    for event in markdown(text) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => (heading, title) = (Some(level), String::new()),
            Event::End(TagEnd::Heading(level)) => {
                heading = None;
                match level {
                    HeadingLevel::H2 => is_recipe = title == "Recipes",
                    HeadingLevel::H3 if is_recipe => found.push((title.clone(), Vec::new())),
                    _ => {}
                }
            }
            Event::Text(text) if heading.is_some() => title.push_str(&text),
            Event::Start(Tag::Item) if is_recipe => {
                is_step = true;
                found.last_mut().expect("a recipe has a name").1.push(Step::default());
            }
            Event::End(TagEnd::Item) => is_step = false,
            // What stands before and after the steps says what the recipe makes, and what else there may be.
            Event::Text(text) if is_step => {
                if let Some(step) = found.last_mut().and_then(|(_, steps)| steps.last_mut()) {
                    step.is_own |= ["beside ", "its tests: "].iter().any(|start| text.starts_with(start));
                }
            }
            Event::Code(word) if is_step => {
                if let Some(step) = found.last_mut().and_then(|(_, steps)| steps.last_mut()) {
                    step.words.push(word.to_string());
                }
            }
            _ => {}
        }
    }
    found
}

fn is_path(word: &str) -> bool {
    word.contains('/') || word == "NOTICE"
}

/// What is wrong with a step: a file that is not there, or a name that none of its files has.
fn wrong(root: &Path, step: &[String]) -> Vec<String> {
    let (paths, names): (Vec<&str>, Vec<&str>) = step
        .iter()
        .map(String::as_str)
        // Neither commands nor what they write.
        .filter(|word| !word.contains(' ') && *word != "SHA256SUMS")
        .partition(|word| is_path(word));
    let mut wrong = Vec::new();
    let mut texts = String::new();
    for path in &paths {
        match std::fs::read_to_string(root.join(path)) {
            Ok(text) => texts.push_str(&text),
            Err(error) => wrong.push(format!("{path}: {error}")),
        }
    }
    if paths.is_empty() {
        wrong.push("no file is named".to_owned());
    }
    let words: BTreeSet<&str> = texts.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).collect();
    let missing = names.iter().filter(|name| !words.contains(*name));
    wrong.extend(missing.map(|name| format!("{name} is not in {}", paths.join(" or "))));
    wrong
}

#[test]
fn every_link_leads_to_a_file() {
    let root = root();
    let mut documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "ARCHITECTURE.md", "pkg/README.md"]
        .map(str::to_owned)
        .to_vec();
    for path in crate::files::walk(&root.join("docs")).expect("docs/ can be listed") {
        if path.ends_with(".md") {
            documents.push(format!("docs/{path}"));
        }
    }
    let mut seen = 0;
    for document in documents {
        let folder = root.join(&document).parent().expect("a file has a folder").to_owned();
        for target in links(&read(&root, &document)) {
            assert!(folder.join(&target).exists(), "{document} leads to {target}, which is not there");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen} links: those of the results alone are more");
}

#[test]
fn every_recipe_names_what_is_there() {
    let root = root();
    let recipes = recipes(&read(&root, "CONTRIBUTING.md"));
    let names: Vec<&str> = recipes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Add an attack",
            "Add a saliency method",
            "Add a dataset",
            "Add a perturbation",
            "Add a distance DS",
            "Add a study",
            "Add a figure",
            "Offer a figure to other pages"
        ]
    );
    let wrong: Vec<String> = recipes
        .iter()
        .flat_map(|(name, steps)| {
            assert!(steps.len() > 2, "{name}: {steps:?}");
            // Of many files one is forgotten.
            let shared = steps.iter().filter(|step| !step.is_own).flat_map(|step| &step.words);
            let shared: BTreeSet<&str> = shared.map(String::as_str).filter(|word| is_path(word)).collect();
            let most = if ["Add a dataset", "Add a study"].contains(&name.as_str()) { 4 } else { 3 };
            assert!(shared.len() <= most, "{name} opens {} files besides its own: {shared:?}", shared.len());
            steps.iter().flat_map(|step| wrong(&root, &step.words)).map(move |wrong| format!("{name}: {wrong}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_recipe_that_went_stale_is_found() {
    let text = "# A\n\n## Recipes\n\nHow.\n\n### Add a word\n\n- `xtask/src/documents.rs`: the\n  `recipes`\n- beside `gone/a.rs`: `x`\n\nNot `y`.\n\n## B\n- `c/d`\n";
    let found = recipes(text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1.len(), 2);
    assert_eq!(found[0].1.iter().map(|step| step.is_own).collect::<Vec<_>>(), [false, true]);
    assert_eq!(wrong(&root(), &found[0].1[0].words), Vec::<String>::new());
    assert_eq!(wrong(&root(), &found[0].1[1].words).len(), 2, "neither the file nor the name");
    assert_eq!(wrong(&root(), &["xtask/src/main.rs", "nobody_calls_it_this"].map(str::to_owned)).len(), 1);
    assert_eq!(wrong(&root(), &[]).len(), 1);
}
