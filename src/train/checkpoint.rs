//! A position in a run as bytes: safetensors with the optimiser's moments as `optimizer.first` and
//! `optimizer.second`, a weights file as the bytes of `weights`, and the position as JSON in the metadata entry
//! `checkpoint`.

use crate::config;
use crate::error::{Code, Error, Result};
use crate::model::{Precision, Weights};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};

/// Parameters, optimiser state and position of a lane. Together with data and settings it continues a run exactly:
/// batches and perturbations are functions of seed and step.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The parameters.
    pub weights: Weights,
    /// Steps made.
    pub step: usize,
    /// Steps of the optimiser.
    pub time: usize,
    /// Whose moments these are.
    pub optimizer: config::Optimizer,
    /// First moment or velocity, `[d]`.
    pub first: Vec<f32>,
    /// Second moment, `[d]`; `[1]` for SGD.
    pub second: Vec<f32>,
}

/// Version of the format.
const VERSION: u64 = 1;

/// What the position begins with. Read before the rest, of which a later version may have more.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Serialize, Deserialize)]
struct Format {
    /// Files from before versions were written lack it: they are of the first.
    #[serde(default = "first")]
    version: u64,
}

fn first() -> u64 {
    1
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(default = "first")]
    version: u64,
    step: usize,
    time: usize,
    optimizer: config::Optimizer,
}

impl Checkpoint {
    /// Writes the checkpoint.
    pub fn to_bytes(&self) -> Vec<u8> {
        let weights = self.weights.to_safetensors(Precision::F32, &[]);
        let header = Header { version: VERSION, step: self.step, time: self.time, optimizer: self.optimizer };
        let bytes = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        let (first, second) = (bytes(&self.first), bytes(&self.second));
        let view = |dtype, len, data| TensorView::new(dtype, vec![len], data).expect("sizes are those of the vectors");
        let tensors = [
            ("optimizer.first", view(Dtype::F32, self.first.len(), &first[..])),
            ("optimizer.second", view(Dtype::F32, self.second.len(), &second[..])),
            ("weights", view(Dtype::U8, weights.len(), &weights[..])),
        ];
        let header = serde_json::to_string(&header).expect("plain data");
        safetensors::serialize(tensors, Some([("checkpoint".to_owned(), header)].into()))
            .expect("fixed names and sizes")
    }

    /// Reads what [`Checkpoint::to_bytes`] wrote.
    ///
    /// # Errors
    /// `InvalidWeights` for a corrupt file or one of another version, `WeightsMismatch` for moments that do not fit the parameters.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let corrupt =
            |what: String| Error::new(Code::InvalidWeights, format!("The checkpoint cannot be read: {what}."));
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| corrupt(error.to_string()))?;
        let tensors = SafeTensors::deserialize(bytes).map_err(|error| corrupt(error.to_string()))?;
        let header = metadata
            .metadata()
            .as_ref()
            .and_then(|entries| entries.get("checkpoint"))
            .ok_or_else(|| corrupt("its metadata has no entry \"checkpoint\"".to_owned()))?;
        let Format { version } = serde_json::from_str(header).map_err(|error| corrupt(error.to_string()))?;
        if version != VERSION {
            return Err(corrupt(format!("its version is {version}; allowed is {VERSION}")));
        }
        let header: Header = serde_json::from_str(header).map_err(|error| corrupt(error.to_string()))?;
        let tensor = |name: &str| tensors.tensor(name).map_err(|error| corrupt(error.to_string()));
        let floats = |name: &str| -> Result<Vec<f32>> {
            let view = tensor(name)?;
            if view.dtype() != Dtype::F32 {
                return Err(corrupt(format!("{name:?} has type {:?}; allowed is F32", view.dtype())));
            }
            Ok(view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
        };
        // Counters far beyond any run would overflow on the way.
        if header.step.max(header.time) >= u32::MAX as usize {
            return Err(corrupt(format!("it is at step {} and time {}", header.step, header.time)));
        }
        let (weights, _) = Weights::from_safetensors(tensor("weights")?.data())?;
        let (first, second) = (floats("optimizer.first")?, floats("optimizer.second")?);
        let bad = first.iter().find(|m| !m.is_finite()).or(second.iter().find(|v| !(v.is_finite() && **v >= 0.0)));
        if let Some(value) = bad {
            return Err(corrupt(format!("the optimiser's moments hold the value {value}")));
        }
        let d = weights.values.len();
        let expected = match header.optimizer {
            config::Optimizer::Adam => d,
            config::Optimizer::Sgd => 1,
        };
        if first.len() != d || second.len() != expected {
            return Err(Error::new(
                Code::WeightsMismatch,
                format!(
                    "The checkpoint has moments of {} and {} values; allowed is {d} and {expected}.",
                    first.len(),
                    second.len()
                ),
            ));
        }
        Ok(Self { weights, step: header.step, time: header.time, optimizer: header.optimizer, first, second })
    }
}
