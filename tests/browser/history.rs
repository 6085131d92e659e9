//! Back, forward, and links of the page to itself: what was chosen comes back, and nothing that the visitor made is lost.

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::harness::{Outcome, Page, SHORT, Visit, control};

const STORE: &str = "document.querySelector('scl-train').store";

/// The query of the address once it says `part`.
async fn query(page: &Page, part: &str) -> Outcome<String> {
    page.wait(&format!("{part} in the address"), 10, &format!("location.search.includes('{part}')")).await?;
    page.get("location.search.slice(1)").await
}

async fn claims(page: &Page) -> Outcome {
    page.run("document.querySelector('scl-claims').scrollIntoView({ behavior: 'instant' })", vec![]).await?;
    page.wait("the claims", 30, "document.querySelector('scl-claims').table").await.map(drop)
}

/// Follows a link of the page to one of its sections.
async fn go_to(page: &Page, section: &str) -> Outcome {
    page.press(&format!("nav a[href='#{section}']"), Key::Enter).await?;
    page.wait(section, 20, &format!("location.hash === '#{section}'")).await.map(drop)
}

/// What the form of the run and the field of the attack show.
async fn form(page: &Page) -> Outcome<[String; 2]> {
    Ok([
        page.property(&control("alpha", "input[type=number]"), "value").await?,
        page.property("scl-attack >>> #steps", "value").await?,
    ])
}

/// Waits until the address has this query and the form shows these values.
async fn agrees(page: &Page, query: &str, shown: [&str; 2]) -> Outcome {
    let there = format!("location.search.slice(1) === {}", json!(query));
    page.wait(&format!("{query} in the address"), 20, &there).await?;
    let alpha = format!("visitor.one('{}').value === '{}'", control("alpha", "input[type=number]"), shown[0]);
    page.wait(&format!("α = {}", shown[0]), 20, &alpha).await?;
    assert_eq!(form(page).await?, shown);
    Ok(())
}

#[test]
fn back_and_forward_restore_what_was_chosen() {
    Visit::new().run(async |page| {
        const ALPHA: &str = "input[type=number]";
        page.open("alpha=5&expert=1&v=3").await?;
        go_to(page, "attack").await?;
        go_to(page, "look").await?;
        page.fill(&control("alpha", ALPHA), "7").await?;
        page.fill("scl-attack >>> #steps", "9").await?;
        agrees(page, "alpha=7&attack.steps=9&expert=1&v=3", ["7", "9"]).await?;
        page.go(-1).await?;
        agrees(page, "alpha=5&expert=1&v=3", ["5", "20"]).await?;
        page.reload().await?;
        agrees(page, "alpha=5&expert=1&v=3", ["5", "20"]).await?;
        page.go(1).await?;
        agrees(page, "alpha=7&attack.steps=9&expert=1&v=3", ["7", "9"]).await?;
        // What is chosen in the last moment goes along.
        page.run(&format!("{STORE}.setSettings({{ alpha: 2 }}); {STORE}.setSettings({{ alpha: 3 }}); document.querySelector('nav a[href=\"#claims\"]').click()"), vec![])
            .await?;
        agrees(page, "alpha=3&attack.steps=9&expert=1&v=3", ["3", "9"]).await?;
        page.go(-1).await?;
        agrees(page, "alpha=3&attack.steps=9&expert=1&v=3", ["3", "9"]).await?;
        // A value that was typed in vain goes with the form.
        page.fill(&control("alpha", ALPHA), "7000").await?;
        assert_eq!(page.count(&control("alpha", ".problem")).await?, 1);
        page.go(-1).await?;
        agrees(page, "alpha=5&expert=1&v=3", ["5", "20"]).await?;
        assert_eq!(page.count(&control("alpha", ".problem")).await?, 0);
        assert_eq!(page.text("#notices").await?, "");
        Ok(())
    });
}

