//! One image, attacked and explained.

use crate::common::{Tolerance, assert_close, data, everywhere, known, lively, network, refused, small};
use semantic_continuity::attack::{Aim, Attack, Budget, Loss};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{Change, Class, Explanation, example, explain};
use semantic_continuity::model::{Architecture, Classifier};
use semantic_continuity::saliency::Method;
use semantic_continuity::seed::Seed;

fn classifiers(channels: usize) -> [Classifier; 2] {
    [2, 3].map(|seed| {
        let weights = lively(&small(Architecture::SmallCnn, channels), seed, 2.0);
        Classifier::new(|track| network(&weights, track))
    })
}

#[everywhere]
async fn an_example_says_what_each_model_makes_of_its_own() {
    let data = data(3);
    let [a, b] = classifiers(3);
    let budget = Budget::linf(0.1);
    let found = example(&data, &[&a, &b], 4, Attack::pgd(10), budget, Seed(1)).await.unwrap();
    assert_eq!((found.picture.index, found.picture.label, found.picture.channels), (4, data.test.labels[4], 3));
    assert_eq!((found.picture.original.len(), found.models.len()), (192, 2));
    // Channel last: pixel 1 of channel 2.
    assert_close(
        &[found.picture.original[5]],
        &[f32::from(data.test.pixels[4 * 192 + 128 + 1]) / 255.0],
        Tolerance::Rounding,
    );
    for model in &found.models {
        assert!((model.linf - 0.1).abs() < 1e-5 && model.l2 > model.linf);
        assert!(model.image.iter().all(|v| (0.0..=1.0).contains(v)));
        let sum: f32 = model.answer.after.iter().sum();
        assert!((sum - 1.0).abs() < 1e-5);
        assert!(
            model.answer.after[usize::from(found.picture.label)]
                < model.answer.before[usize::from(found.picture.label)]
        );
    }
    assert_ne!(found.models[0].image, found.models[1].image);
    // Towards a class instead of away from one.
    let attack = Attack::Pgd { steps: 10, loss: Loss::Margin, aim: Aim::Targeted(2) };
    let aimed = example(&data, &[&a], 4, attack, budget, Seed(1)).await.unwrap();
    assert!(aimed.models[0].answer.after[2] > aimed.models[0].answer.before[2]);
}

#[everywhere]
async fn an_explanation_shows_every_method_before_and_after() {
    let data = data(1);
    let [a, b] = classifiers(1);
    let changes = [
        Change::Perturbation("gaussian:0.2".parse().unwrap()),
        Change::Attack { attack: Attack::pgd(5), budget: Budget::l2(0.8) },
    ];
    for change in &changes {
        let found = explain(&data, &[&a, &b], 3, &Method::ALL, Class::Prediction, change, Seed(1)).await.unwrap();
        for view in &found.models {
            assert_eq!((view.class, view.maps.len()), (view.answer.prediction_before, Method::ALL.len()));
            for maps in &view.maps {
                assert_eq!((maps.before.values.len(), maps.after.values.len()), (64, 64));
                assert!((-1.0..=1.0).contains(&maps.shift.rank_correlation.unwrap()));
                assert!((0.0..=1.0).contains(&maps.shift.top_overlap.unwrap()));
            }
        }
        let same_draw = found.models[0].changed == found.models[1].changed;
        assert_eq!(same_draw, matches!(change, Change::Perturbation(_)));
        let json = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<Explanation>(&json).unwrap().models.len(), 2);
    }
    // Nothing changed: no map moves, samples included.
    let nothing = Change::Perturbation("gaussian:0".parse().unwrap());
    let found = explain(&data, &[&a], 3, &Method::ALL, Class::Label, &nothing, Seed(1)).await.unwrap();
    for maps in &found.models[0].maps {
        assert_eq!(maps.before, maps.after, "{}", maps.label);
        assert_close(&known(&[maps.shift.rank_correlation, maps.shift.cosine]), &[1.0, 1.0], Tolerance::Accumulated);
    }
}

#[everywhere]
async fn impossible_questions_are_refused() {
    let data = data(1);
    let [a, _] = classifiers(1);
    let budget = Budget::linf(0.1);
    let message = refused(example(&data, &[&a], 20, Attack::FGSM, budget, Seed(1)).await, Code::InvalidSetting);
    assert!(message.contains("0 to 19"), "{message}");
    refused(example(&data, &[], 0, Attack::FGSM, budget, Seed(1)).await, Code::NotReady);
    refused(example(&data, &[&a], 0, Attack::pgd(0), budget, Seed(1)).await, Code::InvalidSetting);
    refused(example(&data, &[&classifiers(3)[0]], 0, Attack::FGSM, budget, Seed(1)).await, Code::WeightsMismatch);
    let hue = Change::Perturbation("hue:0.1".parse().unwrap());
    let result = explain(&data, &[&a], 0, &[Method::Gradient], Class::Label, &hue, Seed(1)).await;
    refused(result, Code::PerturbationNeedsColor);
    let chosen = Class::Chosen(3);
    let nothing = Change::Perturbation("gaussian:0".parse().unwrap());
    let result = explain(&data, &[&a], 0, &[Method::Gradient], chosen, &nothing, Seed(1)).await;
    refused(result, Code::InvalidSetting);
}
