//! The page without a network, and when a newer version is there.

use serde_json::json;

use crate::harness::{Copy, Off, Outcome, Page, ROWS, SHORT, Visit};

async fn wait_until_kept(page: &Page) -> Outcome {
    page.wait("the page to be kept", 60, "document.querySelector('#offline').textContent").await.map(drop)
}

async fn caches(page: &Page) -> Outcome<Vec<String>> {
    page.run_async("return await caches.keys()", vec![]).await
}

#[test]
fn what_was_used_works_without_a_network() {
    // The browser looks for a newer service worker in vain.
    Visit::new().tolerating(&["service-worker.js"]).run(async |page| {
        page.open(SHORT).await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        wait_until_kept(page).await?;
        page.train(60).await?;
        let table = page.table().await?;
        page.run_async::<()>(
            "const used = ['test-images', 'test-labels', 'train-images', 'train-labels', 'base', 'plain', 'continuity']; \
             for (;;) { const kept = (await (await caches.open((await caches.keys())[0])).keys()).map(({ url }) => url); \
             if (used.every((part) => kept.some((url) => url.includes(part) && /data|weights/.test(url)))) return; \
             await new Promise((next) => setTimeout(next, 50)); }",
            vec![],
        )
        .await?;
        let asked = page.requests();
        assert!(!asked.iter().any(|path| path.contains("webgpu_engine")), "the GPU engine is fetched without need");

        page.disconnect();
        page.reload().await?;
        // The browser goes back to the buttons, and a figure waits until it is seen.
        page.run("document.querySelector('scl-nudge').scrollIntoView()", vec![]).await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        // It comes into its place above the buttons.
        page.wait("the kept run", 30, "visitor.one('scl-train >>> scl-runs >>> tr[data-run]')").await?;
        page.train(60).await?;
        assert_eq!(page.table().await?, table);

        // What was never used is missed with a message, and the page goes on.
        page.button("reset").await?;
        page.run(
            "document.querySelector('scl-train').store.setSettings({ dataset: 'mnist', start: 'scratch' })",
            vec![],
        )
        .await?;
        page.button("start").await?;
        let error = page.wait("the error", 60, "visitor.one('scl-train >>> #error')?.innerText").await?;
        assert!(error.as_str().is_some_and(|text| text.contains("connection")), "{error}");
        page.choose("scl-nudge >>> #pair", "mnist").await?;
        page.wait("the message", 60, "visitor.one('scl-nudge >>> [role=alert]')?.innerText.includes('connection')").await?;
        let answers = "visitor.all('scl-nudge >>> scl-answers >>> .verdict').map((verdict) => verdict.innerText)";
        assert_eq!(page.get::<Vec<String>>(answers).await?, ["No answer."; 2]);
        Ok(())
    });
}

#[test]
fn a_newer_version_is_offered_and_never_mixed_with_this_one() {
    let copy = Copy::new("update");
    copy.visit().tolerating(&["502", "weights/mnist-small-cnn-base"]).run(async |page| {
        page.open("").await?;
        wait_until_kept(page).await?;
        let [before] = &caches(page).await?[..] else { panic!("not one version is kept") };
        let version = before.rsplit(' ').next().unwrap_or_default();
        assert!(page.get::<bool>("document.querySelector('#update').hidden").await?);

        let unused = "weights/mnist-small-cnn-base.safetensors";
        std::fs::write(copy.file(unused), "of the next version")?;
        let fetched = "return (await fetch(arguments[0])).status";
        assert_eq!(page.run_async::<u16>(fetched, vec![json!(unused)]).await?, 502, "a file of another version");

        copy.change("service-worker.js", |text| text.replace(version, "0123456789ab"))?;
        copy.change("index.html", |text| text.replace("</title>", ", newer</title>"))?;
        let bytes = std::fs::read_to_string(copy.file("index.html"))?;
        let digest: String = page
            .run_async(
                "const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(arguments[0])); \
                 return btoa(String.fromCharCode(...new Uint8Array(digest).subarray(0, 15)))",
                vec![json!(bytes)],
            )
            .await?;
        let entry = |text: &str| {
            const ENTRY: &str = "\"index.html\":\"";
            let start = text.find(ENTRY).expect("the page is listed") + ENTRY.len();
            (start, start + text[start..].find('"').expect("a string"))
        };
        copy.change("service-worker.js", |text| {
            let (start, end) = entry(&text);
            format!("{}{digest}{}", &text[..start], &text[end..])
        })?;

        // The browser finds it while the page is still on its first visit.
        let look = "await (await navigator.serviceWorker.getRegistration()).update()";
        page.run_async::<()>(look, vec![]).await?;
        page.wait("the offer", 60, "!document.querySelector('#update').hidden").await?;
        let title = "document.title.endsWith('newer')";
        assert!(!page.get::<bool>(title).await?, "the newer version came unasked");

        let here = page.driver.window().await?;
        let address: String = page.get("location.href").await?;
        let other = page.driver.new_tab().await?;
        page.driver.switch_to_window(other).await?;
        page.driver.goto(&address).await?;
        page.driver.switch_to_window(here.clone()).await?;
        page.click("#update button").await?;
        page.wait("the other tab to be named", 10, "document.querySelector('#update').innerText.includes('in 2 tabs')")
            .await?;
        page.driver.switch_to_window(other_tab(page, &here).await?).await?;
        page.driver.close_window().await?;
        page.driver.switch_to_window(here).await?;

        // A frame of the page's own is in nobody's way.
        page.run(
            "document.body.append(Object.assign(document.createElement('iframe'), { src: 'embed.html?figure=nudge' }))",
            vec![],
        )
        .await?;
        page.wait(
            "the frame",
            30,
            "Boolean(document.querySelector('body > iframe').contentDocument?.querySelector('semantic-continuity-nudge'))",
        )
        .await?;
        page.click("#update button").await?;
        page.wait("the newer version", 30, title).await?;
        page.wait("both answers", 60, "globalThis.visitor?.answers()").await?;
        let [after] = &caches(page).await?[..] else { panic!("not one version is kept") };
        assert!(after.ends_with("0123456789ab"), "{after}");
        Ok(())
    });
}

