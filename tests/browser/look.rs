//! What made both models say what they say: one map a model, large, and whether it stays when the picture trembles.

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::harness::{Outcome, Page, Visit};

const FIGURE: &str = "document.querySelector('scl-look')";
const SHAKE: &str = "scl-look >>> #shake";
const MAP: &str = "scl-look >>> [data-model=plain] scl-overlay >>> [role=application]";

/// Goes there, and waits until both models are explained.
async fn looks(page: &Page, query: &str) -> Outcome {
    page.arrive(query).await?;
    page.run("document.querySelector('#look').scrollIntoView({ behavior: 'instant' })", vec![]).await?;
    settles(page).await
}

async fn settles(page: &Page) -> Outcome {
    let there = format!("(figure => figure?.reply && !figure.busy && !figure.isUpdatePending)({FIGURE})");
    page.wait("both maps", 60, &there).await.map(drop)
}

/// Of both canvases how many pixels have a colour, how many are light, and a number that other pixels hardly share.
async fn painted(page: &Page) -> Outcome<Vec<[usize; 3]>> {
    page.run_async(
        "await document.querySelector('scl-look').updateComplete; \
         const overlays = visitor.all('scl-look >>> scl-overlay'); \
         return Promise.all(overlays.map(async (overlay) => { \
             await overlay.updateComplete; \
             const { canvas } = overlay; \
             const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height); \
             let [coloured, light, digest] = [0, 0, 0]; \
             for (let i = 0; i < data.length; i += 4) { \
                 const [least, most] = [Math.min(...data.slice(i, i + 3)), Math.max(...data.slice(i, i + 3))]; \
                 if (most - least > 24) coloured += 1; \
                 if (least > 225) light += 1; \
                 digest = (31 * digest + data[i] + 3 * data[i + 1] + 7 * data[i + 2]) % 4294967291; \
             } \
             return [coloured, light, digest]; \
         }))",
        vec![],
    )
    .await
}

async fn choose(page: &Page, choice: Value) -> Outcome {
    page.run(&format!("{FIGURE}.choose(arguments[0])"), vec![choice]).await?;
    settles(page).await
}

/// Draws so far, and whether it is moving.
async fn draws(page: &Page) -> Outcome<(usize, bool)> {
    page.get(&format!("[{FIGURE}.overlaps[0].length, visitor.one('{SHAKE}').innerText === 'Stop']")).await
}

async fn moves(page: &Page, least: usize) -> Outcome {
    page.wait("draws", 30, &format!("{FIGURE}.overlaps[0].length >= {least}")).await.map(drop)
}

/// It rests, and stays at rest.
async fn rests(page: &Page, what: &str) -> Outcome<usize> {
    page.wait(what, 5, &format!("visitor.one('{SHAKE}').innerText !== 'Stop'")).await?;
    let (count, _) = draws(page).await?;
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    assert_eq!(draws(page).await?, (count, false), "{what}");
    Ok(count)
}

/// The slider leads from the picture alone to the map alone; in between both are seen, of each model.
#[test]
fn a_slider_leads_from_the_picture_to_its_explanation() {
    Visit::new().run(async |page| {
        looks(page, "").await?;
        let cell = 24 * 24;
        let both = painted(page).await?;
        assert_eq!(both.len(), 2);
        for [coloured, ..] in &both {
            // The strongest tenth of 784 pixels, the weakest of them hardly coloured on a grey ground.
            assert!((30 * cell..=79 * cell).contains(coloured), "{both:?}");
        }
        choose(page, json!({ "blend": 0 })).await?;
        let picture = painted(page).await?;
        assert!(picture.iter().all(|[coloured, ..]| *coloured == 0), "only the picture: {picture:?}");
        assert_eq!(picture[0], picture[1], "one picture for both");
        choose(page, json!({ "blend": 100 })).await?;
        let map = painted(page).await?;
        for [coloured, light, _] in &map {
            assert!(
                *coloured > 50 * cell && coloured + light == 784 * cell,
                "only the map, on a light ground: {map:?}"
            );
        }
        assert_ne!(map[0], map[1], "a map of its own for each model");
        choose(page, json!({ "share": "100" })).await?;
        let all = painted(page).await?;
        assert!((0..2).all(|i| all[i][0] > map[i][0]), "{all:?}");
        // Another scale shows one map as it was, and the other one weaker.
        choose(page, json!({ "scale": "one" })).await?;
        let one = painted(page).await?;
        let same = (0..2).filter(|&i| one[i] == all[i]).count();
        assert!(same == 1 && (0..2).all(|i| one[i][0] <= all[i][0]), "{all:?}, on one scale {one:?}");
        // A method of the others: its button and the list agree with what was asked.
        page.choose("scl-look >>> #method", "gradient").await?;
        settles(page).await?;
        assert_eq!(page.get::<Value>(&format!("{FIGURE}.reply.request.methods")).await?, json!(["gradient"]));
        assert_eq!(page.count("scl-look >>> [data-method][aria-pressed=true]").await?, 0);
        page.click("scl-look >>> [data-method]").await?;
        settles(page).await?;
        assert_eq!(page.count("scl-look >>> [data-method][aria-pressed=true]").await?, 1);
        assert_ne!(page.get::<Value>(&format!("{FIGURE}.reply.request.methods")).await?, json!(["gradient"]));
        Ok(())
    });
}

