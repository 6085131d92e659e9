//! The browsers of the tests and their drivers: found, or installed where we may.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, ensure};
use which::which;
use xshell::Shell;

use crate::help::Help as _;
use crate::process;
use crate::tools::Tool;

/// A browser that the tests drive, and what it needs.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    /// Names on PATH, and paths.
    programs: &'static [&'static str],
    /// Names its program when it is neither.
    variable: &'static str,
    driver: &'static str,
    driver_variable: &'static str,
    /// The package that builds the driver, where no system has one.
    built: Option<fn() -> Tool>,
    /// What else must be there.
    also: &'static [&'static str],
    debian: &'static str,
    /// What to run elsewhere, by package manager.
    elsewhere: &'static [(&'static str, &'static str)],
    /// Whether browser and driver must have the same major version.
    paired: bool,
    /// Whether it has no mode without a display.
    needs_display: bool,
    /// Whether browser and driver answer `--version`.
    says_version: bool,
}

pub const CHROMIUM: Kind = Kind {
    name: "Chromium",
    programs: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    variable: "CHROME",
    driver: "chromedriver",
    driver_variable: "CHROMEDRIVER",
    built: None,
    also: &[],
    debian: "chromium chromium-driver",
    elsewhere: &[
        ("dnf", "sudo dnf install chromium chromedriver"),
        ("pacman", "sudo pacman -S chromium"),
        ("brew", "brew install --cask chromium chromedriver"),
    ],
    paired: true,
    needs_display: false,
    says_version: true,
};

