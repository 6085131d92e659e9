//! Training on pictures that the visitor brings.

use serde_json::{Value, json};

use crate::harness::{KEEP, Outcome, Page, Visit};

pub const OWN: &str = "scl-train >>> scl-controls >>> scl-own-data >>> ";

/// Helpers that make files in the page: pictures with a light half, arrays, zip files; and choose them as a visitor does.
pub const FILES: &str = "window.mine = { \
    async picture(side, left, [r, g, b] = [255, 255, 255]) { \
      const canvas = new OffscreenCanvas(side, side); const context = canvas.getContext('2d'); \
      context.fillStyle = '#000'; context.fillRect(0, 0, side, side); \
      context.fillStyle = `rgb(${r} ${g} ${b})`; context.fillRect(left ? 0 : side / 2, 0, side / 2, side); \
      return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()); \
    }, \
    idx(dims, values) { \
      const bytes = new Uint8Array(4 + 4 * dims.length + values.length); bytes.set([0, 0, 8, dims.length]); \
      dims.forEach((dim, i) => new DataView(bytes.buffer).setUint32(4 + 4 * i, dim)); bytes.set(values, 4 + 4 * dims.length); return bytes; \
    }, \
    async zip(files) { return (await import(new URL('vendor/fflate.js', document.baseURI))).zipSync(files); }, \
    choose(files) { \
      const list = new DataTransfer(); \
      for (const [name, bytes] of Object.entries(files)) list.items.add(new File([bytes], name)); \
      const input = visitor.one('scl-train >>> scl-controls >>> scl-own-data >>> #files-input'); \
      input.files = list.files; input.dispatchEvent(new Event('change')); \
    } };";

pub async fn opens(page: &Page) -> Outcome {
    page.open("steps=60&batch=16&eval_images=20&engine=cpu").await?;
    page.click(&format!("{OWN}summary")).await
}

/// Makes files by a script that ends in `mine.choose(…)`.
pub async fn bring(page: &Page, script: &str) -> Outcome {
    page.run_async::<Value>(&format!("{script}; return true"), vec![]).await.map(drop)
}

/// What the page read of the files, before it is taken.
pub async fn read(page: &Page) -> Outcome<Value> {
    let there = format!("visitor.one('{OWN}#problem')?.innerText ?? Boolean(visitor.one('{OWN}#use'))");
    let said = page.wait("own pictures", 30, &there).await?;
    if said != Value::Bool(true) {
        return Err(format!("refused: {said}").into());
    }
    page.get(&format!("(({{ files, ...own }}) => own)(visitor.one('{}').candidate)", OWN.trim_end_matches(" >>> ")))
        .await
}

/// The same, taken for the next run.
async fn ready(page: &Page) -> Outcome<Value> {
    read(page).await?;
    page.click(&format!("{OWN}#use")).await?;
    page.wait("own pictures in use", 10, &format!("visitor.one('{OWN}[role=status]')?.innerText.includes('Ready')"))
        .await?;
    page.get("(({ files, ...own }) => own)(document.querySelector('scl-train').store.state.own)").await
}

