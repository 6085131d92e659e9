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
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    });
}
