//! What a browser may refuse: storage, workers, channels, parts of itself, the graphics processor. One row a facility: what is
//! said, and that the page computes all the same, or says what it would need.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::harness::{Fault, Outcome, Page, SHORT, Visit};

/// A facility that is refused: a script before those of the page, another before those of the worker, and what must hold on
/// the page when a run is over.
struct Refused {
    what: &'static str,
    page: &'static str,
    worker: &'static str,
    /// An expression that becomes true within half a minute of the end of the run.
    then: &'static str,
}

const RUNS: &str = "visitor.one('scl-train >>> scl-runs')";

/// Where nothing is kept, the page does not promise it, and asks before it is left.
const UNKEPT: &str = "(() => { const runs = visitor.one('scl-train >>> scl-runs'); \
    const said = runs.shadowRoot.querySelector('section').innerText; \
    return runs.runs.wouldLose && runs.store.state.runs.kept.length === 1 && !said.includes('also when you come back'); })()";

const COMPUTED: [Refused; 11] = [
    Refused {
        what: "storage is blocked",
        page: "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } });",
        worker: "",
        then: UNKEPT,
    },
    Refused {
        what: "the store never answers",
        page: "IDBFactory.prototype.open = () => new EventTarget();",
        worker: "",
        then: UNKEPT,
    },
    Refused {
        what: "the store is full",
        page: "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };",
        worker: "",
        then: UNKEPT,
    },
    Refused {
        what: "transactions of the store fail",
        page: "IDBDatabase.prototype.transaction = () => { throw new DOMException('no', 'UnknownError'); };",
        worker: "",
        then: UNKEPT,
    },
    Refused {
        what: "local storage is blocked",
        page: "Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });",
        worker: "",
        then: "true",
    },
    Refused {
        what: "channels are blocked",
        page: "globalThis.BroadcastChannel = class { constructor() { throw new DOMException('no', 'SecurityError'); } };",
        worker: "globalThis.BroadcastChannel = class { constructor() { throw new DOMException('no', 'SecurityError'); } };",
        then: "true",
    },
    Refused {
        what: "there are no channels",
        page: "delete globalThis.BroadcastChannel;",
        worker: "delete globalThis.BroadcastChannel;",
        then: "true",
    },
    Refused {
        what: "caches are blocked",
        page: "Object.defineProperty(globalThis, 'caches', { get() { throw new DOMException('no', 'SecurityError'); } });",
        worker: "Object.defineProperty(globalThis, 'caches', { get() { throw new DOMException('no', 'SecurityError'); } });",
        then: "true",
    },
    Refused {
        what: "service workers are blocked",
        page: "if (globalThis.ServiceWorkerContainer) ServiceWorkerContainer.prototype.register = \
            () => Promise.reject(new DOMException('no', 'SecurityError'));",
        worker: "",
        then: "true",
    },
    Refused {
        what: "workers are blocked",
        page: "globalThis.Worker = class { constructor() { throw new DOMException('no', 'SecurityError'); } };",
        worker: "",
        then: "visitor.one('scl-train').shadowRoot.textContent.includes('own thread')",
    },
    Refused {
        what: "nobody may watch what is near",
        page: "delete globalThis.IntersectionObserver;",
        worker: "",
        then: "true",
    },
];

/// Tries every row in a visit of its own, and names all that do not hold.
fn each<R>(rows: &[R], what: impl Fn(&R) -> &str, meet: impl Fn(&R)) {
    let failed: Vec<&str> =
        rows.iter().filter(|row| catch_unwind(AssertUnwindSafe(|| meet(row))).is_err()).map(what).collect();
    assert!(failed.is_empty(), "these do not hold: {failed:#?}");
}

/// Starts the page with both scripts in their places.
async fn opens(page: &Page, query: &str, worker: &'static str) -> Outcome {
    if !worker.is_empty() {
        page.spoil("/worker.js", Fault::Before(worker));
    }
    page.open(query).await
}

