//! The address holds what a visitor chose in every section, and a link opens the page as it was.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::harness::{Outcome, Page, SHORT, Visit, control, opens};

const STORE: &str = "document.querySelector('scl-train').store";

/// The studies: the button of each, and what shows its numbers.
const STUDIES: [(&str, &str, &str); 5] = [
    ("robustness", "draw", "scl-robustness >>> scl-curve >>> table"),
    ("survey", "survey", "scl-survey >>> table"),
    ("response", "respond", "scl-response >>> table"),
    ("smoothness", "measure", "scl-smoothness >>> table"),
    ("transfer", "transfer", "scl-transfer >>> table"),
];

/// What the controls show.
async fn settings(page: &Page) -> Outcome<Vec<String>> {
    let mut shown = Vec::new();
    for (key, element) in [
        ("dataset", "select"),
        ("ds", "select"),
        ("alpha", "input[type=number]"),
        ("steps", "input[type=number]"),
        ("seed", "input"),
    ] {
        shown.push(page.property(&control(key, element), "value").await?);
    }
    shown.push(page.property::<bool>(&control("stop_gradient", "input"), "checked").await?.to_string());
    shown.push(page.property(&control("perturbation", "scl-mixture"), "value").await?);
    Ok(shown)
}

/// The query of the address once it says `part`.
async fn query(page: &Page, part: &str) -> Outcome<String> {
    page.wait(&format!("{part} in the address"), 10, &format!("location.search.includes('{part}')")).await?;
    page.get("location.search.slice(1)").await
}

/// The value of every field of every figure.
async fn fields(page: &Page) -> Outcome<Value> {
    page.get(&format!(
        "Object.keys({STORE}.sections).map((name) => [name, ...visitor.all(`scl-${{name}} >>> :is(select, input)`)\
         .map((field) => [field.id, field.type === 'checkbox' ? field.checked : field.value])])"
    ))
    .await
}

async fn look_at(page: &Page, figure: &str) -> Outcome {
    let scroll = format!("document.querySelector('scl-{figure}').scrollIntoView({{ behavior: 'instant' }})");
    page.run(&scroll, vec![]).await.map(drop)
}

/// Runs all studies, waits for the answers of all figures, and returns the numbers that they show.
async fn numbers(page: &Page) -> Outcome<BTreeMap<&'static str, String>> {
    let mut numbers = BTreeMap::new();
    for (figure, button, table) in STUDIES {
        page.click(&format!("scl-{figure} >>> #{button}")).await?;
        let done = format!("visitor.one('scl-{figure} >>> [data-phase]').dataset.phase === 'done'");
        page.wait(&format!("the study {figure}"), 120, &done).await?;
        let text = format!("visitor.one('{table}').textContent");
        numbers.insert(figure, page.get(&text).await?);
    }
    for (figure, path) in [
        ("nudge", "scl-nudge >>> .rates:has(strong)"),
        ("perturbations", "scl-perturbations >>> ul"),
        ("attack", "scl-attack >>> .models"),
        ("saliency", "scl-saliency >>> .maps"),
    ] {
        look_at(page, figure).await?;
        let settled = format!("visitor.one('{path}') && !document.querySelector('scl-{figure}').busy");
        page.wait(&format!("the answer of {figure}"), 60, &settled).await?;
        page.wait("digits", 60, &format!("/\\d/.test(visitor.one('{path}').textContent)")).await?;
        numbers.insert(figure, page.get(&format!("visitor.one('{path}').textContent")).await?);
    }
    Ok(numbers)
}

#[test]
fn the_settings_of_a_run_travel() {
    Visit::new().run(async |page| {
        page.open("").await?;
        page.choose(&control("dataset", "select"), "color-mnist").await?;
        page.choose(&control("ds", "select"), "jsd").await?;
        page.fill(&control("alpha", "input[type=number]"), "2.5").await?;
        page.fill(&control("steps", "input[type=number]"), "123").await?;
        page.fill(&control("seed", "input"), "4294967295").await?;
        page.click(&control("stop_gradient", "input")).await?;
        page.choose(&control("perturbation", "scl-mixture >>> select"), "hue").await?;
        page.click(&control("perturbation", "scl-mixture >>> button")).await?;

        let expected = ["color-mnist", "jsd", "2.5", "123", "4294967295", "true"];
        let before = settings(page).await?;
        assert_eq!(before[..6], expected);
        assert!(before[6].starts_with("hue:0.1") && before[6].contains('+'), "a mixture: {}", before[6]);

        page.wait("the address", 20, "location.search.includes('ds=jsd') && location.search.includes('+')").await?;
        let query: String = page.get("location.search").await?;
        for part in
            ["dataset=color-mnist", "ds=jsd", "alpha=2.5", "steps=123", "seed=4294967295", "stop_gradient=true", "v=3"]
        {
            assert!(query.contains(part), "{part} is not in {query}");
        }
        assert!(!query.contains("batch"), "defaults are left out: {query}");

        page.reload().await?;
        assert_eq!(settings(page).await?, before);
        assert_eq!(page.text("#notices").await?, "");
        Ok(())
    });
}

