//! How long the first figure takes to answer on a cold visit, over connections of three kinds: `cargo bench --bench
//! first_answer`, with the variables of the browser tests (see `tests/browser/`).
//!
//! It prints a table, and each row once more as a line of JSON.
//!
//! The server does the throttling, so that workers meet it too: the emulation of browsers spares them.

// Bench targets are also compiled when the tests are built for the browser, where no browser can be driven from.
#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
#[path = "../tests/browser/harness/mod.rs"]
mod harness;

#[cfg(not(target_family = "wasm"))]
mod throttled;

#[cfg(not(target_family = "wasm"))]
mod timings {
    use std::path::PathBuf;
    use std::time::Duration;

    use serde_json::json;

    use crate::harness::{Outcome, Visit, variable};
    use crate::throttled::{Files, Line, Server};

    const VISITS: usize = 5;

    /// By the names and numbers of the developer tools of browsers.
    const LINES: [Line; 3] = [
        Line { name: "unthrottled", bits_per_second: None, latency: Duration::ZERO },
        Line { name: "4G", bits_per_second: Some(8_100_000), latency: Duration::from_millis(165) },
        Line { name: "fast 3G", bits_per_second: Some(1_440_000), latency: Duration::from_millis(562) },
    ];

    /// What one visit found.
    struct Found {
        /// Seconds until the first figure shows anything of both models, computed or prepared.
        painted: f64,
        /// Seconds until its engine has answered.
        answered: f64,
        /// What had been sent by then, in kB of 1000 bytes.
        kb: f64,
        requests: f64,
    }

    pub fn run() -> Outcome {
        let files = Files::below(PathBuf::from(variable("SCL_DIST")));
        // What is compressed once is only sent afterwards.
        visit(&Server::start(files.clone(), &LINES[0])?)?;
        println!("median of {VISITS} cold visits (least to most)");
        println!("{:12} {:>24} {:>24} {:>8} {:>9}", "line", "painted, s", "answered, s", "kB", "requests");
        let mut lines = Vec::new();
        for line in &LINES {
            let found =
                (0..VISITS).map(|_| visit(&Server::start(files.clone(), line)?)).collect::<Outcome<Vec<Found>>>()?;
            let spread = |value: fn(&Found) -> f64| {
                let values = sorted(&found, value);
                format!("{:.2} ({:.2} to {:.2})", values[VISITS / 2], values[0], values[VISITS - 1])
            };
            let median = |value: fn(&Found) -> f64| sorted(&found, value)[VISITS / 2];
            println!(
                "{:12} {:>24} {:>24} {:>8.0} {:>9.0}",
                line.name,
                spread(|found| found.painted),
                spread(|found| found.answered),
                median(|found| found.kb),
                median(|found| found.requests)
            );
            lines.push(json!({
                "line": line.name,
                "painted": sorted(&found, |found| found.painted),
                "answered": sorted(&found, |found| found.answered),
                "kb": median(|found| found.kb),
                "requests": median(|found| found.requests),
            }));
        }
        lines.iter().for_each(|line| println!("{line}"));
        Ok(())
    }

    fn sorted(found: &[Found], value: fn(&Found) -> f64) -> Vec<f64> {
        let mut values: Vec<f64> = found.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    /// A visit with a fresh browser.
    fn visit(server: &Server) -> Outcome<Found> {
        let mut found = Err("no visit".into());
        Visit::new().run(async |page| {
            page.visit(&server.address).await?;
            page.wait("both answers", 60, "globalThis.visitor?.firstAnswer").await?;
            let sent = server.sent();
            let seconds =
                async |name: &str| -> Outcome<f64> { Ok(page.get::<f64>(&format!("visitor.{name}")).await? / 1000.0) };
            found = Ok(Found {
                painted: seconds("firstPaint").await?,
                answered: seconds("firstAnswer").await?,
                kb: sent.bytes as f64 / 1000.0,
                requests: sent.requests as f64,
            });
            Ok(())
        });
        found
    }
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    // `cargo test --all-targets` runs benches too, without this word: minutes of timings are no test.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("timings run with `cargo bench --bench first_answer` only");
        return;
    }
    if let Err(error) = timings::run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
