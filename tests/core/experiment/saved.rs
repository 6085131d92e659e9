//! Saved runs: a sound one comes back as it was, whatever else stands in the file, and no other one does.

use super::outcomes;
use crate::common::{everywhere, settings};
use semantic_continuity::config::Settings;
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{Outcomes, Report, SavedLane, SavedRun, compare};
use semantic_continuity::train::Record;
use serde_json::{Value, json};

const N: usize = 20;
const STEPS: usize = 6;

fn lane(name: &str, settings: Settings, hits: usize) -> SavedLane {
    let history = (1..=STEPS).map(|step| Record { step, ce: 0.3, ds: None, accuracy: 0.5, grad_norm: 1.25 }).collect();
    let outcomes = Outcomes {
        clean: outcomes(hits, N),
        noise: outcomes(hits, N),
        flip: outcomes(N - hits, N),
        near: vec![Some(0.3); N],
        far: vec![Some(2.0); N],
        fgsm: outcomes(hits, N),
        pgd: outcomes(hits, N),
        ..Outcomes::default()
    };
    let report = Report { settings, step: STEPS, classes: 10, n: N, outcomes };
    let notes = vec!["went on".to_owned()];
    SavedLane {
        name: name.to_owned(),
        step: STEPS,
        steps: STEPS,
        history,
        notes,
        diverged: None,
        report: Some(report),
        checkpoints: vec![],
    }
}

/// A finished run, as a file holds it.
fn finished() -> Value {
    let settings = Settings { steps: STEPS, eval_images: N, ..settings() };
    let lanes = vec![lane("plain", settings.plain(), 8), lane("continuity", settings.clone(), 14)];
    let [a, b] = [0, 1].map(|i| lanes[i].report.as_ref().unwrap());
    let comparison = compare(a, b).unwrap();
    let run = SavedRun { settings, own: None, engine: None, comparison: Some(comparison), lanes };
    serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap()
}

/// The same, paused in its middle.
fn paused() -> Value {
    let mut run = finished();
    run["comparison"] = Value::Null;
    for lane in run["lanes"].as_array_mut().unwrap() {
        lane["report"] = Value::Null;
        lane["step"] = json!(4);
        lane["checkpoints"] = json!([0, 3, 4]);
        lane["history"].as_array_mut().unwrap().truncate(4);
    }
    run
}

fn read(run: &Value) -> Result<Value, String> {
    match SavedRun::read(&run.to_string()) {
        Ok(run) => Ok(serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap()),
        Err(error) => Err(error.message),
    }
}

#[everywhere]
async fn sound_runs_come_back_as_they_were() {
    let mut diverged = paused();
    diverged["lanes"][1]["diverged"] = json!({ "step": 5, "message": "Training stopped.", "last_good_step": 4 });
    let mut own = finished();
    own["settings"]["dataset"] = json!("own-grey");
    own["settings"]["start"] = json!("scratch");
    own["own"] = json!({ "name": "pets", "classes": ["cat", "dog"], "height": 32, "width": 32, "train": 8, "test": 2,
        "counts": [[4, 1], [4, 1]], "digest": "5e1f" });
    for lane in own["lanes"].as_array_mut().unwrap() {
        lane["report"]["settings"]["dataset"] = json!("own-grey");
        lane["report"]["settings"]["start"] = json!("scratch");
    }
    for run in [finished(), paused(), diverged, own] {
        assert_eq!(read(&run), Ok(run.clone()));
        // What no field names does not pass.
        let mut more = run.clone();
        for place in ["", "/lanes/0", "/lanes/0/history/0", "/lanes/1"] {
            let place = more.pointer_mut(place).unwrap().as_object_mut().unwrap();
            for name in ["__proto__", "constructor", "clear", "engine_"] {
                place.insert(name.to_owned(), json!({ "polluted": 3 }));
            }
        }
        assert_eq!(read(&more), Ok(run));
    }
}

#[everywhere]
async fn the_table_is_that_of_the_reports() {
    let run = finished();
    let mut forged = run.clone();
    forged["comparison"]["rows"][0]["verdict"] = json!("plain");
    forged["comparison"]["sentence"] = json!("The moon is a cheese.");
    assert_eq!(read(&forged), Ok(run.clone()));
    // Whatever stands there: an earlier version wrote a ratio that was no number as `null`, and somebody may write
    // anything.
    for (place, value) in [
        ("/comparison/rows/3/plain/value", json!(null)),
        ("/comparison/rows/0/plain/value", json!("1e999")),
        ("/comparison/rows", json!([null])),
        ("/comparison/rows", json!({})),
        ("/comparison/sentence", json!(null)),
        ("/comparison/notes", json!(vec!["x"; 300])),
        ("/comparison", json!([])),
        ("/comparison", json!(3)),
    ] {
        let mut told = run.clone();
        *told.pointer_mut(place).unwrap() = value;
        assert_eq!(read(&told), Ok(run.clone()), "{place}");
    }
}

