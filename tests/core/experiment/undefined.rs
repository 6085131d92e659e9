//! Every report and every comparison, of pictures and networks about which there is little to say: nothing panics,
//! nothing that is no number becomes one, and what has no number neither wins nor loses.

use crate::common::{device, everywhere, lively, network, quadrants, set, settings, small, undefined};
use semantic_continuity::attack::{Attack, Budget, Norm};
use semantic_continuity::config::Settings;
use semantic_continuity::continuity::Ds;
use semantic_continuity::data::{Data, Dataset, Split};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{
    Change, Class, Condition, Evaluation, FEWEST, Mode, Quantity, Responding, Response, Robustness, RobustnessPlan,
    Row, Run, Shots, Smoothing, Smoothness, Survey, Surveying, Transfer, Transferring, Winner, checks, compare,
    compare_responses, compare_smoothness, compare_surveys, compare_transfers, curve, curve_plan, example, explain,
    masking_plan, nudge, nudge_rates, randomised,
};
use semantic_continuity::model::{Architecture, Classifier, Track, Weights};
use semantic_continuity::saliency::metric::Metric;
use semantic_continuity::saliency::{Baseline, Method};
use semantic_continuity::seed::Seed;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use std::rc::Rc;

const CLASSES: usize = 3;

fn pictures(levels: &[u8], labels: &[u8]) -> Rc<Data> {
    let pixels = levels.iter().flat_map(|&level| [level; 64]).collect();
    let split = Split::new(1, 8, 8, pixels, labels.to_vec(), CLASSES).unwrap();
    Rc::new(Data { dataset: Dataset::FashionMnist, seed: Seed(1), train: split.clone(), test: split })
}

/// White, black and grey alike, one of each, one class, and one picture alone.
fn sets() -> Vec<(&'static str, Rc<Data>)> {
    let labels = [0, 0, 1, 1, 2, 2];
    vec![
        ("all white", pictures(&[255; 6], &labels)),
        ("all black", pictures(&[0; 6], &labels)),
        ("constant, but not alike", pictures(&[0, 50, 100, 150, 200, 255], &labels)),
        ("one class", pictures(&[10, 60, 110, 160, 210, 250], &[1; 6])),
        ("one picture", pictures(&[128], &[2])),
        ("ordinary", Rc::new(crate::common::data(1))),
    ]
}

/// Silent, always sure of one class, ordinary, sure of everything, and so sure that its logits overflow when squared.
fn networks() -> Vec<(&'static str, Weights)> {
    let live = lively(&small(Architecture::SmallCnn, 1), 3, 1.5);
    let scaled = |gain: f32| {
        let mut weights = live.clone();
        let mut start = 0;
        for parameter in live.config.layout().parameters() {
            if parameter.name.starts_with("fc2") {
                weights.values[start..start + parameter.size()].iter_mut().for_each(|v| *v *= gain);
            }
            start += parameter.size();
        }
        weights
    };
    let mut sure = quadrants(&[[0.0; 4]; CLASSES], &[0.0; CLASSES]);
    set(&mut sure, "fc2.bias", &[1], 50.0);
    vec![
        ("silent", Weights { values: vec![0.0; live.values.len()], config: live.config.clone() }),
        ("sure", sure),
        ("ordinary", live.clone()),
        ("saturated", scaled(1e6)),
        ("overflowing", scaled(1e25)),
    ]
}

fn classifier(weights: &Weights) -> Classifier {
    Classifier::new(|track| network(weights, track))
}

/// The report reads back from JSON as it was.
fn travels<R: Serialize + DeserializeOwned + PartialEq + Debug>(report: &R, what: &str) {
    let text = serde_json::to_string(report).unwrap();
    let back: R = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(&back, report, "{what}");
}

