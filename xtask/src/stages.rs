//! The stages of `cargo xtask test`: what each one runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::browser::{Browser, FIREFOX, Kind, WEBKIT};
use crate::failure::{Failure, Result};
use crate::setup::{self, TARGET, Toolbox};
use crate::tools::Tool;
use crate::{data, dist, process};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Setup,
    Data,
    Fmt,
    Scripts,
    Deny,
    Lint,
    Native,
    Wasm,
    Webgpu,
    Dist,
    Browser,
    Firefox,
    Webkit,
    Soak,
}

impl Stage {
    /// In the order they run: cheap ones first.
    pub const ALL: [Self; 14] = [
        Self::Setup,
        Self::Data,
        Self::Fmt,
        Self::Scripts,
        Self::Deny,
        Self::Lint,
        Self::Native,
        Self::Wasm,
        Self::Webgpu,
        Self::Dist,
        Self::Browser,
        Self::Firefox,
        Self::Webkit,
        Self::Soak,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Data => "data",
            Self::Fmt => "fmt",
            Self::Scripts => "scripts",
            Self::Deny => "deny",
            Self::Lint => "lint",
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Webgpu => "webgpu",
            Self::Dist => "dist",
            Self::Browser => "browser",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
            Self::Soak => "soak",
        }
    }

    /// Whether it runs where none is named: all but what takes long.
    pub fn by_default(self) -> bool {
        self != Self::Soak
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    pub fn needs_browser(self) -> bool {
        self.needs_chromium() || matches!(self, Self::Firefox | Self::Webkit)
    }

    /// Whether its browser is Chromium, which set-up finds. Other stages find their own.
    pub fn needs_chromium(self) -> bool {
        matches!(self, Self::Wasm | Self::Webgpu | Self::Browser | Self::Soak)
    }

    /// Whether set-up must come first.
    pub fn needs_tools(self) -> bool {
        self.needs_chromium() || self == Self::Dist
    }
}

/// One run of stages; set-up fills the toolbox for the later ones.
pub struct Run<'a> {
    root: &'a Path,
    with_browser: bool,
    toolbox: Option<Toolbox>,
}

impl<'a> Run<'a> {
    pub fn new(root: &'a Path, with_browser: bool) -> Self {
        Self { root, with_browser, toolbox: None }
    }

    /// Runs one stage; returns a note for its closing line.
    pub fn stage(&mut self, stage: Stage) -> Result<String> {
        match stage {
            Stage::Setup => {
                self.toolbox = Some(setup::run(self.root, self.with_browser)?);
                Ok(String::new())
            }
            Stage::Data => data::check(self.root).map(|files| format!(", {files} files verified")),
            Stage::Fmt => self.cargo(&["fmt", "--all", "--check"]),
            Stage::Scripts => self.scripts(),
            Stage::Deny => self.deny(),
            Stage::Lint => self.lint(),
            Stage::Native => self.native(),
            Stage::Wasm => self.in_chromium("cpu", "core"),
            Stage::Webgpu => self.in_chromium("cpu,webgpu", "webgpu"),
            Stage::Dist => {
                dist::build(self.root, self.toolbox()?, &dist::default_folder(self.root), true).map(|()| String::new())
            }
            // How long a task takes is measured while nothing else runs.
            Stage::Browser => {
                let browser = self.browser()?;
                let together = self.page(browser, &[&PAGE[..], &["--skip", LONG_TASKS]].concat(), 2)?;
                let alone = self.page(browser, &[&PAGE[..], &[LONG_TASKS]].concat(), 1)?;
                Ok(format!(", {} tests in {}", together + alone, browser.name))
            }
            Stage::Firefox => {
                let left_out = BUT_FOR_FIREFOX.map(|name| ["--skip", name]);
                self.other(&FIREFOX, &[&PAGE[..], left_out.as_flattened()].concat(), 2)
            }
            // One thread, and no worker.
            Stage::Webkit => self.other(&WEBKIT, &["--test", "browser", "--", "threadless"], 1),
            Stage::Soak => {
                let passed = self.page(self.browser()?, &["--test", "soak", "--", "--nocapture"], 1)?;
                Ok(format!(", {passed} tests"))
            }
        }
    }