/// It does not begin by itself; each draw is another one, and what is said of them is their mean.
#[test]
fn shaken_maps_are_computed_anew_until_somebody_stops_it() {
    Visit::new().run(async |page| {
        looks(page, "").await?;
        tokio::time::sleep(std::time::Duration::from_millis(800)).await;
        assert_eq!(draws(page).await?, (0, false), "nothing moves by itself");
        assert!(page.get::<bool>(&format!("{FIGURE}.drawn === null")).await?);
        let undisturbed = painted(page).await?;

        page.click(SHAKE).await?;
        moves(page, 3).await?;
        // Any press stops it.
        page.press(MAP, Key::Right).await?;
        let count = rests(page, "a press").await?;
        assert!(count < 20, "{count} draws");
        assert_ne!(painted(page).await?, undisturbed, "a disturbed picture");
        // Asked again, the engine says the same of each draw.
        let again: Vec<Vec<f64>> = page
            .run_async(
                "const figure = document.querySelector('scl-look'), { request } = figure.reply; \
                 const found = [[], []]; \
                 for (let seed = 1; seed <= arguments[0]; seed++) { \
                     const { models } = await figure.quick.ask(figure.store.defaults, figure.own, (engine) => engine.explain({ ...request, seed })); \
                     models.forEach(({ maps }, i) => found[i].push(maps[0].shift.top_overlap)); \
                 } \
                 return found",
                vec![count.into()],
            )
            .await?;
        assert_eq!(page.get::<Vec<Vec<f64>>>(&format!("{FIGURE}.overlaps")).await?, again);
        assert!(again.iter().all(|overlaps| overlaps.iter().any(|one| *one != overlaps[0])), "other draws: {again:?}");
        let shown: Vec<f64> =
            page.get("visitor.all('scl-look >>> .stays').map(({ dataset }) => Number(dataset.stays))").await?;
        let said: Vec<String> = page.get("visitor.all('scl-look >>> .stays').map((line) => line.innerText)").await?;
        for (model, overlaps) in again.iter().enumerate() {
            let mean = overlaps.iter().sum::<f64>() / overlaps.len() as f64;
            assert!((shown[model] - mean).abs() < 1e-9, "{shown:?}, not {mean}");
            assert!(said[model].contains(&format!("{:.0}\u{a0}%", 100.0 * shown[model])), "{}", said[model]);
        }
        let kept = page.text("scl-look >>> .kept").await?;
        assert!(kept.contains(&format!("n = {count} draws")), "{kept}");

        page.click("scl-look >>> #undisturbed").await?;
        page.wait("the picture as it is", 5, &format!("{FIGURE}.drawn === null")).await?;
        page.press(MAP, Key::Escape).await?;
        assert_eq!(painted(page).await?, undisturbed);

        // Out of view it stops, too.
        page.click(SHAKE).await?;
        moves(page, count + 2).await?;
        page.run("document.querySelector('#fool').scrollIntoView({ behavior: 'instant' })", vec![]).await?;
        let count = rests(page, "out of view").await?;
        page.run("document.querySelector('#look').scrollIntoView({ behavior: 'instant' })", vec![]).await?;
        assert_eq!(rests(page, "in view again").await?, count, "it does not begin again by itself");

        // By itself it ends after twenty draws; another question forgets them.
        page.click(SHAKE).await?;
        moves(page, count + 20).await?;
        assert_eq!(rests(page, "its end").await?, count + 20);
        page.click("scl-look >>> #another").await?;
        settles(page).await?;
        assert_eq!(draws(page).await?, (0, false));
        assert_eq!(page.get::<usize>(&format!("{FIGURE}.reply.index")).await?, 23);
        Ok(())
    });
}

/// Who asked for less motion sees one draw a press.
#[test]
fn with_less_motion_each_press_is_one_draw() {
    Visit::new().run(async |page| {
        let still = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        page.devtools("Emulation.setEmulatedMedia", still).await?;
        looks(page, "").await?;
        assert_eq!(page.text(SHAKE).await?, "Shake once");
        for count in 1..=3 {
            page.click(SHAKE).await?;
            moves(page, count).await?;
            assert_eq!(rests(page, "one draw").await?, count);
        }
        Ok(())
    });
}

