//! The browsers of the tests and their drivers: found, or installed where we may.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Context, Failure, Result};
use crate::process::{self, on_path};
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
    pub fn ensure(kind: &Kind, announce: impl Fn(&str)) -> Result<Self> {
        let mut found = kind.find()?;
        if let Some(missing) = kind.missing(&found) {
            kind.install(&missing, &announce)?;
            found = kind.find()?;
            if let Some(missing) = kind.missing(&found) {
                return Err(Failure::new(format!("installed, but {missing} is not there")).help(kind.by_hand()));
            }
        }
        if let (None, Some(tool)) = (&found.1, kind.built) {
            let (folder, _) = tool().ensure(|text| announce(&format!("{}: {text}", kind.driver)))?;
            found.1 = Some(folder.join(process::file_name(kind.driver)));
        }
        match found {
            (Some(program), Some(driver)) => Self::new(kind, program, driver),
            _ => Err(Failure::new(format!("{} not found", kind.name)).help(kind.by_hand())),
        }
    }

    fn new(kind: &Kind, program: PathBuf, driver: PathBuf) -> Result<Self> {
        let driver_name = if kind.says_version {
            process::first_line(&driver, &["--version"]).ok_or_else(|| {
                Failure::new(format!("{} does not answer --version", driver.display())).help(kind.by_hand())
            })?
        } else {
            kind.name.to_owned()
        };
        // On Windows `--version` opens a window instead of answering.
        let asked = kind.says_version && !cfg!(windows);
        let name = if asked { process::first_line(&program, &["--version"]) } else { None };
        if let (true, Some(a), Some(b)) = (kind.paired, name.as_deref().and_then(major), major(&driver_name))
            && a != b
        {
            let what = format!("the browser is version {a}, its driver version {b}: they must be the same");
            return Err(Failure::new(what).help(kind.by_hand()));
        }
        Ok(Self { name: name.unwrap_or(driver_name), program, driver, needs_display: kind.needs_display })
    }

    /// Writes the capabilities in `template` with this browser's program added, for wasm-bindgen's test runner.
    pub fn write_capabilities(&self, template: &Path, to: &Path) -> Result<()> {
        let text = std::fs::read_to_string(template).context(|| format!("cannot read {}", template.display()))?;
        let text = with_binary(&text, &self.program).context(|| format!("cannot use {}", template.display()))?;
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).context(|| format!("cannot create {}", folder.display()))?;
        }
        std::fs::write(to, text).context(|| format!("cannot write {}", to.display()))
    }
}

/// The capabilities in `text` with `binary` set to `chrome`.
fn with_binary(text: &str, chrome: &Path) -> Result<String, String> {
    let mut json: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let options = json.get_mut("goog:chromeOptions").and_then(|options| options.as_object_mut());
    let options = options.ok_or("it has no object \"goog:chromeOptions\"")?;
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
        let known = |name: &&str| {
            let path = Path::new(name);
            if path.is_absolute() { path.is_file().then(|| path.to_owned()) } else { on_path(name) }
        };
        let program = from_variable(self.variable)?.or_else(|| self.programs.iter().find_map(known));
        Ok((program, from_variable(self.driver_variable)?.or_else(|| on_path(self.driver))))
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
    fn install(&self, missing: &str, announce: &impl Fn(&str)) -> Result<()> {
        let by_hand = self.by_hand();
        let absent = |remedy: &str| Failure::new(format!("{missing} not found")).help(remedy);
        let command = |packages: &str| format!("run: {packages}\nor {by_hand}");
        if on_path("apt-get").is_none() {
            let remedy = self.elsewhere.iter().find(|(manager, _)| on_path(manager).is_some());
            return Err(absent(&remedy.map_or(by_hand.clone(), |(_, line)| command(line))));
        }
        let install = format!("apt-get install -y --no-install-recommends {}", self.debian);
        let Some(prefix) = as_root() else {
            return Err(absent(&command(&format!("sudo apt-get update && sudo {install}"))));
        };
        announce(&format!("{missing}: installing through apt-get, about a minute"));
        for line in ["apt-get update", &install] {
            let words: Vec<&str> = prefix.iter().copied().chain(line.split(' ')).collect();
            process::run(Command::new(words[0]).args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive"))
                .map_err(|failure| failure.help(format!("see apt-get's message above, or {by_hand}")))?;
        }
        Ok(())
    }
}

/// The program that a variable of the user names, by path or by a name on PATH.
fn from_variable(variable: &str) -> Result<Option<PathBuf>> {
    let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else { return Ok(None) };
    let path = PathBuf::from(&value);
    let found = if path.is_file() { std::path::absolute(&path).ok() } else { on_path(&value.to_string_lossy()) };
    found.map(Some).ok_or_else(|| {
        Failure::new(format!("{variable} is `{}`, which is not a program", path.display()))
            .help(format!("correct {variable}, or unset it to search PATH"))
    })
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