#[test]
fn every_section_travels_in_the_address() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        page.choose("scl-nudge >>> #kind", "shift").await?;
        page.press("scl-nudge >>> #strength", Key::Right + Key::Right).await?;
        page.choose("scl-nudge >>> #pair", "mnist").await?;
        page.choose("scl-perturbations >>> #level", "2").await?;
        look_at(page, "attack").await?;
        page.wait("the names of the classes", 60, "document.querySelector('scl-attack').data").await?;
        page.choose("scl-attack >>> #kind", "apgd").await?;
        page.choose("scl-attack >>> #aim", "3").await?;
        page.choose("scl-attack >>> #norm", "l2").await?;
        page.press("scl-attack >>> #level", Key::Right).await?;
        page.fill("scl-attack >>> #steps", "7").await?;
        page.fill("scl-attack >>> #picture", "12").await?;
        page.choose("scl-robustness >>> #loss", "margin").await?;
        page.fill("scl-robustness >>> #steps", "3").await?;
        page.fill("scl-robustness >>> #images", "20").await?;
        page.choose("scl-saliency >>> #which", "prediction").await?;
        page.choose("scl-saliency >>> #change", "shift").await?;
        page.choose("scl-saliency >>> #fill", "blur").await?;
        page.fill("scl-saliency >>> #row", "10").await?;
        page.choose("scl-survey >>> #method", "gradient").await?;
        page.fill("scl-survey >>> #images", "10").await?;
        page.fill("scl-response >>> #images", "20").await?;
        page.fill("scl-smoothness >>> #images", "10").await?;
        page.choose("scl-transfer >>> #pair", "fashion-mnist").await?;
        page.fill("scl-transfer >>> #steps", "20").await?;
        page.choose("scl-embed >>> #figure", "attack").await?;
        numbers(page).await?;
        // What can be chosen of a result.
        page.choose("scl-response >>> #measure", "ds-same").await?;
        page.choose("scl-response >>> #layer", "features").await?;
        page.choose("scl-response >>> #kind", "shift").await?;
        page.choose("scl-response >>> #condition", "contrast:0.4").await?;
        page.choose("scl-response >>> #sort", "continuity").await?;
        let (before, chosen) = (numbers(page).await?, fields(page).await?);

        let query = query(page, "response.sort=continuity").await?;
        for part in [
            "nudge=shift:1.08",
            "models=mnist",
            "perturbations.level=2",
            "attack.kind=apgd",
            "attack.aim=3",
            "attack.norm=l2",
            "attack.level=31",
            "attack.steps=7",
            "picture=12",
            "robustness.loss=margin",
            "robustness.steps=3",
            "robustness.images=20",
            "saliency.which=prediction",
            "saliency.change=shift:1",
            "saliency.fill=blur",
            "saliency.row=10",
            "survey.method=gradient",
            "survey.images=10",
            "response.images=20",
            "response.measure=ds-same",
            "response.layer=features",
            "response.kind=shift",
            "response.condition=contrast:0.4",
            "smoothness.images=10",
            "transfer.models=fashion-mnist",
            "transfer.steps=20",
            "embed.figure=attack",
            "expert=1",
            "v=3",
        ] {
            assert!(query.split('&').any(|each| each == part), "{part} is not in {query}");
        }
        assert_eq!(query.split('&').count(), 30, "only what was chosen: {query}");

        page.open(&query).await?;
        assert_eq!(page.text("#notices").await?, "");
        let after = numbers(page).await?;
        for (figure, numbers) in &before {
            assert_eq!(&after[figure], numbers, "{figure}");
        }
        assert_eq!(fields(page).await?, chosen);
        Ok(())
    });
}

#[test]
fn defaults_leave_a_bare_address_and_old_links_decode() {
    Visit::new().run(async |page| {
        page.open("").await?;
        page.fill("scl-smoothness >>> #images", "61").await?;
        assert_eq!(query(page, "smoothness").await?, "smoothness.images=61&expert=1&v=3");
        page.fill("scl-smoothness >>> #images", "60").await?;
        page.wait("the bare address", 10, "location.search === '?expert=1&v=3'").await?;
        page.run("document.querySelector('#expert').click()", vec![]).await?;
        page.wait("the bare address", 10, "location.search === ''").await?;

        // As links were before other sections had names in them.
        page.open("steps=77&epsilon=0.2&image=5&nudge=shift:2&draw=7&v=1").await?;
        page.wait("both answers", 30, "visitor.answers()").await?;
        assert_eq!(page.text("#notices").await?, "");
        let request: Value = page.get("document.querySelector('scl-nudge').reply.request").await?;
        assert_eq!(request, json!({ "subject": { "test": 5 }, "perturbation": "shift:2", "seed": 7 }));
        assert_eq!(page.property::<String>(&control("steps", "input[type=number]"), "value").await?, "77");
        page.press("scl-nudge >>> #strength", Key::End).await?;
        assert_eq!(
            query(page, "shift:4").await?,
            "steps=77&attack_epsilon=0.2&image=5&nudge=shift:4&draw=7&nudge.pinned=1&expert=1&v=3"
        );
        Ok(())
    });
}