/// The value that is read of each model, and what the engine's map says there.
async fn reads(page: &Page) -> Outcome<Vec<(f64, f64)>> {
    page.get(&format!(
        "['plain', 'continuity'].map((id, i) => {{ \
             const text = visitor.one(`scl-look >>> [data-value=${{id}}]`).innerText; \
             const [row, column] = {FIGURE}.cursor; \
             const {{ values, width }} = {FIGURE}.reply.models[i].maps[0].before; \
             return [Number(text.split(': ')[1].split(',')[0].replace('−', '-')), values[row * width + column]]; \
         }})"
    ))
    .await
}

#[test]
fn the_keyboard_and_a_click_read_what_the_engine_says() {
    Visit::new().run(async |page| {
        looks(page, "").await?;
        let rings = "scl-look >>> scl-overlay >>> rect";
        assert_eq!(page.count(rings).await?, 0, "no cursor before one is chosen");
        assert!(page.text("scl-look >>> .reading").await?.starts_with("Point at a pixel"));
        page.press(MAP, Key::Home).await?;
        let start: Vec<usize> = page.get(&format!("{FIGURE}.cursor")).await?;
        let [strongest, largest]: [f64; 2] = page
            .get(&format!(
                "(({{ values, width }}) => [values[{} * width + {}], values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)])\
                 ({FIGURE}.reply.models[0].maps[0].before)",
                start[0], start[1]
            ))
            .await?;
        assert_eq!(strongest.abs(), largest);
        assert_eq!(page.count(rings).await?, 4, "one place in both maps");
        for key in [Key::Down, Key::Left, Key::Left, Key::Down, Key::Right] {
            page.press(MAP, key).await?;
            for (read, true_value) in reads(page).await? {
                assert!((read - true_value).abs() <= 0.006 * true_value.abs(), "{read}, not {true_value}");
            }
        }
        assert_eq!(page.get::<Vec<usize>>(&format!("{FIGURE}.cursor")).await?, [start[0] + 2, start[1] - 1]);
        // At the edge it stays.
        for _ in 0..30 {
            page.press(MAP, Key::Up).await?;
        }
        assert_eq!(page.get::<usize>(&format!("{FIGURE}.cursor[0]")).await?, 0);
        page.press(MAP, Key::Escape).await?;
        assert_eq!(page.count(rings).await?, 0);
        // A click reads the pixel below it.
        let other = "scl-look >>> [data-model=continuity] scl-overlay >>> [role=application]";
        page.run(
            &"addEventListener('click', ({ clientX, clientY }) => { \
                 const { left, top, width, height } = visitor.one(MAP).getBoundingClientRect(); \
                 window.clicked = [28 * (clientY - top) / height, 28 * (clientX - left) / width].map(Math.floor); \
             }, { capture: true })"
                .replace("MAP", &format!("'{other}'")),
            vec![],
        )
        .await?;
        page.click(other).await?;
        let clicked: Vec<usize> = page.get("window.clicked").await?;
        assert_eq!(page.get::<Vec<usize>>(&format!("{FIGURE}.cursor")).await?, clicked);
        let read = page.text("scl-look >>> .reading").await?;
        assert!(read.starts_with(&format!("Row {}, column {}.", clicked[0], clicked[1])), "{read}");
        Ok(())
    });
}

/// All of it is on one screen, and the pictures are large, on a phone as well.
#[test]
fn it_fits_one_screen() {
    Visit::new().run(async |page| {
        page.screen(1280, 800).await?;
        looks(page, "").await?;
        let [header, title, last]: [f64; 3] = page
            .get(
                "[document.querySelector('header').getBoundingClientRect().bottom, \
                  document.querySelector('#look-title').getBoundingClientRect().top, \
                  visitor.one('scl-look >>> #pair').getBoundingClientRect().bottom]",
            )
            .await?;
        assert!(header <= title && last <= 800.0, "header to {header}, from {title} to {last}");
        let widths = "visitor.all('scl-look >>> scl-overlay').map((map) => map.getBoundingClientRect().width)";
        assert!(page.get::<Vec<f64>>(widths).await?.iter().all(|width| *width >= 380.0));
        page.screen(390, 844).await?;
        let narrow: Vec<f64> = page.get(widths).await?;
        assert!(narrow.iter().all(|width| *width >= 150.0), "{narrow:?}");
        let [room, content]: [f64; 2] =
            page.get("['clientWidth', 'scrollWidth'].map((of) => document.documentElement[of])").await?;
        assert!(content <= room, "content {content} px wide in {room} px");
        Ok(())
    });
}
