//! The first figure: an answer without a click.

use serde_json::Value;
use thirtyfour::Key;

use crate::harness::{Outcome, Page, Visit};

const STRENGTH: &str = "scl-nudge >>> #strength";

async fn opens_and_answers(page: &Page) -> Outcome {
    page.open("").await?;
    page.wait("both answers", 30, "visitor.answers()").await?;
    let first: f64 = page.get("visitor.firstAnswer").await?;
    println!("first answer after {first:.0} ms with a cold cache");
    let widths: Vec<Vec<f64>> = page
        .get(
            "visitor.all('scl-nudge >>> scl-answers').map((model) => \
             [...model.shadowRoot.querySelectorAll('rect.after')].map((bar) => Number(bar.getAttribute('width'))))",
        )
        .await?;
    assert_eq!(widths.len(), 2);
    for bars in widths {
        assert_eq!(bars.len(), 10, "a bar for every class");
        let sum: f64 = bars.iter().sum();
        assert!((sum - 100.0).abs() < 0.1, "the bars sum to {sum} %");
    }
    for name in ["plain", "continuity"] {
        let verdict = page.text(&format!("scl-nudge >>> scl-answers[lane={name}] >>> .verdict")).await?;
        assert!(verdict.contains("steady") || verdict.contains("fooled"), "{name}: {verdict}");
    }
    page.wait("the count on many pictures", 30, "visitor.one('scl-nudge >>> .rates strong')").await?;
    let rates = page.text("scl-nudge >>> .rates").await?;
    assert!(rates.contains("95 % interval"), "{rates}");
    Ok(())
}

#[test]
fn answers_without_a_click_at_the_root() {
    Visit::new().run(opens_and_answers);
}

#[test]
fn answers_without_a_click_in_any_folder() {
    Visit::at("/any/sub/folder/").run(opens_and_answers);
}

#[test]
fn nothing_changes_nothing_and_the_keyboard_moves_the_slider() {
    Visit::new().run(async |page| {
        page.open("").await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        page.press(STRENGTH, Key::Home).await?;
        assert_eq!(page.property::<String>(STRENGTH, "value").await?, "0");
        // The answer follows the slider after a moment.
        let same = "JSON.stringify(answer.before) === JSON.stringify(answer.after)";
        page.wait("no change at strength 0", 10, &format!("visitor.answers()?.every((answer) => {same})")).await?;
        page.press(STRENGTH, Key::End).await?;
        page.wait("a change", 10, &format!("visitor.answers()?.every((answer) => !({same}))")).await?;
        let strongest: Value = page.get("visitor.answers()").await?;
        page.press(STRENGTH, Key::Left).await?;
        let value: f64 = page.property::<String>(STRENGTH, "value").await?.parse()?;
        assert!((value - 0.495).abs() < 1e-6, "one step to the left of 0.5 is {value}");
        page.wait("another answer", 10, &format!("JSON.stringify(visitor.answers()) !== JSON.stringify({strongest})"))
            .await?;
        page.wait("the address", 10, "location.search.includes('nudge=gaussian:0.495')").await.map(drop)
    });
}

/// What is loaded before the first answer is told as it comes, and is as large as it was said to be.
#[test]
fn loading_says_how_much_of_what_is_there() {
    Visit::new().run(async |page| {
        page.open("").await?;
        for dataset in ["fashion-mnist", "mnist", "emoji"] {
            let seen: Vec<[f64; 2]> = page
                .run_async(
                    "const [{ PairEngine }, { shippedPair }] = await Promise.all(['engine/pair-engine.js', 'elements/pair.js'].map((file) => import(new URL(file, document.baseURI)))); \
                     const { store } = document.querySelector('scl-train'); const seen = []; const quick = new PairEngine(); \
                     await quick.load(store.defaults, shippedPair(store, arguments[0]), { onLoad: (done, total) => seen.push([done, total]) }); \
                     quick.close(); return seen",
                    vec![dataset.into()],
                )
                .await?;
            let (first, last) = (seen[0], seen[seen.len() - 1]);
            assert!(first[0] == 0.0 && seen.len() > 2 && seen.windows(2).all(|two| two[0][0] <= two[1][0]), "{seen:?}");
            // The models come last and are not counted as they come.
            assert!((last[0] + 0.2 - last[1]).abs() < 0.15, "{dataset}: {last:?} megabytes");
        }
        Ok(())
    });
}

/// P as pictures: every kind that has a meaning for the pictures, and a press makes it the P of training.
#[test]
fn every_kind_of_change_is_shown_and_can_become_p() {
    const FIGURE: &str = "scl-perturbations >>>";
    Visit::new().run(async |page| {
        page.open("").await?;
        page.run("document.querySelector('#idea').scrollIntoView()", vec![]).await?;
        page.wait("grey pictures", 30, &format!("visitor.all('{FIGURE} [data-kind]').length === 7")).await?;
        page.choose(&format!("{FIGURE} #pair"), "emoji").await?;
        page.wait("colour pictures", 30, &format!("visitor.all('{FIGURE} [data-kind]').length === 9")).await?;
        let labels: Vec<String> = page.get(&format!("visitor.all('{FIGURE} scl-picture').map((p) => p.label)")).await?;
        assert!(labels.len() == 10 && labels.iter().any(|label| label.ends_with("with Hue")), "{labels:?}");
        page.click(&format!("{FIGURE} [data-kind=hue] button")).await?;
        let settings = "document.querySelector('scl-train').store.state.settings";
        assert_eq!(page.get::<String>(&format!("{settings}.perturbation")).await?, "hue:0.1");
        assert_eq!(page.get::<String>(&format!("{settings}.dataset")).await?, "emoji");
        let there = "visitor.one('scl-train >>> scl-controls >>> [data-key=perturbation] scl-mixture')";
        page.wait(
            "the keyboard at P",
            5,
            &format!("{there}.matches(':focus-within') && {there}.closest('details').open"),
        )
        .await?;
        // A run that is under way keeps its P.
        page.run(
            "document.querySelector('scl-train').store.setSettings({ steps: 8, batch: 16, engine: 'cpu' })",
            vec![],
        )
        .await?;
        page.button("step").await?;
        page.wait_for_phase("paused", 60).await?;
        assert_eq!(page.count(&format!("{FIGURE} [data-kind] button:not(:disabled)")).await?, 0);
        Ok(())
    });
}

