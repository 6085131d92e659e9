//! Attacks and saliency on the shipped pair, and on what the visitor trained.

use crate::harness::{KEEP, Outcome, Page, SHORT, Visit, opens, saved_figure, saved_numbers};

const ATTACK: &str = "document.querySelector('scl-attack')";
const STUDY: &str = "scl-robustness >>>";

/// The answer of the attack figure to what its controls say now.
async fn attacked(page: &Page) -> Outcome<[String; 2]> {
    let settled = format!(
        "{ATTACK}.reply && !{ATTACK}.busy && JSON.stringify({ATTACK}.reply.choice) === JSON.stringify({ATTACK}.chosen)"
    );
    page.wait("the attack", 30, &settled).await?;
    Ok([
        page.text("scl-attack >>> [data-model=plain] .verdict").await?,
        page.text("scl-attack >>> [data-model=continuity] .verdict").await?,
    ])
}

#[test]
fn one_picture_is_attacked_on_both_models() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        let [plain, continuity] = attacked(page).await?;
        assert!(plain.contains("✗ fooled") && continuity.contains("✓ steady"), "{plain} {continuity}");
        assert!(plain.contains("(12/255)"), "the whole radius is used: {plain}");
        // No radius, no success; and the keyboard does it.
        page.press("scl-attack >>> #level", thirtyfour::Key::Home).await?;
        for verdict in attacked(page).await? {
            assert!(verdict.contains("✓ steady") && verdict.contains("largest change 0 "), "{verdict}");
        }
        for kind in ["fgsm", "rays", "noise", "square"] {
            page.choose("scl-attack >>> #kind", kind).await?;
            attacked(page).await?;
        }
        page.choose("scl-attack >>> #kind", "pgd").await?;
        page.choose("scl-attack >>> #aim", "3").await?;
        // The picture is a bag: class 8.
        page.choose("scl-attack >>> #aim", "8").await?;
        page.wait("the substitute", 20, "visitor.one('scl-attack >>> .notice')?.innerText.includes('the runner-up')")
            .await?;
        page.choose("scl-attack >>> #aim", "3").await?;
        page.choose("scl-attack >>> #norm", "l2").await?;
        let [plain, _] = attacked(page).await?;
        assert!(plain.contains("length 1.5"), "{plain}");
        page.fill("scl-attack >>> #picture", "5000").await?;
        assert_eq!(
            page.property::<String>("scl-attack >>> #picture", "value").await?,
            "22",
            "there is no such picture"
        );
        let said = page.text("scl-attack >>> #picture ~ .refused").await?;
        assert!(said.contains("5000") && said.contains("0 to 1999"), "{said}");
        page.click("scl-attack >>> #next").await?;
        page.wait("the next picture", 20, &format!("{ATTACK}.reply.index === 23")).await?;
        assert_eq!(page.count("scl-attack >>> .refused").await?, 0, "what is no longer so is not said");
        Ok(())
    });
}

#[test]
fn curve_gallery_and_masking_checks_of_the_shipped_pair() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.fill(&format!("{STUDY} #images"), "40").await?;
        page.fill(&format!("{STUDY} #steps"), "5").await?;
        page.click(&format!("{STUDY} #draw")).await?;
        page.wait("the curve", 120, &format!("visitor.one('{STUDY} #curve [data-phase=done]')")).await?;
        let points: Vec<[f64; 2]> = page
            .get("visitor.one('scl-robustness >>> scl-curve').points.map((p) => [p.plain.value, p.continuity.value])")
            .await?;
        assert_eq!(points.len(), 14);
        assert!(points.windows(2).all(|pair| pair[0][0] >= pair[1][0] && pair[0][1] >= pair[1][1]), "{points:?}");
        assert_eq!(points[13], [0.0, 0.0], "at ε = 1 nothing is left");
        let sentence = page.text(&format!("{STUDY} #sentence")).await?;
        assert!(sentence.contains("On 40 test pictures"), "{sentence}");
        page.wait("the gallery", 20, &format!("visitor.one('{STUDY} #gallery')")).await?;
        // A picture of the gallery opens as it was attacked there.
        page.click(&format!("{STUDY} .gallery button")).await?;
        attacked(page).await?;
        assert_eq!(page.get::<[u32; 2]>(&format!("[{ATTACK}.chosen.steps, {ATTACK}.chosen.level]")).await?, [5, 26]);
        // The result says what made it, whatever the controls say now.
        page.fill(&format!("{STUDY} #steps"), "6").await?;
        assert!(page.text(&format!("{STUDY} #curve")).await?.contains("PGD-5, Cross-entropy"));

        page.click(&format!("{STUDY} #check")).await?;
        page.wait("the checks", 240, &format!("visitor.one('{STUDY} #masking [data-phase=done]')")).await?;
        let checks = page.count(&format!("{STUDY} [data-check]")).await?;
        assert!(checks >= 12, "{checks} checks");
        assert_eq!(page.count(&format!("{STUDY} .light")).await?, 2 * checks, "one light a check and model");
        let green = page.count(&format!("{STUDY} .light.green")).await?;
        assert!(green + 4 >= 2 * checks, "the shipped pair hides no gradients: {green} of {} are green", 2 * checks);
        Ok(())
    });
}

