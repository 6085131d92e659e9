//! What a report says of a model. A metric is declared once, in the file of its report: tables, figures and studies
//! name it by its identifier, and read the same values.

mod evaluation;
mod response;
mod robustness;
mod smoothness;
mod survey;
mod transfer;

pub use response::Under;

use crate::experiment::statistics::{
    Column, Estimate, Gap, Quantity, average, finite, mean, mean_difference, quotient, ratio, ratio_difference, share,
    share_difference,
};
use crate::reading::{Better, Unit};
use crate::seed::{Seed, Stream};

/// One number of a report `R`, and where it stands there. `At` says which of several it is: under which condition, at
/// which σ.
pub struct Metric<R, At = ()> {
    /// Stable identifier.
    pub id: &'static str,
    /// Name. What else decides the number, such as ε, is written behind it.
    pub label: &'static str,
    /// What it measures; `{}` stands for what the run decides.
    pub help: &'static str,
    /// Unit.
    pub unit: Unit,
    /// Which direction is better.
    pub better: Better,
    detail: Option<fn(&R, At) -> String>,
    given: Option<fn(&R, At) -> String>,
    values: fn(&R, At) -> Option<Values>,
}

impl<R, At> Copy for Metric<R, At> {}

impl<R, At> Clone for Metric<R, At> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, At> Metric<R, At> {
    /// A metric. A report may lack its `values`, as one of an earlier version does.
    pub(in crate::experiment) const fn new(
        id: &'static str,
        label: &'static str,
        unit: Unit,
        better: Better,
        help: &'static str,
        values: fn(&R, At) -> Option<Values>,
    ) -> Self {
        Self { id, label, help, unit, better, detail: None, given: None, values }
    }

    /// Writes behind the label what else decides the number.
    pub(in crate::experiment) const fn at(self, detail: fn(&R, At) -> String) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// Writes into the explanation what the run decides.
    pub(in crate::experiment) const fn given(self, given: fn(&R, At) -> String) -> Self {
        Self { given: Some(given), ..self }
    }

    /// Its values in `report`.
    pub fn values(&self, report: &R, at: At) -> Option<Values> {
        (self.values)(report, at)
    }
}

impl<R, At: Copy> Metric<R, At> {
    /// The label in a table of `report`.
    pub(in crate::experiment) fn label(&self, report: &R, at: At) -> String {
        let detail = self.detail.map(|detail| detail(report, at));
        detail.map_or_else(|| self.label.to_owned(), |detail| format!("{}, {detail}", self.label))
    }

    /// The explanation in a table of `report`.
    pub(in crate::experiment) fn help(&self, report: &R, at: At) -> String {
        let given = self.given.map(|given| given(report, at));
        given.map_or_else(|| self.help.to_owned(), |given| self.help.replace("{}", &given))
    }
}

/// One value an image, and what they make together.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// The share of images that say yes.
    Share(Vec<Option<bool>>, Gap<'static>),
    /// The mean.
    Mean(Column, Gap<'static>),
    /// `scale · Σ near / Σ far` of distances.
    Ratio {
        /// The distances above the line.
        near: Column,
        /// Those below it.
        far: Column,
        /// What the quotient is multiplied by, or why that has no value.
        scale: Result<f64, String>,
        /// Why `Σ far` may be 0.
        zero: &'static str,
    },
}

impl Values {
    /// Yes or no of every image.
    pub(in crate::experiment) fn share(outcomes: &[bool]) -> Self {
        Self::Share(outcomes.iter().copied().map(Some).collect(), Gap::Overflow)
    }

    /// `Σ near / Σ far`; `zero` says why that may be a division by 0.
    pub(in crate::experiment) fn ratio(near: &[Option<f32>], far: &[Option<f32>], zero: &'static str) -> Self {
        Self::Ratio { near: near.to_vec(), far: far.to_vec(), scale: Ok(1.0), zero }
    }

    /// Images that have a place here, whether or not they have a value.
    pub fn images(&self) -> usize {
        match self {
            Self::Share(outcomes, _) => outcomes.len(),
            Self::Mean(values, _) => values.len(),
            Self::Ratio { near, far, .. } => near.len().min(far.len()),
        }
    }

    /// Those of the first `n` images, if there are so many.
    pub(in crate::experiment) fn of_first(mut self, n: usize) -> Option<Self> {
        if self.images() < n {
            return None;
        }
        match &mut self {
            Self::Share(outcomes, _) => outcomes.truncate(n),
            Self::Mean(values, _) => values.truncate(n),
            Self::Ratio { near, far, .. } => [near, far].into_iter().for_each(|column| column.truncate(n)),
        }
        Some(self)
    }

    /// The number alone, and over how many images it is taken.
    ///
    /// # Errors
    /// Why there is none.
    pub fn value(&self) -> Result<(f64, usize), String> {
        match self {
            Self::Share(outcomes, gap) => match share(outcomes, *gap) {
                Quantity::Defined(Estimate { value, n, .. }) => Ok((value, n)),
                Quantity::Undefined { undefined, .. } => Err(undefined),
            },
            Self::Mean(values, gap) => average(values, *gap),
            Self::Ratio { near, far, scale, zero } => {
                let scale = scale.clone()?;
                quotient(near, far, zero).map(|(value, n)| (scale * value, n))
            }
        }
    }

    /// The number with its interval; `seed` chooses the resamples of a bootstrap. Equal values have equal intervals.
    pub fn quantity(&self, seed: Seed) -> Quantity {
        let rng = &mut seed.rng(Stream::Bootstrap, 0);
        match self {
            Self::Share(outcomes, gap) => share(outcomes, *gap),
            Self::Mean(values, gap) => mean(values, *gap, rng),
            Self::Ratio { near, far, scale, zero } => match (scale, ratio(near, far, zero, rng)) {
                (Err(why), _) => Quantity::none(why, near.len()),
                (Ok(scale), Quantity::Defined(Estimate { value, low, high, n })) => {
                    Estimate { value: value * scale, low: low * scale, high: high * scale, n }.into()
                }
                (Ok(_), none) => none,
            },
        }
    }

    /// `self − other`, both of the same metric and the same images, which are resampled together.
    pub fn difference(&self, other: &Self, seed: Seed) -> Quantity {
        let rng = &mut seed.rng(Stream::Bootstrap, 0);
        match (other, self) {
            (Self::Share(a, gap), Self::Share(b, _)) => share_difference(a, b, *gap),
            (Self::Mean(a, gap), Self::Mean(b, _)) => mean_difference(a, b, *gap, rng),
            (Self::Ratio { near, far, scale, zero }, Self::Ratio { near: other, far: below, scale: by, .. }) => {
                let scaled = |near: &Column, scale: &Result<f64, String>| -> Result<Column, String> {
                    let scale = scale.clone()? as f32;
                    Ok(near.iter().map(|near| finite((*near)? * scale)).collect())
                };
                let both = scaled(near, scale).and_then(|a| Ok((a, scaled(other, by)?)));
                both.map_or_else(
                    |why| Quantity::none(why, near.len()),
                    |(a, b)| ratio_difference((&a, far), (&b, below), zero, rng),
                )
            }
            _ => unreachable!("a metric has values of one kind"),
        }
    }
}
