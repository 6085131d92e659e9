//! Runs and studies that go wrong: they say so and go on.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::harness::{Copy, Off, Outcome, Page, ROWS, Site, Visit, variable};

/// Remembers every worker the page starts: first the one of the nudge, then one for each lane.
const COLLECT_WORKERS: &str = "globalThis.workers = []; \
    globalThis.Worker = class extends Worker { constructor(...values) { super(...values); workers.push(this); } };";

const STEPS: usize = 60;

/// The worker of the plain lane stops.
const FAIL: &str =
    "workers[1].dispatchEvent(new ErrorEvent('error', { message: 'a made-up failure', cancelable: true }))";

#[test]
fn a_run_that_diverges_goes_back_with_a_smaller_learning_rate() {
    Visit::new().run(async |page| {
        page.open("learning_rate=10&optimizer=sgd&start=scratch&steps=12&batch=16&eval_images=10&engine=cpu&seed=1")
            .await?;
        page.button("start").await?;
        page.wait("a divergence", 60, "visitor.one('scl-train >>> #error[data-code=diverged]')").await?;
        assert_eq!(page.phase().await?, "paused");
        let message = page.text("scl-train >>> #error").await?;
        assert!(message.contains("lane") && message.contains("learning rate"), "{message}");
        assert!(page.property::<bool>("scl-train >>> #start", "disabled").await?, "the same again would end the same");

        // A tenth may still be too much: the button is offered again.
        for _ in 0..6 {
            page.click("scl-train >>> #calm").await?;
            let over =
                "visitor.one('scl-train >>> #phase').dataset.phase === 'done' || visitor.one('scl-train >>> #error')";
            page.wait("the end or another divergence", 60, over).await?;
            if page.phase().await? == "done" {
                break;
            }
            assert_eq!(page.count("scl-train >>> #error[data-code=diverged]").await?, 1);
        }
        assert_eq!(page.phase().await?, "done");
        assert_eq!(page.steps().await?, [12; 2]);
        assert_eq!(page.table().await?.len(), ROWS);
        for lane in ["plain", "continuity"] {
            let text = page.lane(lane).await?;
            assert!(text.contains("after a divergence"), "the {lane} lane keeps silent: {text}");
        }
        Ok(())
    });
}

/// Trains until a few steps are made, does something to the worker of the plain lane, and waits for the end.
async fn mistreat(page: &Page, what: &str, patience: u64) -> Outcome {
    page.open(&format!("steps={STEPS}&batch=64&eval_images=10&engine=cpu&seed=1")).await?;
    page.wait("both answers", 30, "visitor.answers()").await?;
    assert_eq!(page.get::<usize>("workers.length").await?, 1);
    page.button("start").await?;
    page.wait_for_step(4, 60).await?;
    assert_eq!(page.get::<usize>("workers.length").await?, 3);
    page.run(what, vec![]).await?;
    page.wait("a note of the lane", patience, "visitor.one('scl-train >>> [data-lane=plain] .notes')").await?;
    let note = page.text("scl-train >>> [data-lane=plain] .notes").await?;
    assert!(note.contains("The lane went on from step") && note.contains("on the CPU engine"), "{note}");
    page.wait_for_phase("done", 60).await?;
    assert_eq!(page.steps().await?, [STEPS; 2]);
    assert_eq!(page.table().await?.len(), ROWS);
    assert_eq!(page.count("scl-train >>> [data-lane=continuity] .notes").await?, 0, "only one lane was hurt");
    assert_eq!(page.get::<usize>("workers.length").await?, 5, "one more engine, and the statistics");
    Ok(())
}

#[test]
fn a_lane_whose_worker_vanishes_goes_on() {
    // A terminated worker gives no sign at all: the page has to lose patience, after 20 s and a little.
    Visit::new().before_load(COLLECT_WORKERS).run(async |page| mistreat(page, "workers[1].terminate()", 45).await);
}

#[test]
fn a_lane_whose_worker_fails_goes_on() {
    Visit::new().before_load(COLLECT_WORKERS).run(async |page| {
        mistreat(page, FAIL, 20).await?;
        let note = page.text("scl-train >>> [data-lane=plain] .notes").await?;
        assert!(note.contains("a made-up failure"), "{note}");

        // The checkpoint it went on from is exact: the numbers are those of a run that nothing happened to.
        let hurt = page.table().await?;
        page.train(60).await?;
        assert_eq!(page.count("scl-train >>> [data-lane=plain] .notes").await?, 0, "nothing happened this time");
        assert_eq!(hurt, page.table().await?);
        Ok(())
    });
}

