//! Folders: every file below one, and (in tests) a temporary one.

use std::path::Path;

use anyhow::Result;
use walkdir::WalkDir;

/// Every file below `folder`, relative, with `/` between folders, sorted.
pub fn walk(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true) {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            found.push(entry.path().strip_prefix(folder)?.to_string_lossy().replace('\\', "/"));
        }
    }
    found.sort();
    Ok(found)
}

/// A folder that a test may fill; removed at the end.
#[cfg(test)]
pub struct TempFolder(pub std::path::PathBuf, #[expect(dead_code, reason = "its end removes it")] xshell::TempDir);

#[cfg(test)]
impl TempFolder {
    pub fn new(name: &str) -> Self {
        let shell = xshell::Shell::new().unwrap();
        let above = shell.create_temp_dir().unwrap();
        Self(shell.create_dir(above.path().join(name)).unwrap(), above)
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        xshell::Shell::new().unwrap().write_file(self.0.join(path), bytes).unwrap();
    }
}
