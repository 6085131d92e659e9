//! Tables of a study: lanes of one group beside each other.

use super::measure::Named;
use super::{Cell, Plan, invalid_data, invalid_plan, mean};
use crate::error::Result;
use crate::experiment::Estimate;
use crate::reading::Unit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a table shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What to look for.
    #[serde(default)]
    pub note: String,
    /// The group.
    pub group: String,
    /// The lanes, one a row.
    pub lanes: Vec<String>,
    /// The numbers, one a column.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Name of the number.
    pub number: String,
    /// Heading.
    pub label: String,
    /// Unit, if not that of the number.
    #[serde(default)]
    pub unit: Unit,
}

/// A table with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetReport {
    /// What it shows.
    #[serde(flatten)]
    pub sheet: Sheet,
    /// Mean over the seeds in which it has a value, by lane and column; none where [`mean`] has none.
    pub means: Vec<Vec<Option<Estimate>>>,
}

impl Sheet {
    /// Checks that it is about a group, lanes and numbers of the plan, and gives each column the unit of its number
    /// where it says nothing else.
    pub(super) fn settle(&mut self, plan: &Plan) -> Result<()> {
        let wrong = |what: String| Err(invalid_plan(format!("Table {:?}: {what}", self.id)));
        let Some(group) = plan.groups.iter().find(|group| group.name == self.group) else {
            return wrong(format!("there is no group {:?}.", self.group));
        };
        let missing = self.lanes.iter().find(|lane| group.lanes.iter().all(|known| known.name != **lane));
        if let Some(lane) = missing {
            return wrong(format!("there is no lane {lane:?} in group {:?}.", self.group));
        }
        let shown = group.lanes.iter().filter(|lane| self.lanes.contains(&lane.name));
        let known: Vec<Named> = shown.flat_map(|lane| plan.numbers(group, lane)).collect();
        for column in &mut self.columns {
            let Some(number) = known.iter().find(|number| number.name == column.number) else {
                let known: BTreeSet<&str> = known.iter().map(|number| &number.name[..]).collect();
                let known = known.into_iter().collect::<Vec<_>>().join(", ");
                return wrong(format!("no lane of it has a number {:?}; allowed are {known}.", column.number));
            };
            column.unit = if column.unit == Unit::default() { number.unit } else { column.unit };
        }
        Ok(())
    }

    /// The table with the numbers of `cells`.
    ///
    /// # Errors
    /// `InvalidData` for a number that no cell of its group has.
    pub fn fill(&self, cells: &[Cell]) -> Result<SheetReport> {
        let cells: Vec<&Cell> = cells.iter().filter(|cell| cell.group == self.group).collect();
        let unknown = |column: &&Column| cells.iter().all(|cell| !cell.numbers.contains_key(&column.number));
        if let Some(column) = self.columns.iter().find(unknown) {
            return Err(invalid_data(format!("Table {:?}: no lane has a number {:?}.", self.id, column.number)));
        }
        let of = |lane: &String| cells.iter().copied().filter(|cell| cell.lane == *lane).collect::<Vec<&Cell>>();
        let cell = |lane: &String, column: &Column| {
            let values = of(lane).into_iter().filter_map(|cell| cell.numbers.get(&column.number)?.value().ok());
            mean(&values.collect::<Vec<f64>>()).ok()
        };
        Ok(SheetReport {
            sheet: self.clone(),
            means: self
                .lanes
                .iter()
                .map(|lane| self.columns.iter().map(|column| cell(lane, column)).collect())
                .collect(),
        })
    }
}
