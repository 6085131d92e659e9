//! Chromium and its driver, started for one visit and ended with it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel, WebDriver};

use super::{Outcome, variable};

/// Without a graphics processor Chromium offers its software adapter for WebGPU; the rest keeps it off the network.
const ARGUMENTS: [&str; 9] = [
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

/// Scripts may wait for a whole run.
const PATIENCE: Duration = Duration::from_secs(600);

/// A driver of our own, on a port it finds free.
pub struct Chromedriver {
    process: Child,
    port: u16,
    /// Kept open: the driver goes on writing to it.
    _output: BufReader<ChildStdout>,
}

impl Chromedriver {
    /// The driver takes a port that is free on one address family and ends when the other family's is taken, which
    /// another try does not meet again.
    pub fn start() -> Outcome<Self> {
        Self::start_once().or_else(|_| Self::start_once()).or_else(|_| Self::start_once())
    }

    fn start_once() -> Outcome<Self> {
        let program = variable("SCL_CHROMEDRIVER");
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("SCL_CHROMEDRIVER is `{program}`, which does not start: {error}"))?;
        let mut output = BufReader::new(process.stdout.take().ok_or("the driver has no output")?);
        // "ChromeDriver was started successfully on port 12345."
        let mut line = String::new();
        while output.read_line(&mut line)? > 0 {
            let number = line.trim_end().trim_end_matches('.').rsplit_once("on port ").map(|(_, number)| number);
            if let Some(port) = number.and_then(|number| number.parse().ok()).filter(|port| *port > 0) {
                return Ok(Self { process, port, _output: output });
            }
            line.clear();
        }
        let _ = process.kill();
        Err(format!("`{program}` ended before it was ready").into())
    }

    /// Starts a Chromium with an empty profile.
    pub async fn open(&self) -> Outcome<WebDriver> {
        let mut capabilities = ChromeCapabilities::new();
        capabilities.set_binary(&variable("SCL_CHROME"))?;
        for argument in ARGUMENTS {
            capabilities.add_arg(argument)?;
        }
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        let address = format!("http://127.0.0.1:{}", self.port);
        let driver = WebDriver::builder(address, capabilities).request_timeout(PATIENCE).connect().await?;
        driver.set_script_timeout(PATIENCE).await?;
        Ok(driver)
    }
}

impl Drop for Chromedriver {
    /// Asks the driver to end: killed, it would leave its Chromium behind.
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = write!(stream, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            let _ = stream.read_to_end(&mut Vec::new());
        }
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(5) {
            if let Ok(Some(_)) = self.process.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
