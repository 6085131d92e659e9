//! Timings of the built page in a real Chromium, beside the same step natively: `cargo bench --bench browser`, with
//! the variables of the browser tests (see `tests/browser/`).
//!
//! Machines differ, so ratios of one run come first; the last line is everything as JSON. The training steps go
//! through the page's own door to its workers, `www/engine/client.js`.

// Bench targets are also compiled when the tests are built for the browser, where no browser can be driven from.
#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
#[path = "../tests/browser/harness/mod.rs"]
mod harness;

#[cfg(not(target_family = "wasm"))]
mod timings {
    use std::process::Command;
    use std::time::Instant;

    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};

    use crate::harness::{Outcome, Page, Visit};

    const VISITS: usize = 3;

    /// Times lanes of one engine. Arguments: the engine; steps to warm up and to time.
    const LANES: &str = "
        const [name, warmUp, timed] = arguments;
        const { Engine } = await import(new URL('engine/client.js', document.baseURI).href);
        const { store } = document.querySelector('scl-train');
        const settings = { ...store.defaults, start: 'scratch', steps: 20000, engine: name };
        const open = async (lane) => {
          const engine = await Engine.open(name);
          await engine.loadData(settings, ['train', 'test']);
          await engine.remote.prepare(settings, lane);
          await engine.remote.advance(warmUp);
          return engine;
        };
        const time = async (...engines) => {
          const start = performance.now();
          await Promise.all(engines.map((engine) => engine.remote.advance(timed)));
          return (performance.now() - start) / timed;
        };
        const lanes = [await open('continuity'), await open('continuity')];
        const one = await time(lanes[0]);
        const two = await time(...lanes);
        lanes[1].close();
        const plain = await open('plain');
        const ms_plain = await time(plain);
        plain.close();
        lanes[0].close();
        return { ms_constraint: one, ms_plain, ms_two_lanes: two }";

    /// Opens an engine that trains with the constraint. Arguments: the engine; images a step.
    const OPEN: &str = "
        const [name, batch] = arguments;
        const { Engine } = await import(new URL('engine/client.js', document.baseURI).href);
        const { store } = document.querySelector('scl-train');
        const settings = { ...store.defaults, start: 'scratch', steps: 20000, batch, engine: name };
        const engine = await Engine.open(name);
        await engine.loadData(settings, ['train', 'test']);
        await engine.remote.prepare(settings, 'continuity');
        globalThis.engine = engine;
        return true";

    /// Its memory a hundred steps later.
    const MEMORY: &str = "
        let step = 0;
        // In slices, as a lane does it: the statistics of a step stay on the device until they are read.
        for (let i = 0; i < 5; i += 1) ({ step } = await engine.remote.advance(20));
        const { memory_bytes, device_bytes } = await engine.remote.info();
        return { step, bytes: memory_bytes, device_bytes };";

    /// Times the attack of 200 images on both shipped models at once, each in a worker of its own, and two explanations of
    /// one image on one of them.
    const INSPECT: &str = "
        const { PairEngine } = await import(new URL('engine/pair-engine.js', document.baseURI).href);
        const { store } = document.querySelector('scl-train');
        const engines = [new PairEngine(), new PairEngine()];
        const epsilon = store.defaults.attack_epsilon;
        const plan = { trials: [{ attack: { pgd: { steps: 20 } }, budget: { norm: 'linf', epsilon } }], images: 200, seed: 1 };
        const attack = async (engine, slot) => {
          let { done, units } = await engine.remote.begin_study(slot, { robustness: { plan } });
          while (done < units) ({ done } = await engine.remote.advance_study());
        };
        await Promise.all(engines.map((engine) => engine.load(store.defaults, null)));
        const start = performance.now();
        await Promise.all([attack(engines[0], 'plain'), attack(engines[1], 'continuity')]);
        const ms_pgd_both = performance.now() - start;
        const explain = async (method) => {
          const request = { subject: { test: 0 }, methods: [method], change: { perturbation: 'gaussian:0' }, seed: 1 };
          await engines[0].remote.explain(request);
          const start = performance.now();
          for (let i = 0; i < 5; i += 1) await engines[0].remote.explain(request);
          // Two models, before and after.
          return (performance.now() - start) / 5 / 4;
        };
        const ms_integrated_gradients = await explain({ 'integrated-gradients': { steps: 64, baseline: 'black' } });
        const ms_lime = await explain({ lime: { samples: 500, cell: 4, fill: 'blur' } });
        engines.forEach((engine) => engine.close());
        return { ms_pgd_both, ms_integrated_gradients, ms_lime }";

    #[derive(Deserialize, Serialize)]
    struct Inspection {
        ms_pgd_both: f64,
        ms_integrated_gradients: f64,
        ms_lime: f64,
    }

    #[derive(Deserialize, Serialize)]
    struct Memory {
        step: usize,
        /// Of the engine.
        bytes: u64,
        /// On the device, where that has its own.
        device_bytes: Option<u64>,
    }

    #[derive(Deserialize)]
    struct Lanes {
        ms_constraint: f64,
        ms_plain: f64,
        /// For a step of both.
        ms_two_lanes: f64,
    }

    #[derive(Deserialize)]
    struct Native {
        ms_per_step_constraint: f64,
        ms_per_step_plain: f64,
        ms_pgd_20_200_images: f64,
        ms_integrated_gradients_64: f64,
        ms_lime_500: f64,
    }

    pub fn run() -> Outcome {
        let native = native()?;
        let cpu = lanes("cpu", 10, 40)?;
        let webgpu = lanes("webgpu", 2, 4);
        let inspection: Inspection = in_page(async |page| page.run_async(INSPECT, vec![]).await)?;
        let cpu_memory = memory("cpu", 64)?;
        // In software WebGPU takes most of a second for a step of 64 images; how many there are changes no lifetime.
        let webgpu_memory = memory("webgpu", 4);
        let mut first_answers = first_answers();
        first_answers.sort_by(f64::total_cmp);
        let default_run = default_run();

        println!("\nratios of one run on this machine");
        let ratio = |name: &str, value: f64| println!("  {value:6.2}  {name}");
        ratio(
            "CPU engine in Chromium / native, step with the constraint",
            cpu.ms_constraint / native.ms_per_step_constraint,
        );
        ratio("CPU engine in Chromium / native, plain step", cpu.ms_plain / native.ms_per_step_plain);
        ratio("constraint / plain, CPU engine in Chromium", cpu.ms_constraint / cpu.ms_plain);
        ratio("throughput of two lanes at once / one", 2.0 * cpu.ms_constraint / cpu.ms_two_lanes);
        match &webgpu {
            Ok(webgpu) => {
                ratio("WebGPU / CPU engine, step with the constraint", webgpu.ms_constraint / cpu.ms_constraint);
            }
            Err(error) => println!("       –  WebGPU was not timed: {error}"),
        }
        ratio(
            "two models at once in Chromium / one natively, PGD-20 on 200 images",
            inspection.ms_pgd_both / native.ms_pgd_20_200_images,
        );
        ratio(
            "CPU engine in Chromium / native, Integrated Gradients with 64 steps",
            inspection.ms_integrated_gradients / native.ms_integrated_gradients_64,
        );
        ratio("CPU engine in Chromium / native, LIME with 500 samples", inspection.ms_lime / native.ms_lime_500);
        println!(
            "PGD-20 on 200 images, both models: {:.1} s; Integrated Gradients: {:.0} ms; LIME: {:.0} ms",
            inspection.ms_pgd_both / 1000.0,
            inspection.ms_integrated_gradients,
            inspection.ms_lime
        );
        ratio("memory of the CPU engine, step 2,000 / step 100", growth(&cpu_memory, |at| Some(at.bytes)));
        match &webgpu_memory {
            Ok(webgpu) => {
                ratio("memory of the WebGPU engine, step 2,000 / step 100", growth(webgpu, |at| Some(at.bytes)));
                ratio("the same on the device", growth(webgpu, |at| at.device_bytes));
            }
            Err(error) => println!("       –  the memory of the WebGPU engine was not read: {error}"),
        }
        println!(
            "first answer after {:.0} ms (median of {VISITS}, cold cache); default run {default_run:.1} s",
            first_answers[VISITS / 2]
        );

        let line = json!({
            "native": { "ms_constraint": native.ms_per_step_constraint, "ms_plain": native.ms_per_step_plain },
            "cpu": summary(&cpu),
            "inspection": inspection,
            "webgpu": webgpu.as_ref().map_or(Value::Null, summary),
            "memory": { "cpu": cpu_memory, "webgpu": webgpu_memory.ok() },
            "first_answer_ms": first_answers,
            "default_run_s": default_run,
        });
        println!("{line}");
        Ok(())
    }

    /// Late memory over early memory; NaN when it is not told.
    fn growth([early, late]: &[Memory; 2], bytes: fn(&Memory) -> Option<u64>) -> f64 {
        bytes(late).zip(bytes(early)).map_or(f64::NAN, |(late, early)| late as f64 / early as f64)
    }

    fn summary(lanes: &Lanes) -> Value {
        json!({
            "ms_constraint": lanes.ms_constraint,
            "ms_plain": lanes.ms_plain,
            "two_lanes_throughput": 2.0 * lanes.ms_constraint / lanes.ms_two_lanes,
        })
    }

    /// The same step natively on one thread, by the runner's own bench.
    fn native() -> Outcome<Native> {
        let output =
            Command::new(env!("CARGO")).args(["lab", "bench"]).current_dir(env!("CARGO_MANIFEST_DIR")).output()?;
        let text = String::from_utf8(output.stdout)?;
        let line = text.lines().rev().find(|line| line.starts_with('{'));
        let line =
            line.ok_or_else(|| format!("`cargo lab bench` said: {text}{}", String::from_utf8_lossy(&output.stderr)))?;
        Ok(serde_json::from_str(line)?)
    }

    fn lanes(engine: &str, warm_up: usize, timed: usize) -> Outcome<Lanes> {
        println!("{engine} engine: {timed} steps …");
        in_page(async |page| page.run_async(LANES, vec![json!(engine), json!(warm_up), json!(timed)]).await)
    }

    /// The memory of an engine that trains with the constraint, early and late.
    fn memory(engine: &str, batch: usize) -> Outcome<[Memory; 2]> {
        println!("{engine} engine: 2,000 steps of {batch} images …");
        in_page(async |page| {
            page.run_async::<bool>(OPEN, vec![json!(engine), json!(batch)]).await?;
            let early: Memory = page.run_async(MEMORY, vec![]).await?;
            loop {
                // In pieces: WebDriver's patience with one script is short for an adapter in software.
                let late: Memory = page.run_async(MEMORY, vec![]).await?;
                if late.step >= 2000 {
                    return Ok([early, late]);
                }
            }
        })
    }

    /// What `visit` returns in a fresh browser.
    fn in_page<T>(visit: impl AsyncFnOnce(&Page) -> Outcome<T>) -> Outcome<T> {
        let mut result = Err("no visit".into());
        Visit::new().run(async |page| {
            page.open("").await?;
            idle(page).await?;
            result = visit(page).await;
            Ok(())
        });
        result
    }

    /// Waits until the first figure has nothing more to compute.
    async fn idle(page: &Page) -> Outcome {
        page.wait("the counted nudges", 60, "visitor.one('scl-nudge >>> .rates strong')").await.map(drop)
    }

    fn first_answers() -> Vec<f64> {
        let mut times = Vec::new();
        for _ in 0..VISITS {
            Visit::new().run(async |page| {
                page.open("").await?;
                page.wait("both answers", 60, "visitor.answers()").await?;
                times.push(page.get("visitor.firstAnswer").await?);
                Ok(())
            });
        }
        times
    }

    /// Seconds from Start to the filled table with the settings as they are.
    fn default_run() -> f64 {
        let mut seconds = 0.0;
        Visit::new().run(async |page| {
            page.open("").await?;
            idle(page).await?;
            let start = Instant::now();
            page.train(600).await?;
            seconds = start.elapsed().as_secs_f64();
            Ok(())
        });
        seconds
    }
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    // `cargo test --all-targets` runs benches too, without this word: minutes of timings are no test.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("timings run with `cargo bench --bench browser` only");
        return;
    }
    if let Err(error) = timings::run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