/// A quantity is finite, ordered and within its range, or says why it is none.
fn is_sound(quantity: &Quantity, [least, most]: [f64; 2], what: &str) {
    match quantity {
        Quantity::Defined(found) => {
            let (low, value, high) = (found.low, found.value, found.high);
            assert!([low, value, high].iter().all(|number| number.is_finite()), "{what}: {found:?}");
            assert!(low <= value && value <= high && found.n > 0, "{what}: {found:?}");
            assert!(least <= low && high <= most, "{what} beyond {least} to {most}: {found:?}");
        }
        Quantity::Undefined { undefined, .. } => assert!(!undefined.is_empty(), "{what}"),
    }
}

/// Far beyond what any ratio of these pictures is, far below what a division by the least number gives.
const HUGE: f64 = 1e9;

fn row_is_sound(row: &Row, what: &str) {
    let what = format!("{what}, {}", row.label);
    // Squares of logits are as large as they are; ratios are not.
    let free = ["jacobian", "ds", "limit", "off-kinks-limit", "off-kinks-jacobian", "against", "sideways"];
    let most = match row.unit.id() {
        "%" => 1.0,
        _ if free.contains(&row.id.as_str()) => f64::from(f32::MAX),
        _ => HUGE,
    };
    let least = if row.id == "cosine" { -1.0 } else { 0.0 };
    is_sound(&row.plain, [least, most], &what);
    is_sound(&row.continuity, [least, most], &what);
    is_sound(&row.difference, [-2.0 * most, 2.0 * most], &what);
    let both = row.plain.estimate().is_some() && row.continuity.estimate().is_some();
    match row.difference.estimate() {
        None => assert_eq!(row.verdict, Winner::Undefined, "{what}"),
        Some(difference) => {
            assert!(both, "{what}: a difference from nothing");
            let outside = difference.low > 0.0 || difference.high < 0.0;
            assert_eq!(matches!(row.verdict, Winner::Plain | Winner::Continuity), outside, "{what}");
            assert_ne!(row.verdict, Winner::Undefined, "{what}");
            assert!(difference.n >= FEWEST, "{what}: {} images decide nothing", difference.n);
        }
    }
}

/// What is said of a network whose numbers overflow.
fn says_overflow(quantity: &Quantity, what: &str) {
    assert!(undefined(quantity).0.starts_with("it overflows on "), "{what}: {quantity:?}");
}

/// All pairs, each model beside itself as well.
fn pairs<R>(reports: &[(String, R)]) -> impl Iterator<Item = (String, &R, &R)> {
    reports
        .iter()
        .flat_map(move |(a, first)| reports.iter().map(move |(b, second)| (format!("{a} against {b}"), first, second)))
}

#[everywhere]
async fn evaluations() {
    for (set, data) in sets() {
        for &ds in Ds::ALL {
            let mut reports = Vec::new();
            for (name, weights) in networks() {
                let settings = Settings { ds, eval_images: 6, ..settings() };
                let run = Evaluation::new(Rc::clone(&data), settings, 0, |track| network(&weights, track));
                if data.test.len() < 2 {
                    // One picture has no other to be far from.
                    assert_eq!(run.map(|_| ()).unwrap_err().code, Code::NotReady);
                    continue;
                }
                let report = run.unwrap().finish().await.unwrap().report().clone();
                assert!(report.is_finished());
                travels(&report, &format!("{set}, {name}"));
                reports.push((format!("{set}, {ds}, {name}"), report));
            }
            for (what, a, b) in pairs(&reports) {
                let comparison = compare(a, b).unwrap();
                comparison.rows.iter().for_each(|row| row_is_sound(row, &what));
                let row = comparison.rows.iter().find(|row| row.id == "normalised-ds").unwrap();
                // Features may differ where the logits do not.
                let deaf = what.contains("sure") && !matches!(ds, Ds::FeatureL2 | Ds::Cosine);
                if set.starts_with("all ") || what.contains("silent") || deaf {
                    assert_eq!(row.verdict, Winner::Undefined, "{what}: {row:?}");
                }
                if what.contains("overflowing") && ds == Ds::LogitL2 {
                    says_overflow(&row.difference, &what);
                } else if row.verdict == Winner::Undefined && !what.contains("overflowing") {
                    let whys =
                        ["the outputs for different images do not differ", "too few images have what it is divided by"];
                    assert!(whys.contains(&undefined(&row.difference).0), "{what}: {row:?}");
                }
                if a == b && a.settings.ds == Ds::LogitL2 && what.contains("ordinary, logit-l2, saturated") {
                    assert_eq!(row.verdict, Winner::Unclear, "{what}: {row:?}");
                }
                let text = serde_json::to_string(&comparison.rows).unwrap();
                let back: Vec<Row> = serde_json::from_str(&text).unwrap();
                let kept = |row: &Row| (row.verdict, row.difference.n(), row.difference.value().is_some());
                assert!(back.iter().map(kept).eq(comparison.rows.iter().map(kept)), "{what}");
            }
        }
    }
}