pub const FIREFOX: Kind = Kind {
    name: "Firefox",
    programs: &["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    variable: "FIREFOX",
    driver: "geckodriver",
    driver_variable: "GECKODRIVER",
    built: Some(Tool::geckodriver),
    // Mesa's Vulkan in software, for WebGPU.
    also: if cfg!(target_os = "linux") { &["/usr/share/vulkan/icd.d"] } else { &[] },
    debian: "firefox-esr mesa-vulkan-drivers",
    elsewhere: &[
        ("dnf", "sudo dnf install firefox mesa-vulkan-drivers"),
        ("pacman", "sudo pacman -S firefox vulkan-swrast"),
        ("brew", "brew install --cask firefox"),
    ],
    paired: false,
    needs_display: false,
    says_version: true,
};

pub const WEBKIT: Kind = Kind {
    name: "WebKitGTK",
    programs: &[
        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/webkit2gtk-4.1/MiniBrowser",
    ],
    variable: "MINIBROWSER",
    driver: "WebKitWebDriver",
    driver_variable: "WEBKITWEBDRIVER",
    built: None,
    also: &["/usr/bin/Xvfb", "/usr/bin/xvfb-run"],
    debian: "webkit2gtk-driver libwebkit2gtk-4.1-0 xvfb xauth",
    elsewhere: &[
        ("dnf", "sudo dnf install webkit2gtk4.1 xorg-x11-server-Xvfb"),
        ("pacman", "sudo pacman -S webkit2gtk-4.1 xorg-server-xvfb"),
    ],
    paired: false,
    needs_display: true,
    says_version: false,
};

/// A browser and its driver on this machine.
#[derive(Debug)]
pub struct Browser {
    /// As it names itself, for messages.
    pub name: String,
    pub program: PathBuf,
    pub driver: PathBuf,
    /// Whether it must be given one.
    pub needs_display: bool,
}

impl Browser {
    /// Finds the browser, after installing it where that is possible without a question.
    pub fn ensure(kind: &Kind, say: impl Fn(&str)) -> Result<Self> {
        let mut found = kind.find()?;
        if let Some(missing) = kind.missing(&found) {
            kind.install(&missing, &say)?;
            found = kind.find()?;
            if let Some(missing) = kind.missing(&found) {
                return Err(anyhow!("installed, but {missing} is not there")).help(kind.by_hand());
            }
        }
        if let (None, Some(tool)) = (&found.1, kind.built) {
            found.1 = Some(tool().ensure(&say)?.join(process::file_name(kind.driver)));
        }
        let (Some(program), Some(driver)) = found else {
            return Err(anyhow!("{} not found", kind.name)).help(kind.by_hand());
        };
        let browser = Self::new(kind, program, driver).help(kind.by_hand())?;
        say(&format!("{}: present", browser.name));
        Ok(browser)
    }

    fn new(kind: &Kind, program: PathBuf, driver: PathBuf) -> Result<Self> {
        let driver_name = if kind.says_version {
            process::first_line(&driver, &["--version"])
                .with_context(|| format!("{} does not answer --version", driver.display()))?
        } else {
            kind.name.to_owned()
        };
        // On Windows `--version` opens a window instead of answering.
        let asked = kind.says_version && !cfg!(windows);
        let name = if asked { process::first_line(&program, &["--version"]) } else { None };
        if let (true, Some(a), Some(b)) = (kind.paired, name.as_deref().and_then(major), major(&driver_name)) {
            ensure!(a == b, "the browser is version {a}, its driver version {b}: they must be the same");
        }
        Ok(Self { name: name.unwrap_or(driver_name), program, driver, needs_display: kind.needs_display })
    }

    /// Writes the capabilities in `template` with this browser's program added, for wasm-bindgen's test runner.
    pub fn write_capabilities(&self, template: &Path, to: &Path) -> Result<()> {
        let text = fs_err::read_to_string(template)?;
        let text = with_binary(&text, &self.program).with_context(|| format!("cannot use {}", template.display()))?;
        Ok(Shell::new()?.write_file(to, text)?)
    }
}

/// The capabilities in `text` with `binary` set to `chrome`.
fn with_binary(text: &str, chrome: &Path) -> Result<String> {
    let mut json: serde_json::Value = serde_json::from_str(text)?;
    let options = json.get_mut("goog:chromeOptions").and_then(|options| options.as_object_mut());
    let options = options.context("it has no object \"goog:chromeOptions\"")?;
    options.insert("binary".to_owned(), chrome.to_string_lossy().into_owned().into());
    Ok(json.to_string())
}

/// The first number of the version in a line such as `Chromium 156.0.8078.79 built on …`.
fn major(line: &str) -> Option<u32> {
    line.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

impl Kind {
    /// The browser's program and its driver.
    fn find(&self) -> Result<(Option<PathBuf>, Option<PathBuf>)> {
        let program = from_variable(self.variable)?.or_else(|| self.programs.iter().find_map(|name| which(name).ok()));
        Ok((program, from_variable(self.driver_variable)?.or_else(|| which(self.driver).ok())))
    }

    /// What is not there and cannot be built.
    fn missing(&self, (program, driver): &(Option<PathBuf>, Option<PathBuf>)) -> Option<String> {
        let mut missing = Vec::new();
        if program.is_none() {
            missing.push(self.name);
        }
        if driver.is_none() && self.built.is_none() {
            missing.push(self.driver);
        }
        missing.extend(self.also.iter().filter(|path| !Path::new(path).exists()));
        (!missing.is_empty()).then(|| missing.join(" and "))
    }

    fn by_hand(&self) -> String {
        format!(
            "install {} and the {} that belongs to it; if they are not on PATH, set {} and {} to the two programs",
            self.name, self.driver, self.variable, self.driver_variable
        )
    }

    /// Installs through apt-get when we are allowed to; on other systems says what to run.
    fn install(&self, missing: &str, say: &impl Fn(&str)) -> Result<()> {
        let by_hand = self.by_hand();
        let absent = |remedy: &str| Err(anyhow!("{missing} not found")).help(remedy);
        let command = |packages: &str| format!("run: {packages}\nor {by_hand}");
        if which("apt-get").is_err() {
            let remedy = self.elsewhere.iter().find(|(manager, _)| which(manager).is_ok());
            return absent(&remedy.map_or(by_hand.clone(), |(_, line)| command(line)));
        }
        let install = format!("apt-get install -y --no-install-recommends {}", self.debian);
        let Some(prefix) = as_root() else {
            return absent(&command(&format!("sudo apt-get update && sudo {install}")));
        };
        say(&format!("{missing}: installing through apt-get, about a minute"));
        let sh = Shell::new()?;
        for line in ["apt-get update", &install] {
            let words: Vec<&str> = prefix.iter().copied().chain(line.split(' ')).collect();
            let command = sh.cmd(words[0]).args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive");
            process::run(command).help(format!("see apt-get's message above, or {by_hand}"))?;
        }
        Ok(())
    }
}

/// The program that a variable of the user names, by path or by a name on PATH.
fn from_variable(variable: &str) -> Result<Option<PathBuf>> {
    let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else { return Ok(None) };
    let path = Path::new(&value);
    let found = if path.is_file() { std::path::absolute(path).ok() } else { which(path).ok() };
    let found = found.with_context(|| format!("{variable} is `{}`, which is not a program", path.display()));
    found.map(Some).help(format!("correct {variable}, or unset it to search PATH"))
}

/// The words that make a command run as root without a question; `None` when there is no such way.
fn as_root() -> Option<&'static [&'static str]> {
    if process::first_line("id", &["-u"]).as_deref() == Some("0") {
        // `env` so that both ways start with a program.
        return Some(&["env"]);
    }
    let may = Command::new("sudo").args(["-n", "true"]).output().is_ok_and(|output| output.status.success());
    // sudo drops variables, so the one for apt-get is named again.
    may.then_some(&["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_versions_are_read() {
        assert_eq!(major("Chromium 156.0.8078.79 built on Debian GNU/Linux 12"), Some(156));
        assert_eq!(major("ChromeDriver 156.0.8078.79 (a21ce95c@{#1704})"), Some(156));
        assert_eq!(major("no version"), None);
    }

    #[test]
    fn the_browser_joins_the_capabilities() {
        let text = r#"{"goog:chromeOptions": {"args": ["--headless=new"]}}"#;
        let joined: serde_json::Value =
            serde_json::from_str(&with_binary(text, Path::new("/a b/chrome")).unwrap()).unwrap();
        assert_eq!(joined["goog:chromeOptions"]["binary"], "/a b/chrome");
        assert_eq!(joined["goog:chromeOptions"]["args"][0], "--headless=new");
        assert!(with_binary("{}", Path::new("x")).is_err());
    }
}
