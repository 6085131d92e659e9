//! How far a model holds on one image.

use crate::common::{data, everywhere, network, peaks, quadrants, refused};
use semantic_continuity::attack::{Attack, Norm};
use semantic_continuity::data::Data;
use semantic_continuity::error::Code;
use semantic_continuity::experiment::limits;
use semantic_continuity::model::Classifier;
use semantic_continuity::seed::Seed;

/// Says class 0 where the top left quadrant has a larger maximum than the top right one, else class 1, and leans to
/// class 0 by `bias`.
fn compares(bias: f32) -> Classifier {
    let weights = quadrants(&[[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]], &[bias, 0.0]);
    Classifier::new(move |track| network(&weights, track))
}

/// One picture of class 0 with the maxima 0.8 and 0.6.
fn picture() -> Data {
    let (pixels, _) = peaks([0.8, 0.6, 0.4, 0.4]);
    let pixels = pixels.iter().map(|value| (value * 255.0).round() as u8).collect();
    data(1).single(pixels, 0).unwrap()
}

/// An attack in ℓ∞ lowers one maximum by ε and raises the other by ε, so the model errs from half the margin on: 204/255
/// against 153/255 are 51/255, and a bias of b adds 255 b.
#[everywhere]
async fn the_least_radius_is_the_one_that_a_person_computes() {
    let data = picture();
    let models = [0.0, 10.0 / 255.0, -0.1, -1.0, 1.0].map(compares);
    let models: Vec<&Classifier> = models.iter().collect();
    let found = limits(&data, &models, 0, Attack::pgd(20), Norm::Linf, 64, Seed(1)).await.unwrap();
    assert_eq!((found.index, found.label), (0, 0));
    let levels: Vec<_> = found.models.iter().map(|limit| limit.broken.as_ref().map(|broken| broken.level)).collect();
    assert_eq!(levels, [Some(26), Some(31), Some(13), None, None]);
    // The one that leans to class 1 is wrong from the start; the one that leans to class 0 holds.
    assert_eq!(found.models.iter().map(|limit| limit.right).collect::<Vec<_>>(), [true, true, true, false, true]);
    let broken = found.models[0].broken.as_ref().unwrap();
    assert!((broken.attacked.linf - 26.0 / 255.0).abs() < 1e-6);
    assert_eq!((broken.attacked.answer.prediction_before, broken.attacked.answer.prediction_after), (0, 1));
    // Not within a radius below.
    let found = limits(&data, &models[..1], 0, Attack::pgd(20), Norm::Linf, 25, Seed(1)).await.unwrap();
    assert!(found.models[0].right && found.models[0].broken.is_none());
}

#[everywhere]
async fn a_radius_or_an_image_that_cannot_be_is_refused() {
    let (data, model) = (picture(), compares(0.0));
    for most in [0, 129] {
        let found = limits(&data, &[&model], 0, Attack::pgd(5), Norm::Linf, most, Seed(1)).await;
        let message = refused(found, Code::InvalidSetting);
        assert!(message.contains(&most.to_string()) && message.contains("1 to 128"), "{message}");
    }
    refused(limits(&data, &[&model], 1, Attack::pgd(5), Norm::Linf, 8, Seed(1)).await, Code::InvalidSetting);
    refused(limits(&data, &[], 0, Attack::pgd(5), Norm::Linf, 8, Seed(1)).await, Code::NotReady);
}

/// On what ships: bisection finds what trying every radius finds.
#[cfg(not(target_family = "wasm"))]
#[test]
fn bisection_finds_what_a_full_scan_finds() {
    use pollster::block_on;
    use semantic_continuity::attack::Budget;
    use semantic_continuity::data::{Dataset, read_folder};
    use semantic_continuity::experiment::example;
    use semantic_continuity::model::Weights;
    let www = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www");
    let data = read_folder(&www.join("data"), Dataset::FashionMnist, Seed(1), 0.0).unwrap();
    let [plain, continuity] = ["plain", "continuity"].map(|lane| {
        let file = std::fs::read(www.join(format!("weights/fashion-mnist-small-cnn-{lane}.safetensors"))).unwrap();
        let (weights, _) = Weights::from_safetensors(&file).unwrap();
        Classifier::new(move |track| network(&weights, track))
    });
    let (attack, most, seed) = (Attack::pgd(20), 32, Seed(1));
    for index in 0..20 {
        let found = block_on(limits(&data, &[&plain, &continuity], index, attack, Norm::Linf, most, seed)).unwrap();
        for (limit, model) in found.models.iter().zip([&plain, &continuity]) {
            let errs = |level: u32| {
                let budget = Budget::linf(level as f32 / 255.0);
                let found = block_on(example(&data, &[model], index, attack, budget, seed)).unwrap();
                found.models[0].answer.prediction_after != usize::from(found.picture.label)
            };
            let scanned = (1..=most).find(|&level| errs(level)).filter(|_| limit.right);
            assert_eq!(limit.broken.as_ref().map(|broken| broken.level), scanned, "picture {index}");
        }
    }
}
