//! On a phone, in both themes.

use serde_json::json;

use crate::harness::{Outcome, Page, SHORT, Visit};

const WIDTH: u32 = 360;

async fn assert_fits(page: &Page, state: &str) -> Outcome {
    assert_eq!(page.get::<u32>("innerWidth").await?, WIDTH, "{state}");
    // Without the scroll bar, where there is one.
    let room: f64 = page.get("document.documentElement.clientWidth").await?;
    let width: f64 = page.get("document.documentElement.scrollWidth").await?;
    assert!(width <= room, "{state}: content {width} px wide in {room} px");
    Ok(())
}

#[test]
fn fits_a_phone_in_both_themes() {
    Visit::new().run(async |page| {
        page.screen(WIDTH, 740).await?;
        page.open(SHORT).await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        assert_fits(page, "before the run").await?;
        page.train(60).await?;
        page.run("visitor.all('scl-train >>> scl-controls >>> details').forEach((group) => group.open = true)", vec![])
            .await?;
        page.run("visitor.all('scl-train >>> scl-curves >>> details').forEach((table) => table.open = true)", vec![])
            .await?;

        let mut backgrounds = Vec::<String>::new();
        for theme in ["light", "dark"] {
            page.system_theme(theme).await?;
            backgrounds.push(page.get("getComputedStyle(document.body).backgroundColor").await?);
            for (place, path) in [("nudge", "#nudge"), ("train", "#train"), ("table", "scl-train >>> scl-comparison")] {
                let script = "visitor.one(arguments[0]).scrollIntoView({ behavior: 'instant' })";
                page.run(script, vec![json!(path)]).await?;
                page.screenshot(&format!("phone-{theme}-{place}")).await?;
            }
            assert_fits(page, theme).await?;
        }
        assert_ne!(backgrounds[0], backgrounds[1], "the dark theme is another one");
        Ok(())
    });
}

/// Nothing lies beyond the edge for whoever needs larger letters, in any section, and pictures stay large enough to see.
#[test]
fn text_at_twice_the_size_fits() {
    Visit::new().run(async |page| {
        page.screen(WIDTH, 740).await?;
        page.open(SHORT).await?;
        page.run("document.documentElement.style.fontSize = '200%'", vec![]).await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        page.train(60).await?;
        assert_fits(page, "200 %").await?;
        for width in [WIDTH, 1280] {
            page.screen(width, 740).await?;
            for (figure, there) in [
                ("scl-saliency", "visitor.one('scl-saliency >>> scl-map')"),
                ("scl-survey", "visitor.one('scl-survey').results.survey"),
                ("scl-response", "visitor.one('scl-response').results.response"),
                ("scl-smoothness", "visitor.one('scl-smoothness >>> scl-surface')"),
                ("scl-claims", "visitor.one('scl-claims').table"),
                ("scl-embed", "visitor.one('scl-embed >>> textarea')"),
            ] {
                let scroll = format!("document.querySelector('{figure}').scrollIntoView({{ behavior: 'instant' }})");
                page.run(&scroll, vec![]).await?;
                page.wait(figure, 60, there).await?;
            }
            let [room, content]: [f64; 2] =
                page.get("['clientWidth', 'scrollWidth'].map((of) => document.documentElement[of])").await?;
            assert!(content <= room, "content {content} px wide in {room} px");
            let map: f64 = page.get("visitor.one('scl-saliency >>> scl-map').getBoundingClientRect().width").await?;
            assert!(map >= 100.0, "a map is {map} px wide in {width} px");
        }
        Ok(())
    });
}

/// The visitor's word counts more than the system's, also after a reload.
#[test]
fn the_theme_is_as_chosen() {
    Visit::new().run(async |page| {
        page.open("").await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        let background = "getComputedStyle(document.body).backgroundColor";
        let light: String = page.get(background).await?;
        page.choose("#theme", "dark").await?;
        let dark: String = page.get(background).await?;
        assert_ne!(light, dark);
        page.reload().await?;
        assert_eq!(page.get::<String>(background).await?, dark);
        assert_eq!(page.get::<String>("document.querySelector('#theme').value").await?, "dark");
        page.choose("#theme", "system").await?;
        assert_eq!(page.get::<String>(background).await?, light);
        Ok(())
    });
}
