//! What the kernels have no shape for, and slices that do not have the shape they are said to have.

use crate::common::everywhere;
use semantic_continuity_kernels::{Conv1x1, Conv3x3, Dense, Depthwise3x3, GroupNorm, MaxPool2};

#[everywhere]
async fn shapes_that_do_not_fit_have_no_kernel() {
    let convolution = |x, [co, ci, kh, kw]: [usize; 4], bias, stride| {
        let three = Conv3x3::new(x, [co, ci, kh, kw], bias, stride).is_some();
        // The same with kernels of 1×1.
        let one = Conv1x1::new(x, [co, ci, kh.saturating_sub(2), kw.saturating_sub(2)], bias, stride).is_some();
        assert_eq!(three, one, "{x:?} [{co}, {ci}, {kh}, {kw}] {bias} stride {stride}");
        three
    };
    assert!(convolution([2, 3, 4, 5], [6, 3, 3, 3], 6, 1) && convolution([2, 3, 4, 5], [6, 3, 3, 3], 6, 2));
    assert!(!convolution([2, 3, 4, 5], [6, 3, 3, 3], 6, 0) && !convolution([2, 3, 4, 5], [6, 3, 3, 3], 6, 3));
    for (x, weight, bias) in [
        // Other channels, kernels, biases.
        ([2, 3, 4, 5], [6, 4, 3, 3], 6),
        ([2, 3, 4, 5], [6, 1, 3, 3], 6),
        ([2, 3, 4, 5], [6, 3, 1, 1], 6),
        ([2, 3, 4, 5], [6, 3, 3, 5], 6),
        ([2, 3, 4, 5], [6, 3, 5, 3], 6),
        ([2, 3, 4, 5], [6, 3, 3, 3], 5),
        ([2, 3, 4, 5], [6, 3, 3, 3], 0),
        // Nothing to compute.
        ([2, 0, 4, 5], [6, 0, 3, 3], 6),
        ([2, 3, 0, 5], [6, 3, 3, 3], 6),
        ([2, 3, 4, 0], [6, 3, 3, 3], 6),
        ([2, 3, 4, 5], [0, 3, 3, 3], 0),
        // More than can be addressed, by each size and by their product.
        ([usize::MAX, 3, 4, 5], [6, 3, 3, 3], 6),
        ([2, usize::MAX, 4, 5], [6, usize::MAX, 3, 3], 6),
        ([2, 3, usize::MAX, 5], [6, 3, 3, 3], 6),
        ([2, 3, 4, usize::MAX], [6, 3, 3, 3], 6),
        ([2, 3, 4, 5], [usize::MAX, 3, 3, 3], usize::MAX),
        ([1 << 12, 1 << 10, 1 << 20, 1 << 21].map(|size: usize| size), [1, 1 << 10, 3, 3], 1),
    ] {
        assert!(!convolution(x, weight, bias, 1), "{x:?} {weight:?} {bias}");
    }
    let layer = |x, weight, bias| Dense::new(x, weight, bias).is_some();
    assert!(layer([2, 7], [5, 7], 5) && layer([0, 7], [5, 7], 5));
    for (x, weight, bias) in [
        ([2, 7], [5, 8], 5),
        ([2, 7], [5, 7], 4),
        ([2, 0], [5, 0], 5),
        ([2, 7], [0, 7], 0),
        ([usize::MAX, 7], [5, 7], 5),
        ([2, usize::MAX], [5, usize::MAX], 5),
        ([2, 7], [usize::MAX, 7], usize::MAX),
    ] {
        assert!(!layer(x, weight, bias), "{x:?} {weight:?} {bias}");
    }
    let depthwise = |x, weight, bias, stride| Depthwise3x3::new(x, weight, bias, stride).is_some();
    assert!(depthwise([2, 3, 4, 5], [3, 1, 3, 3], 3, 1) && depthwise([2, 3, 4, 5], [3, 1, 3, 3], 3, 2));
    for (x, weight, bias, stride) in [
        ([2, 3, 4, 5], [3, 1, 3, 3], 3, 0),
        ([2, 3, 4, 5], [3, 1, 3, 3], 3, 3),
        ([2, 3, 4, 5], [3, 1, 3, 3], 2, 1),
        ([2, 3, 4, 5], [4, 1, 3, 3], 3, 1),
        ([2, 3, 4, 5], [3, 3, 3, 3], 3, 1),
        ([2, 3, 4, 5], [3, 1, 5, 5], 3, 1),
        ([2, 3, 0, 5], [3, 1, 3, 3], 3, 1),
        ([2, 3, usize::MAX, 5], [3, 1, 3, 3], 3, 1),
        ([usize::MAX, 3, 4, 5], [3, 1, 3, 3], 3, 1),
    ] {
        assert!(!depthwise(x, weight, bias, stride), "{x:?} {weight:?} {bias} stride {stride}");
    }
    let normalisation = |x, groups, weight, bias| GroupNorm::new(x, groups, weight, bias).is_some();
    assert!(normalisation([2, 6, 4, 5], 3, 6, 6));
    for (x, groups, weight, bias) in [
        ([2, 6, 4, 5], 0, 6, 6),
        ([2, 6, 4, 5], 4, 6, 6),
        ([2, 6, 4, 5], 7, 6, 6),
        ([2, 6, 4, 5], 3, 5, 6),
        ([2, 6, 4, 5], 3, 6, 1),
        ([2, 6, 4, 0], 3, 6, 6),
        ([usize::MAX, 6, 4, 5], 3, 6, 6),
        ([2, 6, usize::MAX, 5], 3, 6, 6),
    ] {
        assert!(!normalisation(x, groups, weight, bias), "{x:?} in {groups} groups, {weight} {bias}");
    }
    let pooling = |x| MaxPool2::new(x).is_some();
    assert!(pooling([1, 1, 2, 2]) && pooling([2, 3, 5, 7]));
    for x in [
        [2, 0, 4, 4],
        [2, 3, 1, 4],
        [2, 3, 4, 1],
        [2, 3, 0, 0],
        [usize::MAX, 2, 2, 2],
        [2, usize::MAX, 2, 2],
        [2, 2, usize::MAX, 2],
        [2, 2, 2, usize::MAX],
    ] {
        assert!(!pooling(x), "{x:?}");
    }
}

