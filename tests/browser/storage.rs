//! The browser's store as it may be: shared with other tabs, silent, full.

use serde_json::json;

use crate::harness::{Outcome, Page, SHORT, Visit};

const RUNS: &str = "scl-train >>> scl-runs >>> ";

/// Another tab: a frame of the same page, which has all of its own but what the browser keeps.
async fn open_other_tab(page: &Page) -> Outcome {
    page.run(
        "const frame = Object.assign(document.createElement('iframe'), { width: 900, height: 700 }); \
         frame.src = location.href; window.other = document.body.appendChild(frame)",
        vec![],
    )
    .await?;
    page.wait("the other tab", 30, "other.contentWindow.visitor?.one('scl-embed')?.hasUpdated").await.map(drop)
}

fn names_in(tab: &str) -> String {
    format!("{tab}.visitor.all('{RUNS}tr[data-run] input[type=text]').map((field) => field.value)")
}

/// Waits until these tabs show these names, and the store has them; where tabs finish at once, their order is chance.
async fn wait_for_names_in(page: &Page, tabs: &[&str], names: &[&str]) -> Outcome {
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    let wanted = json!(sorted).to_string();
    for tab in tabs {
        let shown = format!("JSON.stringify({}.sort()) === '{wanted}'", names_in(tab));
        page.wait(&format!("{names:?} in {tab}"), 15, &shown).await?;
    }
    page.run_async(
        "const { createStore, entries } = await import(new URL('vendor/idb-keyval.js', document.baseURI)); \
         const place = createStore('semantic-continuity-lab', 'runs'); \
         for (;;) { \
           const names = (await entries(place)).map(([, { name }]) => name).sort(); \
           if (JSON.stringify(names) === arguments[0]) return; \
           await new Promise((next) => setTimeout(next, 20)); }",
        vec![json!(wanted)],
    )
    .await
}

async fn wait_for_names(page: &Page, names: &[&str]) -> Outcome {
    wait_for_names_in(page, &["window", "other.contentWindow"], names).await
}

async fn rename(page: &Page, tab: &str, from: &str, to: &str) -> Outcome {
    page.run(
        &format!(
            "const fields = {tab}.visitor.all('{RUNS}tr[data-run] input[type=text]'); \
             const field = fields.find(({{ value }}) => value === arguments[0]); \
             field.value = arguments[1]; field.dispatchEvent(new Event('change'))"
        ),
        vec![json!(from), json!(to)],
    )
    .await
    .map(drop)
}

async fn delete(page: &Page, tab: &str, name: &str) -> Outcome {
    page.run(
        &format!(
            "const isMeant = (row) => row.querySelector('input[type=text]').value === arguments[0]; \
             const row = {tab}.visitor.all('{RUNS}tr[data-run]').find(isMeant); \
             for (let press = 0; press < 2; press++) row.querySelector('[data-do=delete]').click()"
        ),
        vec![json!(name)],
    )
    .await
    .map(drop)
}

#[test]
fn two_tabs_keep_one_list() {
    Visit::new().run(async |page| {
        page.open(SHORT).await?;
        page.train(60).await?;
        open_other_tab(page).await?;
        wait_for_names(page, &["Run 1"]).await?;
        rename(page, "other.contentWindow", "Run 1", "First").await?;
        wait_for_names(page, &["First"]).await?;
        // Both finish at about the same time, and neither knows what the other calls its run.
        page.run(
            "for (const tab of [window, other.contentWindow]) tab.visitor.one('scl-train >>> #start').click()",
            vec![],
        )
        .await?;
        for tab in ["window", "other.contentWindow"] {
            page.wait("the end", 90, &format!("{tab}.visitor.run().phase === 'done'")).await?;
        }
        wait_for_names(page, &["First", "Run 1", "Run 2"]).await?;
        delete(page, "window", "First").await?;
        wait_for_names(page, &["Run 1", "Run 2"]).await?;
        delete(page, "other.contentWindow", "Run 1").await?;
        rename(page, "window", "Run 2", "Second").await?;
        wait_for_names(page, &["Second"]).await?;
        page.reload().await?;
        open_other_tab(page).await?;
        wait_for_names(page, &["Second"]).await
    });
}

/// Runs `whileRead` when the list is being read, before the answer comes; deletion does not end while `held` is set.
const HOOKS: &str = "window.whileRead = null; window.held = false; \
    const { delete: remove, getAllKeys } = IDBObjectStore.prototype; \
    IDBObjectStore.prototype.getAllKeys = function (...values) { \
      const work = whileRead; whileRead = null; work?.(); return getAllKeys.apply(this, values); }; \
    IDBObjectStore.prototype.delete = function (...values) { \
      const again = () => { if (held) this.get(0).onsuccess = again; }; \
      again(); return remove.apply(this, values); };";

