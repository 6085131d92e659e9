//! Reading files, catalogue, batches.

mod background;
mod color;
#[cfg(not(target_family = "wasm"))]
mod gzip;
mod hostile;

use crate::common::{Tolerance, assert_close, bits, everywhere, read, refused};
use semantic_continuity::data::idx::{self, Idx};
use semantic_continuity::data::{BatchOrder, Dataset, Files, Split, parse_cifar10};
#[cfg(not(target_family = "wasm"))]
use semantic_continuity::data::{decompress, read_folder};
use semantic_continuity::error::Code;
use semantic_continuity::seed::{Seed, Stream};

/// An IDX array of counting bytes.
pub fn counting(dims: &[usize]) -> Idx {
    let size = dims.iter().product::<usize>();
    Idx { dims: dims.to_vec(), values: (0..size).map(|i| (i * 7 % 251) as u8).collect() }
}

#[everywhere]
async fn idx_of_any_rank_comes_back_as_written() {
    for dims in [&[5][..], &[1], &[0], &[3, 4], &[2, 3, 4], &[2, 1, 3, 2], &[1, 2, 1, 2, 1, 2]] {
        let array = counting(dims);
        let bytes = array.to_bytes();
        assert_eq!(bytes.len(), 4 + 4 * dims.len() + array.values.len());
        assert_eq!(idx::parse(&bytes).unwrap(), array);
    }
    let deep = counting(&[1; 255]);
    assert_eq!(idx::parse(&deep.to_bytes()).unwrap(), deep);
}

#[everywhere]
async fn idx_is_written_as_the_format_says() {
    let array = Idx { dims: vec![2, 258], values: vec![9; 516] };
    assert_eq!(array.to_bytes()[..12], [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 1, 2]);
}

#[everywhere]
async fn cifar_records_become_planar_pictures() {
    let mut file = Vec::new();
    for label in [3u8, 9] {
        file.push(label);
        file.extend((0..3 * 32 * 32).map(|i| (i / 1024 * 100) as u8 + label));
    }
    let split = parse_cifar10(&file).unwrap();
    assert_eq!((split.channels, split.height, split.width), (3, 32, 32));
    assert_eq!(split.labels, [3, 9]);
    let second: Vec<f32> = split.image(1).map(|v| v * 255.0).collect();
    assert_close(&[second[0], second[1024], second[3071]], &[9.0, 109.0, 209.0], Tolerance::Rounding);
}

/// A split of one 1×2×2 picture a label, whose pixels name it.
fn tiny() -> Split {
    let pixels = (0..6u8).flat_map(|i| [i, 10 + i, 20 + i, 30 + i]).collect();
    Split::new(1, 2, 2, pixels, vec![0, 1, 2, 0, 1, 2], 3).unwrap()
}

#[everywhere]
async fn a_batch_holds_the_pictures_asked_for() {
    let batch = tiny().batch(&[4, 0, 4], 3, &crate::common::device());
    assert_eq!(batch.labels, [1, 0, 1]);
    assert_eq!(batch.images.dims(), [3, 1, 2, 2]);
    let bytes = [4, 14, 24, 34, 0, 10, 20, 30, 4, 14, 24, 34];
    assert_eq!(bits(&read(batch.images).await), bits(&bytes.map(|b| b as f32 / 255.0)));
    assert_eq!(read(batch.targets).await, [0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
}

#[everywhere]
async fn statistics_are_mean_and_deviation_of_each_channel() {
    // Channel 0: 0, 0, 255, 255; channel 1: 51 everywhere; channel 2: 0, 51, 102, 255.
    let pixels = vec![0, 0, 51, 51, 0, 51, 255, 255, 51, 51, 102, 255];
    let split = Split::new(3, 1, 2, pixels, vec![0, 1], 2).unwrap();
    let (mean, std) = split.statistics();
    assert_close(&mean, &[0.5, 0.2, 0.4], Tolerance::Rounding);
    // A channel without spread keeps a deviation of one grey level; channel 2: √(((-.4)²+(-.2)²+0+.6²)/4) = √.14.
    assert_close(&std, &[0.5, 1.0 / 255.0, 0.14f64.sqrt()], Tolerance::Rounding);
}

#[everywhere]
async fn every_epoch_is_a_permutation() {
    for (images, batch) in [(20, 5), (23, 5), (7, 7), (5, 64), (9, 1)] {
        let mut order = BatchOrder::new(Seed(3), images, batch);
        let per_epoch = (images / batch).max(1);
        let size = batch.min(images);
        let mut epochs = Vec::new();
        for epoch in 0..3 {
            let mut seen: Vec<usize> =
                (0..per_epoch).flat_map(|i| order.indices(epoch * per_epoch + i).to_vec()).collect();
            assert_eq!(seen.len(), per_epoch * size);
            epochs.push(seen.clone());
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), per_epoch * size, "an image came twice in an epoch");
            assert!(seen.iter().all(|&i| i < images));
        }
        assert!(epochs[0] != epochs[1] && epochs[1] != epochs[2], "two epochs have the same order");
    }
}

