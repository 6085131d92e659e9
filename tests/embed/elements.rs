//! Custom elements on a host of another origin.

use std::time::Duration;

use crate::harness::{KEEP, Outcome, Page, Visit, saved_figure};
use crate::host::{asked, bring_elements, cdn, host, load_nudge, megabytes, visit, workers};

/// What a host page loads before anyone wants a figure.
const AT_REST: usize = 5;

/// A property of the computed style.
async fn style(page: &Page, path: &str, name: &str) -> Outcome<String> {
    page.get(&format!("getComputedStyle(visitor.one('{path}')).{name}")).await
}

/// Tasks longer than 50 ms, `[start, duration]`, after two widgets came to a page that had settled.
async fn long_tasks(page: &Page, cdn: &str) -> Outcome<Vec<[f64; 2]>> {
    page.visit("blank.html").await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    page.run(
        "visitor.longTasks.length = 0; \
         document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: `${arguments[0]}embed/embed.js` })); \
         document.body.append(...['nudge', 'lab'].map((figure) => document.createElement(`semantic-continuity-${figure}`)))",
        vec![cdn.into()],
    )
    .await?;
    page.wait("both cards", 10, "visitor.all('body > * >>> button').length === 2").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    page.get("visitor.longTasks").await
}

#[test]
fn embedding_adds_no_long_task() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.assert_tells_long_tasks().await?;
        // A busy machine stretches a task now and then; one of ours would be long every time.
        let mut seen = Vec::new();
        for _ in 0..3 {
            let long = long_tasks(page, &cdn.address).await?;
            if long.is_empty() {
                return Ok(());
            }
            seen.push(long);
        }
        panic!("every time: {seen:?}");
    });
}

#[test]
fn nothing_is_loaded_before_it_is_wanted() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.visit("article.html").await?;
        page.wait("the card", 10, "visitor.one('#second >>> button')").await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(cdn.requests().len(), AT_REST, "{:?}", cdn.requests());
        assert_eq!(workers(page).await?, 0);
        // The buttons say what they load. A server that compresses makes 0.5 MB of the engine, and code is 0.1 MB.
        for widget in ["#first", "#second"] {
            let before = megabytes(&cdn);
            let button = page.text(&format!("{widget} >>> button")).await?;
            let stated = button.split(['(', ' ']).find_map(|word| word.parse::<f64>().ok());
            load_nudge(page, widget).await?;
            let loaded = megabytes(&cdn) - before + 0.5 + 0.1;
            assert!(stated.is_some_and(|stated| (stated - loaded).abs() < 0.15), "{button}: it was {loaded} MB");
        }
        Ok(())
    });
}

/// What comes with a study's figure takes no engine; its pictures do, once they are wanted.
#[test]
fn what_was_computed_beforehand_starts_no_engine() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.visit("blank.html").await?;
        bring_elements(page, &cdn).await?;
        for (figure, stated, pictures) in [
            ("robustness", "(0.1 MB;", "#gallery scl-picture"),
            ("response", "(0.3 MB;", "scl-triplets >>> scl-picture"),
        ] {
            let widget = format!("semantic-continuity-{figure}");
            page.run(
                "document.body.replaceChildren(document.createElement(arguments[0]))",
                vec![widget.clone().into()],
            )
            .await?;
            let button = page.text(&format!("{widget} >>> button")).await?;
            assert!(button.contains(stated), "{button}");
            page.click(&format!("{widget} >>> button")).await?;
            let element = format!("{widget} >>> scl-{figure}");
            let there =
                format!("Object.values(visitor.one('{element}').results).every((result) => result?.beforehand)");
            page.wait("what comes with it", 20, &there).await?;
            page.wait("the offer of pictures", 20, &format!("visitor.one('{element} >>> #pictures')")).await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert_eq!(workers(page).await?, 0, "{figure}: nobody asked for an engine");
            page.click(&format!("{element} >>> #pictures")).await?;
            page.wait("its pictures", 60, &format!("visitor.one('{element} >>> {pictures}')")).await?;
            assert_eq!(workers(page).await?, 1, "{figure}");
        }
        Ok(())
    });
}

