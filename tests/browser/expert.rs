//! What a first visit is spared, and how it comes back; and what all figures show alike.

use serde_json::Value;

use crate::harness::{Fault, Outcome, Page, Visit};

const HIDDEN: [&str; 8] = ["nudge", "idea", "saliency", "continuity", "smoothness", "transfer", "embed", "check"];

async fn is_seen(page: &Page, id: &str) -> Outcome<bool> {
    page.get(&format!("document.getElementById('{id}').checkVisibility()")).await
}

#[test]
fn a_first_visit_is_spared_what_an_expert_finds() {
    Visit::new().run(async |page| {
        page.arrive("").await?;
        for id in ["fool", "train", "attack", "look", "claims"] {
            assert!(is_seen(page, id).await?, "{id}");
        }
        for id in HIDDEN {
            assert!(!is_seen(page, id).await?, "{id}");
        }
        assert_eq!(page.count("scl-nudge").await?, 0);
        assert!(page.get::<bool>("!customElements.get('scl-nudge')").await?, "nobody asked for it");

        page.click("header .more summary").await?;
        page.click("#expert").await?;
        page.wait("the last figure", 30, "visitor.one('scl-embed')?.hasUpdated").await?;
        for id in HIDDEN {
            assert!(is_seen(page, id).await?, "{id}");
        }
        page.wait("the address", 10, "location.search === '?expert=1&v=3'").await?;
        page.click("#expert").await?;
        page.wait("the bare address", 10, "location.search === ''").await?;
        assert!(!is_seen(page, "nudge").await?);
        Ok(())
    });
}

#[test]
fn a_link_to_what_is_hidden_brings_it() {
    Visit::new().run(async |page| {
        for query in ["smoothness.images=20&v=2", "#embed", "expert=1"] {
            page.arrive(query).await?;
            page.wait("the last figure", 30, "visitor.one('scl-embed')?.hasUpdated").await?;
            assert!(is_seen(page, "smoothness").await?, "{query}");
        }
        // And one within the page.
        page.arrive("").await?;
        page.run("location.hash = 'transfer'", vec![]).await?;
        page.wait("the section", 10, "Math.abs(document.querySelector('#transfer').getBoundingClientRect().top) < 200")
            .await
            .map(drop)
    });
}

#[test]
fn figures_that_do_not_load_leave_the_page_as_it_was() {
    Visit::new().tolerating(&["expert-figures", "503", "Service Unavailable"]).run(async |page| {
        page.arrive("").await?;
        page.spoil("app/expert-figures.js", Fault::Status(503));
        page.run("document.querySelector('#expert').click()", vec![]).await?;
        page.wait("the reason", 20, "document.querySelector('#notices').innerText.includes('cannot be loaded')")
            .await?;
        assert!(!is_seen(page, "nudge").await?);
        assert!(!page.property::<bool>("#expert", "checked").await?);
        Ok(())
    });
}

/// What is chosen in one figure is seen in all, but for one that is pinned.
#[test]
fn all_figures_show_one_subject() {
    Visit::new().run(async |page| {
        page.open("attack.picture=9").await?;
        page.run("document.querySelector('scl-fool').choose({ picture: 5 })", vec![]).await?;
        let shown: Value = page
            .get("Object.fromEntries(['fool', 'nudge', 'saliency', 'attack'].map((name) => [name, document.querySelector(`scl-${name}`).picture]))")
            .await?;
        assert_eq!(shown, serde_json::json!({ "fool": 5, "nudge": 5, "saliency": 5, "attack": 9 }));
        page.wait("the address", 10, "location.search === '?picture=5&attack.picture=9&attack.pinned=1&expert=1&v=3'")
            .await
            .map(drop)
    });
}

/// As a step the attack is a row a model and one slider; its settings unfold, and Expert has them beside it.
#[test]
fn the_attack_is_a_step_whose_settings_unfold() {
    Visit::new().run(async |page| {
        let is_shown = |id: &str| format!("visitor.one('scl-attack >>> #{id}').checkVisibility()");
        page.arrive("").await?;
        page.run("document.querySelector('#attack').scrollIntoView({ behavior: 'instant' })", vec![]).await?;
        page.wait("both attacks", 60, "document.querySelector('scl-attack').reply").await?;
        let widths =
            "visitor.all('scl-attack >>> scl-picture').map((picture) => picture.getBoundingClientRect().width)";
        let (widths, tops): (Vec<f64>, Vec<f64>) = (
            page.get(widths).await?,
            page.get("visitor.all('scl-attack >>> .card').map((card) => card.getBoundingClientRect().top)").await?,
        );
        assert!(widths.len() == 6 && widths.iter().all(|width| *width > 100.0), "{widths:?}");
        assert!(tops[0] < tops[1], "one above the other: {tops:?}");
        for (id, shown) in [("level", true), ("next", true), ("kind", false), ("pair", false)] {
            assert_eq!(page.get::<bool>(&is_shown(id)).await?, shown, "{id}");
        }
        page.click("scl-attack >>> #fold").await?;
        page.wait("the settings", 10, &is_shown("kind")).await?;
        assert_eq!(page.property::<String>("scl-attack >>> #fold", "ariaExpanded").await?, "true");
        page.click("scl-attack >>> #fold").await?;
        page.wait("no settings", 10, &format!("!{}", is_shown("kind"))).await?;
        page.run("document.querySelector('#expert').click()", vec![]).await?;
        page.wait("all of it", 10, &is_shown("kind")).await?;
        assert_eq!(page.count("scl-attack >>> #fold").await?, 0);
        Ok(())
    });
}

/// What greets a stranger fits a phone.
#[test]
fn a_first_visit_fits_a_phone() {
    Visit::new().run(async |page| {
        page.screen(390, 844).await?;
        page.arrive("").await?;
        for id in ["train", "attack", "look", "claims"] {
            page.run("document.getElementById(arguments[0]).scrollIntoView({ behavior: 'instant' })", vec![id.into()])
                .await?;
            page.wait("its figure", 60, &format!("document.querySelector('#{id} [data-figure] > *')?.hasUpdated"))
                .await?;
        }
        page.wait("both maps", 60, "document.querySelector('scl-look').reply").await?;
        let [room, content]: [f64; 2] =
            page.get("['clientWidth', 'scrollWidth'].map((of) => document.documentElement[of])").await?;
        assert!(content <= room, "content {content} px wide in {room} px");
        Ok(())
    });
}
