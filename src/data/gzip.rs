//! Gzip (RFC 1952), bounded.
//!
//! The frame is read here and only DEFLATE by the library: the tables of its checksum would make every engine 16 kB
//! larger.

use crate::error::{Code, Error, Result};
use flate2::bufread::DeflateDecoder;
use std::borrow::Cow;
use std::io::Read as _;

/// Largest decompressed file read, in bytes: full MNIST is 47 MB, full CIFAR-10 in one file 184 MB.
pub(super) const MAX_BYTES: u64 = 256 << 20;

const MAGIC: [u8; 2] = [0x1f, 0x8b];
// Flags of the header.
const CHECKSUM: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// The bytes themselves, or what they decompress to when they are gzip, all members joined.
///
/// # Errors
/// `InvalidData` for a corrupt stream or one that grows beyond [`MAX_BYTES`].
pub(super) fn inflate(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    if !bytes.starts_with(&MAGIC) {
        return Ok(Cow::Borrowed(bytes));
    }
    let corrupt = |what: &str| Error::new(Code::InvalidData, format!("The gzip file is corrupt or cut off: {what}."));
    let mut out = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let body = body(rest).ok_or_else(|| corrupt("its header is not whole"))?;
        let mut decoder = DeflateDecoder::new(body);
        let start = out.len();
        let room = MAX_BYTES + 1 - start as u64;
        decoder.by_ref().take(room).read_to_end(&mut out).map_err(|error| corrupt(&error.to_string()))?;
        if out.len() as u64 > MAX_BYTES {
            return Err(Error::new(
                Code::InvalidData,
                format!("The file decompresses to more than {} MB.", MAX_BYTES >> 20),
            ));
        }
        let (trailer, after) = body[decoder.total_in() as usize..]
            .split_first_chunk::<8>()
            .ok_or_else(|| corrupt("its end is missing"))?;
        let member = &out[start..];
        let expected = [checksum(member).to_le_bytes(), (member.len() as u32).to_le_bytes()].concat();
        if trailer[..] != expected {
            return Err(corrupt("its checksum does not fit"));
        }
        rest = after;
    }
    Ok(Cow::Owned(out))
}

/// What follows the header of a member.
fn body(member: &[u8]) -> Option<&[u8]> {
    let (header, mut rest) = member.split_first_chunk::<10>()?;
    if header[..2] != MAGIC || header[2] != 8 {
        return None;
    }
    let flags = header[3];
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|&byte| byte == 0)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & CHECKSUM == 0 { Some(rest) } else { rest.get(2..) }
}

/// CRC-32 (IEEE 802.3), half a byte at a time.
fn checksum(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    const TABLE: [u32; 16] = {
        let mut table = [0; 16];
        let mut i = 0;
        while i < 16 {
            let mut value = i as u32;
            let mut bit = 0;
            while bit < 4 {
                value = if value & 1 == 1 { value >> 1 ^ POLYNOMIAL } else { value >> 1 };
                bit += 1;
            }
            table[i] = value;
            i += 1;
        }
        table
    };
    !bytes.iter().fold(!0u32, |crc, &byte| {
        let low = (crc ^ u32::from(byte)) & 15;
        let crc = crc >> 4 ^ TABLE[low as usize];
        let high = (crc ^ u32::from(byte >> 4)) & 15;
        crc >> 4 ^ TABLE[high as usize]
    })
}
