//! P(x): what every kind promises, and what each one does.

mod text;

use crate::common::{Tolerance, assert_close, bits, everywhere, pictures, read, tensor};
use burn::tensor::Tensor;
use semantic_continuity::perturb::{Component, Kind, Perturbation, Spread};
use semantic_continuity::seed::{Seed, Stream};

const SHAPES: [[usize; 4]; 3] = [[5, 1, 8, 8], [4, 3, 8, 8], [3, 3, 6, 11]];

fn meaningful(kind: Kind, shape: [usize; 4]) -> bool {
    shape[1] == 3 || !kind.needs_color()
}

async fn apply(perturbation: &Perturbation, x: &Tensor<4>, spread: Spread, seed: u32) -> Vec<f32> {
    let mut rng = Seed(seed).rng(Stream::Perturbation, 0);
    read(perturbation.draw(x.dims(), spread, &mut rng).apply(x.clone())).await
}

async fn changed(kind: Kind, strength: f32, x: &Tensor<4>) -> Vec<f32> {
    apply(&Perturbation::single(kind, strength), x, Spread::Full, 1).await
}

#[everywhere]
async fn strength_0_is_the_identity_bit_for_bit() {
    for shape in SHAPES {
        let x = pictures(shape, 0.0, 1.0, 1);
        for &kind in Kind::ALL {
            let p = Perturbation::single(kind, 0.0);
            assert!(p.is_identity());
            assert_eq!(bits(&apply(&p, &x, Spread::Uniform, 1).await), bits(&read(x.clone()).await), "{kind}");
        }
        let mixture =
            Perturbation { components: Kind::ALL[..4].iter().map(|&kind| Component { kind, strength: 0.0 }).collect() };
        assert_eq!(bits(&apply(&mixture, &x, Spread::Full, 1).await), bits(&read(x.clone()).await));
    }
}

#[everywhere]
async fn every_kind_keeps_shape_and_range_repeats_and_changes_something() {
    for shape in SHAPES {
        let x = pictures(shape, 0.0, 1.0, 2);
        let original = read(x.clone()).await;
        for &kind in Kind::ALL.iter().filter(|&&kind| meaningful(kind, shape)) {
            let max = kind.strength().max;
            // Much less than a twentieth of a blur's range rounds to nothing.
            for strength in [0.05 * max, kind.strength().typical, max] {
                let p = Perturbation::single(kind, strength);
                p.validate().unwrap();
                assert!(!p.is_identity());
                for spread in [Spread::Uniform, Spread::Full] {
                    let draw = p.draw(shape, spread, &mut Seed(3).rng(Stream::Perturbation, 5));
                    let y = draw.apply(x.clone());
                    assert_eq!(y.dims(), shape);
                    let y = read(y).await;
                    assert!(y.iter().all(|v| (0.0..=1.0).contains(v)), "{p} leaves 0..1");
                    assert_ne!(y, original, "{p} changes nothing");
                    // The same draw, and a new draw from the same stream, give the same picture.
                    assert_eq!(bits(&read(draw.apply(x.clone())).await), bits(&y));
                    let again = p.draw(shape, spread, &mut Seed(3).rng(Stream::Perturbation, 5));
                    assert_eq!(bits(&read(again.apply(x.clone())).await), bits(&y));
                }
            }
            let p = Perturbation::single(kind, kind.strength().typical);
            let blur = matches!(kind, Kind::BoxBlur | Kind::GaussianBlur);
            let (one, other) = (apply(&p, &x, Spread::Uniform, 1).await, apply(&p, &x, Spread::Uniform, 2).await);
            // A blur draws nothing.
            assert_eq!(one == other, blur, "{kind}");
        }
    }
}

