//! Files of the page, read and written.

use crate::arguments::Outcome;
use semantic_continuity::catalogue;
use semantic_continuity::config::Settings;
use semantic_continuity::data::{Data, read_folder};
use semantic_continuity::model::Weights;
use std::path::{Path, PathBuf};

/// `www/` of the package: Cargo says where that is, and without Cargo it is the current folder.
pub fn www() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from).join("www")
}

/// Folder of the shipped weights.
pub fn weights_folder() -> PathBuf {
    www().join("weights")
}

/// Reads a file.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, bytes: &[u8]) -> Outcome {
    let folder = path.parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, bytes))
        .map_err(|error| format!("{} cannot be written: {error}.", path.display()))
}

/// Reads a weights file.
pub fn read_weights(path: &Path) -> Outcome<Weights> {
    let (weights, _) =
        Weights::from_safetensors(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(weights)
}

/// The dataset of `settings` from `www/data`. With a hold-out, the last `holdout` training images take the place of
/// the test images.
pub fn data(settings: &Settings, holdout: usize) -> Outcome<Data> {
    let Settings { dataset, seed, color_variance, .. } = *settings;
    let data = read_folder(&www().join("data"), dataset, seed, color_variance);
    data.and_then(|data| data.holding_out(holdout)).map_err(|error| error.message)
}

/// `lab settings`.
pub fn write_settings() -> Outcome {
    for (path, text) in catalogue::files(&www()).map_err(|error| error.message)? {
        write(&www().join(path), text.as_bytes())?;
    }
    Ok(())
}
