//! One picture that comes from outside, such as a visitor's drawing.

use super::{Data, Split};
use crate::error::Result;

impl Data {
    /// Data of the same kind whose only test picture has these `pixels`, `[c, h, w]`, and this `label`. It stands apart, so
    /// that nothing that counts test pictures can ever count it.
    ///
    /// # Errors
    /// `InvalidData` for another size, or a label that is none.
    pub fn single(&self, pixels: Vec<u8>, label: u8) -> Result<Self> {
        let Split { channels, height, width, .. } = self.test;
        let test = Split::new(channels, height, width, pixels, vec![label], self.dataset.classes().len())?;
        Ok(Self { dataset: self.dataset, seed: self.seed, train: Split::empty(), test })
    }
}