/// A run under way keeps its settings: the address follows them, not the other way round.
#[test]
fn back_leaves_a_run_alone() {
    Visit::new().run(async |page| {
        page.open(&format!("{SHORT}&alpha=5")).await?;
        go_to(page, "attack").await?;
        page.fill(&control("alpha", "input[type=number]"), "7").await?;
        query(page, "alpha=7").await?;
        page.button("step").await?;
        page.wait_for_phase("paused", 60).await?;
        page.run("history.back()", vec![]).await?;
        page.wait("the entry before", 20, "location.hash === ''").await?;
        let query = query(page, "alpha=7").await?;
        assert!(query.contains("steps=8"), "{query}");
        assert_eq!(form(page).await?[0], "7");
        let run: f64 = page.get(&format!("{STORE}.state.run.settings.alpha")).await?;
        assert_eq!(run, 7.0);
        // Nor does a link take them over; it says so.
        claims(page).await?;
        page.run(
            "visitor.all('scl-claims >>> a').find((link) => link.getAttribute('href').startsWith('?')).click()",
            vec![],
        )
        .await?;
        page.wait("the way to the form", 20, "location.hash === '#train'").await?;
        let said = page.text("#train > #notices").await?;
        assert!(said.contains("while a run is under way"), "{said}");
        assert_eq!(form(page).await?[0], "7");
        // With the run gone it does.
        page.button("reset").await?;
        page.run(
            "visitor.all('scl-claims >>> a').find((link) => link.getAttribute('href').startsWith('?')).click()",
            vec![],
        )
        .await?;
        page.wait("the settings of the link", 20, &format!("{STORE}.state.settings.alpha !== 7")).await?;
        assert_eq!(page.text("#notices").await?, "");
        Ok(())
    });
}

/// Own pictures are in no address, and stay where they were chosen.
#[test]
fn links_of_the_page_are_followed_in_place() {
    Visit::new().run(async |page| {
        page.open("").await?;
        page.run("document.here = true", vec![]).await?;
        // Pictures in name only: what lists them would find none.
        page.run(&format!("visitor.one('{}').remove()", control("dataset", "scl-own-data")), vec![]).await?;
        page.run_async::<Value>(
            &format!(
                "const [{{ OwnPicture }}, {{ canvas }}] = await Promise.all( \
                     ['picture', 'canvas'].map((name) => import(new URL(`user-data/${{name}}.js`, document.baseURI)))); \
                 {STORE}.set({{ ownPicture: new OwnPicture(canvas({{ height: 28, width: 28 }}).canvas, 'Bag'), \
                 own: {{ dataset: 'own-grey', name: 'cups', digest: 'x', classes: ['a', 'b'], height: 32, width: 32, train: 9, test: 3, files: {{}} }} }}); \
                 {STORE}.setSettings({{ dataset: 'own-grey', start: 'scratch', alpha: 4 }}); return true"
            ),
            vec![],
        )
        .await?;
        page.fill("scl-attack >>> #steps", "9").await?;
        assert_eq!(query(page, "attack.steps=9").await?, "alpha=4&attack.steps=9&expert=1&v=3");
        claims(page).await?;
        let wanted = "visitor.all('scl-claims >>> a').find((link) => link.search.includes('regularizer=jacobian'))";
        let link: String = page.get(&format!("{wanted}.href")).await?;
        page.run(&format!("{wanted}.click()"), vec![]).await?;
        page.wait("the settings", 20, &format!("{STORE}.state.settings.regularizer === 'jacobian'")).await?;
        let query: String = page.get("location.search").await?;
        let chosen = link.split(['?', '#']).nth(1).unwrap_or_default();
        assert!(chosen.split('&').all(|part| query.contains(part)), "{link} became {query}");
        assert!(query.contains("attack.steps=9"), "what was chosen elsewhere stays: {query}");
        assert_eq!(page.get::<String>("location.hash").await?, "#train");
        page.wait("the form", 20, "Math.abs(document.querySelector('#train').getBoundingClientRect().top) < 80").await?;
        let kept = format!("document.here && {STORE}.state.ownPicture.shows === 'Bag' && {STORE}.state.own.name === 'cups'");
        assert!(page.get::<bool>(&kept).await?, "the page was left");
        // Back to the visitor's own pictures, which no address holds.
        page.go(-1).await?;
        page.wait("the pictures", 20, &format!("{STORE}.state.settings.dataset === 'own-grey'")).await?;
        assert_eq!(page.get::<f64>(&format!("{STORE}.state.settings.alpha")).await?, 4.0);
        // A link to a section chooses nothing.
        go_to(page, "attack").await?;
        assert_eq!(page.get::<String>(&format!("{STORE}.state.settings.dataset")).await?, "own-grey");
        assert_eq!(page.get::<String>("location.search").await?, "?alpha=4&attack.steps=9&expert=1&v=3");
        // Nor does one that leads to the defaults reload the page.
        claims(page).await?;
        page.run("visitor.all('scl-claims >>> a').find((link) => link.getAttribute('href') === '?#train').click()", vec![])
            .await?;
        page.wait("the defaults", 20, &format!("{STORE}.state.settings.dataset === {STORE}.defaults.dataset")).await?;
        assert!(page.get::<bool>(&kept).await?, "the page was left");
        Ok(())
    });
}
