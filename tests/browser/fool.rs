//! The first figure: how little it takes to fool each model.

use serde_json::Value;
use thirtyfour::Key;

use crate::harness::{Fault, Outcome, Page, Visit};

const FIGURE: &str = "document.querySelector('scl-fool')";
const LEVEL: &str = "scl-fool >>> #level";

/// Waits for the answers of the engine at `level`, and how far both models hold.
async fn at(page: &Page, level: u32) -> Outcome {
    page.run(&format!("{FIGURE}.choose({{ level: arguments[0] }})"), vec![level.into()]).await?;
    let there = format!(
        "(({{ busy, reply, limits, moved }}) => !busy && limits && moved === null && reply?.level === {level})({FIGURE}) && !{FIGURE}.isUpdatePending"
    );
    page.wait("its answers", 30, &there).await.map(drop)
}

/// The verdicts of both models, as they are shown.
async fn verdicts(page: &Page) -> Outcome<[String; 2]> {
    page.get("visitor.all('scl-fool >>> .badge').map((badge) => badge.dataset.verdict)").await
}

/// A flag stands where a model begins to err, and beyond it the model is shown to err.
#[test]
fn flags_stand_where_models_begin_to_err() {
    Visit::new().run(async |page| {
        page.arrive("").await?;
        for picture in [22, 0, 3] {
            page.run(&format!("{FIGURE}.choose({{ picture: arguments[0] }})"), vec![picture.into()]).await?;
            at(page, 0).await?;
            assert_eq!(page.get::<u32>(&format!("{FIGURE}.reply.index")).await?, picture);
            let limits: Vec<(bool, Option<u32>)> = page
                .get(&format!("{FIGURE}.limits.models.map(({{ right, broken }}) => [right, broken?.level ?? null])"))
                .await?;
            let flags: Vec<String> =
                page.get("visitor.all('scl-fool >>> .flag').map((flag) => flag.innerText)").await?;
            let expected = limits.iter().filter_map(|(_, level)| *level);
            assert!(
                flags.iter().map(|flag| flag.split(':').next().unwrap().parse::<u32>().unwrap()).eq(expected),
                "{flags:?}"
            );
            for (model, (right, level)) in limits.into_iter().enumerate() {
                let Some(level) = level else { continue };
                assert!(right);
                for (level, expected) in [(level - 1, "steady"), (level, "fooled"), (32, "fooled")] {
                    at(page, level).await?;
                    assert_eq!(verdicts(page).await?[model], expected, "picture {picture}, model {model} at {level}");
                }
            }
        }
        Ok(())
    });
}

#[test]
fn the_keyboard_moves_the_slider_and_one_sentence_says_what_happens() {
    Visit::new().run(async |page| {
        page.arrive("").await?;
        at(page, 6).await?;
        let sentence = "scl-fool >>> .sentence";
        assert_eq!(page.text(sentence).await?, "You still see “Bag”. One of these networks does not.");
        page.press(LEVEL, Key::Home).await?;
        page.wait("nothing changed", 20, &format!("visitor.one('{sentence}').innerText.startsWith('Nothing is')"))
            .await?;
        page.press(LEVEL, Key::End).await?;
        page.wait("both fooled", 20, &format!("visitor.one('{sentence}').innerText.endsWith('Neither network does.')"))
            .await?;
        page.press(LEVEL, Key::Left).await?;
        page.wait("the address", 10, "location.search.includes('fool.level=31')").await?;
        // Who does not see it hears the same.
        let spoken = page.get::<String>("visitor.one('scl-fool >>> p.hidden[role=status]').textContent").await?;
        assert_eq!(spoken, "Plain: fooled. With the constraint: fooled.");
        Ok(())
    });
}

