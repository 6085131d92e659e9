//! Conditions: ways to show a test image again.

use super::frequency::low_pass;
use crate::choice::choices;
use crate::data::{Data, Dataset, palette};
use crate::error::{Code, Error, Result};
use crate::perturb::{Perturbation, Spread};
use crate::seed::{Rng, Seed, Stream};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

choices! {
    /// Which colour a digit of Color MNIST has.
    pub enum Hint {
        Aligned => "aligned", "its own colour", "The colour that the training images of this digit have.";
        Conflicting => "conflicting", "another digit’s colour",
            "The colour that the training images of another digit have.";
        Grey => "grey", "no colour", "White on black.";
    }
}

choices! {
    /// The conditions besides perturbations, without their options.
    pub enum ConditionKind {
        LowPass => "low-pass", "Low frequencies only", "Only frequencies up to this share of the highest.";
        HighPass => "high-pass", "High frequencies only", "Only frequencies from this share of the highest, and the mean.";
        Shuffle => "shuffle", "Patches shuffled", "Cut into this many patches a side, which change places.";
        Background => "background", "Another background", "On another background, where the object is known.";
        Color => "color", "The colour of a digit", "In another colour, where that hints at the class.";
    }
}

impl ConditionKind {
    /// Whether it is about what hints at the class without meaning it.
    pub const fn is_hint(self) -> bool {
        matches!(self, Self::Color)
    }

    /// What its strength is measured along, if it has one.
    pub const fn axis(self) -> Option<&'static str> {
        match self {
            Self::LowPass => Some("up to this share of the highest frequency"),
            Self::HighPass => Some("from this share of the highest frequency"),
            Self::Shuffle | Self::Background | Self::Color => None,
        }
    }

    /// Each of its conditions that a study of many asks for.
    pub fn asked(self) -> Vec<Condition> {
        match self {
            Self::LowPass => [0.2, 0.35, 0.5, 0.75].map(Condition::LowPass).to_vec(),
            Self::HighPass => [0.1, 0.2, 0.35, 0.5].map(Condition::HighPass).to_vec(),
            Self::Shuffle => [2, 4].map(Condition::Shuffle).to_vec(),
            Self::Background => vec![Condition::Background],
            Self::Color => Hint::ALL.iter().map(|&hint| Condition::Color(hint)).collect(),
        }
    }

    /// Whether it has a meaning for the pictures of a dataset.
    pub fn suits(self, dataset: Dataset) -> bool {
        match self {
            Self::LowPass | Self::HighPass | Self::Shuffle => true,
            // What is background is known of light drawings on black, and of pictures with a mask.
            Self::Background => dataset.ground().is_some(),
            Self::Color => dataset.is_tinted(),
        }
    }
}

/// A way to show a test image again.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// P at exactly its strength.
    Perturbation(Perturbation),
    /// Only frequencies up to this share of the highest, 0..1.
    LowPass(f32),
    /// Only frequencies above this share of the highest, 0..1, and the mean.
    HighPass(f32),
    /// Cut into this many patches a side, which change places.
    Shuffle(usize),
    /// On another background, where the object is known.
    Background,
    /// In another colour; Color MNIST only.
    Color(Hint),
}

impl Condition {
    /// Which condition it is, unless it is a perturbation.
    pub const fn kind(&self) -> Option<ConditionKind> {
        match self {
            Self::Perturbation(_) => None,
            Self::LowPass(_) => Some(ConditionKind::LowPass),
            Self::HighPass(_) => Some(ConditionKind::HighPass),
            Self::Shuffle(_) => Some(ConditionKind::Shuffle),
            Self::Background => Some(ConditionKind::Background),
            Self::Color(_) => Some(ConditionKind::Color),
        }
    }

    /// The name in tables.
    pub fn label(&self) -> String {
        match self {
            Self::Perturbation(p) => p.to_string(),
            Self::LowPass(cutoff) => format!("low frequencies, up to {cutoff}"),
            Self::HighPass(cutoff) => format!("high frequencies, from {cutoff}"),
            Self::Shuffle(side) => format!("{side}×{side} patches shuffled"),
            Self::Background => "another background".to_owned(),
            Self::Color(hint) => hint.label().to_owned(),
        }
    }

