//! Settings as data: JSON, ranges, schema.

use crate::common::{everywhere, refused};
use semantic_continuity::config::{Control, Settings, Start, Values, schema};
use semantic_continuity::data::Dataset;
use semantic_continuity::error::Code;
use semantic_continuity::model::Architecture;
use semantic_continuity::seed::Seed;
use serde_json::{Value, json};

/// Scratch, so that every pair of data and model is possible.
fn with(key: &str, value: Value) -> String {
    let mut settings = json!({ "start": "scratch", "dataset": "color-mnist" });
    settings[key] = value;
    settings.to_string()
}

#[everywhere]
async fn the_defaults_are_possible_and_missing_values_keep_them() {
    Settings::default().validate().unwrap();
    assert_eq!(Settings::from_json("{}").unwrap(), Settings::default());
    let changed = Settings::from_json(r#"{"alpha": 3.5, "perturbation": "shift:1"}"#).unwrap();
    let expected = Settings { alpha: 3.5, perturbation: "shift:1".parse().unwrap(), ..Settings::default() };
    assert_eq!(changed, expected);
}

#[everywhere]
async fn json_comes_back_as_written() {
    let mut cases = vec![Settings::default(), Settings::default().plain()];
    let others = [
        with("alpha", json!(0.1)),
        with("perturbation", json!("hue:0.1+gaussian:0.05")),
        with("seed", json!(u32::MAX)),
        with("color_variance", json!(0.05)),
        with("learning_rate", json!(1e-5)),
        with("stop_gradient", json!(true)),
        with("ce_on", json!("both")),
        with("engine", json!("webgpu")),
    ];
    cases.extend(others.iter().map(|text| Settings::from_json(text).unwrap()));
    for settings in cases {
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(Settings::from_json(&text).unwrap(), settings);
    }
}

#[everywhere]
async fn what_is_not_a_setting_is_refused() {
    for (text, word) in [
        (with("alfa", json!(1)), "alfa"),
        (with("dataset", json!("imagenet")), "imagenet"),
        (with("ds", json!("l3")), "l3"),
        (with("optimizer", json!(1)), "optimizer"),
        (with("batch", json!(6.5)), "6.5"),
        (with("batch", json!(-4)), "-4"),
        (with("batch", json!("many")), "many"),
        (with("seed", json!(4_294_967_296u64)), "4294967296"),
        (with("seed", json!(-1)), "-1"),
        (with("alpha", Value::Null), "null"),
        (with("stop_gradient", json!(1)), "boolean"),
        (with("perturbation", json!("gaussian:9")), "9"),
        ("{".to_owned(), "cannot be read"),
        (r#"{"seed": 2, "alpha": "much"}"#.to_owned(), "setting alpha is \"much\""),
        (r#"{"dataset": "xyz"}"#.to_owned(), "setting dataset is \"xyz\""),
        (String::new(), "cannot be read"),
        ("{\"alpha\":1,\"alpha\":2}".to_owned(), "duplicate"),
    ] {
        let message = refused(Settings::from_json(&text), Code::InvalidSetting);
        // A type error may name what was expected instead of the field.
        assert!(message.contains(word) || (word == "optimizer" && message.contains("string")), "{text}: {message}");
    }
}

/// Just outside and just inside each end of every number.
#[everywhere]
async fn every_number_out_of_range_is_refused_by_value_and_range() {
    let mut numbers = 0;
    for Control { key, label, kind, .. } in schema() {
        let Values::Number { min, max, integer, .. } = kind else { continue };
        numbers += 1;
        for inside in [min, max] {
            let value = if integer { json!(inside as u64) } else { json!(inside as f32) };
            Settings::from_json(&with(key, value)).unwrap_or_else(|error| panic!("{key} {inside}: {error}"));
        }
        let step = |end: f64| if integer { 1.0 } else { (end.abs() * 1e-3).max(1e-9) };
        for outside in [min - step(min), max + step(max), -1.0, 1e12] {
            // What the type itself cannot hold is refused while reading, without the range.
            if integer && (outside < 0.0 || outside > f64::from(u32::MAX)) {
                continue;
            }
            let value = if integer { json!(outside as u64) } else { json!(outside) };
            let message = refused(Settings::from_json(&with(key, value)), Code::InvalidSetting);
            assert!(message.contains(label) && message.contains(&format!("{min} to {max}")), "{message}");
        }
    }
    assert_eq!(numbers, 11);
}

#[everywhere]
async fn numbers_that_are_none_are_refused() {
    type Set = fn(&mut Settings, f32);
    let fields: [(&str, Set); 6] = [
        ("Weight α", |s, v| s.alpha = v),
        ("Learning rate", |s, v| s.learning_rate = v),
        ("Noise σ", |s, v| s.eval_sigma = v),
        ("Attack radius ε", |s, v| s.attack_epsilon = v),
        ("Colour spread σ²", |s, v| s.color_variance = v),
        ("Adversary’s radius ε", |s, v| s.adversary_epsilon = v),
    ];
    for (label, set) in fields {
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut settings = Settings::default();
            set(&mut settings, value);
            let message = refused(settings.validate(), Code::InvalidSetting);
            assert!(message.contains(label), "{message}");
        }
    }
}

#[everywhere]
async fn impossible_pairs_are_refused() {
    let hue = Settings { perturbation: "hue:0.1".parse().unwrap(), ..Settings::default() };
    refused(hue.validate(), Code::PerturbationNeedsColor);
    Settings { dataset: Dataset::ColorMnist, start: Start::Scratch, ..hue }.validate().unwrap();
    for (dataset, architecture) in
        [(Dataset::Animals, Architecture::SmallCnn), (Dataset::FashionMnist, Architecture::MiniResNet)]
    {
        let settings = Settings { dataset, architecture, ..Settings::default() };
        refused(settings.validate(), Code::NoBase);
        Settings { start: Start::Scratch, ..settings }.validate().unwrap();
    }
}

#[everywhere]
async fn the_plain_lane_differs_in_alpha_alone() {
    let settings = Settings { alpha: 7.0, stop_gradient: true, ..Settings::default() };
    let plain = settings.plain();
    assert_eq!(plain.alpha, 0.0);
    assert_eq!(Settings { alpha: 7.0, ..plain }, settings);
}

#[everywhere]
async fn the_schema_has_one_control_for_each_setting() {
    // As written in a file, where 0.02 is 0.02 and not the f64 next to the f32 of it.
    let defaults: Value = serde_json::from_str(&serde_json::to_string(&Settings::default()).unwrap()).unwrap();
    let mut fields: Vec<&str> = defaults.as_object().unwrap().keys().map(String::as_str).collect();
    let controls = schema();
    let mut keys: Vec<&str> = controls.iter().map(|control| control.key).collect();
    fields.sort_unstable();
    keys.sort_unstable();
    assert_eq!(keys, fields);
    for Control { key, label, help, group, kind, default, .. } in &controls {
        assert_eq!(default, &defaults[*key]);
        assert!(!label.is_empty() && help.ends_with('.') && !group.is_empty(), "{key}");
        match kind {
            Values::Choice { choices } => assert!(choices.iter().any(|choice| *default == choice.id), "{key}"),
            Values::Switch => assert!(default.is_boolean(), "{key}"),
            Values::Number { min, max, .. } => {
                assert!((*min..=*max).contains(&default.as_f64().unwrap()), "{key}");
            }
            Values::Perturbation { choices, strengths } => assert_eq!(choices.len(), strengths.len()),
        }
    }
}

/// Names in links and files: every choice is read by its identifier.
#[everywhere]
async fn every_choice_is_read_by_its_identifier() {
    let mut seen = 0;
    for Control { key, kind, .. } in schema() {
        if let Values::Choice { choices } = kind {
            for choice in choices {
                let mut value =
                    serde_json::to_value(Settings { start: Start::Scratch, ..Settings::default() }).unwrap();
                value[key] = json!(choice.id);
                let settings: Settings = serde_json::from_value(value).unwrap();
                assert_eq!(serde_json::to_value(settings).unwrap()[key], json!(choice.id));
                assert!(!choice.label.is_empty() && choice.help.ends_with('.'), "{}", choice.id);
                seen += 1;
            }
        }
    }
    assert!(seen >= 20, "{seen}");
}

/// The page draws its controls from a copy of the schema, and knows the library by a copy of its catalogue.
#[cfg(not(target_family = "wasm"))]
#[test]
fn the_page_has_the_current_schema() {
    const HOW: &str = "run `cargo lab settings` and commit the files";
    let www = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www");
    let read = |path: &str| {
        std::fs::read_to_string(www.join(path)).unwrap_or_else(|error| panic!("www/{path}: {error}; {HOW}"))
    };
    let [_, (path, module)] = semantic_continuity::catalogue::files(&www).unwrap();
    assert!(read(path) == module, "www/{path} is not what the core says; {HOW}");
    let text = read("settings.json");
    let page: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("www/settings.json: {error}; {HOW}"));
    let controls: Value = serde_json::from_str(&serde_json::to_string(&schema()).unwrap()).unwrap();
    let shipped: Vec<Value> = semantic_continuity::model::SHIPPED
        .iter()
        .map(|(dataset, network)| json!({ "dataset": dataset, "architecture": network }))
        .collect();
    let current = json!({ "version": semantic_continuity::config::VERSION, "controls": controls, "shipped": shipped });
    assert!(page == current, "www/settings.json is not what the core says; {HOW}");
}

/// Links and files of earlier versions are read: what the page takes for a former name, the library takes for it too.
#[everywhere]
async fn settings_are_known_by_their_former_names() {
    let former: Vec<_> = schema().into_iter().filter_map(|control| Some((control.former?, control.key))).collect();
    assert_eq!(former, [("eval_noise", "eval_sigma"), ("epsilon", "attack_epsilon")]);
    for (former, key) in former {
        let by = |name: &str| Settings::from_json(&format!("{{\"{name}\": 0.25}}")).unwrap();
        assert_eq!(by(former), by(key));
        assert_ne!(by(key), Settings::default());
    }
}

/// What a link says is what the page writes: names, values and the version, nothing of the defaults.
#[everywhere]
async fn a_query_holds_what_differs_from_the_defaults() {
    assert_eq!(Settings::default().query(), "");
    let settings = Settings {
        dataset: Dataset::ColorMnist,
        color_variance: 0.05,
        perturbation: "gaussian:0.1+hue:0.05".parse().unwrap(),
        stop_gradient: true,
        seed: Seed(u32::MAX),
        ..Settings::default()
    };
    let expected = [
        "color_variance=0.05",
        "dataset=color-mnist",
        "perturbation=gaussian:0.1+hue:0.05",
        "seed=4294967295",
        "stop_gradient=true",
        "v=3",
    ];
    assert_eq!(settings.query().split('&').collect::<Vec<_>>(), expected);
}
