//! `docs/performance.md`: what the timings found, as tables.

use anyhow::{Context as _, Result};
use serde_json::Value;

pub const DOCUMENT: &str = "docs/performance.md";

/// What was timed, as the timings print it.
pub struct Findings {
    /// Of each round who took a turn.
    pub costs: Vec<Vec<Value>>,
    /// The default run, a browser each.
    pub runs: Vec<Value>,
    /// The first answer, a line each.
    pub first_answers: Vec<Value>,
    /// A series each.
    pub growth: Vec<Value>,
    pub memory: Vec<Value>,
    /// Of each round who took a turn on a graphics processor.
    pub webgpu: Vec<Vec<Value>>,
}

/// What costs time, by its name in a turn.
const COSTS: [(&str, &str); 6] = [
    ("step", "step with the constraint"),
    ("step_plain", "plain step"),
    ("step_mini_resnet", "step with the constraint, Mini ResNet"),
    ("pgd", "PGD-20 on 200 pictures"),
    ("integrated_gradients", "Integrated Gradients, 64 steps"),
    ("lime", "LIME, 500 samples"),
];

/// Least, middle and most of some numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Some(Self { least: *values.first()?, median: values[values.len() / 2], most: *values.last()? })
    }

    /// With as many digits as such a number deserves.
    fn text(self) -> String {
        format!("{} ({} to {})", digits(self.median), digits(self.least), digits(self.most))
    }
}

fn digits(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

fn name(turn: &Value) -> &str {
    turn["of"].as_str().unwrap_or_default()
}

/// Everybody, in the order of their first turn.
fn contestants(rounds: &[Vec<Value>]) -> Vec<&str> {
    let mut names = Vec::new();
    for turn in rounds.iter().flatten() {
        if !names.contains(&name(turn)) {
            names.push(name(turn));
        }
    }
    names
}

/// A cost of one contestant in each round that has both, by the same of the reference if there is one.
fn spread(rounds: &[Vec<Value>], who: &str, cost: &str, reference: Option<&str>) -> Option<Spread> {
    let of = |round: &[Value], who: &str| round.iter().find(|turn| name(turn) == who)?[cost].as_f64();
    Spread::of(rounds.iter().filter_map(|round| {
        let value = of(round, who)?;
        Some(match reference {
            Some(reference) => value / of(round, reference)?,
            None => value,
        })
    }))
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    format!("| {} |\n", cells.into_iter().collect::<Vec<_>>().join(" | "))
}

fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rule = std::iter::once("---".to_owned()).chain(std::iter::repeat_n("---:".to_owned(), N - 1));
    let rows: String = rows.into_iter().map(row).collect();
    format!("{}{}{rows}", row(head.map(str::to_owned)), row(rule))
}

/// A row for each contestant, a column for each cost; what one cannot do is a dash.
fn costs(rounds: &[Vec<Value>], reference: Option<&str>) -> String {
    let mut head = vec![String::new()];
    head.extend(COSTS.map(|(_, label)| label.to_owned()));
    let rule = std::iter::once("---".to_owned()).chain(COSTS.map(|_| "---:".to_owned()));
    let rows = contestants(rounds).into_iter().map(|who| {
        let cell = |(cost, _)| spread(rounds, who, cost, reference).map_or_else(|| "–".to_owned(), Spread::text);
        row(std::iter::once(who.to_owned()).chain(COSTS.map(cell)))
    });
    format!("{}{}{}", row(head), row(rule), rows.collect::<String>())
}

/// A row for each series.
fn growths(series: &[Value]) -> String {
    let rows = series.iter().map(|series| {
        let text = |key: &str| series[key].as_str().unwrap_or_default().to_owned();
        let points: Vec<Vec<f64>> = series["points"].as_array().into_iter().flatten().map(numbers).collect();
        let point = |point: Option<&Vec<f64>>| match point.map(Vec::as_slice) {
            Some(&[size, ms]) => format!("{} at {size}", digits(ms)),
            _ => "–".to_owned(),
        };
        let number = |key: &str| series[key].as_f64().map(digits).unwrap_or_default();
        let longest =
            if series["longest_task_ms"].as_f64() == Some(0.0) { "–".to_owned() } else { number("longest_task_ms") };
        [text("name"), text("by"), point(points.first()), point(points.last()), number("slope"), longest]
    });
    table(["", "by", "least, ms", "most, ms", "exponent", "longest task, ms"], rows)
}

/// What the browser computes with.
fn adapter(rounds: &[Vec<Value>]) -> &str {
    rounds.iter().flatten().find_map(|turn| turn["adapter"].as_str()).unwrap_or("unknown")
}