    /// Checks that the condition has a meaning for these images.
    ///
    /// # Errors
    /// `InvalidSetting`, `PerturbationNeedsColor`.
    pub fn validate(&self, data: &Data) -> Result<()> {
        let test = &data.test;
        if let Some(kind) = self.kind().filter(|kind| !kind.suits(data.dataset)) {
            let message = format!("{} has no meaning for {}.", kind.label(), data.dataset.label());
            return Err(Error::new(Code::InvalidSetting, message));
        }
        match self {
            Self::Perturbation(perturbation) => {
                perturbation.validate()?;
                perturbation.check_channels(test.channels)
            }
            Self::LowPass(cutoff) | Self::HighPass(cutoff) if !(0.0..=1.5).contains(cutoff) => {
                Err(Error::setting("The cutoff frequency", cutoff, "0 to 1.5"))
            }
            Self::Shuffle(side) if !(2..=test.height.min(test.width)).contains(side) => {
                Err(Error::setting("The number of patches", side, format!("2 to {}", test.height.min(test.width))))
            }
            _ => Ok(()),
        }
    }

    /// Test images `indices` under this condition, `[n, c, h, w]`. Each image has a stream of its own: `seed` and the
    /// image decide, not its neighbours. Only for conditions that [are valid](Condition::validate).
    pub fn apply(&self, data: &Data, indices: &[usize], seed: Seed, device: &Device) -> Tensor<4> {
        let test = &data.test;
        let (c, h, w) = (test.channels, test.height, test.width);
        let rng = |i: usize| seed.rng(Stream::Nudge, i as u64);
        if let Self::Perturbation(perturbation) = self {
            let one = |&i: &usize| {
                let x = Tensor::from_data(TensorData::new(test.image(i).collect::<Vec<f32>>(), [1, c, h, w]), device);
                perturbation.draw([1, c, h, w], Spread::Full, &mut rng(i)).apply(x)
            };
            return Tensor::cat(indices.iter().map(one).collect(), 0);
        }
        let values = indices.iter().flat_map(|&i| self.redrawn(data, i, &mut rng(i))).collect::<Vec<f32>>();
        Tensor::from_data(TensorData::new(values, [indices.len(), c, h, w]), device)
    }

    fn redrawn(&self, data: &Data, i: usize, rng: &mut Rng) -> Vec<f32> {
        let test = &data.test;
        let (h, w) = (test.height, test.width);
        let image: Vec<f32> = test.image(i).collect();
        let planes = |each: &dyn Fn(&[f32]) -> Vec<f32>| image.chunks_exact(h * w).flat_map(each).collect();
        let clipped = |v: f32| v.clamp(0.0, 1.0);
        match self {
            Self::LowPass(cutoff) => planes(&|plane| low_pass(plane, h, w, *cutoff).into_iter().map(clipped).collect()),
            Self::HighPass(cutoff) => planes(&|plane| {
                let mean = plane.iter().sum::<f32>() / plane.len() as f32;
                let low = low_pass(plane, h, w, *cutoff);
                plane.iter().zip(low).map(|(x, low)| clipped(x - low + mean)).collect()
            }),
            Self::Shuffle(side) => {
                let places = rng.permutation(side * side);
                planes(&|plane| shuffled(plane, h, w, *side, &places))
            }
            Self::Background => data.on_another_background(i, rng).unwrap_or(image),
            Self::Color(hint) => {
                let label = usize::from(test.labels[i]);
                let color = match hint {
                    Hint::Grey => [1.0; 3],
                    Hint::Aligned => palette(data.seed)[label],
                    Hint::Conflicting => palette(data.seed)[other_digit(label, rng)],
                };
                let stroke = &test.alpha[i * h * w..][..h * w];
                color.iter().flat_map(|level| stroke.iter().map(move |&s| f32::from(s) / 255.0 * level)).collect()
            }
            Self::Perturbation(_) => image,
        }
    }

    /// The digit whose colour test image `i` has under this condition, when it is another one's.
    pub fn hinted(&self, data: &Data, i: usize, seed: Seed) -> Option<u8> {
        (*self == Self::Color(Hint::Conflicting))
            .then(|| other_digit(usize::from(data.test.labels[i]), &mut seed.rng(Stream::Nudge, i as u64)) as u8)
    }
}

fn other_digit(label: usize, rng: &mut Rng) -> usize {
    (label + 1 + rng.below(9)) % 10
}

/// `plane` in `side × side` patches, of which patch `k` shows what was at `places[k]`. Pixels beyond the last whole
/// patch stay.
fn shuffled(plane: &[f32], h: usize, w: usize, side: usize, places: &[usize]) -> Vec<f32> {
    let (tall, wide) = (h / side, w / side);
    let from = |pixel: usize| {
        let (row, column) = (pixel / w, pixel % w);
        let (r, c) = (row / tall, column / wide);
        if r >= side || c >= side {
            return pixel;
        }
        let place = places[r * side + c];
        (place / side * tall + row % tall) * w + place % side * wide + column % wide
    };
    (0..h * w).map(|pixel| plane[from(pixel)]).collect()
}
