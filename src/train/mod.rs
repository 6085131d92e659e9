//! Training: `Loss = CE(f(x), y) + α · DS(f(x), f(P(x)))`, and the losses of the baselines.
//!
//! [`Objective`] is the loss, `regularizer` what each way to train adds to it, [`Trainer`] makes steps. Training is
//! pulled: nothing happens between two calls of [`Trainer::step`]. A step leaves its statistics unread on the device;
//! [`Trainer::read`] fetches all pending ones in one transfer and says whether the run is still finite.

mod checkpoint;
mod cross_entropy;
mod objective;
mod optimizer;
mod regularizer;
mod trainer;

pub use checkpoint::Checkpoint;
pub(crate) use cross_entropy::cross_entropies;
pub use objective::{Losses, Objective};
pub use optimizer::{State, UpdateRule};
pub use trainer::{Diverged, Record, Trainer};
