//! Weights files: exact round trips, hostile files.

use crate::common::{Tolerance, assert_close, bits, everywhere, lively, refused, small};
use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use semantic_continuity::error::Code;
use semantic_continuity::model::{Architecture, Precision, Weights};
use semantic_continuity::seed::{Seed, Stream};

fn weights() -> Weights {
    lively(&small(Architecture::SmallCnn, 1), 1, 1.0)
}

#[everywhere]
async fn f32_files_are_exact_and_carry_notes() {
    for &architecture in Architecture::ALL {
        for channels in [1, 3] {
            let weights = lively(&small(architecture, channels), 9, 3.0);
            let bytes = weights.to_safetensors(Precision::F32, &[("step", "12".to_owned())]);
            let (read, notes) = Weights::from_safetensors(&bytes).unwrap();
            assert_eq!(bits(&read.values), bits(&weights.values));
            assert_eq!(read.config, weights.config);
            assert_eq!(notes["step"], "12");
            let again = read.to_safetensors(Precision::F32, &[("step", "12".to_owned())]);
            assert_eq!(again, bytes, "equal weights, other bytes");
        }
    }
}

#[everywhere]
async fn f16_files_keep_half_precision_at_half_the_size() {
    let mut weights = weights();
    // Zero, the smallest of each sort, and numbers halfway between two.
    for (value, special) in weights.values.iter_mut().zip([0.0, -0.0, 6e-8, 6.1e-5, 1.0 + 4.8828125e-4, -65504.0, 3e-8])
    {
        *value = special;
    }
    let bytes = weights.to_safetensors(Precision::F16, &[]);
    assert!(bytes.len() * 2 < weights.to_safetensors(Precision::F32, &[]).len() + 4000);
    let (read, _) = Weights::from_safetensors(&bytes).unwrap();
    assert_close(&read.values, &weights.values, Tolerance::Half);
    // A second trip loses nothing more.
    let (again, _) = Weights::from_safetensors(&read.to_safetensors(Precision::F16, &[])).unwrap();
    assert_eq!(bits(&again.values), bits(&read.values));
}

#[everywhere]
async fn tensors_have_the_names_and_shapes_of_pytorch() {
    let bytes = weights().to_safetensors(Precision::F32, &[]);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let shape = |name| file.tensor(name).unwrap().shape().to_vec();
    assert_eq!(shape("conv1.weight"), [8, 1, 3, 3]);
    assert_eq!(shape("conv2.weight"), [16, 8, 3, 3]);
    assert_eq!(shape("fc1.weight"), [64, 64]);
    assert_eq!(shape("fc2.weight"), [3, 64]);
    assert_eq!(shape("fc2.bias"), [3]);
    assert_eq!(file.len(), 8);
}

/// A tensor of a file that a test takes apart.
struct Part {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// A weights file, taken apart, changed and put together again.
fn forged(change: impl FnOnce(&mut Vec<Part>, &mut Option<String>)) -> Vec<u8> {
    let weights = weights();
    let bytes = weights.to_safetensors(Precision::F32, &[]);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut parts: Vec<Part> = file
        .tensors()
        .into_iter()
        .map(|(name, view)| Part {
            name,
            dtype: view.dtype(),
            shape: view.shape().to_vec(),
            bytes: view.data().to_vec(),
        })
        .collect();
    let mut config = Some(serde_json::to_string(&weights.config).unwrap());
    change(&mut parts, &mut config);
    let views = parts.iter().map(|p| (&p.name, TensorView::new(p.dtype, p.shape.clone(), &p.bytes).unwrap()));
    safetensors::serialize(views, config.map(|config| [("config".to_owned(), config)].into())).unwrap()
}

fn part<'a>(parts: &'a mut [Part], name: &str) -> &'a mut Part {
    parts.iter_mut().find(|part| part.name == name).unwrap()
}

#[everywhere]
async fn an_unchanged_forgery_is_accepted() {
    let (read, _) = Weights::from_safetensors(&forged(|_, _| {})).unwrap();
    assert_eq!(read, weights());
}

