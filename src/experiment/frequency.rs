//! Coarse and fine parts of a picture.
//!
//! Ideal filters in the discrete cosine transform, whose even continuation has no jump at the borders; the accuracy
//! curves over frequency follow Yin et al. (2019, "A Fourier perspective on model robustness"), the transform is ours.

/// The orthonormal DCT-II matrix, row `k` of `n`.
fn basis(n: usize) -> Vec<f32> {
    let size = n as f32;
    (0..n * n)
        .map(|at| {
            let (k, i) = ((at / n) as f32, (at % n) as f32);
            let scale = if k == 0.0 { (1.0 / size).sqrt() } else { (2.0 / size).sqrt() };
            scale * (std::f32::consts::PI / size * (i + 0.5) * k).cos()
        })
        .collect()
}

/// `a · b` for `a` of `n × m` and `b` of `m × p`.
fn product(a: &[f32], b: &[f32], n: usize, m: usize, p: usize) -> Vec<f32> {
    (0..n * p).map(|at| (0..m).map(|k| a[at / p * m + k] * b[k * p + at % p]).sum()).collect()
}

fn transposed(a: &[f32], n: usize, m: usize) -> Vec<f32> {
    (0..n * m).map(|at| a[at % n * m + at / n]).collect()
}

/// One plane `[h, w]` without its frequencies above `cutoff`, a share of the highest along an axis, 0..1. The mean
/// always stays.
pub(super) fn low_pass(plane: &[f32], h: usize, w: usize, cutoff: f32) -> Vec<f32> {
    let (rows, columns) = (basis(h), basis(w));
    let mut spectrum = product(&product(&rows, plane, h, h, w), &transposed(&columns, w, w), h, w, w);
    for (at, value) in spectrum.iter_mut().enumerate() {
        let (u, v) = ((at / w) as f32 / h as f32, (at % w) as f32 / w as f32);
        if at > 0 && (u * u + v * v).sqrt() > cutoff {
            *value = 0.0;
        }
    }
    product(&product(&transposed(&rows, h, h), &spectrum, h, h, w), &columns, h, w, w)
}
