//! Pause, Continue, Step, Reset.

use std::time::Duration;

use crate::harness::{ROWS, SHORT, Visit};

const LOCKED: &str = "visitor.all('scl-train >>> scl-controls >>> fieldset').every((group) => group.disabled)";
const OPEN: &str = "visitor.all('scl-train >>> scl-controls >>> fieldset').every((group) => !group.disabled)";

#[test]
fn a_run_is_paused_stepped_continued_and_reset() {
    Visit::new().run(async |page| {
        page.open("steps=500&batch=16&eval_images=20&engine=cpu").await?;
        page.wait("an open form", 10, OPEN).await?;
        page.button("start").await?;
        page.wait_for_step(5, 60).await?;
        page.button("pause").await?;
        page.wait_for_phase("paused", 20).await?;
        let paused = page.steps().await?;
        assert!(paused.iter().all(|step| (5..500).contains(step)), "paused at {paused:?}");
        page.wait("a locked form", 20, LOCKED).await?;

        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(page.steps().await?, paused, "nothing moves while paused");

        for more in 1..=2 {
            page.button("step").await?;
            page.wait_for_phase("paused", 20).await?;
            assert_eq!(page.steps().await?, paused.map(|step| step + more), "a step is one step of both lanes");
        }

        assert_eq!(page.text("scl-train >>> #start").await?, "Continue");
        page.button("start").await?;
        page.wait_for_phase("done", 120).await?;
        assert_eq!(page.steps().await?, [500; 2]);
        assert_eq!(page.table().await?.len(), ROWS);

        page.button("reset").await?;
        page.wait_for_phase("idle", 10).await?;
        assert_eq!(page.steps().await?, [0; 2]);
        assert_eq!(page.table().await?.len(), 0);
        page.wait("an open form", 20, OPEN).await?;
        assert_eq!(page.text("scl-train >>> #start").await?, "Start");
        Ok(())
    });
}

#[test]
fn a_run_can_begin_with_a_step_and_be_reset_while_it_trains() {
    Visit::new().run(async |page| {
        page.open("steps=400&batch=16&eval_images=20&engine=cpu").await?;
        page.button("step").await?;
        page.wait_for_phase("paused", 60).await?;
        assert_eq!(page.steps().await?, [1; 2]);
        page.button("start").await?;
        page.wait_for_step(5, 60).await?;
        page.button("reset").await?;
        page.wait_for_phase("idle", 20).await?;
        assert_eq!(page.steps().await?, [0; 2]);
        page.wait("an open form", 20, OPEN).await?;

        // The same lanes serve the next run.
        page.button("step").await?;
        page.wait_for_phase("paused", 60).await?;
        assert_eq!(page.steps().await?, [1; 2]);
        Ok(())
    });
}

/// The graphics processor answers late, so that choosing the engine takes a while.
const SLOW_ADAPTER: &str = "if (navigator.gpu) navigator.gpu.requestAdapter = () => \
    new Promise((resolve) => setTimeout(() => resolve(null), 1500));";

#[test]
fn pausing_while_the_engine_is_chosen_starts_nothing_and_loses_nothing() {
    Visit::new().before_load(SLOW_ADAPTER).run(async |page| {
        page.open("steps=6&batch=16&eval_images=10").await?;
        for round in 0..2 {
            page.button("start").await?;
            page.wait_for_phase("preparing", 10).await?;
            page.button("pause").await?;
            page.wait_for_phase("idle", 20).await?;
            assert_eq!(page.steps().await?, [0; 2], "round {round}");
            assert_eq!(page.table().await?.len(), 0, "no table of an earlier run, round {round}");
            page.wait("an open form", 20, OPEN).await?;
            page.button("start").await?;
            page.wait_for_phase("done", 60).await?;
            assert_eq!(page.steps().await?, [6; 2]);
            assert_eq!(page.table().await?.len(), ROWS);
        }
        Ok(())
    });
}

/// Whoever steps by keyboard steps again with the same key, and does not set the whole run going.
#[test]
fn the_step_button_keeps_the_keyboard() {
    Visit::new().run(async |page| {
        page.open(SHORT).await?;
        page.wait("the buttons", 30, "visitor.one('scl-train >>> #step:not(:disabled)')").await?;
        for step in 1..=3 {
            let focused = "document.querySelector('scl-train').shadowRoot.activeElement?.id";
            if step == 1 {
                page.press("scl-train >>> #step", thirtyfour::Key::Enter).await?;
            } else {
                page.wait("the button", 20, &format!("{focused} === 'step'")).await?;
                page.press("scl-train >>> #step", thirtyfour::Key::Enter).await?;
            }
            page.wait_for_step(step, 30).await?;
        }
        assert_eq!(page.steps().await?, [3; 2]);
        Ok(())
    });
}
