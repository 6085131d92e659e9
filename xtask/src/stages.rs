//! The stages of `cargo xtask test`: what each one runs.

use std::cell::OnceCell;
use std::process::Command;

use anyhow::{Context as _, Result, anyhow};
use xshell::{Cmd, Shell, cmd};

use crate::browser::{Browser, FIREFOX, Kind, WEBKIT};
use crate::help::Help as _;
use crate::node::{self, NPM};
use crate::setup::{self, TARGET, Toolbox};
use crate::tools::Tool;
use crate::{data, dist, generators, process};

#[derive(Debug)]
pub struct Stage {
    pub name: &'static str,
    needs: Needs,
    /// Returns a note for its closing line.
    pub run: fn(&Run) -> Result<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// Set-up finds it, and the tools of the tests in it.
    Chromium,
    /// The stage finds it by itself.
    OtherBrowser,
}

/// In the order they run: cheap ones first.
pub static ALL: [Stage; 15] = [
    Stage { name: "setup", needs: Needs::Nothing, run: Run::set_up },
    Stage { name: "data", needs: Needs::Nothing, run: Run::data },
    Stage { name: "fmt", needs: Needs::Nothing, run: Run::fmt },
    Stage { name: "scripts", needs: Needs::Nothing, run: Run::scripts },
    Stage { name: "deny", needs: Needs::Nothing, run: Run::deny },
    Stage { name: "lint", needs: Needs::Nothing, run: Run::lint },
    Stage { name: "native", needs: Needs::Nothing, run: Run::native },
    Stage { name: "wasm", needs: Needs::Chromium, run: |run| run.in_chromium("cpu", "core") },
    Stage { name: "webgpu", needs: Needs::Chromium, run: |run| run.in_chromium("cpu,webgpu", "webgpu") },
    Stage { name: "dist", needs: Needs::Nothing, run: Run::dist },
    Stage { name: "browser", needs: Needs::Chromium, run: Run::browser },
    Stage { name: "generators", needs: Needs::Chromium, run: Run::generators },
    Stage { name: "firefox", needs: Needs::OtherBrowser, run: Run::firefox },
    Stage { name: "webkit", needs: Needs::OtherBrowser, run: Run::webkit },
    Stage { name: "soak", needs: Needs::Chromium, run: Run::soak },
];

pub fn names(stages: &[&Stage]) -> Vec<&'static str> {
    stages.iter().map(|stage| stage.name).collect()
}

impl Stage {
    /// Whether it runs where none is named: all but what takes long.
    pub fn by_default(&self) -> bool {
        self.name != "soak"
    }

    pub fn needs_browser(&self) -> bool {
        matches!(self.needs, Needs::Chromium | Needs::OtherBrowser)
    }

    pub fn needs_chromium(&self) -> bool {
        self.needs == Needs::Chromium
    }
}

/// One run of stages; set-up fills the toolbox for the later ones.
pub struct Run {
    sh: Shell,
    with_browser: bool,
    toolbox: OnceCell<Toolbox>,
}

impl Run {
    pub fn new(sh: Shell, with_browser: bool) -> Self {
        Self { sh, with_browser, toolbox: OnceCell::new() }
    }

    pub fn set_up(&self) -> Result<String> {
        let toolbox = setup::run(&self.sh, self.with_browser)?;
        self.toolbox.set(toolbox).map_err(|_| anyhow!("set-up has run already"))?;
        Ok(String::new())
    }

    fn data(&self) -> Result<String> {
        data::check(&self.sh.current_dir()).map(|files| format!(", {files} files verified"))
    }

    fn fmt(&self) -> Result<String> {
        without_note(cmd!(self.sh, "cargo fmt --all --check"))
    }

    /// The page's scripts by the tools of their own world: format, faults, types, and tests that need no browser.
    fn scripts(&self) -> Result<String> {
        node::ensure(&self.sh)?;
        for (script, remedy) in [
            ("format:check", "npm run format writes them as they should be"),
            ("lint", "see the faults above"),
            ("types", "see the errors above"),
        ] {
            process::run(cmd!(self.sh, "{NPM} run {script}")).help(remedy)?;
        }
        tests(cmd!(self.sh, "{NPM} test"))
    }