#[everywhere]
async fn batches_are_a_function_of_seed_and_step() {
    let mut forwards = BatchOrder::new(Seed(8), 23, 5);
    let inorder: Vec<Vec<usize>> = (0..12).map(|step| forwards.indices(step).to_vec()).collect();
    let mut random = BatchOrder::new(Seed(8), 23, 5);
    for step in [11, 0, 5, 4, 11, 3, 0] {
        assert_eq!(random.indices(step), inorder[step]);
    }
    assert_ne!(BatchOrder::new(Seed(9), 23, 5).indices(0), inorder[0]);
}

#[everywhere]
async fn the_catalogue_reads_pairs_and_leaves_missing_halves_empty() {
    let images = counting(&[4, 8, 8]).to_bytes();
    let labels = Idx { dims: vec![4], values: vec![0, 9, 5, 1] }.to_bytes();
    let files = Files { train: None, test: Some((&images, &labels)) };
    for dataset in [Dataset::FashionMnist, Dataset::Mnist, Dataset::ColorMnist, Dataset::Animals] {
        let data = dataset.load(files, Seed(1), 0.02).unwrap();
        assert!(data.train.is_empty());
        assert_eq!(data.test.labels, [0, 9, 5, 1]);
        assert_eq!((data.test.channels, data.test.height, data.test.width), (dataset.channels(), 8, 8));
    }
    let grey = Dataset::Mnist.load(files, Seed(1), 0.02).unwrap();
    assert_eq!(grey.test.pixels, counting(&[4, 8, 8]).values);
}

#[everywhere]
async fn a_pair_that_does_not_fit_is_refused_by_name() {
    let load = |images: Idx, labels: Idx| {
        let (images, labels) = (images.to_bytes(), labels.to_bytes());
        let files = Files { train: Some((&images, &labels)), test: None };
        Dataset::Mnist.load(files, Seed(1), 0.02)
    };
    let labels = |values: &[u8]| Idx { dims: vec![values.len()], values: values.to_vec() };
    let message = refused(load(counting(&[3, 8, 8]), labels(&[1, 2])), Code::InvalidData);
    assert!(message.contains("3 images") && message.contains("2 labels"), "{message}");
    let message = refused(load(counting(&[3, 64]), labels(&[1, 2, 3])), Code::InvalidData);
    assert!(message.contains("3 dimensions"), "{message}");
    let message = refused(load(counting(&[2, 8, 8]), labels(&[1, 10])), Code::InvalidData);
    assert!(message.contains("10") && message.contains("0 to 9"), "{message}");
    refused(load(counting(&[2, 0, 8]), labels(&[1, 1])), Code::InvalidData);

    let files = Files { train: None, test: Some((b"not a file", &labels(&[1]).to_bytes())) };
    let message = refused(Dataset::Mnist.load(files, Seed(1), 0.02), Code::InvalidData);
    assert!(message.contains("image file"), "{message}");
}