#[test]
fn what_a_link_gets_wrong_is_said_and_replaced() {
    Visit::new().run(async |page| {
        let wrong = [
            ("batch", "9999"), ("alpha", "much"), ("ds", "l3"), ("perturbation", "gaussian:7"), ("image", "2000"),
            ("nudge", "gaussian:0.1+shift:1"), ("nudge.models", "own"), ("perturbations.level", "3"), ("attack.kind", "magic"),
            ("attack.aim", "20"), ("attack.draw", "-1"), ("robustness.images", "9"), ("saliency.change", "attack:0.4"),
            ("saliency.which", "__proto__"), ("survey.method", "3"), ("response.measure", "<b>"), ("smoothness.images", "10.5"),
            ("transfer.steps", ""), ("embed.autoload", "yes"),
            // No choice of their own would be wrong, but beside the others they are.
            ("robustness.norm", "l2"), ("attack.level", "121"),
        ];
        let query = wrong.map(|(key, value)| format!("{key}={value}")).join("&");
        page.open(&format!("{query}&steps=77&attack.norm=l2&robustness.kind=square&colour=red&attack.colour=red&v=0")).await?;
        let notices: Vec<String> = page.get("[...document.querySelectorAll('#notices p')].map((p) => p.textContent)").await?;
        assert_eq!(notices.len(), wrong.len() + 3, "{notices:#?}");
        for (key, value) in wrong {
            let value = serde_json::to_string(value)?;
            let said = |text: &&String| text.contains(&value) && text.contains("The default is used") && (!key.contains('.') || text.contains(&format!("({key})")));
            assert!(notices.iter().any(|text| said(&text)), "{key} is not in {notices:#?}");
        }
        for part in ["4 to 256", "\"colour\"", "\"attack.colour\"", "version 0"] {
            assert!(notices.iter().any(|text| text.contains(part)), "{part} is not in {notices:#?}");
        }
        assert!(page.height("#notices").await? > 20.0, "the notices can be seen");
        // All else is as without a link.
        let different: Value = page
            .get(&format!(
                "(({{ state: {{ settings, figures }}, defaults, sections }}) => [\
                 ...Object.keys(settings).filter((key) => settings[key] !== defaults[key]),\
                 ...Object.entries(figures).flatMap(([name, chosen]) => Object.keys(chosen).filter((key) => chosen[key] !== sections[name][key].default).map((key) => `${{name}}.${{key}}`))\
                 ])({STORE})"
            ))
            .await?;
        assert_eq!(different, json!(["steps", "attack.norm", "robustness.kind", "page.expert"]));
        // So many notices push the first figure out of sight.
        look_at(page, "nudge").await?;
        page.wait("both answers", 30, "visitor.answers()").await.map(drop)
    });
}

/// What only the pictures can tell: of emoji there are some two hundred, in six classes.
#[test]
fn what_the_pictures_do_not_have_is_said_by_the_figure() {
    Visit::new().run(async |page| {
        let sections = ["nudge", "perturbations", "attack", "saliency"].map(|name| format!("{name}.models=emoji")).join("&");
        opens(page, &format!("{sections}&image=1999&perturbations.picture=1999&attack.picture=1999&attack.aim=9&saliency.picture=1999&saliency.which=9")).await?;
        let shown = numbers_of_pictures(page).await?;
        assert!(shown.iter().all(|index| *index == shown[0] && *index < 1999), "the last picture: {shown:?}");
        for (figure, words) in [
            ("nudge", vec!["no test picture 1999"]),
            ("perturbations", vec!["no test picture 1999"]),
            ("attack", vec!["no test picture 1999", "no class 9"]),
            ("saliency", vec!["no test picture 1999", "no class 9"]),
        ] {
            let notices: Vec<String> = page.get(&format!("visitor.all('scl-{figure} >>> .notice').map((notice) => notice.textContent)")).await?;
            assert_eq!(notices.len(), words.len(), "{figure}: {notices:?}");
            assert!(words.iter().all(|part| notices.iter().any(|text| text.contains(part))), "{figure}: {notices:?}");
        }
        // A notice stands where the address leads.
        page.open("alpha=999#attack").await?;
        assert!(page.text("#attack > #notices").await?.contains("999"));
        Ok(())
    });
}

