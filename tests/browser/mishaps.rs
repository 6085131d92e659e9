//! Runs that go wrong: they say so and go on.

use crate::harness::{Copy, Outcome, Page, Visit};

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
        page.open("learning_rate=10&optimizer=sgd&start=scratch&steps=12&batch=16&eval_images=10&engine=cpu").await?;
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
        assert_eq!(page.table().await?.len(), 7);
        for lane in ["plain", "continuity"] {
            let text = page.lane(lane).await?;
            assert!(text.contains("after a divergence"), "the {lane} lane keeps silent: {text}");
        }
        Ok(())
    });
}

/// Trains until a few steps are made, does something to the worker of the plain lane, and waits for the end.
async fn mistreat(page: &Page, what: &str, patience: u64) -> Outcome {
    page.open(&format!("steps={STEPS}&batch=64&eval_images=10&engine=cpu")).await?;
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
    assert_eq!(page.table().await?.len(), 7);
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
        page.open(&format!("steps={STEPS}&batch=64&eval_images=10&engine=cpu")).await?;
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
        assert_eq!(page.table().await?.len(), 7);
        Ok(())
    });
}
