//! Long use of the page in Chromium: `cargo xtask test dist soak`. Memory, workers and elements must not grow with use, beyond
//! what is shown. Figures are printed. As measured, nodes and listeners come back to where they were, and the engines' memory
//! is the same; the bounds leave room for what a browser does by itself.
#![cfg(not(target_family = "wasm"))]

#[path = "../browser/harness/mod.rs"]
mod harness;
#[path = "../embed/host.rs"]
#[allow(dead_code, reason = "the tests of embedding use more of it")]
mod host;

use std::time::Duration;

use harness::{Fault, Outcome, Page, Visit};
use serde_json::{Value, json};

/// Counts the workers that nobody has ended.
const COUNT_WORKERS: &str = "delete Navigator.prototype.serviceWorker; globalThis.workers = new Set(); \
    globalThis.Worker = class extends Worker { \
        constructor(...values) { super(...values); workers.add(this); } \
        terminate() { workers.delete(this); super.terminate(); } }; \
    globalThis.wasm = async () => { \
        const channel = new BroadcastChannel('soak'); let bytes = 0; \
        channel.onmessage = ({ data }) => (bytes += data.bytes ?? 0); channel.postMessage({}); \
        await new Promise((resolve) => setTimeout(resolve, 2000)); channel.close(); return bytes; };";

/// In a worker: tells how much memory its engine has.
const TELL_MEMORY: &str = "{ const memories = []; \
    const keep = ({ instance, module, ...rest }) => { memories.push(instance.exports.memory); return { instance, module, ...rest }; }; \
    for (const name of ['instantiate', 'instantiateStreaming']) { \
        const original = WebAssembly[name]; \
        WebAssembly[name] = async (...values) => keep(await original.apply(WebAssembly, values)); } \
    const channel = new BroadcastChannel('soak'); \
    channel.onmessage = ({ data }) => data.bytes === undefined && \
        channel.postMessage({ bytes: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) }); }";

/// What is there after everything that could be freed was.
#[derive(Clone, Copy, Debug)]
struct Use {
    /// Bytes of the page's objects.
    heap: f64,
    /// Bytes of all engines.
    wasm: f64,
    /// Nodes of all documents, also of those that are not shown.
    nodes: f64,
    listeners: f64,
    workers: usize,
}

