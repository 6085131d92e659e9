//! Runs that are kept, saved, opened and gone on with.

use serde_json::json;

use crate::harness::{KEEP, Outcome, Page, Row, SHORT, Visit};

const RUNS: &str = "scl-train >>> scl-runs >>> ";

/// A run that is long enough to be caught before its end, on a fast machine too.
const LONG: &str = "steps=500&batch=16&eval_images=20&engine=cpu";

async fn names(page: &Page) -> Outcome<Vec<String>> {
    page.get(&format!("visitor.all('{RUNS}tr[data-run] input[type=text]').map((field) => field.value)")).await
}

async fn wait_for_runs(page: &Page, count: usize) -> Outcome {
    let there = format!("visitor.all('{RUNS}tr[data-run]').length === {count}");
    page.wait(&format!("{count} kept runs"), 30, &there).await.map(drop)
}

/// Waits until the browser has written what a reload must find: these names.
async fn wait_for_stored(page: &Page, names: &[&str]) -> Outcome {
    page.run_async(
        "const { createStore, entries } = await import(new URL('vendor/idb-keyval.js', document.baseURI)); \
         const place = createStore('semantic-continuity-lab', 'runs'); \
         const wanted = JSON.stringify(arguments[0]); \
         for (;;) { \
           const names = (await entries(place)).map(([, { name }]) => name); \
           if (JSON.stringify(names) === wanted) return; \
           await new Promise((next) => setTimeout(next, 20)); }",
        vec![json!(names)],
    )
    .await
}

/// Chooses files as a visitor does in the browser's dialog.
async fn choose(page: &Page, name: &str, base64: &str) -> Outcome {
    page.run(
        "const bytes = Uint8Array.from(atob(arguments[1]), (letter) => letter.charCodeAt(0)); \
         const files = new DataTransfer(); files.items.add(new File([bytes], arguments[0])); \
         const input = visitor.one('scl-train >>> scl-runs >>> #file'); \
         input.files = files.files; input.dispatchEvent(new Event('change'))",
        vec![json!(name), json!(base64)],
    )
    .await
    .map(drop)
}

/// What was saved last, in base64, and its name; the code that saves is loaded first.
async fn saved(page: &Page) -> Outcome<(String, String)> {
    page.run_async(
        "while (!saved.length) await new Promise((next) => setTimeout(next, 20)); \
         const { name, blob } = saved.at(-1); const bytes = new Uint8Array(await blob.arrayBuffer()); \
         return [name, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))]",
        vec![],
    )
    .await
}

/// The numbers of a finished run: its table, and the last record of each lane.
async fn results(page: &Page) -> Outcome<(Vec<Row>, serde_json::Value)> {
    Ok((page.table().await?, page.get("visitor.run().lanes.map((lane) => lane.history.at(-1))").await?))
}

async fn pause_between(page: &Page) -> Outcome<[usize; 2]> {
    page.button("start").await?;
    page.wait_for_step(2, 60).await?;
    page.button("pause").await?;
    page.wait_for_phase("paused", 30).await?;
    let steps = page.steps().await?;
    assert!(steps.iter().all(|step| (2..500).contains(step)), "caught too late: {steps:?}");
    Ok(steps)
}

#[test]
fn a_saved_run_goes_on_exactly_where_it_stood() {
    Visit::new().before_load(KEEP).run(async |page| {
        page.open(&format!("{LONG}&seed=1")).await?;
        let steps = pause_between(page).await?;
        page.click(&format!("{RUNS}#keep")).await?;
        wait_for_runs(page, 1).await?;
        page.click(&format!("{RUNS}[data-do=save]")).await?;
        let (name, file) = saved(page).await?;
        assert_eq!(name, "run-1-fashion-mnist-small-cnn-seed-1.zip");
        page.button("start").await?;
        page.wait_for_phase("done", 120).await?;
        let whole = results(page).await?;
        page.click(&format!("{RUNS}[data-do=delete]")).await?;
        page.click(&format!("{RUNS}[data-do=delete]")).await?;
        wait_for_runs(page, 0).await?;
        wait_for_stored(page, &[]).await?;

        // Other settings in the address must not count.
        page.open("alpha=3").await?;
        assert_eq!(page.count(&format!("{RUNS}tr[data-run]")).await?, 0, "a deleted run came back");
        choose(page, &name, &file).await?;
        page.wait_for_phase("paused", 30).await?;
        assert_eq!(page.steps().await?, steps);
        wait_for_runs(page, 1).await?;
        // Once more is the same run, and no other one; but steps that it went on by are kept.
        let again = "const bytes = Uint8Array.from(atob(arguments[1]), (letter) => letter.charCodeAt(0)); \
             await visitor.one('scl-train >>> scl-runs').take([new File([bytes], arguments[0])])";
        for runs in [1, 2] {
            page.run_async::<()>(again, vec![json!(name), json!(file)]).await?;
            assert_eq!((page.steps().await?, names(page).await?.len()), (steps, runs));
            if runs == 1 {
                page.button("step").await?;
                page.wait_for_step(steps[0].min(steps[1]) + 1, 30).await?;
                page.wait_for_phase("paused", 30).await?;
            }
        }
        assert_eq!(page.get::<f64>("document.querySelector('scl-train').store.state.settings.alpha").await?, 1.0);
        page.button("start").await?;
        page.wait_for_phase("done", 120).await?;
        assert_eq!(results(page).await?, whole, "the run went on differently");
        Ok(())
    });
}

