//! One number behind everything random.

use crate::common::{Tolerance, assert_close, bits, everywhere};
use semantic_continuity::seed::{Rng, Seed, Stream};

const STREAMS: [Stream; 13] = [
    Stream::Init,
    Stream::Order,
    Stream::Perturbation,
    Stream::Attack,
    Stream::Evaluation,
    Stream::Bootstrap,
    Stream::Color,
    Stream::Nudge,
    Stream::Background,
    Stream::Saliency,
    Stream::Smoothness,
    Stream::Transfer,
    Stream::Wall,
];

#[everywhere]
async fn streams_are_told_apart_by_seed_name_and_number() {
    let mut seen = std::collections::HashSet::new();
    for seed in [0, 1, u32::MAX] {
        for stream in STREAMS {
            for index in [0, 1, u64::MAX] {
                let draw = || bits(&Seed(seed).rng(stream, index).fill(4, |rng| rng.uniform(0.0, 1.0)));
                assert_eq!(draw(), draw());
                assert!(seen.insert(draw()), "{seed} {stream:?} {index} repeats another stream");
            }
        }
    }
}

/// Saved runs and links depend on these numbers: when they change, the version of the settings must change.
#[everywhere]
async fn the_first_draws_never_change() {
    let mut rng = Seed(1).rng(Stream::Init, 0);
    let uniform = rng.fill(3, |rng| rng.uniform(0.0, 1.0));
    let normal = rng.fill(3, Rng::normal);
    let order = Seed(1).rng(Stream::Order, 0).permutation(8);
    assert_eq!(
        (bits(&uniform), bits(&normal), order),
        (
            vec![1053678252, 1058439860, 1059007945],
            vec![1065713927, 3192790114, 1031886415],
            vec![0, 1, 3, 7, 4, 6, 5, 2]
        )
    );
}

#[everywhere]
async fn draws_have_their_distributions() {
    let mut rng = Seed(7).rng(Stream::Evaluation, 3);
    let n = 20_000;
    let uniform = rng.fill(n, |rng| rng.uniform(-2.0, 3.0));
    assert!(uniform.iter().all(|u| (-2.0..3.0).contains(u)));
    let moments = |values: &[f32]| {
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / n as f64;
        (mean, values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / n as f64)
    };
    let (mean, variance) = moments(&uniform);
    assert_close(&[mean, variance], &[0.5, 25.0 / 12.0], Tolerance::Sampling);
    let (mean, variance) = moments(&rng.fill(n, Rng::normal));
    // The mean of a normal is compared at 1, where the tolerance is relative to its deviation.
    assert_close(&[1.0 + mean, variance], &[1.0, 1.0], Tolerance::Sampling);

    let mut counts = [0.0; 6];
    for _ in 0..6 * n / 2 {
        counts[rng.below(6)] += 1.0;
    }
    assert_close(&counts, &[n as f64 / 2.0; 6], Tolerance::Sampling);
}

#[everywhere]
async fn a_permutation_holds_every_index_once() {
    for n in [0, 1, 2, 3, 17, 100] {
        let mut rng = Seed(n as u32).rng(Stream::Order, 1);
        let mut order = rng.permutation(n);
        let mixed = order.windows(2).any(|pair| pair[0] > pair[1]);
        assert!(mixed || n < 17);
        order.sort_unstable();
        assert_eq!(order, (0..n).collect::<Vec<_>>());
    }
    // Every order of three is drawn about equally often.
    let mut counts = std::collections::HashMap::new();
    let mut rng = Seed(5).rng(Stream::Order, 0);
    for _ in 0..12_000 {
        *counts.entry(rng.permutation(3)).or_insert(0.0) += 1.0;
    }
    assert_close(&counts.into_values().collect::<Vec<f64>>(), &[2000.0; 6], Tolerance::Sampling);
}

#[everywhere]
async fn a_seed_is_a_plain_number_in_json() {
    assert_eq!(serde_json::to_string(&Seed(42)).unwrap(), "42");
    assert_eq!(serde_json::from_str::<Seed>("4294967295").unwrap(), Seed(u32::MAX));
    assert!(serde_json::from_str::<Seed>("-1").is_err());
    assert!(serde_json::from_str::<Seed>("4294967296").is_err());
}