/// What the new worker needs is not to be had: the run waits for the visitor, and goes on when it is there again.
#[test]
fn a_lane_that_cannot_start_again_does_so_when_asked() {
    let copy = Copy::new("restart");
    copy.change("index.html", |text| text.replace("service-worker", "no-service-worker"))
        .unwrap_or_else(|error| panic!("{error}"));
    copy.visit().before_load(COLLECT_WORKERS).tolerating(&["train-labels"]).run(async |page| {
        page.open(&format!("steps={STEPS}&batch=64&eval_images=10&engine=cpu&seed=1")).await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        page.button("start").await?;
        page.wait_for_step(4, 60).await?;
        let labels = copy.file("data/fashion-mnist/train-labels-idx1-ubyte.gz");
        let away = labels.with_extension("away");
        std::fs::rename(&labels, &away)?;
        page.run(FAIL, vec![]).await?;
        page.wait("the error", 60, "visitor.one('scl-train >>> #error[data-code=network]')").await?;
        assert_eq!(page.phase().await?, "paused");
        std::fs::rename(&away, &labels)?;
        page.train(60).await?;
        assert_eq!(page.steps().await?, [STEPS; 2]);
        assert_eq!(page.table().await?.len(), ROWS);
        Ok(())
    });
}

/// Starts the study of `figure` by its button, and returns the number of workers there were before.
async fn begin(page: &Page, figure: &str, button: &str) -> Outcome<usize> {
    page.run("document.querySelector(arguments[0]).scrollIntoView()", vec![figure.into()]).await?;
    let before = page.get("workers.length").await?;
    page.click(&format!("{figure} >>> #{button}")).await?;
    Ok(before)
}

/// Waits for the end of the study, and returns the reports on both models and what the figure says of its course.
async fn end(page: &Page, figure: &str, study: &str) -> Outcome<(Value, String)> {
    let over = format!("['done', 'cancelled'].includes(visitor.one('{figure} >>> [data-phase]').dataset.phase)");
    page.wait("the end of the study", 240, &over).await?;
    let reports = page.get(&format!("document.querySelector('{figure}').results['{study}']?.reports ?? null")).await?;
    let said = format!("visitor.all('{figure} >>> .note, [role=alert]').map((part) => part.innerText).join(' ')");
    Ok((reports, page.get(&said).await?))
}

#[test]
fn a_study_that_loses_its_worker_goes_on_from_its_last_unit() {
    Visit::new().before_load(COLLECT_WORKERS).run(async |page| {
        // Which model loses its worker, and at what share of the study: late attacks on fallen pictures take no time at all.
        type Losses = &'static [(usize, f64)];
        let studies: [(&str, &str, &str, &str, Losses); 2] = [
            ("scl-robustness", "draw", "robust-accuracy", "robustness.images=40", &[(0, 0.2)]),
            ("scl-smoothness", "measure", "smoothness", "smoothness.images=80", &[(0, 0.2), (1, 0.35)]),
        ];
        for (figure, button, study, query, losses) in studies {
            page.open(query).await?;
            page.wait("both answers", 60, "visitor.answers()").await?;
            let before = begin(page, figure, button).await?;
            for (lost, share) in losses {
                let far = format!("visitor.one('{figure} >>> progress').value > {share}");
                page.wait(&format!("a share of {share}"), 120, &far).await?;
                let fail = FAIL.replace("workers[1]", &format!("workers[{}]", before + lost));
                page.run(&fail, vec![]).await?;
            }
            let (hurt, said) = end(page, figure, study).await?;
            for (lost, _) in losses {
                let model = ["plain", "continuity"][*lost];
                let went_on = said.split("a made-up failure. Another engine went on from part ").skip(1);
                let from = went_on.filter(|rest| rest.contains(&format!("of the {model} model")));
                let parts: Vec<usize> = from.filter_map(|rest| rest.split(' ').next()?.parse().ok()).collect();
                assert!(parts.first().is_some_and(|part| *part > 0), "{model}: {said}");
            }
            begin(page, figure, button).await?;
            let (whole, said) = end(page, figure, study).await?;
            assert_eq!(said, "", "nothing happened this time");
            assert_eq!(hurt, whole);
        }
        Ok(())
    });
}

