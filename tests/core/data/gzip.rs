//! Gzip, natively.

use super::counting;
use crate::common::refused;
use flate2::{Compression, GzBuilder, write::GzEncoder};
use semantic_continuity::data::decompress;
use semantic_continuity::error::Code;
use std::io::Write as _;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("into memory");
    encoder.finish().expect("into memory")
}

/// Plain bytes pass; members in a row are one file; a header may hold a name, a comment, extra fields.
#[test]
fn what_was_compressed_comes_back() {
    let bytes = counting(&[3, 2, 2]).to_bytes();
    assert_eq!(*decompress(&bytes).unwrap(), bytes);
    assert_eq!(*decompress(&gzip(&bytes)).unwrap(), bytes);
    let twice = [gzip(&bytes[..10]), gzip(&bytes[10..])].concat();
    assert_eq!(*decompress(&twice).unwrap(), bytes);
    let builder = GzBuilder::new().filename("images").comment("by hand").extra(vec![1, 2, 3]).mtime(7);
    let mut writer = builder.write(Vec::new(), Compression::best());
    writer.write_all(&bytes).unwrap();
    assert_eq!(*decompress(&writer.finish().unwrap()).unwrap(), bytes);
}

#[test]
fn corrupt_files_are_refused() {
    let sound = gzip(&counting(&[40, 50]).to_bytes());
    for length in [2, 5, 10, sound.len() / 2, sound.len() - 8, sound.len() - 1] {
        let message = refused(decompress(&sound[..length]), Code::InvalidData);
        assert!(message.contains("gzip"), "{length} bytes: {message}");
    }
    // A wrong checksum, a wrong length, a wrong method, noise in the middle.
    for position in [sound.len() - 8, sound.len() - 1, 2, sound.len() / 2] {
        let mut bytes = sound.clone();
        bytes[position] ^= 0x5a;
        refused(decompress(&bytes), Code::InvalidData);
    }
}

/// 300 MB of zeros are 300 kB of gzip; reading stops at the bound of 256 MB.
#[test]
fn a_bomb_is_refused_at_the_bound() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..300 {
        encoder.write_all(&zeros).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    let message = refused(decompress(&bomb), Code::InvalidData);
    assert!(message.contains("256 MB"), "{message}");
}