#[test]
fn two_widgets_share_an_engine_under_a_strict_policy_and_free_it() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.visit("article.html").await?;
        load_nudge(page, "#first").await?;
        load_nudge(page, "#second").await?;
        assert_eq!(workers(page).await?, 1, "one engine for both");
        for file in ["cpu_engine_bg-", "engine/worker.js", "catalogue/library.js", "tokens.css"] {
            assert_eq!(asked(&cdn, file), 1, "{file}");
        }
        // The attributes of the second one.
        let dataset: String = page.get("visitor.one('#second >>> scl-nudge').own.settings.dataset").await?;
        assert_eq!(dataset, "mnist");
        assert_eq!(page.property::<String>("#second >>> scl-nudge >>> #strength", "value").await?, "2");
        let notice = page.text("#second >>> .notice").await?;
        assert!(notice.contains("nonsense"), "{notice}");

        page.run("document.querySelector('#first').remove()", vec![]).await?;
        assert_eq!(workers(page).await?, 1, "the second one still needs it");
        let before: f64 = page.get("visitor.one('#second >>> scl-nudge').reply.l2").await?;
        page.press("#second >>> scl-nudge >>> #strength", thirtyfour::Key::Left).await?;
        let changed = format!("visitor.one('#second >>> scl-nudge').reply.l2 !== {before}");
        page.wait("another answer", 10, &changed).await?;
        page.run("window.kept = document.querySelector('#second'); kept.remove()", vec![]).await?;
        page.wait("the end of the worker", 20, "workers.every((worker) => worker.ended)").await?;

        // It can come back, and begins anew.
        page.run("document.body.append(kept)", vec![]).await?;
        load_nudge(page, "#second").await?;
        assert_eq!(workers(page).await?, 1);
        Ok(())
    });
}

#[test]
fn the_hosts_style_stays_outside() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.visit("article.html").await?;
        load_nudge(page, "#first").await?;
        load_nudge(page, "#second").await?;
        page.screenshot("embed-article").await?;
        // The style is as hostile as it should be.
        assert_eq!(style(page, "article p", "color").await?, "rgb(255, 0, 0)");
        assert_eq!(style(page, "html", "fontSize").await?, "10px");
        for (widget, theme, paper, ink) in [
            ("#first", "light", "rgb(251, 250, 247)", "rgb(29, 28, 26)"),
            ("#second", "dark", "rgb(21, 22, 24)", "rgb(236, 234, 230)"),
        ] {
            // Headless Chromium prefers light.
            let (inner, rates) = (format!("{widget} >>> .tokens"), format!("{widget} >>> scl-nudge >>> .rates"));
            assert_eq!(style(page, &inner, "backgroundColor").await?, paper, "{theme}");
            for (name, expected) in [
                ("color", ink),
                ("textTransform", "none"),
                ("letterSpacing", "normal"),
                ("direction", "ltr"),
                ("textAlign", "start"),
                ("cursor", "auto"),
            ] {
                assert_eq!(style(page, &rates, name).await?, expected, "{theme}: {name}");
            }
            assert!(style(page, &rates, "fontFamily").await?.starts_with("system-ui"));
            // 2.5rem of the reader's own letters, although the host's root has smaller ones.
            let height = page.height(&format!("{widget} >>> scl-nudge >>> button")).await?;
            assert!((38.0..46.0).contains(&height), "{theme}: a button is {height} px high");
        }
        // In the narrow column both answers stand one below the other or side by side, but within it.
        let [inner, outer]: [f64; 2] = page
            .get("['#first >>> scl-nudge >>> .answers', '#first'].map((path) => visitor.one(path).getBoundingClientRect().right)")
            .await?;
        assert!(inner <= outer, "the figure ends at {inner}, its place at {outer}");
        // Attributes count later, too.
        page.run("document.querySelector('#first').setAttribute('theme', 'dark')", vec![]).await?;
        assert_eq!(style(page, "#first >>> .tokens", "backgroundColor").await?, "rgb(21, 22, 24)");
        page.run("document.querySelector('#first').setAttribute('height', '300')", vec![]).await?;
        let height = page.height("#first >>> .tokens").await?;
        assert!((250.0..520.0).contains(&height), "{height}");
        Ok(())
    });
}

