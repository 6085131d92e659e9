//! Transfer of networks that a person can compute to pictures that they can, or cannot, tell apart.

use crate::common::{data, device, everywhere, lively, peaks, quadrants, refused, small};
use semantic_continuity::data::{Data, Dataset, Split};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{
    Mode, Run, Shots, Transfer, TransferReport, Transferring, Winner, compare_transfers,
};
use semantic_continuity::model::{Architecture, Weights};
use semantic_continuity::seed::Seed;
use std::rc::Rc;

fn ask(modes: &[Mode], shots: &[Shots]) -> Transfer {
    Transfer { modes: modes.to_vec(), shots: shots.to_vec(), images: 12, steps: 25, seed: Seed(1) }
}

async fn transfer(target: &Rc<Data>, asked: Transfer, source: &Weights) -> TransferReport {
    let mut run = Transferring::new(Rc::clone(target), asked, source, device()).unwrap();
    let (_, units) = run.progress();
    for unit in 0..units {
        assert_eq!(run.progress().0, unit);
        let before = run.report().parts.len();
        assert_eq!(run.advance().await.unwrap(), run.report().parts.len() > before);
    }
    assert!(!run.advance().await.unwrap());
    run.report().clone()
}

/// Class k has its bright pixel in quadrant k: the features of [`quadrants`] tell them apart along one axis each.
fn bright(images: usize) -> Split {
    let labels: Vec<u8> = (0..images).map(|i| (i % 3) as u8).collect();
    let pixels = labels.iter().enumerate().flat_map(|(i, &label)| {
        let mut maxima = [0.3; 4];
        maxima[usize::from(label)] = 0.7 + 0.02 * (i % 7) as f32;
        peaks(maxima).0.into_iter().map(|v| (v * 255.0) as u8)
    });
    Split::new(1, 8, 8, pixels.collect(), labels.clone(), 3).unwrap()
}

fn accuracy(report: &TransferReport, part: usize) -> f64 {
    let correct = &report.parts[part].correct;
    correct.iter().filter(|&&hit| hit).count() as f64 / correct.len() as f64
}

#[everywhere]
async fn a_probe_finds_what_the_features_tell_apart_and_nothing_else() {
    let target = Rc::new(Data { dataset: Dataset::FashionMnist, seed: Seed(1), train: bright(60), test: bright(30) });
    let asked = Transfer { images: 30, ..ask(&[Mode::Probe], &[Shots::Few(1), Shots::Few(4), Shots::ALL]) };
    // Its own logits say nothing: all of its answers are the same, its features are not.
    let seeing = quadrants(&[[0.0; 4]; 2], &[1.0, 0.0]);
    let report = transfer(&target, asked.clone(), &seeing).await;
    assert_eq!(report.parts.iter().map(|part| part.trained_on).collect::<Vec<_>>(), [3, 12, 60]);
    assert!((0..3).all(|part| accuracy(&report, part) == 1.0), "{report:?}");
    // Features that are always 0 leave the same answer for all: a class has a third of the pictures.
    let blind = Weights { values: vec![0.0; seeing.values.len()], ..seeing };
    let report = transfer(&target, asked, &blind).await;
    assert!((0..3).all(|part| accuracy(&report, part) <= 0.5), "{report:?}");
}