    /// Licences, sources and duplicates of all dependencies, as `deny.toml` says; nothing that needs a connection.
    fn deny(&self) -> Result<String> {
        let tool = Tool::cargo_deny();
        let program = tool.ensure(|text| println!("{text}"))?.join(process::file_name(tool.name));
        without_note(cmd!(self.sh, "{program} check bans licenses sources"))
    }

    /// The whole workspace, then what stands behind the door to the page: that is compiled for wasm alone, and is either an
    /// engine or the statistics. The WebGPU engine differs by its device, a call. Last the documentation, whose links must
    /// lead somewhere.
    fn lint(&self) -> Result<String> {
        let strict = ["--", "-D", "warnings"];
        process::run(cmd!(self.sh, "cargo clippy --workspace --all-targets {strict...}"))?;
        setup::ensure_target(&self.sh, || println!("{TARGET}: adding"))?;
        for (feature, engine) in [("cpu", "cpu_engine"), ("statistics", "statistics_engine")] {
            let which = ["--no-default-features", "--features", feature, "--lib", "--bin", engine];
            process::run(cmd!(self.sh, "cargo clippy --target {TARGET} {which...} {strict...}"))?;
        }
        without_note(cmd!(self.sh, "cargo doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings"))
    }

    fn native(&self) -> Result<String> {
        let package = "semantic-continuity";
        let mut passed = 0;
        for command in [
            cmd!(self.sh, "cargo test -p {package} --lib --bins --test core --test study"),
            cmd!(self.sh, "cargo test -p {package} --doc"),
            cmd!(self.sh, "cargo test -p xtask"),
        ] {
            passed += process::run_tests(command)?;
        }
        Ok(format!(", {passed} tests"))
    }

    /// Tests compiled to wasm as the engines are, run in Chromium by wasm-bindgen's runner.
    fn in_chromium(&self, features: &str, test: &str) -> Result<String> {
        let browser = self.chromium()?;
        let root = self.sh.current_dir();
        let capabilities = root.join("target/webdriver.json");
        browser.write_capabilities(&root.join("webdriver.json"), &capabilities)?;
        let runner = self.toolbox()?.wasm_bindgen.join(process::file_name("wasm-bindgen-test-runner"));
        let which = ["--no-default-features", "--features", features, "--test", test];
        tests(
            cmd!(self.sh, "cargo test --release --target {TARGET} {which...}")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
                .env("CHROMEDRIVER", &browser.driver)
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
                .env("WASM_BINDGEN_TEST_TIMEOUT", "900")
                .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
                // A test file that does not name a browser would run in Node.js.
                .env("WASM_BINDGEN_USE_BROWSER", "1"),
        )
    }

    pub fn dist(&self) -> Result<String> {
        setup::wasm_target(&self.sh)?;
        dist::build(&self.sh, &self.sh.current_dir().join(dist::FOLDER), true)?;
        Ok(String::new())
    }

    /// How long a task takes is measured while nothing else runs.
    fn browser(&self) -> Result<String> {
        let browser = self.chromium()?;
        let left_out = ["--skip", LONG_TASKS, "--skip", GENERATED];
        let together = self.page(browser, &[&PAGE[..], &left_out].concat(), 2)?;
        let alone = self.page(browser, &[&PAGE[..], &[LONG_TASKS]].concat(), 1)?;
        Ok(format!(", {} tests in {}", together + alone, browser.name))
    }

    /// Figures on sites that real generators build.
    fn generators(&self) -> Result<String> {
        let sites = generators::build(&self.sh)?;
        let words = ["cargo", "test", "--test", "embed", "--", GENERATED, "--test-threads=2"];
        tests(self.with_page(self.chromium()?, &words)?.env("SCL_SITES", sites))
    }

