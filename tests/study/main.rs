//! Studies natively: resumed, shared out, joined and judged, on pictures small enough to train on in a blink.

mod published;
mod verdicts;

use semantic_continuity::config::Settings;
use semantic_continuity::data::{Data, Split};
use semantic_continuity::error::{Code, Result};
use semantic_continuity::reading::{Better, Unit};
use semantic_continuity::seed::{Seed, Stream};
use semantic_continuity::study::{
    Cell, MadeBy, Number, Plan, Shard, Study, StudyProgress, Table, Verdict, collect, paired, publish, published,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const PLAN: &str = r#"
name = "toy"
about = "A test."
seeds = [1, 2, 3]

[measure.evaluation]
kind = "evaluation"
[measure.smoothness]
kind = "smoothness"
images = 6
[measure.attacks]
kind = "robustness"
images = 10
budget = { norm = "linf", epsilon = 0.1 }
attacks = [{ apgd = { steps = 3 } }, "noise"]
[measure.responses]
kind = "response"
images = 10
layer = "features"
conditions = [{ perturbation = "brightness:0.2" }, { low-pass = 0.3 }]
[measure.saliency]
kind = "saliency"
images = 2
change = { perturbation = "gaussian:0.1" }
methods = ["gradient", "grad-cam"]

[[group]]
name = "clothes"
settings = { batch = 8, eval_images = 10 }
base = { steps = 6 }
measures = ["evaluation", "smoothness"]
[[group.lane]]
name = "plain"
settings = { alpha = 0, steps = 4 }
[[group.lane]]
name = "continuity"
settings = { steps = 4 }
[[group.lane]]
name = "all"
settings = { regularizer = "augmentation", steps = 2 }
measures = ["attacks", "responses", "saliency"]

[[group]]
name = "digits"
settings = { dataset = "mnist", batch = 8, eval_images = 10 }
base = { steps = 2 }
measures = ["evaluation"]
[[group.lane]]
name = "plain"
settings = { alpha = 0, steps = 3 }
[[group.lane]]
name = "continuity"
settings = { steps = 3 }

[[claim]]
id = "robustness"
text = "It withstands attacks."
[[claim.row]]
label = "PGD-20"
group = "clothes"
numbers = ["pgd"]
unit = "%"
better = "higher"
[[claim.row]]
label = "Jacobian"
group = "clothes"
numbers = ["jacobian"]
better = "lower"
"#;

/// Bright and dark halves in noise, 12×12: the label decides which.
fn load(settings: &Settings) -> Result<Data> {
    let split = |n: usize, seed: u32| {
        let mut rng = Seed(seed).rng(Stream::Order, 0);
        let labels: Vec<u8> = (0..n).map(|i| (i % 10) as u8).collect();
        let level = |label: u8, pixel: usize| if pixel / 72 == usize::from(label % 2) { 120.0 } else { 20.0 };
        let pixels = labels.iter().flat_map(|&label| {
            (0..144).map(|pixel| (level(label, pixel) + rng.uniform(0.0, 100.0)) as u8).collect::<Vec<_>>()
        });
        Split::new(1, 12, 12, pixels.collect(), labels.clone(), 10)
    };
    Ok(Data { dataset: settings.dataset, seed: settings.seed, train: split(40, 1)?, test: split(30, 2)? })
}

/// A folder that is gone at the end, whatever happens.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("study-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn study(folder: &Path) -> Study {
    Study { plan: Plan::parse(PLAN).unwrap(), made_by: MadeBy::new("abc"), folder: folder.to_owned() }
}

/// Runs a shard; the names of what was made.
fn run(study: &Study, shard: Shard, threads: usize) -> Result<Vec<String>> {
    let names = Mutex::new(Vec::new());
    study.run(shard, threads, &load, &|progress: StudyProgress<'_>| {
        assert!(progress.done <= progress.all);
        names.lock().unwrap().push(progress.name.to_owned());
    })?;
    Ok(names.into_inner().unwrap())
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let file = |path: PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap());
    entries.filter(|path| path.is_file()).map(file).collect()
}

fn table(folders: &[&Path]) -> Result<Table> {
    let plan = Plan::parse(PLAN)?;
    let folders: Vec<PathBuf> = folders.iter().map(|folder| folder.to_path_buf()).collect();
    Table::new(&plan, &collect(&plan, &folders)?, "study toy.toml")
}

