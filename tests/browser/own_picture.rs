//! The visitor's own picture in the figures about one picture: drawn, or brought as a file.

use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::harness::{KEEP, Outcome, Page, Visit, opens, saved_figure};

const AXE: &str = include_str!("vendor/axe.js");

/// A figure with a board, by the name of its element.
struct Figure(&'static str);

const NUDGE: Figure = Figure("scl-nudge");
const ATTACK: Figure = Figure("scl-attack");

/// Light pixels of the board, their mean row and column, and how light all of it is on average.
#[derive(Debug, Deserialize, PartialEq)]
struct Drawn {
    light: usize,
    row: f64,
    column: f64,
    mean: f64,
}

impl Figure {
    fn part(&self, path: &str) -> String {
        format!("{} >>> {path}", self.0)
    }

    fn board(&self, path: &str) -> String {
        self.part(&format!("scl-board >>> {path}"))
    }

    fn element(&self) -> String {
        format!("document.querySelector('{}')", self.0)
    }

    async fn open(&self, page: &Page) -> Outcome {
        let ready = format!("visitor.one('{}')?.disabled === false", self.part("#own-picture"));
        page.wait("the way to the board", 60, &ready).await?;
        page.click(&self.part("#own-picture")).await?;
        page.wait("the board", 10, &format!("visitor.one('{}')?.open", self.board("dialog"))).await.map(drop)
    }

    async fn is_open(&self, page: &Page) -> Outcome<bool> {
        page.property(&self.board("dialog"), "open").await
    }

    /// Takes what is on the board, and waits until the figure is about it.
    async fn use_it(&self, page: &Page) -> Outcome {
        page.click(&self.board("#use")).await?;
        self.settles(page, true).await
    }

    async fn settles(&self, page: &Page, mine: bool) -> Outcome {
        let figure = self.element();
        let there = format!(
            "!{figure}.busy && !{figure}.error && {figure}.reply && Boolean({figure}.reply.picture) === {mine} && \
             ({figure}.reply.picture ?? null) === ({mine} ? {figure}.store.state.ownPicture : null)"
        );
        page.wait("an answer about it", 60, &there).await.map(drop)
    }

    async fn drawn(&self, page: &Page) -> Outcome<Drawn> {
        let script = "const canvas = visitor.one(arguments[0]); const { width, height } = canvas; \
            const { data } = canvas.getContext('2d').getImageData(0, 0, width, height); \
            const all = Array.from({ length: width * height }, (_, i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 765); \
            const light = all.flatMap((value, i) => (value > 0.5 ? [i] : [])); \
            const mean = (values) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1); \
            return { light: light.length, row: mean(light.map((i) => Math.floor(i / width))), column: mean(light.map((i) => i % width)), mean: mean(all) }";
        let drawn = page.run(script, vec![json!(self.board("canvas"))]).await?;
        Ok(serde_json::from_value(drawn)?)
    }

    /// Draws a line between two points of the board, each from 0 to 1 across and down.
    async fn line(&self, page: &Page, from: [f64; 2], to: [f64; 2]) -> Outcome {
        let canvas = page.element(&self.board("canvas")).await?;
        canvas.scroll_into_view().await?;
        let [left, top, width, height]: [f64; 4] = page
            .get(&format!(
                "(({{ left, top, width, height }}) => [left, top, width, height])(visitor.one('{}').getBoundingClientRect())",
                self.board("canvas")
            ))
            .await?;
        let at = |[x, y]: [f64; 2]| ((left + x * width) as i64, (top + y * height) as i64);
        let ((x, y), (to_x, to_y)) = (at(from), at(to));
        page.driver
            .action_chain()
            .move_to(x, y)
            .click_and_hold()
            .move_to((x + to_x) / 2, (y + to_y) / 2)
            .move_to(to_x, to_y)
            .release()
            .perform()
            .await?;
        Ok(())
    }

    /// Chooses a file as a visitor does; `script` makes its bytes.
    async fn choose_file(&self, page: &Page, name: &str, script: &str) -> Outcome {
        let choose = "there.files = list.files; there.dispatchEvent(new Event('change'))";
        self.bring(page, "#files", name, script, choose).await
    }

    /// Drags a file onto the board and lets go of it there.
    async fn drop_file(&self, page: &Page, name: &str, script: &str) -> Outcome {
        let let_go = "const drag = (name) => there.dispatchEvent(new DragEvent(name, { dataTransfer: list, bubbles: true, cancelable: true })); \
            drag('dragover'); const dialog = there.closest('dialog'); await there.getRootNode().host.updateComplete; \
            const seen = dialog.classList.contains('over'); drag('drop'); if (!seen) throw new Error('nothing shows where it may be dropped')";
        self.bring(page, "canvas", name, script, let_go).await
    }

    /// Makes a file of bytes from a script, and takes it to a part of the board.
    async fn bring(&self, page: &Page, path: &str, name: &str, script: &str, take: &str) -> Outcome {
        page.run_async::<Value>(
            &format!(
                "const bytes = await (async () => {{ {script} }})(); \
                 const list = new DataTransfer(); list.items.add(new File([bytes], arguments[1])); \
                 const there = visitor.one(arguments[0]); {take}; return true"
            ),
            vec![json!(self.board(path)), json!(name)],
        )
        .await
        .map(drop)
    }
}

/// A picture of 100×50 pixels, light to the left of its middle.
const HALF: &str = "const canvas = new OffscreenCanvas(100, 50); const context = canvas.getContext('2d'); \
    context.fillStyle = '#000'; context.fillRect(0, 0, 100, 50); \
    context.fillStyle = '#fff'; context.fillRect(0, 0, 50, 50); \
    return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());";

/// Presses keys wherever the focus is; `Page::press` would first take it away from a shadow root, and so lift the pen.
async fn typed(page: &Page, keys: impl Into<TypingData>) -> Outcome {
    Ok(page.driver.action_chain().send_keys(keys).perform().await?)
}

async fn starts(page: &Page) -> Outcome {
    page.open("").await?;
    page.wait("both answers", 60, "visitor.answers()").await.map(drop)
}

#[test]
fn a_picture_is_drawn_with_the_pointer_nudged_and_left_again() {
    Visit::new().run(async |page| {
        starts(page).await?;
        // Of the page alone: the service worker fetches all of it in advance.
        let loaded = "performance.getEntriesByType('resource').some(({ name }) => name.includes('board'))";
        assert!(!page.get::<bool>(loaded).await?, "the board is loaded before it is wanted");
        assert_eq!(page.count(&NUDGE.part("#whose")).await?, 0, "there is nothing to go to yet");
        NUDGE.open(page).await?;
        assert!(page.property::<bool>(&NUDGE.board("#use"), "disabled").await?, "nothing is drawn yet");
        page.click(&NUDGE.board("canvas")).await?;
        let dot = NUDGE.drawn(page).await?;
        assert!((1..9).contains(&dot.light), "{dot:?}");
        page.click(&NUDGE.board("#undo")).await?;
        NUDGE.line(page, [0.25, 0.5], [0.75, 0.5]).await?;
        let line = NUDGE.drawn(page).await?;
        assert!((13..60).contains(&line.light) && (line.row - 13.5).abs() < 1.0 && (line.column - 13.5).abs() < 1.5, "{line:?}");

        // Every change can be taken back, by button or key.
        page.click(&NUDGE.board("#invert")).await?;
        let inverted = NUDGE.drawn(page).await?;
        assert!((inverted.mean + line.mean - 1.0).abs() < 0.01, "{line:?} became {inverted:?}");
        page.click(&NUDGE.board("#clear")).await?;
        assert_eq!(NUDGE.drawn(page).await?.light, 0);
        page.click(&NUDGE.board("#undo")).await?;
        assert_eq!(NUDGE.drawn(page).await?, inverted);
        page.press(&NUDGE.board("canvas"), Key::Control + "z").await?;
        assert_eq!(NUDGE.drawn(page).await?, line);

        page.choose(&NUDGE.board("#shows"), "Trouser").await?;
        NUDGE.use_it(page).await?;
        assert!(!NUDGE.is_open(page).await?);
        let said = page.text(&NUDGE.part(".panel")).await?;
        assert!(said.contains("Your picture, labelled Trouser") && !said.contains("Test picture 22"), "{said}");
        let [seen, label]: [f64; 2] = page
            .get("(({ original, label }) => [original.reduce((sum, value) => sum + value, 0) / original.length, label])(document.querySelector('scl-nudge').reply)")
            .await?;
        assert!((seen - line.mean).abs() < 0.01 && label == 1.0, "the engine saw {seen} of class {label}, drawn was {}", line.mean);
        assert!(!page.get::<String>("location.search").await?.contains("own"));

        // The slider asks about the same picture; the test picture and back.
        page.press("scl-nudge >>> #strength", Key::Home).await?;
        NUDGE.settles(page, true).await?;
        page.click(&NUDGE.part("#whose button:first-child")).await?;
        NUDGE.settles(page, false).await?;
        assert!(page.text(&NUDGE.part(".panel")).await?.contains("Test picture 22, labelled"));
        page.click(&NUDGE.part("#whose button:last-child")).await?;
        NUDGE.settles(page, true).await?;
        page.run("visitor.all('scl-nudge >>> button').find((button) => button.innerText === 'Next picture').click()", vec![]).await?;
        NUDGE.settles(page, false).await?;
        assert!(page.text(&NUDGE.part(".panel")).await?.contains("Test picture 23, labelled"));
        Ok(())
    });
}

#[test]
fn a_picture_is_drawn_with_the_keyboard_and_escape_leaves_the_board() {
    Visit::new().run(async |page| {
        starts(page).await?;
        NUDGE.open(page).await?;
        let focused = "document.activeElement?.shadowRoot?.activeElement?.shadowRoot?.activeElement?.localName";
        assert_eq!(page.get::<String>(focused).await?, "canvas", "the board can be drawn on at once");
        // From the middle down: the cursor alone draws nothing.
        typed(page, Key::Down + Key::Down).await?;
        assert_eq!(NUDGE.drawn(page).await?.light, 0);
        typed(page, " ").await?;
        typed(page, Key::Down + Key::Down + Key::Down + Key::Down).await?;
        typed(page, " ").await?;
        typed(page, Key::Right + Key::Right).await?;
        let drawn = NUDGE.drawn(page).await?;
        assert!((5..20).contains(&drawn.light) && (drawn.row - 18.0).abs() < 1.0 && (drawn.column - 14.0).abs() < 1.0, "{drawn:?}");
        let said = page.text(&NUDGE.board("[role=status]")).await?;
        assert_eq!(said, "Row 21, column 17: the pen is up.");

        typed(page, Key::Escape).await?;
        page.wait("the end of the board", 20, &format!("visitor.one('{}').open === false", NUDGE.board("dialog"))).await?;
        let opener = "document.activeElement?.shadowRoot?.activeElement?.id === 'own-picture'";
        page.wait("the focus to be back", 20, opener).await?;
        assert!(page.text(&NUDGE.part(".panel")).await?.contains("Test picture 22"), "nothing was taken");
        // What was drawn is still there for whoever left by mistake.
        NUDGE.open(page).await?;
        assert_eq!(NUDGE.drawn(page).await?, drawn);
        page.press(&NUDGE.board("#use"), Key::Enter).await?;
        NUDGE.settles(page, true).await?;
        let said = page.text(&NUDGE.part(".panel")).await?;
        assert!(said.contains("Your picture; the plain model says"), "{said}");
        let as_said: bool = page
            .get("(({ label, models }) => label === models.plain.prediction_before)(document.querySelector('scl-nudge').reply)")
            .await?;
        assert!(as_said, "what shows no class counts as what the plain model says");
        page.wait("the focus to be back", 20, opener).await.map(drop)
    });
}

#[test]
fn files_are_cropped_or_refused_by_name_and_what_was_drawn_stays() {
    Visit::new().before_load(KEEP).run(async |page| {
        opens(page, "").await?;
        ATTACK.open(page).await?;
        ATTACK.choose_file(page, "half.png", HALF).await?;
        page.wait("the picture", 10, &format!("visitor.one('{}').innerText.includes('half.png')", ATTACK.board("[role=status]"))).await?;
        let half = ATTACK.drawn(page).await?;
        assert!(half.light == 28 * 14 && (half.column - 6.5).abs() < 0.1, "its middle half: {half:?}");

        ATTACK.choose_file(page, "notes.txt", "return new TextEncoder().encode('no picture')").await?;
        let said = page.wait("the refusal", 10, &format!("visitor.one('{}')?.innerText", ATTACK.board("#problem"))).await?;
        let said = said.as_str().unwrap_or_default();
        assert!(said.contains("notes.txt") && said.contains("cannot read it as a picture") && said.contains("draw one"), "{said}");
        assert_eq!(ATTACK.drawn(page).await?, half);

        // Dropped it is taken as chosen.
        page.click(&ATTACK.board("#clear")).await?;
        ATTACK.drop_file(page, "dropped.png", HALF).await?;
        page.wait("the picture", 10, &format!("visitor.one('{}').innerText.includes('dropped.png')", ATTACK.board("[role=status]"))).await?;
        assert_eq!(ATTACK.drawn(page).await?, half);

        page.choose(&ATTACK.board("#shows"), "Bag").await?;
        ATTACK.use_it(page).await?;
        assert!(page.text(&ATTACK.part("[role=status]")).await?.contains("Your picture, labelled Bag"));
        let (name, words, [pictures, _]) = saved_figure(page, &ATTACK.part("[aria-label='Save pictures']")).await?;
        assert_eq!((name.as_str(), pictures), ("attack-your-picture.svg", 6));
        assert!(words.contains("Your picture, labelled Bag; n = 1"), "{words}");

        // An engine that is gone takes the picture with it, and the next one gets it again.
        page.run("const figure = document.querySelector('scl-attack'); figure.quick.close(); figure.reply = null; figure.ask()", vec![]).await?;
        ATTACK.settles(page, true).await?;
        page.fill("scl-attack >>> #picture", "3").await?;
        ATTACK.settles(page, false).await?;
        assert!(page.text(&ATTACK.part("[role=status]")).await?.contains("Test picture 3, labelled"));
        Ok(())
    });
}

/// The same picture for models that take another size and colours; and explained.
#[test]
fn models_of_colour_pictures_get_it_in_their_size() {
    const SALIENCY: Figure = Figure("scl-saliency");
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.run("document.querySelector('#saliency').scrollIntoView()", vec![]).await?;
        SALIENCY.open(page).await?;
        SALIENCY.line(page, [0.5, 0.2], [0.5, 0.8]).await?;
        page.choose(&SALIENCY.board("#shows"), "Dress").await?;
        SALIENCY.use_it(page).await?;
        page.choose(&SALIENCY.part("#pair"), "emoji").await?;
        page.wait("the emoji", 60, "document.querySelector('scl-saliency').data.channels === 3").await?;
        SALIENCY.settles(page, true).await?;
        let size: [u32; 4] = page
            .get("(({ channels, height, width, original }) => [channels, height, width, original.length])(document.querySelector('scl-saliency').reply)")
            .await?;
        assert_eq!(size, [3, 32, 32, 3 * 32 * 32]);
        let said = page.text(&SALIENCY.part("[role=status]")).await?;
        assert!(said.contains("the plain model says"), "no emoji is a dress: {said}");

        // Now in colour.
        SALIENCY.open(page).await?;
        page.click(&SALIENCY.board("#clear")).await?;
        page.choose(&SALIENCY.board("#ink"), "red").await?;
        page.choose(&SALIENCY.board("#brush"), "4").await?;
        SALIENCY.line(page, [0.2, 0.5], [0.8, 0.5]).await?;
        SALIENCY.use_it(page).await?;
        let [red, green]: [f64; 2] = page
            .get("[0, 1].map((channel) => document.querySelector('scl-saliency').reply.original.filter((_, i) => i % 3 === channel).reduce((sum, value) => sum + value, 0))")
            .await?;
        assert!(red > 50.0 && green == 0.0, "red {red}, green {green}");
        Ok(())
    });
}

