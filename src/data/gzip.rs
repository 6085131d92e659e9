//! Gzip, bounded.

use crate::error::{Code, Error, Result};
use std::borrow::Cow;
use std::io::Read as _;

/// Largest decompressed file read, in bytes: full MNIST is 47 MB, full CIFAR-10 in one file 184 MB.
pub(super) const MAX_BYTES: u64 = 256 << 20;

/// The bytes themselves, or what they decompress to when they are gzip.
///
/// # Errors
/// `InvalidData` for a corrupt stream or one that grows beyond [`MAX_BYTES`].
pub(super) fn inflate(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .take(MAX_BYTES + 1)
        .read_to_end(&mut out)
        .map_err(|error| Error::new(Code::InvalidData, format!("The gzip file is corrupt or cut off: {error}.")))?;
    if out.len() as u64 > MAX_BYTES {
        return Err(Error::new(
            Code::InvalidData,
            format!("The file decompresses to more than {} MB.", MAX_BYTES >> 20),
        ));
    }
    Ok(Cow::Owned(out))
}
