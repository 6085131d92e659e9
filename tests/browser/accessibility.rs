//! What people with assistive technology would meet, as axe-core sees it: nothing may be in their way.

use crate::harness::{Outcome, Page, SHORT, Visit};
use serde::Deserialize;

/// axe-core 4.14.1.
const AXE: &str = include_str!("vendor/axe.js");

#[derive(Debug, Deserialize)]
struct Audit {
    /// Rule and places.
    violations: Vec<(String, Vec<String>)>,
    /// Rules that were met.
    passes: usize,
}

/// Runs a study with few pictures and waits for its end.
async fn studies(page: &Page, figure: &str, field: (&str, &str), button: &str) -> Outcome {
    page.fill(&format!("{figure} >>> #{}", field.0), field.1).await?;
    page.click(&format!("{figure} >>> #{button}")).await?;
    let done = format!("visitor.all('{figure} >>> [data-phase]').some((status) => status.dataset.phase === 'done')");
    page.wait("the end of the study", 120, &done).await.map(drop)
}

#[test]
fn nothing_is_in_the_way_in_any_section_in_both_themes() {
    Visit::new().run(async |page| {
        page.open(SHORT).await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        // Every section with something in it.
        page.train(60).await?;
        for (section, there) in [
            ("idea", "document.querySelector('scl-perturbations').shown"),
            ("attack", "document.querySelector('scl-attack').reply"),
            ("saliency", "document.querySelector('scl-saliency').reply"),
            ("claims", "document.querySelector('scl-claims').table"),
        ] {
            let scroll = format!("document.querySelector('#{section}').scrollIntoView({{ behavior: 'instant' }})");
            page.run(&scroll, vec![]).await?;
            page.wait(section, 60, there).await?;
        }
        studies(page, "scl-robustness", ("images", "10"), "draw").await?;
        studies(page, "scl-survey", ("images", "10"), "survey").await?;
        studies(page, "scl-response", ("images", "20"), "respond").await?;
        studies(page, "scl-smoothness", ("images", "10"), "measure").await?;
        studies(page, "scl-transfer", ("steps", "10"), "transfer").await?;
        page.run("for (const path of ['scl-train >>> scl-controls', 'scl-claims', 'scl-robustness', 'scl-response', 'scl-smoothness']) \
                  visitor.all(`${path} >>> details`).forEach((details) => { details.open = true; })", vec![]).await?;
        page.run(AXE, vec![]).await?;
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await?;
            let audit: Audit = page
                .run_async(
                    "const { violations, passes } = await axe.run(); \
                     return { passes: passes.length, violations: violations.map(({ id, help, nodes }) => [`${id}: ${help}`, nodes.map(({ target }) => target.flat().join(' >>> '))]) }",
                    vec![],
                )
                .await?;
            assert!(audit.passes > 20, "only {} rules were met: axe-core saw no page", audit.passes);
            assert!(audit.violations.is_empty(), "{theme}: {:#?}", audit.violations);
        }
        Ok(())
    });
}
