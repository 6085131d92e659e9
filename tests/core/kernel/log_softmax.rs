//! Log-softmax against its formula and burn's own.

use super::eighths;
use crate::common::{Tolerance, assert_close, bits, everywhere, pictures, read, tensor};
use burn::tensor::{Tensor, activation};
use semantic_continuity::kernel::log_softmax;

/// The output, and the gradient of the input for some gradient of the output.
async fn run(x: &Tensor<2>, layer: impl Fn(Tensor<2>) -> Tensor<2>) -> [Vec<f32>; 2] {
    let x = x.clone().autodiff().require_grad();
    let y = layer(x.clone());
    let [rows, columns] = y.dims();
    let gradient = eighths([1, 1, rows, columns], 4).reshape([rows, columns]).autodiff();
    let found = (y.clone() * gradient).sum().backward();
    [read(y.without_autodiff()).await, read(x.grad(&found).unwrap()).await]
}

#[everywhere]
async fn it_is_close_to_that_of_burn() {
    for [rows, columns] in [[1, 1], [1, 10], [3, 2], [7, 10], [64, 10], [5, 33]] {
        let x = pictures([1, 1, rows, columns], -9.0, 9.0, 1).reshape([rows, columns]);
        let (ours, theirs) = (run(&x, log_softmax).await, run(&x, |x| activation::log_softmax(x, 1)).await);
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_close(ours, theirs, Tolerance::Reordered);
        }
        // Without autodiff, and in a batch of its own, a row is the same.
        assert_eq!(bits(&read(log_softmax(x.clone())).await), bits(&ours[0]));
        assert_eq!(bits(&read(log_softmax(x.narrow(0, rows - 1, 1))).await), bits(&ours[0][(rows - 1) * columns..]));
    }
}

#[everywhere]
async fn equal_logits_are_equally_likely_however_large() {
    for value in [0.0, -3.5, 1e30, -1e30] {
        let y = read(log_softmax(tensor(&[value; 4], [1, 4]))).await;
        assert_close(&y, &[-(4f64.ln()); 4], Tolerance::Reordered);
    }
    // One far above the others is certain, and its own gradient vanishes: 1/8 less the same.
    let [y, dx] = run(&tensor(&[200.0, 0.0], [1, 2]), log_softmax).await;
    assert_eq!(y, [0.0, -200.0]);
    assert_eq!(dx[0], -dx[1]);
    assert!(read(log_softmax(tensor(&[], [0, 10]))).await.is_empty());
}

#[everywhere]
async fn a_row_that_is_not_a_number_stays_visible_and_alone() {
    for hidden in [f32::NAN, f32::INFINITY] {
        let y = read(log_softmax(tensor(&[1.0, hidden, 0.0, 2.0, 1.0, 0.0], [2, 3]))).await;
        assert!(y[..3].iter().any(|value| value.is_nan()) && y[3..].iter().all(|value| value.is_finite()), "{y:?}");
    }
}