/// The sets of which a survey takes six pictures.
const OF_SIX: [&str; 2] = ["constant, but not alike", "ordinary"];

#[everywhere]
async fn surveys() {
    let methods = [
        Method::Gradient,
        Method::GradCam,
        Method::IntegratedGradients { steps: 4, baseline: Baseline::Blur },
        Method::Lime { samples: 20, cell: 4, baseline: Baseline::Blur },
        Method::Occlusion { window: 4, baseline: Baseline::Blur },
    ];
    for (set, data) in sets() {
        for method in methods {
            let mut reports = Vec::new();
            for (name, weights) in networks() {
                let change = Change::Perturbation("gaussian:0.2".parse().unwrap());
                // Fewer than six have no mean; more than enough sets are told by that reason alone.
                let images = if OF_SIX.contains(&set) { 6 } else { 2 };
                let survey = Survey { method, change, images, seed: Seed(1) };
                let random = randomised(classifier(&weights).network(), Seed(9));
                let mut run = Surveying::new(Rc::clone(&data), survey, classifier(&weights), random).unwrap();
                while run.progress().0 < run.progress().1 {
                    run.advance().await.unwrap();
                }
                let report = run.report().clone();
                for (measure, values) in &report.values {
                    let [least, most] = measure.reading().range;
                    for value in values.iter().flatten() {
                        let within = (least - 1e-5..=most + 1e-5).contains(value) && value.is_finite();
                        assert!(within, "{set}, {name}, {}: {measure} is {value}", method.label());
                    }
                }
                travels(&report, &format!("{set}, {name}, {}", method.label()));
                reports.push((format!("{set}, {}, {name}", method.label()), report));
            }
            for (what, a, b) in pairs(&reports) {
                for row in compare_surveys(a, b).unwrap() {
                    let what = format!("{what}, {}", row.label);
                    let most = f64::from(row.reading.range[1]).min(HUGE) + 1e-5;
                    let least = f64::from(row.reading.range[0]) - 1e-5;
                    is_sound(&row.plain, [least, most], &what);
                    is_sound(&row.continuity, [least, most], &what);
                    is_sound(&row.difference, [-2.0 * most, 2.0 * most], &what);
                    if !OF_SIX.contains(&set) && row.measure != Metric::Pointing {
                        for quantity in [&row.plain, &row.continuity, &row.difference] {
                            assert_eq!(quantity.value(), None, "{what}: {quantity:?}");
                        }
                    }
                    // The length of a map whose squares overflow is none.
                    let wild = set == "ordinary" && method == Method::Gradient && what.contains("overflowing");
                    if wild && row.measure == Metric::Sensitivity {
                        assert_eq!(undefined(&row.difference), ("all maps are 0, or overflow", 6), "{what}");
                    }
                    if what.contains("silent") {
                        // Of a network that says nothing all maps are 0, and no measure of them has a value.
                        assert_eq!(row.difference.value(), None, "{what}");
                    }
                }
            }
        }
    }
}