#[test]
fn figures_are_saved_with_what_made_them() {
    Visit::new().before_load(KEEP).run(async |page| {
        opens(page, "").await?;
        attacked(page).await?;
        let (name, words, [pictures, _]) = saved_figure(page, "scl-attack >>> [aria-label='Save pictures']").await?;
        assert_eq!((name.as_str(), pictures), ("attack-picture-22.svg", 6));
        for part in [
            "Plain",
            "With the constraint",
            "✗ fooled: Bag",
            "✓ steady: Bag",
            "PGD-20",
            "ε = 12/255",
            "n = 1",
            "seed 1",
            "shipped",
        ] {
            assert!(words.contains(part), "{part} is not in {words}");
        }
        // The same as pixels, twice as large.
        page.click("scl-attack >>> [data-save=PNG]").await?;
        page.wait("the PNG", 10, "saved.length === 2").await?;
        let larger: bool = page
            .run_async(
                "const [svg, png] = saved.map(({ blob }) => blob); \
                 const width = Number(/ width=\"(\\d+)\"/.exec(await svg.text())[1]); \
                 return png.type === 'image/png' && (await createImageBitmap(png)).width === 2 * width",
                vec![],
            )
            .await?;
        assert!(larger);

        page.fill(&format!("{STUDY} #images"), "10").await?;
        page.fill(&format!("{STUDY} #steps"), "1").await?;
        page.click(&format!("{STUDY} #draw")).await?;
        page.wait("the gallery", 60, &format!("visitor.one('{STUDY} #gallery')")).await?;
        let (name, words, [pictures, paths]) =
            saved_figure(page, &format!("{STUDY} [aria-label='Save curve']")).await?;
        assert_eq!((name.as_str(), pictures), ("robust-accuracy.svg", 0));
        assert!(paths > 4, "lines and bands are vectors: {paths} paths");
        for part in ["Plain", "With the constraint", "PGD-1", "n = 10", "seed 1"] {
            assert!(words.contains(part), "{part} is not in {words}");
        }
        page.click(&format!("{STUDY} [aria-label='Save curve'] [data-save=CSV]")).await?;
        let table: String = page.run_async("return await saved.at(-1).blob.text()", vec![]).await?;
        let widths: Vec<usize> = table.lines().map(|line| line.split(',').count()).collect();
        assert!(table.contains(",seed,models,model settings,") && table.contains("alpha=1"), "{table}");
        // The name of the attack has a comma of its own, in quotes.
        assert!(widths.len() == 15 && widths[1..].iter().all(|width| *width == widths[0] + 1), "{table}");
        Ok(())
    });
}

#[test]
fn a_cancelled_study_keeps_what_is_done() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.fill(&format!("{STUDY} #images"), "500").await?;
        page.click(&format!("{STUDY} #draw")).await?;
        let mine = "document.querySelector('scl-robustness').results['robust-accuracy']";
        let some = format!("{mine}?.request.curve.images === 500 && {mine}.value.length > 2");
        page.wait("some points", 120, &some).await?;
        page.click(&format!("{STUDY} #draw-cancel")).await?;
        page.wait("the end", 60, &format!("visitor.one('{STUDY} #curve [data-phase=cancelled]')")).await?;
        let kept: usize = page.get("visitor.one('scl-robustness >>> scl-curve').points.length").await?;
        assert!((3..14).contains(&kept), "{kept} points");
        assert!(page.text(&format!("{STUDY} #curve")).await?.contains("what was done stays"));
        Ok(())
    });
}