#[test]
fn the_open_board_is_in_nobodys_way_and_fits_a_phone() {
    Visit::new().run(async |page| {
        starts(page).await?;
        page.run(AXE, vec![]).await?;
        NUDGE.open(page).await?;
        NUDGE.choose_file(page, "notes.txt", "return new Uint8Array(9)").await?;
        page.wait("the refusal", 10, &format!("visitor.one('{}')", NUDGE.board("#problem"))).await?;
        for theme in ["light", "dark"] {
            // The board is modal, so nobody can reach the list itself.
            let choose = "const list = document.querySelector('#theme'); list.value = arguments[0]; list.dispatchEvent(new Event('change'))";
            page.run(choose, vec![json!(theme)]).await?;
            let (passes, violations): (usize, Vec<String>) = page
                .run_async(
                    "const { violations, passes } = await axe.run(); \
                     return [passes.length, violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.flat().join(' >>> '))}`)]",
                    vec![],
                )
                .await?;
            assert!(passes > 10, "only {passes} rules were met: axe-core saw no board");
            assert!(violations.is_empty(), "{theme}: {violations:#?}");
        }
        page.screen(360, 740).await?;
        for size in ["100%", "200%"] {
            page.run("document.documentElement.style.fontSize = arguments[0]", vec![json!(size)]).await?;
            let [inner, room, right]: [f64; 3] = page
                .get(&format!(
                    "((dialog) => [dialog.scrollWidth, dialog.clientWidth, dialog.getBoundingClientRect().right])(visitor.one('{}'))",
                    NUDGE.board("dialog")
                ))
                .await?;
            assert!(inner <= room && right <= 360.0, "{size}: {inner} px in {room}, up to {right}");
        }
        Ok(())
    });
}

