//! Chromium and its driver for the tests that need a real browser: found, or installed where we may.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Context, Failure, Result};
use crate::process::{self, on_path};

/// A browser and the driver of the same major version.
#[derive(Debug)]
pub struct Browser {
    /// As it names itself, for messages.
    pub name: String,
    pub chrome: PathBuf,
    pub driver: PathBuf,
}

const CHROMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC_CHROMES: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const BY_HAND: &str = "install Chromium and the chromedriver of the same version; \
    if they are not on PATH, set CHROME and CHROMEDRIVER to the two programs";

impl Browser {
    /// Finds the browser, after installing it where that is possible without a question.
    pub fn ensure(announce: impl FnOnce(&str)) -> Result<Self> {
        let (chrome, driver) = match find()? {
            (Some(chrome), Some(driver)) => (chrome, driver),
            (chrome, driver) => {
                let missing = match (&chrome, &driver) {
                    (None, None) => "Chromium and chromedriver",
                    (None, _) => "Chromium",
                    _ => "chromedriver",
                };
                install(missing, announce)?;
                match find()? {
                    (Some(chrome), Some(driver)) => (chrome, driver),
                    _ => return Err(Failure::new(format!("installed, but {missing} is not on PATH")).help(BY_HAND)),
                }
            }
        };
        Self::new(chrome, driver)
    }

    fn new(chrome: PathBuf, driver: PathBuf) -> Result<Self> {
        let driver_name = process::first_line(&driver, &["--version"])
            .ok_or_else(|| Failure::new(format!("{} does not answer --version", driver.display())).help(BY_HAND))?;
        // On Windows `--version` opens a window instead of answering.
        let name = if cfg!(windows) { None } else { process::first_line(&chrome, &["--version"]) };
        if let (Some(a), Some(b)) = (name.as_deref().and_then(major), major(&driver_name))
            && a != b
        {
            let what = format!("the browser is version {a}, its driver version {b}: they must be the same");
            return Err(Failure::new(what).help(BY_HAND));
        }
        Ok(Self { name: name.unwrap_or(driver_name), chrome, driver })
    }

    /// Writes the capabilities in `template` with this browser's program added, for wasm-bindgen's test runner.
    pub fn write_capabilities(&self, template: &Path, to: &Path) -> Result<()> {
        let text = std::fs::read_to_string(template).context(|| format!("cannot read {}", template.display()))?;
        let text = with_binary(&text, &self.chrome).context(|| format!("cannot use {}", template.display()))?;
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

fn find() -> Result<(Option<PathBuf>, Option<PathBuf>)> {
    let mac = || MAC_CHROMES.iter().map(PathBuf::from).find(|file| file.is_file());
    let chrome = match from_variable("CHROME")? {
        Some(chrome) => Some(chrome),
        None => CHROMES.iter().find_map(|name| on_path(name)).or_else(mac),
    };
    let driver = match from_variable("CHROMEDRIVER")? {
        Some(driver) => Some(driver),
        None => on_path("chromedriver"),
    };
    Ok((chrome, driver))
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

/// Installs through apt-get when we are allowed to; on other systems says what to run.
fn install(missing: &str, announce: impl FnOnce(&str)) -> Result<()> {
    let absent = |remedy: &str| Failure::new(format!("{missing} not found")).help(remedy);
    let command = |packages: &str| format!("run: {packages}\nor {BY_HAND}");
    if on_path("apt-get").is_none() {
        let known = [
            ("dnf", "sudo dnf install chromium chromedriver"),
            ("pacman", "sudo pacman -S chromium"),
            ("brew", "brew install --cask chromium chromedriver"),
        ];
        let remedy = known.into_iter().find(|(manager, _)| on_path(manager).is_some());
        return Err(absent(&remedy.map_or(BY_HAND.to_owned(), |(_, line)| command(line))));
    }
    let install = "apt-get install -y --no-install-recommends chromium chromium-driver";
    let Some(prefix) = as_root() else {
        return Err(absent(&command(&format!("sudo apt-get update && sudo {install}"))));
    };
    announce(&format!("{missing}: installing through apt-get, about a minute"));
    for line in ["apt-get update", install] {
        let words: Vec<&str> = prefix.iter().copied().chain(line.split(' ')).collect();
        process::run(Command::new(words[0]).args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive"))
            .map_err(|failure| failure.help(format!("see apt-get's message above, or {BY_HAND}")))?;
    }
    Ok(())
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
