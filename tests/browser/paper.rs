//! The paper's other claims: continuity, smoothness, transfer.

use crate::harness::{KEEP, Outcome, Page, Visit, opens, saved_figure};

const RESPONSE: &str = "scl-response >>>";

/// Runs the study of responses on 20 pictures.
async fn responds(page: &Page, topic: &str) -> Outcome {
    page.choose(&format!("{RESPONSE} #topic"), topic).await?;
    page.fill(&format!("{RESPONSE} #images"), "20").await?;
    page.click(&format!("{RESPONSE} #respond")).await?;
    page.wait("the responses", 120, &format!("visitor.one('{RESPONSE} [data-phase=done]')")).await.map(drop)
}

/// Lines of the table that was saved last.
async fn saved_rows(page: &Page) -> Outcome<Vec<String>> {
    let table: String = page.run_async("return await saved.at(-1).blob.text()", vec![]).await?;
    Ok(table.lines().map(str::to_owned).collect())
}

#[test]
fn both_models_respond_to_pictures_shown_again() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        for (topic, condition) in
            [("nothing", "gaussian:0.2"), ("parts", "4×4 patches shuffled"), ("colour", "no colour")]
        {
            responds(page, topic).await?;
            let row = format!("{RESPONSE} [data-condition=\"{condition}\"]");
            let text = page.text(&row).await?;
            assert!(text.contains('%') && !text.contains("NaN"), "{text}");
            page.choose(&format!("{RESPONSE} #measure"), "ds-same").await?;
            page.choose(&format!("{RESPONSE} #layer"), "features").await?;
            assert!(page.text(&format!("{RESPONSE} #meaning")).await?.contains("same class"));
            let text = page.text(&row).await?;
            assert!(!text.contains('%') && !text.contains("NaN"), "a ratio is no share: {text}");
            page.choose(&format!("{RESPONSE} #measure"), "accuracy").await?;
        }
        // The digits in another digit's colour, all 20 of them, twice.
        let counts = "[...document.querySelector('scl-response').renderRoot.querySelectorAll('.confusion')]\
            .map((table) => [...table.querySelectorAll('td')].reduce((sum, cell) => sum + Number(cell.textContent), 0))";
        assert_eq!(page.get::<Vec<u32>>(counts).await?, [20, 20]);
        assert_eq!(page.count(&format!("{RESPONSE} [role=alert]")).await?, 0);
        Ok(())
    });
}

/// A model trained with noise gains under noise; what it loses elsewhere is said beside it.
#[test]
fn where_the_constraint_wins_and_loses_is_counted() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.run("document.querySelector('scl-response').scrollIntoView({ behavior: 'instant' })", vec![]).await?;
        page.wait("the sentence", 30, &format!("visitor.one('{RESPONSE} #tally')")).await?;
        for (measure, better) in [("violation-random", -1.0), ("accuracy", 1.0)] {
            page.choose(&format!("{RESPONSE} #measure"), measure).await?;
            // Each change at the logits: its name, then the interval of the difference.
            let rows: Vec<(String, f64, f64)> = page
                .get(&format!(
                    "document.querySelector('scl-response').results.response.value[3].slice(1).flatMap(({{ label, rows }}) => \
                     rows.filter(({{ id }}) => id === '{measure}').map(({{ difference: {{ low, high }} }}) => [label, low, high]))"
                ))
                .await?;
            let said = page.text(&format!("{RESPONSE} #tally")).await?;
            for trained in [false, true] {
                let group: Vec<f64> = rows
                    .iter()
                    .filter(|(label, ..)| label.starts_with("gaussian:") == trained)
                    .map(|&(_, low, high)| if low * high > 0.0 { better * low.signum() } else { 0.0 })
                    .collect();
                let count = |sign: f64| group.iter().filter(|&&side| side == sign).count();
                assert!(said.contains(&format!("Under {} changes", group.len())), "{said}");
                assert!(said.contains(&format!("better in {}, worse in {}", count(1.0), count(-1.0))), "{said}");
                assert!(said.contains(&format!("too close to call in {}", count(0.0))), "{said}");
            }
            assert_eq!(said.contains("Brightness"), measure == "violation-random", "{said}");
        }
        // A measure of the pictures as they are says nothing about changes.
        page.choose(&format!("{RESPONSE} #measure"), "outside").await?;
        assert_eq!(page.count(&format!("{RESPONSE} #tally")).await?, 0);
        Ok(())
    });
}

