//! The step with the constraint by other people's libraries in the same browser: `cargo bench --bench peers`, with the
//! variables of the browser tests and SCL_PEERS, a folder with the files of `benches/peers/` and the packages that they
//! ask for. `cargo xtask bench --peers` makes one.
//!
//! What follows `--` names the devices, `wasm` where nothing does. Each library prints one line of JSON.

// Bench targets are also compiled when the tests are built for the browser, where no browser can be driven from.
#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
#[path = "../tests/browser/harness/mod.rs"]
mod harness;

#[cfg(not(target_family = "wasm"))]
mod timings {
    use std::path::{Path, PathBuf};

    use serde_json::{Map, Value, json};

    use crate::harness::{Outcome, Site, Visit, variable};

    /// A library on a device: what it calls that, and how many steps are timed.
    struct Peer {
        library: &'static str,
        package: &'static str,
        device: &'static str,
        steps: usize,
    }

    const PEERS: [Peer; 3] = [
        Peer { library: "jax-js", package: "@jax-js/jax", device: "wasm", steps: 7 },
        // Its WebAssembly has no gradients of convolutions.
        Peer { library: "tfjs", package: "@tensorflow/tfjs", device: "cpu", steps: 3 },
        Peer { library: "jax-js", package: "@jax-js/jax", device: "webgpu", steps: 5 },
    ];

    /// Times the libraries on these devices.
    pub fn run(devices: &[String]) -> Outcome {
        let wanted = |peer: &&Peer| match devices {
            [] => peer.device != "webgpu",
            _ => devices.iter().any(|device| device == peer.device),
        };
        let folder = PathBuf::from(variable("SCL_PEERS"));
        for peer in PEERS.iter().filter(wanted) {
            println!("{}", timed(&folder, peer)?);
        }
        Ok(())
    }

    fn timed(folder: &Path, peer: &Peer) -> Outcome<Value> {
        let mut result: Outcome<Map<String, Value>> = Err("no visit".into());
        let site = Site { policy: String::new(), ..Site::page(folder, "/") };
        Visit::to(site).run(async |page| {
            page.visit("").await?;
            let arguments = vec![json!(peer.library), json!(peer.device), json!(peer.steps)];
            result = Ok(page.run_async("return timed(...arguments);", arguments).await?);
            Ok(())
        });
        let mut found = result?;
        let package = folder.join("node_modules").join(peer.package).join("package.json");
        let package: Value = serde_json::from_str(&std::fs::read_to_string(package)?)?;
        let version = package["version"].as_str().unwrap_or_default();
        found.insert("of".to_owned(), format!("{} {version}, {}", peer.library, peer.device).into());
        Ok(found.into())
    }
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` runs benches too, without this word: minutes of timings are no test.
    if !words.iter().any(|word| word == "--bench") {
        println!("timings run with `cargo bench --bench peers` only");
        return;
    }
    let devices: Vec<String> = words.into_iter().filter(|word| word != "--bench").collect();
    if let Err(error) = timings::run(&devices) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
