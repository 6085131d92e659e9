//! A training run on the page: its buttons, its lanes, its table.

use serde::Deserialize;
use serde_json::Value;

use super::{Outcome, Page};

/// A row of the table as it is shown.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Row {
    pub id: String,
    /// Plain, with the constraint, difference: number and interval; then the verdict.
    pub cells: Vec<String>,
}

/// Settings of a run that is over in seconds, as a query.
pub const SHORT: &str = "steps=8&batch=16&eval_images=20&engine=cpu&seed=1";

/// How many rows the table of a finished run has.
pub const ROWS: usize = 7;

/// A part of the control of a setting.
pub fn control(key: &str, element: &str) -> String {
    format!("scl-train >>> scl-controls >>> [data-key={key}] {element}")
}

impl Page {
    /// Presses one of the buttons `start`, `pause`, `step`, `reset`.
    pub async fn button(&self, id: &str) -> Outcome {
        let enabled = format!("visitor.one('scl-train >>> #{id}')?.disabled === false");
        self.wait(&format!("the button {id} to be enabled"), 30, &enabled).await?;
        self.click(&format!("scl-train >>> #{id}")).await
    }

    /// What the page says the run is doing: `idle`, `preparing`, `training`, `paused`, `evaluating` or `done`.
    pub async fn phase(&self) -> Outcome<String> {
        self.get("visitor.one('scl-train >>> #phase').dataset.phase").await
    }

    pub async fn wait_for_phase(&self, phase: &str, seconds: u64) -> Outcome {
        // An error shown ends the wait early: its text is worth more than "waited in vain".
        let shown = format!(
            "(() => {{ const phase = visitor.one('scl-train >>> #phase').dataset.phase; \
             if (phase === '{phase}') return 'there'; return visitor.one('scl-train >>> #error')?.innerText ?? false }})()"
        );
        match self.wait(&format!("the phase {phase}"), seconds, &shown).await? {
            Value::String(there) if there == "there" => Ok(()),
            error => Err(format!("waiting for the phase {phase}: the page says {error}").into()),
        }
    }

    /// Starts a run and waits until its table is filled in.
    pub async fn train(&self, seconds: u64) -> Outcome {
        self.button("start").await?;
        self.wait_for_phase("done", seconds).await
    }

    /// The step of both lanes as shown; 0 where none is.
    pub async fn steps(&self) -> Outcome<[usize; 2]> {
        self.get("['plain', 'continuity'].map((lane) => Number(visitor.one(`scl-train >>> [data-lane=${lane}] .at`)?.innerText ?? 0))")
            .await
    }

    pub async fn wait_for_step(&self, step: usize, seconds: u64) -> Outcome {
        let reached = format!(
            "['plain', 'continuity'].every((lane) => Number(visitor.one(`scl-train >>> [data-lane=${{lane}}] .at`)?.innerText) >= {step})"
        );
        self.wait(&format!("step {step}"), seconds, &reached).await.map(drop)
    }

    /// The whole text of a lane.
    pub async fn lane(&self, name: &str) -> Outcome<String> {
        self.text(&format!("scl-train >>> [data-lane={name}]")).await
    }

    pub async fn table(&self) -> Outcome<Vec<Row>> {
        self.get(
            "visitor.all('scl-train >>> scl-comparison >>> tbody tr[data-row]').map((row) => \
             ({ id: row.dataset.row, cells: [...row.querySelectorAll('td')].map((cell) => cell.innerText) }))",
        )
        .await
    }
}
