//! The classifiers: shapes, hand-made networks, independence of the images of a batch.

mod file;
mod reference;

use crate::common::{
    Tolerance, assert_close, bits, everywhere, lively, network, peaks, pictures, quadrants, read, refused, set, small,
    stripes, tensor,
};
use burn::tensor::Tensor;
use semantic_continuity::data::Dataset;
use semantic_continuity::error::Code;
use semantic_continuity::model::{Architecture, ModelConfig, Track, Weights, base_file};
use semantic_continuity::seed::Seed;

#[everywhere]
async fn shapes_are_those_of_the_architecture() {
    for channels in [1, 3] {
        // Odd sides lose their last row or column in pooling; width and height must not be swapped.
        for (height, width) in [(8, 8), (28, 28), (9, 14)] {
            let x = pictures([2, channels, height, width], 0.0, 1.0, 1);
            for &architecture in Architecture::ALL {
                let config = ModelConfig { height, width, ..small(architecture, channels) };
                config.validate().unwrap();
                let output = network(&config.init(Seed(1)), Track::Nothing).forward(x.clone());
                let maps: Vec<[usize; 4]> = output.maps.iter().map(Tensor::dims).collect();
                let (h, w) = (height, width);
                match architecture {
                    Architecture::SmallCnn => {
                        assert_eq!(maps, [[2, 8, h, w], [2, 16, h / 2, w / 2]]);
                        assert_eq!(output.features.dims(), [2, 64]);
                    }
                    Architecture::MiniResNet => {
                        let half = |n: usize| n.div_ceil(2);
                        let (h2, w2) = (half(h), half(w));
                        let expected = [[2, 8, h, w], [2, 8, h, w], [2, 16, h2, w2], [2, 32, half(h2), half(w2)]];
                        assert_eq!(maps, expected);
                        assert_eq!(output.features.dims(), [2, 32]);
                    }
                }
                assert_eq!(output.logits.dims(), [2, 3]);
                assert!(read(output.logits).await.iter().all(|z| z.is_finite()));
            }
        }
    }
}

#[everywhere]
async fn the_layout_has_the_parameters_of_the_architecture() {
    let config = ModelConfig { height: 28, width: 28, classes: 10, ..small(Architecture::SmallCnn, 1) };
    // 8·9 + 8, 16·8·9 + 16, 64·784 + 64, 10·64 + 10.
    assert_eq!(config.layout().len(), 80 + 1168 + 50_240 + 650);
    let config = ModelConfig { classes: 10, ..small(Architecture::MiniResNet, 3) };
    let stage = |input: usize, output: usize, skip: usize| {
        (input * 9 + 1 + 2) * output + (output * 9 + 1 + 2) * output + skip * (input + 1) * output
    };
    let stem = (3 * 9 + 1 + 2) * 8;
    assert_eq!(config.layout().len(), stem + stage(8, 8, 0) + stage(8, 16, 1) + stage(16, 32, 1) + 330);
    for &architecture in Architecture::ALL {
        let layout = small(architecture, 1).layout();
        let names: std::collections::HashSet<_> = layout.parameters().iter().map(|p| &p.name).collect();
        assert_eq!(names.len(), layout.parameters().len());
        assert!(!layout.is_empty());
    }
}

#[everywhere]
async fn initial_weights_stay_in_their_bounds_and_follow_the_seed() {
    for &architecture in Architecture::ALL {
        let config = small(architecture, 3);
        let weights = config.init(Seed(1));
        assert_eq!(weights, config.init(Seed(1)));
        assert_ne!(weights, config.init(Seed(2)));
        let mut rest = &weights.values[..];
        for parameter in config.layout().parameters() {
            let (values, after) = rest.split_at(parameter.size());
            rest = after;
            if parameter.name.contains("norm") {
                let expected = if parameter.name.ends_with("weight") { 1.0 } else { 0.0 };
                assert!(values.iter().all(|&v| v == expected));
            } else if parameter.name.ends_with("weight") {
                let bound = 1.0 / (parameter.shape[1..].iter().product::<usize>() as f32).sqrt();
                let largest = values.iter().fold(0f32, |largest, v| largest.max(v.abs()));
                assert!(largest <= bound && largest > 0.9 * bound, "{}: {largest} of {bound}", parameter.name);
            }
        }
    }
}

