//! A number that does not exist, from the engines to the table, the curve, the figure and the file: it says why there is
//! none, and neither model wins by it.

use serde_json::Value;

use crate::harness::{KEEP, Visit, opens, saved_figure};

/// Puts an element on the page, which shows what `make` sets.
fn shows(element: &str, module: &str, register: &str, make: &str) -> String {
    format!(
        "const {{ {register} }} = await import(new URL('elements/{module}', document.baseURI)); {register}(); \
         const {{ store }} = document.querySelector('scl-train'); \
         const made = Object.assign(document.createElement('{element}'), {make}); made.id = 'made'; \
         document.querySelector('main').prepend(made); await made.updateComplete; return true"
    )
}

const NONE: &str = "{ undefined: 'all maps are 0', n: 12 }";

/// Pictures that are all white have outputs that are all alike: a distance over theirs is no number.
#[test]
fn white_pictures_have_no_normalised_ds() {
    Visit::new().before_load(KEEP).run(async |page| {
        page.open("steps=10&batch=8&eval_images=10&engine=cpu").await?;
        let own = "scl-train >>> scl-controls >>> scl-own-data >>> ";
        page.click(&format!("{own}summary")).await?;
        page.run_async::<bool>(
            "const canvas = new OffscreenCanvas(32, 32); const context = canvas.getContext('2d'); \
             context.fillStyle = '#fff'; context.fillRect(0, 0, 32, 32); \
             const white = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()); \
             const { zipSync } = await import(new URL('vendor/fflate.js', document.baseURI)); const files = {}; \
             for (const name of ['discs', 'squares']) for (let i = 0; i < 30; i++) files[`${name}/${i}.png`] = white; \
             const list = new DataTransfer(); list.items.add(new File([zipSync(files)], 'white.zip')); \
             const input = visitor.one('scl-train >>> scl-controls >>> scl-own-data >>> #files-input'); \
             input.files = list.files; input.dispatchEvent(new Event('change')); return true",
            vec![],
        )
        .await?;
        page.wait("own pictures", 30, &format!("visitor.one('{own}#use')")).await?;
        page.click(&format!("{own}#use")).await?;
        page.train(120).await?;
        let rows = page.table().await?;
        let ds = rows.iter().find(|row| row.id == "normalised-ds").unwrap();
        let [plain, second, difference, verdict] = &ds.cells[..] else { panic!("{ds:?}") };
        for cell in [plain, second, difference] {
            assert_eq!(cell, "–, undefined: the outputs for different images do not differ");
        }
        assert_eq!(verdict, "undefined");
        page.click("scl-train >>> scl-comparison >>> [data-save=CSV]").await?;
        let csv: String = page.run_async("return await saved.at(-1).blob.text()", vec![]).await?;
        let line = csv.lines().find(|line| line.starts_with("normalised-ds,")).unwrap();
        assert!(line.contains(",,,,10,the outputs for different images do not differ,"), "{line}");
        assert!(line.ends_with(",undefined"), "{line}");
        Ok(())
    });
}

