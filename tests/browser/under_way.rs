//! A run that is under way when its tab is reloaded or goes: the next visit goes on with it.

use serde_json::{Value, json};

use crate::harness::{KEEP, Outcome, Page, Row, Visit};

const LONG: &str = "steps=200&batch=64&eval_images=20&engine=cpu";
const LEFT: &str = "scl-train >>> .left";

async fn results(page: &Page) -> Outcome<(Vec<Row>, Value)> {
    Ok((page.table().await?, page.get("visitor.run().lanes.map((lane) => lane.history)").await?))
}

/// Trains until more of the run is written than its start.
async fn caught(page: &Page) -> Outcome {
    page.open(LONG).await?;
    page.button("start").await?;
    page.wait_for_step(10, 90).await?;
    page.run_async::<()>(
        "const { createStore, entries } = await import(new URL('vendor/idb-keyval.js', document.baseURI)); \
         const place = createStore('semantic-continuity-lab-under-way', 'runs'); \
         const isBegun = ([[, name], { lanes }]) => name === 'head' && lanes.every(({ step }) => step > 0); \
         while (!(await entries(place)).some(isBegun)) await new Promise((next) => setTimeout(next, 20)); return null",
        vec![],
    )
    .await?;
    assert_eq!(page.phase().await?, "training", "caught too late");
    assert!(!page.get::<bool>("document.querySelector('scl-train').runs.wouldLose").await?, "it is written");
    Ok(())
}

#[test]
fn a_reload_in_the_middle_of_a_run_goes_on_with_the_same_numbers() {
    Visit::new().run(async |page| {
        caught(page).await?;
        page.reload().await?;
        page.wait("the offer", 30, &format!("visitor.one('{LEFT}')")).await?;
        let said = page.text(LEFT).await?;
        assert!(said.contains("of 200") && said.contains("steps=200") && !said.contains("step 0"), "{said}");
        page.click(&format!("{LEFT} [data-do=go-on]")).await?;
        page.wait_for_phase("done", 120).await?;
        assert!(page.get::<Value>("visitor.run().lanes.map(({ notes }) => notes)").await? == json!([[], []]));
        let resumed = results(page).await?;
        assert_eq!(page.count(LEFT).await?, 0);
        // Finished and kept, it is under way no more.
        page.wait("it is stored", 10, "!document.querySelector('scl-train').runs.wouldLose").await?;
        page.reload().await?;
        page.wait("the kept run", 30, "visitor.one('scl-train >>> scl-runs >>> tr[data-run]')").await?;
        assert_eq!(page.count(LEFT).await?, 0, "a finished run is offered");

        page.train(120).await?;
        assert_eq!(results(page).await?, resumed, "the run went on differently");
        Ok(())
    });
}

#[test]
fn a_paused_run_is_offered_and_can_be_discarded() {
    Visit::new().run(async |page| {
        page.open(LONG).await?;
        page.button("start").await?;
        page.wait_for_step(3, 60).await?;
        page.button("pause").await?;
        page.wait_for_phase("paused", 30).await?;
        let steps = page.steps().await?;
        page.wait("nothing to lose", 15, "!document.querySelector('scl-train').runs.wouldLose").await?;
        page.reload().await?;
        page.wait("the offer", 30, &format!("visitor.one('{LEFT}')")).await?;
        // To the very step, not to the last regular checkpoint.
        let said = page.text(LEFT).await?;
        assert!(said.contains(&format!("at step {} of 200", steps[0].min(steps[1]))), "{said}");
        page.click(&format!("{LEFT} [data-do=discard]")).await?;
        assert_eq!(page.count(LEFT).await?, 1, "one press discards nothing");
        page.click(&format!("{LEFT} [data-do=discard]")).await?;
        page.wait("it is gone", 10, &format!("!visitor.one('{LEFT}')")).await?;
        page.run_async::<()>("await new Promise((next) => setTimeout(next, 500)); return null", vec![]).await?;
        page.reload().await?;
        page.run_async::<()>("await new Promise((next) => setTimeout(next, 1500)); return null", vec![]).await?;
        assert_eq!(page.count(LEFT).await?, 0);
        Ok(())
    });
}