/// A panic that a program can see; in a browser it ends the engine.
#[cfg(not(target_family = "wasm"))]
mod refused {
    use crate::common::tensor;
    use burn::tensor::DType;
    use semantic_continuity::kernel::{conv1x1, conv3x3, conv3x3_relu, dense, depthwise3x3, group_norm, max_pool2};
    use semantic_continuity_kernels::{Conv1x1, Conv3x3, Dense, Depthwise3x3, Layer, MaxPool2, Wanted};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn panics<T>(run: impl FnOnce() -> T) -> bool {
        catch_unwind(AssertUnwindSafe(run)).is_err()
    }

    #[test]
    fn slices_of_another_length() {
        let kernels: [Box<dyn Layer>; 5] = [
            Box::new(Conv3x3::new([2, 1, 3, 3], [4, 1, 3, 3], 4, 1).unwrap()),
            Box::new(Conv3x3::new([2, 1, 3, 3], [4, 1, 3, 3], 4, 2).unwrap()),
            Box::new(Conv1x1::new([2, 1, 3, 3], [4, 1, 1, 1], 4, 2).unwrap()),
            Box::new(Depthwise3x3::new([2, 4, 3, 3], [4, 1, 3, 3], 4, 2).unwrap()),
            Box::new(Dense::new([2, 9], [4, 9], 4).unwrap()),
        ];
        let all = Wanted { input: true, weight: true, bias: true };
        for kernel in kernels {
            let [x, weight, y] =
                [kernel.input_len(), kernel.weight_len(), kernel.output_len()].map(|len| vec![1.0; len]);
            let bias = [1.0; 4];
            assert!(!panics(|| kernel.forward(&x, &weight, &bias, true)), "{kernel:?}");
            assert!(panics(|| kernel.forward(&x[1..], &weight, &bias, true)), "{kernel:?}");
            assert!(panics(|| kernel.forward(&x, &weight[1..], &bias, true)), "{kernel:?}");
            assert!(panics(|| kernel.forward(&x, &weight, &bias[1..], true)), "{kernel:?}");
            assert!(!panics(|| kernel.gradients(&x, &weight, Some(&y), &y, all)), "{kernel:?}");
            assert!(panics(|| kernel.gradients(&x[1..], &weight, Some(&y), &y, all)), "{kernel:?}");
            assert!(panics(|| kernel.gradients(&x, &weight[1..], Some(&y), &y, all)), "{kernel:?}");
            assert!(panics(|| kernel.gradients(&x, &weight, Some(&y[1..]), &y, all)), "{kernel:?}");
            assert!(panics(|| kernel.gradients(&x, &weight, Some(&y), &y[1..], all)), "{kernel:?}");
        }
        let x = [1.0; 18];
        let kernel = MaxPool2::new([2, 1, 3, 3]).unwrap();
        assert!(!panics(|| (kernel.forward(&x), kernel.input_gradient(&x, &[1.0; 2]))));
        assert!(panics(|| kernel.forward(&x[1..])));
        assert!(panics(|| kernel.input_gradient(&x[1..], &[1.0; 2])));
        assert!(panics(|| kernel.input_gradient(&x, &[1.0; 3])));
    }

