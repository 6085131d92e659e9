//! Runs: α = 0 is plain training, seeds decide, records say what happened.

use super::{advance, start, trained, trainer, with};
use crate::common::{Tolerance, assert_close, bits, data, device, everywhere, read, refused, settings};
use crate::continuity::reference::{Rows, mean_ce, mean_ds};
use burn::tensor::Tensor;
use semantic_continuity::config::{CeOn, Optimizer, Settings};
use semantic_continuity::continuity::Ds;
use semantic_continuity::data::{BatchOrder, Data, Split};
use semantic_continuity::error::Code;
use semantic_continuity::kernel::log_softmax;
use semantic_continuity::model::{Architecture, ModelConfig, Network, Track};
use semantic_continuity::perturb::Spread;
use semantic_continuity::seed::{Seed, Stream};
use semantic_continuity::train::{Trainer, UpdateRule};
use std::rc::Rc;

const STEPS: usize = 13;

/// Plain cross-entropy training written out, without objective, constraint or trainer.
async fn cross_entropy_alone(settings: &Settings) -> Vec<f32> {
    let weights = start(settings);
    let train = data(1).train;
    let optimizer = UpdateRule { optimizer: settings.optimizer, learning_rate: settings.learning_rate };
    let mut order = BatchOrder::new(settings.seed, train.len(), settings.batch);
    let mut theta = Tensor::from_data(&weights.values[..], &device());
    let mut state = optimizer.init(&theta);
    for step in 0..STEPS {
        let batch = train.batch(order.indices(step), 3, &device());
        let network = Network::new(&weights.config, theta.clone(), Track::Parameters);
        let logits = network.forward(batch.images.autodiff()).logits;
        let loss = (log_softmax(logits) * batch.targets.autodiff()).sum().mul_scalar(-1.0 / batch.labels.len() as f32);
        (theta, state) = optimizer.step(theta, network.gradient(loss), state);
    }
    read(theta).await
}

/// The promise behind every comparison of the two lanes.
#[everywhere]
async fn alpha_0_is_cross_entropy_alone_bit_for_bit() {
    for &architecture in Architecture::ALL {
        for &optimizer in Optimizer::ALL {
            let settings = Settings { optimizer, ..with(architecture) };
            let alone = bits(&cross_entropy_alone(&settings).await);
            assert_eq!(bits(&trained(&settings.plain(), STEPS).await), alone, "{architecture} {optimizer}");
            // Nothing that belongs to the constraint may leak into the plain lane.
            let other =
                Settings { ds: Ds::Cosine, stop_gradient: true, perturbation: "shift:2".parse().unwrap(), ..settings };
            assert_eq!(bits(&trained(&other.plain(), STEPS).await), alone, "{architecture} {optimizer}");
            assert_ne!(bits(&trained(&other, STEPS).await), alone, "the constraint did nothing");
        }
    }
}

/// With equal compute the plain lane runs 2n images and throws half away; the sums of a convolution may then be
/// taken in another order, so the promise is the same function, not the same bits.
#[everywhere]
async fn equal_compute_trains_the_same_function() {
    for &architecture in Architecture::ALL {
        let plain = with(architecture).plain();
        let matched = Settings { compute_matched: true, ..plain.clone() };
        assert_close(&trained(&matched, 3).await, &trained(&plain, 3).await, Tolerance::Accumulated);
    }
}

#[everywhere]
async fn the_seed_decides_everything() {
    for &architecture in Architecture::ALL {
        let settings = with(architecture);
        let first = bits(&trained(&settings, STEPS).await);
        assert_eq!(bits(&trained(&settings, STEPS).await), first);
        assert_ne!(bits(&trained(&Settings { seed: Seed(2), ..settings.clone() }, STEPS).await), first);
        // From the same start, another seed still means other batches and perturbations.
        let other = Settings { seed: Seed(2), ..settings.clone() };
        let mut trainer = Trainer::new(Rc::new(data(1)), other, &start(&settings), device()).unwrap();
        advance(&mut trainer, STEPS).await;
        assert_ne!(bits(&trainer.weights().await.unwrap().values), first);
    }
}

#[everywhere]
async fn when_statistics_are_read_does_not_matter() {
    let settings = settings();
    let at_once = advance(&mut trainer(&settings), STEPS).await;
    let mut trainer = trainer(&settings);
    let mut records = Vec::new();
    for steps in [1, 0, 4, 1, 7] {
        records.extend(advance(&mut trainer, steps).await);
    }
    assert_eq!(records, at_once);
    assert_eq!(records.iter().map(|record| record.step).collect::<Vec<_>>(), (1..=STEPS).collect::<Vec<_>>());
    assert_eq!(bits(&trainer.weights().await.unwrap().values), bits(&trained(&settings, STEPS).await));
}