#[test]
fn finished_runs_stay_can_be_compared_renamed_and_deleted() {
    Visit::new().run(async |page| {
        page.open(SHORT).await?;
        page.train(60).await?;
        wait_for_runs(page, 1).await?;
        let first = results(page).await?;
        page.run("document.querySelector('scl-train').store.setSettings({ alpha: 5 })", vec![]).await?;
        page.train(60).await?;
        wait_for_runs(page, 2).await?;
        assert_ne!(results(page).await?, first);

        page.click(&format!("{RUNS}[data-do=overlay]")).await?;
        page.wait(
            "the curves behind",
            5,
            "visitor.one('scl-train >>> scl-curves >>> .legend').innerText.includes('Run 1')",
        )
        .await?;
        page.click("scl-train >>> scl-curves >>> summary").await?;
        let heads = "visitor.all('scl-train >>> scl-curves >>> thead th').map((head) => head.innerText)";
        page.wait("the table", 20, &format!("{heads}.length")).await?;
        let heads: Vec<String> = page.get(heads).await?;
        // Step; three numbers of two lanes, twice.
        assert_eq!(heads.len(), 13, "{heads:?}");
        assert_eq!(heads.iter().filter(|head| head.contains("Run 1")).count(), 6, "{heads:?}");

        page.fill(&format!("{RUNS}tr[data-run] input[type=text]"), "Weak α").await?;
        wait_for_stored(page, &["Weak α", "Run 2"]).await?;
        page.reload().await?;
        wait_for_runs(page, 2).await?;
        assert_eq!(names(page).await?, ["Weak α", "Run 2"]);

        // The first one is there again, with its models.
        page.click(&format!("{RUNS}[data-do=open]")).await?;
        page.wait_for_phase("done", 30).await?;
        assert_eq!(results(page).await?, first);
        assert_eq!(page.get::<f64>("document.querySelector('scl-train').store.state.settings.alpha").await?, 1.0);
        assert!(page.get::<usize>("visitor.run().trained.plain.length").await? > 50_000);

        page.click(&format!("{RUNS}[data-do=delete]")).await?;
        assert_eq!(names(page).await?.len(), 2, "one press deletes nothing");
        let second = "visitor.one(arguments[0]).dispatchEvent(new MouseEvent('click', { detail: 2 }))";
        page.run(second, vec![json!(format!("{RUNS}[data-do=delete]"))]).await?;
        assert_eq!(names(page).await?.len(), 2, "nor does a double one");
        page.click(&format!("{RUNS}[data-do=delete]")).await?;
        wait_for_runs(page, 1).await?;
        wait_for_stored(page, &["Run 2"]).await?;
        page.reload().await?;
        wait_for_runs(page, 1).await?;
        assert_eq!(names(page).await?, ["Run 2"]);
        Ok(())
    });
}