#[everywhere]
async fn noise_has_its_strength() {
    // Grey in the middle: nothing is clipped.
    let x = tensor(&[0.5; 4 * 32 * 32], [4, 1, 32, 32]);
    let gaussian: Vec<f64> = changed(Kind::Gaussian, 0.1, &x).await.iter().map(|&v| f64::from(v) - 0.5).collect();
    let uniform: Vec<f64> = changed(Kind::Uniform, 0.25, &x).await.iter().map(|&v| f64::from(v) - 0.5).collect();
    let n = gaussian.len() as f64;
    let deviation = |d: &[f64]| (d.iter().map(|d| d * d).sum::<f64>() / n).sqrt();
    // Standard errors: 1.1 % of σ, 0.7 % of h/√3.
    assert_close(&[deviation(&gaussian), deviation(&uniform)], &[0.1, 0.25 / 3f64.sqrt()], Tolerance::Sampling);
    let largest = uniform.iter().fold(0.0, |largest: f64, d| largest.max(d.abs()));
    assert!(largest <= 0.25 + 1e-6 && largest > 0.24);
    assert!(gaussian.iter().any(|d| d.abs() > 0.25), "normal noise has tails");
    // Neighbours are independent: the correlation of 4,096 pairs has standard error 1.6 %.
    let products: f64 = gaussian.windows(2).map(|d| d[0] * d[1]).sum::<f64>() / (n * 0.01);
    assert!(products.abs() < 0.08, "{products}");
}

#[everywhere]
async fn brightness_adds_one_offset_a_picture() {
    let x = pictures([6, 3, 8, 8], 0.3, 0.7, 4);
    let original = read(x.clone()).await;
    let mut signs = std::collections::HashSet::new();
    for (y, x) in changed(Kind::Brightness, 0.2, &x).await.chunks(192).zip(original.chunks(192)) {
        let offset = (y[0] - x[0]).signum() * 0.2;
        signs.insert(offset > 0.0);
        let expected: Vec<f32> = x.iter().map(|v| v + offset).collect();
        assert_close(y, &expected, Tolerance::Rounding);
    }
    assert_eq!(signs.len(), 2, "six pictures all went the same way");
}

#[everywhere]
async fn contrast_scales_the_distance_from_the_mean() {
    let x = pictures([6, 3, 8, 8], 0.4, 0.6, 5);
    let original = read(x.clone()).await;
    for (y, x) in changed(Kind::Contrast, 0.5, &x).await.chunks(192).zip(original.chunks(192)) {
        let mean = x.iter().sum::<f32>() / 192.0;
        let factor = if (y[0] - mean).abs() > (x[0] - mean).abs() { 1.5 } else { 0.5 };
        let expected: Vec<f32> = x.iter().map(|v| mean + factor * (v - mean)).collect();
        assert_close(y, &expected, Tolerance::Rounding);
    }
    // The largest change, downwards, leaves one grey.
    let flat = Perturbation::single(Kind::Contrast, 1.0);
    let mut flattened = 0;
    for (y, x) in apply(&flat, &x, Spread::Full, 2).await.chunks(192).zip(original.chunks(192)) {
        let mean = x.iter().sum::<f32>() / 192.0;
        flattened += usize::from(y.iter().all(|&v| Tolerance::Rounding.allows(v.into(), mean.into())));
    }
    assert!((1..6).contains(&flattened));
}

/// Three planes of one picture, pixel by pixel.
fn pixels(planes: &[f32]) -> impl Iterator<Item = [f32; 3]> + '_ {
    let area = planes.len() / 3;
    (0..area).map(move |i| [planes[i], planes[area + i], planes[2 * area + i]])
}

#[everywhere]
async fn saturation_keeps_luma_and_moves_along_the_line_to_grey() {
    let x = pictures([4, 3, 8, 8], 0.4, 0.6, 6);
    let original = read(x.clone()).await;
    let luma = |p: [f32; 3]| 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
    for (y, x) in changed(Kind::Saturation, 0.4, &x).await.chunks(192).zip(original.chunks(192)) {
        let (first_y, first_x) = (pixels(y).next().unwrap(), pixels(x).next().unwrap());
        let grows = (first_y[0] - luma(first_y)).abs() > (first_x[0] - luma(first_x)).abs();
        let factor = if grows { 1.4 } else { 0.6 };
        for (y, x) in pixels(y).zip(pixels(x)) {
            assert_close(&y, &x.map(|v| luma(x) + factor * (v - luma(x))), Tolerance::Rounding);
        }
    }
}

