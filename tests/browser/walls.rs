//! Two walls of pictures under noise, a guess, and what came of a run.

use thirtyfour::Key;

use crate::harness::{Outcome, Page, SHORT, Visit, control};

const CROSSES: &str = "['plain', 'continuity'].map((lane) => \
    visitor.all(`scl-train >>> scl-wall.${lane} >>> .tile.changed`).length)";
const COUNTS: &str = "['plain', 'continuity'].map((lane) => \
    Number(visitor.one(`scl-train >>> scl-wall.${lane} >>> .count strong`).innerText))";
/// The steps at which each wall was looked at.
const STEPS: &str = "visitor.run().lanes.map(({ wall }) => wall.looks.map(({ step }) => step))";
const SEED: &str = "visitor.run().settings.seed";

/// The run of the page goes on only as fast as it is looked at, so what is seen is what the engine said.
#[test]
fn crosses_show_where_noise_changes_an_answer() {
    Visit::new().run(async |page| {
        page.open("steps=120&batch=64&eval_images=20&engine=cpu&seed=3").await?;
        page.train(120).await?;
        let looks: [Vec<usize>; 2] = page.get(STEPS).await?;
        // A look costs less than a step, and there is one every 20.
        assert_eq!(looks[0], [0, 20, 40, 60, 80, 100, 120]);
        assert_eq!(looks[0], looks[1]);
        let first: [Vec<bool>; 2] = page.get("visitor.run().lanes.map(({ wall }) => wall.looks[0].changed)").await?;
        assert_eq!(first[0], first[1], "both start from the same model");
        assert!(first[0].len() == 64 && first[0].contains(&true), "the noise shows nothing");

        let crosses: [usize; 2] = page.get(CROSSES).await?;
        assert_eq!(page.get::<[usize; 2]>(COUNTS).await?, crosses);
        assert!(crosses[1] < crosses[0], "{crosses:?}: under the constraint crosses vanish");
        let shown: [Vec<u8>; 2] = page
            .get("visitor.run().lanes.map(({ wall }) => Array.from(wall.shown.noisy, (level) => Math.round(255 * level)))")
            .await?;
        assert!(shown[0] == shown[1], "both walls show the same pictures");
        let pixel: [u8; 4] = page
            .get("Array.from(visitor.one('scl-train >>> scl-wall.plain >>> canvas').getContext('2d').getImageData(14, 14, 1, 1).data)")
            .await?;
        let level = shown[0][14 * 28 + 14];
        assert_eq!(pixel, [level, level, level, 255]);
        assert_eq!(page.count("scl-train >>> scl-watch >>> #curve polyline").await?, 2);

        // Both walls show the same picture closely, by mouse or by keys.
        page.click("scl-train >>> scl-wall.plain >>> #t9").await?;
        let detail = |lane: &str| format!("scl-train >>> scl-wall.{lane} >>> .detail");
        for lane in ["plain", "continuity"] {
            assert!(page.text(&detail(lane)).await?.contains("(truly "), "{lane}");
        }
        page.press("scl-train >>> scl-wall.continuity >>> .over", Key::Right).await?;
        let picked = page.get::<String>("visitor.one('scl-train >>> scl-wall.plain >>> [aria-selected=true]').id");
        assert_eq!(picked.await?, "t10");
        Ok(())
    });
}

/// What is seen while a run goes on changes nothing of it: the same run in one go and step by step, with more looks.
#[test]
fn a_run_that_is_looked_at_more_often_is_the_same_run() {
    Visit::new().run(async |page| {
        let weights = "['plain', 'continuity'].map((lane) => visitor.run().trained[lane].join())";
        page.open(SHORT).await?;
        page.train(60).await?;
        let once: [String; 2] = page.get(weights).await?;
        assert_eq!(page.get::<[Vec<usize>; 2]>(STEPS).await?, [[0, 8], [0, 8]]);

        page.button("reset").await?;
        for step in 1..=3 {
            page.button("step").await?;
            page.wait_for_step(step, 30).await?;
            page.wait_for_phase("paused", 30).await?;
        }
        page.train(60).await?;
        assert_eq!(page.get::<[Vec<usize>; 2]>(STEPS).await?[0], [0, 1, 2, 3, 8]);
        assert!(page.get::<[String; 2]>(weights).await? == once, "looking changed the run");
        Ok(())
    });
}

