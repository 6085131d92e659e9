//! What the page offers to copy works where it is put.

use std::path::PathBuf;

use crate::harness::{Outcome, Server, Site, Visit};
use crate::host::{cdn, hosts, load_nudge};

/// A folder of this test.
fn folder() -> Outcome<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("snippets-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[test]
fn copied_snippets_work_on_another_page() {
    let cdn = cdn();
    // The visit's own site is not used: both others are.
    let idle = Site { policy: String::new(), ..Site::page(&hosts(), "/") };
    Visit::to(idle).run(async |page| {
        page.visit(&format!("{}?dataset=mnist&alpha=3&nudge=shift:1&attack.steps=9", cdn.address)).await?;
        page.wait("the snippets", 30, "visitor.one('scl-embed >>> #element')").await?;
        assert_eq!(page.count("scl-embed >>> iframe").await?, 0, "no preview before it is wanted");
        page.choose("scl-embed >>> #embed-theme", "dark").await?;
        page.click("scl-embed >>> #preview").await?;
        page.wait("the preview", 10, "Number(visitor.one('scl-embed >>> iframe')?.height) < 400").await?;
        let [element, frame, listener]: [String; 3] =
            page.get("['element', 'frame', 'listener'].map((id) => visitor.one(`scl-embed >>> #${id}`).value)").await?;

        // Of the figures only that one's choices go with it.
        assert!(element.contains("nudge=shift:1") && !element.contains("attack.steps"), "{element}");

        let folder = folder()?;
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
            let height = format!("Number(document.querySelector('{frame}').height) < 400");
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
