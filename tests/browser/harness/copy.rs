//! The built page, changed while it is served.

use std::path::{Path, PathBuf};

use super::server::Site;
use super::visit::Visit;
use super::{Outcome, variable};

/// A copy of the built page that a test may change.
pub struct Copy(PathBuf);

impl Copy {
    pub fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        copy(Path::new(&variable("SCL_DIST")), &folder)
            .unwrap_or_else(|error| panic!("the page cannot be copied: {error}"));
        Self(folder)
    }

    /// A visit to it.
    pub fn visit(&self) -> Visit {
        Visit::to(Site::page(&self.0, "/"))
    }

    pub fn file(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// Rewrites a file, which must not stay as it was.
    pub fn change(&self, path: &str, change: impl FnOnce(String) -> String) -> Outcome {
        let text = std::fs::read_to_string(self.file(path))?;
        let changed = change(text.clone());
        assert_ne!(changed, text, "{path} is as it was");
        Ok(std::fs::write(self.file(path), changed)?)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &to)? } else { std::fs::copy(entry.path(), to).map(drop)? }
    }
    Ok(())
}