pub async fn refused(page: &Page, script: &str) -> Outcome<String> {
    page.run(&format!("visitor.one('{}').problem = null", OWN.trim_end_matches(" >>> ")), vec![]).await?;
    bring(page, script).await?;
    page.wait(script, 30, &format!("visitor.one('{OWN}#problem')?.innerText"))
        .await
        .map(|text| text.as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_zip_of_class_folders_is_learnt_attacked_and_explained() {
    Visit::new().before_load(FILES).run(async |page| {
        opens(page).await?;
        // Two classes that anybody tells apart, of which one is red: so they are in colour.
        bring(
            page,
            "const files = { 'pets/__MACOSX/x.png': new Uint8Array(3), 'pets/readme.txt': new Uint8Array(3) }; \
             for (let i = 0; i < 30; i++) { \
               files[`pets/left/${String(i).padStart(2, '0')}.png`] = await mine.picture(20 + i, true, [255 - 4 * i, 0, 0]); \
               files[`pets/right/${String(i).padStart(2, '0')}.png`] = await mine.picture(50, false, [255, 255 - 4 * i, 255]); \
             } \
             files['pets/left/broken.png'] = new Uint8Array(100); \
             mine.choose({ 'pets.zip': await mine.zip(files) })",
        )
        .await?;
        let own = read(page).await?;
        assert_eq!(own["dataset"], "own-color");
        assert_eq!(own["classes"], json!(["left", "right"]));
        assert_eq!(own["counts"], json!([[24, 6], [24, 6]]));
        assert_eq!((&own["height"], &own["width"]), (&json!(32), &json!(32)), "the first picture does not set the size of all");
        let said = page.text(&format!("{OWN}.inventory")).await?;
        for words in ["60 pictures of 2 classes", "32×32 pixels, in colour", "20×20 to 50×50", "12 are smaller", "24 to learn", "6 to test",
            "3 files were left out", "pets/left/broken.png", "readme.txt", "pets/__MACOSX/x.png"] {
            assert!(said.contains(words), "{words}: {said}");
        }
        // Three pictures a class are shown, as they are trained on: light to the left, or to the right.
        let light: Vec<[f64; 2]> = page
            .get(&format!(
                "visitor.all('{OWN}canvas').map((canvas) => {{ \
                   const {{ data }} = canvas.getContext('2d').getImageData(0, 0, 32, 32); \
                   return [4, 28].map((x) => data[4 * (16 * 32 + x)]); }})"
            ))
            .await?;
        assert_eq!(light.len(), 6);
        for (i, [left, right]) in light.iter().enumerate() {
            assert_eq!(left > right, i < 3, "picture {i}: {light:?}");
        }
        // Until they are taken nothing has changed.
        assert_eq!(page.get::<Value>("document.querySelector('scl-train').store.state.own").await?, Value::Null);
        ready(page).await?;

        page.train(90).await?;
        let clean = page.table().await?.into_iter().find(|row| row.id == "clean").ok_or("no clean accuracy")?;
        assert!(clean.cells[0].starts_with("100.0"), "left and right are easily told apart: {clean:?}");
        let query: String = page.get("document.querySelector('scl-train').store.query()").await?;
        assert!(!query.contains("own") && !query.contains("scratch"), "a link cannot lead to own pictures: {query}");

        for (figure, path, answer) in [
            ("nudge", "scl-nudge >>> #pair", "visitor.one('scl-nudge >>> .panel').innerText.match(/labelled (left|right)/)"),
            ("attack", "scl-attack >>> #pair", "visitor.one('scl-attack >>> [role=status]').innerText.match(/labelled (left|right)/)"),
            ("saliency", "scl-saliency >>> #pair", "visitor.one('scl-saliency').reply && visitor.one('scl-saliency').data.classes.includes('left')"),
        ] {
            page.run(&format!("document.querySelector('#{figure}').scrollIntoView()"), vec![]).await?;
            page.choose(path, "own").await?;
            page.wait(&format!("own pictures in {figure}"), 60, answer).await?;
        }
        Ok(())
    });
}

#[test]
fn idx_pairs_and_cifar_batches_are_read_as_they_are() {
    Visit::new().before_load(FILES).run(async |page| {
        opens(page).await?;
        // Packed or not, in any order; 40 pictures of 9×10.
        bring(
            page,
            "const values = Uint8Array.from({ length: 40 * 90 }, (_, i) => (Math.floor(i / 90) % 3) * 120); \
             const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 3); \
             const packed = new Uint8Array(await new Response(new Blob([mine.idx([40, 9, 10], values)]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()); \
             window.pair = { 'train-labels-idx1-ubyte': mine.idx([40], labels), 'train-images-idx3-ubyte.gz': packed, \
               't10k-labels': mine.idx([3], [0, 1, 2]), 't10k-images': mine.idx([3, 9, 10], values.slice(0, 270)) }; \
             mine.choose(pair)",
        )
        .await?;
        let own = ready(page).await?;
        assert_eq!(own["dataset"], "own-grey");
        assert_eq!(own["classes"], json!(["0", "1", "2"]));
        assert_eq!(own["counts"], json!([[14, 1], [13, 1], [13, 1]]));
        assert_eq!((&own["height"], &own["width"]), (&json!(9), &json!(10)));
        // The same in a zip file.
        bring(page, "mine.choose({ 'all.zip': await mine.zip(pair) })").await?;
        let same = ready(page).await?;
        assert_eq!((&same["name"], &same["digest"]), (&json!("all"), &own["digest"]));

        bring(
            page,
            "const batch = new Uint8Array(3073 * 100); for (let i = 0; i < 100; i++) batch.fill(i, i * 3073, (i + 1) * 3073).fill(i % 10, i * 3073, i * 3073 + 1); \
             mine.choose({ 'data_batch_1.bin': batch })",
        )
        .await?;
        let own = ready(page).await?;
        assert_eq!(own["dataset"], "own-color");
        assert_eq!(own["classes"][9], "truck");
        assert_eq!(own["counts"], json!([[8, 2], [8, 2], [8, 2], [8, 2], [8, 2], [8, 2], [8, 2], [8, 2], [8, 2], [8, 2]]));
        // Picture 41, of class 1, is a test picture: the fifth of its class.
        let pixels: Vec<u8> = page.get("[...document.querySelector('scl-train').store.state.own.files['test-images'].slice(20, 22)]").await?;
        assert_eq!(pixels, [40, 40], "test pictures come in the order of the file: the fifth of class 0 is picture 40");
        Ok(())
    });
}

#[test]
fn what_cannot_be_used_is_refused_by_name_and_the_pictures_before_stay() {
    Visit::new().before_load(FILES).run(async |page| {
        opens(page).await?;
        bring(page, "const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 2); mine.choose({ 'images': mine.idx([40, 8, 8], new Uint8Array(40 * 64)), 'labels': mine.idx([40], labels) })").await?;
        let digest = ready(page).await?["digest"].clone();
        for (script, words) in [
            ("mine.choose({ 'holiday.mp3': new Uint8Array(50).fill(9) })", &["holiday.mp3", "IDX", "CIFAR-10", "PNG"][..]),
            ("mine.choose({ 'broken.zip': new Uint8Array(50).fill(9) })", &["broken.zip", "no archive", "cut off"]),
            ("mine.choose({ 'batch.bin': new Uint8Array(3074) })", &["batch.bin", "3074", "3073"]),
            ("mine.choose({ 'images': mine.idx([4, 8, 8], new Uint8Array(256)), 'labels': mine.idx([5], new Uint8Array(5)) })", &["images", "4 images", "5 labels"]),
            ("mine.choose({ 'images': mine.idx([4, 8, 8], new Uint8Array(200)), 'labels': mine.idx([4], new Uint8Array(4)) })", &["200 values", "256", "cut off"]),
            ("mine.choose({ 'images': mine.idx([100, 100, 100], new Uint8Array(1e6)), 'labels': mine.idx([100], Uint8Array.from({ length: 100 }, (_, i) => i % 2)) })", &["100×100", "8 to 64"]),
            ("mine.choose({ 'images': mine.idx([42, 8, 8], new Uint8Array(42 * 64)), 'labels': mine.idx([42], Uint8Array.from({ length: 42 }, (_, i) => i % 21)) })", &["more than 20 different labels", "2 to 20"]),
            ("mine.choose({ 'images': mine.idx([9, 8, 8], new Uint8Array(9 * 64)), 'labels': mine.idx([9], [0, 0, 0, 0, 0, 1, 1, 1, 1]) })", &["“1”", "4 pictures", "at least 5"]),
            ("mine.choose({ 'cat.png': await mine.picture(9, true) })", &["cat.png", "no folder"]),
            ("mine.choose({ 'one.zip': await mine.zip({ 'cats/1.png': await mine.picture(9, true) }) })", &["1 class folder", "cats", "2 to 20"]),
            ("mine.choose({ 'two.zip': await mine.zip({ 'a/1.png': new Uint8Array(9), 'b/1.png': new Uint8Array(9) }) })", &["None of 2", "a/1.png", "cannot read"]),
        ] {
            let said = refused(page, script).await?;
            for word in words {
                assert!(said.contains(word), "{script}: {said}");
            }
        }
        let now: Value = page.get("document.querySelector('scl-train').store.state.own.digest").await?;
        assert_eq!(now, digest);
        // Nor does what was read and not wanted.
        bring(page, "mine.choose({ 'images': mine.idx([20, 9, 9], new Uint8Array(20 * 81)), 'labels': mine.idx([20], Uint8Array.from({ length: 20 }, (_, i) => i % 2)) })").await?;
        assert_ne!(read(page).await?["digest"], digest);
        page.click(&format!("{OWN}#discard")).await?;
        assert_eq!(page.count(&format!("{OWN}#use")).await?, 0);
        let now: Value = page.get("document.querySelector('scl-train').store.state.own.digest").await?;
        assert_eq!(now, digest);
        Ok(())
    });
}

#[test]
fn a_finished_run_on_own_pictures_opens_without_them() {
    let made = "const labels = Uint8Array.from({ length: 60 }, (_, i) => i % 2); \
        const values = Uint8Array.from({ length: 60 * 64 }, (_, i) => (Math.floor(i / 64) % 2) * 200 + (i * 7) % 50); \
        mine.choose({ 'images': mine.idx([60, 8, 8], values), 'labels': mine.idx([60], labels) })";
    let opens_run = "scl-train >>> scl-runs >>> [data-do=open]";
    Visit::new().before_load(KEEP).run(async |page| {
        page.run(FILES, vec![]).await?;
        page.open("steps=8&batch=16&eval_images=10&engine=cpu").await?;
        page.run(FILES, vec![]).await?;
        page.click(&format!("{OWN}summary")).await?;
        bring(page, made).await?;
        ready(page).await?;
        page.train(60).await?;
        let table = page.table().await?;
        page.wait("the kept run", 20, "visitor.one('scl-train >>> scl-runs >>> [data-do=open]')").await?;

        page.reload().await?;
        page.run(FILES, vec![]).await?;
        page.wait("the kept run", 20, &format!("visitor.one('{opens_run}')")).await?;
        page.click(opens_run).await?;
        page.wait_for_phase("done", 20).await?;
        assert_eq!(page.table().await?, table, "what it found needs no pictures");
        let said = page.text("scl-train >>> #missing").await?;
        assert!(said.contains("“images”") && said.contains("48 to learn from"), "{said}");
        // What needs them says so, and nothing that is shown goes.
        page.button("start").await?;
        page.wait("why not", 20, "visitor.one('scl-train >>> #error[data-code=own-data-missing]')").await?;
        assert_eq!((page.phase().await?, page.table().await?), ("done".to_owned(), table.clone()));
        page.run("document.querySelector('#attack').scrollIntoView()", vec![]).await?;
        page.choose("scl-attack >>> #pair", "own").await?;
        page.wait("why not", 60, "visitor.one('scl-attack').shadowRoot.textContent.includes('“images”')").await?;
        // Others are not those.
        page.click("scl-train >>> #bring").await?;
        bring(page, &made.replace("200", "100")).await?;
        ready(page).await?;
        assert_eq!(page.count("scl-train >>> #error").await?, 1);
        bring(page, made).await?;
        ready(page).await?;
        page.wait("the pictures", 20, "!visitor.one('scl-train >>> #error')").await?;
        assert_eq!(page.count("scl-train >>> #missing").await?, 0);
        assert_eq!(page.table().await?, table);
        Ok(())
    });
}

#[test]
fn a_run_on_own_pictures_goes_on_when_they_are_there_again() {
    let made = "const labels = Uint8Array.from({ length: 60 }, (_, i) => i % 2); \
        const values = Uint8Array.from({ length: 60 * 64 }, (_, i) => (Math.floor(i / 64) % 2) * 200 + (i * 7) % 50); \
        mine.choose({ 'images': mine.idx([60, 8, 8], values), 'labels': mine.idx([60], labels) })";
    Visit::new().run(async |page| {
        opens(page).await?;
        page.run(FILES, vec![]).await?;
        bring(page, made).await?;
        ready(page).await?;
        page.button("step").await?;
        page.wait_for_step(1, 60).await?;
        page.wait_for_phase("paused", 30).await?;
        page.click("scl-train >>> scl-runs >>> #keep").await?;
        page.wait("the kept run", 20, "visitor.one('scl-train >>> scl-runs >>> [data-do=open]')").await?;
        page.wait("it is stored", 20, "!document.querySelector('scl-train').runs.wouldLose").await?;

        page.reload().await?;
        page.run(FILES, vec![]).await?;
        page.wait("the kept run", 20, "visitor.one('scl-train >>> scl-runs >>> [data-do=open]')").await?;
        page.click("scl-train >>> scl-runs >>> [data-do=open]").await?;
        page.wait_for_phase("paused", 20).await?;
        assert_eq!(page.steps().await?, [1, 1]);
        page.button("start").await?;
        page.wait("which are missing", 20, "visitor.one('scl-train >>> #error')?.innerText.includes('“images”')")
            .await?;
        page.click("scl-train >>> #bring").await?;
        bring(page, made).await?;
        ready(page).await?;
        page.wait("the pictures", 20, "!visitor.one('scl-train >>> #error')").await?;
        page.train(90).await?;
        assert_eq!(page.steps().await?, [60, 60]);
        Ok(())
    });
}
