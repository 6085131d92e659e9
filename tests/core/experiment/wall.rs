//! Pictures watched under fixed noise while a model learns.

use crate::common::{bits, data, defined, device, everywhere, lively, network, quadrants, refused, settings, small};
use semantic_continuity::data::{Data, Split};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::Wall;
use semantic_continuity::model::{Architecture, ModelConfig, Network, Track};
use semantic_continuity::perturb::{Kind, Perturbation, Spread};
use semantic_continuity::seed::{Seed, Stream};
use semantic_continuity::train::Trainer;
use std::rc::Rc;

fn lively_network(channels: usize, seed: u32) -> Network {
    network(&lively(&small(Architecture::SmallCnn, channels), seed, 2.0), Track::Nothing)
}

/// Test pictures of one grey level each.
fn levels(levels: &[u8], labels: Vec<u8>) -> Data {
    let pixels = levels.iter().flat_map(|&level| [level; 64]).collect();
    Data { test: Split::new(1, 8, 8, pixels, labels, 2).unwrap(), ..data(1) }
}

/// A network that says 1 where the brightest pixel of the top left quadrant is above ½, else 0. Noise only makes the
/// brightest of 16 pixels brighter: σ = 0.15 lifts that of a flat 0.4 above ½ in 99 of 100 draws, that of a flat 0 in
/// one, and the brightest of a flat 1 stays 1.
#[everywhere]
async fn a_change_of_the_answer_is_told_from_an_error() {
    let threshold = network(&quadrants(&[[0.0; 4], [10.0, 0.0, 0.0, 0.0]], &[0.0, -5.0]), Track::Nothing);
    // Labels all 1: the dark pictures are wrong and stay so, which is no change.
    let data = levels(&[0, 102, 255, 0, 102, 255], vec![1; 6]);
    let wall = Wall::new(&data, Seed(1), 0.15, &device()).unwrap();
    let look = wall.look(&threshold).await.unwrap();
    let shown = wall.pictures().await.unwrap();
    for (i, &index) in shown.indices.iter().enumerate() {
        let level = index % 3;
        assert_eq!(look.before[i], Some([0, 0, 1][level]), "picture {index}");
        assert_eq!(look.after[i], Some([0, 1, 1][level]), "picture {index}");
        assert_eq!(look.changed[i], level == 1, "picture {index}");
    }
    assert_eq!(defined(&look.changes).value, 2.0 / 6.0);
    assert_eq!(defined(&look.accuracy).value, 2.0 / 6.0);
    assert_eq!((defined(&look.changes).n, defined(&look.accuracy).n), (6, 6));
}

/// The pictures and their noise are those of the library, drawn from the stream of walls and no other.
#[everywhere]
async fn pictures_and_noise_come_from_a_stream_of_their_own() {
    for channels in [1, 3] {
        let data = data(channels);
        let wall = Wall::new(&data, Seed(5), 0.2, &device()).unwrap();
        let shown = wall.pictures().await.unwrap();
        let order = Seed(5).rng(Stream::Wall, 0).permutation(20);
        assert_eq!(shown.indices, order);
        assert_eq!((shown.width, shown.height, shown.channels, shown.sigma), (8, 8, channels, 0.2));
        let labels: Vec<u8> = order.iter().map(|&i| data.test.labels[i]).collect();
        assert_eq!(shown.labels, labels);

        let x = data.test.batch(&order, 3, &device()).images;
        let draw = Perturbation::single(Kind::Gaussian, 0.2).draw(
            x.dims(),
            Spread::Uniform,
            &mut Seed(5).rng(Stream::Wall, 1),
        );
        let noisy = crate::common::read(draw.apply(x)).await;
        let size = channels * 64;
        for (i, &index) in order.iter().enumerate() {
            let planes: Vec<f32> = data.test.image(index).collect();
            // The channel comes last: pixel (row 1, column 2) of channel c.
            for c in 0..channels {
                let at = i * size + 10 * channels + c;
                assert_eq!(shown.original[at], planes[c * 64 + 10]);
                assert_eq!(shown.noisy[at], noisy[i * size + c * 64 + 10]);
            }
        }
        let look = wall.look(&lively_network(channels, 1)).await.unwrap();
        let again = Wall::new(&data, Seed(5), 0.2, &device()).unwrap();
        assert_eq!(again.look(&lively_network(channels, 1)).await.unwrap(), look);
        let other = Wall::new(&data, Seed(6), 0.2, &device()).unwrap().pictures().await.unwrap();
        assert_ne!(other.indices, shown.indices);
        assert_ne!(bits(&other.noisy), bits(&shown.noisy));
    }
}

