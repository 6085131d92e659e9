//! IDX, the file format of MNIST: two zero bytes, a type byte, the number of dimensions, each dimension as a
//! big-endian u32, then the values. Any number of dimensions, not compressed; values are unsigned bytes (type 0x08).

use super::MAX_BYTES;
use crate::error::{Code, Error, Result};

const UNSIGNED_BYTE: u8 = 0x08;

/// An n-dimensional array of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx {
    /// Size of each dimension, outermost first.
    pub dims: Vec<usize>,
    /// Row-major values; as many as the product of `dims`.
    pub values: Vec<u8>,
}

fn invalid(message: String) -> Error {
    Error::new(Code::InvalidData, message)
}

/// Reads an IDX file.
///
/// # Errors
/// `InvalidData` for a wrong magic number, another value type, dimensions whose product is beyond what is read
/// (256 MB), and for a file that is shorter or longer than its header says.
pub fn parse(bytes: &[u8]) -> Result<Idx> {
    let [0, 0, dtype, rank, rest @ ..] = bytes else {
        return Err(invalid(format!(
            "This is not an IDX file: it must start with two zero bytes, found {:02x?}.",
            &bytes[..bytes.len().min(4)]
        )));
    };
    if *dtype != UNSIGNED_BYTE {
        return Err(invalid(format!("The IDX value type is 0x{dtype:02x}; allowed is 0x08, unsigned bytes.")));
    }
    let rank = usize::from(*rank);
    if rank == 0 || rest.len() < 4 * rank {
        return Err(invalid(format!(
            "The IDX header announces {rank} dimensions, but only {} bytes follow.",
            rest.len()
        )));
    }
    let (header, values) = rest.split_at(4 * rank);
    let dims: Vec<usize> =
        header.chunks_exact(4).map(|d| u32::from_be_bytes([d[0], d[1], d[2], d[3]]) as usize).collect();
    let size =
        dims.iter().try_fold(1u64, |product, &d| product.checked_mul(d as u64)).filter(|&size| size <= MAX_BYTES);
    match size {
        None => {
            Err(invalid(format!("The IDX dimensions {dims:?} are too large; at most {} MB are read.", MAX_BYTES >> 20)))
        }
        Some(size) if size != values.len() as u64 => {
            Err(invalid(format!("The IDX dimensions {dims:?} need {size} values, the file has {}.", values.len())))
        }
        Some(_) => Ok(Idx { dims, values: values.to_vec() }),
    }
}

impl Idx {
    /// Writes the array as an uncompressed IDX file; [`parse`] reads it back. At most 255 dimensions of u32 size.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![0, 0, UNSIGNED_BYTE, self.dims.len() as u8];
        out.extend(self.dims.iter().flat_map(|&d| (d as u32).to_be_bytes()));
        out.extend_from_slice(&self.values);
        out
    }
}