/// One step more, after which the run is paused.
async fn step(page: &Page, to: usize) -> Outcome {
    page.button("step").await?;
    page.wait_for_step(to, 60).await?;
    page.wait_for_phase("paused", 30).await
}

/// Presses the button that gives up what was left behind, and then once more.
async fn discard(page: &Page) -> Outcome {
    for _ in 0..2 {
        page.click(&format!("{LEFT} [data-do=discard]")).await?;
    }
    Ok(())
}

#[test]
fn a_kept_run_is_not_offered_and_one_that_cannot_be_read_can_be_saved() {
    const STORED: &str = "!document.querySelector('scl-train').runs.wouldLose";
    const KEPT: &str = "scl-train >>> scl-runs >>> tr[data-run]";
    Visit::new().before_load(KEEP).run(async |page| {
        page.open(LONG).await?;
        step(page, 1).await?;
        page.click("scl-train >>> scl-runs >>> #keep").await?;
        page.wait("it is in the list", 15, &format!("visitor.one('{KEPT}')")).await?;
        page.wait("it is stored", 15, STORED).await?;
        page.click(&format!("{KEPT} [data-do=open]")).await?;
        page.wait("it is opened", 30, "visitor.run().lanes.every(({ engine }) => engine === null)").await?;
        // So long a copy of it would take.
        page.run_async::<()>("await new Promise((next) => setTimeout(next, 500)); return null", vec![]).await?;
        page.reload().await?;
        page.wait("the kept run", 30, &format!("visitor.one('{KEPT}')")).await?;
        page.run_async::<()>("await new Promise((next) => setTimeout(next, 500)); return null", vec![]).await?;
        assert_eq!(page.count(LEFT).await?, 0, "what is in the list is offered");

        // A step more than the list has, and a head that does not fit.
        page.click(&format!("{KEPT} [data-do=open]")).await?;
        page.wait_for_phase("paused", 30).await?;
        step(page, 2).await?;
        page.wait("it is written", 15, STORED).await?;
        page.run_async::<()>(
            "const { createStore, entries } = await import(new URL('vendor/idb-keyval.js', document.baseURI)); \
             const place = createStore('semantic-continuity-lab-under-way', 'runs'); \
             const [[key, head]] = (await entries(place)).filter(([[, name]]) => name === 'head'); \
             head.settings.steps = 9; \
             await place('readwrite', (objects) => new Promise((resolve, reject) => { \
               objects.transaction.oncomplete = resolve; objects.transaction.onabort = reject; objects.put(head, key); \
             })); return null",
            vec![],
        )
        .await?;
        page.reload().await?;
        page.wait("the notice", 30, &format!("visitor.one('{LEFT}')")).await?;
        let said = page.text(LEFT).await?;
        assert!(said.contains("is damaged") && said.contains("its settings name 9 steps"), "{said}");
        page.click(&format!("{LEFT} [data-do=save]")).await?;
        page.wait("the file", 30, "saved.length === 1").await?;
        let found: Value = page
            .run_async(
                "const { unzipSync } = await import(new URL('vendor/fflate.js', document.baseURI)); \
                 const files = unzipSync(new Uint8Array(await saved[0].blob.arrayBuffer())); \
                 const found = JSON.parse(new TextDecoder().decode(files['found.json'])); \
                 return [saved[0].name, found.head.settings.steps, files[found['plain 2']].length > 50000]",
                vec![],
            )
            .await?;
        assert_eq!(found, json!(["under-way-damaged.zip", 9, true]));

        // What the store does not give up stays in sight.
        page.run(
            "window.sound = IDBObjectStore.prototype.delete; \
             IDBObjectStore.prototype.delete = () => { throw new DOMException('no', 'UnknownError'); }",
            vec![],
        )
        .await?;
        discard(page).await?;
        let failed = "visitor.one('scl-train >>> #left-problem')?.innerText.includes('could not be discarded')";
        page.wait("why not", 10, failed).await?;
        assert_eq!(page.count(LEFT).await?, 1);
        page.run("IDBObjectStore.prototype.delete = sound", vec![]).await?;
        discard(page).await?;
        page.wait("it is gone", 10, &format!("!visitor.one('{LEFT}')")).await?;
        assert_eq!(page.count("scl-train >>> #left-problem").await?, 0);
        Ok(())
    });
}

