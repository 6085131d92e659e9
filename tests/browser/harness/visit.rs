//! One visit: a server, a browser, a test, and the question whether the console stayed clean.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use serde_json::Value;

use super::browser::{Driver, Off};
use super::page::Page;
use super::server::{Server, Site};
use super::{Outcome, variable};

const VISITOR: &str = include_str!("visitor.js");

/// A fresh browser on a fresh server.
pub struct Visit {
    prefix: &'static str,
    site: Option<Site>,
    before_load: &'static str,
    tolerated: &'static [&'static str],
    off: Option<Off>,
}

impl Visit {
    /// The page lies in the folder `prefix`, which begins and ends with a slash.
    pub fn at(prefix: &'static str) -> Self {
        Self { prefix, site: None, before_load: "", tolerated: &[], off: None }
    }

    /// At the root of the server.
    pub fn new() -> Self {
        Self::at("/")
    }

    /// To another site than the built page.
    pub fn to(site: Site) -> Self {
        Self { site: Some(site), ..Self::new() }
    }

    /// Also runs `script` in every document before the page's own scripts.
    pub fn before_load(self, script: &'static str) -> Self {
        Self { before_load: script, ..self }
    }

    /// Problems with one of these parts are what the test is about.
    pub fn tolerating(self, tolerated: &'static [&'static str]) -> Self {
        Self { tolerated, ..self }
    }

    /// In a browser in which this is switched off.
    pub fn without(self, off: Off) -> Self {
        Self { off: Some(off), ..self }
    }

    /// Runs the test; whatever its outcome, the browser ends.
    pub fn run(self, test: impl AsyncFnOnce(&Page) -> Outcome) {
        // First of all, so that a missing variable is the message.
        let folder = variable("SCL_DIST");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let browser = Driver::start().unwrap_or_else(|error| panic!("{error}"));
        let (script, tolerated) = (format!("{VISITOR}\n{}", self.before_load), self.tolerated);
        let page = runtime
            .block_on(async {
                let site = self.site.unwrap_or_else(|| Site::page(Path::new(&folder), self.prefix));
                let server = Server::start(site)?;
                let page = Page::new(browser.open(self.off).await?, &browser, server);
                page.before_every_document(&script).await?;
                Outcome::Ok(page)
            })
            .unwrap_or_else(|error| panic!("the browser does not start: {error}"));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                test(&page).await?;
                let problems = page.problems(tolerated).await?;
                if problems.is_empty() { Outcome::Ok(()) } else { Err(format!("not clean: {problems:#?}").into()) }
            })
        }));
        if !matches!(outcome, Ok(Ok(()))) {
            let state = runtime.block_on(page.get::<Value>("visitor.describe()"));
            eprintln!("the page: {:#}", state.unwrap_or_else(|error| error.to_string().into()));
            let name = std::thread::current().name().unwrap_or("visit").replace("::", "-");
            let _ = runtime.block_on(page.screenshot(&format!("failed-{name}")));
        }
        let _ = runtime.block_on(page.driver.quit());
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(error)) => panic!("{error}"),
            Err(panic) => resume_unwind(panic),
        }
    }
}
