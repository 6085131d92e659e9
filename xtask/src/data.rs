//! The image sets that ship with the page: copied once from a data pack, then checked against their digests.

use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use xshell::Shell;

use crate::help::Help as _;
use crate::sums::{self, Sums};

/// The folders of a data pack that belong to the page.
const SETS: [&str; 6] = ["mnist", "fashion-mnist", "emoji-noto", "emoji-twemoji", "animal-silhouettes", "optdigits"];

/// Of these the page shows single pictures, and has many: the first ones lie in files of their own, with which it begins.
const BEGUN: [&str; 2] = ["mnist", "fashion-mnist"];
const FIRST: u32 = 200;

/// Where the page's data lives, relative to the repository.
pub const FOLDER: &str = "www/data";

/// Copies the page's sets from the data pack `from`, checking every byte against `from/SHA256SUMS`.
pub fn import(root: &Path, from: &Path) -> Result<()> {
    let pack = Sums::read(from).help("FROM is the folder of a data pack: one folder a set, and SHA256SUMS")?;
    let sh = Shell::new()?;
    sh.change_dir(root.join(FOLDER));
    let mut written = Sums::default();
    for set in SETS {
        let prefix = format!("{set}/");
        let files: Vec<_> = pack.0.iter().filter(|(path, _)| path.starts_with(&prefix)).collect();
        ensure!(!files.is_empty(), "{} lists no file of {set}", from.join(sums::FILE_NAME).display());
        for (path, expected) in files {
            let bytes = read_checked(from, path, expected)?;
            sh.write_file(path, &bytes)?;
            println!("{path}: {} bytes", bytes.len());
            written.0.insert(path.clone(), expected.clone());
            if BEGUN.contains(&set) && path.contains("/test-") {
                let (path, bytes) = (path.replace("/test-", "/first-"), first(&bytes).context(path.clone())?);
                sh.write_file(&path, &bytes)?;
                println!("{path}: {} bytes", bytes.len());
                written.0.insert(path, sums::digest(&bytes));
            }
        }
    }
    sh.write_file(sums::FILE_NAME, written.to_text())?;
    println!("{} files copied and verified into {FOLDER}", written.0.len());
    check(root).map(|_| ())
}

/// The first entries of a packed IDX file, packed again: it begins with its type, its dimensions and how many there are.
fn first(packed: &[u8]) -> Result<Vec<u8>> {
    let mut idx = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut idx)?;
    ensure!(idx.len() >= 8, "this is no IDX file");
    let head = 4 + 4 * usize::from(idx[3]);
    let count = u32::from_be_bytes([idx[4], idx[5], idx[6], idx[7]]);
    ensure!(count >= FIRST && idx.len() > head, "it has {count} entries, and {FIRST} are wanted");
    let each = (idx.len() - head) / count as usize;
    idx.truncate(head + each * FIRST as usize);
    idx[4..8].copy_from_slice(&FIRST.to_be_bytes());
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&idx)?;
    Ok(packed.finish()?)
}

/// Checks `www/data` against its `SHA256SUMS`, both ways; returns the number of files.
pub fn check(root: &Path) -> Result<usize> {
    let remedy = "restore the files from version control, or run: cargo xtask data <data pack folder>";
    check_folder(&root.join(FOLDER)).help(remedy)
}

fn check_folder(folder: &Path) -> Result<usize> {
    let listed = Sums::read(folder)?;
    ensure!(!listed.0.is_empty(), "{} lists no file", folder.join(sums::FILE_NAME).display());
    for (path, expected) in &listed.0 {
        read_checked(folder, path, expected)?;
    }
    // A set that nobody listed would ship unchecked.
    for found in crate::files::walk(folder)? {
        let listed = !found.ends_with(".gz") || listed.0.contains_key(&found);
        ensure!(listed, "{FOLDER}/{found} is not listed in {FOLDER}/{}", sums::FILE_NAME);
    }
    Ok(listed.0.len())
}

fn read_checked(folder: &Path, path: &str, expected: &str) -> Result<Vec<u8>> {
    let file = folder.join(path);
    let bytes = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let found = sums::digest(&bytes);
    ensure!(found == expected, "{}: SHA-256 is {found}, expected {expected}", file.display());
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::TempFolder;

    /// Labels of so many pictures.
    fn labels(count: u32) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&[&[0, 0, 8, 1][..], &count.to_be_bytes(), &vec![7; count as usize]].concat()).unwrap();
        packed.finish().unwrap()
    }

    /// A data pack with one file a set, and an empty repository beside it.
    fn pack() -> TempFolder {
        let temp = TempFolder::new("data");
        let mut sums = Sums::default();
        for set in SETS {
            temp.write(&format!("pack/{set}/a.gz"), set.as_bytes());
            sums.0.insert(format!("{set}/a.gz"), sums::digest(set.as_bytes()));
        }
        temp.write("pack/SHA256SUMS", sums.to_text().as_bytes());
        temp
    }

    #[test]
    fn import_copies_and_check_agrees() {
        let temp = pack();
        import(&temp.0, &temp.0.join("pack")).unwrap();
        assert_eq!(check(&temp.0).unwrap(), SETS.len());
    }

    #[test]
    fn the_first_pictures_lie_in_files_of_their_own() {
        let temp = pack();
        let mut sums = Sums::read(&temp.0.join("pack")).unwrap();
        temp.write("pack/mnist/test-labels.gz", &labels(300));
        sums.0.insert("mnist/test-labels.gz".to_owned(), sums::digest(&labels(300)));
        temp.write("pack/SHA256SUMS", sums.to_text().as_bytes());
        import(&temp.0, &temp.0.join("pack")).unwrap();
        assert_eq!(check(&temp.0).unwrap(), SETS.len() + 2);
        let mut idx = Vec::new();
        let packed = std::fs::read(temp.0.join("www/data/mnist/first-labels.gz")).unwrap();
        GzDecoder::new(&packed[..]).read_to_end(&mut idx).unwrap();
        assert_eq!((&idx[..8], idx.len()), (&[0, 0, 8, 1, 0, 0, 0, 200][..], 208));
        assert!(first(&labels(199)).is_err() && first(b"no archive").is_err());
    }

    #[test]
    fn damage_in_the_pack_stops_the_import() {
        let temp = pack();
        temp.write("pack/mnist/a.gz", b"damaged");
        let message = import(&temp.0, &temp.0.join("pack")).unwrap_err().to_string();
        assert!(message.contains("a.gz: SHA-256 is"), "{message}");
    }

    #[test]
    fn damaged_missing_and_unlisted_files_are_found() {
        let temp = pack();
        import(&temp.0, &temp.0.join("pack")).unwrap();
        temp.write("www/data/mnist/b.gz", b"new");
        assert!(check(&temp.0).unwrap_err().to_string().contains("mnist/b.gz is not listed"));
        temp.write("www/data/mnist/a.gz", b"damaged");
        assert!(check(&temp.0).unwrap_err().to_string().contains("SHA-256 is"));
        std::fs::remove_file(temp.0.join("www/data/mnist/a.gz")).unwrap();
        assert!(check(&temp.0).unwrap_err().to_string().contains("cannot read"));
    }
}
