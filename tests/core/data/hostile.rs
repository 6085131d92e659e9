//! Files that are not what they say.

use super::counting;
use crate::common::{everywhere, refused};
use semantic_continuity::data::idx::{self, Idx};
use semantic_continuity::data::{Dataset, Files, Split, parse_cifar10};
use semantic_continuity::error::Code;
use semantic_continuity::seed::Seed;

/// Each with a word that its message must hold.
#[everywhere]
async fn hostile_idx_files_are_refused() {
    let sound = counting(&[2, 3]).to_bytes();
    let changed = |position: usize, value: u8| {
        let mut bytes = sound.clone();
        bytes[position] = value;
        bytes
    };
    let mut long = sound.clone();
    long.push(0);
    let huge = [vec![0, 0, 8, 3], vec![0xff; 12]].concat();
    // (2¹⁶)⁴ is 0 in 64 bits.
    let wrapping = [vec![0, 0, 8, 4], [0x00, 0x01, 0x00, 0x00].repeat(4)].concat();
    let just_too_large = [vec![0, 0, 8, 1], (256u32 << 20 | 1).to_be_bytes().to_vec()].concat();
    let cases: [(&str, Vec<u8>, &str); 16] = [
        ("empty", vec![], "IDX"),
        ("one byte", vec![0], "IDX"),
        ("header of three bytes", vec![0, 0, 8], "IDX"),
        ("no dimensions", vec![0, 0, 8, 0], "0 dimensions"),
        ("dimensions cut off", sound[..9].to_vec(), "2 dimensions"),
        ("255 dimensions, none there", vec![0, 0, 8, 255], "255 dimensions"),
        ("body cut off", sound[..sound.len() - 1].to_vec(), "need 6 values, the file has 5"),
        ("no body", sound[..12].to_vec(), "has 0"),
        ("too long", long, "has 7"),
        ("first magic byte", changed(0, 1), "IDX"),
        ("second magic byte", changed(1, 1), "IDX"),
        ("floats", changed(2, 0x0d), "0x0d"),
        ("signed bytes", changed(2, 0x09), "0x09"),
        ("huge", huge, "too large"),
        ("product wraps", wrapping, "too large"),
        ("just too large", just_too_large, "too large"),
    ];
    for (name, bytes, word) in cases {
        let message = refused(idx::parse(&bytes), Code::InvalidData);
        assert!(message.contains(word), "{name}: {message}");
    }
}

#[everywhere]
async fn hostile_cifar_files_are_refused() {
    let record = |label: u8| [vec![label], vec![7; 3072]].concat();
    refused(parse_cifar10(&[]), Code::InvalidData);
    refused(parse_cifar10(&record(1)[..3072]), Code::InvalidData);
    refused(parse_cifar10(&[record(1), vec![2]].concat()), Code::InvalidData);
    let message = refused(parse_cifar10(&[record(0), record(10)].concat()), Code::InvalidData);
    assert!(message.contains("10"), "{message}");
}

/// Sizes whose product does not fit a machine word must not wrap round to a sound one.
#[everywhere]
async fn absurd_picture_sizes_are_refused() {
    refused(Split::new(3, usize::MAX / 2, 2, vec![], vec![], 10), Code::InvalidData);
    refused(Split::new(1, 1 << (usize::BITS / 2), 1 << (usize::BITS / 2), vec![], vec![], 10), Code::InvalidData);
    refused(Split::new(0, 4, 4, vec![], vec![], 10), Code::InvalidData);
    refused(Split::new(1, 4, 4, vec![0; 17], vec![0], 10), Code::InvalidData);

    // No images of 2³² − 1 rows and columns: a sound IDX header for a body of 0 bytes.
    let images = [&[0, 0, 8, 3, 0, 0, 0, 0][..], &[0xff; 8]].concat();
    let labels = Idx { dims: vec![0], values: vec![] }.to_bytes();
    let files = Files { train: Some((&images, &labels)), test: None };
    refused(Dataset::Mnist.load(files, Seed(1), 0.02), Code::InvalidData);
}
