//! What a browser may refuse: storage, workers, channels, parts of itself, the graphics processor. One row a facility: what
//! is said, and that the page computes all the same, or says what it would need.

use crate::harness::{Fault, Outcome, Page, ROWS, SHORT, Visit};

/// A facility that is refused: a script before those of the page, another before those of the worker, and what must hold
/// on the page.
struct Refused {
    what: &'static str,
    page: &'static str,
    worker: &'static str,
    /// An expression that becomes true within half a minute.
    then: &'static str,
}

/// A script after which whoever reads a global value is told that it is blocked.
macro_rules! blocked {
    ($name:literal) => {
        concat!(
            "Object.defineProperty(globalThis, '",
            $name,
            "', { configurable: true, get() { throw new DOMException('no', 'SecurityError'); } });"
        )
    };
}

/// A script after which nobody can make one of these.
macro_rules! unmade {
    ($name:literal) => {
        concat!("globalThis.", $name, " = class { constructor() { throw new DOMException('no', 'SecurityError'); } };")
    };
}

/// Where nothing is kept, the page does not promise it, and asks before it is left.
const UNKEPT: &str = "(() => { const runs = visitor.one('scl-train >>> scl-runs'); \
    const said = runs.shadowRoot.querySelector('section').innerText; \
    return runs.runs.wouldLose && runs.store.state.runs.kept.length > 0 && !said.includes('also when you come back'); })()";

const COMPUTED: [Refused; 10] = [
    Refused { what: "storage is blocked", page: blocked!("indexedDB"), worker: "", then: UNKEPT },
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
    Refused { what: "local storage is blocked", page: blocked!("localStorage"), worker: "", then: "true" },
    Refused {
        what: "channels are blocked",
        page: unmade!("BroadcastChannel"),
        worker: unmade!("BroadcastChannel"),
        then: "true",
    },
    Refused {
        what: "there are no channels",
        page: "delete globalThis.BroadcastChannel;",
        worker: "delete globalThis.BroadcastChannel;",
        then: "true",
    },
    Refused { what: "caches are blocked", page: blocked!("caches"), worker: blocked!("caches"), then: "true" },
    Refused {
        what: "service workers are blocked",
        page: "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('no', 'SecurityError'));",
        worker: "",
        then: "true",
    },
    Refused {
        what: "workers are blocked",
        page: unmade!("Worker"),
        worker: "",
        then: "visitor.one('scl-train').shadowRoot.textContent.includes('own thread')",
    },
];

