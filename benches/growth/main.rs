//! How the page grows, in Chromium on the CPU engine: with the batch, the side of the pictures, the steps, the test
//! pictures and the runs that are kept: `cargo bench --bench growth`, with the variables of the browser tests (see
//! `tests/browser/`). Where `SCL_DOCS` names a folder, `growth.svg` is drawn there.
//!
//! Each series is a few sizes with their times. The slope of a line through both logarithms is its exponent: 1 is linear,
//! 0 does not grow. The last line is everything as JSON.

// Bench targets are also compiled when the tests are built for the browser, where no browser can be driven from.
#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
#[path = "../../tests/browser/harness/mod.rs"]
mod harness;

#[cfg(not(target_family = "wasm"))]
mod plot;

#[cfg(not(target_family = "wasm"))]
mod timings {
    use std::path::PathBuf;

    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};

    use crate::harness::{Outcome, Page, SHORT, Visit};
    use crate::plot;

    const PAGE: &str = include_str!("page.js");

    const BATCHES: [usize; 5] = [16, 32, 64, 128, 256];
    const SIDES: [usize; 4] = [28, 32, 48, 64];
    const STEPS: [usize; 4] = [2_500, 5_000, 10_000, 20_000];
    const HISTORIES: [usize; 4] = [2_000, 5_000, 10_000, 20_000];
    const PICTURES: [usize; 3] = [500, 1_000, 2_000];
    const RUNS: [usize; 3] = [10, 50, 200];

    /// More is worse than linear, beyond what measurements of one machine differ.
    const LINEAR: f64 = 1.1;
    /// No task of the page's thread may take longer, in milliseconds.
    const LONGEST: f64 = 50.0;

    /// What was measured at one size.
    #[derive(Deserialize)]
    struct Time {
        ms: f64,
        /// The longest task of the page's thread; 0 where none took 50 ms.
        longest: f64,
    }

    /// One thing measured at several sizes.
    #[derive(Serialize)]
    pub struct Series {
        /// What was timed.
        pub name: &'static str,
        /// What the sizes count.
        pub by: &'static str,
        /// Size and milliseconds.
        pub points: Vec<[f64; 2]>,
        /// The exponent with which the time grows.
        pub slope: f64,
        /// The longest task of the page's thread meanwhile, in milliseconds; 0 where none took 50.
        longest_task_ms: f64,
        /// Whether the plot shows it.
        #[serde(skip)]
        pub drawn: bool,
    }

    impl Series {
        fn new(name: &'static str, by: &'static str, points: Vec<[f64; 2]>, longest: f64) -> Self {
            Self { name, by, slope: slope(&points), points, longest_task_ms: longest, drawn: false }
        }

        fn of(name: &'static str, by: &'static str, times: impl IntoIterator<Item = (usize, Time)>) -> Self {
            let (mut points, mut longest) = (Vec::new(), 0f64);
            for (size, time) in times {
                points.push([size as f64, time.ms]);
                longest = longest.max(time.longest);
            }
            Self::new(name, by, points, longest)
        }

        fn drawn(self) -> Self {
            Self { drawn: true, ..self }
        }

        fn is_fine(&self) -> bool {
            self.slope <= LINEAR && self.longest_task_ms <= LONGEST
        }
    }

    /// The slope of the line through the logarithms, by least squares. A time below what clocks of browsers tell is one of
    /// them.
    fn slope(points: &[[f64; 2]]) -> f64 {
        let logs: Vec<[f64; 2]> = points.iter().map(|[x, y]| [x.ln(), y.max(0.1).ln()]).collect();
        let mean = |at: usize| logs.iter().map(|log| log[at]).sum::<f64>() / logs.len() as f64;
        let [x, y] = [mean(0), mean(1)];
        let covariance: f64 = logs.iter().map(|log| (log[0] - x) * (log[1] - y)).sum();
        covariance / logs.iter().map(|log| (log[0] - x).powi(2)).sum::<f64>()
    }

    pub fn run() -> Outcome {
        let mut series = engine()?;
        series.extend(long_run()?);
        series.extend(kept_runs()?);

        println!("\nhow times grow with sizes: the exponent is 1 where they grow alike, 0 where the time stays");
        println!("{:>8} {:>12}  {:38} milliseconds at sizes", "exponent", "longest task", "");
        for one in &series {
            let Series { name, by, points, slope, longest_task_ms, .. } = one;
            let task =
                if *longest_task_ms > 0.0 { format!("{longest_task_ms:.0} ms") } else { "under 50 ms".to_owned() };
            let points: Vec<String> = points.iter().map(|[size, ms]| format!("{size}: {ms:.1}")).collect();
            let mark = if one.is_fine() { "" } else { "  <-" };
            println!("{slope:8.2} {task:>12}  {name:38} {}, {by}{mark}", points.join(", "));
        }
        if let Some(folder) = std::env::var_os("SCL_DOCS") {
            let file = PathBuf::from(folder).join("growth.svg");
            let drawn: Vec<&Series> = series.iter().filter(|one| one.drawn).collect();
            std::fs::write(&file, plot::svg(&drawn))?;
            println!("drawn: {}", file.display());
        }
        println!("{}", json!({ "growth": series }));
        Ok(())
    }

    /// What `visit` returns in a fresh browser, with the measures in its page.
    fn in_page<T>(query: &str, visit: impl AsyncFnOnce(&Page) -> Outcome<T>) -> Outcome<T> {
        let mut result = Err("no visit".into());
        Visit::new().before_load(PAGE).run(async |page| {
            page.assert_tells_long_tasks().await?;
            page.open(query).await?;
            page.wait("both answers", 60, "visitor.answers()").await?;
            result = visit(page).await;
            Ok(())
        });
        result
    }

    /// Steps with the constraint, by one engine without the page's figures.
    fn engine() -> Outcome<Vec<Series>> {
        println!("batches and sides …");
        in_page("", async |page| {
            const STEP: &str = "return growth.step(...arguments)";
            let settings: Value = page.run_async("return growth.open()", vec![]).await?;
            let mut batches = Vec::new();
            for batch in BATCHES {
                batches.push((batch, page.run_async(STEP, vec![settings.clone(), json!(batch)]).await?));
            }
            let mut sides = Vec::new();
            for side in SIDES {
                let settings: Value = page.run_async("return growth.open(arguments[0])", vec![json!(side)]).await?;
                sides.push((side * side, page.run_async(STEP, vec![settings, json!(16)]).await?));
            }
            Ok(vec![
                Series::of("a step, by its batch", "pictures in a batch, of 28 × 28", batches).drawn(),
                Series::of("a step, by the pixels of a picture", "pixels of a picture, 16 in a batch", sides).drawn(),
            ])
        })
    }

    /// What the page noted of a run of its own.
    #[derive(Deserialize)]
    struct Reached {
        marks: Vec<f64>,
        evaluating: f64,
        done: f64,
        longest: f64,
    }

    /// Trains and evaluates on the page, on pictures of 8 × 8, and waits until the run is kept.
    async fn train(page: &Page, settings: Value, marks: &[usize]) -> Outcome<Reached> {
        page.run_async::<bool>("return growth.start(...arguments)", vec![settings, json!(marks)]).await?;
        page.wait("the end of the run", 300, "visitor.run().phase === 'done'").await?;
        page.run_async("return growth.finished()", vec![]).await
    }

    /// What is done with a run of so many steps.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Histories {
        open: Time,
        redraw: Time,
        keep: Time,
        under_way: Time,
        to_file: Time,
        from_file: Time,
    }

    /// A run of the page as long as runs may be, what is done with its history, and evaluations.
    fn long_run() -> Outcome<Vec<Series>> {
        println!("a run of 20,000 steps …");
        in_page("", async |page| {
            let settings = json!({ "steps": 20_000, "batch": 4, "eval_images": 10 });
            let reached = train(page, settings, &STEPS).await?;
            let points = STEPS.iter().zip(&reached.marks).map(|(steps, ms)| [*steps as f64, *ms]).collect();
            let mut series =
                vec![Series::new("a run on the page, both lanes", "steps", points, reached.longest).drawn()];

            println!("its history …");
            let (mut open, mut redraw, mut keep) = (Vec::new(), Vec::new(), Vec::new());
            let (mut under_way, mut to_file, mut from_file) = (Vec::new(), Vec::new(), Vec::new());
            for steps in HISTORIES {
                let found: Histories =
                    page.run_async("return growth.histories(arguments[0])", vec![json!(steps)]).await?;
                open.push((steps, found.open));
                redraw.push((steps, found.redraw));
                keep.push((steps, found.keep));
                under_way.push((steps, found.under_way));
                to_file.push((steps, found.to_file));
                from_file.push((steps, found.from_file));
            }
            series.extend([
                Series::of("writing 100 more steps of a run", "steps recorded", under_way).drawn(),
                Series::of("keeping a run", "steps recorded", keep).drawn(),
                Series::of("opening a kept run", "steps recorded", open),
                Series::of("drawing the curves", "steps recorded", redraw).drawn(),
                Series::of("saving a run as a file", "steps recorded", to_file).drawn(),
                Series::of("reading that file", "steps recorded", from_file),
            ]);

            println!("evaluations …");
            let mut evaluations = Vec::new();
            for pictures in PICTURES {
                let settings = json!({ "steps": 1, "batch": 4, "eval_images": pictures });
                let Reached { evaluating, done, longest, .. } = train(page, settings, &[]).await?;
                evaluations.push((pictures, Time { ms: done - evaluating, longest }));
            }
            series.push(Series::of("an evaluation, both lanes", "test pictures", evaluations).drawn());
            Ok(series)
        })
    }

    /// What is done with a list of so many runs.
    #[derive(Deserialize)]
    struct List {
        list: Time,
        draw: Time,
        open: Time,
        save: Time,
        rename: Time,
    }

    /// The list of kept runs.
    fn kept_runs() -> Outcome<Vec<Series>> {
        println!("kept runs …");
        in_page(SHORT, async |page| {
            page.train(60).await?;
            page.wait("the kept run", 30, "visitor.one('scl-train >>> scl-runs >>> tr[data-run]')").await?;
            page.wait("it is stored", 30, "!document.querySelector('scl-train').runs.wouldLose").await?;
            let (mut list, mut draw, mut open) = (Vec::new(), Vec::new(), Vec::new());
            let (mut save, mut rename) = (Vec::new(), Vec::new());
            for runs in RUNS {
                let found: List = page.run_async("return growth.list(arguments[0])", vec![json!(runs)]).await?;
                list.push((runs, found.list));
                draw.push((runs, found.draw));
                open.push((runs, found.open));
                save.push((runs, found.save));
                rename.push((runs, found.rename));
            }
            Ok(vec![
                Series::of("listing the kept runs", "kept runs", list).drawn(),
                Series::of("drawing their list again", "kept runs", draw),
                Series::of("opening one of them", "kept runs", open),
                Series::of("keeping one more", "kept runs", save).drawn(),
                Series::of("renaming one of them", "kept runs", rename),
            ])
        })
    }
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    // `cargo test --all-targets` runs benches too, without this word: minutes of timings are no test.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("timings run with `cargo bench --bench growth` only");
        return;
    }
    if let Err(error) = timings::run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
