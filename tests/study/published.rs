//! What is published: it follows from its own raw data, docs/results.md shows it, the README quotes that, and a cell of it can be made again.

use super::verdicts::cells;
use super::{Folder, PLAN, load, run, study};
use semantic_continuity::study::{
    Line, MadeBy, Number, Plan, Shard, Study, Table, collect, publish, published, remade,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A cell that is made again takes the place of a published one when nothing changed but what has no value.
#[test]
fn a_remade_cell_must_repeat_every_number() {
    let folder = Folder::new("remade");
    let results = Folder::new("published");
    let old = study(&folder.0);
    run(&old, Shard::WHOLE, 2).unwrap();
    let made = collect(&old.plan, std::slice::from_ref(&folder.0)).unwrap();
    publish(&made, &results.0).unwrap();
    let name = "clothes.plain.2".to_owned();
    let again = Folder::new("again");
    let newer = Study { made_by: MadeBy::new("def"), ..study(&again.0) };
    let cells = newer.remake(std::slice::from_ref(&name), &results.0, 1, &load, &|_| ()).unwrap();
    let changed: Vec<String> = cells.iter().zip(&made).filter(|(a, b)| a != b).map(|(a, _)| a.name()).collect();
    assert_eq!(changed, std::slice::from_ref(&name));
    let cell = cells.iter().find(|cell| cell.name() == name).unwrap();
    let published = made.iter().find(|cell| cell.name() == name).unwrap();
    assert_eq!((&cell.numbers, &cell.made_by.commit[..]), (&published.numbers, "def"));
    // The table says which those are.
    let table = Table::new(&old.plan, &cells, "").unwrap();
    assert_eq!((table.made_by.commit.as_str(), table.remade.keys().collect::<Vec<_>>()), ("abc", vec![&name]));

    let with = |number: Number| {
        let mut cell = cell.clone();
        cell.numbers.insert("pgd".to_owned(), number);
        remade(published, cell)
    };
    let n = published.numbers["pgd"].images();
    assert!(with(Number::Undefined { undefined: "why".to_owned(), n }).is_ok());
    assert!(with(Number::Value { value: 9.0, n: n - 1 }).is_ok());
    let error = with(Number::Value { value: 9.0, n }).unwrap_err();
    assert!(error.message.contains("pgd was ") && error.message.contains("is 9 over 10 images"), "{error}");
    let mut fewer = cell.clone();
    fewer.numbers.remove("pgd");
    assert!(remade(published, fewer).unwrap_err().message.contains("pgd is missing"));
    let other = cells.iter().find(|cell| cell.name() == "clothes.plain.3").unwrap();
    assert!(remade(published, other.clone()).unwrap_err().message.contains("clothes.plain.3"));
    let error = newer.remake(&["clothes.bare.2".to_owned()], &results.0, 1, &load, &|_| ()).unwrap_err();
    assert!(error.message.contains("clothes.bare.2"), "{error}");
}

/// What most cells were made by is what made the table, also where the first of them is one that was made again.
#[test]
fn the_remade_cells_are_the_few() {
    let plan = Plan::parse(PLAN).unwrap();
    for again in [0, 3] {
        let mut cells = cells(&plan, [0.1, 0.2, 0.3], [Some(0.2), Some(0.31), Some(0.4)]);
        cells[again].made_by = MadeBy::new("def");
        let table = Table::new(&plan, &cells, "").unwrap();
        assert_eq!(table.made_by.commit, "abc");
        assert_eq!(table.remade, [(cells[again].name(), MadeBy::new("def"))].into());
    }
}

/// A line says over how many images the value of a seed is at least, and not what the first seed has.
#[test]
fn a_line_counts_the_fewest_images_of_a_value() {
    let plan = Plan::parse(PLAN).unwrap();
    let none = |n| Number::Undefined { undefined: "all maps are 0".to_owned(), n };
    let value = |n| Number::Value { value: n as f64 / 100.0, n };
    for (numbers, images, undefined) in [
        ([value(10), value(8), value(9)], 8, 0),
        ([none(10), value(8), value(7)], 7, 1),
        ([none(3), value(8), value(9)], 8, 1),
        ([none(10), none(10), none(10)], 0, 3),
    ] {
        let mut cells = cells(&plan, [0.1, 0.2, 0.3], [Some(0.2), Some(0.31), Some(0.4)]);
        let of_lane = cells.iter_mut().filter(|cell| cell.group == "digits" && cell.lane == "plain");
        of_lane.zip(numbers).for_each(|(cell, number)| drop(cell.numbers.insert("pgd".to_owned(), number)));
        let table = Table::new(&plan, &cells, "").unwrap();
        let is_it = |line: &&Line| (&line.group[..], &line.lane[..], &line.number[..]) == ("digits", "plain", "pgd");
        let line = table.lines.iter().find(is_it).unwrap();
        assert_eq!((line.images, line.undefined, line.mean.is_some()), (images, undefined, undefined < 2));
        assert!(table.csv().contains(&format!(",{undefined},0,{images}\n")));
    }
}

/// What was written by hand in place of quotients by nearly nothing, in cells of an earlier version that have not been made
/// again; see docs/results.md.
const MARKED: &str = "a map of 0 was divided by";

/// Why the present code says that something has no value: words of its own, up to a number in them.
fn is_said(why: &str) -> bool {
    if why == MARKED {
        return true;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let experiments = std::fs::read_dir(source.join("experiment")).unwrap().map(|entry| entry.unwrap().path());
    let words = format!("\"{}", why.split(|c: char| c.is_ascii_digit()).next().unwrap());
    let says = |path: PathBuf| std::fs::read_to_string(path).is_ok_and(|text| text.contains(&words));
    words.len() > 1 && experiments.chain([source.join("study/measure.rs")]).any(says)
}

/// What is committed is what the plan asks for, joined and judged again from its own raw data.
fn committed(name: &str) -> Table {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plan = Plan::parse(&text(&format!("plans/{name}.toml"))).unwrap();
    let folder = root.join("www/data/results").join(name);
    let cells = published(&plan, &folder).unwrap();
    for cell in &cells {
        let commit = &cell.made_by.commit;
        assert!(!commit.contains("changes") && commit.len() == 40, "{} was made by {commit}", cell.name());
        for (name, number) in &cell.numbers {
            match number.value() {
                // What divides by nearly nothing.
                Ok(value) => assert!(value.abs() < 1e6, "{}, {name}: {value}", cell.name()),
                Err(why) => assert!(is_said(why), "{}, {name}: the code does not say {why:?}", cell.name()),
            }
        }
    }
    let written: Table = serde_json::from_slice(&std::fs::read(folder.join("claims.json")).unwrap()).unwrap();
    let again = Table::new(&plan, &cells, &written.command).unwrap();
    assert_eq!(std::fs::read_to_string(folder.join("table.csv")).unwrap(), again.csv());
    let text = serde_json::to_string_pretty(&Table { lines: Vec::new(), ..again.clone() }).unwrap();
    assert_eq!(std::fs::read_to_string(folder.join("claims.json")).unwrap(), format!("{text}\n"));
    again
}

#[test]
fn the_committed_results_are_those_of_the_plans_and_the_document_shows_them() {
    let document = text("docs/results.md");
    for name in ["default", "cifar10"] {
        let (table, raw) = (committed(name), format!("../www/data/results/{name}"));
        let shown = table.markdown(&raw);
        assert!(document.contains(&shown), "docs/results.md lacks this table:\n{shown}");
        // `cargo study judge` would write it again as it is, and nothing else.
        assert_eq!(table.shown_in(&document, &raw).unwrap(), document);
        let stale = document.replace(&shown, "old\n");
        assert_eq!(table.shown_in(&stale, &raw).unwrap(), document);
        let message = table.shown_in("no marks", &raw).unwrap_err().message;
        assert!(message.contains(&format!("<!-- claims: {name} -->")), "{message}");
    }
    Plan::parse(&text("plans/tuning.toml")).unwrap();
}

/// Every number that the README quotes as found is one of the document.
#[test]
fn the_readme_quotes_the_committed_results() {
    let (readme, document) = (text("README.md"), text("docs/results.md"));
    let found = readme.split_once("\n## What was found\n").unwrap().1.split("\n## ").next().unwrap();
    let (quoted, known) = (decimals(found), decimals(&document));
    assert!(quoted.len() > 6, "{quoted:?}");
    for number in quoted {
        assert!(known.contains(number), "docs/results.md lacks {number}");
    }
}

/// The numbers with a decimal point, as they are written: `3.9`, `−1.8`.
fn decimals(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '−' | '+')));
    words.map(|word| word.trim_end_matches('.')).filter(|word| word.contains('.')).collect()
}

/// A file of the repository.
fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}