#[everywhere]
async fn responses() {
    let conditions = ["gaussian:0", "gaussian:0.3", "brightness:0.2"];
    let conditions: Vec<Condition> =
        conditions.iter().map(|text| Condition::Perturbation(text.parse().unwrap())).collect();
    for (set, data) in sets() {
        let mut reports = Vec::new();
        for (name, weights) in networks() {
            let asked = Response { conditions: conditions.clone(), images: 6, seed: Seed(1) };
            let run = Responding::new(Rc::clone(&data), asked, classifier(&weights));
            if set.starts_with("one ") {
                assert_eq!(run.map(|_| ()).unwrap_err().code, Code::NotReady, "{set}");
                continue;
            }
            let mut run = run.unwrap();
            while run.progress().0 < run.progress().1 {
                run.advance().await.unwrap();
            }
            travels(run.report(), &format!("{set}, {name}"));
            reports.push((format!("{set}, {name}"), run.report().clone()));
        }
        for (what, a, b) in pairs(&reports) {
            if what.contains("overflowing") {
                let logits = a.layers.iter().position(|layer| layer == "logits").unwrap();
                let noisy = &compare_responses(a, b, logits).unwrap()[2];
                let distances = |row: &&Row| ["ds-", "violation-"].iter().any(|id| row.id.starts_with(id));
                noisy.rows.iter().filter(distances).for_each(|row| says_overflow(&row.difference, &what));
            }
            for layer in 0..a.layers.len() {
                for row in compare_responses(a, b, layer).unwrap().iter().flat_map(|part| &part.rows) {
                    row_is_sound(row, &what);
                    if row.id.starts_with("ds-") && (set.starts_with("all ") || what.contains("silent")) {
                        assert_eq!(row.verdict, Winner::Undefined, "{what}: {row:?}");
                    }
                }
            }
        }
    }
}

#[everywhere]
async fn smoothness() {
    for (set, data) in sets() {
        let mut reports = Vec::new();
        for (name, weights) in networks() {
            let images = data.test.len().min(6);
            let mut run =
                Smoothing::new(Rc::clone(&data), Smoothness { images, seed: Seed(1) }, classifier(&weights)).unwrap();
            while run.progress().0 < run.progress().1 {
                run.advance().await.unwrap();
            }
            travels(run.report(), &format!("{set}, {name}"));
            reports.push((format!("{set}, {name}"), run.report().clone()));
        }
        for (what, a, b) in pairs(&reports) {
            let comparison = compare_smoothness(a, b).unwrap();
            let rows = [&comparison.rows, &comparison.ds, &comparison.limits, &comparison.cosine];
            let losses = [&comparison.against, &comparison.sideways];
            rows.into_iter().chain(losses).flatten().for_each(|row| row_is_sound(row, &what));
            for aside in comparison.quotients.iter().chain(&comparison.off) {
                is_sound(&aside.plain, [0.0, HUGE], &what);
                is_sound(&aside.continuity, [0.0, HUGE], &what);
            }
            assert!(comparison.surfaces.iter().flatten().flatten().flatten().all(|loss| loss.is_finite()), "{what}");
            let squared = comparison.rows.iter().filter(|row| row.id != "radius-linf").chain(&comparison.cosine);
            if set == "ordinary" && what.contains("overflowing") {
                squared.for_each(|row| says_overflow(&row.difference, &what));
            } else if set == "ordinary" && a == b && what.contains("saturated") {
                squared.for_each(|row| assert_eq!(row.verdict, Winner::Unclear, "{what}: {row:?}"));
            }
        }
    }
}

#[everywhere]
async fn attacks() {
    for (set, data) in sets() {
        let mut reports = Vec::new();
        for (name, weights) in networks() {
            let n = data.test.len();
            let attack = async |plan: RobustnessPlan| {
                let mut run =
                    Robustness::new(Rc::clone(&data), plan, classifier(&weights), Vec::new(), CLASSES, device())
                        .unwrap();
                while run.progress().0 < run.progress().1 {
                    run.advance().await.unwrap();
                }
                run.report().clone()
            };
            let drawn = attack(curve_plan(Attack::pgd(2), Norm::Linf, 64, n, Seed(1))).await;
            let checked = attack(masking_plan(Budget::linf(0.1), 2, 5, 64, &[], n, Seed(1))).await;
            travels(&drawn, name);
            assert_eq!(drawn.worst_case().len(), n);
            let what = format!("{set}, {name}");
            for check in checks(&checked).unwrap() {
                is_sound(&check.excess, [-1.0, 1.0], &what);
            }
            reports.push((what, drawn));
        }
        for (what, a, b) in pairs(&reports) {
            for point in curve(a, b).unwrap() {
                is_sound(&point.plain, [0.0, 1.0], &what);
                is_sound(&point.continuity, [0.0, 1.0], &what);
                is_sound(&point.difference, [-1.0, 1.0], &what);
            }
        }
    }
}

