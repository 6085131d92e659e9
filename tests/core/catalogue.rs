//! What the page is told of the library fits what the library takes.

use crate::common::everywhere;
use semantic_continuity::config::{Regularizer, schema};
use semantic_continuity::data::Dataset;
use semantic_continuity::experiment::ConditionKind;
use semantic_continuity::perturb::Kind;
use semantic_continuity::saliency::{Baseline, Method};

#[everywhere]
async fn conditions_are_asked_for_by_their_kinds() {
    for kind in ConditionKind::ALL {
        assert!(!kind.asked().is_empty());
        for condition in kind.asked() {
            assert_eq!(condition.kind(), Some(*kind));
            let written = serde_json::to_value(&condition).unwrap();
            let name = written.as_str().or_else(|| written.as_object()?.keys().next().map(String::as_str));
            assert_eq!(name, Some(kind.id()));
        }
    }
    let suited = |kind: ConditionKind| Dataset::ALL.iter().filter(|&&dataset| kind.suits(dataset)).count();
    let counts: Vec<usize> = ConditionKind::ALL.iter().map(|&kind| suited(kind)).collect();
    let all = Dataset::ALL.len();
    let such = |is: fn(Dataset) -> bool| Dataset::ALL.iter().filter(|&&dataset| is(dataset)).count();
    assert_eq!(counts, [all, all, all, such(|set| set.ground().is_some()), such(Dataset::is_tinted)]);
    assert!(counts[3] >= 5 && counts[4] >= 1, "{counts:?}");
}

#[everywhere]
async fn strengths_on_offer_are_allowed_and_grow() {
    for kind in Kind::ALL {
        let steps = kind.steps();
        assert!(steps[0] > 0.0 && steps.is_sorted() && steps[3] <= kind.strength().max, "{kind}: {steps:?}");
    }
}

#[everywhere]
async fn a_way_to_train_names_settings() {
    let keys: Vec<&str> = schema().iter().map(|control| control.key).collect();
    for regularizer in Regularizer::ALL {
        assert!(!regularizer.settings().is_empty());
        assert!(regularizer.settings().iter().all(|key| keys.contains(key)), "{regularizer}");
    }
}

/// The option that a method says stands for nothing does, and no other method has one.
#[everywhere]
async fn a_method_knows_its_baseline() {
    for method in Method::ALL {
        let mut written = serde_json::to_value(method).unwrap();
        let options = written.as_object_mut().and_then(|fields| fields.values_mut().next());
        let named = method.baseline_option();
        let found = options.and_then(|options| {
            let key = options.as_object()?.iter().find(|(_, value)| value.is_string())?.0.clone();
            options[key.as_str()] = serde_json::json!(Baseline::Mean);
            Some(key)
        });
        assert_eq!(found.as_deref(), named, "{}", method.label());
        assert_eq!(serde_json::from_value::<Method>(written).unwrap() == method, named.is_none());
        assert!(method.help().ends_with('.'));
    }
}

#[cfg(not(target_family = "wasm"))]
mod files {
    use std::path::Path;

    fn module() -> String {
        let www = Path::new(env!("CARGO_MANIFEST_DIR")).join("www");
        let [_, (_, module)] = semantic_continuity::catalogue::files(&www).unwrap();
        module
    }

    #[test]
    fn the_module_has_lines_that_people_can_read() {
        let module = module();
        let long: Vec<&str> = module.lines().filter(|line| line.chars().count() > 120).collect();
        assert!(long.is_empty(), "{long:?}");
        assert!(module.lines().all(|line| line == line.trim_end()), "a line ends in a space");
        assert!(module.contains("\n  { id: \"gaussian\", steps: [0.05, 0.1, 0.2, 0.3] },\n"), "{module}");
        // What is too long for a line goes on in the next one.
        assert!(module.contains(" \" +\n"));
    }

    #[test]
    fn megabytes_are_those_of_the_files() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data/fashion-mnist");
        let files = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"];
        let bytes: u64 = files.iter().map(|file| std::fs::metadata(folder.join(file)).unwrap().len()).sum();
        let told = format!("train: {}", (bytes as f64 / 1e5).round() / 10.0);
        let module = module();
        let (_, datasets) = module.split_once("export const datasets").unwrap();
        let (first, _) = datasets.split_once("id: \"mnist\"").unwrap();
        assert!(first.contains("id: \"fashion-mnist\"") && first.contains(&told), "{first}");
        assert!(semantic_continuity::catalogue::files(Path::new("nowhere")).is_err());
    }
}