/// The first pictures come in a file of their own, the others when somebody asks for one of them.
#[test]
fn pictures_further_on_come_when_they_are_asked_for() {
    const WHOLE: &str = "fashion-mnist/test-images";
    Visit::new().run(async |page| {
        page.open("").await?;
        page.wait("the count on many pictures", 30, "visitor.one('scl-nudge >>> .rates strong')").await?;
        let asked = || page.requests().iter().any(|path| path.contains(WHOLE));
        assert!(!asked(), "{:?}", page.requests());
        let rates: String = page.get("visitor.one('scl-nudge >>> .rates').innerText").await?;
        for index in [199, 200, 1999, 5] {
            page.run("document.querySelector('scl-nudge').choose({ picture: arguments[0] })", vec![index.into()])
                .await?;
            let there = format!(
                "(({{ busy, reply }}) => !busy && reply.index === {index})(document.querySelector('scl-nudge'))"
            );
            page.wait("its answers", 20, &there).await?;
            assert_eq!(asked(), index != 199, "{index}");
        }
        page.wait("the same count", 20, &format!("visitor.one('scl-nudge >>> .rates').innerText === {rates:?}"))
            .await?;
        page.click("scl-nudge >>> .row button").await?;
        page.wait("the next picture", 20, "document.querySelector('scl-nudge').reply.index === 6").await?;
        Ok(())
    });
}

/// What each verdict is called, and that green is for what is right and stays so alone.
#[test]
fn every_pair_of_answers_has_its_verdict() {
    const GOOD: &str = "rgb(27, 99, 55)";
    Visit::new().run(async |page| {
        page.open("").await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        // Class 0 is right, or nobody knows.
        for (before, after, truth, id, words) in [
            (0, 0, Some(0), "steady", "✓ steady"),
            (0, 1, Some(0), "fooled", "✗ fooled"),
            (1, 1, Some(0), "steady-wrong", "= steady, but wrong"),
            (1, 2, Some(0), "changed-wrong", "≠ changed, still wrong"),
            (1, 0, Some(0), "changed-right", "≠ changed, now right"),
            (1, 1, None, "same", "= steady"),
            (1, 0, None, "changed", "≠ changed"),
        ] {
            let seen: Value = page
                .run_async(
                    "const [before, after, truth] = arguments; \
                     const element = document.createElement('scl-answers'); \
                     Object.assign(element, { lane: 'plain', heading: 'Plain', classes: ['a', 'b', 'c'], truth: truth ?? undefined, \
                         answer: { prediction_before: before, prediction_after: after, before: [1, 0, 0], after: [1, 0, 0] } }); \
                     document.body.append(element); await element.updateComplete; \
                     const badge = element.renderRoot.querySelector('.badge'); const { color } = getComputedStyle(badge); \
                     const seen = [badge.dataset.verdict, badge.innerText, color]; \
                     element.remove(); return seen",
                    vec![before.into(), after.into(), truth.into()],
                )
                .await?;
            assert_eq!((&seen[0], &seen[1]), (&id.into(), &words.into()));
            assert_eq!(seen[2] == GOOD, id == "steady", "{id}: {seen}");
        }

        // The pictures that a visitor meets, as every figure about one picture shows them.
        for index in 171..177 {
            page.run("document.querySelector('scl-nudge').choose({ picture: arguments[0] })", vec![index.into()]).await?;
            let there = format!("(({{ busy, reply }}) => !busy && reply.index === {index})(document.querySelector('scl-nudge'))");
            page.wait("its answers", 20, &there).await?;
            page.wait("its verdicts", 20, "visitor.answers()").await?;
            let wrong: Vec<(u32, Value, String)> = page
                .get(
                    "(({ reply }) => ['plain', 'continuity'].map((lane) => { \
                         const { prediction_before: before, prediction_after: after } = reply.models[lane]; \
                         return [(before !== reply.label) + 2 * (after !== reply.label), before === after, \
                             visitor.one(`scl-nudge >>> scl-answers[lane=${lane}] >>> .badge`).dataset.verdict]; \
                     }))(document.querySelector('scl-nudge'))",
                )
                .await?;
            for (wrong, same, verdict) in wrong {
                let expected = match wrong {
                    0 => "steady",
                    1 => "changed-right",
                    2 => "fooled",
                    _ if same == Value::Bool(true) => "steady-wrong",
                    _ => "changed-wrong",
                };
                assert_eq!(verdict, expected, "picture {index}");
            }
            // Who does not see it hears the same.
            let spoken = page.get::<String>("visitor.one('scl-nudge >>> p.hidden[role=status]').textContent").await?;
            let shown: Vec<String> =
                page.get("visitor.all('scl-nudge >>> scl-answers >>> .badge').map((badge) => badge.innerText.slice(2))").await?;
            assert_eq!(spoken, format!("Plain: {}. With the constraint: {}.", shown[0], shown[1]));
        }
        Ok(())
    });
}
