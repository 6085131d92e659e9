//! Pictures as people have them: how each is read, or refused with a way on. The table is `cases/cases.js`; the inputs
//! that no browser makes by itself stand beside it, with the program that made them.

use serde_json::{Value, json};

use crate::harness::{Outcome, Page, Visit};
use crate::own_data::{FILES, OWN, bring, opens, read, refused};

/// Files of `cases/`, for the page.
macro_rules! files {
    ($($name:literal)*) => { [$(($name, include_bytes!(concat!("cases/", $name)) as &[u8])),*] };
}

const CASES: [(&str, &[u8]); 31] = files![
    "backslash.zip" "cmyk.jpg" "cut.zip" "deflate64.zip" "dot-slash.zip" "elsewhere.zip" "gnu.tar" "grey-16.png"
    "huge.png" "icons-mixed.zip" "icons-white.zip" "locked.zip" "long.tar.gz" "lzma.zip" "names-big5.zip"
    "names-cp850.zip" "names-cp866.zip" "names-euc-kr.zip" "names-extra-field.zip" "names-gbk.zip" "names-shift-jis.zip"
    "names-utf-8-unmarked.zip" "names-windows-1251.zip" "names-windows-1252.zip" "palette.png" "photo-names.zip"
    "photo.jpg" "red.bmp" "red.gif" "rgb-16.png" "turned.jpg"
];

/// What is brought, and how it is read.
const TABLE: &str = include_str!("cases/cases.js");

/// What is brought; the classes, the pictures of each, pixels a side; and words of the card.
type Row = (String, Vec<String>, Value, u32, Vec<String>);

async fn starts(page: &Page) -> Outcome {
    opens(page).await?;
    let letters = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    let packed: Vec<_> = CASES.iter().map(|&(name, bytes)| json!([name, letters(bytes)])).collect();
    let script = "mine.packed = Object.fromEntries(arguments[0].map(([name, letters]) => [name, btoa(letters)]))";
    page.run(script, vec![json!(packed)]).await?;
    page.run(TABLE, vec![]).await.map(drop)
}

#[test]
fn pictures_are_read_as_their_owner_means_them() {
    Visit::new().before_load(FILES).run(async |page| {
        starts(page).await?;
        let rows: Vec<Row> = page.get("mine.read.map(([what, , ...meant]) => [what, ...meant])").await?;
        assert!(rows.len() > 40);
        for (i, (what, classes, counts, side, words)) in rows.into_iter().enumerate() {
            bring(page, &format!("await mine.read[{i}][1]()")).await?;
            let own = read(page).await.map_err(|error| format!("{what}: {error}"))?;
            assert_eq!((&own["classes"], &own["counts"]), (&json!(classes), &counts), "{what}");
            assert_eq!((&own["height"], &own["width"]), (&json!(side), &json!(side)), "{what}");
            let said = page.text(&format!("{OWN}.inventory")).await?;
            for word in words {
                assert!(said.contains(&word), "{what}: {word}: {said}");
            }
        }
        Ok(())
    });
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    Visit::new().before_load(FILES).run(async |page| {
        starts(page).await?;
        let rows: Vec<(String, Vec<String>)> = page.get("mine.refused.map(([what, , words]) => [what, words])").await?;
        assert!(rows.len() > 20);
        for (i, (what, words)) in rows.into_iter().enumerate() {
            let said = refused(page, &format!("await mine.refused[{i}][1]()")).await?;
            for word in words {
                assert!(said.contains(&word), "{what}: {word}: {said}");
            }
        }
        Ok(())
    });
}