/// What is done to the list while the store is at something else is done after it, and once.
#[test]
fn changes_at_once_are_made_one_after_the_other() {
    Visit::new().before_load(HOOKS).run(async |page| {
        let here = &["window"];
        page.open(SHORT).await?;
        page.train(60).await?;
        wait_for_names_in(page, here, &["Run 1"]).await?;
        page.wait("it is stored", 10, "!document.querySelector('scl-train').runs.wouldLose").await?;
        // What was read before is no longer so.
        page.run(
            &format!(
                "window.whileRead = () => {{ const field = visitor.one('{RUNS}tr[data-run] input[type=text]'); \
                   field.value = 'First'; field.dispatchEvent(new Event('change')); }}; \
                 new BroadcastChannel('semantic-continuity-lab').postMessage(null)"
            ),
            vec![],
        )
        .await?;
        page.wait("the list to be read", 10, "window.whileRead === null").await?;
        wait_for_names_in(page, here, &["First"]).await?;

        // A run is kept while another one is being deleted.
        page.button("reset").await?;
        page.wait_for_phase("idle", 30).await?;
        page.button("step").await?;
        page.wait_for_step(1, 60).await?;
        page.wait_for_phase("paused", 30).await?;
        page.run("window.held = true", vec![]).await?;
        delete(page, "window", "First").await?;
        page.wait("it is gone", 10, &format!("!visitor.one('{RUNS}tr[data-run]')")).await?;
        page.click(&format!("{RUNS}#keep")).await?;
        page.wait("the other one", 10, &format!("visitor.one('{RUNS}tr[data-run] .only')")).await?;
        page.run("window.held = false", vec![]).await?;
        page.wait("it is stored", 10, "!document.querySelector('scl-train').runs.wouldLose").await?;
        wait_for_names_in(page, here, &["Run 1"]).await?;
        page.reload().await?;
        wait_for_names_in(page, here, &["Run 1"]).await
    });
}

/// Tabs that do not hear of each other: what one deleted stays so, whatever the other believes.
#[test]
fn a_deleted_run_does_not_come_back_from_a_tab_that_has_not_heard_of_it() {
    let deaf = "globalThis.BroadcastChannel = class extends BroadcastChannel { constructor(name) { \
        if (name.startsWith('semantic-continuity-lab')) throw new DOMException('no', 'SecurityError'); \
        super(name); } };";
    Visit::new().before_load(deaf).run(async |page| {
        page.open(SHORT).await?;
        page.train(60).await?;
        page.train(60).await?;
        open_other_tab(page).await?;
        wait_for_names(page, &["Run 1", "Run 2"]).await?;
        rename(page, "window", "Run 2", "Mine").await?;
        page.run("other.contentWindow.dispatchEvent(new Event('focus'))", vec![]).await?;
        wait_for_names(page, &["Run 1", "Mine"]).await?;
        delete(page, "window", "Run 1").await?;
        page.wait("one run", 10, &format!("{}.length === 1", names_in("window"))).await?;
        rename(page, "other.contentWindow", "Run 1", "Back").await?;
        wait_for_names(page, &["Mine"]).await
    });
}

/// A store that never answers.
const SILENT: &str = "IDBFactory.prototype.open = () => new EventTarget();";

#[test]
fn nothing_is_promised_that_a_silent_store_has_not_confirmed() {
    Visit::new().before_load(SILENT).run(async |page| {
        page.open(SHORT).await?;
        page.train(60).await?;
        let said = page.text(&format!("{RUNS}section")).await?;
        assert!(!said.contains("when you come back") && said.contains("only in this tab"), "{said}");
        assert!(page.get::<bool>("document.querySelector('scl-train').runs.wouldLose").await?, "leaving must ask");
        page.wait("the trouble", 15, &format!("visitor.one('{RUNS}#trouble')?.innerText.includes('does not answer')"))
            .await?;
        // The run is there all the same.
        page.click(&format!("{RUNS}[data-do=open]")).await?;
        page.wait_for_phase("done", 30).await?;
        Ok(())
    });
}

/// A store that has no more room while `full` is set, which shows only when a transaction is to end.
const FULL: &str = "window.full = false; const { put } = IDBObjectStore.prototype; \
    IDBObjectStore.prototype.put = function (...values) { \
      const error = { value: new DOMException('no room', 'QuotaExceededError') }; \
      if (full) Object.defineProperty(this.transaction, 'error', error); \
      const request = put.apply(this, values); \
      if (full) request.addEventListener('success', () => this.transaction.abort()); \
      return request; };";

#[test]
fn a_full_store_names_the_run_and_how_to_make_room() {
    Visit::new().before_load(FULL).run(async |page| {
        page.open(SHORT).await?;
        page.train(60).await?;
        page.wait("it is stored", 10, "!document.querySelector('scl-train').runs.wouldLose").await?;
        page.run("window.full = true", vec![]).await?;
        page.train(60).await?;
        let trouble = page.wait("the trouble", 15, &format!("visitor.one('{RUNS}#trouble')?.innerText")).await?;
        let trouble = trouble.as_str().unwrap_or_default();
        for word in ["“Run 2”", "no more room", "Delete another run", "file"] {
            assert!(trouble.contains(word), "{trouble}");
        }
        let marks: Vec<bool> = page
            .get(&format!("visitor.all('{RUNS}tr[data-run]').map((row) => Boolean(row.querySelector('.only')))"))
            .await?;
        assert_eq!(marks, [false, true]);
        assert!(page.get::<bool>("document.querySelector('scl-train').runs.wouldLose").await?, "leaving must ask");
        page.run("window.full = false", vec![]).await?;
        delete(page, "window", "Run 1").await?;
        page.wait("it is stored", 10, "!document.querySelector('scl-train').runs.wouldLose").await?;
        assert_eq!(page.count(&format!("{RUNS}#trouble")).await?, 0);
        page.reload().await?;
        page.wait("the run", 30, &format!("JSON.stringify({}) === '[\"Run 2\"]'", names_in("window"))).await?;
        Ok(())
    });
}
