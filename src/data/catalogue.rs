//! The built-in datasets.

use super::{Data, Split, color_mnist, idx};
use crate::config::{Settings, choices};
use crate::error::{Code, Error, Result};

choices! {
    /// A built-in dataset: 10 classes, 10,000 training and 2,000 test images of 28×28.
    pub enum Dataset {
        FashionMnist => "fashion-mnist", "Fashion-MNIST", "Ten kinds of clothing, grey, 28×28.";
        Mnist => "mnist", "MNIST", "Handwritten digits, grey, 28×28.";
        ColorMnist => "color-mnist", "Color MNIST", "The same digits in colours that give the answer away in training and mislead in the test.";
    }
}

choices! {
    /// One of the four files of a dataset.
    pub enum File {
        TrainImages => "train-images", "training images", "Images to learn from.";
        TrainLabels => "train-labels", "training labels", "Their classes.";
        TestImages => "test-images", "test images", "Images to judge on.";
        TestLabels => "test-labels", "test labels", "Their classes.";
    }
}

/// Contents of the files of a dataset (IDX, not compressed). The training pair may be missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Files<'a> {
    /// `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`.
    pub train: Option<(&'a [u8], &'a [u8])>,
    /// `test-images-idx3-ubyte` and `test-labels-idx1-ubyte`.
    pub test: Option<(&'a [u8], &'a [u8])>,
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const CLOTHES: [&str; 10] =
    ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

impl Dataset {
    /// Folder below `data/` that holds its files; Color MNIST is made from MNIST's.
    pub fn folder(self) -> &'static str {
        match self {
            Dataset::FashionMnist => "fashion-mnist",
            Dataset::Mnist | Dataset::ColorMnist => "mnist",
        }
    }

    /// Names of the classes, in the order of the labels.
    pub fn classes(self) -> &'static [&'static str] {
        match self {
            Dataset::FashionMnist => &CLOTHES,
            Dataset::Mnist | Dataset::ColorMnist => &DIGITS,
        }
    }

    /// Channels of its images.
    pub fn channels(self) -> usize {
        if self == Dataset::ColorMnist { 3 } else { 1 }
    }

    /// Reads the files. Color MNIST is coloured with the seed and variance of `settings`.
    ///
    /// # Errors
    /// `InvalidData`, naming the file that cannot be used.
    pub fn load(self, files: Files<'_>, settings: &Settings) -> Result<Data> {
        let half = |pair: Option<(&[u8], &[u8])>, biased| -> Result<Split> {
            let Some((images, labels)) = pair else { return Ok(Split::empty()) };
            let grey = read_pair(images, labels, self.classes().len())?;
            Ok(match self {
                Dataset::ColorMnist => color_mnist::tint(&grey, settings.seed, settings.color_variance, biased),
                _ => grey,
            })
        };
        Ok(Data { dataset: self, train: half(files.train, true)?, test: half(files.test, false)? })
    }
}

/// Reads grey images (3 dimensions) and their labels (1 dimension).
fn read_pair(images: &[u8], labels: &[u8], classes: usize) -> Result<Split> {
    let named = |part: &str| {
        let part = part.to_owned();
        move |error: Error| Error::new(error.code, format!("The {part} file cannot be used. {}", error.message))
    };
    let images = idx::parse(images).map_err(named("image"))?;
    let labels = idx::parse(labels).map_err(named("label"))?;
    let ([n, height, width], [m]) = (&images.dims[..], &labels.dims[..]) else {
        return Err(Error::new(
            Code::InvalidData,
            format!("Images must have 3 dimensions and labels 1; found {:?} and {:?}.", images.dims, labels.dims),
        ));
    };
    if n != m {
        return Err(Error::new(Code::InvalidData, format!("There are {n} images, but {m} labels.")));
    }
    Split::new(1, *height, *width, images.values, labels.values, classes)
}