/// A row for each library on a graphics processor: its times, and what it asks for in a step.
fn on_webgpu(rounds: &[Vec<Value>]) -> String {
    const COUNTS: [(&str, &str); 5] = [
        ("dispatches", "dispatches"),
        ("workgroups", "workgroups"),
        ("bind_groups", "bind groups"),
        ("submits", "submits"),
        ("bytes", "bytes uploaded"),
    ];
    let rows = contestants(rounds).into_iter().map(|who| {
        let time = |key: &str| spread(rounds, who, key, None).map_or_else(|| "–".to_owned(), Spread::text);
        let turn = rounds.iter().flatten().rfind(|turn| name(turn) == who).unwrap_or(&Value::Null);
        let count = |value: &Value| value.as_f64().map_or_else(|| "–".to_owned(), |count| format!("{count:.0}"));
        let counts = COUNTS.map(|(key, _)| count(&turn["a_step"][key]));
        row([who.to_owned(), time("step"), time("ready"), count(&turn["pipelines"])].into_iter().chain(counts))
    });
    let head = ["", "ms a step", "ready, ms", "pipelines"].into_iter().chain(COUNTS.map(|(_, label)| label));
    let rule = std::iter::once("---").chain(std::iter::repeat_n("---:", 3 + COUNTS.len()));
    format!("{}{}{}", row(head.map(str::to_owned)), row(rule.map(str::to_owned)), rows.collect::<String>())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

fn listed(value: &Value) -> Result<String> {
    Spread::of(numbers(value)).map(Spread::text).context("a list of numbers")
}

/// The whole text.
pub fn document(findings: &Findings, machine: &str) -> Result<String> {
    let Findings { costs: rounds, runs, first_answers, growth, memory, webgpu } = findings;
    let reference = contestants(rounds).into_iter().find(|name| name.starts_with("PyTorch")).unwrap_or("native");
    let mut runs_table = Vec::new();
    for found in runs {
        runs_table.push([name(found).to_owned(), listed(&found["default_run"])?]);
    }
    let mut answers = Vec::new();
    for found in first_answers {
        let text = |key: &str| found[key].as_f64().map(|value| format!("{value:.0}")).unwrap_or_default();
        answers.push([
            found["line"].as_str().unwrap_or_default().to_owned(),
            listed(&found["painted"])?,
            listed(&found["answered"])?,
            text("kb"),
            text("requests"),
        ]);
    }
    let megabytes = |value: &Value| value["engine"].as_f64().map_or("–".to_owned(), |bytes| digits(bytes / 1e6));
    let memory = memory.iter().map(|found| {
        [found["memory"].as_str().unwrap_or_default().to_owned(), megabytes(&found["early"]), megabytes(&found["late"])]
    });
    Ok(format!(
        "# Performance\n\n\
        Written by `cargo xtask bench --peers`, on {machine}. Times are medians of {} rounds, in which everybody takes a \
        turn, with the least and the most; ratios are those of turns in the same round, for the speed of a machine \
        drifts. Everything computes on one thread, with 128-bit vectors in a browser.\n\n\
        ## What a visitor waits for\n\n\
        A step trains SmallCnn (20,000 to 52,000 parameters) or Mini ResNet on 64 pictures of 28×28 with the default \
        settings; the other rows are of SmallCnn. What the others are asked to do stands in `benches/peers/`.\n\n\
        Milliseconds:\n\n{}\n\
        Divided by {reference}:\n\n{}\n\
        ## The default run\n\n\
        Both models trained and evaluated, from Start to the filled table, on two threads, in seconds:\n\n{}\n\
        ## The first answer\n\n\
        A cold visit with Chromium, over lines that the server throttles: until the first figure shows anything of both \
        models, which comes with the page, and until its engine has answered; in seconds.\n\n{}\n\
        ## Growth\n\n\
        In Chromium on the CPU engine: times at the least and at the largest size, the exponent of the growth between (1 \
        is linear), and the longest task of the page's thread, where one took 50 ms or more.\n\n\
        ![Times relative to the smallest size, beside a line for linear growth](growth.svg)\n\n{}\n\
        ## Memory\n\n\
        Of an engine that trains with the constraint, in megabytes:\n\n{}\n\
        ## WebGPU\n\n\
        The same step in Chromium on the adapter `{}`, for which a ratio says little about graphics processors; what is \
        asked of one a step says more. `cargo xtask bench --webgpu` prints the same as JSON, of whatever adapter there \
        is. Ready means until the first step is made, the engine's download from this machine and all compilation \
        included.\n\n{}",
        rounds.len(),
        costs(rounds, None),
        costs(rounds, Some(reference)),
        table(["", "seconds"], runs_table),
        table(["line", "painted", "answered", "kB by then", "requests"], answers),
        growths(growth),
        table(["engine", "after 100 steps", "after 2,000"], memory),
        adapter(webgpu),
        on_webgpu(webgpu),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ratios_are_those_of_a_round() {
        let rounds = [
            vec![json!({ "of": "ours", "step": 1.0 }), json!({ "of": "theirs", "step": 2.0, "pgd": 8.0 })],
            vec![json!({ "of": "ours", "step": 30.0 }), json!({ "of": "theirs", "step": 20.0 })],
            vec![json!({ "of": "ours", "step": 3.0 })],
        ];
        assert_eq!(contestants(&rounds), ["ours", "theirs"]);
        let ratio = spread(&rounds, "ours", "step", Some("theirs"));
        assert_eq!(ratio, Some(Spread { least: 0.5, median: 1.5, most: 1.5 }));
        assert_eq!(spread(&rounds, "ours", "step", None).unwrap().text(), "3.00 (1.00 to 30.0)");
        assert_eq!(spread(&rounds, "ours", "pgd", Some("theirs")), None);
        assert!(costs(&rounds, None).contains("| theirs | 20.0 (2.00 to 20.0) | – |"));
    }
}