    /// The whole workspace, then what stands behind the door to the page: that is compiled for wasm alone, and is either an
    /// engine or the statistics. The WebGPU engine differs by its device, a call. Last the documentation, whose links must
    /// lead somewhere.
    fn lint(&self) -> Result<String> {
        let strict = ["--", "-D", "warnings"];
        self.cargo(&[&["clippy", "--workspace", "--all-targets"][..], &strict].concat())?;
        setup::ensure_target(self.root, || println!("{TARGET}: adding"))?;
        for (feature, engine) in [("cpu", "cpu_engine"), ("statistics", "statistics_engine")] {
            let arguments =
                ["--target", TARGET, "--no-default-features", "--features", feature, "--lib", "--bin", engine];
            self.cargo(&[&["clippy"][..], &arguments, &strict].concat())?;
        }
        let mut documentation = self.command(&["doc", "--workspace", "--no-deps"]);
        process::run(documentation.env("RUSTDOCFLAGS", "-D warnings")).map(|()| String::new())
    }

    /// The page's scripts by the tools of their own world: format, faults, types, and tests that need no browser.
    fn scripts(&self) -> Result<String> {
        if process::first_line("node", &["--version"]).is_none() || process::first_line(NPM, &["--version"]).is_none() {
            return Err(Failure::new("Node.js or its npm is missing").help(
                "install Node.js 20.19 or newer, which brings npm: https://nodejs.org\n\
                 the page itself needs neither: cargo xtask serve and cargo xtask dist do without",
            ));
        }
        let npm = |arguments: &[&str]| {
            let mut command = Command::new(NPM);
            command.current_dir(self.root).args(arguments);
            command
        };
        process::run(&mut npm(&["ci", "--no-audit", "--no-fund"]))
            .map_err(|failure| failure.help("npm downloads what package-lock.json names: see its message above"))?;
        for (script, remedy) in [
            ("format:check", "npm run format writes them as they should be"),
            ("lint", "see the faults above"),
            ("types", "see the errors above"),
        ] {
            process::run(&mut npm(&["run", script])).map_err(|failure| failure.help(remedy))?;
        }
        tests(&mut npm(&["test"])).map(|passed| format!(", {passed} tests"))
    }

    /// Licences, sources and duplicates of all dependencies, as `deny.toml` says; nothing that needs a connection.
    fn deny(&self) -> Result<String> {
        let tool = Tool::cargo_deny();
        let (folder, origin) = tool.ensure(|text| println!("{} {}: {text}", tool.name, tool.version))?;
        println!("{} {}: {}", tool.name, tool.version, origin.label());
        let mut command = Command::new(folder.join(process::file_name(tool.name)));
        command.current_dir(self.root).args(["check", "bans", "licenses", "sources"]);
        process::run(&mut command).map(|()| String::new())
    }

    fn native(&self) -> Result<String> {
        let package = "semantic-continuity";
        let mut passed =
            tests(&mut self.command(&["test", "-p", package, "--lib", "--bins", "--test", "core", "--test", "study"]))?;
        passed += tests(&mut self.command(&["test", "-p", package, "--doc"]))?;
        passed += tests(&mut self.command(&["test", "-p", "xtask"]))?;
        Ok(format!(", {passed} tests"))
    }

    /// Tests compiled to wasm as the engines are, run in Chromium by wasm-bindgen's runner.
    fn in_chromium(&self, features: &str, test: &str) -> Result<String> {
        let toolbox = self.toolbox()?;
        let browser = self.browser()?;
        let capabilities = self.root.join("target/webdriver.json");
        browser.write_capabilities(&self.root.join("webdriver.json"), &capabilities)?;
        let runner = toolbox.wasm_bindgen.join(process::file_name("wasm-bindgen-test-runner"));
        let mut command = self.command(&["test", "--release", "--target", TARGET, "--no-default-features"]);
        command.args(["--features", features, "--test", test]);
        command
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("CHROMEDRIVER", &browser.driver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "900")
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
            // A test file that does not name a browser would run in Node.js.
            .env("WASM_BINDGEN_USE_BROWSER", "1");
        tests(&mut command).map(|passed| format!(", {passed} tests"))
    }

