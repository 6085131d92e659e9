//! `SHA256SUMS` files as `sha256sum` writes and reads them: digest, two spaces, relative path.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest, Sha256};

pub const FILE_NAME: &str = "SHA256SUMS";

/// Path (relative, `/` between folders) → SHA-256 in lower-case hex; sorted by path.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sums(pub BTreeMap<String, String>);

impl Sums {
    /// Parses the text of a `SHA256SUMS` file; a leading `./` or the binary mark `*` is dropped.
    pub fn parse(text: &str) -> Result<Self> {
        let mut sums = BTreeMap::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let bad = |why: &str| format!("{FILE_NAME}, line {}: {why}: `{line}`", index + 1);
            let (digest, name) = line.split_once([' ', '\t']).with_context(|| bad("no path after the digest"))?;
            let name = name.trim().trim_start_matches('*').trim_start_matches("./");
            let is_digest = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
            ensure!(is_digest, bad("not a SHA-256 digest of 64 hex digits"));
            let within = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
            ensure!(within && !name.is_empty(), bad("the path must stay inside the folder"));
            let before = sums.insert(name.to_owned(), digest.to_ascii_lowercase());
            ensure!(before.is_none(), bad("listed twice"));
        }
        Ok(Self(sums))
    }

    /// Reads `folder/SHA256SUMS`.
    pub fn read(folder: &Path) -> Result<Self> {
        Self::parse(&fs_err::read_to_string(folder.join(FILE_NAME))?)
    }

    /// The text of the file: one line a path, sorted.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect()
    }
}

/// SHA-256 of `bytes` in lower-case hex.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn digest_matches_the_standard_s_example() {
        assert_eq!(digest(b"abc"), ABC);
    }

    #[test]
    fn parsed_sums_are_sorted_and_stripped() {
        let sums = Sums::parse(&format!("{ABC}  ./mnist/b.gz\n\n{} *a.gz\n", ABC.to_uppercase())).unwrap();
        assert_eq!(sums.to_text(), format!("{ABC}  a.gz\n{ABC}  mnist/b.gz\n"));
        assert_eq!(Sums::parse(&sums.to_text()).unwrap(), sums);
    }

    #[test]
    fn bad_lines_are_refused_with_their_number() {
        let cases = [
            ("abc  a.gz".to_owned(), "64 hex digits"),
            (ABC.to_owned(), "no path"),
            (format!("{ABC}  ../a.gz"), "inside the folder"),
            (format!("{ABC}  /a.gz"), "inside the folder"),
            (format!("{ABC}  a\n{ABC}  a"), "line 2: listed twice"),
        ];
        for (text, expected) in cases {
            let message = Sums::parse(&text).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
