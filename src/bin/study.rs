//! The study runner: a plan over seeds and settings, on all cores, and which claims hold.

#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    match native::command(std::env::args().skip(1).collect()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("study: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_family = "wasm"))]
mod native {
    use semantic_continuity::config::Settings;
    use semantic_continuity::data::{Data, read_folder};
    use semantic_continuity::study::{
        Cell, MadeBy, Plan, Shard, Study, StudyProgress, Table, collect, publish, published,
    };
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::time::Duration;

    const USAGE: &str = "\
Usage: study PLAN [options]           train and measure every cell of the plan, then join them
       study merge PLAN DIR... [options]
                                      join the cells of several folders
       study judge PLAN DIR           judge published results again, in place
       study remake PLAN DIR CELL... [options]
                                      make published cells (GROUP.LANE.SEED) again, put them in place if nothing
                                      changed but numbers that have no value, and judge

      --to DIR      where cells go (target/study/NAME), or the joined results (NAME below it, `results`)
      --shard I/N   only part I of N; join the parts with `merge`
      --threads N   cells at a time (all cores)
      --data DIR    folder of the datasets (www/data); for CIFAR-10 that of its binary files
      --commit ID   what the cells are said to be made by (asked from git)

A study that is stopped goes on where it was: finished cells are kept.";

    type Outcome<T = ()> = Result<T, String>;

    #[derive(Clone, Copy, Default, PartialEq)]
    enum Task {
        #[default]
        Run,
        Merge,
        Judge,
        Remake,
    }

    #[derive(Default)]
    struct Arguments {
        task: Task,
        paths: Vec<PathBuf>,
        to: Option<PathBuf>,
        shard: Option<Shard>,
        threads: Option<usize>,
        data: Option<PathBuf>,
        commit: Option<String>,
    }