/// Two tabs with a run each: neither is offered what the other is at, and a tab that goes leaves its own.
#[test]
fn a_run_is_offered_when_its_tab_is_gone() {
    Visit::new().run(async |page| {
        caught(page).await?;
        page.button("pause").await?;
        page.wait_for_phase("paused", 30).await?;
        page.run(
            "const frame = document.createElement('iframe'); \
             const src = '?steps=201&batch=64&eval_images=20&engine=cpu&expert=1'; \
             window.other = document.body.appendChild(Object.assign(frame, { src, width: 900, height: 700 }))",
            vec![],
        )
        .await?;
        page.wait("the other tab", 30, "other.contentWindow.visitor?.one('scl-embed')?.hasUpdated").await?;
        page.run("other.contentWindow.visitor.one('scl-train >>> #start').click()", vec![]).await?;
        page.wait("steps there", 90, "other.contentWindow.visitor.run().lanes.every(({ step }) => step > 10)").await?;
        let written = "!other.contentWindow.document.querySelector('scl-train').runs.wouldLose";
        page.wait("nothing to lose", 15, written).await?;
        let offers = "[window, other.contentWindow].map((tab) => tab.visitor.all('scl-train >>> .left').length)";
        assert_eq!(page.get::<[usize; 2]>(offers).await?, [0, 0]);
        page.run("other.remove()", vec![]).await?;
        page.wait("the offer", 30, &format!("visitor.one('{LEFT}')?.innerText.includes('of 201')")).await?;
        // The present one is kept before the other takes its place.
        page.click(&format!("{LEFT} [data-do=go-on]")).await?;
        page.wait_for_phase("done", 120).await?;
        assert_eq!(page.steps().await?, [201; 2]);
        let kept = "document.querySelector('scl-train').store.state.runs.kept";
        let kept: Vec<usize> = page.get(&format!("{kept}.map(({{ record }}) => record.settings.steps)")).await?;
        assert_eq!(kept, [200, 201]);
        Ok(())
    });
}

/// Tells what is written to the browser's store: `written` has the names of the parts, in their order.
const WRITTEN: &str = "window.written = []; const { put } = IDBObjectStore.prototype; \
    IDBObjectStore.prototype.put = function (value, key) { \
      written.push(String(key?.[1])); return put.call(this, value, key); };";

/// A long run is written as quickly as a short one: whole pieces of its history once, and the one that still grows.
#[test]
fn of_a_long_history_only_what_is_new_is_written() {
    const STEPS: usize = 2500;
    Visit::new().before_load(WRITTEN).run(async |page| {
        page.open(&format!("steps={STEPS}&batch=4&eval_images=10&engine=cpu")).await?;
        page.button("start").await?;
        // Some way into the last piece, after several writings of each.
        page.wait_for_step(2200, 240).await?;
        page.button("pause").await?;
        page.wait_for_phase("paused", 30).await?;
        page.wait("it is written", 15, "!document.querySelector('scl-train').runs.wouldLose").await?;
        let history: Value = page.get("visitor.run().lanes.map((lane) => lane.history)").await?;
        let heads: usize = page.get("written.filter((name) => name === 'head').length").await?;
        for lane in ["plain", "continuity"] {
            let times = async |piece: usize| -> Outcome<usize> {
                page.get(&format!("written.filter((name) => name === 'history {lane} {piece}').length")).await
            };
            let pieces = [times(0).await?, times(1).await?, times(2).await?];
            assert!(pieces.iter().all(|times| *times > 0), "{lane}: {pieces:?}");
            assert!(pieces.iter().sum::<usize>() <= heads + 2, "{lane}: {pieces:?} in {heads} writings");
        }
        page.reload().await?;
        page.wait("the offer", 30, &format!("visitor.one('{LEFT}')")).await?;
        let left = "document.querySelector('scl-train').store.state.runs.left[0].record.lanes";
        assert_eq!(page.get::<Value>(&format!("{left}.map((lane) => lane.history)")).await?, history);
        Ok(())
    });
}