/// Before any engine is there the knob moves by itself, until somebody does anything.
#[test]
fn it_moves_once_by_itself_and_stops_at_any_input() {
    Visit::new().run(async |page| {
        page.spoil("cpu_engine_bg-", Fault::Silence);
        page.arrive("").await?;
        let moved = "visitor.moved.includes(8) && document.querySelector('scl-fool').moved === null";
        page.wait("the end of it", 20, moved).await?;
        let moved: Vec<u32> = page.get("visitor.moved").await?;
        let most = moved.iter().position(|&level| level == 8).unwrap();
        assert!(moved[..=most].is_sorted() && moved[most..].iter().rev().is_sorted() && moved[0] < 3, "{moved:?}");
        assert_eq!(page.property::<String>(LEVEL, "value").await?, "6");
        for (level, plain) in [(0, "steady"), (3, "steady"), (8, "fooled")] {
            page.run(&format!("{FIGURE}.choose({{ level: arguments[0] }})"), vec![level.into()]).await?;
            assert_eq!(verdicts(page).await?, [plain, "steady"], "at {level}");
        }
        page.run(&format!("{FIGURE}.move()"), vec![]).await?;
        page.wait("the knob on its way", 20, &format!("{FIGURE}.moved > 0")).await?;
        page.press(LEVEL, Key::Right).await?;
        page.wait("rest", 5, &format!("{FIGURE}.moved === null && {FIGURE}.chosen.level > 0")).await?;
        // A radius that does not come with the page waits for the engine.
        page.press(LEVEL, Key::End).await?;
        page.wait("no answer", 5, "!visitor.one('scl-fool >>> .badge')").await?;
        page.mend();
        page.wait("both answers", 60, "visitor.all('scl-fool >>> .badge').length === 2").await?;
        page.arrive("fool.picture=5").await?;
        at(page, 6).await?;
        assert_eq!(page.get::<Value>(&format!("{FIGURE}.moved")).await?, Value::Null);
        Ok(())
    });
}

/// The picture shows the original while it is held, and whose change it is.
#[test]
fn the_picture_shows_what_was_asked_for() {
    Visit::new().run(async |page| {
        page.arrive("").await?;
        at(page, 20).await?;
        let shown = async |page: &Page| -> Outcome<String> {
            page.run_async(
                "await document.querySelector('scl-fool').updateComplete; const picture = visitor.one('scl-fool >>> scl-picture'); \
                 await picture.updateComplete; return picture.canvas.toDataURL()",
                vec![],
            )
            .await
        };
        let event = async |page: &Page, name: &str| {
            let script = "visitor.one('scl-fool >>> scl-picture').dispatchEvent(new PointerEvent(arguments[0]))";
            page.run(script, vec![name.into()]).await.map(drop)
        };
        let press = async |page: &Page, label: &str| {
            let script = "visitor.all('scl-fool >>> .views button').find((button) => button.innerText === arguments[0]).click()";
            page.run(script, vec![label.into()]).await.map(drop)
        };
        let plain = shown(page).await?;
        event(page, "pointerdown").await?;
        let original = shown(page).await?;
        event(page, "pointerup").await?;
        assert_eq!(shown(page).await?, plain);
        press(page, "original").await?;
        assert_eq!(shown(page).await?, original);
        press(page, "changed").await?;
        press(page, "with the constraint").await?;
        let other = shown(page).await?;
        press(page, "change × 20").await?;
        let change = shown(page).await?;
        let all = [&plain, &original, &other, &change];
        assert!((0..4).all(|i| (0..i).all(|j| all[i] != all[j])), "four different pictures");
        let smooth = "getComputedStyle(visitor.one('scl-fool >>> scl-picture >>> canvas')).imageRendering";
        assert_eq!(page.get::<String>(smooth).await?, "auto");
        press(page, "pixels").await?;
        assert_eq!(page.get::<String>(smooth).await?, "pixelated");
        Ok(())
    });
}

/// Other models have other typical limits, which are counted when somebody asks.
#[test]
fn typical_limits_are_those_of_the_models_shown() {
    Visit::new().run(async |page| {
        page.arrive("").await?;
        page.wait("what comes with the page", 30, "visitor.one('scl-fool >>> .typical')").await?;
        let before = page.text("scl-fool >>> .typical").await?;
        assert!(before.contains("Over 46 pictures"), "{before}");
        page.choose("scl-fool >>> #pair", "mnist").await?;
        page.wait("another picture", 60, &format!("!{FIGURE}.busy && {FIGURE}.limits && !{FIGURE}.typical")).await?;
        page.click("scl-fool >>> #count").await?;
        page.wait("the count", 120, "visitor.one('scl-fool >>> .typical')").await?;
        let typical: Value = page.get(&format!("{FIGURE}.typical")).await?;
        let [longer, equal, shorter, n] = ["longer", "equal", "shorter", "n"].map(|key| typical[key].as_u64().unwrap());
        assert!(n > 50 && longer + equal + shorter == n, "{typical}");
        Ok(())
    });
}