#[test]
fn a_plan_is_trained_measured_joined_and_judged() {
    let whole = Folder::new("whole");
    let names = run(&study(&whole.0), Shard::WHOLE, 1).unwrap();
    // 2 groups of 3 seeds: 6 starts, then 9 + 6 cells.
    assert_eq!(names.len(), 21);
    assert!(names[..6].iter().all(|name| name.ends_with(".safetensors")), "{names:?}");
    let joined = table(&[&whole.0]).unwrap();
    assert_eq!((joined.seeds.len(), joined.claims.len()), (3, 1));
    let rows = &joined.claims[0].rows;
    let cells = collect(&Plan::parse(PLAN).unwrap(), std::slice::from_ref(&whole.0)).unwrap();
    let of = |lane: &str, name: &str| -> Vec<f64> {
        let cells = cells.iter().filter(|cell| cell.group == "clothes" && cell.lane == lane);
        cells.map(|cell| cell.numbers[name].value().unwrap()).collect()
    };
    let expected = paired(&of("plain", "jacobian"), &of("continuity", "jacobian")).unwrap();
    assert_eq!(rows[1].difference, Some(expected));
    let numbers = |lane: &str| joined.lines.iter().filter(|line| line.group == "clothes" && line.lane == lane).count();
    // Evaluation: 7. Smoothness: 3 and two for each of six σ.
    assert_eq!((numbers("plain"), numbers("continuity")), (7 + 15, 7 + 15));
    let all: Vec<&str> = joined.lines.iter().filter(|line| line.lane == "all").map(|line| &line.number[..]).collect();
    for name in [
        "worst-case",
        "APGD-3",
        "Random noise",
        "accuracy as it is",
        "violation-nearest brightness:0.2",
        "ds-other low frequencies, up to 0.3",
        "rank-correlation gradient",
        "insertion grad-cam",
    ] {
        assert!(all.contains(&name), "no {name:?} in {all:?}");
    }
    // The written table holds what was joined, and each lane its cells.
    let results = Folder::new("results");
    publish(&cells, &results.0).unwrap();
    joined.write(&results.0).unwrap();
    let written = files(&results.0);
    assert_eq!(written.len(), 3 + 5);
    assert_eq!(String::from_utf8_lossy(&written["claims.md"]), joined.markdown("."));
    let lane: Vec<Cell> = serde_json::from_slice(&written["clothes.plain.json"]).unwrap();
    assert_eq!(
        lane,
        cells.iter().filter(|cell| cell.group == "clothes" && cell.lane == "plain").cloned().collect::<Vec<_>>()
    );
    // What is published is enough to judge it again; the last digit of a number read from JSON may differ.
    let plan = Plan::parse(PLAN).unwrap();
    let again = Table::new(&plan, &published(&plan, &results.0).unwrap(), "study toy.toml").unwrap();
    assert_eq!(again.markdown("."), joined.markdown("."));
    let judged: Table = serde_json::from_slice(&written["claims.json"]).unwrap();
    assert!(judged.lines.is_empty());
    assert_eq!(Table { lines: joined.lines.clone(), ..judged }.markdown("."), joined.markdown("."));
    assert_eq!(String::from_utf8_lossy(&written["table.csv"]).lines().count(), 1 + joined.lines.len());
}

/// Everything is the same bit for bit: on one thread, on three, in two shards, and when it was stopped in between.
#[test]
fn shards_threads_and_interruptions_change_nothing() {
    let whole = Folder::new("once");
    run(&study(&whole.0), Shard::WHOLE, 3).unwrap();
    let (first, second) = (Folder::new("first"), Folder::new("second"));
    run(&study(&first.0), "1/2".parse().unwrap(), 1).unwrap();
    run(&study(&second.0), "2/2".parse().unwrap(), 2).unwrap();
    let (a, b) = (files(&first.0), files(&second.0));
    assert!(!a.is_empty() && !b.is_empty() && a.keys().all(|name| !b.contains_key(name)));
    assert_eq!(a.into_iter().chain(b).collect::<BTreeMap<_, _>>(), files(&whole.0));
    assert_eq!(table(&[&first.0, &second.0]).unwrap(), table(&[&whole.0]).unwrap());

    // Stopped after some cells, with one of them cut off in the middle of writing.
    let stopped = Folder::new("stopped");
    std::fs::create_dir_all(&stopped.0).unwrap();
    let done: Vec<String> = files(&whole.0).into_keys().take(6).collect();
    done.iter().for_each(|name| {
        std::fs::copy(whole.0.join(name), stopped.0.join(name)).unwrap();
    });
    std::fs::write(stopped.0.join("digits.plain.3.partial"), "{ \"made_by\":").unwrap();
    let message = table(&[&stopped.0]).unwrap_err().message;
    assert!(message.contains("is missing"), "{message}");
    let made = run(&study(&stopped.0), Shard::WHOLE, 2).unwrap();
    assert!(made.iter().all(|name| !done.contains(name)), "made again: {made:?}");
    assert_eq!(made.iter().filter(|name| name.ends_with(".json")).count(), 15 - 6);
    assert_eq!(files(&stopped.0), files(&whole.0));
    // Once more, and nothing is left to do.
    assert_eq!(run(&study(&stopped.0), Shard::WHOLE, 2).unwrap(), Vec::<String>::new());
}