#[everywhere]
async fn a_hand_made_network_gives_the_answers_worked_out_by_hand() {
    let weights = quadrants(&[[1.0, -2.0, 0.5, 0.0], [0.0, 1.0, 0.0, 3.0], [0.0; 4]], &[0.1, -0.25, 0.0]);
    let (first, _) = peaks([0.5, 0.25, 1.0, 0.75]);
    let (second, _) = peaks([0.9, 0.3, 0.4, 0.6]);
    let output = network(&weights, Track::Nothing).forward(tensor(&[first.clone(), second].concat(), [2, 1, 8, 8]));
    let expected = [0.5 - 0.5 + 0.5 + 0.1, 0.25 + 2.25 - 0.25, 0.0, 0.9 - 0.6 + 0.2 + 0.1, 0.3 + 1.8 - 0.25, 0.0];
    assert_close(&read(output.logits).await, &expected, Tolerance::Rounding);
    assert_close(&read(output.features).await[..5], &[0.5, 0.25, 1.0, 0.75, 0.0], Tolerance::Rounding);
    // The first map is the picture, the others are empty.
    let map = read(output.maps[0].clone()).await;
    assert_eq!(bits(&map[..64]), bits(&first));
    assert!(map[64..8 * 64].iter().all(|&v| v == 0.0));
}

#[everywhere]
async fn a_convolution_slides_its_kernel_without_flipping_and_pads_with_zeros() {
    let mut weights = quadrants(&[[0.0; 4]; 2], &[0.0; 2]);
    for (index, value) in [([0, 0, 1, 1], 0.0), ([0, 0, 0, 2], 2.0), ([0, 0, 2, 1], 1.0)] {
        set(&mut weights, "conv1.weight", &index, value);
    }
    set(&mut weights, "conv1.bias", &[0], -0.125);
    let x: Vec<f32> = (0..64).map(|i| i as f32 / 64.0).collect();
    let map = read(network(&weights, Track::Nothing).forward(tensor(&x, [1, 1, 8, 8])).maps[0].clone()).await;
    let at = |row: isize, column: isize| {
        let inside = (0..8).contains(&row) && (0..8).contains(&column);
        if inside { x[(row * 8 + column) as usize] } else { 0.0 }
    };
    let expected: Vec<f32> = (0..64)
        .map(|i| {
            let (row, column) = (i / 8, i % 8);
            (2.0 * at(row - 1, column + 1) + at(row + 1, column) - 0.125).max(0.0)
        })
        .collect();
    assert_close(&map[..64], &expected, Tolerance::Rounding);
}

#[everywhere]
async fn normalisation_is_the_first_thing_a_network_does() {
    for &architecture in Architecture::ALL {
        let normalising =
            ModelConfig { mean: vec![0.1, 0.2, 0.3], std: vec![0.5, 0.25, 2.0], ..small(architecture, 3) };
        let bare = ModelConfig { mean: vec![0.0; 3], std: vec![1.0; 3], ..small(architecture, 3) };
        let weights = lively(&normalising, 3, 1.5);
        let x = pictures([2, 3, 8, 8], 0.0, 1.0, 4);
        let by_hand: Vec<f32> = read(x.clone())
            .await
            .iter()
            .enumerate()
            .map(|(i, v)| (v - normalising.mean[i / 64 % 3]) / normalising.std[i / 64 % 3])
            .collect();
        let expected = network(&Weights { config: bare, values: weights.values.clone() }, Track::Nothing)
            .forward(tensor(&by_hand, [2, 3, 8, 8]));
        let output = network(&weights, Track::Nothing).forward(x);
        assert_close(&read(output.logits).await, &read(expected.logits).await, Tolerance::Accumulated);
    }
}

/// What one image gives must not depend on its neighbours: else x and x′ = P(x) would mix, as under batch
/// normalisation.
#[everywhere]
async fn images_of_a_batch_do_not_mix() {
    for &architecture in Architecture::ALL {
        let network = network(&lively(&small(architecture, 3), 2, 1.5), Track::Nothing);
        let (x, y) = (pictures([3, 3, 8, 8], 0.0, 1.0, 5), pictures([2, 3, 8, 8], 0.0, 1.0, 6));
        let both = network.forward(Tensor::cat(vec![x.clone(), y.clone()], 0));
        for (part, alone) in [(both.narrow(0, 3), network.forward(x)), (both.narrow(3, 2), network.forward(y))] {
            assert_close(&read(part.logits).await, &read(alone.logits).await, Tolerance::Accumulated);
            assert_close(&read(part.features).await, &read(alone.features).await, Tolerance::Accumulated);
            for (part, alone) in part.maps.into_iter().zip(alone.maps) {
                assert_close(&read(part).await, &read(alone).await, Tolerance::Accumulated);
            }
        }
    }
}

