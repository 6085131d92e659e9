//! Pictures made larger.

use super::Split;

/// The value of the `[h, w]` grid at a fractional place within it, linear between the four around it.
pub(super) fn bilinear(grid: &[f32], h: usize, w: usize, row: f32, column: f32) -> f32 {
    let (top, left) = ((row as usize).min(h - 1), (column as usize).min(w - 1));
    let (bottom, right) = ((top + 1).min(h - 1), (left + 1).min(w - 1));
    let (v, u) = (row - top as f32, column - left as f32);
    let between = |r: usize| grid[r * w + left] * (1.0 - u) + grid[r * w + right] * u;
    between(top) * (1.0 - v) + between(bottom) * v
}

impl Split {
    /// Each picture enlarged to `inner` pixels a side, in the middle of a black one of `outer`.
    pub(super) fn framed(&self, inner: usize, outer: usize) -> Self {
        let (h, w) = (self.height, self.width);
        let margin = (outer - inner) / 2;
        // Centres of pixels on centres of pixels.
        let place = |at: usize, size: usize| {
            let at = (at as f32 + 0.5) * size as f32 / inner as f32 - 0.5;
            at.clamp(0.0, (size - 1) as f32)
        };
        let mut pixels = Vec::with_capacity(self.len() * self.channels * outer * outer);
        for plane in self.pixels.chunks_exact(h * w) {
            let plane: Vec<f32> = plane.iter().map(|&v| f32::from(v)).collect();
            pixels.extend((0..outer * outer).map(|i| {
                let (row, column) = ((i / outer).wrapping_sub(margin), (i % outer).wrapping_sub(margin));
                let inside = row < inner && column < inner;
                if inside { bilinear(&plane, h, w, place(row, h), place(column, w)).round() as u8 } else { 0 }
            }));
        }
        Self { height: outer, width: outer, pixels, alpha: Vec::new(), labels: self.labels.clone(), ..*self }
    }
}
