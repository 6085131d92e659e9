//! Saved runs as they come back: packed otherwise, damaged, or written by somebody who means harm.

use serde_json::{Value, json};

use crate::harness::{KEEP, Off, Outcome, Page, ROWS, SHORT, Visit};

const RUNS: &str = "scl-train >>> scl-runs >>> ";

/// Makes files of the run that was saved last and gives them to the page, as a visitor does who chooses or drops them.
const TOOLS: &str = "window.tools = { \
    fflate: () => import(new URL('vendor/fflate.js', document.baseURI)), \
    async files() { \
      const { unzipSync } = await this.fflate(); \
      return unzipSync(new Uint8Array(await saved[0].blob.arrayBuffer())); \
    }, \
    json: (files) => JSON.parse(new TextDecoder().decode(files['run.json'])), \
    async zip(files) { \
      const { zipSync } = await this.fflate(); \
      return new File([zipSync(files, { level: 0 })], 'mine.zip'); \
    }, \
    async take(files) { \
      const list = visitor.one('scl-train >>> scl-runs'); \
      await list.take(files); await list.updateComplete; \
    }, \
    problem: () => visitor.one('scl-train >>> scl-runs >>> #problem')?.innerText ?? null, \
    names: () => visitor.all('scl-train >>> scl-runs >>> tr[data-run] input[type=text]').map((field) => field.value), \
    async stored(work) { \
      const { createStore } = await import(new URL('vendor/idb-keyval.js', document.baseURI)); \
      const place = createStore('semantic-continuity-lab', 'runs'); \
      return place('readwrite', (objects) => new Promise((resolve, reject) => { \
        objects.transaction.oncomplete = resolve; objects.transaction.onabort = reject; work(objects); \
      })); \
    } };";

async fn names(page: &Page) -> Outcome<Vec<String>> {
    page.get("tools.names()").await
}

/// Trains a short run, which is kept, and saves it.
async fn with_a_saved_run(page: &Page) -> Outcome {
    page.open(SHORT).await?;
    page.run(TOOLS, vec![]).await?;
    page.train(60).await?;
    page.wait("the kept run", 30, &format!("visitor.one('{RUNS}tr[data-run]')")).await?;
    page.click(&format!("{RUNS}[data-do=save]")).await?;
    page.wait("the file", 30, "saved.length === 1").await.map(drop)
}

#[test]
fn a_run_opens_however_it_was_packed_again() {
    Visit::new().before_load(KEEP).run(async |page| {
        with_a_saved_run(page).await?;
        let table = page.table().await?;
        for (what, script) in [
            ("as it is", "[await tools.zip(files)]"),
            (
                "in a folder, with what macOS leaves behind",
                "[await tools.zip({ ...under('run-1/'), '__MACOSX/run-1/._run.json': new Uint8Array(4), \
                 'run-1/.DS_Store': new Uint8Array(9) })]",
            ),
            ("with ./", "[await tools.zip(under('./'))]"),
            ("deep in folders, with backslashes", "[await tools.zip(under('a\\\\b\\\\'))]"),
            (
                "packed anew, under another name",
                "[new File([(await tools.fflate()).zipSync(files, { level: 9 })], 'mine.bin')]",
            ),
            ("loose", "Object.entries(files).map(([name, bytes]) => new File([bytes], name))"),
            (
                "loose, downloaded twice",
                "Object.entries(files).map(([name, bytes]) => new File([bytes], name.replace('.', ' (1).')))",
            ),
            (
                "a dropped folder",
                "Object.entries(files).map(([name, bytes]) => \
                 ({ path: `runs/run-1/${name}`, file: new File([bytes], name) }))",
            ),
            ("twice in one zip", "[await tools.zip({ ...under('a/'), ...under('b/') })]"),
        ] {
            let delete = format!("visitor.one('{RUNS}[data-do=delete]')?.click();");
            page.run(&delete.repeat(2), vec![]).await?;
            page.wait("an empty list", 10, "tools.names().length === 0").await?;
            let script = format!(
                "const files = await tools.files(); \
                 const under = (folder) => \
                   Object.fromEntries(Object.entries(files).map(([name, bytes]) => [folder + name, bytes])); \
                 await tools.take({script}); return tools.problem()"
            );
            let problem: Option<String> = page.run_async(&script, vec![]).await?;
            assert_eq!(problem, None, "{what}");
            assert_eq!(names(page).await?, ["Run 1"], "{what}");
            assert_eq!((page.phase().await?, page.table().await?), ("done".to_owned(), table.clone()), "{what}");
        }
        Ok(())
    });
}