async fn measured(page: &Page) -> Outcome<Use> {
    page.devtools("Performance.enable", json!({})).await?;
    // What the first collection finds may free more.
    for _ in 0..2 {
        page.devtools("HeapProfiler.collectGarbage", json!({})).await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let reply = page.devtools("Performance.getMetrics", json!({})).await?;
    let metrics = reply["metrics"].as_array().cloned().unwrap_or_default();
    let of = |name: &str| -> Outcome<f64> {
        let metric = metrics.iter().find(|metric| metric["name"] == name);
        metric
            .and_then(|metric| metric["value"].as_f64())
            .ok_or_else(|| format!("Chromium does not tell {name}").into())
    };
    Ok(Use {
        heap: of("JSHeapUsedSize")?,
        wasm: page.run_async("return wasm()", vec![]).await?,
        nodes: of("Nodes")?,
        listeners: of("JSEventListeners")?,
        workers: page.get("workers.size").await?,
    })
}

/// The most that may come along between two measurements.
struct Growth {
    heap: f64,
    nodes: f64,
    listeners: f64,
}

/// Engines may round their memory up once more, and no more.
const WASM: f64 = 4e6;

fn assert_flat(what: &str, before: Use, after: Use, most: &Growth) {
    println!("{what}: {before:?}, then {after:?}");
    assert!(after.heap - before.heap <= most.heap, "{what}: objects grow");
    assert!(after.wasm - before.wasm <= WASM, "{what}: the engines' memory grows");
    assert!(after.nodes - before.nodes <= most.nodes, "{what}: nodes are left");
    assert!(after.listeners - before.listeners <= most.listeners, "{what}: listeners are left");
    assert_eq!(after.workers, before.workers, "{what}: workers are left");
}

fn visit() -> Visit {
    Visit::new().before_load(COUNT_WORKERS)
}

/// Each step leaves a record in each lane's history, which curves and files show; nothing else is left.
#[test]
fn twenty_thousand_steps() {
    visit().run(async |page| {
        page.spoil("engine/worker.js", Fault::Before(TELL_MEMORY));
        page.open("steps=20000&batch=4&eval_images=10&engine=cpu").await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        page.button("start").await?;
        page.wait_for_step(4000, 600).await?;
        let before = measured(page).await?;
        assert!(before.wasm > 0.0 && before.workers == 3, "nothing is measured: {before:?}");
        page.wait_for_step(19_000, 1200).await?;
        let after = measured(page).await?;
        page.wait_for_phase("done", 600).await?;
        assert_eq!(page.steps().await?, [20_000; 2]);
        // Five numbers a record, 15,000 times, in two lanes.
        assert_flat("15,000 steps", before, after, &Growth { heap: 10e6, nodes: 100.0, listeners: 20.0 });
        Ok(())
    });
}

/// Starts and resets by the page's own buttons.
async fn starts(page: &Page, count: usize) -> Outcome {
    page.run_async::<Value>(
        "const train = document.querySelector('scl-train'); const press = async (id) => { \
             for (;;) { const button = visitor.one(`scl-train >>> #${id}`); if (!button.disabled) return button.click(); \
                 await new Promise((next) => setTimeout(next, 10)); } }; \
         const until = async (is) => { while (!is(train.store.state.run)) await new Promise((next) => setTimeout(next, 10)); }; \
         for (let i = 0; i < arguments[0]; i++) { \
             await press('start'); await until(({ phase, lanes }) => phase === 'done' || lanes.some(({ step }) => step > 0)); \
             await press('reset'); await until(({ phase }) => phase === 'idle'); }",
        vec![json!(count)],
    )
    .await
    .map(drop)
}

#[test]
fn two_hundred_starts() {
    visit().run(async |page| {
        page.spoil("engine/worker.js", Fault::Before(TELL_MEMORY));
        page.open("steps=50&batch=8&eval_images=10&engine=cpu").await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        starts(page, 20).await?;
        let before = measured(page).await?;
        starts(page, 200).await?;
        let after = measured(page).await?;
        assert_flat("200 starts", before, after, &Growth { heap: 2e6, nodes: 100.0, listeners: 20.0 });
        Ok(())
    });
}

/// Opens figures on a host page and removes them.
async fn widgets(page: &Page, count: usize) -> Outcome {
    for _ in 0..count {
        page.run("document.body.append(document.createElement('semantic-continuity-nudge'))", vec![]).await?;
        page.wait("the card", 10, "visitor.one('semantic-continuity-nudge >>> button')").await?;
        // By script: the driver would hold on to the button that it pressed.
        page.run("visitor.one('semantic-continuity-nudge >>> button').click()", vec![]).await?;
        page.wait("answers", 60, "visitor.one('semantic-continuity-nudge >>> scl-nudge >>> .rates strong')").await?;
        page.run("document.querySelector('semantic-continuity-nudge').remove()", vec![]).await?;
        page.wait("the worker to end", 10, "workers.size === 0").await?;
    }
    Ok(())
}

#[test]
fn fifty_widgets() {
    let cdn = host::cdn();
    Visit::to(host::host(&cdn, "blob:")).before_load(COUNT_WORKERS).run(async |page| {
        page.visit("blank.html").await?;
        host::bring_elements(page, &cdn).await?;
        widgets(page, 5).await?;
        let before = measured(page).await?;
        widgets(page, 50).await?;
        let after = measured(page).await?;
        assert_flat("50 widgets", before, after, &Growth { heap: 1e6, nodes: 40.0, listeners: 10.0 });
        Ok(())
    });
}
