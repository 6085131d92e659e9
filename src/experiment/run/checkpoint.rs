//! A study between two units of work, as bytes: whoever loses the engine that computes it goes on with another one.
//!
//! A checkpoint holds what was found so far, and nothing that the question already says. Every value is a word of 32
//! bits, little-endian, and every column of them follows its length, so that no number changes on the way.

use super::Run;
use crate::error::{Code, Error, Result};
use std::slice::ChunksExact;

/// A value of 32 bits.
pub trait Word: Copy {
    /// Its bits.
    fn bits(self) -> u32;
    /// The value with these bits, if there is one.
    fn of(bits: u32) -> Option<Self>;
}

/// Stands for no value, where there may be none: not a class, and as a number a NaN that no computation makes.
const NOTHING: u32 = u32::MAX;

/// A number; no study keeps one that is not finite.
impl Word for f32 {
    fn bits(self) -> u32 {
        self.to_bits()
    }
    fn of(bits: u32) -> Option<Self> {
        Some(Self::from_bits(bits)).filter(|value| value.is_finite())
    }
}

impl Word for usize {
    fn bits(self) -> u32 {
        self as u32
    }
    fn of(bits: u32) -> Option<Self> {
        Self::try_from(bits).ok()
    }
}

impl Word for u8 {
    fn bits(self) -> u32 {
        u32::from(self)
    }
    fn of(bits: u32) -> Option<Self> {
        Self::try_from(bits).ok()
    }
}

impl Word for bool {
    fn bits(self) -> u32 {
        u32::from(self)
    }
    fn of(bits: u32) -> Option<Self> {
        (bits <= 1).then_some(bits == 1)
    }
}

impl<T: Word> Word for Option<T> {
    fn bits(self) -> u32 {
        self.map_or(NOTHING, T::bits)
    }
    fn of(bits: u32) -> Option<Self> {
        if bits == NOTHING { Some(None) } else { T::of(bits).map(Some) }
    }
}

/// The values of a checkpoint in their order, being written or being read.
pub struct Columns<'a>(Way<'a>);

enum Way<'a> {
    Write(Vec<u8>),
    /// What is left, and whether nothing was missing and every word was a value.
    Read(ChunksExact<'a, u8>, bool),
}

/// The value that is next in `words`.
fn next<T: Word>(words: &mut ChunksExact<'_, u8>) -> Option<T> {
    words.next().and_then(|word| T::of(u32::from_le_bytes([word[0], word[1], word[2], word[3]])))
}

impl Columns<'_> {
    /// Writes `value` and returns it, or returns the one that was written.
    pub fn value<T: Word>(&mut self, value: T) -> T {
        match &mut self.0 {
            Way::Write(bytes) => bytes.extend(value.bits().to_le_bytes()),
            Way::Read(words, whole) => match next(words) {
                Some(value) => return value,
                None => *whole = false,
            },
        }
        value
    }

    /// Writes `values`, or replaces them with those that were written.
    pub fn column<T: Word>(&mut self, values: &mut Vec<T>) {
        let length = self.value(values.len());
        if let Way::Read(words, whole) = &mut self.0 {
            values.clear();
            values.extend((0..length.min(words.len())).map_while(|_| next::<T>(words)));
            *whole &= values.len() == length;
        } else {
            for &value in &*values {
                self.value(value);
            }
        }
    }
}

/// A run that can go on from a checkpoint.
pub trait Resumable: Run + Sized {
    /// Goes through everything that was found so far, in one order: `columns` reads it, or replaces it.
    fn columns(&mut self, columns: &mut Columns<'_>);

    /// Whether what was found belongs to the question, could have been found, and ends with a whole unit of work.
    fn is_sound(&mut self) -> bool;

    /// What was found so far.
    fn checkpoint(&mut self) -> Vec<u8> {
        let mut columns = Columns(Way::Write(Vec::new()));
        self.columns(&mut columns);
        let Way::Write(bytes) = columns.0 else { return Vec::new() };
        bytes
    }

    /// A study that has just begun goes on from a checkpoint of the same question about the same model and pictures.
    /// What it finds is then, bit for bit, what an undisturbed one finds.
    ///
    /// # Errors
    /// `NotReady` for a checkpoint of another question, or a damaged one.
    fn resume(mut self, checkpoint: &[u8]) -> Result<Self> {
        let words = checkpoint.chunks_exact(4);
        let mut columns = Columns(Way::Read(words, checkpoint.len().is_multiple_of(4)));
        self.columns(&mut columns);
        let whole = matches!(&columns.0, Way::Read(rest, true) if rest.len() == 0);
        if whole && self.is_sound() {
            return Ok(self);
        }
        Err(Error::new(Code::NotReady, "The checkpoint does not belong to this study: begin it anew."))
    }
}
