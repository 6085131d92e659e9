//! Answers that go wrong on the way, one row a fault: what the visitor is told, and that the way on leads on, with
//! everything as it was chosen. A fault lasts until the visitor was told.

use serde_json::Value;

use crate::harness::{Fault, Outcome, Page, ROWS, SHORT, Visit};

/// Without the service worker, every file is asked of the server.
const UNCACHED: &str = "delete Navigator.prototype.serviceWorker;";

/// What becomes of a fault.
#[derive(Clone, Copy, Debug)]
enum Met {
    /// A message with one of these codes that holds one of these words.
    Told(&'static [&'static str], &'static [&'static str]),
    /// No harm is done.
    Unharmed,
    /// The page waits as long as it lasts, and goes on by itself.
    Waits,
}
use Met::{Told, Unharmed, Waits};

/// Parts of the paths of files with a fault, and what becomes of it.
type Row = (&'static str, Fault, Met);

const LOST: &[&str] = &["network"];
const SPOILT: &[&str] = &["network", "invalid-data"];
const SPOILT_WEIGHTS: &[&str] = &["network", "invalid-data", "invalid-weights"];
const NO_ENGINE: &[&str] = &["network", "invalid-data", "failed"];

/// Tries every row, and names all that do not hold.
async fn each(page: &Page, rows: &[Row], meet: impl AsyncFn(&Page, Row) -> Outcome) -> Outcome {
    let mut failed = Vec::new();
    for row in rows {
        if let Err(error) = meet(page, *row).await {
            failed.push(format!("{row:?}: {error}"));
        }
        page.mend();
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n").into()) }
}

/// The message must be one of those expected.
fn told(said: &Value, codes: &[&str], words: &[&str]) -> Outcome {
    let (code, message) = (said["code"].as_str().unwrap_or("none"), said["message"].as_str().unwrap_or_default());
    if !codes.contains(&code) || !(words.is_empty() || words.iter().any(|word| message.contains(word))) {
        return Err(format!("{code}: {message}").into());
    }
    Ok(())
}

/// What was chosen.
async fn chosen(page: &Page) -> Outcome<String> {
    page.get("JSON.stringify(document.querySelector('scl-train').store.state.settings)").await
}

/// The first figure's answers, or why there are none and which button leads on.
const FIGURE: &str = "(() => { \
    const figure = document.querySelector('scl-fool'); \
    if (figure?.reply && !figure.reply.beforehand) return { computed: true }; \
    const way = visitor.one('scl-fool >>> [role=alert] button'); \
    return figure?.failed && way ? { code: figure.error.code ?? 'none', message: figure.error.message } : null; })()";

async fn figure(page: &Page, (file, fault, met): Row) -> Outcome {
    file.split(' ').for_each(|part| page.spoil(part, fault));
    page.open("alpha=2&engine=cpu").await?;
    let before = chosen(page).await?;
    if matches!(met, Waits) {
        page.wait("how much is loaded", 60, "visitor.one('scl-fool >>> .lines')?.innerText.includes('MB loaded')")
            .await?;
        page.mend();
    }
    let said = page.wait("answers or a message", 60, FIGURE).await?;
    if let Told(codes, words) = met {
        told(&said, codes, words)?;
        page.mend();
        page.click("scl-fool >>> [role=alert] button").await?;
    } else if said["computed"] != true {
        return Err(format!("{said}").into());
    }
    page.wait("both answers", 60, &format!("{FIGURE}?.computed")).await?;
    if chosen(page).await? == before { Ok(()) } else { Err("something else is chosen now".into()) }
}

#[test]
fn the_first_figure_says_what_is_missing_and_asks_again() {
    const ROWS: [Row; 15] = [
        ("fashion-mnist/first-images", Fault::Login, Told(SPOILT, &["first-images"])),
        ("fashion-mnist/first-images", Fault::Half, Told(SPOILT, &["first-images"])),
        ("fashion-mnist/first-images", Fault::HangUp, Told(LOST, &["connection"])),
        ("fashion-mnist/first-images", Fault::Status(404), Told(LOST, &["404"])),
        ("fashion-mnist/first-images", Fault::Unpacked, Unharmed),
        ("fashion-mnist/first-images", Fault::Silence, Waits),
        ("small-cnn-plain", Fault::Login, Told(SPOILT_WEIGHTS, &[])),
        ("small-cnn-continuity", Fault::Half, Told(SPOILT_WEIGHTS, &[])),
        ("immutable/cpu_engine-", Fault::Login, Told(NO_ENGINE, &["engine"])),
        ("immutable/cpu_engine-", Fault::HangUp, Told(NO_ENGINE, &["engine"])),
        ("immutable/cpu_engine_bg-", Fault::Half, Told(NO_ENGINE, &["engine"])),
        ("immutable/cpu_engine_bg-", Fault::Status(503), Told(NO_ENGINE, &["engine"])),
        ("immutable/cpu_engine_bg-", Fault::Kind("application/octet-stream"), Unharmed),
        ("engine/worker.js", Fault::Status(404), Unharmed),
        ("engine/worker.js engine/api.js", Fault::Status(404), Told(LOST, &["connection", "Reload"])),
    ];
    let visit = Visit::new().before_load(UNCACHED).tolerating(&[
        "fashion-mnist",
        "small-cnn",
        "cpu_engine",
        "engine/worker.js",
        "engine/api.js",
        "Failed to load",
    ]);
    visit.run(async |page| each(page, &ROWS, figure).await);
}

/// Forgets the runs that are kept: with one of them the statistics are loaded before they are spoilt.
async fn forget_runs(page: &Page) -> Outcome {
    const FORGET: &str = "const kept = await indexedDB.databases(); \
        return Promise.all(kept.map(({ name }) => new Promise((resolve, reject) => { \
            const request = indexedDB.deleteDatabase(name); \
            request.onsuccess = () => resolve(name); request.onerror = () => reject(request.error); })));";
    page.visit("settings.json").await?;
    page.run_async::<Vec<String>>(FORGET, vec![]).await.map(drop)
}

async fn run(page: &Page, (file, fault, met): Row) -> Outcome {
    forget_runs(page).await?;
    page.open(SHORT).await?;
    page.wait("both answers", 60, "visitor.answers()").await?;
    page.spoil(file, fault);
    let before = chosen(page).await?;
    page.button("start").await?;
    let over =
        "['done', 'paused', 'idle'].includes(visitor.run().phase) && (visitor.run().error ?? visitor.run().phase)";
    let said = page.wait("the end or a message", 60, over).await?;
    if let Told(codes, words) = met {
        told(&said, codes, words)?;
        page.mend();
        page.click("scl-train >>> #retry").await?;
        page.wait_for_phase("done", 60).await?;
    } else if said != "done" {
        return Err(format!("{said}").into());
    }
    let (rows, steps) = (page.table().await?.len(), page.steps().await?);
    if (rows, steps) != (ROWS, [8; 2]) {
        return Err(format!("{rows} rows after {steps:?} steps").into());
    }
    if chosen(page).await? == before { Ok(()) } else { Err("something else is chosen now".into()) }
}

#[test]
fn a_run_says_what_is_missing_and_goes_on() {
    const ROWS: [Row; 7] = [
        ("fashion-mnist/train-images", Fault::Login, Told(SPOILT, &["train-images"])),
        ("fashion-mnist/train-images", Fault::Half, Told(SPOILT, &["train-images"])),
        ("fashion-mnist/train-labels", Fault::HangUp, Told(LOST, &["connection"])),
        ("small-cnn-base", Fault::Login, Told(SPOILT_WEIGHTS, &[])),
        ("small-cnn-base", Fault::Status(404), Told(LOST, &["404"])),
        ("statistics_engine-", Fault::Status(404), Told(LOST, &["statistics"])),
        ("statistics_engine_bg-", Fault::Half, Told(NO_ENGINE, &["statistics"])),
    ];
    let tolerated = &["fashion-mnist", "small-cnn", "statistics_engine", "favicon", "Failed to load"];
    Visit::new().before_load(UNCACHED).tolerating(tolerated).run(async |page| each(page, &ROWS, run).await);
}

/// A worker whose script fails is no reason to compute in silence on the thread that draws the page.
#[test]
fn a_run_without_its_worker_says_so() {
    Visit::new().before_load(UNCACHED).tolerating(&["engine/worker.js", "Failed to load"]).run(async |page| {
        page.spoil("engine/worker.js", Fault::Status(404));
        page.open(SHORT).await?;
        page.train(120).await?;
        let said: String = page.get("visitor.one('scl-train').shadowRoot.textContent").await?;
        assert!(said.contains("own thread"), "{said}");
        Ok(())
    });
}

/// What a part of the page says when a file of its own is missing, and the button that asks again; in one step, as a part
/// may ask by itself in the meantime.
async fn part(page: &Page, file: &str, element: &str, there: &str) -> Outcome {
    let way_on = format!("visitor.one('{element} >>> :is([role=alert], .notice) button')");
    page.wait(&format!("a message without {file}"), 30, &way_on).await?;
    page.mend();
    page.run(&format!("{way_on}?.click()"), vec![]).await?;
    page.wait(&format!("what {file} is for"), 30, there).await.map(drop)
}

#[test]
fn curves_and_claims_say_that_they_are_missing_and_come_when_asked() {
    let tolerated = &["uplot.js", "claims.json", "Failed to load"];
    Visit::new().before_load(UNCACHED).tolerating(tolerated).run(async |page| {
        page.spoil("vendor/uplot.js", Fault::Status(503));
        page.open(SHORT).await?;
        page.train(60).await?;
        let curves = "scl-train >>> scl-curves";
        let claims = "scl-claims";
        let drawn = format!("visitor.one('{curves} >>> canvas')");
        part(page, "uplot.js", curves, &drawn).await?;
        page.spoil("claims.json", Fault::Login);
        page.open("").await?;
        page.run("document.querySelector('scl-claims').scrollIntoView()", vec![]).await?;
        let rows = format!("visitor.one('{claims} >>> tbody tr')");
        part(page, "claims.json", claims, &rows).await
    });
}

/// What comes with the page is a convenience: without it a visitor computes.
#[test]
fn results_that_were_computed_beforehand_are_not_needed() {
    Visit::new().before_load(UNCACHED).tolerating(&["data/figures", "Failed to load"]).run(async |page| {
        page.spoil("data/figures/", Fault::Login);
        page.open(SHORT).await?;
        page.train(60).await?;
        assert_eq!(page.table().await?.len(), ROWS);
        Ok(())
    });
}

/// Without a part that everything needs there is no page, but there are words, and a reload brings it.
#[test]
fn a_page_that_cannot_start_says_so() {
    const RELOAD: &str = "document.querySelector('#notices').innerText.includes('Reload')";
    const FILES: [(&str, Fault, &str); 4] = [
        ("catalogue/library.js", Fault::Status(500), RELOAD),
        ("catalogue/library.js", Fault::Login, RELOAD),
        ("catalogue/library.js", Fault::Half, RELOAD),
        ("immutable/first-", Fault::Login, RELOAD),
    ];
    let tolerated = &["library.js", "immutable/first-", "Failed to load", "Unexpected end of input", "not terminated"];
    Visit::new().before_load(UNCACHED).tolerating(tolerated).run(async |page| {
        for (file, fault, words) in FILES {
            page.spoil(file, fault);
            page.visit("?alpha=2&expert=1").await?;
            page.wait(&format!("words without {file}"), 30, words).await?;
            page.mend();
            page.reload().await?;
            page.wait("both answers", 60, "visitor.answers()").await?;
        }
        Ok(())
    });
}

/// What the service worker keeps is what was published: a wrong answer is asked for again, and never served later.
#[test]
fn a_wrong_answer_is_not_kept_for_later() {
    const ROWS: [(&str, &str, Fault); 2] =
        [("mnist", "/mnist/first-images", Fault::Login), ("emoji", "emoji-mini-resnet-plain", Fault::Half)];
    let tolerated = &["/mnist/", "emoji-mini-resnet", "service-worker.js", "Failed to load"];
    Visit::new().tolerating(tolerated).run(async |page| {
        page.open("engine=cpu").await?;
        page.wait("the page to be kept", 60, "document.querySelector('#offline').textContent").await?;
        page.reload().await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        let failed = "document.querySelector('scl-nudge').failed && visitor.one('scl-nudge >>> [role=alert] button')";
        for (pair, file, fault) in ROWS {
            page.spoil(file, fault);
            page.choose("scl-nudge >>> #pair", pair).await?;
            page.wait(&format!("a message without {file}"), 60, failed).await?;
            page.mend();
            page.click("scl-nudge >>> [role=alert] button").await?;
            page.wait("answers", 60, "visitor.answers() && !document.querySelector('scl-nudge').failed").await?;
            page.choose("scl-nudge >>> #pair", "fashion-mnist").await?;
            page.wait("answers", 60, "visitor.answers() && !document.querySelector('scl-nudge').busy").await?;
        }
        page.disconnect();
        page.reload().await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        let settled = "!document.querySelector('scl-nudge').busy && document.querySelector('scl-nudge').reply";
        for (pair, ..) in ROWS {
            page.choose("scl-nudge >>> #pair", pair).await?;
            page.wait("answers", 60, settled).await?;
            assert!(!page.get::<bool>("document.querySelector('scl-nudge').failed").await?, "{pair} was not kept");
        }
        Ok(())
    });
}