#[test]
fn mixed_versions_and_other_plans_are_refused() {
    let (ours, theirs) = (Folder::new("ours"), Folder::new("theirs"));
    run(&study(&ours.0), "1/2".parse().unwrap(), 1).unwrap();
    run(&Study { made_by: MadeBy::new("def"), ..study(&theirs.0) }, "2/2".parse().unwrap(), 1).unwrap();
    let error = table(&[&ours.0, &theirs.0]).unwrap_err();
    assert_eq!(error.code, Code::InvalidData);
    assert!(error.message.contains("Versions are mixed") && error.message.contains("def"), "{error}");
    // Nor is what another version made taken for done, or overwritten.
    let before = files(&theirs.0);
    let error = run(&study(&theirs.0), "2/2".parse().unwrap(), 1).unwrap_err();
    assert!(error.message.contains("another version or plan"), "{error}");
    assert_eq!(files(&theirs.0), before);
    let plan = Plan::parse(&PLAN.replace("steps = 4", "steps = 5")).unwrap();
    let error = collect(&plan, std::slice::from_ref(&ours.0)).unwrap_err();
    assert!(error.message.contains("of another plan"), "{error}");
    // The same cell twice, not the same.
    let copy = Folder::new("copy");
    run(&study(&copy.0), "1/2".parse().unwrap(), 1).unwrap();
    let path = copy.0.join("clothes.plain.1.json");
    let mut cell: Cell = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    cell.numbers.insert("clean".to_owned(), Number::Value { value: 0.123, n: 10 });
    std::fs::write(&path, serde_json::to_string(&cell).unwrap()).unwrap();
    let error = table(&[&ours.0, &copy.0]).unwrap_err();
    assert!(error.message.contains("differ"), "{error}");
}

/// A learning rate at which training explodes: the cell says so, the study goes on, and no claim is made of it.
#[test]
fn a_diverged_cell_is_a_result() {
    let folder = Folder::new("diverged");
    let explosive = "settings = { steps = 60, alpha = 100, learning_rate = 10, optimizer = \"sgd\" }";
    let text = PLAN.replace("settings = { steps = 4 }", explosive);
    let study = Study { plan: Plan::parse(&text).unwrap(), ..study(&folder.0) };
    run(&study, Shard::WHOLE, 2).unwrap();
    let cells = collect(&study.plan, std::slice::from_ref(&folder.0)).unwrap();
    let failed: Vec<&Cell> = cells.iter().filter(|cell| cell.failed.is_some()).collect();
    assert_eq!(failed.len(), 3);
    assert!(failed.iter().all(|cell| cell.lane == "continuity" && cell.numbers.is_empty()));
    let table = Table::new(&study.plan, &cells, "").unwrap();
    let claim = &table.claims[0];
    for row in &claim.rows {
        assert_eq!((row.verdict, row.difference, row.p), (Some(Verdict::Undefined), None, None));
        let why = row.undefined.as_ref().unwrap();
        assert!(why.starts_with("continuity, seed 1: "), "{why}");
    }
    assert_eq!(claim.verdict, Verdict::Undefined);
    assert!(table.markdown(".").contains("| –, undefined: continuity, seed 1: "));
}

