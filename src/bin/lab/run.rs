//! `lab run`: both lanes and their comparison.

use crate::arguments::{self, Outcome, Run, number};
use crate::{files, lanes};
use semantic_continuity::config::Settings;
use semantic_continuity::experiment::{Comparison, Estimate, Quantity, Winner, compare};
use semantic_continuity::model::base_file;
use semantic_continuity::reading::Unit;
use std::fmt::Write as _;

/// Trains and evaluates both lanes on two threads.
pub fn command(options: &Run) -> Outcome {
    let settings = arguments::settings(&options.setting)?;
    let holdout = number("--holdout", options.holdout.as_ref(), 0)?;
    let data = files::data(&settings, holdout)?;
    let start = lanes::start(&settings, &data, || match &options.base {
        Some(path) => files::read_weights(path),
        None => {
            let name = base_file(settings.dataset, settings.architecture).map_err(|error| error.message)?;
            files::read_weights(&files::weights_folder().join(name))
        }
    })?;
    let quiet = options.quiet;
    let lane = |name: &'static str, settings: Settings| {
        let (data, start) = (data.clone(), &start);
        move || {
            lanes::lane(data, &settings, start, |record| {
                if !quiet {
                    let ds = record.ds.map_or_else(String::new, |ds| format!("  DS {ds:.4}"));
                    let (step, ce, accuracy) = (record.step, record.ce, record.accuracy);
                    eprintln!("{name:<10} {step:>5}  CE {ce:.3}  accuracy {accuracy:.3}{ds}");
                }
            })
        }
    };
    let (plain, continuity) = (lane("plain", settings.plain()), lane("continuity", settings.clone()));
    let (plain, continuity) = std::thread::scope(|scope| {
        let plain = scope.spawn(plain);
        let continuity = continuity();
        (plain.join(), continuity)
    });
    let plain = plain.map_err(|_| "the plain lane stopped with a panic.".to_owned())??;
    let continuity = continuity?;
    let comparison = compare(&plain.report, &continuity.report).map_err(|error| error.message)?;
    print!("{}", table(&comparison));
    if !quiet {
        for (name, lane) in [("plain", &plain), ("continuity", &continuity)] {
            eprintln!("{name}: {:.1} s of training, {:.1} s of evaluating", lane.train_seconds, lane.evaluate_seconds);
        }
    }
    if let Some(path) = &options.json {
        let all = serde_json::json!({
            "holdout": holdout,
            "comparison": comparison,
            "plain": plain.report,
            "continuity": continuity.report,
        });
        let text = serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?;
        files::write(path, format!("{text}\n").as_bytes())?;
    }
    Ok(())
}

fn table(comparison: &Comparison) -> String {
    let mut text = format!("{:<34}{:>24}{:>24}{:>26}\n", "", "plain", "continuity", "difference");
    for row in &comparison.rows {
        let cell = |quantity: &Quantity| {
            let Some(Estimate { value, low, high, .. }) = quantity.estimate() else { return "–".to_owned() };
            match row.unit {
                Unit::Percent => format!("{:.1} [{:.1}, {:.1}] %", 100.0 * value, 100.0 * low, 100.0 * high),
                _ => format!("{value:.3} [{low:.3}, {high:.3}]"),
            }
        };
        let cells = [&row.plain, &row.continuity, &row.difference].map(cell);
        let verdict: &str = match (row.verdict, &row.difference) {
            (Winner::Plain, _) => "plain",
            (Winner::Continuity, _) => "continuity",
            (_, Quantity::Undefined { undefined, .. }) => &format!("undefined: {undefined}"),
            _ => "unclear",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<34}{:>24}{:>24}{:>26}  {verdict}", row.label, cells[0], cells[1], cells[2]);
    }
    let _ = writeln!(
        text,
        "n = {}, seed {}, 95 % intervals\n{}",
        comparison.n,
        comparison.seed,
        comparison.sentence.as_deref().unwrap_or_default()
    );
    for note in &comparison.notes {
        let _ = writeln!(text, "– {note}");
    }
    text
}
