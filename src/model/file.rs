//! Weights as safetensors: one tensor a parameter under its layout name, the configuration as JSON in the metadata
//! entry `config`. Readable from PyTorch with `safetensors.torch.load_file`.

use super::{ModelConfig, Weights};
use crate::error::{Code, Error, Result};
use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};

/// Format of the stored values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 16-bit floats: half the size, for shipping.
    F16,
    /// 32-bit floats: exact.
    F32,
}

fn corrupt(what: impl std::fmt::Display) -> Error {
    Error::new(Code::InvalidWeights, format!("The weights file cannot be read: {what}."))
}

fn mismatch(message: String) -> Error {
    Error::new(Code::WeightsMismatch, message)
}

/// The same file with the entries of its header in alphabetical order: metadata leave their hash map in a random one,
/// and equal weights should be equal bytes.
fn sorted(mut file: Vec<u8>) -> Vec<u8> {
    let (length, rest) = file.split_first_chunk_mut::<8>().expect("a file begins with the length of its header");
    let header = &mut rest[..u64::from_le_bytes(*length) as usize];
    let entries: BTreeMap<String, BTreeMap<String, Box<RawValue>>> =
        serde_json::from_slice(header).expect("the header is an object of objects");
    let text = serde_json::to_string(&entries).expect("it was JSON before");
    header.fill(b' ');
    header[..text.len()].copy_from_slice(text.as_bytes());
    file
}

impl Weights {
    /// Writes the weights; `note` is added to the metadata (name to text).
    pub fn to_safetensors(&self, precision: Precision, note: &[(&str, String)]) -> Vec<u8> {
        let layout = self.config.layout();
        let mut rest = &self.values[..];
        let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = layout
            .parameters()
            .iter()
            .map(|parameter| {
                let (values, after) = rest.split_at(parameter.size());
                rest = after;
                let bytes = match precision {
                    Precision::F16 => values.iter().flat_map(|&v| f16::from_f32(v).to_le_bytes()).collect(),
                    Precision::F32 => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
                };
                (parameter.name.clone(), parameter.shape.clone(), bytes)
            })
            .collect();
        let dtype = match precision {
            Precision::F16 => Dtype::F16,
            Precision::F32 => Dtype::F32,
        };
        let config = serde_json::to_string(&self.config).expect("a configuration is plain data");
        let metadata = note
            .iter()
            .map(|(key, text)| ((*key).to_owned(), text.clone()))
            .chain([("config".to_owned(), config)])
            .collect::<HashMap<_, _>>();
        let views = tensors.iter().map(|(name, shape, bytes)| {
            (name, TensorView::new(dtype, shape.clone(), bytes).expect("the layout gives the size"))
        });
        sorted(safetensors::serialize(views, Some(metadata)).expect("names and sizes come from the layout"))
    }

    /// Reads weights and the metadata that [`Weights::to_safetensors`] wrote.
    ///
    /// # Errors
    /// `InvalidWeights` for a corrupt file, one without a sound `config`, or with values that are not finite;
    /// `WeightsMismatch` when names, shapes or value types are not those of its configuration.
    pub fn from_safetensors(bytes: &[u8]) -> Result<(Self, HashMap<String, String>)> {
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(corrupt)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(corrupt)?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let config = metadata.get("config").ok_or_else(|| corrupt("its metadata has no entry \"config\""))?;
        let config: ModelConfig = serde_json::from_str(config).map_err(corrupt)?;
        config.validate()?;
        let layout = config.layout();
        if let Some(name) =
            tensors.names().into_iter().find(|name| layout.parameters().iter().all(|p| p.name != **name))
        {
            return Err(mismatch(format!(
                "The file holds a tensor {name:?} that a {} does not have.",
                config.architecture.label()
            )));
        }
        let mut values = Vec::with_capacity(layout.len());
        for parameter in layout.parameters() {
            let name = &parameter.name;
            let view = tensors.tensor(name).map_err(|_| mismatch(format!("The file has no tensor {name:?}.")))?;
            if view.shape() != parameter.shape {
                return Err(mismatch(format!(
                    "{name:?} has shape {:?}; allowed is {:?}.",
                    view.shape(),
                    parameter.shape
                )));
            }
            match view.dtype() {
                Dtype::F32 => {
                    values.extend(view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])));
                }
                Dtype::F16 => {
                    values.extend(view.data().chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32()));
                }
                other => return Err(mismatch(format!("{name:?} has type {other:?}; allowed is F32 or F16."))),
            }
        }
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return Err(corrupt(format!("it holds the value {value}")));
        }
        Ok((Self { config, values }, metadata))
    }
}
