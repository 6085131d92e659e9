//! Pictures that a visitor brought: nothing is known of them but their size and their labels.

use super::Data;
use crate::error::{Code, Error, Result};
use std::ops::RangeInclusive;

/// Classes of own pictures.
pub(crate) const CLASSES: RangeInclusive<usize> = 2..=20;

/// Sizes of own pictures, in pixels a side: what the networks take.
pub(crate) const SIDES: RangeInclusive<usize> = 8..=64;

impl Data {
    /// Number of classes. Of own pictures: those up to the highest label.
    pub fn classes(&self) -> usize {
        if !self.dataset.is_own() {
            return self.dataset.classes().len();
        }
        self.train.labels.iter().chain(&self.test.labels).max().map_or(0, |&label| usize::from(label) + 1)
    }

    /// Which pixels of test image `i` are the object, as [`Split::object`](super::Split::object) says; of own pictures nobody knows.
    pub fn object(&self, i: usize) -> Option<Vec<bool>> {
        if self.dataset.is_own() { None } else { self.test.object(i) }
    }

    /// Checks that own pictures are such as the networks take.
    ///
    /// # Errors
    /// `InvalidData`, naming what does not fit.
    pub(super) fn check_own(&self) -> Result<()> {
        let halves = [&self.train, &self.test].into_iter().filter(|half| !half.is_empty());
        let sizes: Vec<_> = halves.map(|half| [half.channels, half.height, half.width]).collect();
        for size in &sizes {
            if size != &sizes[0] {
                let message = format!(
                    "Training images of {:?} and test images of {size:?} (channels, height, width) do not fit \
                     together.",
                    sizes[0]
                );
                return Err(Error::new(Code::InvalidData, message));
            }
            let [channels, height, width] = *size;
            if channels != self.dataset.channels() {
                let message = format!("Pictures have {channels} channels; allowed is {}.", self.dataset.channels());
                return Err(Error::new(Code::InvalidData, message));
            }
            if !SIDES.contains(&height) || !SIDES.contains(&width) {
                let (least, most) = SIDES.into_inner();
                let message = format!("Pictures are {height}×{width} pixels; allowed is {least} to {most} a side.");
                return Err(Error::new(Code::InvalidData, message));
            }
        }
        let classes = self.classes();
        if !CLASSES.contains(&classes) {
            let (least, most) = CLASSES.into_inner();
            let message = format!("There are {classes} classes; allowed is {least} to {most}.");
            return Err(Error::new(Code::InvalidData, message));
        }
        Ok(())
    }
}
