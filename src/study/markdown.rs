//! The claims as a table in Markdown, alone and in a document.

use super::{ClaimRowReport, Table, Verdict, invalid_data};
use crate::config::Settings;
use crate::error::Result;
use crate::experiment::Estimate;
use crate::reading::Unit;
use std::fmt::Write as _;

const HEAD: &str = "\
| Claim | Where | Plain | Constraint | Difference | p (Holm) | Best baseline | References | Verdict | Settings |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

/// A number with a minus sign, in no more digits than can be read.
fn number(value: f64, unit: Unit) -> String {
    let text = match unit {
        Unit::Percent => format!("{:.1} %", 100.0 * value),
        _ if value.abs() >= 100.0 => format!("{value:.0}"),
        _ if value.abs() >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    };
    text.replace('-', "−")
}

/// A difference with its interval; of shares in points.
fn difference(estimate: &Estimate, unit: Unit) -> String {
    let Estimate { value, low, high, .. } = *estimate;
    let sign = if value > 0.0 { "+" } else { "" };
    let share = unit == Unit::Percent;
    let text =
        |value: f64| if share { format!("{:.1}", 100.0 * value).replace('-', "−") } else { number(value, unit) };
    format!("{sign}{}{} [{}, {}]", text(value), if share { " points" } else { "" }, text(low), text(high))
}

fn probability(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".to_owned() } else { format!("{p:.4}") }
}

impl Table {
    /// The claims in Markdown: one table, a row for each row of a claim. `raw` is the path of the folder that
    /// [`publish`](super::publish) wrote; the last column is the query that opens the page with the settings of the
    /// row.
    pub fn markdown(&self, raw: &str) -> String {
        let mut text = HEAD.to_owned();
        for claim in &self.claims {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "| **{}** | | | | | | | | **{}** | |", claim.text, claim.verdict.label());
            for row in claim.rows.iter().chain(&claim.explorations) {
                let _ = writeln!(text, "| {} |", self.cells(row, raw).join(" | "));
            }
        }
        text
    }

    /// `document` with the [claims](Table::markdown) of this plan between its marks, the lines `<!-- claims: PLAN -->`
    /// and `<!-- /claims -->`, in place of what stood there.
    ///
    /// # Errors
    /// `InvalidData` for a document without these marks.
    pub fn shown_in(&self, document: &str, raw: &str) -> Result<String> {
        let (begin, end) = (format!("<!-- claims: {} -->\n", self.plan), "<!-- /claims -->\n");
        let parts = document.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
        let missing = || invalid_data(format!("The document has no {} and {} after it.", begin.trim(), end.trim()));
        let (before, after) = parts.ok_or_else(missing)?;
        Ok(format!("{before}{begin}{}{end}{after}", self.markdown(raw)))
    }

    /// The columns of a row.
    fn cells(&self, report: &ClaimRowReport, raw: &str) -> [String; 10] {
        let row = &report.row;
        let unit = row.unit;
        let link = |lane: &str, mean: Option<&Estimate>| match mean {
            Some(mean) => format!("[{}]({raw}/{}.{lane}.json)", number(mean.value, unit), row.group),
            None => format!("[–]({raw}/{}.{lane}.json)", row.group),
        };
        // The usual lanes are named by their columns.
        let named = |lane: &str, usual: &str, mean| match lane == usual {
            true => link(lane, mean),
            false => format!("{lane} {}", link(lane, mean)),
        };
        let lane = if row.threshold.is_some() { &row.plain } else { &row.continuity };
        let query = self.lanes.get(&format!("{}.{lane}", row.group)).map(Settings::query).unwrap_or_default();
        let references = report.reference_means.iter().map(|(lane, mean)| named(lane, "", mean.as_ref()));
        [
            if report.verdict.is_some() { row.label.clone() } else { format!("*Exploration:* {}", row.label) },
            row.group.clone(),
            named(&row.plain, "plain", report.plain_mean.as_ref()),
            match row.threshold {
                Some(threshold) => format!("threshold {}", number(threshold, unit)),
                None => named(&row.continuity, "continuity", report.continuity_mean.as_ref()),
            },
            match (&report.difference, &report.undefined) {
                (Some(estimate), _) => difference(estimate, unit),
                (None, why) => format!("–, undefined: {}", why.as_deref().unwrap_or_default()),
            },
            match (report.p, report.p_holm) {
                (Some(p), Some(holm)) => format!("{} ({})", probability(p), probability(holm)),
                (Some(p), None) => probability(p),
                (None, _) => "–".to_owned(),
            },
            report.baseline.as_ref().map_or(String::new(), |(lane, mean)| named(lane, "", Some(mean))),
            references.collect::<Vec<String>>().join(", "),
            report.verdict.map_or("–", Verdict::label).to_owned(),
            format!("`?{query}`"),
        ]
    }
}
