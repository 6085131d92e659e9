//! Responses of networks that a person can compute, and what each condition does to a picture.

use crate::common::{
    Tolerance, assert_close, data, defined, device, everywhere, known, lively, network, read, refused, small, stripes,
    undefined,
};
use semantic_continuity::data::{Data, Dataset, Split, palette, tint};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{
    Condition, ConditionComparison, Hint, Responding, Response, ResponseReport, Row, Run, Triplets, Winner,
    compare_responses, triplets,
};
use semantic_continuity::model::{Architecture, Classifier, Track, Weights};
use semantic_continuity::perturb::{Kind, Perturbation};
use semantic_continuity::seed::Seed;
use std::rc::Rc;

fn ask(conditions: Vec<Condition>) -> Response {
    Response { conditions, images: 12, seed: Seed(1) }
}

fn noise(strength: f32) -> Condition {
    Condition::Perturbation(format!("gaussian:{strength}").parse().unwrap())
}

async fn respond(data: &Rc<Data>, asked: Response, weights: &Weights) -> ResponseReport {
    let classifier = Classifier::new(|track| network(weights, track));
    let mut run = Responding::new(Rc::clone(data), asked, classifier).unwrap();
    while run.progress().0 < run.progress().1 {
        run.advance().await.unwrap();
    }
    run.report().clone()
}

fn find<'a>(verdicts: &'a ConditionComparison, id: &str) -> &'a Row {
    verdicts.rows.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("no row {id}"))
}

/// All weights 0: the network says the same whatever it sees.
fn constant(channels: usize) -> Weights {
    let config = small(Architecture::SmallCnn, channels);
    Weights { values: vec![0.0; config.layout().len()], config }
}

#[everywhere]
async fn what_changes_nothing_violates_nothing_and_a_constant_network_wins_nothing() {
    let data = Rc::new(data(1));
    let live = lively(&small(Architecture::SmallCnn, 1), 3, 1.5);
    let asked = ask(vec![noise(0.0), noise(0.5)]);
    let report = respond(&data, asked.clone(), &live).await;
    let flat = respond(&data, asked, &constant(1)).await;
    assert_eq!(report.layers, ["convolution 1", "convolution 2", "features", "logits", "probabilities"]);
    for layer in 0..report.layers.len() {
        let parts = compare_responses(&report, &flat, layer).unwrap();
        assert_eq!(parts.len(), 3);
        for id in ["flip", "violation-random", "violation-nearest"] {
            let row = find(&parts[1], id);
            assert_eq!((row.plain.value(), row.continuity.value()), (Some(0.0), Some(0.0)), "{id} at {layer}");
            let flat = find(&parts[2], id).continuity.value();
            assert_eq!((row.plain.n(), flat), (12, Some(0.0)), "{id} at {layer}");
        }
        // A constant network has no distances to compare with, so it neither wins nor loses.
        for (id, why) in [
            ("ds-same", "images of the same class are at no distance"),
            ("ds-other", "images of other classes are at no distance"),
            ("gain", "images of other classes are at no distance"),
        ] {
            for (part, still) in [(1, true), (2, false)] {
                let row = find(&parts[part], id);
                assert_eq!(
                    (undefined(&row.continuity), row.verdict),
                    ((why, 12), Winner::Undefined),
                    "{id} at {layer}"
                );
                assert_eq!(undefined(&row.difference).0, why, "{id} at {layer}");
                match (id, still) {
                    // What moves no pixel is magnified by nothing.
                    ("gain", true) => assert_eq!(undefined(&row.plain).0, "the change moves no pixel"),
                    (_, true) => assert_eq!(defined(&row.plain).value, 0.0),
                    (_, false) => assert!(defined(&row.plain).value > 0.0),
                }
            }
        }
        // The nearest of ten is nearer than a random one, so it is passed at least as often.
        let (nearest, random) = (find(&parts[2], "violation-nearest"), find(&parts[2], "violation-random"));
        assert!(nearest.plain.value() >= random.plain.value());
        assert!(report.references[layer].nearest.iter().zip(&report.references[layer].same).all(|(a, b)| a <= b));
    }
    assert_eq!(report, respond(&data, report.asked.clone(), &live).await);
}

