//! Timings of the built page in a real browser: `cargo bench --bench browser`, with the variables of the browser tests
//! (see `tests/browser/`). `cargo xtask bench` puts them beside the same steps natively and elsewhere.
//!
//! What follows `--` names the parts to time, all of them where nothing does. Each prints one line of JSON; the names of
//! `costs` are those of `cargo lab bench`. Training goes through the page's own door to its workers,
//! `www/engine/client.js`.

// Bench targets are also compiled when the tests are built for the browser, where no browser can be driven from.
#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
#[path = "../tests/browser/harness/mod.rs"]
mod harness;

#[cfg(not(target_family = "wasm"))]
mod timings {
    use std::time::Instant;

    use serde_json::{Map, Value, json};

    use crate::harness::{Fault, Outcome, Page, Visit};

    /// What can be timed, each in a browser of its own.
    const PARTS: [(&str, Part); 5] = [
        ("costs", costs),
        ("run", default_run),
        ("memory", memory),
        ("webgpu", webgpu),
        ("webgpu-memory", memory_of_webgpu),
    ];

    type Part = fn() -> Outcome<Value>;

    /// Milliseconds for a step of each lane, of both at once, and of the larger network, by the median of ten slices.
    const STEPS: &str = "
        const { Engine } = await import(new URL('engine/client.js', document.baseURI).href);
        const { store } = document.querySelector('scl-train');
        const open = async (lane, also) => {
          const settings = { ...store.defaults, start: 'scratch', steps: 20000, engine: 'cpu', ...also };
          const engine = await Engine.open('cpu');
          await engine.loadData(settings, ['train', 'test']);
          await engine.remote.prepare(settings, lane);
          await engine.remote.advance(5);
          return engine;
        };
        const time = async (slice, ...engines) => {
          const times = [];
          for (let i = 0; i < 10; i += 1) {
            const start = performance.now();
            await Promise.all(engines.map((engine) => engine.remote.advance(slice)));
            times.push((performance.now() - start) / slice);
          }
          engines.forEach((engine) => engine.close());
          return times.sort((a, b) => a - b)[5];
        };
        return {
          of: navigator.userAgent.match(/(Firefox|Chrome).\\d+/)[0].replace('/', ' '),
          step: await time(6, await open('continuity')),
          step_plain: await time(12, await open('plain')),
          step_mini_resnet: await time(1, await open('continuity', { architecture: 'mini-resnet' })),
          two_lanes: await time(6, await open('continuity'), await open('continuity')),
        };";

    /// Milliseconds for the attack of 200 images on a shipped model, and for two explanations of one image.
    const INSPECT: &str = "
        const { PairEngine } = await import(new URL('engine/pair-engine.js', document.baseURI).href);
        const { store } = document.querySelector('scl-train');
        const engine = new PairEngine();
        await engine.load(store.defaults, null);
        const epsilon = store.defaults.attack_epsilon;
        const trials = [{ attack: { pgd: { steps: 20 } }, budget: { norm: 'linf', epsilon } }];
        const plan = { trials, images: 200, seed: 1 };
        const attack = async () => {
          const start = performance.now();
          let { done, units } = await engine.remote.begin_study('plain', { robustness: { plan } });
          while (done < units) ({ done } = await engine.remote.advance_study());
          return performance.now() - start;
        };
        const explain = async (method) => {
          const request = { subject: { test: 0 }, methods: [method], change: { perturbation: 'gaussian:0' }, seed: 1 };
          const times = [];
          for (let i = 0; i < 6; i += 1) {
            const start = performance.now();
            await engine.remote.explain(request);
            // Two models, before and after.
            times.push((performance.now() - start) / 4);
          }
          return times.slice(1).sort((a, b) => a - b)[2];
        };
        const found = {
          pgd: await attack(),
          integrated_gradients: await explain({ 'integrated-gradients': { steps: 64, baseline: 'black' } }),
          lime: await explain({ lime: { samples: 500, cell: 4, fill: 'blur' } }),
        };
        engine.close();
        return found;";

