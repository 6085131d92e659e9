//! What the page offers to copy works where it is put.

use std::path::{Path, PathBuf};

use crate::harness::{Outcome, Page, Server, Site, Visit, variable};
use crate::host::{asked, cdn, hosts, load_nudge};

/// A folder of this test.
fn folder(name: &str) -> Outcome<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("snippets-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// What the page says of its own server.
async fn reach(page: &Page) -> Outcome<Vec<String>> {
    page.run("visitor.one('scl-embed').scrollIntoView()", vec![]).await?;
    page.wait("words about the server", 20, "visitor.one('scl-embed >>> .reach li')").await?;
    page.get("visitor.all('scl-embed >>> .reach li').map((line) => line.innerText)").await
}

/// A server whose files others may not read: the page says so, and so does the element that nobody can load.
#[test]
fn where_a_server_lets_nobody_in_the_page_and_the_element_say_so() {
    let closed = Server::start(Site::page(Path::new(&variable("SCL_DIST")), "/lab/1.0/")).expect("a second server");
    let idle = Site { policy: String::new(), ..Site::page(&hosts(), "/") };
    Visit::to(idle).tolerating(&["CORS", "embed/embed.js"]).run(async |page| {
        page.visit(&format!("{}?expert=1", closed.address)).await?;
        page.wait("the snippets", 30, "visitor.one('scl-embed >>> #element')").await?;
        let lines = reach(page).await?;
        assert!(lines[0].contains("✗") && lines[0].contains("does not send Access-Control-Allow-Origin"), "{lines:?}");
        assert!(lines[1].contains("✓") && lines[1].contains("frame works"), "{lines:?}");
        assert!(lines[2].contains("this machine"), "{lines:?}");
        let element: String = page.get("visitor.one('scl-embed >>> #element').value").await?;
        let folder = folder("closed")?;
        std::fs::write(
            folder.join("index.html"),
            format!("<!doctype html><title>Copied</title><link rel=\"icon\" href=\"data:,\">{element}"),
        )?;
        let other = Server::start(Site { policy: String::new(), ..Site::page(&folder, "/") })?;
        page.visit(&other.address).await?;
        let words = page.text("semantic-continuity-nudge").await?;
        assert!(words.contains("is not here yet") && words.contains("Access-Control-Allow-Origin"), "{words}");
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    });
}

/// A server that forbids frames: the page reads it from its headers.
#[test]
fn where_a_server_forbids_frames_the_page_says_so() {
    let site = Site { open: true, ..Site::page(Path::new(&variable("SCL_DIST")), "/") };
    let site = Site { policy: format!("{}; frame-ancestors 'none'", site.policy), ..site };
    // The preview is such a frame.
    Visit::to(site).tolerating(&["frame-ancestors", "embed.html"]).run(async |page| {
        page.open("").await?;
        let lines = reach(page).await?;
        assert!(lines[0].contains("✓") && lines[0].contains("element works"), "{lines:?}");
        assert!(lines[1].contains("✗") && lines[1].contains("frame-ancestors"), "{lines:?}");
        Ok(())
    });
}

/// Beside the form, so that a choice is seen.
#[test]
fn the_preview_is_in_view_beside_the_form() {
    let cdn = cdn();
    let idle = Site { policy: String::new(), ..Site::page(&hosts(), "/") };
    Visit::to(idle).run(async |page| {
        page.screen(1280, 800).await?;
        page.visit(&format!("{}?expert=1", cdn.address)).await?;
        page.wait("the snippets", 30, "visitor.one('scl-embed >>> #element')").await?;
        reach(page).await?;
        page.wait("the preview", 20, "Number(visitor.one('scl-embed >>> iframe')?.height) < 250").await?;
        page.run("visitor.one('scl-embed >>> #figure').scrollIntoView({ block: 'center' })", vec![]).await?;
        let [form, frame]: [[f64; 4]; 2] = page
            .get(
                "['#figure', 'iframe'].map((part) => { const { left, top, right, bottom } = \
                 visitor.one(`scl-embed >>> ${part}`).getBoundingClientRect(); return [left, top, right, bottom] })",
            )
            .await?;
        assert!(frame[0] > form[2], "it stands beside: {frame:?} {form:?}");
        assert!(frame[1] >= 0.0 && frame[3] <= 800.0, "all of it is in view: {frame:?}");
        // Its frame is as high as what is chosen needs, and another choice is another preview.
        page.choose("scl-embed >>> #figure", "attack").await?;
        page.wait("the other figure", 10, "visitor.one('scl-embed >>> iframe').src.includes('figure=attack')").await?;
        page.screenshot("embed-builder").await?;
        Ok(())
    });
}

#[test]
fn copied_snippets_work_on_another_page() {
    let cdn = cdn();
    // The visit's own site is not used: both others are.
    let idle = Site { policy: String::new(), ..Site::page(&hosts(), "/") };
    Visit::to(idle).run(async |page| {
        page.visit(&format!("{}?dataset=mnist&alpha=3&nudge=shift:1&attack.steps=9", cdn.address)).await?;
        page.wait("the snippets", 30, "visitor.one('scl-embed >>> #element')").await?;
        assert_eq!(asked(&cdn, "embed.html"), 0, "no preview before anybody comes near");
        page.choose("scl-embed >>> #embed-theme", "dark").await?;
        page.wait("the preview", 20, "Number(visitor.one('scl-embed >>> iframe')?.height) < 250").await?;
        assert!(reach(page).await?.iter().all(|line| !line.contains("other sites")), "{:?}", reach(page).await?);
        let [element, frame, listener]: [String; 3] =
            page.get("['element', 'frame', 'listener'].map((id) => visitor.one(`scl-embed >>> #${id}`).value)").await?;

        // Of the figures only that one's choices go with it.
        assert!(element.contains("nudge=shift:1") && !element.contains("attack.steps"), "{element}");

        let folder = folder("copied")?;
        std::fs::write(
            folder.join("index.html"),
            format!(
                "<!doctype html><title>Copied</title><link rel=\"icon\" href=\"data:,\">{element}{frame}{}{listener}",
                frame.replace("<iframe", "<iframe sandbox=\"allow-scripts\"")
            ),
        )?;
        let other = Server::start(Site { policy: String::new(), ..Site::page(&folder, "/") })?;
        page.visit(&other.address).await?;
        load_nudge(page, "semantic-continuity-nudge").await?;
        let own = "visitor.one('semantic-continuity-nudge >>> scl-nudge').own.settings.dataset";
        assert_eq!(page.get::<String>(own).await?, "mnist");
        let alpha = "visitor.one('semantic-continuity-nudge >>> scl-nudge').store.state.settings.alpha";
        assert_eq!(page.get::<f64>(alpha).await?, 3.0);
        let ink = "getComputedStyle(visitor.one('semantic-continuity-nudge >>> .tokens')).backgroundColor";
        assert_eq!(page.get::<String>(ink).await?, "rgb(21, 22, 24)");
        // A card is lower than what is written into the snippet, so somebody listened.
        for frame in ["iframe", "iframe[sandbox]"] {
            page.run("document.querySelector(arguments[0]).scrollIntoView()", vec![frame.into()]).await?;
            let height = format!("Number(document.querySelector('{frame}').height) < 250");
            page.wait(&format!("the height of {frame}"), 10, &height).await?;
        }
        // A frame that asks for more than the snippet believes, or for nothing that is a height.
        for frame in ["iframe", "iframe[sandbox]"] {
            // What it is given stays for a moment: the figure in it then asks for its own height.
            let watch = "const frame = document.querySelector(arguments[0]); window.seen = new Set(); \
                 new MutationObserver(() => seen.add(Number(frame.height))).observe(frame, { attributeFilter: ['height'] })";
            page.run(watch, vec![frame.into()]).await?;
            for (asked, height) in [("1e9", 4000), ("-5", 100), ("Infinity", 4000)] {
                page.run("seen.clear()", vec![]).await?;
                page.element(frame).await?.enter_frame().await?;
                let ask = format!(
                    "for (const height of ['tall', {asked}]) parent.postMessage({{ type: 'semantic-continuity-height', height }}, '*')"
                );
                page.run(&ask, vec![]).await?;
                page.driver.enter_default_frame().await?;
                let there = format!("seen.has({height})");
                page.wait(&format!("{asked} to become {height}"), 10, &there).await?;
                assert!(!page.get::<bool>("seen.has(NaN)").await?, "'tall' is no height");
            }
        }
        // Nobody else is believed, not even in the name of a sandbox.
        let ask = "const stranger = document.body.appendChild(Object.assign(document.createElement('iframe'), \
            { sandbox: 'allow-scripts', srcdoc: `<script>parent.postMessage({ type: 'semantic-continuity-height', \
            height: 3000 }, '*'); parent.postMessage('asked', '*')</script>` })); \
            addEventListener('message', ({ source, data }) => (window.asked ||= data === 'asked' && source === stranger.contentWindow))";
        page.run("seen.clear()", vec![]).await?;
        page.run(ask, vec![]).await?;
        page.wait("the stranger to ask", 10, "window.asked").await?;
        // The figures may ask for their own heights meanwhile.
        assert!(!page.get::<bool>("seen.has(3000)").await?, "a stranger was believed");
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    });
}