/// Distances are those of the network itself, and no rescaling of its last layer changes a ratio or a rate.
#[everywhere]
async fn ratios_do_not_see_the_scale_of_the_outputs() {
    let data = Rc::new(data(1));
    let live = lively(&small(Architecture::SmallCnn, 1), 3, 1.5);
    let mut smaller = live.clone();
    let mut start = 0;
    for parameter in live.config.layout().parameters() {
        if parameter.name.starts_with("fc2") {
            smaller.values[start..start + parameter.size()].iter_mut().for_each(|v| *v *= 0.25);
        }
        start += parameter.size();
    }
    let asked = ask(vec![noise(0.3)]);
    let (a, b) = (respond(&data, asked.clone(), &live).await, respond(&data, asked, &smaller).await);
    let near: Vec<f32> = known(&a.outcomes[0].near[3]).iter().map(|d| d / 4.0).collect();
    assert_close(&near, &known(&b.outcomes[0].near[3]), Tolerance::Accumulated);
    for row in &compare_responses(&a, &b, 3).unwrap()[1].rows {
        assert_close(&[defined(&row.plain).value], &[defined(&row.continuity).value], Tolerance::Accumulated);
    }
    // In pixels, the first image and its copy.
    let x = noise(0.3).apply(&data, &[a.images[0]], Seed(1), &device());
    let y: Vec<f32> = data.test.image(a.images[0]).collect();
    let expected = read(x).await.iter().zip(&y).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    assert_close(&known(&a.outcomes[0].input[..1]), &[expected], Tolerance::Rounding);
}

/// Digits whose colour decides, with a network that sees nothing else: red is class 0, and so on.
#[everywhere]
async fn a_model_of_colour_alone_follows_the_colour() {
    let grey = Split { height: 8, width: 8, ..stripes(60, 1, 4) };
    let labels: Vec<u8> = (0..60).map(|i| (i % 10) as u8).collect();
    let grey = Split::new(1, 8, 8, grey.pixels, labels, 10).unwrap();
    let test = tint(&grey, Seed(5), 0.02, false);
    let data = Data { dataset: Dataset::ColorMnist, seed: Seed(5), train: Split::empty(), test };
    let indices: Vec<usize> = (0..60).collect();
    for (hint, digit) in [(Hint::Aligned, None), (Hint::Conflicting, Some(())), (Hint::Grey, None)] {
        let condition = Condition::Color(hint);
        let pixels = read(condition.apply(&data, &indices, Seed(9), &device())).await;
        for &i in &indices {
            let hinted = condition.hinted(&data, i, Seed(9));
            assert_eq!(hinted.is_some(), digit.is_some());
            assert_ne!(hinted, Some(data.test.labels[i]), "another digit's colour");
            let color = match hint {
                Hint::Grey => [1.0; 3],
                _ => palette(Seed(5))[usize::from(hinted.unwrap_or(data.test.labels[i]))],
            };
            let stroke: Vec<f32> = grey.image(i).collect();
            for channel in 0..3 {
                let plane = &pixels[(3 * i + channel) * 64..][..64];
                let expected: Vec<f32> = stroke.iter().map(|s| s * color[channel]).collect();
                assert_close(plane, &expected, Tolerance::Rounding);
            }
        }
    }
}

#[everywhere]
async fn frequencies_add_up_and_shuffling_keeps_every_pixel() {
    let data = data(1);
    let of = async |condition: Condition| read(condition.apply(&data, &[0, 3], Seed(2), &device())).await;
    let images: Vec<f32> = [0, 3].iter().flat_map(|&i| data.test.image(i)).collect();
    assert_close(&of(Condition::LowPass(1.5)).await, &images, Tolerance::Accumulated);
    // Only the mean is left.
    for (flat, image) in of(Condition::LowPass(0.0)).await.chunks(64).zip(images.chunks(64)) {
        let mean = image.iter().sum::<f32>() / 64.0;
        assert_close(flat, &[mean; 64], Tolerance::Accumulated);
    }
    // Low and high parts make the whole; these pictures are far from the bounds, so that nothing is clipped.
    let (low, high) = (of(Condition::LowPass(0.4)).await, of(Condition::HighPass(0.4)).await);
    let mut inside = 0;
    for (i, (low, high)) in low.iter().zip(&high).enumerate() {
        let mean = images[i / 64 * 64..][..64].iter().sum::<f32>() / 64.0;
        if *low > 0.0 && *high > 0.0 {
            inside += 1;
            assert_close(&[low + high - mean], &[images[i]], Tolerance::Accumulated);
        }
    }
    assert!(inside > 100, "{inside}");
    for side in [2, 3, 4] {
        let sorted = |values: &[f32]| {
            let mut values = values.to_vec();
            values.sort_by(f32::total_cmp);
            values
        };
        let shuffled = of(Condition::Shuffle(side)).await;
        for (after, before) in shuffled.chunks(64).zip(images.chunks(64)) {
            assert_eq!(sorted(after), sorted(before), "{side}");
        }
    }
    assert_ne!(of(Condition::Shuffle(4)).await, images);
}

