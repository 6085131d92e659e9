//! Lessons: each step asks first, and shows its figure afterwards.

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::{Key, TypingData};

use crate::accessibility::audit;
use crate::harness::{Copy, Outcome, Page, Visit};

const LESSON: &str = "scl-lesson >>>";

fn path(selector: &str) -> String {
    format!("{LESSON} {selector}")
}

async fn text(page: &Page, selector: &str) -> Outcome<String> {
    page.text(&path(selector)).await
}

/// Opens the page of a lesson at its question.
async fn open(page: &Page, query: &str) -> Outcome {
    page.visit(&format!("lesson.html?{query}")).await?;
    page.wait("the question", 30, "visitor.one('scl-lesson >>> #skip')").await.map(drop)
}

/// A key pressed on the page itself.
async fn key(page: &Page, key: impl Into<TypingData>) -> Outcome {
    page.run("document.activeElement?.blur?.()", vec![]).await?;
    Ok(page.driver.action_chain().send_keys(key).perform().await?)
}

/// Waits until the figure has answered; what it is said to have found.
async fn happened(page: &Page) -> Outcome<String> {
    page.wait("what happened", 90, "visitor.one('scl-lesson >>> #happened span')").await?;
    text(page, "#happened span").await
}

/// Drops a file on the page.
async fn drop_file(page: &Page, contents: &str) -> Outcome {
    page.run(
        "const files = new DataTransfer(); files.items.add(new File([arguments[0]], 'mine.json')); \
         document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }))",
        vec![json!(contents)],
    )
    .await
    .map(drop)
}

/// A lesson of one step about training, so short that a test can wait for it.
fn short() -> Value {
    json!({
        "format": 1, "id": "short", "title": "A short one", "language": "en", "minutes": 2, "about": "Short.",
        "steps": [{
            "title": "Train", "minutes": 2, "text": ["Eight steps."], "figure": "train",
            "settings": "steps=8&batch=16&eval_images=20&engine=cpu",
            "question": {
                "text": "Which one?", "options": ["Plain", "Constraint", "Cannot be told"],
                "answer": { "check": "higher-clean-accuracy", "is": { "plain": 1, "continuity": 2, "unclear": 3 } },
                "explanation": "So <b>it</b> is."
            }
        }]
    })
}

#[test]
fn a_figure_is_locked_until_the_question_is_answered() {
    Visit::new().run(async |page| {
        open(page, "").await?;
        page.wait("the picture", 30, "visitor.one('scl-lesson >>> .preview')").await?;
        assert_eq!(page.count(&path(".place > *:not(.lock)")).await?, 0);
        assert!(!page.property::<bool>(&path("#skip"), "disabled").await?);
        assert!(page.property::<bool>(&path("#show"), "disabled").await?, "nothing is marked yet");
        // Neither the engine nor the models are there.
        for part in ["cpu_engine", "weights/"] {
            assert!(
                !page.requests().iter().any(|request| request.contains(part)),
                "{part} is loaded before it is wanted"
            );
        }
        key(page, "2").await?;
        page.wait("the second option", 5, "visitor.all('scl-lesson >>> .option input')[1].checked").await?;
        page.click(&path("#show")).await?;
        let said = happened(page).await?;
        assert_eq!(text(page, "#said").await?, "Only the plain one");

        // What happened is what the figure shows.
        page.wait(
            "its answers",
            60,
            "(({ busy, limits, moved }) => !busy && limits && moved === null)(visitor.one('scl-lesson >>> scl-fool'))",
        )
        .await?;
        let names: Vec<String> =
            page.get("visitor.all('scl-lesson >>> scl-fool >>> .says').map((says) => says.innerText)").await?;
        assert!(names.len() == 2 && names.iter().all(|name| said.contains(name.as_str())), "{said}: {names:?}");
        let fooled: Vec<bool> = page
            .get("visitor.all('scl-lesson >>> scl-fool >>> .badge').map(({ dataset }) => dataset.verdict === 'fooled')")
            .await?;
        let expected = match fooled[..] {
            [false, false] => "Neither",
            [true, false] => "Only the plain one",
            [false, true] => "Only the one with the constraint",
            _ => "Both",
        };
        assert_eq!(text(page, "#happened strong").await?, expected);
        let verdict = text(page, "#outcome-title").await?;
        assert_eq!(verdict.contains("As you said"), expected == "Only the plain one", "{verdict}");

        // Moving the slider afterwards changes nothing of what happened.
        page.press(&path("scl-fool >>> #level"), Key::Home).await?;
        page.wait("its answer", 30, "visitor.one('scl-lesson >>> scl-fool').reply.level === 0").await?;
        assert_eq!(text(page, "#happened strong").await?, expected);
        assert_eq!(page.count(&path("nav [aria-current=step]")).await?, 1);
        Ok(())
    });
}

