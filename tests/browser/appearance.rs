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
        page.run("document.querySelector('#nudge').scrollIntoView()", vec![]).await?;
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
        page.run("document.querySelector('#nudge').scrollIntoView()", vec![]).await?;
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
        page.run("document.querySelector('#nudge').scrollIntoView()", vec![]).await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        let background = "getComputedStyle(document.body).backgroundColor";
        let light: String = page.get(background).await?;
        page.choose_theme("dark").await?;
        let dark: String = page.get(background).await?;
        assert_ne!(light, dark);
        page.reload().await?;
        assert_eq!(page.get::<String>(background).await?, dark);
        assert_eq!(page.get::<String>("document.querySelector('#theme').value").await?, "dark");
        page.choose_theme("system").await?;
        assert_eq!(page.get::<String>(background).await?, light);
        Ok(())
    });
}

/// How many opaque pixels of each colour the canvases of a path show.
const PAINTED: &str = "const colours = {}; \
    for (const canvas of visitor.all(arguments[0])) { \
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height); \
        for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) { \
            const colour = data.slice(i, i + 3).join(); colours[colour] = (colours[colour] ?? 0) + 1; \
        } \
    } \
    return colours";

/// The colours that the system has for these names.
const SYSTEM: &str = "const probe = document.body.appendChild(document.createElement('span')); \
    probe.style.setProperty('forced-color-adjust', 'none'); \
    const colours = arguments[0].map((name) => { \
        probe.style.color = name; return getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).join(); \
    }); \
    probe.remove(); return colours";

/// Whether each of these colours was painted.
async fn painted(page: &Page, path: &str, colours: &[String]) -> Outcome<Vec<bool>> {
    let seen = page.run(PAINTED, vec![json!(path)]).await?;
    Ok(colours.iter().map(|colour| seen[colour].as_u64().is_some_and(|pixels| pixels > 20)).collect())
}

/// Curves that were painted in the inks of the chosen theme can be read where the system forces its colours, and again after it.
#[test]
fn curves_take_the_systems_colours_where_it_forces_them() {
    Visit::new().run(async |page| {
        page.open("").await?;
        page.choose_theme("light").await?;
        let theme = ["179,71,0".to_owned(), "0,96,158".to_owned()];
        for (figure, path) in [
            ("scl-train", "scl-train >>> scl-curves >>> canvas"),
            ("scl-robustness", "scl-robustness >>> scl-curve >>> canvas"),
        ] {
            page.run("document.querySelector(arguments[0]).scrollIntoView()", vec![json!(figure)]).await?;
            page.wait("the curves that come with the page", 30, &format!("visitor.one('{path}')")).await?;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            assert_eq!(painted(page, path, &theme).await?, [true, true], "{figure}");

            page.forced_colors(true).await?;
            page.wait("forced colours", 10, "matchMedia('(forced-colors: active)').matches").await?;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            let names = json!(["Canvas", "CanvasText", "LinkText"]);
            let system: Vec<String> = serde_json::from_value(page.run(SYSTEM, vec![names]).await?)?;
            assert!(system[0] != system[1] && system[1] != system[2], "two lanes, two colours: {system:?}");
            assert_eq!(painted(page, path, &system[1..]).await?, [true, true], "{figure}: {system:?}");
            assert_eq!(painted(page, path, &theme).await?, [false, false], "{figure}");
            page.screenshot(&format!("forced-{figure}")).await?;

            page.forced_colors(false).await?;
            page.wait("no forced colours", 10, "!matchMedia('(forced-colors: active)').matches").await?;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            assert_eq!(painted(page, path, &theme).await?, [true, true], "{figure}");
        }
        Ok(())
    });
}
