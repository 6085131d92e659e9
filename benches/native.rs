//! The costs a visitor waits for, natively on one thread: a training step of each lane, PGD-20 for one unit of the
//! evaluation, and the nudge answer; and the kernels beside what burn has for the same. Pixels are drawn, weights are
//! random: neither changes the cost.
//!
//! `cargo lab bench` times the same steps as one line of JSON, to set beside a browser's.

// Bench targets are also compiled when the tests are built for the browser, where Criterion cannot go.
#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
mod native {
    use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
    use burn::tensor::{Device, Tensor, TensorData, activation::relu, module};
    use criterion::{BatchSize, Criterion, criterion_group};
    use pollster::block_on;
    use semantic_continuity::attack::{Attack, Budget, evaluate, streams};
    use semantic_continuity::config::{Settings, Start};
    use semantic_continuity::data::{Data, Split};
    use semantic_continuity::experiment::{Wall, nudge};
    use semantic_continuity::kernel;
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

    /// A look at the wall of a run, beside the steps above: how often a run may be watched follows from it.
    fn look(c: &mut Criterion) {
        let data = data();
        let network = network(&weights(&data), Track::Nothing);
        let wall = Wall::new(&data, SEED, Wall::SIGMA, &Device::flex()).expect("there are test images");
        c.bench_function("look at a wall of 64 pictures, SmallCnn", |bencher| {
            bencher.iter(|| block_on(wall.look(&network)).expect("the CPU answers"));
        });
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

    /// The second layer of a step, forward and back, by our kernels and by burn's.
    fn kernels(c: &mut Criterion) {
        let drawn = |shape: [usize; 4]| {
            let values = SEED.rng(Stream::Evaluation, 1).fill(shape.iter().product(), |rng| rng.uniform(-1.0, 1.0));
            Tensor::<4>::from_data(TensorData::new(values, shape), &Device::flex())
        };
        let x = drawn([128, 8, 14, 14]).autodiff().require_grad();
        let weight = drawn([16, 8, 3, 3]).autodiff().require_grad();
        let bias = drawn([1, 1, 1, 16]).reshape::<1, _>([16]).autodiff().require_grad();
        let layer = |y: Tensor<4>| y.sum().backward();
        let mut group =
            c.benchmark_group("convolution with ReLU and pooling, there and back, 128 images of 8 to 16 maps");
        group.bench_function("ours", |bencher| {
            bencher.iter(|| layer(kernel::max_pool2(kernel::conv3x3_relu(x.clone(), weight.clone(), bias.clone(), 1))));
        });
        group.bench_function("burn's", |bencher| {
            bencher.iter(|| {
                let options = ConvOptions::new([1; 2], [1; 2], [1; 2], 1);
                let y = relu(module::conv2d(x.clone(), weight.clone(), Some(bias.clone()), options));
                layer(module::max_pool2d(y, MaxPoolOptions::new([2; 2]).with_stride([2; 2])))
            });
        });
        group.finish();
    }

    criterion_group!(benches, kernels, steps, look, pgd, answer);
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    native::benches();
    criterion::Criterion::default().configure_from_args().final_summary();
}
