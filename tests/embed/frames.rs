//! Frames: for hosts that allow no scripts.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::harness::{Off, Outcome, Page, Server, Site, Visit, variable};
use crate::host::{asked, cdn, host, visit};

/// The shadow root of the widget. A frame of another origin knows nothing of the test's own script.
const WIDGET: &str = "document.querySelector('semantic-continuity-nudge').shadowRoot";

/// Waits in a frame for its figure, and stays there.
async fn figure_in(page: &Page, frame: &str) -> Outcome {
    page.element(frame).await?.enter_frame().await?;
    let counted = format!("{WIDGET}.querySelector('scl-nudge')?.shadowRoot.querySelector('.rates strong')");
    page.wait("the figure in the frame", 60, &counted).await.map(drop)
}

/// What a widget needs of a frame's height: a frame that is higher is filled.
const NEEDED: &str = "(() => { const [filled, sheet] = ['.tokens', '.sheet'].map((part) => WIDGET.querySelector(part)); \
    return document.body.getBoundingClientRect().height - filled.clientHeight + sheet.getBoundingClientRect().height })()";

/// Waits, outside of a frame, until it is as high as what is in it; returns that height. A figure goes on growing after
/// its first numbers, so both are read anew each time.
async fn grown(page: &Page, frame: &str) -> Outcome<f64> {
    let start = Instant::now();
    loop {
        page.element(frame).await?.enter_frame().await?;
        let inner: f64 = page.get(&NEEDED.replace("WIDGET", WIDGET)).await?;
        page.driver.enter_default_frame().await?;
        let outer: f64 = page.get(&format!("Number(document.querySelector('{frame}').height)")).await?;
        if (outer - inner).abs() <= 1.0 {
            return Ok(inner);
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{frame} is {outer} px high, what is in it {inner} px");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn frames_say_how_high_they_are_also_in_a_sandbox() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.visit("frames.html").await?;
        for (frame, origin, paper) in [
            ("#plain", cdn.address.trim_end_matches("/lab/1.0/"), "rgb(251, 250, 247)"),
            ("#sandboxed", "null", "rgb(21, 22, 24)"),
        ] {
            page.run("document.querySelector(arguments[0]).scrollIntoView()", vec![frame.into()]).await?;
            figure_in(page, frame).await?;
            assert_eq!(page.get::<String>("self.origin").await?, origin);
            let background = format!("getComputedStyle({WIDGET}.querySelector('.tokens')).backgroundColor");
            assert_eq!(page.get::<String>(&background).await?, paper);
            page.driver.enter_default_frame().await?;
            let inner = grown(page, frame).await?;
            assert!((250.0..=340.0).contains(&inner), "{frame} is {inner} px high");
        }
        assert_eq!(asked(&cdn, "engine/worker.js"), 2, "each has a worker");
        // In the sandbox there is no storage to fall back on.
        page.element("#sandboxed").await?.enter_frame().await?;
        assert!(page.run("return localStorage.length", vec![]).await.is_err(), "a sandbox has no storage");
        page.driver.enter_default_frame().await?;
        // Nobody else decides how high a frame is.
        let height: String = page.get("document.querySelector('#plain').height").await?;
        page.run("postMessage({ type: 'semantic-continuity-height', height: 900 })", vec![]).await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(page.get::<String>("document.querySelector('#plain').height").await?, height);
        Ok(())
    });
}

/// Where nobody listens, a card takes all of its frame, and stands in its middle.
#[test]
fn a_card_fills_its_frame() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.visit("blank.html").await?;
        page.run(
            "window.told = []; addEventListener('message', ({ data }) => told.push(data.height)); \
             document.body.append(Object.assign(document.createElement('iframe'), \
             { src: `${arguments[0]}embed.html?figure=nudge`, width: 680, height: 700 }))",
            vec![cdn.address.clone().into()],
        )
        .await?;
        page.wait("its height", 20, "window.told.length").await?;
        page.element("iframe").await?.enter_frame().await?;
        let [frame, card, above, below]: [f64; 4] = page
            .get(&format!(
                "(([card, sheet]) => [innerHeight, card.height, sheet.top - card.top, card.bottom - sheet.bottom])\
                 (['.tokens', '.sheet'].map((part) => {WIDGET}.querySelector(part).getBoundingClientRect()))"
            ))
            .await?;
        assert!((frame - card).abs() <= 1.0, "the card is {card} px high, its frame {frame}");
        assert!(above > 200.0 && (above - below).abs() <= 2.0, "{above} px above and {below} below");
        page.screenshot("embed-card-fills").await?;
        page.driver.enter_default_frame().await?;
        // It still says how little it needs.
        let told: f64 = page.get("told.at(-1)").await?;
        assert!((100.0..250.0).contains(&told), "{told}");
        Ok(())
    });
}

#[test]
fn without_scripts_a_frame_shows_a_picture() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        page.visit("mute.html").await?;
        let start = Instant::now();
        while asked(&cdn, "embed/nudge.png") == 0 {
            assert!(start.elapsed().as_secs() < 10, "the picture was never asked for: {:?}", cdn.requests());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(asked(&cdn, "embed/mute.css"), 1, "which is in view at once");
        // The browser may fetch the script in advance; had it run, it would have asked for others.
        assert_eq!(asked(&cdn, "embed/embed.js"), 0, "no script may run there");
        page.screenshot("embed-mute").await
    });
}

