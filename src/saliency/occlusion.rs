//! Occlusion.

use super::scores;
use crate::error::Result;
use crate::model::Classifier;
use crate::tensor::read;
use burn::tensor::{Tensor, TensorData};

pub(super) async fn map(
    classifier: &Classifier,
    x: &Tensor<4>,
    class: usize,
    window: usize,
    baseline: &Tensor<4>,
) -> Result<Vec<f32>> {
    let [_, _, h, w] = x.dims();
    let windows: Vec<[usize; 2]> = starts(h, window)
        .into_iter()
        .flat_map(|top| starts(w, window).into_iter().map(move |left| [top, left]))
        .collect();
    let shown = masks(&windows, window, [h, w]);
    let shown = Tensor::<4>::from_data(TensorData::new(shown, [windows.len(), 1, h, w]), &x.device());
    let values =
        read(Tensor::cat(vec![scores(classifier, x, class), scores(classifier, &hide(x, baseline, shown), class)], 0))
            .await?;
    let (whole, hidden) = (values[0], &values[1..]);
    let mut map = vec![0.0; h * w];
    let mut count = vec![0.0f32; h * w];
    for (&[top, left], &score) in windows.iter().zip(hidden) {
        for pixel in (top..top + window).flat_map(|row| (left..left + window).map(move |column| row * w + column)) {
            map[pixel] += whole - score;
            count[pixel] += 1.0;
        }
    }
    Ok(map.iter().zip(&count).map(|(sum, n)| sum / n).collect())
}

/// `shown · x + (1 − shown) · baseline`, where `shown` is `[m, 1, h, w]` of 0 and 1.
pub(super) fn hide(x: &Tensor<4>, baseline: &Tensor<4>, shown: Tensor<4>) -> Tensor<4> {
    baseline.clone() + (x.clone() - baseline.clone()) * shown
}

/// Positions half a window apart that together cover `size` pixels.
fn starts(size: usize, window: usize) -> Vec<usize> {
    let last = size - window;
    let mut starts: Vec<usize> = (0..last).step_by((window / 2).max(1)).collect();
    starts.push(last);
    starts
}

/// 1 outside each window, 0 inside.
fn masks(windows: &[[usize; 2]], window: usize, [h, w]: [usize; 2]) -> Vec<f32> {
    let mut masks = vec![1.0; windows.len() * h * w];
    for (mask, &[top, left]) in masks.chunks_exact_mut(h * w).zip(windows) {
        for row in top..top + window {
            mask[row * w + left..row * w + left + window].fill(0.0);
        }
    }
    masks
}