/// What is done to `run`, the JSON of a finished run, and words of the refusal.
const HOSTILE: [(&str, &str); 21] = [
    ("run.settings.steps = 9", "its settings name 9 steps"),
    ("run.settings.steps = 1e9; run.lanes[0].steps = 1e9", "Steps is 1000000000"),
    ("run.lanes[0].steps = 20000", "at step 8 of 20000"),
    ("run.lanes[0].step = 7", "history that cannot be"),
    ("run.lanes[0].step = -1", "plain lane"),
    ("run.lanes[0].step = 'NaN'", "plain lane"),
    ("run.lanes[1].diverged = {}", "The divergence of the continuity lane"),
    ("run.lanes[1].history[3] = null", "The history of the continuity lane"),
    ("run.lanes[1].history[3].ce = 'NaN'", "The history of the continuity lane"),
    ("run.lanes[1].history = Array(100000).fill(run.lanes[1].history[0])", "history that cannot be"),
    ("run.lanes[1].notes = [{ toString: 1 }]", "The notes of the continuity lane"),
    ("run.lanes[1].report = null", "continuity lane has no results"),
    ("run.lanes[1].report.outcomes.clean = Array(1e5).fill(true)", "not on the same images"),
    ("run.lanes[1].report.settings.seed = 2", "The results of the continuity lane"),
    ("run.lanes[1] = null", "lane"),
    ("run.lanes.push(run.lanes[0])", "both lanes"),
    ("run.lanes.reverse()", "both lanes"),
    ("run.lanes = { length: 2 }", "both lanes"),
    ("run.settings.alpha = '__proto__'", "alpha"),
    ("run.engine = { name: 'cpu', why: ['much'] }", "Its engine"),
    ("run.own = 'pictures'", "pictures"),
];

/// The table follows from the results of both lanes: whatever a file has in its place is not looked at.
const TABLES: [&str; 4] = [
    "run.comparison.rows = [null]",
    "run.comparison.rows.forEach((row) => (row.verdict = 'continuity'))",
    "run.comparison = 3",
    "run.comparison.sentence = '<img src=x onerror=alert(1)>'",
];

/// Opens the saved file after `script` was done to `run`; what the page says against it.
async fn open_spoilt(page: &Page, script: &str) -> Outcome<Option<String>> {
    let script = format!(
        "const files = await tools.files(); const run = tools.json(files); {script}; \
         files['run.json'] = new TextEncoder().encode(JSON.stringify(run)); \
         await tools.take([await tools.zip(files)]); return tools.problem()"
    );
    page.run_async(&script, vec![]).await
}

#[test]
fn hostile_files_are_refused_and_nothing_is_lost() {
    Visit::new().before_load(KEEP).run(async |page| {
        with_a_saved_run(page).await?;
        let table = page.table().await?;
        for (script, words) in HOSTILE {
            let said = open_spoilt(page, script).await?;
            let said = said.ok_or_else(|| format!("taken: {script}"))?;
            assert!(said.contains("mine.zip") && said.contains(words) && said.len() < 1000, "{script}: {said}");
        }
        for script in TABLES {
            assert_eq!(open_spoilt(page, script).await?, None, "{script}");
            assert_eq!(page.table().await?, table, "{script}");
        }
        // Names that JavaScript knows, and lists of the wrong kind: what is not listed does not pass.
        let script = "const files = await tools.files(); const run = tools.json(files); \
             run.lanes[0].clear = 3; run.lanes[0].checkpoints = []; run.record = run.store = run.kept = { clear: 3 }; \
             const more = '\"clear\":3,\"__proto__\":{\"polluted\":1},\"constructor\":null'; \
             const text = JSON.stringify(run).replace('\"clear\":3', more); \
             files['run.json'] = new TextEncoder().encode(text); \
             await tools.take([await tools.zip(files)]); \
             return [tools.problem(), {}.polluted ?? null, typeof visitor.run().lanes[0].clear]";
        let told: Value = page.run_async(script, vec![]).await?;
        assert_eq!(told, json!([null, null, "function"]));
        assert_eq!(names(page).await?, ["Run 1"]);
        assert_eq!((page.phase().await?, page.table().await?), ("done".to_owned(), table));
        // 20 MB of spaces, and a list of files without end: refused before anything is unpacked.
        for (script, words) in [
            ("files['run.json'] = new Uint8Array(20e6).fill(32)", "20 MB"),
            ("files['more'] = new Uint8Array(65e6)", "65"),
            ("for (let i = 0; i < 1001; i++) files[`more-${i}`] = new Uint8Array()", "more than 1000 files"),
        ] {
            let script = format!(
                "const files = await tools.files(); {script}; const {{ zipSync }} = await tools.fflate(); \
                 await tools.take([new File([zipSync(files, {{ level: 1 }})], 'mine.zip')]); return tools.problem()"
            );
            let said: String = page.run_async(&script, vec![]).await?;
            assert!(said.contains("mine.zip") && said.contains(words), "{said}");
        }
        Ok(())
    });
}