#[everywhere]
async fn without_noise_no_answer_changes() {
    let wall = Wall::new(&data(1), Seed(1), 0.0, &device()).unwrap();
    let shown = wall.pictures().await.unwrap();
    assert_eq!(bits(&shown.original), bits(&shown.noisy));
    for seed in 1..=5 {
        let look = wall.look(&lively_network(1, seed)).await.unwrap();
        assert_eq!(look.before, look.after);
        assert_eq!(look.changed, [false; 20]);
        assert_eq!(defined(&look.changes).value, 0.0);
    }
}

/// An answer that is not finite is none, and counts as changed: it never passes for a model that withstands noise.
#[everywhere]
async fn what_is_not_finite_counts_as_changed() {
    let mut weights = small(Architecture::SmallCnn, 1).init(Seed(1));
    weights.values.fill(f32::NAN);
    let wall = Wall::new(&data(1), Seed(1), 0.0, &device()).unwrap();
    let look = wall.look(&network(&weights, Track::Nothing)).await.unwrap();
    assert!(look.before.iter().chain(&look.after).all(Option::is_none));
    assert_eq!(look.changed, [true; 20]);
    assert_eq!(defined(&look.accuracy).value, 0.0);
}

/// The promise behind the wall: whoever looks changes nothing, neither parameters nor what the optimiser remembers.
#[everywhere]
async fn a_run_that_is_watched_is_the_same_run_bit_for_bit() {
    for &architecture in Architecture::ALL {
        let settings = semantic_continuity::config::Settings { architecture, ..settings() };
        for settings in [settings.plain(), settings] {
            let start = ModelConfig::for_data(architecture, &data(1).train, 3).init(settings.seed);
            let trainer = || Trainer::new(Rc::new(data(1)), settings.clone(), &start, device()).unwrap();
            let (mut alone, mut watched) = (trainer(), trainer());
            let wall = Wall::new(&data(1), settings.seed, Wall::SIGMA, &device()).unwrap();
            let mut looks = Vec::new();
            for _ in 0..10 {
                looks.push(wall.look(&watched.network(Track::Nothing)).await.unwrap());
                alone.step();
                watched.step();
            }
            assert!(looks.iter().any(|look| look != &looks[0]), "{architecture}: nothing was seen to change");
            assert_eq!(watched.read().await.unwrap(), alone.read().await.unwrap());
            let state = |bytes: semantic_continuity::train::Checkpoint| bytes.to_bytes();
            assert!(
                state(watched.checkpoint().await.unwrap()) == state(alone.checkpoint().await.unwrap()),
                "{architecture}: looking changed the run"
            );
        }
    }
}

/// A look at 64 pictures costs 128 passes forward, a step on 64 at least 192.
#[everywhere]
async fn looks_are_rare_enough() {
    let mut many = data(1);
    many.test = crate::common::stripes(100, 1, 3);
    let wall = Wall::new(&many, Seed(1), Wall::SIGMA, &device()).unwrap();
    assert_eq!(wall.pictures().await.unwrap().indices.len(), Wall::PICTURES);
    for (batch, steps) in [(64, 400), (16, 400), (1, 10), (256, 50_000)] {
        let interval = wall.interval(batch, steps);
        assert!(128.0 <= 0.05 * (interval * 3 * batch) as f64, "{batch} {steps}: every {interval}");
        assert!(steps.div_ceil(interval) <= 60, "{batch} {steps}: every {interval}");
    }
    assert_eq!(wall.interval(64, 400), 20);
    assert!(Wall::new(&data(1), Seed(1), 0.1, &device()).unwrap().interval(0, 0) >= 1);
}

#[everywhere]
async fn impossible_walls_are_refused() {
    let wall = |data: &Data, sigma| Wall::new(data, Seed(1), sigma, &device()).map(|_| ());
    let message = refused(wall(&data(1), 0.7), Code::InvalidSetting);
    assert!(message.contains("0.7"), "{message}");
    refused(wall(&data(1), f32::NAN), Code::InvalidSetting);
    refused(wall(&Data { test: Split::empty(), ..data(1) }, 0.2), Code::NotReady);
    // A model for other pictures.
    let wall = Wall::new(&data(3), Seed(1), 0.2, &device()).unwrap();
    refused(wall.look(&lively_network(1, 1)).await, Code::WeightsMismatch);
}
