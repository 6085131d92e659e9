//! What the figures show before anybody presses a button is what they find when somebody does, bit for bit. With
//! `SCL_FIGURES` naming a folder, the results are written there instead: `cargo xtask figures`.

use crate::harness::{Fault, Outcome, Page, Visit, opens};

/// In a page: the first place where two values differ, or nothing.
const DIFFERENCE: &str = "const difference = (a, b, at = '') => { \
    if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return Object.is(a, b) ? null : `${at}: ${a} and ${b}`; \
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) { const found = difference(a[key], b[key], `${at}/${key}`); if (found) return found; } \
    return null; };";

fn folder() -> Option<String> {
    std::env::var("SCL_FIGURES").ok()
}

/// What is to be written need not be there before.
fn visit() -> Visit {
    Visit::new().tolerating(if folder().is_some() { &["/data/figures/"] } else { &[] })
}

/// A figure and its buttons, and expressions: whether it shows what comes with the page, whether `n` buttons have done their
/// work, and what it shows, by the names of the files.
struct Figure<'a> {
    element: &'a str,
    buttons: &'a [&'a str],
    shown: String,
    done: fn(&str, usize) -> String,
    result: String,
}

/// Presses all buttons of a figure; compares what it shows before and after, or writes it down.
async fn computes_what_it_showed(page: &Page, figure: Figure<'_>) -> Outcome {
    let Figure { element, buttons, shown, done, result } = figure;
    page.run(
        "document.querySelector(arguments[0]).scrollIntoView({ block: 'center', behavior: 'instant' })",
        vec![element.into()],
    )
    .await?;
    remember(page, &shown, &result).await?;
    for (i, button) in buttons.iter().enumerate() {
        page.click(&format!("{element} >>> #{button}")).await?;
        page.wait(&format!("the end of #{button}"), 300, &done(element, i + 1)).await?;
    }
    compare_or_write(page, &result).await
}

/// Waits until something is `shown` that comes with the page, and keeps it.
async fn remember(page: &Page, shown: &str, result: &str) -> Outcome {
    if folder().is_none() {
        page.wait("what comes with the page", 30, shown).await?;
        page.run(&format!("window.before = JSON.stringify({result})"), vec![]).await?;
    }
    Ok(())
}

/// Compares what is shown now with what was kept, or writes it down.
async fn compare_or_write(page: &Page, result: &str) -> Outcome {
    if let Some(folder) = folder() {
        let files: Vec<(String, String)> = page
            .get(&format!("Object.entries({result}).map(([name, found]) => [name, JSON.stringify(found)])"))
            .await?;
        assert!(!files.is_empty());
        for (name, found) in files {
            std::fs::write(format!("{folder}/{name}.json"), found + "\n")?;
        }
        return Ok(());
    }
    let script =
        format!("{DIFFERENCE} return difference(JSON.parse(window.before), JSON.parse(JSON.stringify({result})))");
    let difference = page.run(&script, vec![]).await?;
    assert!(difference.is_null(), "{difference}: after a change of engines or defaults run `cargo xtask figures`");
    Ok(())
}

/// The same for a figure with studies.
fn a_study_was_computed_beforehand(element: &str, buttons: &[&str]) {
    visit().run(async |page| {
        opens(page, "").await?;
        let figure = Figure {
            element,
            buttons,
            shown: format!(
                "Object.values(document.querySelector('{element}').results).every((result) => result?.beforehand)"
            ),
            done: |element, n| in_phase(element, "done", n),
            // Neither the weights nor what only the figure knows.
            result: format!(
                "Object.fromEntries(Object.entries(document.querySelector('{element}').results)\
                 .map(([name, {{ trained, about, beforehand, ...result }}]) => [name, result]))"
            ),
        };
        computes_what_it_showed(page, figure).await
    });
}

/// Whether `n` studies of a figure are in `phase`.
fn in_phase(element: &str, phase: &str, n: usize) -> String {
    format!("visitor.all('{element} >>> [data-phase={phase}]').length === {n}")
}

