//! The repository: where it is, and which versions its lock file names.

use std::path::{Path, PathBuf};

use crate::failure::{Context, Failure, Result};

/// The root of the repository: the folder above xtask's own manifest when cargo runs us, else the nearest
/// folder upwards that holds `xtask/Cargo.toml`.
pub fn root() -> Result<PathBuf> {
    let is_root = |folder: &Path| folder.join("xtask/Cargo.toml").is_file() && folder.join("Cargo.toml").is_file();
    let of_cargo = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = std::env::current_dir().context(|| "cannot read the current folder".to_owned())?;
    [of_cargo.as_deref(), Some(&here)]
        .into_iter()
        .flatten()
        .flat_map(Path::ancestors)
        .find(|folder| is_root(folder))
        .map(Path::to_owned)
        .ok_or_else(|| Failure::new("this is not the repository").help("run `cargo xtask` inside the repository"))
}

/// The version of `package` in the repository's `Cargo.lock`.
pub fn locked_version(root: &Path, package: &str) -> Result<String> {
    let path = root.join("Cargo.lock");
    let text = std::fs::read_to_string(&path).context(|| format!("cannot read {}", path.display()))?;
    version_in_lock(&text, package)
}

/// The one version of `package` in the text of a lock file; none or several is a failure.
fn version_in_lock(text: &str, package: &str) -> Result<String> {
    let versions: Vec<String> = text
        .split("[[package]]")
        .skip(1)
        .filter(|block| field(block, "name") == Some(package))
        .filter_map(|block| field(block, "version").map(str::to_owned))
        .collect();
    match versions.as_slice() {
        [version] => Ok(version.clone()),
        [] => Err(Failure::new(format!("Cargo.lock names no {package}"))
            .help("restore Cargo.lock from version control: the command-line tool must match it exactly")),
        several => Err(Failure::new(format!("Cargo.lock names {package} {}", several.join(" and ")))
            .help(format!("one version of {package} is needed; see: cargo tree --invert {package}"))),
    }
}

/// The value of a `key = "value"` line.
fn field<'a>(block: &'a str, key: &str) -> Option<&'a str> {
    block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "cfg-if",
]

[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"

[[package]]
name = "rand"
version = "0.9.2"

[[package]]
name = "rand"
version = "0.10.0"
"#;

    #[test]
    fn the_exact_package_is_found() {
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen").unwrap(), "0.2.130");
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen-futures").unwrap(), "0.4.80");
    }

    #[test]
    fn none_and_several_are_failures() {
        assert!(version_in_lock(LOCK, "bindgen").unwrap_err().to_string().contains("names no bindgen"));
        assert!(version_in_lock(LOCK, "rand").unwrap_err().to_string().contains("0.9.2 and 0.10.0"));
        assert!(version_in_lock("", "rand").is_err());
    }

    #[test]
    fn crlf_lock_files_are_read() {
        assert_eq!(version_in_lock(&LOCK.replace('\n', "\r\n"), "wasm-bindgen").unwrap(), "0.2.130");
    }
}
