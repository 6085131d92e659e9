//! The processes of a browser, as Linux lists them.

use std::collections::HashMap;
use std::process::Command;

use super::Outcome;

/// Those that come from `ancestor` and were started with the word `argument`.
pub fn below(ancestor: u32, argument: &str) -> Outcome<Vec<u32>> {
    let mut parents = HashMap::new();
    for entry in std::fs::read_dir("/proc")? {
        let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // Behind the name, which may hold anything: state and parent.
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { continue };
        let parent = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<u32>().ok());
        parents.extend(parent.map(|parent| (id, parent)));
    }
    let descends = |&id: &u32| {
        std::iter::successors(Some(id), |id| parents.get(id).copied()).take(parents.len()).any(|id| id == ancestor)
    };
    let has_word = |&id: &u32| {
        let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        // Chromium's have one word that holds all.
        line.split(|byte| matches!(byte, 0 | b' ')).any(|word| word == argument.as_bytes())
    };
    Ok(parents.keys().copied().filter(|id| descends(id) && has_word(id)).collect())
}

/// Sends a signal such as `-STOP`.
pub fn signal(name: &str, processes: &[u32]) -> Outcome {
    let status = Command::new("kill").arg(name).args(processes.iter().map(u32::to_string)).status()?;
    if status.success() { Ok(()) } else { Err(format!("kill {name} failed for {processes:?}").into()) }
}
