//! A whole run on either engine: a table with numbers, and the same numbers again for the same seed.

use serde_json::json;

use crate::harness::{Outcome, Page, Row, SHORT, Visit};

/// Seven rows, each with three numbers, their intervals, and a verdict.
fn assert_filled(rows: &[Row]) {
    assert_eq!(rows.len(), 7, "{rows:#?}");
    for row in rows {
        let [plain, continuity, difference, verdict] = &row.cells[..] else { panic!("{row:?} has not four cells") };
        for cell in [plain, continuity, difference] {
            let numbers = cell
                .split_whitespace()
                .filter(|word| word.starts_with(|c: char| c.is_ascii_digit() || "+−".contains(c)));
            assert!(
                numbers.count() >= 3 && cell.contains(" to "),
                "{}: no number with an interval in {cell:?}",
                row.id
            );
            assert!(!cell.contains("NaN") && !cell.contains("Infinity"), "{}: {cell:?}", row.id);
        }
        assert!(["constraint better", "plain better", "too close to call"].contains(&verdict.as_str()), "{row:?}");
    }
}

async fn assert_finished(page: &Page, steps: usize, on: &str) -> Outcome {
    assert_filled(&page.table().await?);
    let sentence = page.text("scl-train >>> scl-comparison >>> .sentence").await?;
    assert!(sentence.len() > "What it shows. ".len() + 20, "{sentence:?}");
    assert_eq!(page.steps().await?, [steps; 2]);
    let locked = page.count("scl-train >>> scl-curves >>> [data-save]:disabled").await?;
    assert_eq!(locked, 0, "the curves can be saved");
    for lane in ["plain", "continuity"] {
        let text = page.lane(lane).await?;
        assert!(text.contains(&format!("on {on}")), "the {lane} lane does not run on {on}: {text}");
        assert_eq!(page.count(&format!("scl-train >>> [data-lane={lane}] .notes")).await?, 0, "{text}");
    }
    Ok(())
}

#[test]
fn trains_on_the_cpu_without_loading_the_other_engine() {
    Visit::new().run(async |page| {
        page.open(SHORT).await?;
        page.train(60).await?;
        assert_finished(page, 8, "the CPU").await?;
        let engines: Vec<_> = page.requests().into_iter().filter(|path| path.contains("_engine")).collect();
        assert!(engines.iter().any(|path| path.contains("cpu_engine")), "{engines:?}");
        assert!(!engines.iter().any(|path| path.contains("webgpu_engine")), "{engines:?}");
        Ok(())
    });
}

/// Whoever waits for the attacks reads the rest meanwhile.
#[test]
fn rows_of_the_table_appear_as_they_are_finished() {
    Visit::new().run(async |page| {
        page.open(SHORT).await?;
        page.run_async(
            "const { store } = document.querySelector('scl-train'); \
             window.seen = []; \
             store.addEventListener('change', () => { \
               const { phase, comparison } = store.state.run; \
               const now = `${phase} ${comparison?.rows.length ?? 0} ${Boolean(comparison?.sentence)}`; \
               if (seen.at(-1) !== now) seen.push(now); \
             }); \
             return true",
            vec![],
        )
        .await
        .map(|_: bool| ())?;
        page.train(60).await?;
        let seen: Vec<String> = page.get("seen").await?;
        let evaluating: Vec<_> = seen.iter().filter(|now| now.starts_with("evaluating")).collect();
        assert_eq!(
            evaluating,
            [
                "evaluating 0 false",
                "evaluating 4 false",
                "evaluating 5 false",
                "evaluating 6 false",
                "evaluating 7 true"
            ],
            "{seen:?}"
        );
        assert_eq!(seen.last().unwrap(), "done 7 true");
        assert_filled(&page.table().await?);
        Ok(())
    });
}

#[test]
fn trains_on_webgpu() {
    Visit::new().run(async |page| {
        page.open("engine=webgpu&steps=2&batch=8&eval_images=10").await?;
        let offered: bool = page.run_async("return Boolean(await navigator.gpu?.requestAdapter())", vec![]).await?;
        assert!(offered, "this browser offers no WebGPU adapter, not even one in software");
        page.train(480).await?;
        let why = page.text("scl-train >>> #engine").await?;
        assert!(why.contains("WebGPU engine, as chosen"), "fell back: {why}");
        assert_finished(page, 2, "WebGPU").await
    });
}

/// What a run leaves behind: the table, and both models as bytes in base64.
async fn outcome(page: &Page) -> Outcome<(Vec<Row>, [String; 2])> {
    page.train(60).await?;
    let weights = page
        .run_async(
            "const text = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''); \
             return [arguments[0], arguments[1]].map((lane) => btoa(text(visitor.run().trained[lane])))",
            vec![json!("plain"), json!("continuity")],
        )
        .await?;
    Ok((page.table().await?, weights))
}

#[test]
fn the_same_seed_is_the_same_run_bit_for_bit() {
    Visit::new().run(async |page| {
        page.open(SHORT).await?;
        let (rows, weights) = outcome(page).await?;
        assert!(weights.iter().all(|weights| weights.len() > 100_000), "a model has some 25,000 numbers");
        assert_ne!(weights[0], weights[1], "the constraint changes the model");

        page.reload().await?;
        let (again, weights_again) = outcome(page).await?;
        assert_eq!(rows, again);
        assert!(weights == weights_again, "the same seed gave other weights");

        page.open(&format!("{SHORT}&seed=2")).await?;
        let (_, other) = outcome(page).await?;
        assert!(weights != other, "another seed gave the same weights");
        Ok(())
    });
}
