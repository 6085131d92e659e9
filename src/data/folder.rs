//! Datasets in folders, natively: what ships below `www/data`, and CIFAR-10 where somebody has it.

use super::{Data, Dataset, File, Files, Split, cifar, decompress};
use crate::error::{Code, Error, Result};
use crate::seed::Seed;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path)
        .map_err(|error| Error::new(Code::InvalidData, format!("{} cannot be read: {error}.", path.display())))?;
    decompress(&bytes).map(Cow::into_owned).map_err(|error| named(path, error))
}

fn named(path: &Path, error: Error) -> Error {
    Error::new(error.code, format!("{}: {}", path.display(), error.message))
}

/// A dataset: a built-in one from its folder below `folder`, as the page ships it, with `seed` and `color_variance` as
/// [`Dataset::load`] takes them; CIFAR-10 from the standard binary files `data_batch_*.bin` and `test_batch.bin` in
/// `folder` itself, each with or without `.gz`.
///
/// # Errors
/// `InvalidData`, naming the file that is missing or cannot be used.
pub fn read_folder(folder: &Path, dataset: Dataset, seed: Seed, color_variance: f32) -> Result<Data> {
    if dataset == Dataset::Cifar10 {
        return read_cifar10(folder, seed);
    }
    let folder = folder.join(dataset.folder());
    let file = |file: File| bytes(&folder.join(dataset.file_name(file)));
    let train = (file(File::TrainImages)?, file(File::TrainLabels)?);
    let test = (file(File::TestImages)?, file(File::TestLabels)?);
    let files = Files { train: Some((&train.0, &train.1)), test: Some((&test.0, &test.1)) };
    dataset.load(files, seed, color_variance).map_err(|error| named(&folder, error))
}

fn read_cifar10(folder: &Path, seed: Seed) -> Result<Data> {
    let missing = |what: &str| Error::new(Code::InvalidData, format!("{} has no {what}.", folder.display()));
    let listed = std::fs::read_dir(folder)
        .map_err(|error| Error::new(Code::InvalidData, format!("{} cannot be read: {error}.", folder.display())))?;
    let mut paths: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let half = |start: &str, what: &str| -> Result<Split> {
        let fits = |path: &&PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(start) && (name.ends_with(".bin") || name.ends_with(".bin.gz"))
        };
        let mut parts = Vec::new();
        for path in paths.iter().filter(fits) {
            parts.push(cifar::parse(&bytes(path)?).map_err(|error| named(path, error))?);
        }
        parts.into_iter().reduce(Split::joined).ok_or_else(|| missing(what))
    };
    let (train, test) = (half("data_batch_", "data_batch_*.bin")?, half("test_batch", "test_batch.bin")?);
    Ok(Data { dataset: Dataset::Cifar10, seed, train, test })
}

impl Data {
    /// The last `images` training images in place of the test images; 0 changes nothing. What is chosen, such as a weight, is
    /// chosen on these, never on the test images.
    ///
    /// # Errors
    /// `InvalidSetting` when none would be left to train on.
    pub fn holding_out(self, images: usize) -> Result<Self> {
        if images == 0 {
            return Ok(self);
        }
        let mut train = self.train;
        let Some(kept) = train.len().checked_sub(images).filter(|&kept| kept > 0) else {
            let most = train.len().saturating_sub(1);
            return Err(Error::setting("The number of images held out", images, format!("0 to {most}")));
        };
        let area = train.height * train.width;
        let test = Split {
            labels: train.labels.split_off(kept),
            pixels: train.pixels.split_off(kept * train.channels * area),
            alpha: if train.alpha.is_empty() { Vec::new() } else { train.alpha.split_off(kept * area) },
            ..train
        };
        Ok(Self { train, test, ..self })
    }
}

impl Split {
    /// These images, then `more` of the same size.
    fn joined(mut self, more: Self) -> Self {
        self.labels.extend(more.labels);
        self.pixels.extend(more.pixels);
        self
    }
}