#[everywhere]
async fn fine_tuning_learns_and_scratch_forgets_the_source() {
    let target = Rc::new(data(1));
    let (a, b) = (lively(&small(Architecture::SmallCnn, 1), 3, 1.5), lively(&small(Architecture::SmallCnn, 1), 4, 1.5));
    let asked =
        Transfer { images: 20, steps: 150, ..ask(&[Mode::FineTune, Mode::Scratch], &[Shots::Few(2), Shots::ALL]) };
    let from_a = transfer(&target, asked.clone(), &a).await;
    let from_b = transfer(&target, asked.clone(), &b).await;
    let parts = from_a.parts.iter().map(|part| (part.mode, part.shots, part.trained_on)).collect::<Vec<_>>();
    let [few, all] = asked.shots[..] else { panic!("two") };
    let expected =
        [(Mode::FineTune, few, 6), (Mode::FineTune, all, 48), (Mode::Scratch, few, 6), (Mode::Scratch, all, 48)];
    assert_eq!(parts, expected);
    assert!(accuracy(&from_a, 1) > 0.8, "{from_a:?}");
    // From random weights it makes no difference what the source was.
    assert_eq!(from_a.parts[2..], from_b.parts[2..]);
    assert_eq!(from_a, transfer(&target, asked, &a).await);

    let rows = compare_transfers(&from_a, &from_a).unwrap();
    assert_eq!(
        rows.iter().map(|row| &row.id[..]).collect::<Vec<_>>(),
        ["fine-tune 2", "fine-tune all", "scratch 2", "scratch all"]
    );
    assert!(
        rows.iter()
            .all(|row| row.difference.value() == Some(0.0) && row.verdict == Winner::Unclear && row.plain.n() == 20)
    );
    // As far as both have come.
    let mut shorter = from_b;
    shorter.parts.pop();
    assert_eq!(compare_transfers(&from_a, &shorter).unwrap().len(), 3);
}

#[everywhere]
async fn a_new_last_layer_is_all_that_is_new() {
    for architecture in [Architecture::SmallCnn, Architecture::MiniResNet] {
        let source = lively(&small(architecture, 3), 3, 1.5);
        let moved = source.with_classes(7, Seed(2));
        assert_eq!((moved.config.classes, moved.values.len()), (7, moved.config.layout().len()));
        let mut start = 0;
        for (before, after) in source.config.layout().parameters().iter().zip(moved.config.layout().parameters()) {
            assert_eq!(before.name, after.name);
            let last = before.shape != after.shape;
            assert_eq!(last, before.name.starts_with("fc2.") || before.name.starts_with("fc."), "{}", before.name);
            if !last {
                let range = start..start + before.size();
                assert_eq!(source.values[range.clone()], moved.values[range]);
            }
            start += before.size();
        }
        assert_ne!(moved, source.with_classes(7, Seed(3)));
    }
}

#[everywhere]
async fn impossible_questions_and_unlike_answers_are_refused() {
    let target = Rc::new(data(1));
    let source = lively(&small(Architecture::SmallCnn, 1), 3, 1.5);
    let good = ask(&[Mode::Probe], &[Shots::Few(1)]);
    let new = |target: &Rc<Data>, asked: &Transfer| {
        Transferring::new(Rc::clone(target), asked.clone(), &source, device()).map(|_| ())
    };
    for (asked, named) in [
        (Transfer { images: 0, ..good.clone() }, "test images is 0"),
        (Transfer { steps: 2001, ..good.clone() }, "steps is 2001"),
        (Transfer { modes: vec![], ..good.clone() }, "parts is 0"),
        (Transfer { modes: vec![Mode::Probe; 41], ..good.clone() }, "parts is 41"),
        (Transfer { shots: vec![Shots::Few(0)], ..good.clone() }, "labels is 0"),
    ] {
        let message = refused(new(&target, &asked), Code::InvalidSetting);
        assert!(message.contains(named), "{message}");
    }
    let empty = Rc::new(Data { train: Split::empty(), ..(*target).clone() });
    refused(new(&empty, &good), Code::NotReady);
    refused(new(&Rc::new(data(3)), &good), Code::WeightsMismatch);
    let report = transfer(&target, good.clone(), &source).await;
    let other = transfer(&target, Transfer { seed: Seed(2), ..good }, &source).await;
    refused(compare_transfers(&report, &other), Code::InvalidSetting);
    let mut damaged = report.clone();
    damaged.parts[0].correct.pop();
    refused(compare_transfers(&report, &damaged), Code::InvalidSetting);
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<TransferReport>(&text).unwrap(), report);
    assert_eq!(serde_json::from_str::<Vec<Shots>>("[5,\"all\"]").unwrap(), [Shots::Few(5), Shots::ALL]);
    assert!(serde_json::from_str::<Vec<Shots>>("[\"some\"]").is_err());
}
