//! Settings: by slider and by number; what cannot be, is said, with a way on.

use crate::harness::{ROWS, Visit, control};

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
        for key in [
            "color_variance",
            "alpha",
            "learning_rate",
            "batch",
            "steps",
            "eval_images",
            "eval_sigma",
            "attack_epsilon",
        ] {
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
fn a_typed_value_out_of_range_is_not_used() {
    Visit::new().run(async |page| {
        page.open("").await?;
        page.fill(&control("batch", "input[type=number]"), "9999").await?;
        page.wait("a word about it", 20, "visitor.one('scl-train >>> scl-controls >>> [data-key=batch] .problem')")
            .await?;
        let problem = page.text(&control("batch", ".problem")).await?;
        assert!(problem.contains("4 to 256"), "{problem}");
        assert_eq!(page.get::<f64>("visitor.one('scl-train').store.state.settings.batch").await?, 64.0);
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
        assert_eq!(page.table().await?.len(), ROWS);
        Ok(())
    });
}