/// Prototype.js, of which hosts still have the first versions: lists and texts become JSON in their own way.
const PROTOTYPE: &str = "Object.assign(Array.prototype, { toJSON() { return `[${this.map((each) => JSON.stringify(each)).join(', ')}]` }, \
        each(act) { this.forEach(act); return this }, without() { return this }, first() { return this[0] }, last() { return this.at(-1) }, \
        size() { return this.length }, clear() { this.length = 0; return this }, toArray() { return [...this] } }); \
    Object.assign(String.prototype, { toJSON() { return `${this}` }, strip() { return this.trim() }, toArray() { return [...this] } }); \
    Object.assign(Number.prototype, { toJSON() { return Number(this) }, times(act) { for (let i = 0; i < this; i++) act(i) } }); \
    Object.assign(Element.prototype, { update(content) { this.innerHTML = content }, select(css) { return this.querySelectorAll(css) }, hide() {}, show() {} }); \
    globalThis.$ = (id) => document.getElementById(id); globalThis.$$ = (css) => [...document.querySelectorAll(css)]";

#[test]
fn a_host_may_extend_what_the_browser_has() {
    let cdn = cdn();
    Visit::to(host(&cdn, "blob:")).before_load(PROTOTYPE).run(async |page| {
        page.visit("blank.html").await?;
        // The driver's own scripts may have a scope of their own.
        let list = "window.JSON.stringify(window.Array.of(window.Array.of(1)))";
        assert_eq!(page.get::<String>(list).await?, "\"[\\\"[1]\\\"]\"", "as Prototype.js has it");
        bring_elements(page, &cdn).await?;
        page.run(
            "document.body.dir = 'rtl'; document.body.append(...['nudge', 'attack'].map((figure) => document.createElement(`semantic-continuity-${figure}`)))",
            vec![],
        )
        .await?;
        load_nudge(page, "semantic-continuity-nudge").await?;
        page.run("document.querySelector('semantic-continuity-attack').load()", vec![]).await?;
        page.wait("the attack", 60, "visitor.one('semantic-continuity-attack >>> scl-attack').reply").await?;
        assert_eq!(style(page, "semantic-continuity-attack >>> scl-attack", "direction").await?, "ltr");
        assert_eq!(page.count("semantic-continuity-attack >>> scl-attack >>> [role=alert]").await?, 0);
        // Firefox's driver writes its answers as the host would.
        page.run("delete window.Array.prototype.toJSON", vec![]).await?;
        Ok(())
    });
}

#[test]
fn every_figure_stands_alone_and_saves_what_it_shows() {
    let cdn = cdn();
    Visit::to(host(&cdn, "blob:")).before_load(KEEP).run(async |page| {
        page.visit("blank.html").await?;
        bring_elements(page, &cdn).await?;
        let loaded: Vec<(String, bool)> = page
            .run_async(
                "const { FIGURES } = await import(`${arguments[0]}catalogue/figures.js`); \
                 const loaded = []; \
                 for (const figure of Object.keys(FIGURES)) { \
                     const widget = document.createElement(`semantic-continuity-${figure}`); \
                     widget.setAttribute('theme', 'dark'); \
                     widget.setAttribute('controls', 'all'); \
                     document.body.append(widget); \
                     const there = await widget.load() && Boolean(widget.shadowRoot.querySelector(`scl-${figure}`)?.shadowRoot.children.length); \
                     loaded.push([figure, there]); \
                     if (figure !== 'attack') widget.remove(); \
                 } \
                 return loaded",
                vec![cdn.address.clone().into()],
            )
            .await?;
        assert_eq!(loaded.len(), 14);
        assert!(loaded.iter().all(|(_, there)| *there), "{loaded:?}");
        // A figure for a paper has the colours of the light theme, wherever it comes from.
        const ATTACK: &str = "semantic-continuity-attack >>> scl-attack";
        page.wait("the attack", 60, &format!("visitor.one('{ATTACK}').reply")).await?;
        let (name, words, [pictures, _]) = saved_figure(page, &format!("{ATTACK} >>>")).await?;
        assert!(name.ends_with(".svg") && words.contains("Plain") && pictures > 2, "{name}: {words}");
        let svg: String = page.run_async("return saved.at(-1).blob.text()", vec![]).await?;
        assert!(svg.contains("#b34700") && !svg.contains("#ff9a57"), "the colours of another theme");
        Ok(())
    });
}