/// Without one column there is no table, and that of the file is not believed in its stead.
#[everywhere]
async fn a_table_that_does_not_follow_from_the_reports_is_refused() {
    for column in ["clean", "noise", "flip", "near", "far", "fgsm", "pgd"] {
        for lane in 0..2 {
            let (mut short, mut none) = (finished(), finished());
            let outcomes = |run: &mut Value| run["lanes"][lane]["report"]["outcomes"].as_object_mut().unwrap().clone();
            let mut columns = outcomes(&mut short);
            columns[column].as_array_mut().unwrap().pop();
            short["lanes"][lane]["report"]["outcomes"] = Value::Object(columns);
            let mut columns = outcomes(&mut none);
            columns.remove(column);
            none["lanes"][lane]["report"]["outcomes"] = Value::Object(columns);
            for run in [short, none] {
                let error = SavedRun::read(&run.to_string()).unwrap_err();
                assert_eq!(error.code, Code::InvalidRun, "{column}: {error}");
                let missing = if matches!(column, "near" | "far") { "normalised-ds" } else { column };
                let said = &error.message;
                assert!(said.contains("not finished") && !said.contains(missing), "{column}: {said}");
            }
        }
    }
}

/// Own pictures whose numbers do not fit together, or are none that an engine takes.
#[everywhere]
async fn own_pictures_that_cannot_be_are_refused() {
    let own = json!({ "name": "pets", "classes": ["cat", "dog"], "height": 32, "width": 32, "train": 8, "test": 2,
        "counts": [[4, 1], [4, 1]], "digest": "5e1f" });
    for (place, value, words) in [
        ("/height", json!(7), "The height of its own pictures is 7; allowed is 8 to 64"),
        ("/width", json!(usize::MAX as u32), "The width of its own pictures is 4294967295; allowed is 8 to 64"),
        ("/train", json!(9), "The number to learn from of its own pictures is 9; allowed is the sum"),
        ("/test", json!(0), "The number to test on of its own pictures is 0"),
        ("/counts", json!([[4, 1]]), "The number of counts of its own pictures is 1; allowed is 2"),
        ("/counts/1/1", json!(u32::MAX), "The number to test on of its own pictures is 2; allowed is the sum"),
        ("/classes", json!(["cat"]), "The number of classes of its own pictures is 1; allowed is 2 to 20"),
        ("/classes", json!(vec!["cat"; 21]), "The number of classes of its own pictures is 21; allowed is 2 to 20"),
    ] {
        let mut run = finished();
        run["own"] = own.clone();
        run["settings"]["dataset"] = json!("own-grey");
        run["settings"]["start"] = json!("scratch");
        *run["own"].pointer_mut(place).unwrap() = value;
        let said = read(&run).expect_err(place);
        assert!(said.contains(words), "{place}: {said}");
    }
}

