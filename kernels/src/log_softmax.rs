//! Log-softmax of rows, and its gradient. Exponential and logarithm are libm's in Rust, for those of a system differ from
//! one to the next in their last bit.

/// `y[r, i] = x[r, i] − ln Σ_j exp x[r, j]` for rows of `columns` values; a row with NaN becomes NaN.
///
/// # Panics
/// When there are no columns, or the last row has fewer.
pub fn log_softmax(x: &[f32], columns: usize) -> Vec<f32> {
    assert!(x.len().is_multiple_of(columns), "the values are no rows of {columns}");
    let mut y = Vec::with_capacity(x.len());
    for row in x.chunks_exact(columns) {
        let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = row.iter().map(|&x| libm::expf(x - most)).sum();
        let log = libm::logf(sum);
        y.extend(row.iter().map(|&x| x - most - log));
    }
    y
}

/// `∂/∂x` of the sum that has the gradient g, `gradient`, at y = [`log_softmax`] of x: `g[r, i] − exp y[r, i] · Σ_j g[r, j]`.
///
/// # Panics
/// When there are no columns, the last row has fewer, or the slices differ in length.
pub fn log_softmax_gradient(y: &[f32], gradient: &[f32], columns: usize) -> Vec<f32> {
    assert!(y.len().is_multiple_of(columns), "the values are no rows of {columns}");
    assert_eq!(y.len(), gradient.len(), "the gradient has another shape");
    let mut dx = Vec::with_capacity(y.len());
    for (y, g) in y.chunks_exact(columns).zip(gradient.chunks_exact(columns)) {
        let sum: f32 = g.iter().sum();
        dx.extend(y.iter().zip(g).map(|(&y, &g)| g - libm::expf(y) * sum));
    }
    dx
}
