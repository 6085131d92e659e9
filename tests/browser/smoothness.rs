//! The page stays responsive while both lanes train.

use crate::harness::{Outcome, Page, Visit};

/// The first second after Start may be spent on building the curves and on starting two workers.
const SETTLING_MS: f64 = 1000.0;

/// Start and duration, in milliseconds since the navigation.
type LongTask = (f64, f64);

/// A task is also long when a busy machine takes the processor away in the middle of it. What the page itself does is
/// the same in every run, so one run without a long task shows that none of it is long.
const RUNS: usize = 3;

/// Trains once; returns the long tasks after the first second.
async fn long_tasks(page: &Page) -> Outcome<Vec<LongTask>> {
    page.open("steps=150&eval_images=10&engine=cpu").await?;
    page.wait("the counted nudges", 60, "visitor.one('scl-nudge >>> .rates strong')").await?;
    let start: f64 = page.get("performance.now()").await?;
    page.button("start").await?;
    // Without questions in between: each would be a task of its own.
    let end: f64 = page
        .run_async(
            "const { store } = document.querySelector('scl-train'); \
             await new Promise((resolve) => store.addEventListener('change', () => \
                 ['evaluating', 'done', 'paused'].includes(store.state.run.phase) && store.state.run.lanes[0].step > 0 && resolve())); \
             return performance.now()",
            vec![],
        )
        .await?;
    assert_eq!(page.steps().await?, [150; 2]);
    assert!(end - start > 2.0 * SETTLING_MS, "the run was too short to tell");
    // The browser reports tasks of 50 ms and more only.
    let mut tasks: Vec<LongTask> = page.get("visitor.longTasks").await?;
    tasks.retain(|(at, _)| (start + SETTLING_MS..end).contains(at));
    println!("trained for {:.0} ms; long tasks after the first second: {tasks:?}", end - start);
    Ok(tasks)
}

#[test]
fn training_adds_no_long_task() {
    Visit::new().run(async |page| {
        page.assert_tells_long_tasks().await?;
        let mut tasks = Vec::new();
        for _ in 0..RUNS {
            tasks = long_tasks(page).await?;
            if tasks.is_empty() {
                return Ok(());
            }
        }
        panic!("each of {RUNS} runs had long tasks, the last one {tasks:?}");
    });
}
