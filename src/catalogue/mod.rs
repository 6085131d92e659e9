//! What the page knows of the library, gathered from the types that own each fact, as the files that the page ships.
//!
//! `settings.json` is for programs; `catalogue/library.js` is for the page's own modules: the same settings, and every
//! dataset, attack, method, perturbation and condition. `cargo lab settings` writes both, and a test says when they are
//! stale.

mod module;

use crate::attack::{AttackKind, Loss, Norm};
use crate::choice::Choice;
use crate::config::{Regularizer, VERSION, schema};
use crate::data::{Dataset, File, decompress, idx};
use crate::error::{Code, Error, Result};
use crate::experiment::ConditionKind;
use crate::model::{SHIPPED, base_file};
use crate::perturb::{Kind, Perturbation};
use crate::saliency::{Baseline, Method};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What the generated module says of itself.
const HEAD: &str = "\
// What the library says of itself, written by `cargo lab settings`: every name, text and range stands once, in Rust.
// The modules beside this one say how the page reads it.
";

/// Megabytes of the CPU engine and of what puts reports side by side, as a server that compresses sends them.
const ENGINE: f64 = 0.5;
const STATISTICS: f64 = 0.1;

/// Each file with its path below `www`, where the pictures and models lie that ship with the page.
///
/// # Errors
/// `InvalidData` when one of those is missing.
pub fn files(www: &Path) -> Result<[(&'static str, String); 2]> {
    let settings = settings();
    let text = serde_json::to_string_pretty(&settings).expect("settings are plain data");
    let mut module = HEAD.to_owned();
    for (name, value) in [
        ("settings", settings),
        ("megabytes", json!({ "engine": ENGINE, "statistics": STATISTICS })),
        ("datasets", datasets(www)?),
        (
            "attacks",
            AttackKind::ALL.iter().zip(AttackKind::CHOICES).map(|(&kind, choice)| attack(kind, choice)).collect(),
        ),
        ("losses", named(Loss::CHOICES)),
        ("norms", Norm::ALL.iter().zip(Norm::CHOICES).map(|(norm, choice)| merged(choice, norm.radii())).collect()),
        ("methods", Method::ALL.iter().map(method).collect()),
        ("baselines", named(Baseline::CHOICES)),
        ("perturbations", Kind::ALL.iter().map(|&kind| perturbation(kind)).collect()),
        ("mostPerturbations", Perturbation::MAX_COMPONENTS.into()),
        ("conditions", ConditionKind::ALL.iter().map(|&kind| condition(kind)).collect()),
        (
            "regularizers",
            Regularizer::ALL.iter().map(|&kind| json!({ "id": kind, "settings": kind.settings() })).collect(),
        ),
    ] {
        module.push_str(&module::export(name, &value));
    }
    Ok([("settings.json", format!("{text}\n")), ("catalogue/library.js", module)])
}

/// A value as files have it. Through text: 0.1 as f32 is written 0.1, but would become the f64 0.10000000149.
fn plain(value: impl Serialize) -> Value {
    let text = serde_json::to_string(&value).expect("the catalogue is plain data");
    serde_json::from_str(&text).expect("the catalogue is plain data")
}

/// Choices by their names alone.
fn named(choices: &[Choice]) -> Value {
    choices.iter().map(|choice| json!({ "id": choice.id, "label": choice.label })).collect()
}

/// The fields of both.
fn merged(one: impl Serialize, other: impl Serialize) -> Value {
    match (plain(one), plain(other)) {
        (Value::Object(mut fields), Value::Object(more)) => {
            // What is not there is not said.
            fields.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
            Value::Object(fields)
        }
        _ => unreachable!("both are structs"),
    }
}

fn settings() -> Value {
    let shipped: Vec<_> = SHIPPED
        .iter()
        .map(|(dataset, architecture)| json!({ "dataset": dataset, "architecture": architecture }))
        .collect();
    json!({ "version": VERSION, "controls": plain(schema()), "shipped": shipped })
}

/// What ships: how many test pictures there are, and the megabytes as they are loaded.
fn datasets(www: &Path) -> Result<Value> {
    let unread = |path: &Path, error: std::io::Error| {
        Error::new(Code::InvalidData, format!("{} cannot be read: {error}.", path.display()))
    };
    let size = |path: &Path| std::fs::metadata(path).map(|file| file.len()).map_err(|error| unread(path, error));
    let count = |labels: &Path| -> Result<usize> {
        let bytes = std::fs::read(labels).map_err(|error| unread(labels, error))?;
        Ok(idx::parse(&decompress(&bytes)?)?.dims[0])
    };
    let each = Dataset::ALL[..Dataset::BUILT_IN].iter().map(|&dataset| -> Result<Value> {
        let folder = www.join("data").join(dataset.folder());
        let file = |file| folder.join(dataset.file_name(file));
        // Some of the test pictures, where they lie in files of their own.
        let first = |file| folder.join(dataset.file_name(file).replacen("test", "first", 1));
        let begins = first(File::TestLabels).exists();
        let half = |images: PathBuf, labels: PathBuf| -> Result<f64> { Ok(megabytes(size(&images)? + size(&labels)?)) };
        let models = match SHIPPED.iter().find(|(shipped, _)| *shipped == dataset) {
            None => 0.0,
            Some(&(_, architecture)) => {
                let base = base_file(dataset, architecture)?;
                let model = |lane| size(&www.join("weights").join(base.replace("-base.", lane)));
                megabytes(model("-plain.")? + model("-continuity.")?)
            }
        };
        let megabytes = json!({
            "test": half(file(File::TestImages), file(File::TestLabels))?,
            "train": half(file(File::TrainImages), file(File::TrainLabels))?,
            "models": models,
        });
        let of_first = || half(first(File::TestImages), first(File::TestLabels));
        let pictures = json!({ "test": count(&file(File::TestLabels))? });
        let in_first = || count(&first(File::TestLabels));
        Ok(merged(
            json!({
                "id": dataset,
                "folder": dataset.folder(),
                "ndim": dataset.ndim(),
                "channels": dataset.channels(),
                "megabytes": merged(megabytes, json!({ "first": begins.then(of_first).transpose()? })),
                "pictures": merged(pictures, json!({ "first": begins.then(in_first).transpose()? })),
            }),
            json!({ "target": dataset.transfer_target(), "tinted": dataset.is_tinted().then_some(true) }),
        ))
    });
    each.collect()
}

/// To tenths, and never nothing.
fn megabytes(bytes: u64) -> f64 {
    (bytes as f64 / 1e5).round().max(1.0) / 10.0
}

fn attack(kind: AttackKind, choice: &Choice) -> Value {
    let gradient = kind.has_gradient().then_some(true);
    // Most can be made in any.
    let norms = (kind.norms() != Norm::ALL).then_some(kind.norms());
    merged(choice, json!({ "gradient": gradient, "effort": kind.effort(), "norms": norms }))
}

/// A method as requests name it, with its options for 28×28 pictures.
fn method(method: &Method) -> Value {
    let (id, mut options) = match plain(method) {
        Value::String(id) => (id, Value::Null),
        Value::Object(fields) => fields.into_iter().next().expect("an enum has one key"),
        other => unreachable!("a method is a name, with options or without: {other}"),
    };
    let baseline = method.baseline_option();
    if let (Some(name), Some(options)) = (baseline, options.as_object_mut()) {
        options.remove(name);
    }
    merged(
        json!({ "id": id, "label": method.label(), "help": method.help() }),
        json!({ "options": options, "baseline": baseline }),
    )
}

fn perturbation(kind: Kind) -> Value {
    merged(json!({ "id": kind, "steps": plain(kind.steps()) }), json!({ "color": kind.needs_color().then_some(true) }))
}

fn condition(kind: ConditionKind) -> Value {
    let suited: Vec<_> = Dataset::ALL.iter().filter(|&&dataset| kind.suits(dataset)).collect();
    merged(
        json!({ "id": kind, "label": kind.label(), "asked": plain(kind.asked()) }),
        json!({
            "axis": kind.axis(),
            "hint": kind.is_hint().then_some(true),
            "datasets": (suited.len() < Dataset::ALL.len()).then_some(suited),
        }),
    )
}
