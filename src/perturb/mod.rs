//! P(x): changes that mean nothing to a person.
//!
//! A [`Perturbation`] is a mixture of components, each a [`Kind`] with one strength. It is used in two halves:
//! [`Perturbation::draw`] takes every random number from a seeded host stream, [`Draw::apply`] does the arithmetic
//! on the device, so that both engines and every adapter compute the same picture. Strength 0 is the identity,
//! and results are always back in `[0, 1]`.
//!
//! Which perturbations the paper used is only partly known (figure 1: brightness, contrast, saturation, hue);
//! the exact forms and ranges here are ours.

mod color;
mod draw;
mod noise;
mod resample;

pub use draw::{Draw, Spread};

use crate::choice::choices;
use crate::error::{Code, Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

choices! {
    /// One sort of perturbation.
    pub enum Kind {
        Gaussian => "gaussian", "Gaussian noise", "Adds independent normal noise to every pixel.";
        Uniform => "uniform", "Uniform noise", "Adds independent uniform noise to every pixel.";
        Brightness => "brightness", "Brightness", "Adds the same amount to all pixels.";
        Contrast => "contrast", "Contrast", "Stretches or shrinks the distance of all pixels from the picture’s mean.";
        Saturation => "saturation", "Saturation", "Moves colours away from or towards grey. Colour images only.";
        Hue => "hue", "Hue", "Turns all colours around the grey axis. Colour images only.";
        BoxBlur => "box-blur", "Box blur", "Averages each pixel with its neighbours in a square.";
        GaussianBlur => "gaussian-blur", "Gaussian blur", "Averages each pixel with its neighbours under a Gaussian bell.";
        Shift => "shift", "Small shift", "Moves the picture by a fraction of a pixel or a few pixels.";
    }
}

/// What the strength of a [`Kind`] means.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Strength {
    /// Its usual name.
    pub label: &'static str,
    /// Unit; may be empty.
    pub unit: &'static str,
    /// Largest value allowed; the smallest is 0.
    pub max: f32,
    /// Where a slider starts out.
    pub typical: f32,
}

impl Strength {
    /// The strength of every kind, in the order of [`Kind::ALL`].
    pub fn all() -> Vec<Self> {
        Kind::ALL.iter().map(|kind| kind.strength()).collect()
    }
}

impl Kind {
    /// Name, unit and range of this kind's strength.
    pub fn strength(self) -> Strength {
        let (label, unit, max, typical) = match self {
            Kind::Gaussian => ("σ", "", 0.5, 0.1),
            Kind::Uniform => ("half width", "", 0.5, 0.15),
            Kind::Brightness => ("largest offset", "", 0.5, 0.2),
            Kind::Contrast | Kind::Saturation => ("largest change of the factor", "", 1.0, 0.4),
            Kind::Hue => ("largest turn", "of the circle", 0.5, 0.1),
            Kind::BoxBlur => ("radius", "px", 4.0, 1.0),
            Kind::GaussianBlur => ("σ", "px", 4.0, 0.7),
            Kind::Shift => ("largest shift", "px", 4.0, 1.0),
        };
        Strength { label, unit, max, typical }
    }

    /// Four strengths from slight to strong, over which curves are drawn.
    pub fn steps(self) -> [f32; 4] {
        match self {
            Kind::Gaussian => [0.05, 0.1, 0.2, 0.3],
            Kind::Uniform => [0.1, 0.2, 0.35, 0.5],
            Kind::Brightness => [0.1, 0.2, 0.3, 0.45],
            Kind::Contrast => [0.2, 0.4, 0.6, 0.9],
            Kind::Saturation => [0.25, 0.5, 0.75, 1.0],
            Kind::Hue => [0.05, 0.1, 0.2, 0.4],
            Kind::BoxBlur | Kind::Shift => [0.5, 1.0, 2.0, 3.0],
            Kind::GaussianBlur => [0.5, 0.7, 1.0, 1.5],
        }
    }

    /// Whether it needs three channels.
    pub fn needs_color(self) -> bool {
        matches!(self, Kind::Saturation | Kind::Hue)
    }
}

/// One component of a mixture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    /// What is done.
    pub kind: Kind,
    /// How much, from 0 (identity) to [`Strength::max`].
    pub strength: f32,
}