/// Whether the visitor sees any form of a figure, and whether a picture is above all of them.
async fn form(page: &Page, figure: &str) -> Outcome<[bool; 2]> {
    let shown = "filter((element) => element.checkVisibility()).map((element) => element.getBoundingClientRect().top)";
    let inner = format!("semantic-continuity-{figure} >>> scl-{figure} >>>");
    page.get(&format!(
        "(([fields, pictures]) => [fields.length > 0, Math.min(...pictures) < Math.min(...fields)])(\
         [':is(select, input:not([type=range]))', 'scl-picture'].map((part) => visitor.all(`{inner} ${{part}}`).{shown}))"
    ))
    .await
}

/// In the column of an article: a picture, what the models say, and one slider; the rest when it is asked for.
#[test]
fn figures_are_low_and_fold_their_settings() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.visit("blank.html").await?;
        bring_elements(page, &cdn).await?;
        for (figure, most) in [("nudge", 340.0), ("attack", 420.0), ("fool", 380.0)] {
            let widget = format!("semantic-continuity-{figure}");
            page.run(
                "document.body.style.width = '680px'; document.body.replaceChildren(document.createElement(arguments[0]))",
                vec![widget.clone().into()],
            )
            .await?;
            page.click(&format!("{widget} >>> button")).await?;
            let reply = format!("visitor.one('{widget} >>> scl-{figure}')?.reply");
            page.wait("an answer of the engine", 60, &format!("{reply} && !{reply}.beforehand")).await?;
            page.screenshot(&format!("embed-few-{figure}")).await?;
            let height = page.height(&widget).await?;
            assert!(height > 250.0 && height <= most, "{figure} is {height} px high");
            let offered: f64 = page
                .run_async(
                    "return (await import(`${arguments[0]}catalogue/figures.js`)).FIGURES[arguments[1]].few",
                    vec![cdn.address.clone().into(), figure.into()],
                )
                .await?;
            assert_eq!(offered, most, "{figure}: what a frame is made for");
            assert_eq!(form(page, figure).await?, [false, true], "{figure}: folded");
            page.click(&format!("{widget} >>> .head button")).await?;
            assert_eq!(form(page, figure).await?, [true, true], "{figure}: unfolded");
            assert!(page.height(&widget).await? > height);
            page.screenshot(&format!("embed-few-{figure}-unfolded")).await?;
            page.click(&format!("{widget} >>> .head button")).await?;
            // It may have learnt more meanwhile, such as both limits.
            assert!(page.height(&widget).await? <= most, "{figure}: folded again");
            // Who wants all of it says so.
            page.run("document.querySelector(arguments[0]).setAttribute('controls', 'all')", vec![widget.clone().into()])
                .await?;
            page.wait("the figure again", 60, &format!("{reply} && !{reply}.beforehand")).await?;
            assert!(form(page, figure).await?[0], "{figure}: all");
            assert_eq!(page.count(&format!("{widget} >>> .head button")).await?, 0, "{figure}: nothing is folded");
        }
        Ok(())
    });
}