/// Of the second model one point is none: its line has a gap, on the page and in the file.
#[test]
fn a_curve_has_a_gap_where_its_number_is_undefined() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        let make = format!(
            "{{ lanes: store.lanes(), unit: '', xLabel: 'strength', xHead: 'strength', yLabel: 'measure', label: 'measure', \
                points: [0, 1, 2].map((x) => ({{ x, plain: {{ value: x, low: x, high: x + 1, n: 12 }}, \
                continuity: x === 1 ? {NONE} : {{ value: 1, low: 0, high: 2, n: 9 }}, difference: x === 1 ? {NONE} : {{ value: 1 - x, low: -2, high: 2, n: 9 }} }})) }}"
        );
        page.run_async::<bool>(&shows("scl-curve", "curve/curve.js", "registerCurve", &make), vec![]).await?;
        page.wait("the plot", 10, "visitor.one('#made >>> .uplot')").await?;
        let cells: Vec<Vec<String>> = page
            .get("visitor.all('#made >>> tbody tr').map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent.replaceAll(/\\s+/g, ' ').trim()))")
            .await?;
        assert_eq!(cells[1][1..], ["–, undefined: all maps are 0", "–, undefined: all maps are 0"]);
        assert_eq!(cells[0], ["0 0 to 1", "1 0 to 2, n = 9", "+1 −2 to +2, n = 9"]);
        let figure: Value = page
            .run_async(
                "const { curveSheet } = await import(new URL('download/figure/curve.js', document.baseURI)); \
                 const made = document.querySelector('#made'); \
                 const sheet = curveSheet({ title: 'A measure', lanes: made.lanes, points: made.points, unit: '', xLabel: 'x', yLabel: 'y', caption: 'Made.' }); \
                 const words = [...sheet.querySelectorAll('tspan')].map((line) => line.textContent).join(' '); \
                 return [words.includes('Where a line has a gap its number is undefined.'), /NaN|undefined,|Infinity/.test(new XMLSerializer().serializeToString(sheet))]",
                vec![],
            )
            .await?;
        assert_eq!(figure, serde_json::json!([true, false]));
        Ok(())
    });
}

/// Changes for which the difference is none are told apart from those too close to call.
#[test]
fn what_is_undefined_is_counted_neither_as_a_win_nor_as_a_loss() {
    Visit::new().run(async |page| {
        opens(page, "").await?;
        let words: String = page
            .run_async(
                &format!(
                    "const {{ tally }} = await import(new URL('elements/response/tally.js', document.baseURI)); \
                     const row = (low, high) => ({{ row: {{ difference: {{ value: (low + high) / 2, low, high, n: 9 }} }}, words: 'hue', trained: false }}); \
                     return tally([row(1, 2), row(-1, 1), row(-2, -1), {{ row: {{ difference: {NONE} }}, words: 'noise', trained: false }}], 'higher', 'with the constraint')"
                ),
                vec![],
            )
            .await?;
        assert!(
            words.contains("better in 1, worse in 1 (hue), too close to call in 1, undefined in 1."),
            "{words}"
        );
        Ok(())
    });
}

/// The theory as it was measured: where there are kinks DS over variance does not meet the Jacobian, off them it does.
#[test]
fn ds_over_variance_meets_the_jacobian_off_the_kinks() {
    Visit::new().before_load(KEEP).run(async |page| {
        opens(page, "").await?;
        page.click("scl-smoothness >>> #measure").await?;
        page.wait("the measures", 240, "visitor.one('scl-smoothness >>> [data-phase=done]')").await?;
        let quotients: Vec<[f64; 2]> = page
            .get(
                "document.querySelector('scl-smoothness').results.smoothness.value.quotients\
                 .flatMap(({ plain, continuity }) => [plain, continuity].map(({ low, high }) => [low, high]))",
            )
            .await?;
        let [plain, second, plain_off, second_off] = quotients[..] else { panic!("{quotients:?}") };
        assert!(plain[0] > 1.0 && second[0] > 1.0, "these pictures lie on kinks: {quotients:?}");
        for [low, high] in [plain_off, second_off] {
            assert!(low <= 1.0 && 1.0 <= high, "off the kinks it meets: {quotients:?}");
        }
        let words = page.text("scl-smoothness >>> #theory").await?;
        for said in ["tends to a multiple of ‖J‖²", "lie on kinks", "meets ‖J‖².", "first order is off"] {
            assert!(words.contains(said), "{said}: {words}");
        }
        let (name, figure, _) = saved_figure(page, "scl-smoothness >>> [data-curve=ds]").await?;
        assert_eq!(name, "ds.svg");
        assert!(figure.contains("at 0: the exact ‖J‖²") && figure.contains("lie on kinks"), "{figure}");
        Ok(())
    });
}
