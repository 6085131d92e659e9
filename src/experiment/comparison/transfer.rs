//! Two models moved to other pictures side by side.

use super::{Both, Row};
use crate::error::{Code, Error, Result};
use crate::experiment::{Moved, TransferReport};

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
    let (images, seed) = (plain.images.len(), plain.asked.seed);
    let line = |(plain, continuity): (&Moved, &Moved)| {
        let row = Both { plain, continuity, images, seed }.row(&plain.mode.metric(), ())?;
        Some(Row { id: plain.mode.with(plain.shots), ..row })
    };
    Ok(pairs.into_iter().filter_map(line).collect())
}