/// Two batches and a test file, one of them compressed, in a folder with something else.
#[cfg(not(target_family = "wasm"))]
#[test]
fn cifar10_is_read_from_a_folder_of_its_files() {
    use std::io::Write as _;
    let folder = std::env::temp_dir().join(format!("cifar10-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let message = refused(read_folder(&folder, Dataset::Cifar10, Seed(1), 0.02), Code::InvalidData);
    assert!(message.contains("data_batch"), "{message}");
    let record = |label: u8| [vec![label], vec![10 * label; 3072]].concat();
    std::fs::write(folder.join("data_batch_2.bin"), record(2)).unwrap();
    std::fs::write(folder.join("batches.meta.txt"), "airplane").unwrap();
    std::fs::write(folder.join("test_batch.bin"), [record(7), record(8)].concat()).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&record(1)).unwrap();
    std::fs::write(folder.join("data_batch_1.bin.gz"), gzip.finish().unwrap()).unwrap();
    let data = read_folder(&folder, Dataset::Cifar10, Seed(1), 0.02).unwrap();
    assert_eq!((&data.train.labels[..], &data.test.labels[..]), (&[1, 2][..], &[7, 8][..]));
    assert_eq!((data.train.channels, data.train.pixels[0], data.train.pixels[3072]), (3, 10, 20));
    std::fs::write(folder.join("data_batch_3.bin"), [1, 2, 3]).unwrap();
    let message = refused(read_folder(&folder, Dataset::Cifar10, Seed(1), 0.02), Code::InvalidData);
    assert!(message.contains("data_batch_3.bin"), "{message}");
    std::fs::remove_dir_all(&folder).unwrap();
    let message = refused(read_folder(&folder, Dataset::Cifar10, Seed(1), 0.02), Code::InvalidData);
    assert!(message.contains("cannot be read"), "{message}");
}

/// The files that the page ships. Digests of the files are `cargo xtask test data`'s business.
#[cfg(not(target_family = "wasm"))]
#[test]
fn the_built_in_files_load() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    for &dataset in &Dataset::ALL[..Dataset::BUILT_IN] {
        let data = read_folder(&root, dataset, Seed(1), 0.02).unwrap();
        let (train, test, side) = match dataset {
            Dataset::FashionMnist | Dataset::Mnist | Dataset::ColorMnist => (10_000, 2_000, 28),
            Dataset::Emoji | Dataset::Twemoji => (824, 202, 32),
            Dataset::Animals => (6_000, 1_200, 28),
            Dataset::Optdigits => (1_200, 597, 28),
            Dataset::Cifar10 | Dataset::OwnGrey | Dataset::OwnColor => unreachable!("it is not built in"),
        };
        let classes = dataset.classes().len();
        for (split, n) in [(&data.train, train), (&data.test, test)] {
            assert_eq!((split.len(), split.height, split.width), (n, side, side), "{dataset}");
            let mut counts = vec![0; classes];
            split.labels.iter().for_each(|&label| counts[usize::from(label)] += 1);
            assert!(counts.iter().all(|&count| count > n / classes / 3), "{dataset}: a class is rare: {counts:?}");
            // Emoji fill most of their square, digits and silhouettes less of it.
            let on = (0..100).flat_map(|i| split.object(i).unwrap()).filter(|on| *on).count() as f32;
            let share = on / (100 * side * side) as f32;
            assert!((0.1..0.75).contains(&share), "{dataset}: {share} of the pixels are objects");
        }
        let (mean, _) = data.train.statistics();
        let expected = match dataset {
            Dataset::FashionMnist => vec![0.286],
            Dataset::Mnist => vec![0.1307],
            // Half of MNIST's: the mean level of a palette is 0.5 in every channel.
            Dataset::ColorMnist => vec![0.0653; 3],
            _ => continue,
        };
        // The means of the full sets are known; these are a sixth of them.
        assert_close(&mean, &expected, Tolerance::Sampling);
    }
}

/// What a figure about one picture begins with is the beginning of what it goes on with, coloured alike.
#[cfg(not(target_family = "wasm"))]
#[test]
fn the_first_pictures_are_the_first_of_all() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    for dataset in [Dataset::FashionMnist, Dataset::Mnist, Dataset::ColorMnist] {
        let test = |part: &str| {
            let read = |name: &str| {
                let path = data.join(dataset.folder()).join(format!("{part}-{name}-ubyte.gz"));
                decompress(&std::fs::read(path).unwrap()).unwrap().into_owned()
            };
            let (images, labels) = (read("images-idx3"), read("labels-idx1"));
            dataset.load(Files { test: Some((&images, &labels)), ..Files::default() }, Seed(3), 0.02).unwrap().test
        };
        let (first, all) = (test("first"), test("test"));
        assert_eq!(first.len(), 200, "{dataset}");
        assert_eq!(first.labels, all.labels[..200], "{dataset}");
        assert_eq!(first.pixels, all.pixels[..first.pixels.len()], "{dataset}");
    }
}