/// The figures on the way there grow when somebody comes near them.
#[test]
fn a_link_leads_to_its_section() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.run("scrollTo(0, 0)", vec![]).await?;
        page.click("nav a[href=\"#claims\"]").await?;
        page.wait("the claims", 30, "document.querySelector('scl-claims').table").await?;
        let top = "Math.round(document.querySelector('#claims').getBoundingClientRect().top)";
        page.wait("the section", 20, &format!("{top} >= 0 && {top} <= 80")).await?;
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        assert!((0.0..=80.0).contains(&page.get::<f64>(top).await?), "it stays there, below the header");
        Ok(())
    });
}

/// What came with the page is called so for as long as it is shown, and never passes for what is chosen now.
#[test]
fn where_numbers_come_from_is_said() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        let figure = "scl-robustness";
        page.run("document.querySelector(arguments[0]).scrollIntoView({ behavior: 'instant' })", vec![figure.into()])
            .await?;
        let status = format!("{figure} >>> #curve [role=status]");
        let said = format!("visitor.one('{status}').innerText.includes('Prepared example')");
        page.wait("what comes with the page", 30, &said).await?;
        page.run_async::<()>(
            "const figure = document.querySelector(arguments[0]); const press = (id) => figure.renderRoot.querySelector(id).click(); \
             press('#draw'); await figure.updateComplete; press('#draw-cancel');",
            vec![figure.into()],
        )
        .await?;
        page.wait("the end", 60, &format!("visitor.one('{figure} >>> #curve [data-phase=cancelled]')")).await?;
        let words = page.text(&status).await?;
        assert!(words.contains("Cancelled") && words.contains("Prepared example"), "{words}");
        assert!(!words.contains("what was done stays"), "nothing was done: {words}");

        let stale = format!("{figure} >>> #draw-stale");
        assert_eq!(page.count(&stale).await?, 0);
        page.choose(&format!("{figure} >>> #pair"), "mnist").await?;
        page.wait("the notice", 20, &format!("visitor.one('{stale}')")).await?;
        page.choose(&format!("{figure} >>> #pair"), "fashion-mnist").await?;
        page.wait("no notice", 20, &format!("!visitor.one('{stale}')")).await?;
        Ok(())
    });
}

/// The first figure is there before any engine: the picture, both answers, how far both models hold. Then its engine says
/// the same, to the 255th of a pixel.
#[test]
fn the_first_figure() {
    const FIGURE: &str = "document.querySelector('scl-fool')";
    visit().run(async |page| {
        if folder().is_none() {
            page.spoil("cpu_engine_bg-", Fault::Silence);
            page.open("").await?;
            page.wait("its picture", 20, &format!("{FIGURE}.reply")).await?;
            page.wait("both limits", 20, "visitor.all('scl-fool >>> .flag').length === 2").await?;
            let words = page.text("scl-fool >>> .answers").await?;
            assert!(words.contains("fooled") && !words.contains("Loading"), "{words}");
            let words = page.text("scl-fool >>> .lines").await?;
            assert!(words.contains("MB loaded"), "{words}");
            page.mend();
        } else {
            page.open("").await?;
        }
        page.wait("its engine", 60, &format!("{FIGURE}.limits && {FIGURE}.reply && !{FIGURE}.reply.beforehand"))
            .await?;
        let prepared = format!("{FIGURE}.prepare().then((found) => (window.prepared = {{ fool: found }}))");
        page.run_async::<()>(&format!("await {prepared}"), vec![]).await?;
        if folder().is_none() {
            page.run_async::<()>(
                "window.before = await (await fetch('data/figures/fool.json')).text(); \
                 window.before = JSON.stringify({ fool: JSON.parse(window.before) })",
                vec![],
            )
            .await?;
        }
        compare_or_write(page, "window.prepared").await
    });
}