#[everywhere]
async fn conditions_without_meaning_are_refused() {
    let data = data(1);
    for condition in [
        Condition::Background,
        Condition::Color(Hint::Aligned),
        Condition::Shuffle(1),
        Condition::Shuffle(9),
        Condition::LowPass(-0.1),
        Condition::HighPass(f32::NAN),
        Condition::Perturbation(Perturbation::single(Kind::Gaussian, 0.9)),
    ] {
        refused(condition.validate(&data), Code::InvalidSetting);
    }
    let hue = Condition::Perturbation("hue:0.1".parse().unwrap());
    refused(hue.validate(&data), Code::PerturbationNeedsColor);
    let digits = Data { dataset: Dataset::Mnist, ..data };
    Condition::Background.validate(&digits).unwrap();
    // A digit keeps its strokes and gets a texture where it was black.
    let swapped = read(Condition::Background.apply(&digits, &[0], Seed(1), &device())).await;
    let image: Vec<f32> = digits.test.image(0).collect();
    assert!(swapped.iter().zip(&image).all(|(after, before)| *after >= before - 1e-6));
    assert!(swapped.iter().sum::<f32>() > image.iter().sum::<f32>() + 3.0);
}

#[everywhere]
async fn other_reports_are_refused() {
    let data = Rc::new(data(1));
    let live = lively(&small(Architecture::SmallCnn, 1), 3, 1.5);
    let report = respond(&data, ask(vec![noise(0.1)]), &live).await;
    let other = respond(&data, ask(vec![noise(0.2)]), &live).await;
    let first = |a: &ResponseReport, b: &ResponseReport, layer| compare_responses(a, b, layer).map(|parts| parts.len());
    assert_eq!(first(&report, &report, 0), Ok(2));
    refused(first(&report, &other, 0), Code::InvalidSetting);
    refused(first(&report, &report, 9), Code::InvalidSetting);
    let harms: [fn(&mut ResponseReport); 4] = [
        |report| report.outcomes[0].near[2].truncate(1),
        |report| report.same_class.truncate(1),
        |report| report.references[1].nearest_index.truncate(1),
        |report| report.input.nearest_index.push(0),
    ];
    for harm in harms {
        let mut damaged = report.clone();
        harm(&mut damaged);
        refused(first(&report, &damaged, 0), Code::InvalidSetting);
        refused(first(&damaged, &report, 0), Code::InvalidSetting);
    }
}

/// The nearest image is of the same class, is not A itself, and is as far away as the report says: in pixels and in the
/// network's own logits.
#[everywhere]
async fn the_nearest_image_is_named() {
    let data = Rc::new(data(1));
    let live = lively(&small(Architecture::SmallCnn, 1), 3, 1.5);
    let report = respond(&data, ask(vec![noise(0.1)]), &live).await;
    let logits = report.layers.iter().position(|layer| layer == "logits").unwrap();
    let network = network(&live, Track::Nothing);
    let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    for (i, &image) in report.images.iter().enumerate() {
        for reference in std::iter::once(&report.input).chain(&report.references) {
            let nearest = reference.nearest_index[i];
            assert_ne!(nearest, image);
            assert_eq!(data.test.labels[nearest], report.labels[i]);
        }
        let pixels = |image: usize| data.test.image(image).collect::<Vec<f32>>();
        let nearest = report.input.nearest_index[i];
        assert_close(
            &[apart(&pixels(image), &pixels(nearest))],
            &known(&report.input.nearest[i..=i]),
            Tolerance::Accumulated,
        );
        let nearest = report.references[logits].nearest_index[i];
        let x = data.test.batch(&[image, nearest], live.config.classes, &device()).images;
        let both = read(network.forward(x).logits).await;
        let (a, b) = both.split_at(both.len() / 2);
        assert_close(&[apart(a, b)], &known(&report.references[logits].nearest[i..=i]), Tolerance::Accumulated);
    }
}

