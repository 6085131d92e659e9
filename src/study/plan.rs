//! What a study is made of, as it is written in a TOML file.

use super::measure::Named;
use super::{Claim, Measure, Sheet, invalid_plan};
use crate::config::{Settings, Start, present_name};
use crate::error::{Error, Result};
use crate::model::base_file;
use crate::seed::Seed;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::mem::take;
use std::str::FromStr;

/// A study. Everything that decides its numbers stands here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its name, also that of its folder.
    pub name: String,
    /// What it is for, in a sentence.
    pub about: String,
    /// The seeds; each trains every lane once.
    pub seeds: Vec<Seed>,
    /// Training images held out in place of the test images: for plans that choose something.
    #[serde(default)]
    pub holdout: usize,
    /// What may be measured, by name.
    #[serde(rename = "measure")]
    pub measures: BTreeMap<String, Measure>,
    /// The datasets with their lanes.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// The claims, with the rows that decide them.
    #[serde(rename = "claim", default)]
    pub claims: Vec<Claim>,
    /// What else is shown.
    #[serde(rename = "table", default)]
    pub sheets: Vec<Sheet>,
}

/// Lanes that start from the same plainly trained model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Settings of all its lanes, beyond the defaults of the page.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// Settings of the model that they start from, beyond those: trained from scratch with plain cross-entropy.
    #[serde(default)]
    pub base: Map<String, Value>,
    /// What is measured, by name, where a lane says nothing else.
    pub measures: Vec<String>,
    /// The lanes.
    #[serde(rename = "lane")]
    pub lanes: Vec<Lane>,
}

/// One way to train.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// Its settings, beyond those of the group.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// What is measured, if not what the group says.
    #[serde(default)]
    pub measures: Option<Vec<String>>,
}

/// One cell to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Name of the group.
    pub group: String,
    /// Name of the lane.
    pub lane: String,
    /// Training images held out.
    pub holdout: usize,
    /// Settings of the common start.
    pub base: Settings,
    /// Settings of the lane, with its seed.
    pub settings: Settings,
    /// What is measured, by name.
    pub measures: BTreeMap<String, Measure>,
}

impl Job {
    /// `group.lane.seed`.
    pub fn name(&self) -> String {
        format!("{}.{}.{}", self.group, self.lane, self.settings.seed.0)
    }

    /// The file that its cell is written to.
    pub fn file(&self) -> String {
        format!("{}.json", self.name())
    }

    /// The file that the common start is kept in.
    pub fn base_file(&self) -> String {
        format!("{}.{}.safetensors", self.group, self.settings.seed.0)
    }
}

/// Part `index` of `count`, from 1: written `1/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { index: 1, count: 1 };
}

impl FromStr for Shard {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parse = |(index, count): (&str, &str)| Some((index.parse().ok()?, count.parse().ok()?));
        match text.split_once('/').and_then(parse) {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err(Error::setting("The shard", format!("{text:?}"), "i/n with i from 1 to n, such as 2/4")),
        }
    }
}

/// Names become parts of file names.
fn check_name(what: &str, name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(allowed) {
        return Err(Error::setting(what, format!("{name:?}"), "small letters, digits and hyphens"));
    }
    Ok(())
}

fn distinct<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        check_name(what, name)?;
        if !seen.insert(name) {
            return Err(invalid_plan(format!("{what} {name:?} stands there twice.")));
        }
    }
    Ok(())
}

impl Plan {
    /// Reads and checks a plan.
    ///
    /// # Errors
    /// `InvalidSetting`, saying what is wrong and where.
    pub fn parse(text: &str) -> Result<Self> {
        let mut plan: Self =
            toml::from_str(text).map_err(|error| invalid_plan(format!("The plan cannot be read: {error}")))?;
        check_name("The name of the plan", &plan.name)?;
        let mut seeds: Vec<u32> = plan.seeds.iter().map(|seed| seed.0).collect();
        seeds.sort_unstable();
        seeds.dedup();
        if seeds.is_empty() || seeds.len() != plan.seeds.len() {
            return Err(invalid_plan("The plan needs seeds, each once.".to_owned()));
        }
        distinct("The group", plan.groups.iter().map(|group| &group.name[..]))?;
        for group in &plan.groups {
            distinct("The lane", group.lanes.iter().map(|lane| &lane.name[..]))?;
        }
        distinct("The claim", plan.claims.iter().map(|claim| &claim.id[..]))?;
        plan.jobs(Shard::WHOLE)?;
        distinct("The table", plan.sheets.iter().map(|sheet| &sheet.id[..]))?;
        let (mut claims, mut sheets) = (take(&mut plan.claims), take(&mut plan.sheets));
        // Before anything is trained: what no measure finds cannot be claimed or shown.
        claims.iter_mut().try_for_each(|claim| claim.settle(&plan))?;
        sheets.iter_mut().try_for_each(|sheet| sheet.settle(&plan))?;
        Ok(Self { claims, sheets, ..plan })
    }

    /// The numbers that `lane` of `group` has.
    pub(super) fn numbers(&self, group: &Group, lane: &Lane) -> Vec<Named> {
        let names = lane.measures.as_ref().unwrap_or(&group.measures);
        names.iter().filter_map(|name| self.measures.get(name)).flat_map(Measure::named).collect()
    }

    /// The cells of a shard. Whole groups of one seed stay together, since they share a start; those of a shard follow
    /// each other seed by seed.
    ///
    /// # Errors
    /// `InvalidSetting` for settings that do not exist, and its kin.
    pub fn jobs(&self, shard: Shard) -> Result<Vec<Job>> {
        let pairs = self.seeds.iter().flat_map(|seed| self.groups.iter().map(move |group| (seed, group)));
        let mut jobs = Vec::new();
        for (seed, group) in pairs.skip(shard.index - 1).step_by(shard.count) {
            for lane in &group.lanes {
                jobs.push(self.job(*seed, group, lane)?);
            }
        }
        Ok(jobs)
    }

    fn job(&self, seed: Seed, group: &Group, lane: &Lane) -> Result<Job> {
        let place = |error: Error| Error::new(error.code, format!("{}, {}: {}", group.name, lane.name, error.message));
        let settings = |parts: &[&Map<String, Value>]| -> Result<Settings> {
            let given = parts.iter().flat_map(|part| (*part).clone());
            let mut all: Map<String, Value> =
                given.map(|(key, value)| (present_name(&key).to_owned(), value)).collect();
            all.insert("seed".to_owned(), Value::from(seed.0));
            // What fits the page is called as there; the study trains a start of its own for each seed, though.
            all.insert("start".to_owned(), Value::from(Start::Scratch.id()));
            let settings = Settings::from_json(&Value::Object(all).to_string()).map_err(place)?;
            let shipped = base_file(settings.dataset, settings.architecture).is_ok();
            Ok(Settings { start: if shipped { Start::Base } else { Start::Scratch }, ..settings })
        };
        let named = lane.measures.as_ref().unwrap_or(&group.measures);
        let measures = named.iter().map(|name| match self.measures.get(name) {
            Some(measure) => Ok((name.clone(), measure.clone())),
            None => Err(place(invalid_plan(format!("There is no measure {name:?}.")))),
        });
        Ok(Job {
            group: group.name.clone(),
            lane: lane.name.clone(),
            holdout: self.holdout,
            base: settings(&[&group.settings, &group.base])?.plain(),
            settings: settings(&[&group.settings, &lane.settings])?,
            measures: measures.collect::<Result<_>>()?,
        })
    }
}