#[test]
fn maps_of_both_models_and_their_values_at_a_pixel() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.run("document.querySelector('#saliency').scrollIntoView()", vec![]).await?;
        page.wait("the maps", 60, "document.querySelector('scl-saliency').reply").await?;
        page.wait("all canvases", 10, "visitor.all('scl-saliency >>> scl-map').length === 28").await?;
        let shown = "visitor.all('scl-saliency >>> .maps figcaption').map((caption) => caption.innerText)";
        let before: Vec<String> = page.get(shown).await?;
        page.fill("scl-saliency >>> #row", "12").await?;
        let after: Vec<String> = page.get(shown).await?;
        assert!(before.len() == 28 && before != after);
        let maps: Vec<Vec<f64>> = page
            .get(
                "document.querySelector('scl-saliency').reply.models.flatMap((model) => model.maps.map(({ before }) => \
                 [before.values.length, Number(before.values.every(Number.isFinite)), new Set(before.values).size]))",
            )
            .await?;
        assert!(maps.iter().all(|map| map[0] == 784.0 && map[1] == 1.0 && map[2] > 10.0), "{maps:?}");
        // Another change: each model meets its own attack.
        page.choose("scl-saliency >>> #change", "attack").await?;
        page.wait("the attack's maps", 60, "document.querySelector('scl-saliency').reply.request.change.attack")
            .await?;
        page.wait("five pictures", 10, "visitor.all('scl-saliency >>> scl-picture').length === 5").await.map(drop)
    });
}

#[test]
fn trained_models_can_be_attacked_and_explained() {
    Visit::new().run(async |page| {
        opens(page, SHORT).await?;
        page.train(60).await?;
        page.click("scl-train >>> scl-models >>> summary").await?;
        page.wait("the snippet", 10, "visitor.one('scl-train >>> scl-models >>> code')").await?;
        let code = page.text("scl-train >>> scl-models >>> code").await?;
        assert!(code.contains("fc2.weight") && code.lines().count() <= 20, "{code}");
        page.run("document.querySelector('scl-survey').scrollIntoView()", vec![]).await?;
        page.wait("what comes with the page", 30, "document.querySelector('scl-survey').results.survey").await?;
        for figure in ["scl-attack", "scl-saliency"] {
            page.run("document.querySelector(arguments[0]).scrollIntoView()", vec![figure.into()]).await?;
            page.wait("the shipped pair", 60, &format!("document.querySelector('{figure}').reply")).await?;
            page.choose(&format!("{figure} >>> #pair"), "own").await?;
            let own = format!("document.querySelector('{figure}')");
            page.wait("the trained pair", 60, &format!("{own}.own && {own}.reply && !{own}.busy")).await?;
            assert_eq!(page.count(&format!("{figure} >>> [role=alert]")).await?, 0);
        }
        page.click("scl-train >>> scl-models >>> #show").await?;
        page.wait("the way there", 10, "document.querySelector('scl-attack').shadowRoot.activeElement?.id === 'kind'").await?;
        // Figures that were looked at show them; a study says that its numbers are of other models.
        page.run("document.querySelector('scl-nudge').scrollIntoView()", vec![]).await?;
        page.wait("the trained pair in the first figure", 60, "document.querySelector('scl-nudge').reply?.own?.plain").await?;
        page.wait("the study's notice", 10, "visitor.one('scl-survey >>> #survey-stale')").await?;
        let elsewhere = "[...document.querySelectorAll('[data-figure] > *')].filter(({ chosen }) => chosen?.models).map(({ own }) => Boolean(own?.plain))";
        let elsewhere: Vec<bool> = page.get(elsewhere).await?;
        assert!(elsewhere.len() >= 10 && elsewhere.iter().all(|shown| *shown), "{elsewhere:?}");
        Ok(())
    });
}

#[test]
fn a_survey_measures_the_maps_of_both_models() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.fill("scl-survey >>> #images", "12").await?;
        page.choose("scl-survey >>> #method", "gradient-input").await?;
        page.click("scl-survey >>> #survey").await?;
        page.wait("the survey", 120, "visitor.one('scl-survey >>> [data-phase=done]')").await?;
        assert_eq!(page.count("scl-survey >>> [data-measure]").await?, 13);
        let table = page.text("scl-survey >>> table").await?;
        assert!(table.contains("12 pictures") && !table.contains("NaN"), "{table}");
        Ok(())
    });
}

/// A shipped pair of another dataset: colour, another network, true masks.
#[test]
fn emoji_have_true_masks() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.fill("scl-survey >>> #images", "10").await?;
        page.choose("scl-survey >>> #method", "gradient").await?;
        page.choose("scl-survey >>> #pair", "emoji").await?;
        page.click("scl-survey >>> #survey").await?;
        page.wait("the survey", 120, "visitor.one('scl-survey >>> [data-phase=done]')").await?;
        let mass = page.text("scl-survey >>> [data-measure=mass]").await?;
        assert!(mass.contains('%'), "{mass}");
        Ok(())
    });
}