#[test]
fn a_curve_over_strength_and_the_worst_triplets() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.run(KEEP, vec![]).await?;
        responds(page, "nothing").await?;
        let points = "visitor.one('scl-response >>> #strengths').points.map((p) => [p.x, p.plain.value])";
        for (kind, strengths) in [("gaussian", [0.0, 0.05, 0.1, 0.2, 0.3]), ("shift", [0.0, 0.5, 1.0, 2.0, 3.0])] {
            page.choose(&format!("{RESPONSE} #kind"), kind).await?;
            let drawn = format!("JSON.stringify({points}.map(([x]) => x)) === '{}'", serde_json::to_string(&strengths.map(|x: f64| if x.fract() == 0.0 { serde_json::json!(x as i64) } else { serde_json::json!(x) }))?);
            page.wait("the kind's strengths", 10, &drawn).await?;
            let values: Vec<(f64, f64)> = page.get(points).await?;
            assert_eq!(values[0].1, 0.0, "nothing violates where nothing changes");
        }
        let (name, words, [_, paths]) = saved_figure(page, &format!("{RESPONSE} [aria-label=\"Save curve\"]")).await?;
        assert!(name == "strength.svg" && words.contains("Small shift") && words.contains("n = 20") && paths >= 4, "{name} {words}");

        page.click(&format!("{RESPONSE} [aria-label=\"Save curve\"] [data-save=CSV]")).await?;
        let rows = saved_rows(page).await?;
        assert!(rows.len() == 6 && rows[0].starts_with("kind,strength,measure,") && rows[1].starts_with("shift,0,"), "{rows:?}");
        // What the second model was trained with is marked; a measure without strengths has no curve.
        let kinds: Vec<String> = page.get(&format!("visitor.all('{RESPONSE} #kind option').map((o) => o.textContent)")).await?;
        assert_eq!(kinds.iter().filter(|kind| kind.contains("as in training")).collect::<Vec<_>>(), ["Gaussian noise (as in training)"]);
        page.choose(&format!("{RESPONSE} #measure"), "outside").await?;
        page.wait("no curve", 10, "!visitor.one('scl-response >>> #strengths')").await?;
        page.choose(&format!("{RESPONSE} #measure"), "ds-same").await?;

        let triplets = "scl-response >>> scl-triplets >>>";
        page.wait("triplets", 30, &format!("visitor.all('{triplets} scl-picture').length === 36")).await?;
        let labels: Vec<String> = page.get(&format!("visitor.all('{triplets} scl-picture').map((p) => p.label)")).await?;
        assert!(labels.chunks(3).all(|three| three[0].starts_with("A, picture") && three[1].starts_with("A′") && three[2].starts_with("B, picture")), "{labels:?}");
        // The worst come first: the plain model's ratios fall.
        let ratios = format!("visitor.all('{triplets} figcaption').map((c) => c.textContent.match(/Plain\\s*([\\d.e+-]+) . ([\\d.e+-]+)/).slice(1).map(Number)).map(([a, b]) => a / b)");
        let ratios: Vec<f64> = page.get(&ratios).await?;
        assert!(ratios.len() == 12 && ratios.windows(2).all(|pair| pair[0] >= pair[1] * 0.98), "{ratios:?}");
        let (_, words, [images, _]) = saved_figure(page, &format!("{triplets} [aria-label=\"Save triplets\"]")).await?;
        assert!(images == 36 && words.contains("brightness:0.2") && words.contains("not typical"), "{images} {words}");
        assert!(labels[1].contains("brightness:0.2"), "A′ says what was done: {labels:?}");
        // The other model chooses others; the caption says so, and the table has all pictures.
        page.choose(&format!("{RESPONSE} #sort"), "continuity").await?;
        page.wait("the other order", 30, &format!("visitor.one('{triplets} p').textContent.includes('“With the constraint”')")).await?;
        page.click(&format!("{triplets} [data-save=CSV]")).await?;
        let rows = saved_rows(page).await?;
        assert!(rows.len() == 21 && rows[1].starts_with("1,continuity,"), "{rows:?}");
        Ok(())
    });
}

#[test]
fn the_theory_is_measured_on_both_models() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.fill("scl-smoothness >>> #images", "10").await?;
        page.click("scl-smoothness >>> #measure").await?;
        page.wait("the measures", 120, "visitor.one('scl-smoothness >>> [data-phase=done]')").await?;
        // DS over variance begins at its limit, which is far smaller under the constraint.
        let points = "visitor.one('scl-smoothness >>> [data-curve=ds] scl-curve').points.map((p) => [p.x, p.plain.value, p.continuity.value])";
        let points: Vec<[f64; 3]> = page.get(points).await?;
        let [zero, small, ..] = points[..] else { panic!("{points:?}") };
        assert!(zero[0] == 0.0 && small[0] == 0.01 && points.len() == 7, "{points:?}");
        assert!(zero[1] > 3.0 * zero[2] && (small[1] / zero[1] - 1.0).abs() < 1.0, "{points:?}");
        let labels: Vec<String> = page.get("visitor.all('scl-smoothness >>> scl-surface').map((s) => s.label)").await?;
        assert!(labels.len() == 2 && labels.iter().all(|label| label.contains("cross-entropy") && !label.contains("NaN")), "{labels:?}");
        let cells = "visitor.all('scl-smoothness >>> scl-surface >>> td').filter((cell) => Number.isFinite(Number(cell.textContent))).length";
        assert_eq!(page.get::<usize>(cells).await?, 2 * 7 * 7);
        assert_eq!(page.count("scl-smoothness >>> [role=alert]").await?, 0);
        Ok(())
    });
}

#[test]
fn models_are_moved_to_other_pictures() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.fill("scl-transfer >>> #steps", "20").await?;
        page.click("scl-transfer >>> #transfer").await?;
        page.wait("all rows", 120, "visitor.one('scl-transfer >>> [data-phase=done]')").await?;
        let rows: Vec<f64> = page.get("document.querySelector('scl-transfer').renderRoot.querySelectorAll('[data-row] td:nth-of-type(1)').values().map((cell) => parseFloat(cell.textContent)).toArray()").await?;
        assert!(rows.len() == 4 && rows[3] > 80.0 && rows[3] > rows[0], "more labels, more right: {rows:?}");
        assert!(page.text("scl-transfer >>> thead").await?.contains("Optdigits"));
        // Nothing ships that coloured digits could be moved to: that is said, and there is no button.
        page.choose("scl-transfer >>> #pair", "color-mnist").await?;
        page.wait("the notice", 10, "visitor.one('scl-transfer >>> .notice')").await?;
        assert_eq!(page.count("scl-transfer >>> #transfer").await?, 0);
        Ok(())
    });
}
