//! The claims: what the page says of them is what the file of verdicts says.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use thirtyfour::Key;

use crate::harness::{Outcome, Page, Visit};

/// The file of verdicts that ships.
fn table() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/data/results/default/claims.json");
    serde_json::from_str(&fs::read_to_string(path).expect("the file of verdicts")).expect("JSON")
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of[key].as_array().expect(key)
}

fn word<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().expect(key)
}

fn tally<'a>(judged: impl Iterator<Item = &'a Value>) -> BTreeMap<&'a str, usize> {
    judged.fold(BTreeMap::new(), |mut counts, one| {
        *counts.entry(word(one, "verdict")).or_default() += 1;
        counts
    })
}

async fn claims(page: &Page) -> Outcome {
    page.open("").await?;
    page.wait("the figure", 30, "document.querySelector('scl-claims')").await?;
    page.run("document.querySelector('#claims').scrollIntoView({ behavior: 'instant' })", vec![]).await?;
    page.wait("the claims", 30, "visitor.one('scl-claims >>> .claim')").await.map(drop)
}

#[test]
fn every_measurement_has_a_mark_and_the_totals_are_those_of_the_file() {
    Visit::new().run(async |page| {
        claims(page).await?;
        let table = table();
        let all = list(&table, "claims");
        // A claim a row, in the order of the file, with its verdict in words.
        let rows: Vec<[String; 2]> = page
            .get("visitor.all('scl-claims >>> .claim').map((row) => [row.dataset.claim, row.querySelector('.verdict').innerText])")
            .await?;
        assert!(rows.iter().map(|[id, said]| [&id[..], said]).eq(all.iter().map(|claim| [word(claim, "id"), word(claim, "verdict")])), "{rows:?}");
        // A mark for each row that decides, and none for an exploration, named by what it came to and of what it is.
        for claim in all {
            let id = word(claim, "id");
            let path = format!("scl-claims >>> .claim[data-claim='{id}'] .marks svg[role=img]");
            let marks: Vec<[String; 2]> = page
                .get(&format!("visitor.all(\"{path}\").map((mark) => [mark.classList[1], mark.querySelector('title').textContent])"))
                .await?;
            assert_eq!(marks.len(), list(claim, "rows").len(), "{id}");
            for ([kind, name], row) in marks.iter().zip(list(claim, "rows")) {
                assert_eq!(kind, word(row, "verdict"), "{name}");
                assert!(name.starts_with(&format!("{kind}: {}", word(row, "label"))), "{name}");
            }
        }
        // Marks of different verdicts have different shapes.
        let shapes: Vec<[String; 2]> = page
            .get("visitor.all('scl-claims >>> .marks svg').map((mark) => [mark.classList[1], mark.lastElementChild.outerHTML])")
            .await?;
        let by_kind: BTreeMap<_, _> = shapes.iter().map(|[kind, shape]| (kind, shape)).collect();
        assert!(shapes.iter().all(|[kind, shape]| by_kind[kind] == shape), "one shape a verdict");
        let different: BTreeMap<_, _> = by_kind.iter().map(|(kind, shape)| (shape, kind)).collect();
        assert_eq!(different.len(), by_kind.len());
        // The totals.
        let counts = tally(all.iter());
        let supported = counts.get("supported").copied().unwrap_or_default();
        let said = page.text("scl-claims >>> #headline").await?;
        let expected =
            if supported == 0 { format!("None of {}", all.len()) } else { format!("{supported} of {} claims", all.len()) };
        assert!(said.starts_with(&expected), "{said}");
        for (kind, count) in counts.iter().filter(|(kind, _)| **kind != "supported") {
            assert!(said.contains(&format!("{count} {kind}")), "{count} {kind} in {said}");
        }
        let legend = page.text("scl-claims >>> #legend").await?;
        let rows = || all.iter().flat_map(|claim| list(claim, "rows"));
        for (kind, count) in tally(rows()) {
            assert!(legend.contains(&format!("{count} {kind}")), "{count} {kind} in {legend}");
        }
        assert!(page.text("scl-claims >>> #all").await?.contains(&format!("{} measurements", rows().count())));
        Ok(())
    });
}