/// A row is read as its numbers are, unless it says something else.
#[test]
fn numbers_are_read_as_their_metric_says() {
    let terse = PLAN.replace("unit = \"%\"\nbetter = \"higher\"\n", "").replace("better = \"lower\"\n", "");
    assert!(!terse.contains("better") && !terse.contains("unit"));
    assert_eq!(Plan::parse(&terse).unwrap(), Plan::parse(PLAN).unwrap());
    let other = PLAN.replace("better = \"lower\"", "better = \"higher\"\nunit = \"%\"");
    let row = Plan::parse(&other).unwrap().claims[0].rows[1].clone();
    assert_eq!((row.unit, row.better), (Unit::Percent, Better::Higher));
}

#[test]
fn impossible_plans_are_refused_with_the_place() {
    for (from, to, said) in [
        ("name = \"toy\"", "name = \"../toy\"", "../toy"),
        ("seeds = [1, 2, 3]", "seeds = [1, 1]", "each once"),
        ("seeds = [1, 2, 3]", "seeds = []", "seeds"),
        ("seeds = [1, 2, 3]", "seeds = [1]", "two seeds"),
        ("kind = \"evaluation\"", "kind = \"guess\"", "guess"),
        ("base = { steps = 6 }", "base = { steps = 0 }", "Steps"),
        ("alpha = 0, steps = 3", "alpha = -1, steps = 3", "digits, plain"),
        ("alpha = 0, steps = 3", "beta = 1", "beta"),
        ("measures = [\"evaluation\"]", "measures = [\"nothing\"]", "nothing"),
        ("name = \"all\"", "name = \"plain\"", "twice"),
        ("group = \"clothes\"", "group = \"shoes\"", "shoes"),
        ("better = \"higher\"", "better = \"higher\"\nplain = \"bare\"", "bare"),
        ("numbers = [\"pgd\"]", "numbers = []", "names no number"),
        ("about = \"A test.\"", "abuot = \"A test.\"", "abuot"),
        ("unit = \"%\"", "unit = \"percent\"", "percent"),
        ("better = \"higher\"", "better = \"more\"", "higher lower none"),
    ] {
        let text = PLAN.replace(from, to);
        assert_ne!(text, PLAN, "{from}");
        let error = Plan::parse(&text).expect_err(to);
        assert_eq!(error.code, Code::InvalidSetting);
        assert!(error.message.contains(said), "{error}");
    }
    for text in ["", "1", "0/2", "3/2", "a/b", "1/0", "-1/2"] {
        assert!(text.parse::<Shard>().is_err(), "{text}");
    }
    // What no measure of a lane finds is refused before anything is trained, with what there is.
    for (from, to, allowed) in [
        (
            "numbers = [\"pgd\"]",
            "numbers = [\"pdg\"]",
            "allowed are clean, noise, flip, ds, fgsm, pgd, robust, jacobian, ",
        ),
        (
            "numbers = [\"jacobian\"]",
            "numbers = [\"jacobian\"]\nbaselines = [\"all\"]",
            "allowed are worst-case, APGD-3, ",
        ),
        ("numbers = [\"jacobian\"]", "numbers = [\"jacobian\", \"cosine 0.4\"]", "cosine 0.3"),
        ("numbers = [\"jacobian\"]", "numbers = [\"jacobian\", \"pgd\"]", "no mean"),
    ] {
        let error = Plan::parse(&PLAN.replace(from, to)).expect_err(to);
        assert_eq!(error.code, Code::InvalidSetting);
        assert!(error.message.contains(allowed), "{error}");
    }
    let shown = r#"
[[table]]
id = "all"
title = "Everything"
group = "clothes"
lanes = ["all"]
[[table.column]]
label = "One number"
"#;
    let table = |number: &str| Plan::parse(&format!("{PLAN}{shown}number = {number:?}"));
    let error = table("violation brightness:0.2").unwrap_err();
    for part in ["\"violation brightness:0.2\"", "violation-random brightness:0.2, violation-random low"] {
        assert!(error.message.contains(part), "{error}");
    }
    assert_eq!(table("flip brightness:0.2").unwrap().sheets[0].columns[0].unit, Unit::Percent);
    let unknown = PLAN.replace("layer = \"features\"", "layer = \"heart\"");
    let folder = Folder::new("layer");
    let error = run(&Study { plan: Plan::parse(&unknown).unwrap(), ..study(&folder.0) }, Shard::WHOLE, 1).unwrap_err();
    assert!(error.message.contains("heart") && error.message.contains("features"), "{error}");
}