/// Tries every row in one browser, whose window knows by its name which row it is. Names all that do not hold.
async fn each(page: &Page, rows: &[Refused], query: &str, meet: impl AsyncFn(&Page, &Refused) -> Outcome) -> Outcome {
    let scripts: Vec<String> = rows.iter().map(|row| format!("{:?}: () => {{ {} }}", row.what, row.page)).collect();
    page.before_every_document(&format!("({{ {} }})[window.name]?.();", scripts.join(", "))).await?;
    page.visit("").await?;
    let mut failed = Vec::new();
    for row in rows {
        let met = async {
            page.run("window.name = arguments[0]", vec![row.what.into()]).await?;
            if !row.worker.is_empty() {
                page.spoil("engine/worker.js", Fault::Before(row.worker));
            }
            page.open(query).await?;
            meet(page, row).await?;
            page.wait("what must hold", 30, row.then).await.map(drop)
        };
        if let Err(error) = met.await {
            failed.push(format!("{}: {error}", row.what));
        }
        page.mend();
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n").into()) }
}

/// Without the service worker, which would refuse a worker with another script before it.
fn visit() -> Visit {
    Visit::new().before_load("if (!window.name.includes('service')) delete Navigator.prototype.serviceWorker;")
}

#[test]
fn the_page_computes_without_what_a_browser_may_refuse() {
    visit().run(async |page| {
        each(page, &COMPUTED, SHORT, async |page, row| {
            page.wait("both answers", 60, "visitor.answers()").await?;
            page.train(120).await?;
            let rows = page.table().await?.len();
            if rows == ROWS { Ok(()) } else { Err(format!("{}: {rows} rows", row.what).into()) }
        })
        .await
    });
}

/// Without these there is nothing to compute with: the page says what is missing, and shows what needs no engine.
#[test]
fn what_cannot_be_done_without_is_named() {
    const FAIL: &str = "WebAssembly.instantiateStreaming = WebAssembly.instantiate = WebAssembly.compile = \
        WebAssembly.compileStreaming = () => Promise.reject(new WebAssembly.CompileError('blocked by policy'));";
    let rows = [
        Refused {
            what: "no WebAssembly",
            page: "delete globalThis.WebAssembly;",
            worker: "delete globalThis.WebAssembly;",
            then: "/WebAssembly/.test(visitor.one('scl-nudge >>> [role=alert]')?.innerText)",
        },
        Refused {
            what: "WebAssembly fails",
            page: FAIL,
            worker: FAIL,
            then: "/engine/.test(visitor.one('scl-nudge >>> [role=alert]')?.innerText)",
        },
        Refused {
            what: "no decompression",
            page: "delete globalThis.DecompressionStream;",
            worker: "delete globalThis.DecompressionStream;",
            then: "/DecompressionStream|browser/.test(visitor.one('scl-nudge >>> [role=alert]')?.innerText)",
        },
    ];
    visit().run(async |page| {
        each(page, &rows, "", async |page, _| {
            page.run("document.querySelector('scl-claims').scrollIntoView()", vec![]).await?;
            page.wait("the claims", 30, "visitor.one('scl-claims >>> tbody tr')").await?;
            page.run("document.querySelector('scl-nudge').scrollIntoView()", vec![]).await.map(drop)
        })
        .await
    });
}

/// The graphics processor goes away at some time of a run: the run goes on without it, and says so.
#[test]
fn a_graphics_processor_that_is_lost_does_not_take_the_run_along() {
    const REFUSES: &str =
        "GPUAdapter.prototype.requestDevice = () => Promise.reject(new DOMException('lost', 'OperationError'));";
    const LOSES: &str = "{ const request = GPUAdapter.prototype.requestDevice; const devices = []; \
        GPUAdapter.prototype.requestDevice = async function (...values) { \
            const device = await request.apply(this, values); devices.push(device); return device; }; \
        new BroadcastChannel('test').onmessage = () => devices.forEach((device) => device.destroy()); }";
    const SAID: &str = "/on the CPU engine|CPU engine does/.test(visitor.one('scl-train').shadowRoot.textContent)";
    // When it is taken away: by these words about the run.
    let rows = [
        ("while it is prepared", REFUSES, "true"),
        ("in training", LOSES, "visitor.run().lanes.every(({ step }) => step >= 2)"),
        ("in the evaluation", LOSES, "visitor.run().phase === 'evaluating'"),
    ];
    let refused = rows.map(|(what, worker, _)| Refused { what, page: "", worker, then: SAID });
    visit().tolerating(&["device", "Device", "GPU"]).run(async |page| {
        each(page, &refused, "engine=webgpu&steps=20&batch=8&eval_images=10", async |page, row| {
            let offered = "return Boolean(await navigator.gpu?.requestAdapter())";
            assert!(page.run_async::<bool>(offered, vec![]).await?, "this browser offers no WebGPU adapter");
            page.button("start").await?;
            let moment = rows.iter().find(|(what, ..)| *what == row.what).expect("it is one of them").2;
            page.wait(row.what, 180, moment).await?;
            page.run("new BroadcastChannel('test').postMessage('lose it')", vec![]).await?;
            page.wait_for_phase("done", 180).await?;
            let rows = page.table().await?.len();
            if rows == ROWS { Ok(()) } else { Err(format!("{}: {rows} rows", row.what).into()) }
        })
        .await
    });
}