/// A′ is what the study showed, B what it compared with; nobody gets pictures that do not exist.
#[everywhere]
async fn triplets_show_what_the_study_saw() {
    let data = Rc::new(data(1));
    let live = lively(&small(Architecture::SmallCnn, 1), 3, 1.5);
    let report = respond(&data, ask(vec![noise(0.3)]), &live).await;
    let pairs: Vec<[usize; 2]> = report.images.iter().zip(&report.same_class).map(|(&a, &b)| [a, b]).collect();
    let asked = Triplets { condition: noise(0.3), seed: Seed(1), pairs: pairs.clone() };
    let shown = triplets(&data, &asked, &device()).await.unwrap();
    for (i, triplet) in shown.iter().enumerate() {
        assert_eq!([triplet.picture.index, triplet.same_class_index], pairs[i]);
        assert_ne!(triplet.picture.index, triplet.same_class_index);
        assert_eq!(data.test.labels[triplet.same_class_index], triplet.picture.label);
        let moved = triplet.picture.original.iter().zip(&triplet.changed).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        assert_close(&[moved.sqrt()], &known(&report.outcomes[0].input[i..=i]), Tolerance::Rounding);
        let apart = triplet.picture.original.iter().zip(&triplet.same_class).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        assert_close(&[apart.sqrt()], &known(&report.input.same[i..=i]), Tolerance::Accumulated);
    }
    let refuse = |asked: Triplets, data: Rc<Data>| async move { triplets(&data, &asked, &device()).await.map(|_| ()) };
    for pairs in [vec![], vec![[0, 20]], vec![[usize::MAX, 0]], vec![[0, 1]; 51]] {
        refused(refuse(Triplets { pairs, ..asked.clone() }, Rc::clone(&data)).await, Code::InvalidSetting);
    }
    let background = Triplets { condition: Condition::Background, ..asked.clone() };
    refused(refuse(background, Rc::clone(&data)).await, Code::InvalidSetting);
    let empty = Rc::new(Data { test: Split::empty(), ..(*data).clone() });
    refused(refuse(asked, empty).await, Code::NotReady);
}

/// A network whose answers overflow: its report still comes back from JSON, and is compared.
#[everywhere]
async fn a_report_of_answers_that_overflow_survives_json() {
    let data = Rc::new(data(1));
    let live = lively(&small(Architecture::SmallCnn, 1), 3, 1.5);
    let wild = lively(&small(Architecture::SmallCnn, 1), 3, 1e12);
    let asked = ask(vec![noise(0.3)]);
    let (tame, wild) = (respond(&data, asked.clone(), &live).await, respond(&data, asked, &wild).await);
    let text = serde_json::to_string(&wild).unwrap();
    let back: ResponseReport = serde_json::from_str(&text).unwrap();
    assert_eq!(back, wild);
    let logits = back.layers.iter().position(|layer| layer == "logits").unwrap();
    assert!(back.outcomes[0].near[logits].iter().all(Option::is_none), "{:?}", back.outcomes[0].near[logits]);
    for layer in 0..back.layers.len() {
        for row in compare_responses(&tame, &back, layer).unwrap().iter().flat_map(|part| &part.rows) {
            for quantity in [&row.plain, &row.continuity, &row.difference] {
                assert!(quantity.value().is_none_or(f64::is_finite), "{row:?}");
            }
        }
    }
    let parts = compare_responses(&tame, &back, logits).unwrap();
    for id in ["violation-random", "violation-nearest", "ds-same", "ds-other", "gain"] {
        let row = find(&parts[1], id);
        assert_eq!((row.continuity.value(), row.verdict), (None, Winner::Undefined), "{id}");
        assert_eq!(undefined(&row.difference), ("it overflows on every picture", 12), "{id}");
    }
    // One distance of twelve is enough: to leave it out would flatter the model.
    let mut torn = tame.clone();
    torn.outcomes[0].near[logits][4] = None;
    let parts = compare_responses(&tame, &torn, logits).unwrap();
    for id in ["violation-random", "violation-nearest", "ds-same", "ds-other", "gain"] {
        let row = find(&parts[1], id);
        assert_eq!(undefined(&row.continuity), ("it overflows on 1 of 12 pictures", 12), "{id}");
        assert_eq!((undefined(&row.difference), row.verdict), (undefined(&row.continuity), Winner::Undefined), "{id}");
    }
}