    fn parse(words: Vec<String>) -> Outcome<Arguments> {
        let mut arguments = Arguments::default();
        let mut words = words.into_iter().peekable();
        let named = |word: &str| match word {
            "merge" => Some(Task::Merge),
            "judge" => Some(Task::Judge),
            "remake" => Some(Task::Remake),
            _ => None,
        };
        if let Some(task) = words.peek().and_then(|word| named(word)) {
            arguments.task = task;
            words.next();
        }
        while let Some(word) = words.next() {
            if !word.starts_with("--") {
                arguments.paths.push(word.into());
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{word} needs a value.\n\n{USAGE}"))?;
            match &word[..] {
                "--to" => arguments.to = Some(value.into()),
                "--data" => arguments.data = Some(value.into()),
                "--commit" => arguments.commit = Some(value),
                "--shard" => arguments.shard = Some(value.parse().map_err(|error| format!("{error}"))?),
                "--threads" => match value.parse() {
                    Ok(threads @ 1..=1024) => arguments.threads = Some(threads),
                    _ => return Err(format!("--threads is {value:?}; allowed is 1 to 1024.")),
                },
                _ => return Err(format!("unknown option {word}.\n\n{USAGE}")),
            }
        }
        Ok(arguments)
    }

    pub fn command(words: Vec<String>) -> Outcome {
        if words.iter().any(|word| word == "--help" || word == "-h") {
            println!("{USAGE}");
            return Ok(());
        }
        let arguments = parse(words)?;
        let mut paths = arguments.paths.iter();
        let path = paths.next().ok_or_else(|| format!("no plan was given.\n\n{USAGE}"))?;
        let text =
            std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
        let plan = Plan::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let folders: Vec<PathBuf> = paths.cloned().collect();
        let command = format!("cargo study {}", path.display());
        let usual = Path::new("target/study").join(&plan.name);
        let said = |error: semantic_continuity::error::Error| error.to_string();
        match arguments.task {
            Task::Run => {
                if let Some(more) = folders.first() {
                    return Err(format!("unexpected {}.\n\n{USAGE}", more.display()));
                }
                let shard = arguments.shard.unwrap_or(Shard::WHOLE);
                let folder = arguments.to.clone().unwrap_or(usual);
                let (study, threads, data) = begin(arguments, plan, folder.clone());
                study.run(shard, threads, &|settings: &Settings| read(&data, settings), &show).map_err(said)?;
                if shard != Shard::WHOLE {
                    return Ok(());
                }
                let cells = collect(&study.plan, std::slice::from_ref(&folder)).map_err(said)?;
                join(&study.plan, &cells, &folder.join("results"), &command)
            }
            Task::Merge => {
                let folders = if folders.is_empty() { vec![usual.clone()] } else { folders };
                let cells = collect(&plan, &folders).map_err(said)?;
                join(&plan, &cells, &arguments.to.unwrap_or(usual.join("results")), &command)
            }
            Task::Judge => {
                let [results] = &folders[..] else { return Err(format!("judge needs one folder.\n\n{USAGE}")) };
                judge(&plan, &published(&plan, results).map_err(said)?, results, &command)
            }
            Task::Remake => {
                let Some((results, names)) = folders.split_first().filter(|(_, names)| !names.is_empty()) else {
                    return Err(format!("remake needs a folder and cells.\n\n{USAGE}"));
                };
                let names: Vec<String> = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
                let folder = arguments.to.clone().unwrap_or(usual.join("remade"));
                let (study, threads, data) = begin(arguments, plan, folder);
                let load = |settings: &Settings| read(&data, settings);
                let cells = study.remake(&names, results, threads, &load, &show).map_err(said)?;
                join(&study.plan, &cells, results, &command)
            }
        }
    }

    /// The study, the number of threads and the folder of the datasets.
    fn begin(arguments: Arguments, plan: Plan, folder: PathBuf) -> (Study, usize, PathBuf) {
        let commit = arguments.commit.unwrap_or_else(commit);
        let data = arguments.data.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data"));
        let threads = arguments.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from));
        (Study { plan, made_by: MadeBy::new(&commit), folder }, threads.unwrap_or(1), data)
    }

    /// The dataset of `settings`, in `folder`.
    fn read(folder: &Path, settings: &Settings) -> semantic_continuity::error::Result<Data> {
        let Settings { dataset, seed, color_variance, .. } = *settings;
        read_folder(folder, dataset, seed, color_variance)
    }

    fn show(StudyProgress { name, done, all, gone, left }: StudyProgress<'_>) {
        let minutes = |time: Duration| format!("{:.0}:{:02}", (time.as_secs() / 60) as f64, time.as_secs() % 60);
        eprintln!("{done:>4} of {all}  {} gone, about {} left  {name}", minutes(gone), minutes(left));
    }

    /// Publishes the cells and what follows from them.
    fn join(plan: &Plan, cells: &[Cell], to: &Path, command: &str) -> Outcome {
        publish(cells, to).map_err(|error| error.to_string())?;
        judge(plan, cells, to, command)
    }

    fn judge(plan: &Plan, cells: &[Cell], to: &Path, command: &str) -> Outcome {
        let table = Table::new(plan, cells, command).map_err(|error| error.to_string())?;
        table.write(to).map_err(|error| error.to_string())?;
        for claim in &table.claims {
            println!("{}: {}", claim.verdict.label(), claim.text);
        }
        println!("{} lines, {} claims: {}", table.lines.len(), table.claims.len(), to.display());
        Ok(())
    }

    /// The last commit of what decides the numbers, and whether it was changed since.
    fn commit() -> String {
        let git = |words: &[&str]| {
            let output = Command::new("git").current_dir(env!("CARGO_MANIFEST_DIR")).args(words).output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let sources = ["--", "src", "Cargo.lock"];
        let Some(commit) = git(&[&["log", "-1", "--format=%H"][..], &sources].concat()).filter(|id| !id.is_empty())
        else {
            return "unknown".to_owned();
        };
        match git(&[&["status", "--porcelain"][..], &sources].concat()) {
            Some(changes) if changes.is_empty() => commit,
            _ => format!("{commit} with changes"),
        }
    }
}