#[everywhere]
async fn hue_turns_about_the_grey_axis() {
    // A third of the circle permutes the channels, one way or the other.
    let x = pictures([6, 3, 8, 8], 0.2, 0.8, 7);
    let original = read(x.clone()).await;
    let mut ways = std::collections::HashSet::new();
    for (y, x) in changed(Kind::Hue, 1.0 / 3.0, &x).await.chunks(192).zip(original.chunks(192)) {
        let forward = Tolerance::Rounding.allows(y[0].into(), x[128].into());
        ways.insert(forward);
        for (y, [r, g, b]) in pixels(y).zip(pixels(x)) {
            assert_close(&y, &if forward { [b, r, g] } else { [g, b, r] }, Tolerance::Rounding);
        }
    }
    assert_eq!(ways.len(), 2, "six pictures all turned the same way");
    // Sum and length stay at any angle.
    let x = pictures([2, 3, 8, 8], 0.4, 0.6, 8);
    let original = read(x.clone()).await;
    for (y, x) in changed(Kind::Hue, 0.1, &x).await.chunks(192).zip(original.chunks(192)) {
        for (y, x) in pixels(y).zip(pixels(x)) {
            let invariants = |p: [f32; 3]| [p.iter().sum::<f32>(), p.iter().map(|v| v * v).sum()];
            assert_close(&invariants(y), &invariants(x), Tolerance::Rounding);
        }
    }
}

#[everywhere]
async fn grey_pixels_stay_grey_under_hue_and_saturation() {
    let plane = read(pictures([2, 1, 8, 8], 0.0, 1.0, 9)).await;
    let planes: Vec<f32> = plane.chunks(64).flat_map(|plane| plane.repeat(3)).collect();
    let x = tensor(&planes, [2, 3, 8, 8]);
    for kind in [Kind::Hue, Kind::Saturation] {
        for strength in [0.05, 0.25, kind.strength().max] {
            assert_close(&changed(kind, strength, &x).await, &planes, Tolerance::Rounding);
        }
    }
}

#[everywhere]
async fn blur_and_shift_keep_constant_pictures() {
    for level in [0.0, 0.3, 1.0] {
        let x = tensor(&[level; 2 * 3 * 88], [2, 3, 8, 11]);
        for kind in [Kind::BoxBlur, Kind::GaussianBlur, Kind::Shift] {
            for strength in [1e-30, 0.01, 0.5, 1.0, 2.3, 4.0] {
                assert_close(&changed(kind, strength, &x).await, &[level; 2 * 3 * 88], Tolerance::Rounding);
            }
        }
    }
}

#[everywhere]
async fn a_blur_spreads_a_point_as_its_kernel_says() {
    let mut point = vec![0.0; 11 * 11];
    point[5 * 11 + 5] = 1.0;
    let x = tensor(&point, [1, 1, 11, 11]);
    // Radius 1: nine pixels of a ninth. Radius 1.5: weights ½ 1 1 1 ½ of 4 along each axis.
    let nine = changed(Kind::BoxBlur, 1.0, &x).await;
    let fractional = changed(Kind::BoxBlur, 1.5, &x).await;
    let bell = changed(Kind::GaussianBlur, 1.0, &x).await;
    let at = |y: &[f32], row: usize, column: usize| y[row * 11 + column];
    assert_close(
        &[at(&nine, 4, 6), at(&nine, 5, 5), at(&nine, 3, 5)],
        &[1.0 / 9.0, 1.0 / 9.0, 0.0],
        Tolerance::Rounding,
    );
    let expected = [1.0 / 16.0, 1.0 / 32.0, 1.0 / 64.0, 0.0];
    let found = [(5, 5), (5, 7), (3, 3), (2, 5)].map(|(row, column)| at(&fractional, row, column));
    assert_close(&found, &expected, Tolerance::Rounding);
    let total: f64 = (-3i32..=3).map(|k| (-0.5 * f64::from(k * k)).exp()).sum();
    let expected = [(0, 0), (1, 0), (1, 2), (3, 3)]
        .map(|(i, j): (i32, i32)| (-0.5 * f64::from(i * i + j * j)).exp() / (total * total));
    let found = [(5, 5), (6, 5), (6, 7), (8, 8)].map(|(row, column)| at(&bell, row, column));
    assert_close(&found, &expected, Tolerance::Rounding);
    for y in [nine, fractional, bell] {
        assert_close(&[y.iter().sum::<f32>()], &[1.0], Tolerance::Rounding);
    }
}