/// A mixture distribution of perturbations: each image draws one of the components with equal probability.
///
/// Its text form, used in URLs and files, is `kind:strength`, joined by `+`: `gaussian:0.1+shift:1`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use semantic_continuity::perturb::{Perturbation, Spread};
/// use semantic_continuity::seed::{Seed, Stream};
///
/// let p: Perturbation = "gaussian:0.1+shift:1".parse()?;
/// let x = Tensor::<4>::zeros([2, 1, 8, 8], &Device::flex());
/// // The numbers are drawn on the host, so every device makes the same picture of them.
/// let draw = p.draw(x.dims(), Spread::Uniform, &mut Seed(1).rng(Stream::Perturbation, 0));
/// assert_eq!(draw.apply(x).dims(), [2, 1, 8, 8]);
/// # Ok::<(), semantic_continuity::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Perturbation {
    /// The components, at least one and at most [`Perturbation::MAX_COMPONENTS`].
    pub components: Vec<Component>,
}

impl Default for Perturbation {
    /// Gaussian noise, σ = 0.1: the form for which "smooth gradients" follow by Taylor expansion.
    fn default() -> Self {
        Self::single(Kind::Gaussian, 0.1)
    }
}

impl Perturbation {
    /// Largest number of components in a mixture.
    pub const MAX_COMPONENTS: usize = 4;

    /// A perturbation of one kind.
    pub fn single(kind: Kind, strength: f32) -> Self {
        Self { components: vec![Component { kind, strength }] }
    }

    /// Checks the number of components and every strength.
    ///
    /// # Errors
    /// `InvalidSetting`.
    pub fn validate(&self) -> Result<()> {
        if self.components.is_empty() || self.components.len() > Self::MAX_COMPONENTS {
            let allowed = format!("1 to {}", Self::MAX_COMPONENTS);
            return Err(Error::setting("The number of perturbations", self.components.len(), allowed));
        }
        for Component { kind, strength } in &self.components {
            let Strength { label, unit, max, .. } = kind.strength();
            if !(0.0..=max).contains(strength) {
                let name = format!("{} ({label})", kind.label());
                return Err(Error::setting(&name, strength, format!("0 to {max} {unit}").trim_end()));
            }
        }
        Ok(())
    }

    /// Checks that every component has a meaning for images with so many channels.
    ///
    /// # Errors
    /// `PerturbationNeedsColor`.
    pub fn check_channels(&self, channels: usize) -> Result<()> {
        match self.components.iter().find(|component| component.kind.needs_color() && channels != 3) {
            Some(component) => Err(Error::new(
                Code::PerturbationNeedsColor,
                format!(
                    "{} has no meaning for grey images: choose a colour dataset such as Color MNIST, or another perturbation.",
                    component.kind.label()
                ),
            )),
            None => Ok(()),
        }
    }

    /// Whether it changes nothing.
    pub fn is_identity(&self) -> bool {
        self.components.iter().all(|component| component.strength == 0.0)
    }
}

impl fmt::Display for Perturbation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Component { kind, strength }) in self.components.iter().enumerate() {
            if i > 0 {
                f.write_str("+")?;
            }
            write!(f, "{kind}:{strength}")?;
        }
        Ok(())
    }
}

impl FromStr for Perturbation {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let component = |part: &str| {
            let (kind, strength) = part.split_once(':').ok_or_else(|| {
                Error::setting("The perturbation", format!("{part:?}"), "kind:strength, such as gaussian:0.1")
            })?;
            // A JSON number: the decimal parser of the standard library brings tables of 10 kB.
            let strength = Some(strength)
                .filter(|text| !text.contains(char::is_whitespace))
                .and_then(|text| serde_json::from_str(text).ok())
                .ok_or_else(|| Error::setting("The strength", format!("{strength:?}"), "a number"))?;
            Ok(Component { kind: kind.parse()?, strength })
        };
        let perturbation = Self { components: text.split('+').map(component).collect::<Result<_>>()? };
        perturbation.validate()?;
        Ok(perturbation)
    }
}

#[cfg(target_family = "wasm")]
const _: () = {
    #[wasm_bindgen::prelude::wasm_bindgen(typescript_custom_section)]
    const TEXT: &str = "/** `gaussian:0.1`, or several joined by `+`. */\nexport type Perturbation = string;";
};

impl Serialize for Perturbation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Perturbation {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
