//! Where workers are forbidden, everything is computed on the page's own thread.

use std::path::Path;

use crate::harness::{Kind, Site, Visit, variable};

#[test]
fn the_first_figure_answers_without_a_worker() {
    let mut page = Site::page(Path::new(&variable("SCL_DIST")), "/");
    page.policy = page.policy.replace("worker-src 'self' blob:", "worker-src 'none'");
    // Refusing the worker is what the browser is to do, and it says so.
    let visit = || Visit::to(page.clone()).tolerating(&["worker-src", "Content Security Policy", "violate"]);
    let answers = || {
        visit().run(async |page| {
            page.arrive("").await?;
            page.wait("the engine's answer", 120, "document.querySelector('scl-fool').limits").await?;
            let answered = "(({ reply }) => !reply.beforehand && reply.models)(document.querySelector('scl-fool'))";
            let models = page.wait("both answers", 120, answered).await?;
            let holds = |i: usize| models[i]["answer"]["prediction_after"] == models[i]["answer"]["prediction_before"];
            assert!(!holds(0) && holds(1), "the shipped pair answers otherwise elsewhere: {models}");
            Ok(())
        });
    };
    // JavaScriptCore traps now and then in code that the other engines run: one of three visits must do.
    let tries = if Kind::chosen() == Kind::WebKit { 3 } else { 1 };
    let failed = (1..tries).take_while(|_| std::panic::catch_unwind(answers).is_err()).count();
    if failed + 1 == tries {
        answers();
    }
}
