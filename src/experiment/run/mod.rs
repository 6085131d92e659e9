//! Pulled runs: measurements of one model over many images, unit by unit.

pub mod checkpoint;
mod evaluation;
mod layers;
mod response;
mod robustness;
mod smoothness;
mod survey;
mod transfer;

pub(super) use evaluation::{ATTACKS, ensemble};
pub use evaluation::{Evaluation, Outcomes, Report};
pub(super) use layers::LOGITS;
pub use response::{Outcome, Reference, Responding, Response, ResponseReport, SAME_CLASS};
pub use robustness::{Robustness, RobustnessPlan, RobustnessReport, Source, Trial, TrialReport};
pub use smoothness::{MOVE, Noisy, OffKinks, SIGMAS, STEPS, Smoothing, Smoothness, SmoothnessReport, TINY_SIGMA};
pub use survey::{Survey, SurveyReport, Surveying, randomised};
pub use transfer::{All, Mode, Moved, Shots, Transfer, TransferReport, Transferring};

use crate::error::Result;

/// A measurement in progress: it is pulled unit by unit, and dropping it cancels.
pub trait Run {
    /// What it finds.
    type Report;

    /// Does one unit of work, if one is left; true when there is something new to report.
    ///
    /// # Errors
    /// `Device` when the device is lost, and whatever a question turns out to ask that is impossible.
    fn advance(&mut self) -> impl Future<Output = Result<bool>>;

    /// Work done and in all.
    fn progress(&self) -> (usize, usize);

    /// What is known so far.
    fn report(&self) -> &Self::Report;

    /// Does all the work that is left.
    ///
    /// # Errors
    /// As [`Run::advance`].
    fn finish(mut self) -> impl Future<Output = Result<Self>>
    where
        Self: Sized,
    {
        async {
            while self.progress().0 < self.progress().1 {
                self.advance().await?;
            }
            Ok(self)
        }
    }
}