/// A server that does not let other origins read its files, and a frame that has no origin.
#[test]
fn where_its_script_is_refused_a_frame_shows_a_picture() {
    let closed = Site::page(Path::new(&variable("SCL_DIST")), "/lab/1.0/");
    let closed = Server::start(closed).unwrap_or_else(|error| panic!("the second server does not start: {error}"));
    visit(host(&closed, "blob:")).tolerating(&["CORS", "embed/page.js"]).run(async |page| {
        page.visit("frames.html").await?;
        // A frame with an origin needs nobody's leave; when it has grown, the other one can be looked at.
        figure_in(page, "#plain").await?;
        page.driver.enter_default_frame().await?;
        grown(page, "#plain").await?;
        page.run("document.querySelector('#sandboxed').scrollIntoView()", vec![]).await?;
        page.element("#sandboxed").await?.enter_frame().await?;
        page.wait("the picture", 20, "document.querySelector('#instead img').naturalWidth > 100").await?;
        // Lazily as it loads, it may be there before the time at which it is shown.
        let top = "document.querySelector('#instead').getBoundingClientRect().top";
        page.wait("the picture in view", 10, &format!("{top} >= 0 && {top} < 50")).await?;
        page.driver.enter_default_frame().await?;
        Ok(())
    });
}

/// A browser refuses a download from a sandbox without a word: the figure says what the host must allow, and shows the content.
#[test]
fn what_a_sandbox_does_not_let_out_is_shown() {
    let cdn = cdn();
    // Firefox asks the host's policy about the frame before it refuses the download.
    visit(host(&cdn, "blob:")).tolerating(&["ownload", "frame-src by blob"]).run(async |page| {
        page.visit("saving.html").await?;
        page.element("iframe").await?.enter_frame().await?;
        let figure =
            "document.querySelector('semantic-continuity-attack').shadowRoot.querySelector('scl-attack').shadowRoot";
        let button = format!("{figure}.querySelector('[data-save=JSON]:not(:disabled)')");
        page.wait("the figure in the frame", 60, &button).await?;
        page.run(&format!("{button}.focus(); {button}.click()"), vec![]).await?;
        let place = format!("{figure}.querySelector('[data-sandbox]')");
        page.wait("words about it", 10, &place).await?;
        let words: String = page.get(&format!("{place}.innerText")).await?;
        assert!(words.contains("allow-downloads") && words.contains(".json"), "{words}");
        let content: String = page.get(&format!("{place}.querySelector('textarea').value")).await?;
        let content: serde_json::Value = serde_json::from_str(&content)?;
        assert!(content.is_object(), "{content}");
        page.driver.enter_default_frame().await?;
        Ok(())
    });
}

/// A frame of another site, in a browser that lets other sites keep nothing.
#[test]
fn a_frame_that_may_keep_nothing_shows_its_figure() {
    let cdn = cdn();
    // The same server by another name is another site.
    let address = cdn.address.replace("127.0.0.1", "localhost");
    let site = host(&cdn, "blob:");
    let site = Site { policy: site.policy.replace(&cdn.address, &address), cdn: address, ..site };
    visit(site).without(Off::StorageOfOthers).run(async |page| {
        page.visit("frames.html").await?;
        figure_in(page, "#plain").await?;
        page.driver.enter_default_frame().await?;
        Ok(())
    });
}

#[test]
fn without_wasm_a_frame_shows_a_picture() {
    let page = Site::page(Path::new(&variable("SCL_DIST")), "/");
    let site = Site { policy: page.policy.replace(" 'wasm-unsafe-eval'", ""), ..page };
    Visit::to(site).tolerating(&["script-src", "Content Security Policy"]).run(async |page| {
        page.visit("embed.html?figure=attack&autoload").await?;
        let picture = "visitor.one('semantic-continuity-attack >>> img')";
        page.wait("the picture", 10, &format!("{picture}?.naturalWidth > 100")).await?;
        let alternative: String = page.get(&format!("{picture}.alt")).await?;
        assert!(alternative.contains("sandal"), "{alternative}");
        let text = page.text("semantic-continuity-attack >>> .place").await?;
        assert!(text.contains("needs WebAssembly"), "{text}");
        assert!(!page.requests().iter().any(|request| request.contains("engine/")), "nothing heavy was loaded");
        Ok(())
    });
}

/// What newsletters append to the address of a frame is nobody's choice; what leads on leaves the host where it is.
#[test]
fn a_frame_ignores_what_follows_the_visitor_and_stays_where_it_is() {
    let cdn = cdn();
    visit(host(&cdn, "blob:")).run(async |page| {
        const CLAIMS: &str = "semantic-continuity-claims >>>";
        let appended = "utm_source=x&utm_medium=email&mc_cid=1&mc_eid=2&fbclid=x&gclid=1&ref=x";
        page.visit(&format!("{}embed.html?figure=claims&autoload&{appended}&alhpa=2", cdn.address)).await?;
        page.wait("the claims", 30, &format!("visitor.one('{CLAIMS} scl-claims').table")).await?;
        let notices: Vec<String> =
            page.get(&format!("visitor.all('{CLAIMS} .notice').map((notice) => notice.innerText)")).await?;
        assert!(notices.len() == 1 && notices[0].contains("Did you mean \"alpha\"?"), "{notices:?}");
        page.wait("its links", 10, &format!("visitor.one('{CLAIMS} scl-claims >>> td a')")).await?;
        let links: Vec<[String; 2]> = page
            .get(&format!(
                "visitor.all('{CLAIMS} scl-claims >>> :is(td, th) a').map(({{ href, target }}) => [href, target])"
            ))
            .await?;
        assert!(links.iter().any(|[href, _]| href.ends_with("#train")) && links.len() > 50, "{}", links.len());
        for [href, target] in links {
            assert!(href.starts_with(&cdn.address) && !href.contains("embed.html") && target == "_blank", "{href}");
        }
        Ok(())
    });
}
