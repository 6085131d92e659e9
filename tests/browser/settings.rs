//! Settings live in the address; what cannot be, is said, with a way on.

use serde_json::Value;

use crate::harness::{Outcome, Page, Visit};

fn control(key: &str, element: &str) -> String {
    format!("scl-train >>> scl-controls >>> [data-key={key}] {element}")
}

/// What the controls show.
async fn shown(page: &Page) -> Outcome<Vec<String>> {
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

#[test]
fn arrow_keys_move_every_slider() {
    Visit::new().run(async |page| {
        page.open("dataset=color-mnist&start=scratch").await?;
        page.wait("the controls", 30, "visitor.one('scl-train >>> scl-controls >>> .control')").await?;
        page.run(
            "visitor.all('scl-train >>> scl-controls >>> details').forEach((group) => { group.open = true; })",
            vec![],
        )
        .await?;
        for key in
            ["color_variance", "alpha", "learning_rate", "batch", "steps", "eval_images", "eval_noise", "epsilon"]
        {
            let slider = format!("scl-train >>> scl-controls >>> [data-key={key}] input[type=range]");
            let value = format!("document.querySelector('scl-train').store.state.settings['{key}']");
            let before: f64 = page.get(&value).await?;
            for step in 1..=3 {
                page.press(&slider, thirtyfour::Key::Right).await?;
                let now: f64 = page.get(&value).await?;
                assert!(now > before, "{key} is {now} after {step} presses to the right of {before}");
            }
            for _ in 0..5 {
                page.press(&slider, thirtyfour::Key::Left).await?;
            }
            let now: f64 = page.get(&value).await?;
            assert!(now < before || key == "color_variance", "{key} is {now} left of {before}");
        }
        Ok(())
    });
}

#[test]
fn settings_travel_in_the_address() {
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
        let before = shown(page).await?;
        assert_eq!(before[..6], expected);
        assert!(before[6].starts_with("hue:0.1") && before[6].contains('+'), "a mixture: {}", before[6]);

        page.wait("the address", 5, "location.search.includes('ds=jsd') && location.search.includes('+')").await?;
        let query: String = page.get("location.search").await?;
        for part in
            ["dataset=color-mnist", "ds=jsd", "alpha=2.5", "steps=123", "seed=4294967295", "stop_gradient=true", "v=1"]
        {
            assert!(query.contains(part), "{part} is not in {query}");
        }
        assert!(!query.contains("batch"), "defaults are left out: {query}");

        page.reload().await?;
        assert_eq!(shown(page).await?, before);
        assert_eq!(page.text("#notices").await?, "");
        Ok(())
    });
}

#[test]
fn a_typed_value_out_of_range_is_not_used() {
    Visit::new().run(async |page| {
        page.open("").await?;
        page.fill(&control("batch", "input[type=number]"), "9999").await?;
        page.wait("a word about it", 5, "visitor.one('scl-train >>> scl-controls >>> [data-key=batch] .problem')")
            .await?;
        let problem = page.text(&control("batch", ".problem")).await?;
        assert!(problem.contains("4 to 256"), "{problem}");
        assert_eq!(page.get::<f64>("visitor.one('scl-train').store.state.settings.batch").await?, 64.0);
        Ok(())
    });
}

#[test]
fn what_a_link_gets_wrong_is_said_and_replaced() {
    Visit::new().run(async |page| {
        page.open("batch=9999&alpha=much&ds=l3&perturbation=gaussian:7&steps=77&colour=red&v=0").await?;
        let notices = page.text("#notices").await?;
        for part in ["9999", "4 to 256", "much", "l3", "gaussian:7", "colour", "version 0"] {
            assert!(notices.contains(part), "{part} is not in {notices}");
        }
        let settings: Value = page.get("visitor.one('scl-train').store.state.settings").await?;
        let defaults: Value = page.get("visitor.one('scl-train').store.defaults").await?;
        for (key, value) in settings.as_object().ok_or("no settings")? {
            if key == "steps" {
                assert_eq!(value, 77);
            } else {
                assert_eq!(value, &defaults[key], "{key}");
            }
        }
        assert!(page.height("#notices").await? > 20.0, "the notices can be seen");
        Ok(())
    });
}

#[test]
fn hue_of_grey_images_is_refused_with_a_way_on() {
    Visit::new().run(async |page| {
        page.open("perturbation=hue:0.1").await?;
        page.wait("a refusal", 30, "visitor.one('scl-train >>> #problem button')").await?;
        assert!(page.text("scl-train >>> #problem").await?.to_lowercase().contains("colo"));
        assert!(page.property::<bool>("scl-train >>> #start", "disabled").await?);
        assert!(page.property::<bool>("scl-train >>> #step", "disabled").await?);
        page.click("scl-train >>> #problem button").await?;
        page.wait(
            "the way on",
            10,
            "!visitor.one('scl-train >>> #problem') && !visitor.one('scl-train >>> #start').disabled",
        )
        .await?;
        assert_eq!(page.property::<String>(&control("dataset", "select"), "value").await?, "color-mnist");
        Ok(())
    });
}

#[test]
fn without_a_shipped_model_a_run_starts_from_scratch() {
    Visit::new().run(async |page| {
        // No base is shipped for this network, whatever the data.
        page.open("dataset=mnist&architecture=mini-resnet&steps=2&batch=8&eval_images=10&engine=cpu").await?;
        page.wait("a refusal", 30, "visitor.one('scl-train >>> #problem button')").await?;
        assert_eq!(page.text("scl-train >>> #problem button").await?, "Start from scratch instead");
        assert!(page.property::<bool>("scl-train >>> #start", "disabled").await?);
        page.click("scl-train >>> #problem button").await?;
        page.wait(
            "the way on",
            10,
            "!visitor.one('scl-train >>> #problem') && !visitor.one('scl-train >>> #start').disabled",
        )
        .await?;
        page.train(90).await?;
        assert_eq!(page.table().await?.len(), 6);
        Ok(())
    });
}