/// Figures share an engine; when it is gone the next question gets another one.
#[test]
fn an_engine_that_is_gone_is_opened_anew() {
    Visit::new().run(async |page| {
        page.open("").await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        // The engine dies under the figures' hands.
        page.run_async::<bool>(
            "const { quick } = document.querySelector('scl-attack'); quick.close(); \
             return (await quick.ask(document.querySelector('scl-train').store.defaults, null, (engine) => engine.example( \
             { subject: { test: 3 }, attack: 'noise', budget: { norm: 'linf', epsilon: 0.1 }, seed: 1 }))).index === 3",
            vec![],
        )
        .await
        .map(|answered| assert!(answered))
    });
}

/// Where nobody said what a picture shows, no answer is right or wrong, in no figure, for no reader, in no file.
#[test]
fn an_unknown_picture_has_no_right_answer() {
    Visit::new().before_load(KEEP).run(async |page| {
        opens(page, "").await?;
        page.run_async::<bool>(
            "const { OwnPicture } = await import(new URL('user-data/picture.js', document.baseURI)); \
             const { canvas } = await import(new URL('user-data/canvas.js', document.baseURI)); \
             const context = canvas({ height: 28, width: 28 }); \
             context.fillStyle = 'white'; context.fillRect(4, 9, 20, 12); \
             document.querySelector('scl-train').store.set({ ownPicture: new OwnPicture(context.canvas, '') }); return true",
            vec![],
        )
        .await?;
        for (figure, badges) in [("scl-nudge", "scl-answers >>> .badge"), ("scl-attack", ".badge"), ("scl-saliency", ".badge")] {
            page.run(
                "const figure = document.querySelector(arguments[0]); figure.scrollIntoView(); figure.mine = true; figure.ask()",
                vec![figure.into()],
            )
            .await?;
            let there = format!("(({{ busy, reply }}) => !busy && Boolean(reply?.picture))(document.querySelector('{figure}'))");
            page.wait(&format!("the answer of {figure}"), 60, &there).await?;
            page.wait("its verdicts", 10, &format!("visitor.all('{figure} >>> {badges}').length === 2")).await?;
            let verdicts: Vec<String> =
                page.get(&format!("visitor.all('{figure} >>> {badges}').map(({{ dataset }}) => dataset.verdict)")).await?;
            assert!(verdicts.iter().all(|verdict| ["same", "changed"].contains(&verdict.as_str())), "{figure}: {verdicts:?}");
            let labels: Vec<String> = page.get(&format!("visitor.all('{figure} >>> scl-picture').map(({{ label }}) => label)")).await?;
            assert!(labels.len() >= 3, "{figure}");
            for label in labels {
                assert!(label.contains("your picture") && !label.contains("labelled"), "{figure}: {label}");
            }
        }
        for figure in ["scl-attack >>> [aria-label='Save pictures']", "scl-saliency >>> [aria-label='Save maps']"] {
            let (_, words, _) = saved_figure(page, figure).await?;
            assert!(words.contains("= steady: ") || words.contains("≠ changed: "), "{words}");
            assert!(!words.contains('✓') && !words.contains('✗') && !words.contains("the true one"), "{words}");
        }
        // Numbers for NumPy: as many as the shape says, and those of the pictures.
        let pictures = saved_numbers(page, "scl-attack >>> [aria-label='Save pictures']").await?;
        let shown: Vec<f32> = page
            .get(&format!("(({{ original, models }}) => [original, ...models.map(({{ image }}) => image)].flatMap((pixels) => [...pixels]))({ATTACK}.reply)"))
            .await?;
        assert_eq!((pictures.len(), &pictures), (3 * 28 * 28, &shown));
        assert!(pictures.iter().all(|value| (0.0..=1.0).contains(value)) && pictures[..784] != pictures[784..1568]);
        let maps = saved_numbers(page, "scl-saliency >>> [aria-label='Save maps']").await?;
        let methods: usize = page.get("document.querySelector('scl-saliency').reply.models[0].maps.length").await?;
        assert!(methods >= 7, "{methods} methods");
        assert_eq!(maps.len(), 2 * methods * 2 * 28 * 28);
        assert!(maps.iter().all(|value| value.is_finite()));
        Ok(())
    });
}
