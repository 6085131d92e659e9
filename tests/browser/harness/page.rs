//! The open page: finding, reading and touching what a visitor sees.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use http::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::prelude::*;
use thirtyfour::{RequestData, SessionId};

use super::Outcome;
use super::browser::Kind;
use super::server::{Fault, Server};

const POLL: Duration = Duration::from_millis(50);

pub struct Page {
    pub driver: WebDriver,
    pub kind: Kind,
    /// The process that all of the browser's processes come from.
    process: u32,
    server: Server,
    /// What went wrong in documents that were left since.
    problems: RefCell<Vec<String>>,
    /// Where no script can come before those of a document, it comes after them.
    late: RefCell<String>,
}

impl Page {
    pub fn new(driver: WebDriver, browser: &super::browser::Driver, server: Server) -> Self {
        let (kind, process) = (browser.kind, browser.process());
        Self { driver, kind, process, server, problems: RefCell::default(), late: RefCell::default() }
    }

    /// Opens the page in Expert mode, where every figure stands, with a query such as `steps=8&batch=16`, and waits
    /// until its elements are there.
    pub async fn open(&self, query: &str) -> Outcome {
        self.arrive(&if query.is_empty() { "expert=1".to_owned() } else { format!("expert=1&{query}") }).await
    }

    /// Opens the page with a query, as it greets a stranger.
    pub async fn arrive(&self, query: &str) -> Outcome {
        self.leave().await?;
        self.driver.goto(format!("{}?{query}", self.server.address)).await?;
        let late = self.late.borrow().clone();
        self.run(&late, vec![]).await?;
        self.ready().await
    }

    /// Goes to a document of the site, or to any address.
    pub async fn visit(&self, path: &str) -> Outcome {
        self.leave().await?;
        let address = if path.contains("://") { path.to_owned() } else { format!("{}{path}", self.server.address) };
        Ok(self.driver.goto(address).await?)
    }

    /// As a visitor does: Firefox's driver would go past the service worker.
    pub async fn reload(&self) -> Outcome {
        self.leave().await?;
        self.run("visitor.left = true; setTimeout(() => location.reload())", vec![]).await?;
        self.wait("the page to load again", 30, "visitor.left !== true").await?;
        self.ready().await
    }

    /// Goes through the history of the tab, back or forward.
    pub async fn go(&self, steps: i32) -> Outcome {
        let before: String = self.get("location.href").await?;
        self.run("history.go(arguments[0])", vec![json!(steps)]).await?;
        self.wait("another entry of the history", 10, &format!("location.href !== {}", json!(before))).await.map(drop)
    }

    async fn ready(&self) -> Outcome {
        self.wait(
            "the page's elements",
            30,
            // The figures come in their order, and these are the last ones.
            "visitor.one(document.documentElement.matches('.expert') ? 'scl-embed' : 'scl-claims')?.hasUpdated",
        )
        .await?;
        // What tests reach for lies in there.
        self.run("const all = visitor.one('scl-train >>> #all-settings'); if (all) all.open = true", vec![])
            .await
            .map(drop)
    }

    /// Saves what the document remembers before it goes.
    async fn leave(&self) -> Outcome {
        // Within an array: none is an answer, too.
        let told = self.wait("the page's problems", 10, "[globalThis.visitor?.problems ?? []]").await?;
        let [mut problems]: [Vec<String>; 1] = serde_json::from_value(told)?;
        self.problems.borrow_mut().append(&mut problems);
        Ok(())
    }

    /// Stops the processes that compute for pages for so long, as a machine that sleeps does.
    pub async fn suspend(&self, time: Duration) -> Outcome {
        let pages = match self.kind {
            Kind::Chromium => "--type=renderer",
            _ => "-contentproc",
        };
        let stopped = super::processes::below(self.process, pages)?;
        assert!(!stopped.is_empty(), "no process has {pages}");
        super::processes::signal("-STOP", &stopped)?;
        tokio::time::sleep(time).await;
        super::processes::signal("-CONT", &stopped)
    }

    /// Takes the network away.
    pub fn disconnect(&self) {
        self.server.down.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// Lets the server answer wrongly to whoever asks for a path with this part.
    pub fn spoil(&self, part: &str, fault: Fault) {
        self.server.faults.add(part, fault);
    }

    /// Lets the server answer rightly again.
    pub fn mend(&self) {
        self.server.faults.mend();
    }

    /// What was asked for so far, each with its status: `200 /index.html`.
    pub fn requests(&self) -> Vec<String> {
        self.server.requests()
    }

    /// What is wrong with the visit as a whole: errors in the console, broken policies, files that were not there.
    pub async fn problems(&self, tolerated: &[&str]) -> Outcome<Vec<String>> {
        self.leave().await?;
        let mut all = self.problems.take();
        if self.kind == Kind::Chromium {
            let log = self.driver.browser_log().await?;
            all.extend(log.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message));
        }
        all.extend(self.requests().into_iter().filter(|request| !request.starts_with("200 ")));
        all.retain(|problem| !tolerated.iter().any(|part| problem.contains(part)));
        Ok(all)
    }