/// Random bytes, plain and behind a sound beginning: a typed error or a value, never a panic.
#[everywhere]
async fn random_bytes_never_panic() {
    let mut accepted = 0;
    for round in 0..2_000 {
        let mut rng = Seed(round).rng(Stream::Evaluation, 0);
        let mut bytes: Vec<u8> = (0..rng.below(80)).map(|_| rng.below(256) as u8).collect();
        match round % 4 {
            0 => {}
            1 => bytes.splice(0..bytes.len().min(2), [0x1f, 0x8b]).for_each(drop),
            2 => bytes.splice(0..bytes.len().min(4), [0, 0, 8, 1 + rng.below(3) as u8]).for_each(drop),
            _ => {
                let array = counting(&[1 + rng.below(4), 1 + rng.below(4)]).to_bytes();
                let position = rng.below(array.len());
                bytes = array;
                bytes[position] ^= 1 << rng.below(8);
            }
        }
        match idx::parse(&bytes) {
            Ok(array) => {
                accepted += 1;
                assert_eq!(array.values.len(), array.dims.iter().product::<usize>());
            }
            Err(error) => assert_eq!(error.code, Code::InvalidData),
        }
        if let Err(error) = parse_cifar10(&bytes) {
            assert_eq!(error.code, Code::InvalidData);
        }
    }
    assert!(accepted > 100, "a flipped value byte leaves a sound file, yet only {accepted} were accepted");
}

/// Own pictures of two halves, `dims` without the number of images, with these labels.
fn own(
    dataset: Dataset,
    dims: [&[usize]; 2],
    labels: [&[u8]; 2],
) -> semantic_continuity::error::Result<semantic_continuity::data::Data> {
    let files: Vec<(Vec<u8>, Vec<u8>)> = (0..2)
        .map(|half| {
            let images = counting(&[&[labels[half].len()], dims[half]].concat());
            let labels = Idx { dims: vec![labels[half].len()], values: labels[half].to_vec() };
            (images.to_bytes(), labels.to_bytes())
        })
        .collect();
    let [train, test] = [0, 1].map(|half| (&files[half].0[..], &files[half].1[..]));
    dataset.load(Files { train: Some(train), test: Some(test) }, Seed(1), 0.02)
}

#[everywhere]
async fn own_pictures_have_the_classes_and_the_size_they_come_with() {
    let data = own(Dataset::OwnGrey, [&[8, 9]; 2], [&[0, 1, 0], &[2, 0]]).unwrap();
    assert_eq!(data.classes(), 3);
    assert_eq!((data.train.channels, data.train.height, data.train.width), (1, 8, 9));
    assert_eq!(data.object(0), None, "whether they are light on black nobody knows");
    assert!(data.test.object(0).is_some());

    let data = own(Dataset::OwnColor, [&[3, 8, 8]; 2], [&[0, 19], &[1]]).unwrap();
    assert_eq!(data.classes(), 20);
    assert_eq!(data.train.pixels, counting(&[2, 3, 8, 8]).values, "planes stay planes");
    assert_eq!(Dataset::Mnist.load(Files::default(), Seed(1), 0.02).unwrap().classes(), 10);
}

#[everywhere]
async fn own_pictures_that_no_network_takes_are_refused() {
    let grey = |dims: [&[usize]; 2], labels: [&[u8]; 2]| own(Dataset::OwnGrey, dims, labels);
    let color = |dims: [&[usize]; 2]| own(Dataset::OwnColor, dims, [&[0, 1], &[0]]);
    for (outcome, words) in [
        (grey([&[8, 8]; 2], [&[0, 20], &[0]]), &["20", "0 to 19"][..]),
        (grey([&[8, 8]; 2], [&[0, 0], &[0]]), &["1 classes", "2 to 20"]),
        (grey([&[7, 8]; 2], [&[0, 1], &[0]]), &["7×8", "8 to 64"]),
        (grey([&[8, 65]; 2], [&[0, 1], &[0]]), &["8×65", "8 to 64"]),
        (grey([&[8, 8], &[8, 9]], [&[0, 1], &[0]]), &["[1, 8, 8]", "[1, 8, 9]"]),
        (grey([&[1, 8, 8]; 2], [&[0, 1], &[0]]), &["3 dimensions", "[2, 1, 8, 8]"]),
        (color([&[4, 8, 8]; 2]), &["4 channels", "3"]),
        (color([&[8, 8]; 2]), &["4 dimensions", "[2, 8, 8]"]),
    ] {
        let error = outcome.unwrap_err();
        assert_eq!(error.code, Code::InvalidData);
        for word in words {
            assert!(error.message.contains(word), "{word}: {}", error.message);
        }
    }
}