#[everywhere]
async fn transfers() {
    for (set, data) in sets() {
        let mut reports = Vec::new();
        for (name, weights) in networks() {
            let modes = vec![Mode::Probe, Mode::FineTune];
            let asked = Transfer { modes, shots: vec![Shots::Few(1), Shots::ALL], images: 20, steps: 3, seed: Seed(1) };
            // None is refused: one picture of one class is a set of pictures, too.
            let mut run = Transferring::new(Rc::clone(&data), asked, &weights, device()).unwrap();
            while run.progress().0 < run.progress().1 {
                run.advance().await.unwrap();
            }
            travels(run.report(), &format!("{set}, {name}"));
            reports.push((format!("{set}, {name}"), run.report().clone()));
        }
        for (what, a, b) in pairs(&reports) {
            compare_transfers(a, b).unwrap().iter().for_each(|row| row_is_sound(row, &what));
        }
    }
}

/// What a figure shows of one picture: either all of it is finite, or it says why there is nothing to show.
#[everywhere]
async fn figures_of_one_picture() {
    let perturbation = "gaussian:0.2".parse().unwrap();
    let finite = |value: serde_json::Value, what: &str| {
        let holes = [("rank_correlation", true), ("cosine", true), ("top_overlap", true), ("quality", true)];
        let mut open = vec![("", value)];
        while let Some((key, value)) = open.pop() {
            match value {
                serde_json::Value::Null => assert!(holes.contains(&(key, true)), "{what}: {key} is no number"),
                serde_json::Value::Array(values) => open.extend(values.into_iter().map(|value| ("", value))),
                serde_json::Value::Object(fields) => {
                    for (name, value) in fields {
                        let key = holes.iter().find(|(hole, _)| *hole == name).map_or("", |(hole, _)| hole);
                        open.push((key, value));
                    }
                }
                _ => {}
            }
        }
    };
    for (set, data) in sets() {
        for (name, weights) in networks() {
            let what = format!("{set}, {name}");
            let (model, plain) = (classifier(&weights), network(&weights, Track::Nothing));
            let rates = nudge_rates(&data, &[&plain], 10, &perturbation, Seed(1)).await.unwrap();
            is_sound(&rates.flips[0], [0.0, 1.0], &what);
            let none = nudge_rates(&data, &[&plain], 0, &perturbation, Seed(1)).await.unwrap();
            assert_eq!(undefined(&none.flips[0]), ("there are no images", 0), "{what}");
            let change = Change::Perturbation(perturbation.clone());
            let methods =
                [Method::Gradient, Method::GradCam, Method::Lime { samples: 20, cell: 4, baseline: Baseline::Blur }];
            let shown = [
                nudge(&data, &[&plain], 0, &perturbation, Seed(1))
                    .await
                    .map(|found| serde_json::to_value(found).unwrap()),
                example(&data, &[&model], 0, Attack::pgd(2), Budget::linf(0.1), Seed(1))
                    .await
                    .map(|found| serde_json::to_value(found).unwrap()),
                explain(&data, &[&model], 0, &methods, Class::Label, &change, Seed(1))
                    .await
                    .map(|found| serde_json::to_value(found).unwrap()),
            ];
            for found in shown {
                match found {
                    Ok(value) => finite(value, &what),
                    Err(error) => {
                        assert_eq!((error.code, name), (Code::Diverged, "overflowing"), "{what}: {error}");
                        assert!(error.message.contains("not finite"), "{error}");
                    }
                }
            }
        }
    }
}