    /// The built page, driven like a visitor would, and its figures on other pages: so many visits at a time. They wait more
    /// than they compute.
    fn page(&self, browser: &Browser, which: &[&str], visits: usize) -> Result<u64> {
        let visits = format!("--test-threads={visits}");
        let mut command = self.with_page(browser, &[&["test"], which, &[&visits]].concat())?;
        if browser.needs_display {
            command = on_a_display(&command);
        }
        tests(&mut command)
    }

    /// The same in a browser that only its own stage needs.
    fn other(&self, kind: &Kind, which: &[&str], visits: usize) -> Result<String> {
        let browser = Browser::ensure(kind, |text| println!("{text}"))?;
        println!("{}: present", browser.name);
        let passed = self.page(&browser, which, visits)?;
        Ok(format!(", {passed} tests in {}", browser.name))
    }

    /// Timings of the built page beside the same steps natively.
    pub fn bench(&self) -> Result<()> {
        process::run(&mut self.with_page(self.browser()?, &["bench", "--bench", "browser"])?)
    }

    /// Lets the tests of what was computed beforehand write it instead.
    pub fn figures(&self) -> Result<()> {
        let mut command =
            self.with_page(self.browser()?, &["test", "--test", "browser", "--", "prepared", "--test-threads=1"])?;
        command.env("SCL_FIGURES", absolute(&self.root.join(data::FOLDER).join("figures")));
        tests(&mut command).map(drop)
    }

    /// cargo with these arguments, told where the built page and the browser are.
    fn with_page(&self, browser: &Browser, arguments: &[&str]) -> Result<Command> {
        let folder = dist::default_folder(self.root);
        if !folder.join("index.html").is_file() {
            return Err(Failure::new("the page is not built: dist/index.html is missing")
                .help("run: cargo xtask test dist browser"));
        }
        let mut command = self.command(arguments);
        command
            .env("SCL_DIST", absolute(&folder))
            .env("SCL_BROWSER", &browser.program)
            .env("SCL_DRIVER", &browser.driver);
        Ok(command)
    }

    fn cargo(&self, arguments: &[&str]) -> Result<String> {
        process::run(&mut self.command(arguments)).map(|()| String::new())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = process::cargo();
        command.current_dir(self.root).args(arguments);
        command
    }

    fn toolbox(&self) -> Result<&Toolbox> {
        self.toolbox.as_ref().ok_or_else(|| Failure::new("set-up has not run"))
    }

    fn browser(&self) -> Result<&Browser> {
        self.toolbox()?.browser.as_ref().ok_or_else(|| Failure::new("set-up has not looked for a browser"))
    }
}

/// The package manager of Node.js, which is a script on Windows.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// What Firefox cannot tell, long tasks; what the page's own code meets alike everywhere; and the longest of the
/// computations that come with the page, of which Firefox repeats the others bit for bit.
const BUT_FOR_FIREFOX: [&str; 10] = [
    LONG_TASKS,
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

/// Runs tests that must exist: a command that finds none is a failure, not a pass.
fn tests(command: &mut Command) -> Result<u64> {
    match process::run_tests(command)? {
        0 => Err(Failure::new(format!("`{}` ran no test", process::shell_line(command)))),
        passed => Ok(passed),
    }
}

/// The same command with a display of its own.
fn on_a_display(command: &Command) -> Command {
    let mut display = Command::new("xvfb-run");
    display.arg("-a").arg(command.get_program()).args(command.get_args());
    display.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        display.current_dir(folder);
    }
    display
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
