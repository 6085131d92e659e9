//! The built-in datasets.

use super::{Data, Split, background, color_mnist, idx, own};
use crate::choice::choices;
use crate::error::{Code, Error, Result};
use crate::seed::Seed;

choices! {
    /// A dataset. The first are [built in](Dataset::BUILT_IN).
    pub enum Dataset {
        FashionMnist => "fashion-mnist", "Fashion-MNIST", "Ten kinds of clothing, grey, 28×28.";
        Mnist => "mnist", "MNIST", "Handwritten digits, grey, 28×28.";
        ColorMnist => "color-mnist", "Color MNIST",
            "The same digits in colours that give the answer away in training and mislead in the test.";
        Emoji => "emoji", "Emoji (Noto)",
            "Pictures of six kinds on random textures, colour, 32×32; few: 824 to learn from.";
        Twemoji => "emoji-twemoji", "Emoji (Twemoji)", "The same pictures drawn by other hands.";
        Animals => "animal-silhouettes", "Animal silhouettes", "Ten animals, grey, 28×28.";
        Optdigits => "optdigits", "Optdigits",
            "Handwritten digits from another scanner, 8×8 enlarged to 28×28; few: 1,200 to learn from.";
        Cifar10 => "cifar10", "CIFAR-10",
            "Photographs of ten kinds of things, colour, 32×32. Not shipped: read from its own files.";
        OwnGrey => "own-grey", "Own pictures, grey", "What a visitor brought.";
        OwnColor => "own-color", "Own pictures, colour", "What a visitor brought.";
    }
}

choices! {
    /// One of the four files of a dataset.
    pub enum File {
        TrainImages => "train-images", "training images", "Images to learn from.";
        TrainLabels => "train-labels", "training labels", "Their classes.";
        TestImages => "test-images", "test images", "Images to evaluate on.";
        TestLabels => "test-labels", "test labels", "Their classes.";
    }
}

/// Contents of the files of a dataset (IDX, not compressed). The training pair may be missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Files<'a> {
    /// `train-images-idx3-ubyte` (4 for colour, see [`Dataset::ndim`]) and `train-labels-idx1-ubyte`.
    pub train: Option<(&'a [u8], &'a [u8])>,
    /// `test-images-idx3-ubyte` and `test-labels-idx1-ubyte`.
    pub test: Option<(&'a [u8], &'a [u8])>,
}

/// What is behind the objects of a dataset, where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Nothing: light drawings on black, whose own brightness is their mask.
    Black,
    /// A random texture, on which objects with a mask were laid.
    Texture,
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const CLOTHES: [&str; 10] =
    ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

const ANIMALS: [&str; 10] = ["Bear", "Bird", "Cat", "Cow", "Dog", "Elephant", "Giraffe", "Horse", "Sheep", "Zebra"];
const CIFAR10: [&str; 10] = ["Airplane", "Automobile", "Bird", "Cat", "Deer", "Dog", "Frog", "Horse", "Ship", "Truck"];
const EMOJI: [&str; 6] =
    ["Animals & Nature", "Food & Drink", "Travel & Places", "Smileys & Emotion", "Objects", "Activities"];

impl Dataset {
    /// How many, from the first, ship with the page.
    pub const BUILT_IN: usize = 7;