#[test]
fn a_row_opens_by_keyboard_and_shows_what_it_stands_for() {
    Visit::new().run(async |page| {
        claims(page).await?;
        let table = table();
        let claim = &list(&table, "claims")[1];
        let id = word(claim, "id");
        let button = format!("scl-claims >>> .claim[data-claim='{id}'] button");
        let detail = format!("scl-claims >>> #claim-{id}");
        let shown = format!("visitor.one('{detail}').checkVisibility()");
        assert!(!page.get::<bool>(&shown).await?);
        page.press(&button, Key::Enter).await?;
        page.wait("its measurements", 10, &shown).await?;
        assert_eq!(page.get::<String>(&format!("visitor.one(\"{button}\").ariaExpanded")).await?, "true");
        let (rows, explorations) = (list(claim, "rows"), list(claim, "explorations"));
        let there = page.count(&format!("{detail} tbody tr th[scope=row]")).await?;
        assert_eq!(there, rows.len() + explorations.len());
        // Each with its interval, p-value and verdict, and a link to what it was made of.
        let first = page.text(&format!("{detail} tbody tr")).await?;
        for part in [word(&rows[0], "label"), word(&rows[0], "group"), word(&rows[0], "verdict"), " to ", "("] {
            assert!(first.contains(part), "no {part:?} in {first:?}");
        }
        page.press(&button, Key::Space).await?;
        page.wait("them to go", 10, &format!("!{shown}")).await?;
        // A press anywhere in the row does the same.
        page.click(&format!("scl-claims >>> .claim[data-claim='{id}'] .verdict")).await?;
        page.wait("its measurements", 10, &shown).await?;
        // Or all of them at once.
        page.click("scl-claims >>> #all").await?;
        page.wait("all of them", 10, "visitor.all('scl-claims >>> .detail').every((row) => row.checkVisibility())")
            .await?;
        page.click("scl-claims >>> #all").await?;
        page.wait("none", 10, "visitor.all('scl-claims >>> .detail').every((row) => !row.checkVisibility())")
            .await
            .map(drop)
    });
}

#[test]
fn the_sceptic_quotes_the_file() {
    Visit::new().run(async |page| {
        claims(page).await?;
        let table = table();
        let rows: Vec<&Value> = list(&table, "claims").iter().flat_map(|claim| list(claim, "rows")).collect();
        let worst = rows
            .iter()
            .find(|row| list(row, "numbers").iter().any(|name| name == "worst-case") && row["baseline"].is_array())
            .expect("a row about the worst case");
        let said = page.text("scl-claims >>> .sceptic").await?;
        let percent = |mean: &Value| format!("{:.1}\u{a0}%", 100.0 * mean["value"].as_f64().expect("a mean"));
        for part in [word(worst, "label"), &percent(&worst["baseline"][1]), &percent(&worst["continuity_mean"])] {
            assert!(said.contains(part), "no {part:?} in {said:?}");
        }
        let with_baseline =
            rows.iter().filter(|row| word(row, "verdict") == "supported" && row["baseline_difference"].is_object());
        assert!(said.contains(&format!("of {} supported", with_baseline.count())), "{said}");
        Ok(())
    });
}

#[test]
fn every_number_leads_to_its_data() {
    Visit::new().run(async |page| {
        claims(page).await?;
        assert_eq!(page.count("scl-claims >>> .explorations .verdict").await?, 0);
        // The raw data answer and hold every seed.
        let cells: Vec<usize> = page
            .run_async(
                "const links = visitor.all('scl-claims >>> td a[href$=\".json\"]'); \
                 const files = [...new Set(links.map((link) => link.href))]; \
                 return Promise.all(files.map(async (file) => (await (await fetch(file)).json()).length))",
                vec![],
            )
            .await?;
        let seeds = list(&table(), "seeds").len();
        assert!(cells.len() > 10 && cells.iter().all(|&cell| cell == seeds), "{cells:?}");
        assert_eq!(page.count("scl-claims >>> .ways a[href$='table.csv']").await?, 1);
        // The settings of a lane open the page as it was trained.
        let link: String = page.get("visitor.all('scl-claims >>> #table-baselines a').find((a) => a.textContent.trim() === 'jacobian').getAttribute('href')").await?;
        let query = link.trim_start_matches('?').split('#').next().unwrap_or_default().to_owned();
        page.open(&query).await?;
        page.wait("the settings", 30, "document.querySelector('scl-train')?.store.state.settings.regularizer === 'jacobian'").await?;
        assert_eq!(page.count("#notices .notice").await?, 0);
        Ok(())
    });
}

/// On a phone a claim is a card, and nothing but the tables behind it is wider than the screen.
#[test]
fn on_a_phone_nothing_scrolls_sideways() {
    Visit::new().run(async |page| {
        page.screen(390, 844).await?;
        claims(page).await?;
        page.click("scl-claims >>> #all").await?;
        page.wait("all of them", 10, "visitor.all('scl-claims >>> .detail').every((row) => row.checkVisibility())").await?;
        let wide: Vec<String> = page
            .get(
                "visitor.all('scl-claims >>> *').filter((part) => !part.closest('.scroll') && part.getBoundingClientRect().right > innerWidth) \
                 .map((part) => part.outerHTML.slice(0, 80))",
            )
            .await?;
        assert!(wide.is_empty(), "{wide:?}");
        let [room, content]: [f64; 2] =
            page.get("['clientWidth', 'scrollWidth'].map((of) => document.documentElement[of])").await?;
        assert!(content <= room, "content {content} px wide in {room} px");
        // All of a card is one above the other.
        let [claim, number]: [f64; 2] = page
            .get("['th', 'td:nth-child(3)'].map((part) => visitor.one(`scl-claims >>> .claim > ${part}`).getBoundingClientRect().left)")
            .await?;
        assert_eq!(claim, number);
        Ok(())
    });
}
