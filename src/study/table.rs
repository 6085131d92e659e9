//! Joining cells.

use super::run::{read_cell, write, write_json};
use super::{Cell, ClaimReport, MadeBy, Plan, Shard, SheetReport, mean};
use crate::config::Settings;
use crate::error::{Code, Error, Result};
use crate::experiment::Estimate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One number of one lane, over the seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The group.
    pub group: String,
    /// The lane.
    pub lane: String,
    /// Name of the number.
    pub number: String,
    /// Mean over the seeds; none where fewer than two seeds have it.
    pub mean: Option<Estimate>,
    /// Seeds that diverged.
    pub failed: usize,
    /// Images each seed was measured on.
    pub images: usize,
}

/// All cells of a plan and what follows from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Name of the plan.
    pub plan: String,
    /// What it is for.
    pub about: String,
    /// What made all of its cells.
    pub made_by: MadeBy,
    /// How to make them again.
    pub command: String,
    /// The seeds.
    pub seeds: Vec<u32>,
    /// Settings of each lane, as `group.lane`, with the first seed.
    pub lanes: BTreeMap<String, Settings>,
    /// The claims, judged.
    pub claims: Vec<ClaimReport>,
    /// What else is shown.
    pub tables: Vec<SheetReport>,
    /// Every number.
    pub lines: Vec<Line>,
}

fn invalid(message: String) -> Error {
    Error::new(Code::InvalidData, message)
}

/// The cells of `plan` in some folders, in the order of the plan.
///
/// # Errors
/// `InvalidData` when one is missing, made by another version or for another plan, or there twice and not the same.
pub fn collect(plan: &Plan, folders: &[PathBuf]) -> Result<Vec<Cell>> {
    let mut cells: Vec<Cell> = Vec::new();
    for job in plan.jobs(Shard::WHOLE)? {
        let mut found: Option<(Cell, &Path)> = None;
        for folder in folders {
            let path = folder.join(job.file());
            let Some(cell) = read_cell(&path)? else { continue };
            let made_by = cells.first().map_or(&cell.made_by, |first| &first.made_by);
            if cell.made_by != *made_by {
                let (a, b) = (&cell.made_by, made_by);
                let (a, b) = (format!("{} at {}", a.package, a.commit), format!("{} at {}", b.package, b.commit));
                return Err(invalid(format!("Versions are mixed: {} is by {a}, others are by {b}.", path.display())));
            }
            if !cell.answers(&job, made_by) {
                return Err(invalid(format!("{} is of another plan.", path.display())));
            }
            match &found {
                Some((other, at)) if *other != cell => {
                    let message = format!("{} and the same cell in {} differ.", path.display(), at.display());
                    return Err(invalid(message));
                }
                Some(_) => {}
                None => found = Some((cell, folder)),
            }
        }
        let missing = || invalid(format!("The cell {} is missing: the study is not finished.", job.file()));
        cells.push(found.ok_or_else(missing)?.0);
    }
    Ok(cells)
}

impl Table {
    /// The table of `cells`, which must be all of the plan, in its order.
    ///
    /// # Errors
    /// `InvalidData` when a claim asks for a number that is missing.
    pub fn new(plan: &Plan, cells: &[Cell], command: &str) -> Result<Self> {
        let Some(first) = cells.first() else { return Err(invalid("There are no cells.".to_owned())) };
        let mut lines = Vec::new();
        for group in &plan.groups {
            for lane in &group.lanes {
                let of_lane = |cell: &&Cell| cell.group == group.name && cell.lane == lane.name;
                let of_lane: Vec<&Cell> = cells.iter().filter(of_lane).collect();
                let failed = of_lane.iter().filter(|cell| cell.failed.is_some()).count();
                let mut values: BTreeMap<&str, (Vec<f64>, usize)> = BTreeMap::new();
                for (name, number) in of_lane.iter().flat_map(|cell| &cell.numbers) {
                    let entry = values.entry(name).or_insert((Vec::new(), number.n));
                    entry.0.push(number.value);
                }
                lines.extend(values.into_iter().map(|(name, (values, images))| Line {
                    group: group.name.clone(),
                    lane: lane.name.clone(),
                    number: name.to_owned(),
                    mean: mean(&values),
                    failed,
                    images,
                }));
            }
        }
        Ok(Self {
            plan: plan.name.clone(),
            about: plan.about.clone(),
            made_by: first.made_by.clone(),
            command: command.to_owned(),
            seeds: plan.seeds.iter().map(|seed| seed.0).collect(),
            lanes: cells
                .iter()
                .rev()
                .map(|cell| (format!("{}.{}", cell.group, cell.lane), cell.settings.clone()))
                .collect(),
            claims: plan.claims.iter().map(|claim| claim.judge(cells)).collect::<Result<_>>()?,
            tables: plan.sheets.iter().map(|sheet| sheet.fill(cells)).collect::<Result<_>>()?,
            lines,
        })
    }

    /// The lines as CSV: group, lane, number, mean, low, high, seeds, failed, images.
    pub fn csv(&self) -> String {
        let line = |line: &Line| {
            let Line { group, lane, number, mean, failed, images } = line;
            let mean =
                mean.map_or(",,,0".to_owned(), |Estimate { value, low, high, n }| format!("{value},{low},{high},{n}"));
            // A label may hold commas.
            format!("{group},{lane},\"{number}\",{mean},{failed},{images}\n")
        };
        let head = "group,lane,number,mean,low,high,seeds,failed,images\n";
        std::iter::once(head.to_owned()).chain(self.lines.iter().map(line)).collect()
    }

    /// Writes `claims.json` (this without its lines), `claims.md`, `table.csv`, and for each lane `<group>.<lane>.json` with its cells.
    ///
    /// # Errors
    /// `InvalidData` for a file that cannot be written.
    pub fn write(&self, cells: &[Cell], folder: &Path) -> Result<()> {
        write_json(&folder.join("claims.json"), &Self { lines: Vec::new(), ..self.clone() })?;
        write(&folder.join("claims.md"), self.markdown(".").as_bytes())?;
        write(&folder.join("table.csv"), self.csv().as_bytes())?;
        let mut lanes: BTreeMap<String, Vec<&Cell>> = BTreeMap::new();
        for cell in cells {
            lanes.entry(format!("{}.{}.json", cell.group, cell.lane)).or_default().push(cell);
        }
        lanes.iter().try_for_each(|(name, cells)| write_json(&folder.join(name), cells))
    }
}
