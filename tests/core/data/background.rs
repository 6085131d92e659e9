//! Objects, their masks, and what stands behind them.

use crate::common::{everywhere, refused};
use semantic_continuity::data::idx::Idx;
use semantic_continuity::data::{Data, Dataset, Files, Split, texture, tint};
use semantic_continuity::error::Code;
use semantic_continuity::seed::{Seed, Stream};

/// Emoji of 3×3 pixels, all of one colour: the middle is opaque, its left half so, the rest transparent.
fn emoji(n: usize, seed: u32) -> Data {
    let alpha = [0, 0, 0, 128, 255, 0, 0, 0, 0u8];
    let image: Vec<u8> = alpha.iter().flat_map(|&alpha| [200, 100, 0, alpha]).collect();
    let images = Idx { dims: vec![n, 3, 3, 4], values: image.repeat(n) }.to_bytes();
    let labels = Idx { dims: vec![n], values: vec![5; n] }.to_bytes();
    let files = Files { train: Some((&images, &labels)), test: Some((&images, &labels)) };
    Dataset::Emoji.load(files, Seed(seed), 0.02).unwrap()
}

#[everywhere]
async fn an_emoji_lies_on_a_texture_of_its_own() {
    let data = emoji(2, 3);
    let Split { channels, height, width, ref pixels, ref alpha, .. } = data.train;
    assert_eq!((channels, height, width, alpha.len()), (3, 3, 3, 18));
    let pixel = |i: usize, c: usize, p: usize| f32::from(pixels[(i * 3 + c) * 9 + p]);
    for i in 0..2 {
        let behind = texture(3, 3, &mut Seed(3).rng(Stream::Background, i as u64));
        for (c, own) in [200.0, 100.0, 0.0].into_iter().enumerate() {
            assert_eq!(pixel(i, c, 4), own, "opaque");
            assert_eq!(pixel(i, c, 0), (255.0 * behind[c * 9]).round(), "transparent");
            let half = own * 128.0 / 255.0 + 255.0 * behind[c * 9 + 3] * (127.0 / 255.0);
            assert!((pixel(i, c, 3) - half).abs() <= 0.51, "half: {} for {half}", pixel(i, c, 3));
        }
    }
    assert_ne!(pixels[..27], pixels[27..], "each its own");
    assert_ne!(data.train.pixels, data.test.pixels);
    assert_eq!(emoji(2, 3), data);
    assert_ne!(emoji(2, 4).train.pixels, data.train.pixels);
}

#[everywhere]
async fn textures_stay_in_range_and_differ() {
    let mut seen = Vec::new();
    for i in 0..50 {
        let values = texture(8, 12, &mut Seed(1).rng(Stream::Background, i));
        assert_eq!(values.len(), 3 * 8 * 12);
        assert!(values.iter().all(|v| (0.0..=1.0).contains(v)));
        assert!(!seen.contains(&values));
        seen.push(values);
    }
    let flat =
        seen.iter().filter(|values| values.chunks(96).all(|c| c.iter().all(|v| (v - c[0]).abs() < 0.02))).count();
    assert!(flat < 5, "{flat} of 50 show no pattern");
}

#[everywhere]
async fn the_object_is_the_mask_or_the_bright_stroke() {
    let on = |split: &Split, i: usize| -> Vec<usize> {
        let object = split.object(i).expect("a mask");
        (0..object.len()).filter(|&p| object[p]).collect()
    };
    assert_eq!(on(&emoji(1, 1).train, 0), [3, 4]);
    // One bright pixel of the second picture, and its neighbours.
    let mut pixels = vec![0; 32];
    pixels[16] = 230;
    pixels[31] = 100;
    let grey = Split::new(1, 4, 4, pixels, vec![0, 1], 10).unwrap();
    assert_eq!(on(&grey, 0), [0; 0]);
    assert_eq!(on(&grey, 1), [0, 1, 4, 5]);
    // Coloured digits remember where the stroke was, however dark its colour.
    assert_eq!(on(&tint(&grey, Seed(1), 0.02, true), 1), [0]);
    assert_eq!(Split::new(3, 1, 1, vec![1, 2, 3], vec![0], 10).unwrap().object(0), None);
}

#[everywhere]
async fn pictures_without_transparency_are_no_emoji() {
    let labels = Idx { dims: vec![1], values: vec![0] }.to_bytes();
    for dims in [vec![1, 2, 2, 3], vec![1, 2, 2]] {
        let images = Idx { values: vec![0; dims.iter().product()], dims }.to_bytes();
        let files = Files { train: None, test: Some((&images, &labels)) };
        let message = refused(Dataset::Twemoji.load(files, Seed(1), 0.02), Code::InvalidData);
        assert!(message.contains("4 dimensions"), "{message}");
    }
}

/// Optdigits: a constant picture stays constant within its frame, corners stay corners, and the margin is black.
#[everywhere]
async fn small_digits_are_enlarged_in_a_black_frame() {
    let mut values = vec![255; 64];
    values.extend((0..64).map(|i| if i == 0 { 240 } else { 0 }));
    let images = Idx { dims: vec![2, 8, 8], values }.to_bytes();
    let labels = Idx { dims: vec![2], values: vec![0, 1] }.to_bytes();
    let files = Files { train: None, test: Some((&images, &labels)) };
    let test = Dataset::Optdigits.load(files, Seed(1), 0.02).unwrap().test;
    assert_eq!((test.height, test.width, test.pixels.len()), (28, 28, 2 * 784));
    for (p, &value) in test.pixels[..784].iter().enumerate() {
        let inside = (4..24).contains(&(p / 28)) && (4..24).contains(&(p % 28));
        assert_eq!(value, if inside { 255 } else { 0 }, "pixel {p}");
    }
    let corner = &test.pixels[784..];
    assert_eq!(corner[4 * 28 + 4], 240);
    assert!(corner[4 * 28 + 6] < corner[4 * 28 + 5] && corner[4 * 28 + 8] == 0);
}