#[test]
fn the_step_stands_in_the_address_and_answers_stay_in_the_tab() {
    Visit::new().run(async |page| {
        open(page, "seed=7").await?;
        page.click(&path("#skip")).await?;
        happened(page).await?;
        assert!(text(page, "#said").await?.contains("skipped"));
        key(page, Key::Right).await?;
        page.wait("the second step", 10, "location.search.includes('step=2')").await?;
        assert_eq!(text(page, "#step-title").await?, "The change it practised on");
        key(page, Key::Down).await?;
        key(page, "3").await?;
        page.click(&path("#show")).await?;
        let said = happened(page).await?;
        // The seed of the class is the draw of the figure, and its numbers are those that are told.
        assert_eq!(page.get::<u32>("visitor.one('scl-lesson >>> scl-nudge').chosen.draw").await?, 7);
        let rates: Vec<String> = page
            .get(
                "visitor.all('scl-lesson >>> scl-nudge >>> .rates strong').map((rate) => rate.innerText.split(' ')[0])",
            )
            .await?;
        assert!(rates.len() == 2 && rates.iter().all(|rate| said.contains(rate.trim())), "{said}: {rates:?}");

        page.go(-1).await?;
        page.wait("the first step", 10, "visitor.one('scl-lesson >>> #step-title').innerText === 'Fooled by nothing'")
            .await?;
        page.go(1).await?;
        page.wait("the second step", 10, "visitor.one('scl-lesson >>> #step-title').innerText !== 'Fooled by nothing'")
            .await?;
        page.run("visitor.left = true; setTimeout(() => location.reload())", vec![]).await?;
        page.wait(
            "the page again",
            30,
            "globalThis.visitor && visitor.left !== true && visitor.one('scl-lesson >>> #said')",
        )
        .await?;
        assert!(text(page, "#said").await?.starts_with("It cannot be told"));
        assert_eq!(text(page, ".count").await?, "Step 2 of 6 · 1 answer");
        // Nothing of it outlives the tab.
        assert_eq!(page.get::<Vec<String>>("Object.keys(localStorage)").await?, Vec::<String>::new());
        assert_eq!(page.get::<Vec<String>>("Object.keys(sessionStorage)").await?, ["lesson robust-or-lucky"]);
        page.click(&path("#restart")).await?;
        page.wait("a fresh start", 10, "visitor.one('scl-lesson >>> #skip') && location.search.includes('step=1')")
            .await?;
        Ok(())
    });
}