#[test]
fn a_file_that_is_no_run_is_refused_and_nothing_is_lost() {
    Visit::new().before_load(KEEP).run(async |page| {
        page.open(LONG).await?;
        let steps = pause_between(page).await?;
        page.click(&format!("{RUNS}#keep")).await?;
        wait_for_runs(page, 1).await?;
        page.click(&format!("{RUNS}[data-do=save]")).await?;
        let (_, file) = saved(page).await?;
        let changed = |script: &str| {
            format!(
                "const {{ unzipSync, zipSync }} = await import(new URL('vendor/fflate.js', document.baseURI)); \
                 const files = unzipSync(Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0))); \
                 const run = JSON.parse(new TextDecoder().decode(files['run.json'])); {script}; \
                 files['run.json'] = new TextEncoder().encode(JSON.stringify(run)); \
                 return btoa(Array.from(zipSync(files, {{ level: 0 }}), (byte) => String.fromCharCode(byte)).join(''))"
            )
        };
        for (script, words) in [
            ("run.version = 3", &["version 3", "versions 1 to 2"][..]),
            ("run.format = 'x'", &["\"x\"", "semantic-continuity-run"]),
            ("run.settings.batch = 1", &["Batch", "1", "4 to 256"]),
            ("run.lanes[1].history[0].ce = 'much'", &["history", "continuity"]),
            (
                "for (const file in files) if (file.includes('plain.checkpoint')) delete files[file]",
                &["plain.checkpoint"],
            ),
            ("files['plain.safetensors'] = files['plain.safetensors'].slice(0, 500)", &["weights"]),
        ] {
            let file: String = page.run_async(&changed(script), vec![json!(file)]).await?;
            choose(page, "mine.zip", &file).await?;
            let said = page
                .wait(script, 30, &format!("visitor.one('{RUNS}#problem')?.innerText"))
                .await
                .map(|text| text.as_str().unwrap_or_default().to_owned())?;
            for word in words {
                assert!(said.contains(word), "{script}: {said}");
            }
            page.run("visitor.one('scl-train >>> scl-runs').problem = null", vec![]).await?;
            page.wait("the message to go", 20, &format!("!visitor.one('{RUNS}#problem')")).await?;
        }
        // One byte in the middle of the weights, which are numbers still.
        let flip = "const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0)); \
             bytes[bytes.length >> 1] ^= 1; \
             return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))";
        let flipped: String = page.run_async(flip, vec![json!(file)]).await?;
        choose(page, "flipped.zip", &flipped).await?;
        let said = format!("visitor.one('{RUNS}#problem')?.innerText.includes('flipped.zip is damaged')");
        page.wait("the damage", 10, &said).await?;
        choose(page, "holiday.zip", "aGVsbG8=").await?;
        page.wait("the refusal", 10, &format!("visitor.one('{RUNS}#problem')?.innerText.includes('holiday.zip')"))
            .await?;
        assert_eq!(page.steps().await?, steps);
        assert_eq!(page.phase().await?, "paused");
        assert_eq!(names(page).await?, ["Run 1"]);
        Ok(())
    });
}

/// Keep, pressed twice, keeps one run; Reset, pressed right after it, comes after it.
#[test]
fn what_is_kept_is_the_run_as_it_stood() {
    let keep = format!("{RUNS}#keep");
    Visit::new().run(async |page| {
        page.open(LONG).await?;
        for (at, next, phase) in [(1, &keep[..], "paused"), (2, "scl-train >>> #reset", "idle")] {
            page.button("step").await?;
            page.wait_for_step(at, 60).await?;
            page.wait_for_phase("paused", 30).await?;
            let both = vec![json!(keep), json!(next)];
            page.run("for (const path of arguments) visitor.one(path).click()", both).await?;
            page.wait_for_phase(phase, 30).await?;
            wait_for_runs(page, 1).await?;
            page.wait("it is stored", 15, "!document.querySelector('scl-train').runs.wouldLose").await?;
        }
        wait_for_stored(page, &["Run 1"]).await?;
        page.reload().await?;
        wait_for_runs(page, 1).await?;
        assert_eq!(names(page).await?, ["Run 1"], "it can be read");
        page.click(&format!("{RUNS}[data-do=open]")).await?;
        page.wait_for_phase("paused", 30).await?;
        assert_eq!(page.steps().await?, [2; 2]);
        Ok(())
    });
}

#[test]
fn without_storage_runs_last_as_long_as_the_page() {
    let forbidden =
        "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } });";
    Visit::new().before_load(forbidden).run(async |page| {
        page.open(SHORT).await?;
        page.train(60).await?;
        wait_for_runs(page, 1).await?;
        let said = page.text("scl-train >>> scl-runs >>> section").await?;
        assert!(said.contains("as long as the page is open"), "{said}");
        Ok(())
    });
}
