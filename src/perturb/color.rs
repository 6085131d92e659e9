//! Linear maps of the RGB channels, as row-major 3×3 matrices.

/// Luma weights of Rec. 601, the usual grey of a colour picture.
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// `grey + factor · (x − grey)`: 1 is the identity, 0 is grey.
pub(super) fn saturation(factor: f32) -> [f32; 9] {
    std::array::from_fn(|i| {
        let (row, column) = (i / 3, i % 3);
        let identity = if row == column { 1.0 } else { 0.0 };
        factor * identity + (1.0 - factor) * LUMA[column]
    })
}

/// Rotation about the grey axis (1, 1, 1) by `turn` of the circle (Rodrigues' formula). Grey stays as it is.
pub(super) fn hue(turn: f32) -> [f32; 9] {
    let (sin, cos) = (turn * std::f32::consts::TAU).sin_cos();
    let third = (1.0 - cos) / 3.0;
    let skew = sin / 3f32.sqrt();
    let (a, b) = (third - skew, third + skew);
    let diagonal = cos + third;
    [diagonal, a, b, b, diagonal, a, a, b, diagonal]
}