/// What an earlier version of the page left behind has its history in the head.
#[test]
fn a_run_that_an_earlier_version_left_is_offered_whole() {
    Visit::new().run(async |page| {
        page.open(LONG).await?;
        step(page, 1).await?;
        step(page, 2).await?;
        page.wait("it is written", 15, "!document.querySelector('scl-train').runs.wouldLose").await?;
        let history: Value = page.get("visitor.run().lanes.map((lane) => lane.history)").await?;
        page.run_async::<()>(
            "const { createStore, entries } = await import(new URL('vendor/idb-keyval.js', document.baseURI)); \
             const place = createStore('semantic-continuity-lab-under-way', 'runs'); \
             const all = await entries(place); const [[key, head]] = all.filter(([[, name]]) => name === 'head'); \
             head.lanes.forEach((lane, i) => (lane.history = arguments[0][i])); \
             await place('readwrite', (objects) => new Promise((resolve, reject) => { \
               objects.transaction.oncomplete = resolve; objects.transaction.onabort = reject; objects.put(head, key); \
               for (const [key] of all) if (key[1].startsWith('history ')) objects.delete(key); \
             })); return null",
            vec![history.clone()],
        )
        .await?;
        page.reload().await?;
        page.wait("the offer", 30, &format!("visitor.one('{LEFT}')")).await?;
        let left = "document.querySelector('scl-train').store.state.runs.left[0].record.lanes";
        assert_eq!(page.get::<Value>(&format!("{left}.map((lane) => lane.history)")).await?, history);
        Ok(())
    });
}

/// Lanes of unequal speed go back together: a lane gives up only what the other has passed.
#[test]
fn the_faster_lane_keeps_what_the_slower_one_will_reach() {
    Visit::new().run(async |page| {
        page.open(LONG).await?;
        let script = "const { Lane } = await import(new URL('training/lane.js', document.baseURI)); \
            const engine = (ms) => ({ name: 'cpu', remote: { step: 0, checkpoint: () => new Uint8Array(1), \
              open_wall: () => ({ interval: 20 }), look() { return { step: this.step }; }, async advance(steps) { \
              await new Promise((next) => setTimeout(next, steps * ms)); const from = this.step; this.step += steps; \
              const records = Array.from({ length: steps }, (_, i) => ({ step: from + i + 1, ce: 1 })); \
              return { step: this.step, steps: 400, records, diverged: null, seconds: (steps * ms) / 1000 }; } } }); \
            let behind = 0, most = 0; \
            const lanes = Lane.pair(['plain', 'continuity'], () => { \
              behind = Math.max(behind, Math.min(...lanes.map(({ step }) => step)) - lanes[0].common.at(-1)); \
              most = Math.max(most, ...lanes.map(({ checkpoints }) => checkpoints.size)); \
            }, () => {}); \
            lanes.forEach((lane, i) => { \
              Object.assign(lane, { engine: engine(arguments[0][i]), steps: 400, settings: {} }); \
              lane.checkpoints.set(0, new Uint8Array(1)); \
            }); \
            await Promise.all(lanes.map((lane) => lane.train(new AbortController().signal))); \
            return { behind, most, kept: lanes.map(({ checkpoints }) => [...checkpoints.keys()]) }";
        for speeds in [[1, 1], [1, 4], [4, 1]] {
            let told: Value = page.run_async(script, vec![json!(speeds)]).await?;
            assert!(told["behind"].as_u64() <= Some(20), "{speeds:?}: {told}");
            // All 20 of a run, and the one at its start, when the other lane has not begun.
            assert!(told["most"].as_u64() <= Some(21), "{speeds:?}: {told}");
            assert_eq!(told["kept"], json!([[0, 340, 360, 380, 400], [0, 340, 360, 380, 400]]), "{speeds:?}");
        }
        Ok(())
    });
}