/// A run of the reader's own is what decides, also while another step is looked at.
#[test]
fn a_lesson_of_ones_own_asks_the_readers_run() {
    let copy = Copy::new("lesson");
    std::fs::write(copy.file("mine.json"), short().to_string()).unwrap();
    copy.visit().run(async |page| {
        open(page, "lesson=mine.json&seed=5").await?;
        assert_eq!(text(page, "h1").await?.replace('\n', " "), "Lesson A short one");
        key(page, "1").await?;
        page.click(&path("#show")).await?;
        page.wait("the figure", 30, "visitor.one('scl-lesson >>> scl-train >>> #start')").await?;
        assert!(text(page, "#happened").await?.starts_with("Press Start"));
        assert_eq!(page.count(&path(".explanation")).await?, 0, "the explanation gives nothing away");
        page.click(&path("scl-train >>> #start")).await?;
        let said = happened(page).await?;
        assert!(said.contains("seed 5") && said.contains("n = 20"), "{said}");
        let row: [f64; 2] = page
            .get("(({ difference: { low, high } }) => [low, high])(visitor.one('scl-lesson >>> scl-train').store.state.run.comparison.rows.find(({ id }) => id === 'clean'))")
            .await?;
        let expected = if row[0] > 0.0 { "Constraint" } else if row[1] < 0.0 { "Plain" } else { "Cannot be told" };
        assert_eq!(text(page, "#happened strong").await?, expected);
        // Texts are texts.
        assert_eq!(text(page, ".explanation").await?, "So <b>it</b> is.");
        Ok(())
    });
}

#[test]
fn a_wrong_lesson_is_named_with_a_way_on() {
    Visit::new().tolerating(&["nowhere.json"]).run(async |page| {
        for (lesson, message) in [
            ("robust-or-luky", "There is no lesson “robust-or-luky”; there are robust-or-lucky, where-does-it-look."),
            ("https%3A%2F%2Fexample.org%2Fa.json", "The address leads to https://example.org; allowed is this server"),
            ("nowhere.json", "The server answered 404"),
            ("lesson/page.css", "It is no JSON"),
        ] {
            page.visit(&format!("lesson.html?lesson={lesson}")).await?;
            page.wait("the problems", 30, "visitor.one('scl-lesson >>> #problems')").await?;
            let said = text(page, "#problems").await?;
            assert!(said.contains(message), "{said}");
        }
        let mut wrong = short();
        wrong["steps"][0]["figure"] = "trian".into();
        wrong["steps"][0]["question"]["options"] = json!(["Only one"]);
        drop_file(page, &wrong.to_string()).await?;
        page.wait("both problems", 10, "visitor.one('scl-lesson >>> #problems').innerText.includes('trian')").await?;
        let said = text(page, "#problems").await?;
        assert!(
            said.contains("steps[0].question.options is [\"Only one\"]; allowed is a list of 2 to 6 texts."),
            "{said}"
        );
        let violations = audit(page).await?;
        assert!(violations.is_empty(), "{violations:#?}");
        // Corrected, it is shown.
        drop_file(page, &short().to_string()).await?;
        page.wait("the lesson", 10, "visitor.one('scl-lesson >>> #step-title')?.innerText === 'Train'").await?;
        // No address leads to a file.
        page.click(&path(".teachers > summary")).await?;
        page.click(&path("#copy")).await?;
        page.wait("why there is no link", 5, "visitor.one('scl-lesson >>> .said').innerText.startsWith('No link')")
            .await?;
        assert_eq!(page.get::<String>("visitor.one('scl-lesson >>> .paper .link').textContent").await?, "");
        Ok(())
    });
}