    #[test]
    fn tensors_that_do_not_fit() {
        let x = || tensor(&[1.0; 18], [2, 1, 3, 3]);
        let (two, one) = (|| tensor(&[1.0; 18], [1, 2, 3, 3]), || tensor(&[1.0; 9], [1, 1, 3, 3]));
        let bias = |len: usize| tensor(&vec![1.0; len], [len]);
        assert!(!panics(|| conv3x3(x(), one(), bias(1), 2)));
        assert!(panics(|| conv3x3(x(), two(), bias(1), 1)));
        assert!(panics(|| conv3x3_relu(x(), two(), bias(1), 1)));
        assert!(panics(|| conv3x3(x(), one(), bias(2), 1)));
        assert!(panics(|| conv3x3(x(), one(), bias(1), 3)));
        assert!(panics(|| conv3x3(x(), tensor(&[1.0; 25], [1, 1, 5, 5]), bias(1), 1)));
        assert!(!panics(|| conv1x1(x(), tensor(&[1.0; 2], [2, 1, 1, 1]), bias(2), 2)));
        assert!(panics(|| conv1x1(x(), one(), bias(1), 1)));
        assert!(panics(|| max_pool2(tensor(&[1.0; 3], [1, 1, 1, 3]))));
        let (rows, weight) = (|| tensor(&[1.0; 8], [2, 4]), || tensor(&[1.0; 12], [3, 4]));
        assert!(!panics(|| dense(rows(), weight(), bias(3))));
        assert!(panics(|| dense(rows(), weight(), bias(4))));
        assert!(panics(|| dense(rows(), rows().transpose(), bias(4))));
        // Another type of numbers.
        assert!(panics(|| max_pool2(x().cast(DType::F64))));
        assert!(panics(|| conv3x3(x(), one().cast(DType::F64), bias(1), 1)));
        assert!(!panics(|| depthwise3x3(x(), one(), bias(1), 2)));
        assert!(panics(|| depthwise3x3(x(), one(), bias(2), 1)));
        assert!(panics(|| depthwise3x3(x(), two(), bias(1), 1)));
        assert!(!panics(|| group_norm(x(), bias(1), bias(1), 1)));
        assert!(panics(|| group_norm(x(), bias(1), bias(1), 2)));
        assert!(panics(|| group_norm(x(), bias(2), bias(1), 1)));
    }
}
