//! Accuracy on other pictures.

use super::{Metric, Values};
use crate::experiment::{Mode, Moved, Shots};
use crate::reading::Better::Higher;
use crate::reading::Unit::Percent;

impl Mode {
    /// Its accuracy.
    pub fn metric(self) -> Metric<Moved> {
        let help = "Accuracy on the new pictures after training on {} of them.";
        Metric::<Moved>::new(self.id(), self.label(), Percent, Higher, help, |moved, ()| {
            Some(Values::share(&moved.correct))
        })
        .at(|moved, ()| format!("{} labels a class", moved.shots.label()))
        .given(|moved, ()| moved.trained_on.to_string())
    }

    /// The identifier of its accuracy with so many labels.
    pub fn with(self, shots: Shots) -> String {
        format!("{self} {}", shots.label())
    }
}