/// A sleeping machine stops page and workers alike, for longer than a worker would be waited for.
#[test]
fn a_suspended_machine_is_no_dead_worker() {
    Visit::new().before_load(COLLECT_WORKERS).run(async |page| {
        page.open("steps=200&batch=64&eval_images=10&engine=cpu&robustness.images=40").await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        page.button("start").await?;
        page.wait_for_step(20, 60).await?;
        begin(page, "scl-robustness", "draw").await?;
        page.wait("a part of the study", 120, "visitor.one('scl-robustness >>> progress').value > 0").await?;
        page.suspend(Duration::from_secs(50)).await?;
        let (_, said) = end(page, "scl-robustness", "robust-accuracy").await?;
        assert_eq!(said, "", "the study was disturbed");
        page.wait_for_phase("done", 240).await?;
        assert_eq!(page.count("scl-train >>> .notes").await?, 0, "a lane was disturbed");
        Ok(())
    });
}

/// The first workers fail as soon as they run. Those of the lanes and of all figures come later.
const FAIL_FIRST: &str = "globalThis.started = 0; \
    globalThis.Worker = class extends Worker { constructor(url, options) { \
        const failing = ++started <= Number(window.name || 0); \
        super(failing ? URL.createObjectURL(new Blob(['throw new Error(\"a made-up failure\")'], { type: 'text/javascript' })) : url, options); } };";

#[test]
fn a_worker_whose_script_fails_is_tried_again_before_the_page_computes_itself() {
    Visit::new().before_load(FAIL_FIRST).run(async |page| {
        page.visit("embed.html").await?;
        for (failing, started, note) in [(1, 2, None), (2, 2, Some("own thread, which is slower"))] {
            page.run("window.name = arguments[0]", vec![failing.to_string().into()]).await?;
            page.open("").await?;
            page.wait("both answers", 120, "visitor.answers()").await?;
            assert_eq!(page.get::<usize>("started").await?, started, "with {failing} that fail");
            let said: String =
                page.get("visitor.one('scl-nudge').shadowRoot.querySelector('.models').innerText").await?;
            assert_eq!(said.contains("own thread"), note.is_some(), "{said}");
            assert!(note.is_none_or(|note| said.contains(note) && said.contains("a made-up failure")), "{said}");
        }
        Ok(())
    });
}

/// A policy with trusted types: with the names that docs/embedding.md gives all is as ever, without them the page names them.
#[test]
fn trusted_types_need_two_names_which_the_page_tells() {
    let page = Site::page(Path::new(&variable("SCL_DIST")), "/");
    let visit = |types: &str| {
        let policy = format!("{}; require-trusted-types-for 'script'{types}", page.policy);
        Visit::to(Site { policy, ..page.clone() }).before_load(COLLECT_WORKERS)
    };
    let allowed = [("; trusted-types lit-html semantic-continuity-lab", 1), ("", 1)];
    for (types, workers) in allowed {
        visit(types).run(async |page| {
            page.open("").await?;
            page.wait("both answers", 60, "visitor.answers()").await?;
            assert_eq!(page.get::<usize>("workers.length").await?, workers, "{types}");
            Ok(())
        });
    }
    visit("; trusted-types myapp").tolerating(&["lit-html", "createPolicy", "policy"]).run(async |page| {
        page.visit("").await?;
        if !page.get::<bool>("Boolean(globalThis.trustedTypes)").await? {
            // A browser that does not know of them has nothing to forbid.
            return page.wait("both answers", 60, "visitor.answers()").await.map(drop);
        }
        let words =
            "/trusted-types lit-html semantic-continuity-lab/.test(document.querySelector('#notices').innerText)";
        page.wait("the names", 20, words).await?;
        assert_eq!(page.count(".loading").await?, 0, "nothing is on its way any more");
        Ok(())
    });
}

/// As in a lockdown mode: nothing can be computed, what comes with the page is shown, and the figures say why.
#[test]
fn without_web_assembly_the_figures_say_so() {
    Visit::new().without(Off::WebAssembly).run(async |page| {
        page.open("").await?;
        let words = "visitor.one('scl-nudge >>> [role=alert]')?.innerText";
        let words = page.wait("words about it", 20, words).await?;
        let words = words.as_str().unwrap_or_default();
        assert!(words.contains("needs WebAssembly") && words.contains("switched off"), "{words}");
        assert!(!words.contains("connection"), "{words}");
        page.run("document.querySelector('scl-claims').scrollIntoView()", vec![]).await?;
        page.wait("the claims", 30, "visitor.one('scl-claims >>> tbody tr')").await.map(drop)
    });
}
