//! Gzip files, natively. In a browser the page decompresses: browsers bring a decoder of their own.

use super::MAX_BYTES;
use crate::error::{Code, Error, Result};
use flate2::bufread::MultiGzDecoder;
use std::borrow::Cow;
use std::io::Read as _;

/// The bytes themselves, or what they decompress to when they are gzip, all members joined.
///
/// # Errors
/// `InvalidData` for a corrupt stream or one that grows beyond [`MAX_BYTES`].
pub fn decompress(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes)
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