async fn other_tab(page: &Page, here: &thirtyfour::WindowHandle) -> Outcome<thirtyfour::WindowHandle> {
    let tabs = page.driver.windows().await?;
    tabs.into_iter().find(|tab| tab != here).ok_or_else(|| "there is no other tab".into())
}

#[test]
fn a_development_server_is_not_hidden_by_what_was_kept() {
    let copy = Copy::new("development");
    copy.visit().run(async |page| {
        page.open("").await?;
        wait_until_kept(page).await?;
        copy.change("service-worker.js", |text| text.split_once('\n').expect("two lines").1.to_owned())?;
        page.reload().await?;
        let gone = "return (await navigator.serviceWorker.getRegistrations()).length + (await caches.keys()).length";
        let start = std::time::Instant::now();
        // The page reloads itself once more: between two documents there is no answer, or an error.
        while !matches!(page.run_async::<Option<usize>>(gone, vec![]).await, Ok(Some(0))) {
            assert!(start.elapsed().as_secs() < 60, "the service worker stays");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        Ok(())
    });
}

#[test]
fn a_figure_in_a_frame_keeps_nothing() {
    Visit::new().run(async |page| {
        page.visit("embed.html?figure=nudge").await?;
        page.wait("the figure", 30, "document.querySelector('semantic-continuity-nudge')?.shadowRoot").await?;
        let kept = "return (await navigator.serviceWorker.getRegistrations()).length + (await caches.keys()).length";
        assert_eq!(page.run_async::<usize>(kept, vec![]).await?, 0);
        Ok(())
    });
}

/// The pictures of another pair than the first, which nobody has asked for yet.
const PICTURES: &str = "data/mnist/first-images-idx3-ubyte.gz";

/// Chooses a pair of models in the first figure, and waits for its answers or its message.
async fn choose(page: &Page, pair: &str) -> Outcome<String> {
    page.choose("scl-nudge >>> #pair", pair).await?;
    settled(page).await
}

/// The message of the first figure once it is at rest; empty when it answers.
async fn settled(page: &Page) -> Outcome<String> {
    page.wait("an answer or a message", 60, "document.querySelector('scl-nudge').busy === false").await?;
    page.text("scl-nudge >>> [role=alert]").await
}

/// Length of what is kept of a file; nothing when it is not kept.
async fn kept(page: &Page, path: &str) -> Outcome<Option<usize>> {
    let length = "const kept = await (await caches.open((await caches.keys())[0])).match(arguments[0]); \
        return kept ? (await kept.arrayBuffer()).byteLength : null";
    page.run_async(length, vec![json!(path)]).await
}

/// A wrong answer with status 200 is told, not kept, and asked for again; what a server has unpacked on the way is right.
#[test]
fn only_what_was_published_is_kept() {
    let copy = Copy::new("published");
    copy.visit().tolerating(&["502", "mnist/first-images"]).run(async |page| {
        page.open("").await?;
        wait_until_kept(page).await?;
        page.reload().await?;
        page.wait("both answers", 60, "visitor.answers()").await?;

        let right = std::fs::read(copy.file(PICTURES))?;
        let login = b"<!doctype html><title>Log in</title>".to_vec();
        for (wrong, words) in [(login, "login"), (right[..right.len() / 2].to_vec(), "damaged or cut off")] {
            std::fs::write(copy.file(PICTURES), wrong)?;
            let message = choose(page, "mnist").await?;
            assert!(message.contains(words) && message.contains(PICTURES), "{message}");
            assert!(!message.contains("Check the connection"), "{message}");
            assert_eq!(kept(page, PICTURES).await?, None, "{words}");
            assert_eq!(choose(page, "fashion-mnist").await?, "");
        }

        // As from a server that unpacks on the way.
        let mut unpacked = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&right[..]), &mut unpacked)?;
        std::fs::write(copy.file(PICTURES), &unpacked)?;
        assert_eq!(choose(page, "mnist").await?, "");
        assert_eq!(kept(page, PICTURES).await?, Some(unpacked.len()));

        // Something happens to what is kept: it is replaced when it cannot be read.
        let damage = "const cache = await caches.open((await caches.keys())[0]); \
            await cache.put(arguments[0], new Response(new Uint8Array(100)))";
        page.run_async::<()>(damage, vec![json!(PICTURES)]).await?;
        std::fs::write(copy.file(PICTURES), &right)?;
        page.reload().await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        assert_eq!(choose(page, "mnist").await?, "");
        assert_eq!(kept(page, PICTURES).await?, Some(right.len()));
        Ok(())
    });
}

/// All cookies and storage blocked: the page computes as ever, and promises nothing.
#[test]
fn where_nothing_may_be_kept_the_page_works_and_says_so() {
    Visit::new().without(Off::Storage).tolerating(&["ServiceWorker", "service-worker"]).run(async |page| {
        page.open(SHORT).await?;
        page.wait("both answers", 60, "visitor.answers()").await?;
        page.train(120).await?;
        assert_eq!(page.table().await?.len(), ROWS);
        page.wait("words about it", 30, "document.querySelector('#offline').innerText.includes('blocked')").await?;
        let runs: String = page.get("visitor.one('scl-train >>> scl-runs').shadowRoot.textContent").await?;
        assert!(runs.contains("Run 1") && !runs.contains("when you come back"), "{runs}");
        Ok(())
    });
}