#[test]
fn nothing_is_in_the_way_of_assistive_technology() {
    const AXE: &str = include_str!("../browser/vendor/axe.js");
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.visit("blank.html").await?;
        bring_elements(page, &cdn).await?;
        page.run(AXE, vec![]).await?;
        let violations: Vec<(String, usize, Vec<String>)> = page
            .run_async(
                "const results = []; \
                 for (const theme of ['light', 'dark']) { \
                     const widgets = ['nudge', 'lab', 'claims'].map((figure) => document.createElement(`semantic-continuity-${figure}`)); \
                     widgets.forEach((widget) => { widget.setAttribute('theme', theme); widget.setAttribute('height', '500'); }); \
                     document.body.replaceChildren(...widgets); \
                     for (const state of ['card', 'figure']) { \
                         if (state === 'figure') { \
                             await Promise.all(widgets.map((widget) => widget.load())); \
                             visitor.one('semantic-continuity-nudge >>> .head button').click(); \
                             while (!visitor.one('semantic-continuity-nudge >>> scl-nudge').rates || !visitor.one('semantic-continuity-claims >>> scl-claims').table) await new Promise(requestAnimationFrame); \
                         } \
                         const { violations, passes } = await axe.run({ include: widgets.map(({ localName }) => localName) }); \
                         results.push([`${theme} ${state}`, passes.length, violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' >>> '))}`)]); \
                     } \
                 } \
                 return results",
                vec![],
            )
            .await?;
        assert_eq!(violations.len(), 4);
        for (state, passes, violations) in violations {
            assert!(violations.is_empty(), "{state}: {violations:#?}");
            assert!(passes >= 5, "{state}: only {passes} rules were met");
        }
        Ok(())
    });
}

#[test]
fn without_workers_the_pages_own_thread_computes() {
    let cdn = cdn();
    visit(host(&cdn, "'none'")).tolerating(&["worker-src", "violates the following Content Security Policy"]).run(
        async |page| {
            page.visit("article.html").await?;
            load_nudge(page, "#first").await?;
            load_nudge(page, "#second").await?;
            assert_eq!(asked(&cdn, "engine/worker.js"), 0, "no worker may have started");
            assert_eq!(asked(&cdn, "engine/api.js"), 1);
            assert_eq!(page.get::<usize>("workers.length").await?, 1, "asked for once, refused once");
            Ok(())
        },
    );
}

#[test]
fn the_lab_loads_when_it_is_seen_trains_and_ends_with_its_element() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        const LAB: &str = "semantic-continuity-lab >>> scl-lab >>>";
        page.visit("later.html").await?;
        page.wait("the card", 10, "visitor.one('semantic-continuity-lab >>> button')").await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(cdn.requests().len(), AT_REST, "{:?}", cdn.requests());
        page.run("document.querySelector('semantic-continuity-lab').scrollIntoView()", vec![]).await?;
        let ready = format!("visitor.one('{LAB} scl-train >>> #start')?.disabled === false");
        page.wait("the lab", 30, &ready).await?;
        assert_eq!(page.count(&format!("{LAB} scl-train >>> scl-runs")).await?, 0, "nothing is stored on a host");

        page.click(&format!("{LAB} scl-train >>> #start")).await?;
        let done = format!("visitor.one('{LAB} scl-train >>> #phase').dataset.phase === 'done'");
        page.wait("the end of the run", 120, &done).await?;
        page.click(&format!("{LAB} [data-figure=attack]")).await.expect_err("it is closed");
        page.run(
            "visitor.all(arguments[0])[0].closest('details').querySelector('summary').click()",
            vec![format!("{LAB} [data-figure=attack]").into()],
        )
        .await?;
        page.run("visitor.one(arguments[0]).scrollIntoView()", vec![format!("{LAB} [data-figure=attack]").into()])
            .await?;
        page.wait("the attack", 60, &format!("visitor.one('{LAB} scl-attack')?.reply")).await?;
        page.choose(&format!("{LAB} scl-attack >>> #pair"), "own").await?;
        page.wait(
            "the trained models",
            60,
            &format!("visitor.one('{LAB} scl-attack').reply?.own?.settings.steps === 8"),
        )
        .await?;

        // In the middle of a run.
        page.click(&format!("{LAB} scl-train >>> #start")).await?;
        page.wait("training", 30, &format!("visitor.one('{LAB} scl-train >>> #phase').dataset.phase !== 'done'"))
            .await?;
        page.run("document.querySelector('semantic-continuity-lab').remove()", vec![]).await?;
        page.wait("the end of all workers", 10, "workers.every((worker) => worker.ended)").await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(workers(page).await?, 0, "none may start afterwards");
        Ok(())
    });
}
