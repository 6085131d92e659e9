//! The claims as a table for a README.

use super::{ClaimReport, ClaimRowReport, Table, Verdict};
use crate::config::Settings;
use crate::experiment::Estimate;
use std::fmt::Write as _;

impl Verdict {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Mixed => "mixed",
            Self::NotSupported => "not supported",
        }
    }
}

fn number(value: f64, unit: &str) -> String {
    let text = match unit {
        "%" => format!("{:.1} %", 100.0 * value),
        _ if value.abs() >= 100.0 => format!("{value:.0}"),
        _ if value.abs() >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    };
    text.replace('-', "−")
}

fn interval(estimate: &Estimate, unit: &str) -> String {
    let Estimate { value, low, high, .. } = *estimate;
    let sign = if value > 0.0 { "+" } else { "" };
    format!("{sign}{} [{}, {}]", number(value, unit), number(low, unit), number(high, unit))
}

impl Table {
    /// The claims in Markdown: one table, a row for each row of a claim. `raw` is the path of the folder that
    /// [`Table::write`] wrote; the last column is the query that opens the page with the settings of the row.
    pub fn markdown(&self, raw: &str) -> String {
        let mut text = String::from(
            "| Claim | Where | Plain | Constraint | Difference | Best rival | Verdict | Settings |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
        );
        for claim in &self.claims {
            let ClaimReport { text: words, verdict, rows, .. } = claim;
            // Writing to a string cannot fail.
            let _ = writeln!(text, "| **{words}** | | | | | | **{}** | |", verdict.label());
            for report in rows {
                let ClaimRowReport { row, plain_mean, continuity_mean, difference, rival, verdict, .. } = report;
                let unit = &row.unit;
                let link = |lane: &str, mean: &Estimate| {
                    format!("[{}]({raw}/{}.{lane}.json)", number(mean.value, unit), row.group)
                };
                let second = match row.threshold {
                    Some(threshold) => format!("threshold {}", number(threshold, unit)),
                    None => link(&row.continuity, continuity_mean),
                };
                let rival = rival.as_ref().map_or(String::new(), |(lane, mean)| format!("{lane} {}", link(lane, mean)));
                let lane = if row.threshold.is_some() { &row.plain } else { &row.continuity };
                let query = self.lanes.get(&format!("{}.{lane}", row.group)).map(Settings::query).unwrap_or_default();
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {second} | {} | {rival} | {} | `?{query}` |",
                    row.label,
                    row.group,
                    link(&row.plain, plain_mean),
                    interval(difference, unit),
                    verdict.label()
                );
            }
        }
        text
    }
}