/// Pixels of single pictures in formats and forms that browsers read, some of them turned or mapped on the way.
#[test]
fn formats_come_out_in_their_colours() {
    Visit::new().before_load(FILES).run(async |page| {
        starts(page).await?;
        let pixels = "const there = (name) => import(new URL(`user-data/${name}.js`, document.baseURI)); \
            const [{ decode, drawMiddle }, { canvas, pixelReader }] = [await there('picture'), await there('canvas')]; \
            const bytes = mine.file(arguments[0]); \
            const { bitmap } = await decode({ path: 'a picture', size: bytes.length, bytes: async () => bytes }); \
            const { width, height } = bitmap; const read = await pixelReader(); \
            const rgba = await read(drawMiddle(canvas({ width, height }), bitmap)); \
            return [0, width - 1, (height - 1) * width].map((p) => [...rgba.slice(4 * p, 4 * p + 3)])";
        for (name, [first, right, below]) in [
            ("grey-16.png", [[200, 200, 200]; 3]),
            ("rgb-16.png", [[200, 0, 0]; 3]),
            ("palette.png", [[200, 0, 0]; 3]),
            ("red.bmp", [[200, 0, 0]; 3]),
            ("red.gif", [[200, 0, 0]; 3]),
            ("cmyk.jpg", [[200, 0, 0]; 3]),
            // Black to the right before it is turned as its EXIF data say.
            ("turned.jpg", [[255, 255, 255], [255, 255, 255], [0, 0, 0]]),
        ] {
            let found: Vec<Vec<i32>> = page.run_async(pixels, vec![json!(name)]).await?;
            for (found, meant) in found.iter().zip([first, right, below]) {
                let differs = found.iter().zip(meant).any(|(a, b)| (a - b).abs() > 2);
                assert!(!differs, "{name}: {found:?} instead of {meant:?}");
            }
        }
        Ok(())
    });
}

/// The same files are the same set, in whatever they come and in every browser.
#[test]
fn the_identity_of_a_set_is_that_of_its_files() {
    Visit::new().before_load(FILES).run(async |page| {
        starts(page).await?;
        let mut digests = vec![];
        for script in [
            "mine.choose({ 'icons.zip': mine.file('icons-white.zip') })",
            "const { openZip } = await import(new URL('lib/archive/zip.js', document.baseURI)); const files = {}; \
             const entries = await openZip(mine.file('icons-white.zip'), 'icons'); \
             for (const { path, bytes } of entries) files['my icons/' + path] = await bytes(); mine.folder(files)",
        ] {
            bring(page, script).await?;
            digests.push(read(page).await?["digest"].clone());
        }
        // The same number in every browser.
        assert_eq!(digests, ["7e6a39759024cae0", "7e6a39759024cae0"]);
        bring(page, "mine.choose({ 'icons.zip': mine.file('icons-mixed.zip') })").await?;
        assert_ne!(read(page).await?["digest"], digests[0]);
        Ok(())
    });
}

/// Where scripts get other pixels than they put, as in browsers that resist fingerprinting.
#[test]
fn a_canvas_that_lies_is_not_believed() {
    const LIES: &str = "CanvasRenderingContext2D.prototype.getImageData = function (x, y, width, height) { \
        const image = new ImageData(width, height); image.data.forEach((_, i) => (image.data[i] = (i * 31) % 256)); \
        return image; };";
    const WITHOUT: &str = "delete window.VideoFrame;";
    let icons = "mine.choose({ 'icons.zip': mine.file('icons-white.zip') })";
    Visit::new().before_load(FILES).run(async |page| {
        starts(page).await?;
        bring(page, icons).await?;
        let honest = read(page).await?["pixelDigest"].clone();
        page.run(LIES, vec![]).await?;
        if page.get("typeof VideoFrame === 'function'").await? {
            bring(page, icons).await?;
            assert_eq!(read(page).await?["pixelDigest"], honest, "the same pixels, read without the canvas");
        }
        page.run(WITHOUT, vec![]).await?;
        let said = refused(page, icons).await?;
        for words in
            ["fingerprinting", "privacy.resistFingerprinting.exemptedDomains", "IDX and CIFAR-10 files need no canvas"]
        {
            assert!(said.contains(words), "{said}");
        }
        Ok(())
    });
}