#[test]
fn a_class_sees_large_letters_and_a_large_picture() {
    Visit::new().run(async |page| {
        for (width, height) in [(1920, 1080), (1280, 720)] {
            page.screen(width, height).await?;
            open(page, "present=1").await?;
            key(page, Key::Right).await?;
            happened(page).await?;
            let share = "visitor.one('scl-lesson >>> scl-fool >>> scl-picture').getBoundingClientRect().height / innerHeight";
            assert!(page.get::<f64>(share).await? >= 0.45, "fool at {width}×{height}");
            key(page, Key::Right).await?;
            page.wait("the second question", 10, "location.search.includes('step=2') && visitor.one('scl-lesson >>> #skip')").await?;
            key(page, Key::Right).await?;
            happened(page).await?;
            let share = "visitor.one('scl-lesson >>> scl-nudge >>> scl-picture').getBoundingClientRect().height / innerHeight";
            assert!(page.get::<f64>(share).await? >= 0.45, "nudge at {width}×{height}");
            let small: Vec<String> = page
                .get(
                    "(() => { const found = []; const walk = (root) => { for (const node of root.querySelectorAll('*')) { \
                         if (node.shadowRoot) walk(node.shadowRoot); \
                         const letters = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()); \
                         const shown = node.checkVisibility({ visibilityProperty: true }) && !node.closest('.hidden, [popover], option'); \
                         if (letters && shown && parseFloat(getComputedStyle(node).fontSize) < 28) found.push(node.outerHTML.slice(0, 80)); \
                     } }; walk(visitor.one('scl-lesson').shadowRoot); return found; })()",
                )
                .await?;
            assert_eq!(small, Vec::<String>::new(), "{width}×{height}");
            key(page, Key::Left).await?;
            page.wait("the first step", 10, "location.search.includes('step=1')").await?;
            page.run("sessionStorage.clear()", vec![]).await?;
        }
        Ok(())
    });
}

/// Pages of a PDF.
fn pages(pdf: &[u8]) -> usize {
    let mark = b"/Type /Page";
    pdf.windows(mark.len() + 1).filter(|part| part.starts_with(mark) && part[mark.len()] != b's').count()
}

#[test]
fn worksheet_and_answers_print_on_two_pages() {
    Visit::new().run(async |page| {
        for lesson in ["robust-or-lucky", "where-does-it-look"] {
            for key in ["0", "1"] {
                open(page, &format!("lesson={lesson}&key={key}")).await?;
                page.wait("the code", 30, "visitor.one('scl-lesson >>> .paper svg path')").await?;
                let sheet: String = page.get("visitor.one('scl-lesson >>> .paper').textContent").await?;
                let tells = sheet.contains("The figure decides");
                assert_eq!(tells, key == "1", "only the answer sheet has answers");
                assert!(sheet.contains("lesson.html?lesson="), "{sheet}");
                assert_eq!(page.count(&path(".key")).await?, usize::from(key == "1"));
                let printed = page.driver.print_page(thirtyfour::common::print::PrintParameters::default()).await?;
                let n = pages(&printed);
                assert!((1..=2).contains(&n), "{lesson}, key {key}: {n} pages");
            }
        }
        Ok(())
    });
}

#[test]
fn words_are_explained_by_keyboard_and_nothing_is_in_the_way() {
    Visit::new().run(async |page| {
        open(page, "key=1").await?;
        let term = path("scl-term >>> button");
        page.press(&term, Key::Enter).await?;
        let open_ = "visitor.all('scl-lesson >>> scl-term >>> [popover]:popover-open')";
        page.wait("its meaning", 5, &format!("{open_}.length === 1")).await?;
        assert!(page.get::<String>(&format!("{open_}[0].innerText")).await?.contains("harmless copy"));
        page.press(&term, Key::Escape).await?;
        page.wait("the end of it", 5, &format!("{open_}.length === 0")).await?;
        page.click(&path(".teachers > summary")).await?;
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await?;
            let violations = audit(page).await?;
            assert!(violations.is_empty(), "the question, {theme}: {violations:#?}");
        }
        page.press(&path(".teachers > summary"), Key::Escape).await?;
        page.wait("the menu to close", 5, "!visitor.one('scl-lesson >>> .teachers').open").await?;
        page.click(&path("#skip")).await?;
        happened(page).await?;
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
            let violations = audit(page).await?;
            assert!(violations.is_empty(), "the figure, {theme}: {violations:#?}");
        }
        Ok(())
    });
}