/// Which picture each figure about one picture shows.
async fn numbers_of_pictures(page: &Page) -> Outcome<Vec<u32>> {
    let mut shown = Vec::new();
    for figure in ["nudge", "perturbations", "attack", "saliency"] {
        look_at(page, figure).await?;
        let element = format!("document.querySelector('scl-{figure}')");
        page.wait(
            &format!("the answer of {figure}"),
            60,
            &format!("({element}.reply ?? {element}.shown) && !{element}.busy"),
        )
        .await?;
        shown.push(page.get(&format!("({element}.reply ?? {element}.shown[0].triplet).index")).await?);
    }
    Ok(shown)
}

#[test]
fn links_are_copied_and_never_lead_to_what_stays_here() {
    Visit::new().run(async |page| {
        opens(page, &format!("{SHORT}&dataset=mnist")).await?;
        page.grant_clipboard().await?;
        page.train(60).await?;
        page.choose("scl-attack >>> #pair", "own").await?;
        page.wait("the trained pair", 60, "document.querySelector('scl-attack').reply?.own?.plain").await?;
        // What ships for the same pictures is the nearest to models that nobody else has.
        query(page, "models=mnist").await?;
        for button in ["#copy-link", "scl-train >>> #copy"] {
            page.fill("scl-survey >>> #images", if button == "#copy-link" { "20" } else { "30" }).await?;
            // At once: the address may still be the one before.
            page.press(button, Key::Enter).await?;
            page.wait(
                "the word",
                10,
                &format!("visitor.one('{button}').innerText.trim() === 'Copied, without your models'"),
            )
            .await?;
            page.wait(
                "the address",
                10,
                &format!("location.search.includes('survey.images={}')", if button == "#copy-link" { 20 } else { 30 }),
            )
            .await?;
            let link: String = page.run_async("return navigator.clipboard.readText()", vec![]).await?;
            // The button in a section leads there.
            let fragment = if button == "#copy-link" { "" } else { "#train" };
            assert_eq!(link, page.get::<String>("location.href").await? + fragment);
            page.wait("the button's name", 10, &format!("visitor.one('{button}').innerText.trim() === 'Copy link'"))
                .await?;
        }
        Ok(())
    });
}

/// What newsletters and advertisements append is nobody's choice; what looks like a misspelt one is.
#[test]
fn what_follows_the_visitor_is_ignored_and_misspelt_settings_are_named() {
    Visit::new().run(async |page| {
        const APPENDED: &str = "utm_source=newsletter&utm_medium=email&utm_campaign=w&UTM_Content=1&mc_cid=1&mc_eid=2&fbclid=x\
            &gclid=1&gad_source=1&dclid=1&msclkid=1&yclid=1&igshid=1&ref=x&_hsenc=1&_hsmi=1&_ga=1&_gl=1&ttclid=1&mtm_campaign=1";
        page.arrive(&format!("{APPENDED}&alpha=2&v=2#train")).await?;
        assert_eq!(page.text("#notices").await?, "");
        assert_eq!(page.get::<String>("location.search + location.hash").await?, "?alpha=2&v=3#train");

        for (wrong, right) in [
            ("alhpa=3", "alpha"), ("Alpha=3", "alpha"), ("perturbtion=hue:0.1", "perturbation"), ("attack.levle=3", "attack.level"),
            ("learning-rate=1", "learning_rate"), ("optimiser=sgd", "optimizer"), ("eps=0.1", "attack_epsilon"), ("batch_size=8", "batch"),
        ] {
            page.arrive(&format!("{wrong}&utm_source=x&v=3")).await?;
            let said = page.text("#notices").await?;
            let name = wrong.split('=').next().unwrap_or_default();
            assert!(said.contains(&format!("{name:?}")) && said.contains(&format!("Did you mean {right:?}?")), "{wrong}: {said}");
            assert_eq!(page.count("#notices p").await?, 1, "{said}");
            assert_eq!(page.get::<String>("location.search").await?, "", "the address says what is shown");
        }

        // Links that were escaped twice on their way, or copied out of the source of a page.
        for link in [
            "perturbation=gaussian%253A0.3%252Bshift%253A1&alpha=2&v=3",
            "perturbation%3Dgaussian:0.3%2Bshift:1%26alpha%3D2%26v%3D1",
            "perturbation=gaussian:0.3+shift:1&amp;alpha=2&amp;v=2",
        ] {
            page.arrive(link).await?;
            assert_eq!(page.text("#notices").await?, "", "{link}");
            assert_eq!(page.get::<String>("location.search").await?, "?alpha=2&perturbation=gaussian:0.3+shift:1&v=3");
        }
        Ok(())
    });
}