    /// Runs the body of a function; `arguments` are its arguments.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.driver.execute(script, arguments).await?.json().clone())
    }

    /// Runs the body of an async function to its end.
    pub async fn run_async<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> Outcome<T> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; (async function() {{ {script} }}).apply(null, arguments)\
             .then((value) => done({{ value: value ?? null }}), (error) => done({{ error: error?.message ?? JSON.stringify(error) }}))"
        );
        let mut reply = self.driver.execute_async(script, arguments).await?.json().clone();
        match reply.get("error") {
            Some(error) => Err(format!("the script failed: {error}").into()),
            None => Ok(serde_json::from_value(reply["value"].take())?),
        }
    }

    /// The value of an expression.
    pub async fn get<T: DeserializeOwned>(&self, expression: &str) -> Outcome<T> {
        Ok(serde_json::from_value(self.run(&format!("return {expression}"), vec![]).await?)?)
    }

    /// Waits until an expression is truthy, and returns its value; `true` for an element. An expression that throws is not yet.
    pub async fn wait(&self, what: &str, seconds: u64, expression: &str) -> Outcome<Value> {
        let start = Instant::now();
        let script = format!("const value = {expression}; return value instanceof Element ? true : value");
        loop {
            let value = self.run(&script, vec![]).await;
            let late = start.elapsed() > Duration::from_secs(seconds);
            match value {
                Ok(Value::Null | Value::Bool(false)) => {}
                Ok(value) if value == json!(0) || value == json!("") => {}
                // Between two documents no script can run.
                Err(_) if !late => {}
                there => return there,
            }
            if late {
                return Err(format!("waited {seconds} s for {what}").into());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// The first element of a path such as `scl-train >>> #start`, once it is there.
    pub async fn element(&self, path: &str) -> Outcome<WebElement> {
        self.wait(path, 10, &format!("Boolean(visitor.one({}))", json!(path))).await?;
        let found = self.driver.execute("return visitor.one(arguments[0])", vec![json!(path)]).await?;
        found.element().map_err(|_| format!("`{path}` was there, and is gone").into())
    }

    pub async fn count(&self, path: &str) -> Outcome<usize> {
        Ok(serde_json::from_value(self.run("return visitor.all(arguments[0]).length", vec![json!(path)]).await?)?)
    }

    /// The text of the first element as it is shown; empty when there is none.
    pub async fn text(&self, path: &str) -> Outcome<String> {
        let text = self.run("return visitor.one(arguments[0])?.innerText ?? ''", vec![json!(path)]).await?;
        Ok(serde_json::from_value(text)?)
    }

    /// A property of the first element.
    pub async fn property<T: DeserializeOwned>(&self, path: &str, name: &str) -> Outcome<T> {
        let value =
            self.run("return visitor.one(arguments[0])?.[arguments[1]]", vec![json!(path), json!(name)]).await?;
        serde_json::from_value(value).map_err(|error| format!("{name} of `{path}`: {error}").into())
    }

    /// Clicks as a pointer does: whatever lies on top gets the click.
    pub async fn click(&self, path: &str) -> Outcome {
        let mut tries = 0;
        loop {
            let element = self.element(path).await?;
            // Into the middle, away from the bar that sticks to the bottom.
            self.driver
                .execute(
                    "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })",
                    vec![element.to_json()?],
                )
                .await?;
            tries += 1;
            match element.click().await {
                Ok(()) => return Ok(()),
                // A figure above may just have grown; whoever aims again hits.
                Err(error) if tries < 3 && error.to_string().contains("intercepted") => tokio::time::sleep(POLL).await,
                Err(error) => return Err(format!("clicking `{path}`: {error}").into()),
            }
        }
    }

    /// Presses keys in an element.
    pub async fn press(&self, path: &str, keys: impl Into<TypingData>) -> Outcome {
        self.element(path).await?.send_keys(keys).await.map_err(|error| format!("typing in `{path}`: {error}").into())
    }

    /// Replaces what a field holds, and leaves the field.
    pub async fn fill(&self, path: &str, text: &str) -> Outcome {
        // In one go: the driver puts the caret of a text field at its end each time. Control pressed again is let go.
        self.press(path, Key::Control + "a" + Key::Control + text + Key::Tab).await
    }

    /// Chooses an option of a list by its value.
    pub async fn choose(&self, path: &str, value: &str) -> Outcome {
        self.click(&format!("{path} option[value='{value}']")).await
    }

    /// Chooses the theme in the menu of the header.
    pub async fn choose_theme(&self, theme: &str) -> Outcome {
        self.click("header .more > summary").await?;
        self.choose("#theme", theme).await?;
        self.click("header .more > summary").await
    }

    /// How high the first element is on the screen, in CSS pixels.
    pub async fn height(&self, path: &str) -> Outcome<f64> {
        let height =
            self.run("return visitor.one(arguments[0])?.getBoundingClientRect().height", vec![json!(path)]).await?;
        Ok(serde_json::from_value(height)?)
    }

    /// Runs `script` in every document from now on, before the document's own scripts. WebKit's driver cannot: there it runs late.
    pub async fn before_every_document(&self, script: &str) -> Outcome {
        match self.kind {
            Kind::Chromium => {
                let source = json!({ "source": script });
                self.devtools("Page.addScriptToEvaluateOnNewDocument", source).await.map(drop)
            }
            Kind::Firefox => {
                let function = format!("() => {{ {script} }}");
                self.driver.bidi().await?.script().add_preload_script(function).await?;
                Ok(())
            }
            Kind::WebKit => {
                self.late.replace(script.to_owned());
                Ok(())
            }
        }
    }

    /// Makes the screen as large as a phone's, in CSS pixels. No window is as narrow.
    pub async fn screen(&self, width: u32, height: u32) -> Outcome {
        match self.kind {
            Kind::Chromium => {
                let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                self.devtools("Emulation.setDeviceMetricsOverride", screen).await.map(drop)
            }
            _ => {
                let context = self.driver.window().await?.to_string();
                let viewport = json!({ "context": context, "viewport": { "width": width, "height": height } });
                self.driver.bidi().await?.send_raw("browsingContext.setViewport", viewport).await?;
                Ok(())
            }
        }
    }

    /// Sets what the system says of its theme: `light` or `dark`.
    pub async fn system_theme(&self, theme: &str) -> Outcome {
        match self.kind {
            Kind::Chromium => {
                let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
                self.devtools("Emulation.setEmulatedMedia", media).await.map(drop)
            }
            // Firefox has a setting, for the browser's own scripts alone.
            _ => {
                let light = i32::from(theme == "light");
                self.preference("layout.css.prefers-color-scheme.content-override", light).await
            }
        }
    }

    /// Lets the system force its colours, dark ones where the browser lets us choose, or no longer.
    pub async fn forced_colors(&self, forced: bool) -> Outcome {
        match self.kind {
            Kind::Chromium => {
                let forced = json!({ "name": "forced-colors", "value": if forced { "active" } else { "none" } });
                let theme = json!({ "name": "prefers-color-scheme", "value": "dark" });
                self.devtools("Emulation.setEmulatedMedia", json!({ "features": [forced, theme] })).await.map(drop)
            }
            // Always, or as the page says.
            _ => self.preference("browser.display.document_color_use", if forced { 2 } else { 1 }).await,
        }
    }

    /// Sets one of Firefox's own settings.
    async fn preference(&self, name: &str, value: i32) -> Outcome {
        let handle = self.driver.handle();
        handle.cmd(Scripts::Browsers).await?;
        let set = "Services.prefs.setIntPref(arguments[0], arguments[1])";
        let outcome = self.run(set, vec![json!(name), json!(value)]).await;
        handle.cmd(Scripts::Pages).await?;
        outcome.map(drop)
    }

    /// Lets scripts read the clipboard. Firefox was told when it started.
    pub async fn grant_clipboard(&self) -> Outcome {
        if self.kind == Kind::Chromium {
            let permissions = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
            self.devtools("Browser.grantPermissions", permissions).await?;
        }
        Ok(())
    }

    /// Where the browser does not report long tasks, a test that finds none says nothing. Firefox does not.
    pub async fn assert_tells_long_tasks(&self) -> Outcome {
        let told: bool = self.get("PerformanceObserver.supportedEntryTypes.includes('longtask')").await?;
        assert!(told, "{:?} does not report long tasks", self.kind);
        Ok(())
    }

    /// A command of Chromium's own protocol, for what WebDriver has no word for.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Outcome<Value> {
        Ok(self.driver.cdp().send_raw(method, parameters).await?)
    }

    /// Writes the whole page as it looks now to `target/screens/`.
    pub async fn screenshot(&self, name: &str) -> Outcome {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("screens");
        std::fs::create_dir_all(&folder)?;
        self.driver.screenshot(&folder.join(format!("{name}.png"))).await?;
        Ok(())
    }
}

/// Whose scripts Firefox runs from now on.
#[derive(Debug)]
enum Scripts {
    Browsers,
    Pages,
}

impl FormatRequestData for Scripts {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let context = match self {
            Self::Browsers => "chrome",
            Self::Pages => "content",
        };
        RequestData::new(Method::POST, format!("/session/{session}/moz/context"))
            .add_body(json!({ "context": context }))
    }
}