/// Where, what stands there instead, and words of the refusal.
#[everywhere]
async fn hostile_runs_are_refused_with_the_part_that_is_wrong() {
    let long = "x".repeat(20_000);
    let record = json!({ "step": 1, "ce": 1, "ds": null, "accuracy": 1, "grad_norm": 1 });
    let table = [
        ("/settings/batch", json!(1), "Batch is 1"),
        ("/settings/steps", json!(20_001), "Steps is 20001"),
        ("/settings/steps", json!(7), "plain lane is at step 6 of 6; its settings name 7 steps"),
        ("/settings/alpha", json!("NaN"), "alpha"),
        ("/settings/dataset", json!("own-color"), "does not say on which"),
        ("/settings", json!(null), "settings"),
        ("/settings", json!([]), "its settings name 400 steps"),
        ("/comparison", json!(null), "plain lane has no checkpoint"),
        ("/lanes", json!(null), "lanes"),
        ("/lanes", json!([]), "both lanes"),
        ("/lanes/0", json!(null), "lane"),
        ("/lanes/0/name", json!("continuity"), "both lanes"),
        ("/lanes/1/step", json!(7), "continuity lane is at step 7 of 6"),
        ("/lanes/1/step", json!(-1), "continuity lane"),
        ("/lanes/1/step", json!("__proto__"), "continuity lane"),
        ("/lanes/1/steps", json!(20_000_000), "continuity lane is at step 6 of 20000000"),
        ("/lanes/0/history", json!({ "at": 3 }), "The history of the plain lane"),
        ("/lanes/0/history/0", json!(null), "The history of the plain lane"),
        ("/lanes/0/history/0/ce", json!("much"), "The history of the plain lane"),
        ("/lanes/0/history/0/ce", json!(1e300), "history that cannot be"),
        ("/lanes/0/history/0/ce", json!(null), "The history of the plain lane"),
        ("/lanes/0/history/0/accuracy", json!(1.5), "history that cannot be"),
        ("/lanes/0/history/2/step", json!(2), "history that cannot be, at step 2"),
        ("/lanes/0/history/5/step", json!(7), "history that cannot be, at step 7"),
        ("/lanes/0/history", json!(vec![record; 50_000]), "history that cannot be"),
        ("/lanes/0/notes", json!([3]), "The notes of the plain lane"),
        ("/lanes/0/notes", json!(vec!["x"; 300]), "300 notes"),
        ("/lanes/0/notes/0", json!(long), "bytes"),
        ("/lanes/1/diverged", json!({}), "The divergence of the continuity lane"),
        ("/lanes/1/diverged", json!({ "step": 5, "message": "", "last_good_step": 4 }), "diverged at step 5"),
        ("/lanes/1/report", json!(null), "continuity lane has no results"),
        ("/lanes/1/report", json!({}), "The results of the continuity lane"),
        ("/lanes/1/report/n", json!(0), "the number of images is 0; allowed is 1 to 20"),
        ("/lanes/1/report/n", json!(3_000_000), "the number of images is 3000000; allowed is 1 to 20"),
        ("/lanes/1/report/step", json!(5), "continuity lane are not those of its model: step is 5; allowed is 6"),
        ("/lanes/1/report/settings/alpha", json!(9), "its model: alpha is 9.0; allowed is 1.0"),
        ("/lanes/1/report/outcomes/near/0", json!(1e300), "a distance is inf; allowed is a finite number from 0 on"),
        ("/lanes/1/report/outcomes/far/0", json!(-2), "a distance is -2; allowed is a finite number from 0 on"),
        ("/lanes/0/report/outcomes/largest", json!(1e40), "the largest change of a pixel is inf; allowed is a finite"),
        ("/lanes/1/report/outcomes/clean", json!(vec![true; 30]), "not on the same images"),
        ("/engine", json!({ "name": 3 }), "Its engine"),
        ("/engine", json!({ "name": "cpu", "why": long }), "bytes"),
        ("/own", json!("pets"), "The description of its pictures"),
    ];
    for (place, value, words) in table {
        let mut run = finished();
        *run.pointer_mut(place).unwrap() = value.clone();
        let error = SavedRun::read(&run.to_string()).expect_err(&format!("{place} = {value:.40}"));
        assert!(place.starts_with("/settings") || error.code == Code::InvalidRun, "{place} = {value:.40}: {error:?}");
        let said = error.message;
        assert!(said.contains(words) && said.len() < 1000, "{place} = {value:.40}: {said}");
    }
    let table = [
        ("/lanes/0/checkpoints", json!([]), "no checkpoint to go on from"),
        ("/lanes/0/checkpoints", json!([5]), "checkpoints of the steps [5]"),
        ("/lanes/0/checkpoints", json!(["0"]), "The plain lane"),
        ("/lanes/0/checkpoints", json!(vec![0; 60]), "checkpoints of the steps"),
        ("/lanes/0/diverged", json!({ "step": 9, "message": "no", "last_good_step": 4 }), "diverged at step 9"),
        ("/lanes/0/diverged", json!({ "step": 4, "message": "no", "last_good_step": 4 }), "which cannot be"),
    ];
    for (place, value, words) in table {
        let mut run = paused();
        *run.pointer_mut(place).unwrap() = value;
        let said = read(&run).expect_err(place);
        assert!(said.contains(words), "{place}: {said}");
    }
    for text in ["", "null", "[]", "3", "{", "{}", r#"{"lanes":[[[[[[]]]]]]}"#] {
        assert!(SavedRun::read(text).is_err(), "{text}");
    }
}
