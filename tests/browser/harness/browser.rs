//! A browser and its driver, started for one visit and ended with it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::{
    Capabilities, CapabilitiesHelper, ChromeCapabilities, ChromiumLikeCapabilities, FirefoxCapabilities,
    LoggingPrefsLogLevel, WebDriver,
};

use super::{Outcome, variable};

/// Without a graphics processor Chromium offers its software adapter for WebGPU; the rest keeps it off the network.
const CHROMIUM: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--enable-unsafe-webgpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1200,1000",
];

/// WebGPU, which Firefox does not offer on every system by itself, on Mesa's software adapter too; and a clipboard that scripts
/// may read without a question.
const FIREFOX: [(&str, bool); 3] =
    [("dom.webgpu.enabled", true), ("gfx.webgpu.ignore-blocklist", true), ("dom.events.testing.asyncClipboard", true)];

/// What a visitor has switched off in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// All cookies and storage.
    Storage,
    /// Those of sites in frames on other sites.
    StorageOfOthers,
    /// As a lockdown mode does.
    WebAssembly,
}

impl Off {
    /// Chromium's preferences.
    fn preferences(self) -> serde_json::Value {
        match self {
            Self::Storage => json!({ "profile.default_content_setting_values.cookies": 2 }),
            Self::StorageOfOthers => {
                json!({ "profile.block_third_party_cookies": true, "profile.cookie_controls_mode": 1 })
            }
            Self::WebAssembly => json!({}),
        }
    }

    /// The same for Firefox.
    fn set(self, preferences: &mut FirefoxPreferences) -> Outcome {
        match self {
            Self::Storage => preferences.set("network.cookie.cookieBehavior", 2)?,
            Self::StorageOfOthers => preferences.set("network.cookie.cookieBehavior", 1)?,
            Self::WebAssembly => preferences.set("javascript.options.wasm", false)?,
        }
        Ok(())
    }
}

/// Scripts may wait for a whole run.
const PATIENCE: Duration = Duration::from_secs(600);

/// The browsers that a visit can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Chromium,
    Firefox,
    WebKit,
}

impl Kind {
    /// Told by the driver.
    pub fn chosen() -> Self {
        let driver = variable("SCL_DRIVER").to_ascii_lowercase();
        match () {
            () if driver.contains("gecko") => Self::Firefox,
            () if driver.contains("webkit") => Self::WebKit,
            () => Self::Chromium,
        }
    }
}

/// A driver of our own, on a port of its own.
pub struct Driver {
    pub kind: Kind,
    process: Child,
    port: u16,
    /// Kept open: the driver goes on writing to it.
    _output: BufReader<ChildStdout>,
}

impl Driver {
    /// A port that was free may be taken a moment later, or on the other address family: another try does not meet that again.
    pub fn start() -> Outcome<Self> {
        Self::start_once().or_else(|_| Self::start_once()).or_else(|_| Self::start_once())
    }

    fn start_once() -> Outcome<Self> {
        let (kind, program) = (Kind::chosen(), variable("SCL_DRIVER"));
        // WebKit's driver neither finds a port nor says which it has.
        let free = match kind {
            Kind::WebKit => TcpListener::bind("127.0.0.1:0")?.local_addr()?.port(),
            _ => 0,
        };
        let mut command = Command::new(&program);
        command.arg(format!("--port={free}"));
        if kind == Kind::Firefox {
            // The second word lets the tests change the browser's settings.
            command.args(["--websocket-port=0", "--allow-system-access"]);
        }
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("SCL_DRIVER is `{program}`, which does not start: {error}"))?;
        let mut output = BufReader::new(process.stdout.take().ok_or("the driver has no output")?);
        let port = if free > 0 { answers(free).then_some(free) } else { told(&mut output)? };
        if let Some(port) = port {
            return Ok(Self { kind, process, port, _output: output });
        }
        let _ = process.kill();
        let _ = process.wait();
        Err(format!("`{program}` ended before it was ready").into())
    }

    /// The process that all of the browser's processes come from.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// Starts the browser with an empty profile.
    pub async fn open(&self, off: Option<Off>) -> Outcome<WebDriver> {
        let address = format!("http://127.0.0.1:{}", self.port);
        let driver = WebDriver::builder(address, self.capabilities(off)?).request_timeout(PATIENCE).connect().await?;
        driver.set_script_timeout(PATIENCE).await?;
        Ok(driver)
    }

    fn capabilities(&self, off: Option<Off>) -> Outcome<Capabilities> {
        let program = variable("SCL_BROWSER");
        match self.kind {
            Kind::Chromium => {
                let mut capabilities = ChromeCapabilities::new();
                capabilities.set_binary(&program)?;
                for argument in CHROMIUM {
                    capabilities.add_arg(argument)?;
                }
                if let Some(off) = off {
                    capabilities.add_experimental_option("prefs", off.preferences())?;
                    if off == Off::WebAssembly {
                        capabilities.add_arg("--js-flags=--jitless")?;
                    }
                }
                capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
                Ok(capabilities.into())
            }
            Kind::Firefox => {
                let mut capabilities = FirefoxCapabilities::new();
                capabilities.set_firefox_binary(&program)?;
                capabilities.set_headless()?;
                capabilities.add_arg("--width=1200")?;
                capabilities.add_arg("--height=1000")?;
                let mut preferences = FirefoxPreferences::new();
                for (name, value) in FIREFOX {
                    preferences.set(name, value)?;
                }
                if let Some(off) = off {
                    off.set(&mut preferences)?;
                }
                capabilities.set_preferences(preferences)?;
                capabilities.enable_bidi()?;
                Ok(capabilities.into())
            }
            Kind::WebKit => {
                let mut capabilities = Capabilities::new();
                let options = json!({ "binary": program, "args": ["--automation"] });
                capabilities.set("webkitgtk:browserOptions", options)?;
                Ok(capabilities)
            }
        }
    }
}

/// The port in the driver's first words: "… started successfully on port 12345." or "… Listening on 127.0.0.1:12345".
fn told(output: &mut impl BufRead) -> Outcome<Option<u16>> {
    let mut line = String::new();
    while output.read_line(&mut line)? > 0 {
        let text = line.trim_end().trim_end_matches('.');
        let number = text.rsplit_once("on port ").or_else(|| text.rsplit_once("Listening on 127.0.0.1:"));
        if let Some(port) = number.and_then(|(_, number)| number.parse().ok()).filter(|port| *port > 0) {
            return Ok(Some(port));
        }
        line.clear();
    }
    Ok(None)
}

/// Whether somebody listens on the port within a few seconds.
fn answers(port: u16) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

impl Drop for Driver {
    /// Asks the driver to end, where it can be asked: killed, it would leave its browser behind.
    fn drop(&mut self) {
        if self.kind == Kind::Chromium
            && let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port))
        {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = write!(stream, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            let _ = stream.read_to_end(&mut Vec::new());
            let start = Instant::now();
            while start.elapsed() < Duration::from_secs(5) {
                if let Ok(Some(_)) = self.process.try_wait() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