#[everywhere]
async fn group_normalisation_gives_each_image_mean_0_and_deviation_1() {
    let mut weights = small(Architecture::MiniResNet, 1).init(Seed(1));
    // The first map is relu(norm(stem)): a large shift of the norm's bias keeps relu out of the way.
    for channel in 0..8 {
        set(&mut weights, "stem_norm.bias", &[channel], 100.0);
    }
    let map =
        read(network(&weights, Track::Nothing).forward(pictures([2, 1, 8, 8], 0.0, 1.0, 7)).maps[0].clone()).await;
    for group in map.chunks_exact(2 * 64) {
        let mean = group.iter().map(|&v| f64::from(v)).sum::<f64>() / 128.0;
        let variance = group.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / 128.0;
        // ε = 1e-5 in the root lowers the variance a little; the shift by 100 leaves 5 decimals.
        assert_close(&[mean / 100.0, variance], &[1.0, 1.0], Tolerance::Difference);
    }
}

#[everywhere]
async fn tracking_gradients_changes_no_answer() {
    for &architecture in Architecture::ALL {
        let weights = lively(&small(architecture, 1), 2, 1.5);
        let x = pictures([2, 1, 8, 8], 0.0, 1.0, 5);
        let plain = read(network(&weights, Track::Nothing).forward(x.clone()).logits).await;
        for track in [Track::Input, Track::Parameters] {
            let tracked = network(&weights, track);
            assert_eq!(tracked.device(), network(&weights, Track::Nothing).device());
            let logits = tracked.forward(x.clone().autodiff()).logits.without_autodiff();
            assert_eq!(bits(&read(logits).await), bits(&plain), "{architecture} {track:?}");
        }
    }
}

#[everywhere]
async fn a_network_for_data_takes_its_size_and_statistics() {
    let train = stripes(12, 3, 1);
    let config = ModelConfig::for_data(Architecture::MiniResNet, &train, 3);
    config.validate().unwrap();
    assert_eq!((config.channels, config.height, config.width, config.classes), (3, 8, 8, 3));
    assert_eq!((config.mean, config.std), train.statistics());
}

#[everywhere]
async fn absurd_configurations_are_refused_by_value() {
    let sound = small(Architecture::SmallCnn, 1);
    let cases = [
        (ModelConfig { channels: 2, mean: vec![0.0; 2], std: vec![1.0; 2], ..sound.clone() }, "2 channels"),
        (ModelConfig { channels: 0, mean: vec![], std: vec![], ..sound.clone() }, "0 channels"),
        (ModelConfig { height: 7, ..sound.clone() }, "7×8"),
        (ModelConfig { width: usize::MAX, ..sound.clone() }, "8 to 64"),
        (ModelConfig { classes: 1, ..sound.clone() }, "1 classes"),
        (ModelConfig { classes: 101, ..sound.clone() }, "101 classes"),
        (ModelConfig { mean: vec![0.0; 2], ..sound.clone() }, "normalisation"),
        (ModelConfig { mean: vec![f32::NAN], ..sound.clone() }, "NaN"),
        (ModelConfig { std: vec![0.0], ..sound.clone() }, "normalisation"),
        (ModelConfig { std: vec![-1.0], ..sound.clone() }, "-1"),
        (ModelConfig { std: vec![f32::INFINITY], ..sound.clone() }, "inf"),
        // 1 / std would not be finite.
        (ModelConfig { std: vec![1e-40], ..sound }, "normalisation"),
    ];
    for (config, word) in cases {
        let message = refused(config.validate(), Code::InvalidWeights);
        assert!(message.contains(word), "{message}");
    }
}

#[everywhere]
async fn a_base_is_shipped_for_the_default_settings() {
    assert!(base_file(Dataset::FashionMnist, Architecture::SmallCnn).unwrap().ends_with(".safetensors"));
    let message = refused(base_file(Dataset::ColorMnist, Architecture::MiniResNet), Code::NoBase);
    assert!(message.contains("Color MNIST") && message.contains("Mini ResNet"), "{message}");
}