#[test]
fn the_page_computes_without_what_a_browser_may_refuse() {
    each(
        &COMPUTED,
        |row| row.what,
        |row| {
            // The digest of a script with another before it is not the one that the service worker knows.
            Visit::new().before_load(row.page).tolerating(&["worker.js", "integrity"]).run(async |page| {
                opens(page, SHORT, row.worker).await?;
                page.wait("both answers", 60, "visitor.answers()").await?;
                page.train(120).await?;
                assert_eq!(page.table().await?.len(), 6, "{}", row.what);
                page.wait(row.what, 30, &format!("{RUNS} && {}", row.then)).await.map(drop)
            });
        },
    );
}

/// Without these there is nothing to compute with: the page says what is missing.
#[test]
fn what_cannot_do_without_says_what_is_missing() {
    const ROWS: [(&str, &str, &str, &[&str]); 3] = [
        ("no WebAssembly", "delete globalThis.WebAssembly;", "delete globalThis.WebAssembly;", &["WebAssembly"]),
        (
            "WebAssembly is blocked",
            "",
            "WebAssembly.instantiateStreaming = WebAssembly.instantiate = WebAssembly.compile = WebAssembly.compileStreaming = \
             () => Promise.reject(new WebAssembly.CompileError('blocked by policy'));",
            &["WebAssembly", "engine"],
        ),
        (
            "no decompression",
            "delete globalThis.DecompressionStream;",
            "delete globalThis.DecompressionStream;",
            &["DecompressionStream", "browser"],
        ),
    ];
    each(
        &ROWS,
        |row| row.0,
        |(what, before, worker, words)| {
            Visit::new().before_load(before).tolerating(&["worker.js", "integrity"]).run(async |page| {
                opens(page, SHORT, worker).await?;
                let alert = "visitor.one('scl-nudge >>> [role=alert]')?.innerText";
                let said = page.wait(what, 60, alert).await?;
                let said = said.as_str().unwrap_or_default();
                assert!(words.iter().any(|word| said.contains(word)), "{what}: {said}");
                // What needs no engine is there.
                page.run("document.querySelector('scl-claims').scrollIntoView()", vec![]).await?;
                page.wait("the claims", 30, "visitor.one('scl-claims >>> tbody tr')").await.map(drop)
            });
        },
    );
}

/// The graphics processor goes away at some time of a run: the run goes on without it, and says so.
#[test]
fn a_graphics_processor_that_is_lost_does_not_take_the_run_along() {
    /// Before the worker: what the adapter gives, and when it takes it away.
    const REFUSES: &str =
        "GPUAdapter.prototype.requestDevice = () => Promise.reject(new DOMException('lost', 'OperationError'));";
    const LOSES: &str = "{ const request = GPUAdapter.prototype.requestDevice; const devices = []; \
        GPUAdapter.prototype.requestDevice = async function (...values) { \
            const device = await request.apply(this, values); devices.push(device); return device; }; \
        new BroadcastChannel('test').onmessage = () => devices.forEach((device) => device.destroy()); }";
    const ROWS: [(&str, &str, &str, &str); 3] = [
        ("while it is prepared", REFUSES, "steps=2", ""),
        ("in training", LOSES, "steps=40", "visitor.run().lanes.every(({ step }) => step >= 2)"),
        ("in the evaluation", LOSES, "steps=2", "visitor.run().phase === 'judging'"),
    ];
    each(
        &ROWS,
        |row| row.0,
        |(when, worker, steps, moment)| {
            Visit::new().tolerating(&["worker.js", "integrity", "device", "Device", "GPU"]).run(async |page| {
                let offered = "return Boolean(await navigator.gpu?.requestAdapter())";
                opens(page, &format!("engine=webgpu&{steps}&batch=8&eval_images=10"), worker).await?;
                assert!(page.run_async::<bool>(offered, vec![]).await?, "this browser offers no WebGPU adapter");
                page.button("start").await?;
                if !moment.is_empty() {
                    page.wait(when, 120, moment).await?;
                    page.run("new BroadcastChannel('test').postMessage('lose it')", vec![]).await?;
                }
                page.wait_for_phase("done", 180).await?;
                assert_eq!(page.table().await?.len(), 6, "{when}");
                let said = page.text("scl-train").await?;
                assert!(said.contains("on the CPU engine") || said.contains("CPU engine does"), "{when}: {said}");
                Ok(())
            });
        },
    );
}
