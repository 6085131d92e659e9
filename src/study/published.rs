//! Cells as they are published: one file a lane, with all its seeds.

use super::run::{Load, Watch, read_json, write_json};
use super::{Cell, MadeBy, Plan, Shard, Study, invalid_data};
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// Writes for each lane `<group>.<lane>.json` with its cells.
///
/// # Errors
/// `InvalidData` for a file that cannot be written.
pub fn publish(cells: &[Cell], folder: &Path) -> Result<()> {
    let mut lanes: BTreeMap<String, Vec<&Cell>> = BTreeMap::new();
    for cell in cells {
        lanes.entry(format!("{}.{}.json", cell.group, cell.lane)).or_default().push(cell);
    }
    lanes.iter().try_for_each(|(name, cells)| write_json(&folder.join(name), cells))
}

/// All cells of `plan` that [`publish`] wrote to `folder`, in the order of the plan.
///
/// # Errors
/// `InvalidData` when one is missing or of another plan. They may be by several versions, of which [`remade`] says which
/// belong together.
pub fn published(plan: &Plan, folder: &Path) -> Result<Vec<Cell>> {
    let mut lanes: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
    let mut cells = Vec::new();
    for job in plan.jobs(Shard::WHOLE)? {
        let name = format!("{}.{}.json", job.group, job.lane);
        if !lanes.contains_key(&name) {
            let missing = || invalid_data(format!("{name} is missing in {}.", folder.display()));
            lanes.insert(name.clone(), read_json(&folder.join(&name))?.ok_or_else(missing)?);
        }
        let of_seed = lanes[&name].iter().find(|cell| cell.settings.seed == job.settings.seed);
        let cell = of_seed.ok_or_else(|| invalid_data(format!("{name} lacks seed {}.", job.settings.seed.0)))?;
        if !cell.answers(&job, &cell.made_by) {
            return Err(invalid_data(format!("{} is of another plan.", cell.name())));
        }
        cells.push(cell.clone());
    }
    Ok(cells)
}

/// Puts a cell that another version made again into the place of a published one. Cells of several versions belong together
/// only if both would make the same: every number must be there again, bit for bit. It may differ only where the newer
/// version leaves out images for which it has no value, or finds none at all. What the older one did not measure is left out.
///
/// # Errors
/// `InvalidData` for another cell, and for a number that came out otherwise.
pub fn remade(published: &Cell, again: Cell) -> Result<Cell> {
    let MadeBy { package, commit, .. } = &again.made_by;
    let wrong = |what: String| Err(invalid_data(format!("{}, by {package} at {commit}: {what}", published.name())));
    let Cell { made_by, numbers, .. } = published;
    if (Cell { made_by: made_by.clone(), numbers: numbers.clone(), ..again.clone() }) != *published {
        return wrong(format!("what was made is {}, or of another plan.", again.name()));
    }
    let mut numbers = again.numbers.clone();
    numbers.retain(|name, _| published.numbers.contains_key(name));
    for (name, old) in &published.numbers {
        let Some(new) = numbers.get(name) else { return wrong(format!("{name} is missing.")) };
        let left_out = new.value().is_err() || new.images() < old.images();
        if !left_out && new != old {
            return wrong(format!("{name} was {old} and is {new}."));
        }
    }
    Ok(Cell { numbers, ..again })
}

impl Study {
    /// Makes published cells again, those with these names, and returns all of `folder` with them [in place](remade). What is
    /// made stays in the study's own folder; nothing is published.
    ///
    /// # Errors
    /// `InvalidSetting` for a name that the plan does not have; as [`published()`], [`Study::make`] and [`remade`].
    pub fn remake(
        &self,
        names: &[String],
        folder: &Path,
        threads: usize,
        load: Load<'_>,
        watch: Watch<'_>,
    ) -> Result<Vec<Cell>> {
        let mut cells = published(&self.plan, folder)?;
        let mut jobs = self.plan.jobs(Shard::WHOLE)?;
        if let Some(name) = names.iter().find(|name| jobs.iter().all(|job| job.name() != **name)) {
            return Err(Error::setting("The cell", format!("{name:?}"), "GROUP.LANE.SEED of the plan"));
        }
        jobs.retain(|job| names.contains(&job.name()));
        self.make(&jobs, threads, load, watch)?;
        for cell in cells.iter_mut().filter(|cell| names.contains(&cell.name())) {
            let path = self.folder.join(format!("{}.json", cell.name()));
            let missing = || invalid_data(format!("{} is missing.", path.display()));
            *cell = remade(cell, read_json(&path)?.ok_or_else(missing)?)?;
        }
        Ok(cells)
    }
}
