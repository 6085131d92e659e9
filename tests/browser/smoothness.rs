//! The page stays responsive while both lanes train.

use crate::harness::Visit;

/// The first second after Start may be spent on building the curves and on starting two workers.
const SETTLING_MS: f64 = 1000.0;

/// Start and duration, in milliseconds since the navigation.
type LongTask = (f64, f64);

#[test]
fn no_task_of_the_page_is_long_while_it_trains() {
    Visit::new().run(async |page| {
        page.open("steps=150&eval_images=10&engine=cpu").await?;
        page.wait("the counted nudges", 30, "visitor.one('scl-nudge >>> .rates strong')").await?;
        let start: f64 = page.get("performance.now()").await?;
        page.button("start").await?;
        // Without questions in between: each would be a task of its own.
        let end: f64 = page
            .run_async(
                "const { store } = document.querySelector('scl-train'); \
                 await new Promise((resolve) => store.addEventListener('change', () => \
                     ['judging', 'done', 'paused'].includes(store.state.run.phase) && store.state.run.lanes[0].step > 0 && resolve())); \
                 return performance.now()",
                vec![],
            )
            .await?;
        assert_eq!(page.steps().await?, [150; 2]);
        let tasks: Vec<LongTask> = page.get("visitor.longTasks").await?;
        // The browser reports tasks of 50 ms and more only.
        let late: Vec<_> = tasks.iter().filter(|task| task.0 > start + SETTLING_MS && task.0 < end).collect();
        println!("trained for {:.0} ms; long tasks after the first second: {late:?}; all: {tasks:?}", end - start);
        assert!(end - start > 2.0 * SETTLING_MS, "the run was too short to tell");
        assert!(late.is_empty(), "{late:?}");
        Ok(())
    });
}
