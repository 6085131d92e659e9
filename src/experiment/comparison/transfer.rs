//! Two models moved to other pictures side by side.

use super::{Row, row};
use crate::error::{Code, Error, Result};
use crate::experiment::{Moved, TransferReport, paired_difference, proportion};

/// Two models side by side: accuracy on the new pictures for each part that both have finished.
///
/// # Errors
/// `InvalidSetting` for reports of different questions, or damaged ones.
pub fn compare_transfers(plain: &TransferReport, continuity: &TransferReport) -> Result<Vec<Row>> {
    let same =
        plain.asked == continuity.asked && plain.target == continuity.target && plain.images == continuity.images;
    let pairs: Vec<(&Moved, &Moved)> = plain.parts.iter().zip(&continuity.parts).collect();
    let sound = |(p, c): &(&Moved, &Moved)| {
        (p.mode, p.shots, p.trained_on) == (c.mode, c.shots, c.trained_on)
            && [p, c].iter().all(|moved| moved.correct.len() == plain.images.len())
    };
    if !same || plain.images.is_empty() || !pairs.iter().all(sound) {
        return Err(Error::new(Code::InvalidSetting, "The two results are not answers to the same question."));
    }
    let line = |(p, c): (&Moved, &Moved)| {
        let id = format!("{} {}", p.mode, p.shots.label());
        let label = format!("{}, {} labels a class", p.mode.label(), p.shots.label());
        let help = format!("Accuracy on the new pictures after training on {} of them.", p.trained_on);
        let difference = paired_difference(&p.correct, &c.correct);
        row(&id, label, help, "%", "higher", proportion(&p.correct), proportion(&c.correct), difference)
    };
    Ok(pairs.into_iter().map(line).collect())
}
