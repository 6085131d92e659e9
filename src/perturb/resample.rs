//! Blur and shift as linear maps of one axis: a `size × size` matrix whose rows sum to 1. Beyond the border the
//! border pixel repeats.

/// The matrix that gives row `i` the weights `taps` (offset, weight) around it.
fn matrix(size: usize, taps: &[(isize, f32)]) -> Vec<f32> {
    let total: f32 = taps.iter().map(|tap| tap.1).sum();
    let mut m = vec![0.0; size * size];
    for row in 0..size {
        for &(offset, weight) in taps {
            let column = (row as isize + offset).clamp(0, size as isize - 1) as usize;
            m[row * size + column] += weight / total;
        }
    }
    m
}

/// Mean over `2 · radius + 1` pixels; a fractional radius gives the outermost pixels their fraction.
pub(super) fn box_blur(size: usize, radius: f32) -> Vec<f32> {
    let reach = radius.ceil() as isize;
    let taps: Vec<_> = (-reach..=reach).map(|k| (k, (radius + 1.0 - k.unsigned_abs() as f32).min(1.0))).collect();
    matrix(size, &taps)
}

/// Gaussian bell with standard deviation `sigma` pixels (above 0), cut off at 3σ.
pub(super) fn gaussian_blur(size: usize, sigma: f32) -> Vec<f32> {
    let reach = (3.0 * sigma).ceil() as isize;
    let taps: Vec<_> = (-reach..=reach).map(|k| (k, (-0.5 * (k as f32 / sigma).powi(2)).exp())).collect();
    matrix(size, &taps)
}

/// Moves the content by `distance` pixels, linearly interpolated.
pub(super) fn shift(size: usize, distance: f32) -> Vec<f32> {
    let source = -distance;
    let below = source.floor();
    let fraction = source - below;
    matrix(size, &[(below as isize, 1.0 - fraction), (below as isize + 1, fraction)])
}