/// The guess is the visitor's to make or not; the card says what came, whichever way.
#[test]
fn a_guess_is_revealed_in_the_result() {
    const CARD: &str = "scl-train >>> scl-outcome >>> ";
    Visit::new().run(async |page| {
        page.open(SHORT).await?;
        // The walls come when somebody comes near them.
        page.run("document.querySelector('#train').scrollIntoView({ behavior: 'instant' })", vec![]).await?;
        page.wait("the guess", 30, "visitor.one('scl-train >>> scl-watch >>> [data-guess=half]')").await?;
        page.click("scl-train >>> scl-watch >>> [data-guess=half]").await?;
        assert_eq!(page.count(&format!("{CARD}#outcome")).await?, 0, "there is no result yet");
        page.train(60).await?;
        let words = page.text(&format!("{CARD}#guessed")).await?;
        let counts: [usize; 2] = page.get(COUNTS).await?;
        assert!(
            words.contains("about half") && words.contains(&format!("{} crosses against {}", counts[1], counts[0]))
        );
        let card = page.text(&format!("{CARD}#outcome")).await?.replace('\u{a0}', " ");
        let rows = page.table().await?;
        let last = rows.last().unwrap();
        for cell in &last.cells[..2] {
            let number = cell.split_whitespace().next().unwrap();
            assert!(card.contains(number), "{number} of {cell:?} is not in {card:?}");
        }
        assert!(card.contains("n = 20") && card.contains("95 % interval"), "{card}");

        // Without a guess nothing is said of one.
        page.button("reset").await?;
        page.train(60).await?;
        assert_eq!(page.count(&format!("{CARD}#guessed")).await?, 0);
        page.click(&format!("{CARD}#attack-mine")).await?;
        let models = "document.querySelector('scl-attack').store.state.figures.attack.models";
        assert_eq!(page.get::<String>(models).await?, "own");
        Ok(())
    });
}

async fn seed_after_a_run(page: &Page) -> Outcome<u32> {
    page.train(60).await?;
    page.get(SEED).await
}

/// A run of the visitor's has a seed of its own, which the link names; one that is chosen is kept.
#[test]
fn each_run_has_its_own_seed_unless_one_is_chosen() {
    const FREE: &str = "steps=2&batch=8&eval_images=10&engine=cpu";
    Visit::new().run(async |page| {
        page.open(FREE).await?;
        let (first, second) = (seed_after_a_run(page).await?, seed_after_a_run(page).await?);
        assert_ne!(first, second, "two in a million");
        let chip = page.text("scl-train >>> [data-chip=seed]").await?;
        assert_eq!(chip, format!("seed {second}"));
        let named = format!("new URLSearchParams(location.search).get('seed') === '{second}'");
        page.wait("the seed in the address", 10, &named).await?;
        assert_eq!(page.property::<String>(&control("seed", "input"), "value").await?, "", "nobody chose it");

        // The other figures go on with what they have: a run does not change their draws.
        assert_eq!(page.get::<u32>("document.querySelector('scl-train').store.state.settings.seed").await?, 1);

        let weights = "visitor.run().trained.continuity.join()";
        let once: String = page.get(weights).await?;
        let serial: u32 = page.get("visitor.run().serial").await?;
        page.click("scl-train >>> scl-outcome >>> #repeat").await?;
        page.wait("another run", 30, &format!("visitor.run().serial !== {serial}")).await?;
        page.wait_for_phase("done", 60).await?;
        assert_eq!(page.get::<u32>(SEED).await?, second);
        assert!(page.get::<String>(weights).await? == once, "the same seed is the same run");

        page.reload().await?;
        assert_eq!(seed_after_a_run(page).await?, second, "the link names it");
        page.open(&format!("{FREE}&seed=1")).await?;
        assert_eq!(seed_after_a_run(page).await?, 1);
        assert_eq!(seed_after_a_run(page).await?, 1);
        let clear = Key::Control + "a" + Key::Control + Key::Delete + Key::Tab;
        page.press(&control("seed", "input"), clear).await?;
        assert_ne!(seed_after_a_run(page).await?, 1);
        Ok(())
    });
}