#[everywhere]
async fn a_shift_moves_the_picture_and_repeats_its_border() {
    let x = pictures([8, 1, 8, 8], 0.0, 1.0, 10);
    let original = read(x.clone()).await;
    let moved = |x: &[f32], down: f32, right: f32| -> Vec<f32> {
        let at = |row: isize, column: isize| x[(row.clamp(0, 7) * 8 + column.clamp(0, 7)) as usize];
        let sample = |row: f32, column: f32| {
            let (r, c) = (row.floor(), column.floor());
            let (fr, fc) = (row - r, column - c);
            let (r, c) = (r as isize, c as isize);
            (1.0 - fr) * ((1.0 - fc) * at(r, c) + fc * at(r, c + 1))
                + fr * ((1.0 - fc) * at(r + 1, c) + fc * at(r + 1, c + 1))
        };
        (0..64).map(|i| sample((i / 8) as f32 - down, (i % 8) as f32 - right)).collect()
    };
    for strength in [2.0, 1.5] {
        let mut directions = std::collections::HashSet::new();
        for (y, x) in changed(Kind::Shift, strength, &x).await.chunks(64).zip(original.chunks(64)) {
            let candidates = [(1, 1), (1, -1), (-1, 1), (-1, -1)];
            let found: Vec<_> = candidates
                .into_iter()
                .filter(|&(down, right)| {
                    let expected = moved(x, strength * down as f32, strength * right as f32);
                    y.iter().zip(&expected).all(|(&a, &b)| Tolerance::Rounding.allows(a.into(), b.into()))
                })
                .collect();
            assert_eq!(found.len(), 1, "a picture did not move by {strength} px");
            directions.insert(found[0]);
        }
        assert!(directions.len() > 1);
    }
}

#[everywhere]
async fn a_mixture_draws_one_component_for_each_picture() {
    let n = 400;
    let x = tensor(&vec![0.5; n * 4], [n, 1, 2, 2]);
    let mixture: Perturbation = "brightness:0.25+gaussian:0+uniform:0.01".parse().unwrap();
    let (mut bright, mut same, mut noisy) = (0.0, 0.0, 0.0);
    for y in apply(&mixture, &x, Spread::Full, 6).await.chunks(4) {
        let offset = y[0] - 0.5;
        match () {
            () if y.iter().all(|&v| v == 0.5) => same += 1.0,
            () if y.iter().all(|&v| v == y[0]) => {
                bright += 1.0;
                assert_close(&[offset.abs()], &[0.25], Tolerance::Rounding);
            }
            () => {
                noisy += 1.0;
                assert!(y.iter().all(|v| (v - 0.5).abs() <= 0.0101), "a picture got two components");
            }
        }
    }
    // A third each of 400: standard error 9.4.
    for count in [bright, same, noisy] {
        assert!((95.0..172.0).contains(&count), "{bright} {same} {noisy}");
    }
}

#[everywhere]
async fn a_full_spread_uses_the_whole_strength_and_a_uniform_one_less() {
    let x = tensor(&[0.5; 300 * 4], [300, 1, 2, 2]);
    let p = Perturbation::single(Kind::Brightness, 0.2);
    let amounts = |y: Vec<f32>| y.chunks(4).map(|y| f64::from((y[0] - 0.5).abs())).collect::<Vec<_>>();
    let full = amounts(apply(&p, &x, Spread::Full, 1).await);
    assert_close(&full, &[0.2; 300], Tolerance::Rounding);
    let uniform = amounts(apply(&p, &x, Spread::Uniform, 1).await);
    assert!(uniform.iter().all(|&amount| amount <= 0.2 + 1e-6));
    // The mean of |u| is ½; its standard error over 300 is 3.3 %.
    let mean = uniform.iter().sum::<f64>() / 300.0;
    assert!((0.085..0.115).contains(&mean), "{mean}");
}
