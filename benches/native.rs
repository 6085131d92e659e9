//! The costs a visitor waits for, natively on one thread: a training step of each lane, PGD-20 for one unit of the
//! evaluation, and the nudge answer. Pixels are drawn, weights are random: neither changes the cost.
//!
//! `cargo lab bench` times the same steps as one line of JSON, to set beside a browser's.

// Bench targets are also compiled when the tests are built for the browser, where Criterion cannot go.
#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
mod native {
    use burn::tensor::{Device, Tensor};
    use criterion::{BatchSize, Criterion, criterion_group};
    use pollster::block_on;
    use semantic_continuity::attack::{Attack, Budget, evaluate, streams};
    use semantic_continuity::config::{Settings, Start};
    use semantic_continuity::data::{Data, Split};
    use semantic_continuity::experiment::nudge;
    use semantic_continuity::model::{Classifier, ModelConfig, Network, Track, Weights};
    use semantic_continuity::seed::{Seed, Stream};
    use semantic_continuity::train::Trainer;
    use std::rc::Rc;

    const SEED: Seed = Seed(1);
    const CLASSES: usize = 10;
    const IMAGES: usize = 640;

    fn settings() -> Settings {
        Settings { start: Start::Scratch, ..Settings::default() }
    }

    /// Grey noise of the size of Fashion-MNIST's images.
    fn data() -> Data {
        let mut rng = SEED.rng(Stream::Evaluation, 0);
        let pixels = (0..IMAGES * 28 * 28).map(|_| rng.below(256) as u8).collect();
        let labels = (0..IMAGES).map(|_| rng.below(CLASSES) as u8).collect();
        let split = Split::new(1, 28, 28, pixels, labels, CLASSES).expect("sizes fit");
        Data { dataset: settings().dataset, seed: SEED, train: split.clone(), test: split }
    }

    fn weights(data: &Data) -> Weights {
        ModelConfig::for_data(settings().architecture, &data.train, CLASSES).init(SEED)
    }

    fn network(weights: &Weights, track: Track) -> Network {
        Network::new(&weights.config, Tensor::from_data(&weights.values[..], &Device::flex()), track)
    }

    /// One step with its share of the reading back, as a lane makes it.
    fn steps(c: &mut Criterion) {
        let data = Rc::new(data());
        let start = weights(&data);
        let mut group = c.benchmark_group("training step, SmallCnn, batch 64");
        for (name, settings) in [("plain", settings().plain()), ("constraint", settings())] {
            let mut trainer =
                Trainer::new(Rc::clone(&data), settings, &start, Device::flex()).expect("default settings train");
            group.bench_function(name, |bencher| {
                bencher.iter(|| {
                    trainer.step();
                    block_on(trainer.read()).expect("the CPU answers")
                });
            });
        }
        group.finish();
    }

    fn pgd(c: &mut Criterion) {
        let data = data();
        let weights = weights(&data);
        let classifier = Classifier::new(|track| network(&weights, track));
        let indices: Vec<usize> = (0..100).collect();
        let batch = data.test.batch(&indices, CLASSES, &Device::flex());
        let budget = Budget::linf(settings().attack_epsilon);
        let mut group = c.benchmark_group("attack, SmallCnn, 100 images");
        group.sample_size(10);
        group.bench_function("PGD-20", |bencher| {
            bencher.iter_batched(
                || streams(SEED, 0, &indices),
                |mut rngs| {
                    block_on(async {
                        let candidates = Attack::pgd(20).perturb(&classifier, &batch, budget, &mut rngs).await?;
                        evaluate(&classifier, &batch, candidates, budget).await
                    })
                    .expect("the CPU answers")
                },
                BatchSize::SmallInput,
            );
        });
        group.finish();
    }

    fn answer(c: &mut Criterion) {
        let data = data();
        let network = network(&weights(&data), Track::Nothing);
        let perturbation = settings().perturbation;
        c.bench_function("nudge, two models, one image", |bencher| {
            bencher.iter(|| {
                block_on(nudge(&data, &[&network, &network], 0, &perturbation, SEED)).expect("the CPU answers")
            });
        });
    }

    criterion_group!(benches, steps, pgd, answer);
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    native::benches();
    criterion::Criterion::default().configure_from_args().final_summary();
}