    /// Folder below `data/` that holds its files; Color MNIST is made from MNIST's.
    pub fn folder(self) -> &'static str {
        match self {
            Dataset::ColorMnist => "mnist",
            Dataset::Emoji => "emoji-noto",
            _ => self.id(),
        }
    }

    /// Names of the classes, in the order of the labels; none for own pictures, whose names only their owner knows.
    pub fn classes(self) -> &'static [&'static str] {
        match self {
            Dataset::FashionMnist => &CLOTHES,
            Dataset::Mnist | Dataset::ColorMnist | Dataset::Optdigits => &DIGITS,
            Dataset::Emoji | Dataset::Twemoji => &EMOJI,
            Dataset::Animals => &ANIMALS,
            Dataset::Cifar10 => &CIFAR10,
            Dataset::OwnGrey | Dataset::OwnColor => &[],
        }
    }

    /// Whether a visitor brought the pictures.
    pub fn is_own(self) -> bool {
        matches!(self, Dataset::OwnGrey | Dataset::OwnColor)
    }

    /// Channels of its images.
    pub fn channels(self) -> usize {
        match self {
            Dataset::ColorMnist | Dataset::Emoji | Dataset::Twemoji | Dataset::Cifar10 | Dataset::OwnColor => 3,
            Dataset::FashionMnist | Dataset::Mnist | Dataset::Animals | Dataset::Optdigits | Dataset::OwnGrey => 1,
        }
    }

    /// Dimensions of its image files: 3 for grey pictures, `[n, h, w]`; 4 for emoji, in colour with transparency,
    /// `[n, h, w, 4]`, and for own pictures in colour, `[n, 3, h, w]`.
    pub fn ndim(self) -> usize {
        if matches!(self, Dataset::Emoji | Dataset::Twemoji | Dataset::OwnColor) { 4 } else { 3 }
    }

    /// What is behind its objects; nothing where that is not known.
    pub fn ground(self) -> Option<Ground> {
        match self {
            Dataset::Mnist | Dataset::ColorMnist | Dataset::Optdigits => Some(Ground::Black),
            Dataset::Emoji | Dataset::Twemoji => Some(Ground::Texture),
            Dataset::FashionMnist | Dataset::Animals | Dataset::Cifar10 | Dataset::OwnGrey | Dataset::OwnColor => None,
        }
    }

    /// Whether its pictures get colours that hint at their classes.
    pub fn is_tinted(self) -> bool {
        self == Dataset::ColorMnist
    }

    /// The set that models of this one are moved to: pictures of the same size and kind by other hands.
    pub fn transfer_target(self) -> Option<Self> {
        match self {
            Self::Mnist => Some(Self::Optdigits),
            Self::FashionMnist => Some(Self::Animals),
            Self::Emoji => Some(Self::Twemoji),
            _ => None,
        }
    }

    /// Name of one of its files in [`Dataset::folder`].
    pub fn file_name(self, file: File) -> String {
        let ndim = if matches!(file, File::TrainImages | File::TestImages) { self.ndim() } else { 1 };
        format!("{file}-idx{ndim}-ubyte.gz")
    }

    /// Reads the files of a built-in dataset, or of own pictures. With `seed` Color MNIST is coloured, with variance σ²
    /// `color_variance`, and emoji are laid on textures; to other sets both mean nothing.
    ///
    /// # Errors
    /// `InvalidData`, naming the file that cannot be used.
    pub fn load(self, files: Files<'_>, seed: Seed, color_variance: f32) -> Result<Data> {
        if self == Dataset::Cifar10 {
            return Err(Error::new(Code::InvalidData, "CIFAR-10 is not built in: it has other files."));
        }
        let half = |pair: Option<(&[u8], &[u8])>, train: bool| -> Result<Split> {
            let Some((images, labels)) = pair else { return Ok(Split::empty()) };
            self.read(images, labels, seed, color_variance, train)
        };
        let data = Data { dataset: self, seed, train: half(files.train, true)?, test: half(files.test, false)? };
        if self.is_own() {
            data.check_own()?;
        }
        Ok(data)
    }

    fn read(self, images: &[u8], labels: &[u8], seed: Seed, color_variance: f32, train: bool) -> Result<Split> {
        let named = |part: &str| {
            let part = part.to_owned();
            move |error: Error| Error::new(error.code, format!("The {part} file cannot be used. {}", error.message))
        };
        let images = idx::parse(images).map_err(named("image"))?;
        let labels = idx::parse(labels).map_err(named("label"))?;
        if images.dims.len() != self.ndim() || labels.dims.len() != 1 {
            return Err(Error::new(
                Code::InvalidData,
                format!(
                    "Images must have {} dimensions and labels 1; found {:?} and {:?}.",
                    self.ndim(),
                    images.dims,
                    labels.dims
                ),
            ));
        }
        if images.dims[0] != labels.dims[0] {
            return Err(Error::new(
                Code::InvalidData,
                format!("There are {} images, but {} labels.", images.dims[0], labels.dims[0]),
            ));
        }
        if let (Dataset::OwnColor, &[_, channels, height, width]) = (self, &images.dims[..]) {
            return Split::new(channels, height, width, images.values, labels.values, *own::CLASSES.end());
        }
        let classes = if self.is_own() { *own::CLASSES.end() } else { self.classes().len() };
        if self.ndim() == 4 {
            // Streams of its own for each half.
            let first = if train { 0 } else { background::TEST };
            return background::compose(&images, labels.values, classes, seed, first);
        }
        let grey = Split::new(1, images.dims[1], images.dims[2], images.values, labels.values, classes)?;
        Ok(match self {
            Dataset::ColorMnist => color_mnist::tint(&grey, seed, color_variance, train),
            Dataset::Optdigits => grey.framed(20, 28),
            _ => grey,
        })
    }
}