/// What is clear becomes white, unless nothing could be seen on it.
#[test]
fn a_light_drawing_on_nothing_is_seen() {
    const DISC: &str = "const canvas = new OffscreenCanvas(60, 60); const context = canvas.getContext('2d'); \
        context.fillStyle = COLOUR; context.arc(30, 30, 15, 0, 7); context.fill(); \
        return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());";
    Visit::new().before_load(KEEP).run(async |page| {
        opens(page, "").await?;
        ATTACK.open(page).await?;
        for (colour, said, light) in [("'#fff'", "on black", 100..220), ("'#000'", "is on the board.", 560..690)] {
            ATTACK.choose_file(page, &format!("{}.png", &colour[2..5]), &DISC.replace("COLOUR", colour)).await?;
            let there = format!("visitor.one('{}').innerText", ATTACK.board("[role=status]"));
            page.wait(
                "the picture",
                10,
                &format!("{there}.includes('{}.png') && {there}.includes('{said}')", &colour[2..5]),
            )
            .await?;
            let drawn = ATTACK.drawn(page).await?;
            assert!(light.contains(&drawn.light), "{colour}: {drawn:?}");
        }
        Ok(())
    });
}

#[test]
fn a_browser_that_hides_the_canvas_is_told_of_before_anything_is_asked() {
    const LIES: &str = "CanvasRenderingContext2D.prototype.getImageData = function (x, y, width, height) { \
        const image = new ImageData(width, height); image.data.forEach((_, i) => (image.data[i] = (i * 31) % 256)); \
        return image; }; delete window.VideoFrame;";
    Visit::new().before_load(KEEP).run(async |page| {
        opens(page, "").await?;
        page.run(LIES, vec![]).await?;
        ATTACK.open(page).await?;
        ATTACK.line(page, [0.25, 0.5], [0.75, 0.5]).await?;
        let said =
            page.wait("the reason", 10, &format!("visitor.one('{}')?.innerText", ATTACK.board("#problem"))).await?;
        let said = said.as_str().unwrap_or_default();
        assert!(
            said.contains("fingerprinting") && said.contains("privacy.resistFingerprinting.exemptedDomains"),
            "{said}"
        );
        assert!(page.property::<bool>(&ATTACK.board("#use"), "disabled").await?, "what cannot be read cannot be used");
        Ok(())
    });
}