/// The first record against the loss on the host.
#[everywhere]
async fn a_record_holds_the_terms_of_the_loss() {
    for ce_on in [CeOn::Clean, CeOn::Both] {
        for &ds in Ds::ALL {
            let settings = Settings { ds, ce_on, perturbation: "gaussian:0.3".parse().unwrap(), ..settings() };
            let record = advance(&mut trainer(&settings), 1).await[0];
            let train = data(1).train;
            let batch =
                train.batch(BatchOrder::new(settings.seed, train.len(), settings.batch).indices(0), 3, &device());
            let mut rng = settings.seed.rng(Stream::Perturbation, 0);
            let draw = settings.perturbation.draw(batch.images.dims(), Spread::Uniform, &mut rng);
            let network = crate::common::network(&start(&settings), Track::Nothing);
            let clean = Rows::of(&network.forward(batch.images.clone())).await;
            let changed = Rows::of(&network.forward(draw.apply(batch.images))).await;
            let ce = match ce_on {
                CeOn::Clean => mean_ce(&clean, &batch.labels),
                CeOn::Both => 0.5 * (mean_ce(&clean, &batch.labels) + mean_ce(&changed, &batch.labels)),
            };
            assert_close(
                &[record.ce, record.ds.unwrap()],
                &[ce, mean_ds(ds, &clean, &changed)],
                Tolerance::Accumulated,
            );
            assert!((0.0..=1.0).contains(&record.accuracy) && record.grad_norm > 0.0);
        }
    }
}

#[everywhere]
async fn the_plain_lane_still_measures_ds_now_and_then() {
    let records = advance(&mut trainer(&settings().plain()), 21).await;
    let measured: Vec<usize> = records.iter().filter(|record| record.ds.is_some()).map(|record| record.step).collect();
    assert_eq!(measured, [1, 11, 21]);
    // At the first step both lanes are the same network on the same images.
    let constrained = advance(&mut trainer(&settings()), 21).await;
    assert!(constrained.iter().all(|record| record.ds.is_some()));
    assert_close(&[records[0].ds.unwrap()], &[constrained[0].ds.unwrap()], Tolerance::Accumulated);
}

#[everywhere]
async fn training_learns_and_the_constraint_lowers_ds() {
    for &architecture in Architecture::ALL {
        let settings = Settings { perturbation: "gaussian:0.2".parse().unwrap(), ..with(architecture) };
        let plain = advance(&mut trainer(&settings.plain()), 61).await;
        let constrained = advance(&mut trainer(&settings), 61).await;
        let (first, last) = (plain[0], plain[60]);
        assert!(last.ce < 0.5 * first.ce && last.accuracy > 0.8, "{architecture}: {first:?} to {last:?}");
        let (with, without) = (constrained[60].ds.unwrap(), last.ds.unwrap());
        assert!(with < 0.7 * without, "{architecture}: DS {with} with the constraint, {without} without");
    }
}

#[everywhere]
async fn a_run_knows_where_it_is() {
    let mut trainer = trainer(&Settings { steps: 2, ..settings() });
    assert_eq!((trainer.step_count(), trainer.is_finished()), (0, false));
    advance(&mut trainer, 2).await;
    assert_eq!((trainer.step_count(), trainer.is_finished()), (2, true));
    assert!(trainer.read().await.unwrap().is_empty());
}

#[everywhere]
async fn impossible_runs_are_refused() {
    let sound = start(&settings());
    let new = |data: Data, settings: Settings, weights| {
        Trainer::new(Rc::new(data), settings, weights, device()).map(|_| "a trainer")
    };
    let empty = Data { train: Split::empty(), ..data(1) };
    refused(new(empty, settings(), &sound), Code::NotReady);
    let message = refused(new(data(3), settings(), &sound), Code::WeightsMismatch);
    assert!(message.contains("(1, 8, 8)") && message.contains("(3, 8, 8)"), "{message}");
    refused(new(data(1), Settings { batch: 0, ..settings() }, &sound), Code::InvalidSetting);
    let message =
        refused(new(data(1), Settings { learning_rate: f32::NAN, ..settings() }, &sound), Code::InvalidSetting);
    assert!(message.contains("Learning rate"), "{message}");
    let message = refused(
        new(data(1), Settings { architecture: Architecture::MiniResNet, ..settings() }, &sound),
        Code::WeightsMismatch,
    );
    assert!(message.contains("Small CNN") && message.contains("Mini ResNet"), "{message}");
    refused(
        new(data(1), Settings { perturbation: "hue:0.1".parse().unwrap(), ..settings() }, &sound),
        Code::PerturbationNeedsColor,
    );
    // The data have labels up to 2; a model of two classes has no third target.
    let two = ModelConfig { classes: 2, ..sound.config.clone() }.init(Seed(1));
    let message = refused(new(data(1), settings(), &two), Code::WeightsMismatch);
    assert!(message.contains('2'), "{message}");
}
