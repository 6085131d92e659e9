//! Making the cells.

use super::cell::base;
use super::{Cell, Job, MadeBy, Plan, Shard, invalid_data};
use crate::config::Settings;
use crate::data::Data;
use crate::error::{Code, Error, Result};
use crate::model::{Precision, Weights};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// How far a study has come.
#[derive(Clone, Debug)]
pub struct StudyProgress<'a> {
    /// The cell or start that was just finished.
    pub name: &'a str,
    /// Cells and starts done, those found done at the beginning included.
    pub done: usize,
    /// Cells and starts in all.
    pub all: usize,
    /// Time since the beginning.
    pub gone: Duration,
    /// Time left, if the rest takes as long a piece as what was done since.
    pub left: Duration,
}

/// A plan with the folder that its cells are written to.
pub struct Study {
    /// The plan.
    pub plan: Plan,
    /// What makes the cells.
    pub made_by: MadeBy,
    /// The folder.
    pub folder: PathBuf,
}

/// Reads the dataset of some settings.
pub type Load<'a> = &'a (dyn Fn(&Settings) -> Result<Data> + Sync);
/// Hears how far a study has come.
pub type Watch<'a> = &'a (dyn Fn(StudyProgress<'_>) + Sync);

/// Something to be made, by its name.
type Work<'a> = (String, Box<dyn Fn() -> Result<()> + Sync + 'a>);

fn failed(path: &Path, what: &str, error: impl std::fmt::Display) -> Error {
    invalid_data(format!("{} cannot be {what}: {error}.", path.display()))
}

/// Writes a file whole or not at all, however the process ends.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let partial = path.with_extension("partial");
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&partial, bytes))
        .and_then(|()| std::fs::rename(&partial, path))
        .map_err(|error| failed(path, "written", error))
}

/// Writes plain data as JSON.
pub(super) fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| failed(path, "written", error))?;
    write(path, format!("{text}\n").as_bytes())
}

/// What [`write_json`] wrote to a file, if it is there.
pub(super) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, "read", error)),
    };
    serde_json::from_str(&text).map(Some).map_err(|error| failed(path, "read as what a study wrote", error))
}

impl Study {
    /// [Makes](Study::make) the cells of a shard.
    ///
    /// # Errors
    /// As [`Study::make`].
    pub fn run(&self, shard: Shard, threads: usize, load: Load<'_>, watch: Watch<'_>) -> Result<()> {
        self.make(&self.plan.jobs(shard)?, threads, load, watch)
    }

    /// Makes cells that are not there yet, on `threads` threads. Each is written when it is finished, so that a study that
    /// was stopped in any way goes on where it was.
    ///
    /// # Errors
    /// The first of any cell; the others in work are finished before. `InvalidData` for a file in the folder that another
    /// version or another plan made: it is never overwritten.
    pub fn make(&self, jobs: &[Job], threads: usize, load: Load<'_>, watch: Watch<'_>) -> Result<()> {
        let load = &|settings: &Settings| load(settings)?.holding_out(self.plan.holdout);
        let mut todo: Vec<&Job> = Vec::new();
        for job in jobs {
            match read_json::<Cell>(&self.folder.join(job.file()))? {
                None => todo.push(job),
                Some(cell) if cell.answers(job, &self.made_by) => {}
                Some(_) => {
                    let path = self.folder.join(job.file());
                    let message = "was made by another version or plan; give another folder with --to, or move it away";
                    return Err(invalid_data(format!("{} {message}.", path.display())));
                }
            }
        }
        // A start is made once and used by all lanes of its group. They come first: who needs one finds it done.
        let starts: BTreeMap<String, (&Job, OnceLock<Result<Weights>>)> =
            todo.iter().map(|job| (job.base_file(), (*job, OnceLock::new()))).collect();
        let start = |file: &str| {
            let (job, made) = &starts[file];
            made.get_or_init(|| self.start(job, load)).clone()
        };
        let mut works: Vec<Work<'_>> = Vec::new();
        for file in starts.keys() {
            let start = &start;
            works.push((file.clone(), Box::new(move || start(file).map(|_| ()))));
        }
        for job in &todo {
            let (start, path) = (&start, self.folder.join(job.file()));
            works.push((
                job.file(),
                Box::new(move || {
                    let cell = Cell::make(job, &self.made_by, load, &start(&job.base_file())?)?;
                    write_json(&path, &cell)
                }),
            ));
        }
        let before = jobs.len() - todo.len();
        drain(&works, threads, &|name, done, gone| {
            let left = gone.mul_f64((works.len() - done) as f64 / done as f64);
            watch(StudyProgress { name, done: before + done, all: before + works.len(), gone, left });
        })
    }

    /// The common start of a group with one seed: from its file, or trained and written to it.
    fn start(&self, job: &Job, load: &dyn Fn(&Settings) -> Result<Data>) -> Result<Weights> {
        let path = self.folder.join("starts").join(job.base_file());
        let note = |settings: &Settings| serde_json::to_string(&(&self.made_by, settings)).expect("plain data");
        if let Ok(bytes) = std::fs::read(&path) {
            let (weights, made) = Weights::from_safetensors(&bytes)?;
            if made.get("made_by") == Some(&note(&job.base)) {
                return Ok(weights);
            }
        }
        let weights = base(job, load)?;
        write(&path, &weights.to_safetensors(Precision::F32, &[("made_by", note(&job.base))]))?;
        Ok(weights)
    }
}

/// Does all works in order, `threads` at a time; after a failure begins no other.
fn drain(works: &[Work<'_>], threads: usize, done: &(dyn Fn(&str, usize, Duration) + Sync)) -> Result<()> {
    let (next, stopped, finished) = (AtomicUsize::new(0), AtomicBool::new(false), Mutex::new(0));
    let begun = Instant::now();
    let worker = || -> Result<()> {
        while !stopped.load(Ordering::Relaxed) {
            let Some((name, work)) = works.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            work().inspect_err(|_| stopped.store(true, Ordering::Relaxed))?;
            let mut finished = finished.lock().expect("no thread panics while it counts");
            *finished += 1;
            done(name, *finished, begun.elapsed());
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(worker)).collect();
        let results = threads.into_iter().map(|thread| {
            let panicked = |_| Err(Error::new(Code::Device, "A cell stopped with a panic."));
            thread.join().unwrap_or_else(panicked)
        });
        results.collect::<Vec<_>>().into_iter().collect()
    })
}
