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

/// What is in the way on the page as it stands.
pub async fn audit(page: &Page) -> Outcome<Vec<(String, Vec<String>)>> {
    page.run(AXE, vec![]).await?;
    let audit: Audit = page
        .run_async(
            "const { violations, passes } = await axe.run(); \
             return { passes: passes.length, violations: violations.map(({ id, help, nodes }) => [`${id}: ${help}`, nodes.map(({ target }) => target.flat().join(' >>> '))]) }",
            vec![],
        )
        .await?;
    assert!(audit.passes > 15, "only {} rules were met: axe-core saw no page", audit.passes);
    Ok(audit.violations)
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
            ("look", "document.querySelector('scl-look')?.reply"),
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
        page.click("scl-claims >>> #all").await?;
        for theme in ["light", "dark"] {
            page.choose_theme(theme).await?;
            let violations = audit(page).await?;
            assert!(violations.is_empty(), "{theme}: {violations:#?}");
        }
        Ok(())
    });
}

/// What a translator of a browser does: text goes into elements of its own, but for what asks not to be translated. This one
/// looks into shadow roots without looking at what is around them.
const TRANSLATE: &str = "globalThis.translate ??= (root, wanted) => { \
    for (const node of [...root.childNodes]) { \
        if (node.nodeType === Node.TEXT_NODE && wanted && node.data.trim()) { \
            const inner = Object.assign(document.createElement('font'), { textContent: `«${node.data}»` }); \
            const outer = document.createElement('font'); outer.append(inner); node.replaceWith(outer); \
        } else if (node.nodeType === Node.ELEMENT_NODE && !['SCRIPT', 'STYLE', 'FONT'].includes(node.nodeName)) { \
            if (node.shadowRoot) translate(node.shadowRoot, true); \
            translate(node, node.hasAttribute('translate') ? node.getAttribute('translate') !== 'no' : wanted); \
        } \
    } \
}; translate(document.body, true)";

/// What the first figure says, against what it shows: `[said, true]` each.
const SAID: &str = "const figure = document.querySelector('scl-nudge'), { reply, data, chosen } = figure; \
    const text = (path) => visitor.one(`scl-nudge >>> ${path}`).innerText; \
    const [kind, strength] = chosen.nudge.split(':'); \
    const { label, unit } = figure.store.controls.get('perturbation').strengths[figure.store.controls.get('perturbation').choices.findIndex(({ id }) => id === kind)]; \
    return [ \
        [text('output'), `${label} = ${Number(strength)} ${unit}`.trim()], \
        [text('.about').split('.')[0], `Test picture ${reply.index}, labelled ${data.classes[reply.label]}`], \
        ...['plain', 'continuity'].map((lane) => { \
            const { prediction_before: before, prediction_after: after } = reply.models[lane]; \
            const names = [...new Set([before, after])].map((k) => data.classes[k]); \
            return [text(`scl-answers[lane=${lane}] >>> .verdict`).split('\\n').at(-1), names.join(' → ')]; \
        }), \
    ]";

/// Every sentence of the page stays true when a browser translates it, before and while things change.
#[test]
fn a_translated_page_stays_true() {
    async fn settles(page: &Page, what: &str) -> Outcome {
        let settled = "(({ busy, reply }) => !busy && reply)(document.querySelector('scl-nudge'))";
        page.wait("an answer", 30, settled).await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let said: Vec<[String; 2]> = serde_json::from_value(page.run(SAID, vec![]).await?)?;
        for [said, truth] in said {
            assert_eq!(said.trim(), truth, "{what}");
        }
        Ok(())
    }
    Visit::new().run(async |page| {
        page.open(SHORT).await?;
        settles(page, "as it is").await?;
        page.run(TRANSLATE, vec![]).await?;
        let title = page.text("h1").await?;
        assert!(title.starts_with('«'), "what stays as it is is translated: {title}");
        settles(page, "translated").await?;

        page.press("scl-nudge >>> #strength", thirtyfour::Key::End).await?;
        settles(page, "another strength").await?;
        page.run(TRANSLATE, vec![]).await?;
        page.run(
            "visitor.all('scl-nudge >>> button').find((button) => button.innerText === 'Next picture').click()",
            vec![],
        )
        .await?;
        page.wait("the next picture", 20, "document.querySelector('scl-nudge').reply.index === 23").await?;
        settles(page, "another picture").await?;
        // What explains a choice is translated, and is about what was chosen.
        let help = "scl-nudge >>> #kind-help";
        let before = page.text(help).await?;
        page.choose("scl-nudge >>> #kind", "shift").await?;
        settles(page, "another kind").await?;
        let after = page.text(help).await?;
        assert!(
            before.starts_with('«') && !after.is_empty() && !after.contains(before.trim_matches(['«', '»'])),
            "{after}"
        );

        // A run, translated at every stage.
        assert_eq!(page.text("scl-train >>> #phase").await?, "Ready.");
        page.button("start").await?;
        page.run(TRANSLATE, vec![]).await?;
        page.wait_for_phase("done", 60).await?;
        page.run(TRANSLATE, vec![]).await?;
        assert_eq!(page.text("scl-train >>> #phase").await?, "Done: the table below is filled in.");
        assert_eq!(page.text("scl-train >>> #start").await?, "Start again");
        assert!(page.lane("plain").await?.contains("Step 8 of 8"), "{}", page.lane("plain").await?);
        let rows: usize =
            page.get("document.querySelector('scl-train').store.state.run.comparison.rows.length").await?;
        assert_eq!(page.table().await?.len(), rows);
        page.button("reset").await?;
        page.wait("the start", 10, "visitor.one('scl-train >>> #phase').innerText === 'Ready.'").await?;
        // What the page itself says, outside of its elements.
        page.grant_clipboard().await?;
        page.click("#copy-link").await?;
        page.wait("the word", 10, "document.querySelector('#copy-link').innerText === 'Copied'").await?;
        page.wait("the name", 10, "document.querySelector('#copy-link').innerText === 'Copy link'").await.map(drop)
    });
}