    fn firefox(&self) -> Result<String> {
        let left_out = BUT_FOR_FIREFOX.map(|name| ["--skip", name]);
        self.other(&FIREFOX, &[&PAGE[..], left_out.as_flattened()].concat(), 2)
    }

    /// One thread, and no worker.
    fn webkit(&self) -> Result<String> {
        self.other(&WEBKIT, &["--test", "browser", "--", "threadless"], 1)
    }

    fn soak(&self) -> Result<String> {
        let passed = self.page(self.chromium()?, &["--test", "soak", "--", "--nocapture"], 1)?;
        Ok(format!(", {passed} tests"))
    }

    /// The same in a browser that only its own stage needs.
    fn other(&self, kind: &Kind, which: &[&str], visits: usize) -> Result<String> {
        let browser = Browser::ensure(kind, |text| println!("{text}"))?;
        let passed = self.page(&browser, which, visits)?;
        Ok(format!(", {passed} tests in {}", browser.name))
    }

    /// The built page, driven like a visitor would, and its figures on other pages: so many visits at a time. They wait more
    /// than they compute.
    fn page(&self, browser: &Browser, which: &[&str], visits: usize) -> Result<u64> {
        // WebKit has no mode without a display.
        let display: &[&str] = if browser.needs_display { &["xvfb-run", "-a"] } else { &[] };
        let visits = format!("--test-threads={visits}");
        process::run_tests(self.with_page(browser, &[display, &["cargo", "test"], which, &[&visits]].concat())?)
    }

    /// Lets the tests of what was computed beforehand write it instead.
    pub fn figures(&self) -> Result<()> {
        let words = ["cargo", "test", "--test", "browser", "--", "prepared", "--test-threads=1"];
        let command = self.with_page(self.chromium()?, &words)?;
        let folder = self.sh.current_dir().join(data::FOLDER).join("figures");
        process::run_tests(command.env("SCL_FIGURES", folder)).map(drop)
    }

    /// A command that is told where the built page and the browser are.
    pub fn with_page(&self, browser: &Browser, words: &[&str]) -> Result<Cmd<'_>> {
        let folder = self.sh.current_dir().join(dist::FOLDER);
        if !folder.join("index.html").is_file() {
            return Err(anyhow!("the page is not built: dist/index.html is missing"))
                .help("run: cargo xtask test dist browser");
        }
        let command = self.sh.cmd(words[0]).args(&words[1..]).env("SCL_DIST", folder);
        Ok(command.env("SCL_BROWSER", &browser.program).env("SCL_DRIVER", &browser.driver))
    }

    fn toolbox(&self) -> Result<&Toolbox> {
        self.toolbox.get().context("set-up has not run")
    }

    pub fn chromium(&self) -> Result<&Browser> {
        self.toolbox()?.browser.as_ref().context("set-up has not looked for a browser")
    }
}

fn without_note(command: impl Into<Command>) -> Result<String> {
    process::run(command).map(|()| String::new())
}

fn tests(command: impl Into<Command>) -> Result<String> {
    process::run_tests(command).map(|passed| format!(", {passed} tests"))
}

/// What Firefox cannot tell, long tasks and the pages of its packed PDF files; what its driver cannot feign, less motion; what has a
/// stage of its own; what the page's own code meets alike everywhere; and the longest of the
/// computations that come with the page, of which Firefox repeats the others bit for bit.
const BUT_FOR_FIREFOX: [&str; 13] = [
    LONG_TASKS,
    "lesson::worksheet",
    "look::with_less_motion",
    GENERATED,
    "faults::",
    "facilities::",
    "mishaps::",
    "commands::",
    "undefined::",
    "prepared::the_run",
    "prepared::the_accuracy",
    "prepared::the_responses",
    "prepared::the_transfer",
];

/// All tests of the page.
const PAGE: [&str; 5] = ["--test", "browser", "--test", "embed", "--"];

/// What the tests of long tasks have in their names.
const LONG_TASKS: &str = "long_task";

/// The tests of sites that generators build.
const GENERATED: &str = "generators::";