#[test]
fn a_lesson_works_without_a_network() {
    Visit::new().tolerating(&["service-worker.js"]).run(async |page| {
        open(page, "").await?;
        page.click(&path("#skip")).await?;
        let before = happened(page).await?;
        page.wait("the page to be kept", 60, "document.querySelector('#offline').textContent").await?;
        page.run_async::<()>(
            "for (;;) { const kept = (await (await caches.open((await caches.keys())[0])).keys()).map(({ url }) => url); \
             if (['first-images', 'plain', 'continuity', 'lesson/lessons', 'glossary'].every((part) => kept.some((url) => url.includes(part)))) return; \
             await new Promise((next) => setTimeout(next, 50)); }",
            vec![],
        )
        .await?;
        page.click(&path(".teachers > summary")).await?;
        page.click(&path("#keep")).await?;
        page.wait("all of it to be kept", 60, "visitor.one('scl-lesson >>> .said').innerText.startsWith('All of this')").await?;
        page.disconnect();
        page.run("sessionStorage.clear(); visitor.left = true; setTimeout(() => location.reload())", vec![]).await?;
        page.wait("the question again", 30, "globalThis.visitor && visitor.left !== true && visitor.one('scl-lesson >>> #skip')").await?;
        page.click(&path("#skip")).await?;
        assert_eq!(happened(page).await?, before);
        // The figure of the next step asks the same models.
        for _ in 0..3 {
            key(page, Key::Right).await?;
            page.click(&path("#skip")).await?;
            happened(page).await?;
        }
        // What was only kept is enough for a run.
        key(page, Key::Right).await?;
        page.click(&path("#skip")).await?;
        page.wait("training", 30, "visitor.one('scl-lesson >>> scl-train >>> #start')").await?;
        page.run("visitor.one('scl-lesson >>> scl-train').store.setSettings({ steps: 8, batch: 16, eval_images: 20, engine: 'cpu' })", vec![])
            .await?;
        page.click(&path("scl-train >>> #start")).await?;
        happened(page).await?;
        Ok(())
    });
}

/// What a control has chosen stays when the control is gone, and the texts to take along say so.
#[test]
fn a_teacher_chooses_which_controls_stay() {
    Visit::new().run(async |page| {
        page.visit("lesson.html?build=1").await?;
        const BUILDER: &str = "scl-lesson-builder >>>";
        page.wait("the figure", 60, "visitor.all('scl-lesson-builder >>> scl-fool >>> .badge').length === 2").await?;
        assert_eq!(page.count(&format!("{BUILDER} scl-fool >>> #pair")).await?, 1);
        for control in ["models", "own"] {
            page.click(&format!("{BUILDER} [data-control={control}]")).await?;
        }
        page.wait(
            "two controls less",
            10,
            "!visitor.one('scl-lesson-builder >>> scl-fool >>> :is(#pair, #own-picture)')",
        )
        .await?;
        assert_eq!(page.count(&format!("{BUILDER} scl-fool >>> #level")).await?, 1);
        page.press(&format!("{BUILDER} scl-fool >>> #level"), Key::Home).await?;
        page.wait("its level", 10, "visitor.one('scl-lesson-builder >>> #step').value.includes('fool.level=0')")
            .await?;
        let step: String = page.property(&format!("{BUILDER} #step"), "value").await?;
        assert!(step.contains("fool.show=level,picture"), "{step}");
        let violations = audit(page).await?;
        assert!(violations.is_empty(), "{violations:#?}");

        let link: String = page.property(&format!("{BUILDER} #link"), "value").await?;
        page.visit(&link).await?;
        let figure = "semantic-continuity-fool >>> scl-fool >>>";
        page.wait("the figure", 60, &format!("visitor.one('{figure} #level')?.value === '0'")).await?;
        assert_eq!(page.count(&format!("{figure} #pair")).await?, 0);
        page.visit("embed.html?figure=nudge&autoload&nudge.show=none").await?;
        let figure = "semantic-continuity-nudge >>> scl-nudge >>>";
        page.wait("both answers", 60, &format!("visitor.all('{figure} scl-answers >>> .badge').length === 2")).await?;
        assert_eq!(page.count(&format!("{figure} :is(input, select, button)")).await?, 0);
        Ok(())
    });
}
