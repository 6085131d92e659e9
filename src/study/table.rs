//! Joining cells.

use super::run::{read_json, write, write_json};
use super::{Cell, ClaimReport, MadeBy, Number, Plan, Shard, SheetReport, invalid_data, mean};
use crate::config::Settings;
use crate::error::Result;
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
    /// Mean over the seeds in which it has a value; none where [`mean`] has none.
    pub mean: Option<Estimate>,
    /// Seeds in which it was measured and has no value.
    pub undefined: usize,
    /// Seeds that diverged.
    pub failed: usize,
    /// The fewest images that the value of a seed is over, which differ where some images have none; 0 where no seed
    /// has a value.
    pub images: usize,
}

/// All cells of a plan and what follows from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Name of the plan.
    pub plan: String,
    /// What it is for.
    pub about: String,
    /// What made most of its cells.
    pub made_by: MadeBy,
    /// The others, which another version made again, as `group.lane.seed`; see [`remade`](super::remade).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub remade: BTreeMap<String, MadeBy>,
    /// How to make them again.
    pub command: String,
    /// The seeds.
    pub seeds: Vec<u32>,
    /// Settings of each lane, as `group.lane`, with the first seed.
    pub lanes: BTreeMap<String, Settings>,
    /// The claims, evaluated.
    pub claims: Vec<ClaimReport>,
    /// What else is shown.
    pub tables: Vec<SheetReport>,
    /// Every number.
    pub lines: Vec<Line>,
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
            let Some(cell) = read_json::<Cell>(&path)? else { continue };
            let made_by = cells.first().map_or(&cell.made_by, |first| &first.made_by);
            if cell.made_by != *made_by {
                let (a, b) = (&cell.made_by, made_by);
                let (a, b) = (format!("{} at {}", a.package, a.commit), format!("{} at {}", b.package, b.commit));
                return Err(invalid_data(format!(
                    "Versions are mixed: {} is by {a}, others are by {b}.",
                    path.display()
                )));
            }
            if !cell.answers(&job, made_by) {
                return Err(invalid_data(format!("{} is of another plan.", path.display())));
            }
            match &found {
                Some((other, at)) if *other != cell => {
                    let message = format!("{} and the same cell in {} differ.", path.display(), at.display());
                    return Err(invalid_data(message));
                }
                Some(_) => {}
                None => found = Some((cell, folder)),
            }
        }
        let missing = || invalid_data(format!("The cell {} is missing: the study is not finished.", job.file()));
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
        let share = |made_by: &&MadeBy| cells.iter().filter(|cell| cell.made_by == **made_by).count();
        // Of equals the last of these, which is the first in the plan.
        let Some(made_by) = cells.iter().rev().map(|cell| &cell.made_by).max_by_key(share) else {
            return Err(invalid_data("There are no cells.".to_owned()));
        };
        let mut lines = Vec::new();
        for group in &plan.groups {
            for lane in &group.lanes {
                let of_lane = |cell: &&Cell| cell.group == group.name && cell.lane == lane.name;
                let of_lane: Vec<&Cell> = cells.iter().filter(of_lane).collect();
                let failed = of_lane.iter().filter(|cell| cell.failed.is_some()).count();
                let mut values: BTreeMap<&str, Vec<&Number>> = BTreeMap::new();
                for (name, number) in of_lane.iter().flat_map(|cell| &cell.numbers) {
                    values.entry(name).or_default().push(number);
                }
                lines.extend(values.into_iter().map(|(name, numbers)| {
                    let defined = || numbers.iter().filter_map(|number| Some((number.value().ok()?, number.images())));
                    let values: Vec<f64> = defined().map(|(value, _)| value).collect();
                    Line {
                        group: group.name.clone(),
                        lane: lane.name.clone(),
                        number: name.to_owned(),
                        mean: mean(&values).ok(),
                        undefined: numbers.len() - values.len(),
                        failed,
                        images: defined().map(|(_, images)| images).min().unwrap_or(0),
                    }
                }));
            }
        }
        Ok(Self {
            plan: plan.name.clone(),
            about: plan.about.clone(),
            made_by: made_by.clone(),
            remade: cells
                .iter()
                .filter(|cell| cell.made_by != *made_by)
                .map(|cell| (cell.name(), cell.made_by.clone()))
                .collect(),
            command: command.to_owned(),
            seeds: plan.seeds.iter().map(|seed| seed.0).collect(),
            lanes: cells
                .iter()
                .rev()
                .map(|cell| (format!("{}.{}", cell.group, cell.lane), cell.settings.clone()))
                .collect(),
            claims: plan.claims.iter().map(|claim| claim.evaluate(cells)).collect::<Result<_>>()?,
            tables: plan.sheets.iter().map(|sheet| sheet.fill(cells)).collect::<Result<_>>()?,
            lines,
        })
    }

    /// The lines as CSV: group, lane, number, mean, low, high, seeds, undefined, failed, images.
    pub fn csv(&self) -> String {
        let line = |line: &Line| {
            let Line { group, lane, number, mean, undefined, failed, images } = line;
            let mean =
                mean.map_or(",,,0".to_owned(), |Estimate { value, low, high, n }| format!("{value},{low},{high},{n}"));
            // A label may hold commas.
            format!("{group},{lane},\"{number}\",{mean},{undefined},{failed},{images}\n")
        };
        let head = "group,lane,number,mean,low,high,seeds,undefined,failed,images\n";
        std::iter::once(head.to_owned()).chain(self.lines.iter().map(line)).collect()
    }

    /// Writes `claims.json` (this without its lines), `claims.md` and `table.csv`.
    ///
    /// # Errors
    /// `InvalidData` for a file that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        write_json(&folder.join("claims.json"), &Self { lines: Vec::new(), ..self.clone() })?;
        write(&folder.join("claims.md"), self.markdown(".").as_bytes())?;
        write(&folder.join("table.csv"), self.csv().as_bytes())
    }
}