    /// Milliseconds until the WebGPU engine has made its first step with the constraint, and for each of some more; what
    /// it asked of the adapter in one of them. The worker counts, see `peers/count.js`.
    const WEBGPU: &str = "
        const { Engine } = await import(new URL('engine/client.js', document.baseURI).href);
        const { store } = document.querySelector('scl-train');
        const settings = { ...store.defaults, start: 'scratch', steps: 20000, engine: 'webgpu' };
        const adapter = await navigator.gpu?.requestAdapter();
        if (!adapter) throw new Error('this browser has no WebGPU adapter');
        const { vendor, architecture, device, description } = adapter.info;
        const channel = new BroadcastChannel('webgpu-counts');
        const count = () =>
          new Promise((resolve) => {
            channel.onmessage = ({ data }) => resolve(data);
            channel.postMessage('tell');
          });
        const start = performance.now();
        const engine = await Engine.open('webgpu');
        const opened = performance.now() - start;
        await engine.loadData(settings, ['train', 'test']);
        await engine.remote.prepare(settings, 'continuity');
        await engine.remote.advance(1);
        const ready = performance.now() - start;
        await engine.remote.advance(2);
        const before = await count();
        const times = [];
        for (let i = 0; i < 5; i += 1) {
          const start = performance.now();
          await engine.remote.advance(1);
          times.push(performance.now() - start);
        }
        const after = await count();
        engine.close();
        const each = ([name, count]) => [name, (after[name] - count) / times.length];
        return {
          of: 'WebGPU engine',
          adapter: [vendor, architecture, device, description].filter(Boolean).join(' '),
          browser: navigator.userAgent,
          step: times.sort((a, b) => a - b)[2],
          opened,
          ready,
          pipelines: after.pipelines,
          a_step: Object.fromEntries(Object.entries(before).map(each)),
        };";

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

    /// Its memory a hundred steps later, of the engine and, where that has its own, of the device.
    const MEMORY: &str = "
        let step = 0;
        // In slices, as a lane does it: the statistics of a step stay on the device until they are read.
        for (let i = 0; i < 5; i += 1) ({ step } = await engine.remote.advance(20));
        const { memory_bytes, device_bytes } = await engine.remote.info();
        return { step, engine: memory_bytes, device: device_bytes };";

    /// How often the default run is made.
    const RUNS: usize = 3;

    /// Times the parts with these names.
    pub fn run(names: &[String]) -> Outcome {
        let known = PARTS.map(|(name, _)| name);
        if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("unknown part {unknown}; the parts are {}", known.join(" ")).into());
        }
        for (name, part) in PARTS {
            if names.is_empty() || names.iter().any(|wanted| wanted == name) {
                println!("{}", part()?);
            }
        }
        Ok(())
    }

    fn costs() -> Outcome<Value> {
        in_page(async |page| {
            let mut found: Map<String, Value> = page.run_async(STEPS, vec![]).await?;
            found.extend(page.run_async::<Map<String, Value>>(INSPECT, vec![]).await?);
            Ok(found.into())
        })
    }

    /// Seconds from Start to the filled table with the settings as they are.
    fn default_run() -> Outcome<Value> {
        let mut seconds = (0..RUNS)
            .map(|_| {
                in_page(async |page| {
                    let start = Instant::now();
                    page.train(600).await?;
                    Ok(start.elapsed().as_secs_f64())
                })
            })
            .collect::<Outcome<Vec<f64>>>()?;
        seconds.sort_by(f64::total_cmp);
        Ok(json!({ "default_run": seconds }))
    }

    fn webgpu() -> Outcome<Value> {
        in_page(async |page| {
            page.spoil("engine/worker.js", Fault::Before(include_str!("peers/count.js")));
            page.run_async(WEBGPU, vec![]).await
        })
    }

    fn memory() -> Outcome<Value> {
        memory_of("cpu", 64)
    }

    /// In software WebGPU takes most of a second for a step of 64 images; how many there are changes no lifetime.
    fn memory_of_webgpu() -> Outcome<Value> {
        memory_of("webgpu", 4)
    }

    /// The memory of an engine that trains with the constraint, in bytes, after 100 and after 2,000 steps.
    fn memory_of(engine: &str, batch: usize) -> Outcome<Value> {
        in_page(async |page| {
            page.run_async::<bool>(OPEN, vec![json!(engine), json!(batch)]).await?;
            let early: Value = page.run_async(MEMORY, vec![]).await?;
            loop {
                // In pieces: WebDriver's patience with one script is short for an adapter in software.
                let late: Value = page.run_async(MEMORY, vec![]).await?;
                if late["step"].as_u64() >= Some(2000) {
                    return Ok(json!({ "memory": engine, "early": early, "late": late }));
                }
            }
        })
    }

    /// What `visit` returns in a fresh browser, once the first figure has nothing more to compute.
    fn in_page<T>(visit: impl AsyncFnOnce(&Page) -> Outcome<T>) -> Outcome<T> {
        let mut result = Err("no visit".into());
        Visit::new().run(async |page| {
            page.open("").await?;
            page.wait("the counted nudges", 60, "visitor.one('scl-nudge >>> .rates strong')").await?;
            result = visit(page).await;
            Ok(())
        });
        result
    }
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` runs benches too, without this word: minutes of timings are no test.
    if !words.iter().any(|word| word == "--bench") {
        println!("timings run with `cargo bench --bench browser` only");
        return;
    }
    let parts: Vec<String> = words.into_iter().filter(|word| word != "--bench").collect();
    if let Err(error) = timings::run(&parts) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