#[everywhere]
async fn files_of_other_models_are_a_mismatch() {
    let missing = forged(|parts, _| parts.retain(|part| part.name != "conv2.bias"));
    let extra = forged(|parts, _| {
        parts.push(Part { name: "fc3.bias".into(), dtype: Dtype::F32, shape: vec![1], bytes: vec![0; 4] });
    });
    let reshaped = forged(|parts, _| part(parts, "fc1.weight").shape = vec![32, 128]);
    let transposed = forged(|parts, _| part(parts, "fc2.weight").shape = vec![64, 3]);
    let doubles = forged(|parts, _| {
        let part = part(parts, "fc2.bias");
        (part.dtype, part.bytes) = (Dtype::F64, vec![0; 24]);
    });
    let integers = forged(|parts, _| part(parts, "fc2.bias").dtype = Dtype::I32);
    let resnet = forged(|_, config| {
        *config = config.take().map(|config| config.replace("small-cnn", "mini-resnet"));
    });
    for (bytes, word) in [
        (missing, "conv2.bias"),
        (extra, "fc3.bias"),
        (reshaped, "[32, 128]"),
        (transposed, "[64, 3]"),
        (doubles, "F64"),
        (integers, "I32"),
        (resnet, "Mini ResNet"),
    ] {
        let message = refused(Weights::from_safetensors(&bytes), Code::WeightsMismatch);
        assert!(message.contains(word), "{message}");
    }
}

#[everywhere]
async fn corrupt_files_are_refused() {
    let value =
        |value: f32| forged(move |parts, _| part(parts, "fc1.bias").bytes[..4].copy_from_slice(&value.to_le_bytes()));
    let half_infinity = forged(|parts, _| {
        let part = part(parts, "fc2.bias");
        (part.dtype, part.bytes) = (Dtype::F16, f16::INFINITY.to_le_bytes().repeat(3));
    });
    let config = |text: &'static str| forged(move |_, config| *config = Some(text.to_owned()));
    let replaced = |from: &'static str, to: &'static str| {
        forged(move |_, config| *config = config.take().map(|config| config.replace(from, to)))
    };
    for (bytes, word) in [
        (value(f32::NAN), "NaN"),
        (value(f32::NEG_INFINITY), "-inf"),
        (half_infinity, "inf"),
        (forged(|_, config| *config = None), "config"),
        (config("{}"), "missing field"),
        (config("no JSON"), "expected"),
        (replaced("small-cnn", "vgg"), "vgg"),
        (replaced("\"classes\":3", "\"classes\":-3"), "-3"),
        (replaced("\"classes\":3", "\"classes\":100000000000"), "100000000000"),
        (replaced("\"height\":8", "\"height\":4000000000"), "4000000000"),
        (replaced("\"height\":8", "\"height\":8,\"depth\":8"), "depth"),
        (replaced("\"std\":[0.3]", "\"std\":[0]"), "normalisation"),
        (replaced("\"std\":[0.3]", "\"std\":[]"), "normalisation"),
    ] {
        let message = refused(Weights::from_safetensors(&bytes), Code::InvalidWeights);
        assert!(message.contains(word), "{word}: {message}");
    }
}

#[everywhere]
async fn cut_off_files_are_refused() {
    let bytes = weights().to_safetensors(Precision::F32, &[]);
    for length in [0, 1, 7, 8, 9, 100, bytes.len() / 2, bytes.len() - 4, bytes.len() - 1] {
        refused(Weights::from_safetensors(&bytes[..length]), Code::InvalidWeights);
    }
    refused(Weights::from_safetensors(&[&bytes[..], &[0; 4]].concat()), Code::InvalidWeights);
    let mut header = bytes;
    header[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    refused(Weights::from_safetensors(&header), Code::InvalidWeights);
}

/// Flipped bits in header and values: a typed error or weights that are finite, never a panic.
#[everywhere]
async fn flipped_bits_never_panic() {
    let sound = weights().to_safetensors(Precision::F32, &[]);
    let header = 8 + u64::from_le_bytes(sound[..8].try_into().unwrap()) as usize;
    let (mut refusals, mut accepted) = (0, 0);
    for round in 0..600 {
        let mut rng = Seed(round).rng(Stream::Evaluation, 0);
        let mut bytes = sound.clone();
        let length = if round % 3 == 0 { bytes.len() } else { header };
        for _ in 0..1 + rng.below(3) {
            bytes[rng.below(length)] ^= 1 << rng.below(8);
        }
        match Weights::from_safetensors(&bytes) {
            Ok((weights, _)) => {
                accepted += 1;
                weights.config.validate().unwrap();
                assert_eq!(weights.values.len(), weights.config.layout().len());
                assert!(weights.values.iter().all(|value| value.is_finite()));
            }
            Err(error) => {
                refusals += 1;
                assert!(matches!(error.code, Code::InvalidWeights | Code::WeightsMismatch), "{error}");
            }
        }
    }
    assert!(refusals > 100 && accepted > 50, "{refusals} refused, {accepted} accepted");
}