#[test]
fn damaged_entries_of_the_list_hide_no_other_one() {
    Visit::new().before_load(KEEP).run(async |page| {
        with_a_saved_run(page).await?;
        page.wait("it is stored", 10, "!document.querySelector('scl-train').runs.wouldLose").await?;
        // As code: the page's policy forbids to make functions of texts.
        let hostile: Vec<String> = HOSTILE.iter().map(|(script, _)| format!("(run) => {{ {script} }}")).collect();
        let script = format!(
            "const [good] = document.querySelector('scl-train').store.state.runs.kept; \
             const {{ own, ...record }} = good.record; \
             const entries = [{}].map((spoil, i) => {{ \
               const run = structuredClone({{ ...record, own: null }}); spoil(run); \
               return {{ id: i + 1, name: `Bad ${{i + 1}}`, record: run }}; }}); \
             const strange = [null, 3, 'run', [], {{ record: null }}, {{ name: {{}}, record: {{ lanes: 3 }} }}, \
               new Map([[1, new Uint8Array(3)]])]; \
             await tools.stored((objects) => {{ \
               for (const entry of entries) objects.put(entry, entry.id); \
               strange.forEach((value, i) => objects.put(value, 100 + i)); \
             }}); \
             return null",
            hostile.join(", ")
        );
        page.run_async::<()>(&script, vec![]).await?;
        page.reload().await?;
        page.run(TOOLS, vec![]).await?;
        let all = HOSTILE.len() + 7 + 1;
        page.wait("the whole list", 60, &format!("visitor.all('{RUNS}tr[data-run]').length === {all}")).await?;
        assert_eq!(names(page).await?, ["Run 1"], "the others cannot be renamed");
        let damaged: Vec<String> =
            page.get(&format!("visitor.all('{RUNS}tr[data-damaged]').map((row) => row.innerText)")).await?;
        for ((script, words), said) in HOSTILE.iter().zip(&damaged) {
            assert!(said.contains("Damaged") && said.contains(words), "{script}: {said}");
        }
        // Each can be saved as it is, and deleted.
        page.click(&format!("{RUNS}[data-run='1'] [data-do=save]")).await?;
        page.wait("the file", 30, "saved.length === 1").await?;
        let found: Value = page
            .run_async(
                "const files = await tools.files(); \
                 const { record } = JSON.parse(new TextDecoder().decode(files['found.json'])); \
                 return [saved[0].name, record.settings.steps, files[record.lanes[0].weights].length > 50000]",
                vec![],
            )
            .await?;
        assert_eq!(found, json!(["bad-1-damaged.zip", 9, true]));
        let buttons = format!("visitor.all('{RUNS}tr[data-damaged] [data-do=delete]')");
        page.run(&format!("for (const button of {buttons}) {{ button.click(); button.click(); }}"), vec![]).await?;
        page.wait("the good one alone", 10, &format!("visitor.all('{RUNS}tr[data-run]').length === 1")).await?;
        page.reload().await?;
        page.run(TOOLS, vec![]).await?;
        page.wait("the kept run", 30, "tools.names().length === 1").await?;
        page.click(&format!("{RUNS}[data-do=open]")).await?;
        page.wait_for_phase("done", 30).await?;
        assert_eq!(page.table().await?.len(), ROWS);
        Ok(())
    });
}

/// What keeps the page from looking at a run says nothing of the run.
#[test]
fn without_web_assembly_no_kept_run_is_called_damaged() {
    Visit::new().without(Off::WebAssembly).before_load(KEEP).run(async |page| {
        page.open(SHORT).await?;
        page.run(TOOLS, vec![]).await?;
        let put = "await tools.stored((objects) => objects.put({ id: 1, name: 'Mine', record: { lanes: [] } }, 1)); \
             return null";
        page.run_async::<()>(put, vec![]).await?;
        page.reload().await?;
        page.wait("the run", 30, &format!("visitor.one('{RUNS}tr[data-run]')")).await?;
        let said = page.text(&format!("{RUNS}tr[data-run]")).await?;
        assert!(said.contains("Mine") && said.contains("Cannot be read now") && !said.contains("amaged"), "{said}");
        page.click(&format!("{RUNS}[data-do=save]")).await?;
        page.wait("the file", 30, "saved.length === 1").await?;
        assert_eq!(page.get::<String>("saved[0].name").await?, "mine-unread.zip");
        Ok(())
    });
}
