//! What ships for the figures is what the comparisons say of its reports, number by number and word by word.

use semantic_continuity::experiment::{
    checks, compare_responses, compare_smoothness, compare_surveys, compare_transfers, curve,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::path::Path;

/// Both reports of a figure, and what it shows of them.
fn figure<R: DeserializeOwned>(name: &str) -> (R, R, Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data/figures").join(name).with_extension("json");
    let figure: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let report = |model: usize| serde_json::from_str(&figure["reports"][model].to_string()).unwrap();
    (report(0), report(1), figure["value"].clone())
}

/// As it is written: f32 in few digits.
fn written(value: &impl Serialize) -> Value {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

/// JavaScript writes 1 for 1.0.
fn same(found: &Value, shipped: &Value, at: &str) {
    match (found, shipped) {
        (Value::Number(a), Value::Number(b)) => assert_eq!(a.as_f64(), b.as_f64(), "{at}"),
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{at}");
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| same(a, b, &format!("{at}/{i}")));
        }
        (Value::Object(a), Value::Object(b)) => {
            assert!(a.keys().eq(b.keys()), "{at}");
            a.iter().for_each(|(key, a)| same(a, &b[key], &format!("{at}/{key}")));
        }
        _ => assert_eq!(found, shipped, "{at}"),
    }
}

#[test]
fn figures_show_what_their_reports_say() {
    let (plain, continuity, value) = figure("robust-accuracy");
    same(&written(&curve(&plain, &continuity).unwrap()), &value, "robust-accuracy");
    let (plain, continuity, value) = figure("masking");
    same(&written(&checks(&plain).unwrap()), &value["plain"], "masking/plain");
    same(&written(&checks(&continuity).unwrap()), &value["continuity"], "masking/continuity");
    let (plain, continuity, value) = figure("response");
    for (layer, value) in value.as_array().unwrap().iter().enumerate() {
        same(&written(&compare_responses(&plain, &continuity, layer).unwrap()), value, &format!("response/{layer}"));
    }
    let (plain, continuity, value) = figure("smoothness");
    same(&written(&compare_smoothness(&plain, &continuity).unwrap()), &value, "smoothness");
    let (plain, continuity, value) = figure("survey");
    same(&written(&compare_surveys(&plain, &continuity).unwrap()), &value, "survey");
    let (plain, continuity, value) = figure("transfer");
    same(&written(&compare_transfers(&plain, &continuity).unwrap()), &value, "transfer");
}
