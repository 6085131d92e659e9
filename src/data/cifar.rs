//! CIFAR-10's binary layout: one label byte and 3 × 32 × 32 bytes (planar RGB) a record, not compressed.

use super::Split;
use crate::error::{Code, Error, Result};

const SIDE: usize = 32;
const RECORD: usize = 1 + 3 * SIDE * SIDE;

/// Reads a batch file.
///
/// # Errors
/// `InvalidData` when the length is not a whole number of records or a label is above 9.
pub fn parse(bytes: &[u8]) -> Result<Split> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(RECORD) {
        return Err(Error::new(
            Code::InvalidData,
            format!("{} bytes are not a whole number of CIFAR-10 records of {RECORD} bytes.", bytes.len()),
        ));
    }
    let labels = bytes.chunks_exact(RECORD).map(|record| record[0]).collect();
    let pixels = bytes.chunks_exact(RECORD).flat_map(|record| &record[1..]).copied().collect();
    Split::new(3, SIDE, SIDE, pixels, labels, 10)
}