/// A nudge shows it only until its engine answers, which comes late here.
#[test]
fn the_first_answer() {
    // Levels are f32, which nine digits tell apart.
    const RESULT: &str = "(({ reply: { own, picture, beforehand, answers, ...reply }, data }) => { \
        const levels = (pixels) => Array.from(pixels, (level) => Number(level.toPrecision(9))); \
        return { nudge: { ...reply, original: levels(reply.original), perturbed: levels(reply.perturbed), data } }; \
        })(document.querySelector('scl-nudge'))";
    visit().run(async |page| {
        if folder().is_none() {
            page.spoil("cpu_engine_bg-", Fault::Silence);
        }
        page.open("").await?;
        remember(page, "document.querySelector('scl-nudge').reply?.beforehand", RESULT).await?;
        if folder().is_none() {
            let words = page.text("scl-nudge >>> .about").await?;
            assert!(words.contains("Prepared example"), "{words}");
            let place = "JSON.stringify(document.querySelector('#idea').getBoundingClientRect())";
            let before: String = page.get(place).await?;
            page.mend();
            page.wait("both answers", 60, "visitor.answers()").await?;
            assert_eq!(page.get::<String>(place).await?, before, "what is below moves");
            let words = page.text("scl-nudge >>> .about").await?;
            assert!(!words.contains("Prepared example"), "{words}");
        }
        page.wait("both answers", 60, "visitor.answers()").await?;
        compare_or_write(page, RESULT).await
    });
}

/// What came with the page is about what it came for: whoever moves the slider waits for the engine.
#[test]
fn another_nudge_is_not_answered_beforehand() {
    Visit::new().run(async |page| {
        page.spoil("cpu_engine_bg-", Fault::Silence);
        page.open("").await?;
        page.wait("what comes with the page", 30, "document.querySelector('scl-nudge').reply?.beforehand").await?;
        page.press("scl-nudge >>> #strength", thirtyfour::Key::End).await?;
        page.wait("no answer", 10, "!document.querySelector('scl-nudge').reply").await?;
        page.mend();
        page.wait("both answers", 60, "visitor.answers()").await?;
        page.open("image=3").await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        assert_eq!(page.get::<u32>("document.querySelector('scl-nudge').reply.index").await?, 3);
        Ok(())
    });
}

#[test]
fn the_accuracy_under_attack_and_the_checks() {
    a_study_was_computed_beforehand("scl-robustness", &["draw", "check"]);
}

#[test]
fn the_survey_of_explanations() {
    a_study_was_computed_beforehand("scl-survey", &["survey"]);
}

#[test]
fn the_responses_to_changes() {
    a_study_was_computed_beforehand("scl-response", &["respond"]);
}

#[test]
fn the_smoothness() {
    a_study_was_computed_beforehand("scl-smoothness", &["measure"]);
}

#[test]
fn the_transfer() {
    a_study_was_computed_beforehand("scl-transfer", &["transfer"]);
}

#[test]
fn the_run() {
    visit().run(async |page| {
        // Both engines would do; the file is of the one that every browser has.
        opens(page, "engine=cpu&seed=1").await?;
        let figure = Figure {
            element: "scl-train",
            buttons: &["start"],
            shown: "visitor.one('scl-train >>> #example') && visitor.one('scl-train').example".to_owned(),
            done: |_, _| "visitor.one('scl-train >>> #phase').dataset.phase === 'done'".to_owned(),
            // Pictures of the walls in whole 255ths.
            result: "(({ store, walls: { pictures: { original, noisy, interval, ...pictures }, ...walls } }) => { \
                 const { settings, comparison, lanes } = store.shownRun; \
                 const shown = Array.from(noisy, (level) => Math.round(255 * level)); \
                 return { run: { settings, comparison, \
                 lanes: lanes.map(({ name, step, steps, history, notes }) => ({ name, step, steps, history, notes })) }, \
                 wall: { ...walls, pictures: { ...pictures, noisy: shown } } } })(document.querySelector('scl-train'))"
                .to_owned(),
        };
        computes_what_it_showed(page, figure).await
    });
}
