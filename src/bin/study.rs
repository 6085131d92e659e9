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
    use semantic_continuity::data::read_folder;
    use semantic_continuity::study::{MadeBy, Plan, Progress, Shard, Study, Table, collect};
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::time::Duration;

    const USAGE: &str = "\
Usage: study PLAN [options]           train and measure every cell of the plan, then join them
       study merge PLAN DIR... [options]
                                      join the cells of several folders

      --to DIR      where cells go (target/study/NAME), or the joined results (NAME below it, `results`)
      --shard I/N   only part I of N; join the parts with `merge`
      --threads N   cells at a time (all cores)
      --data DIR    folder of the datasets (www/data); for CIFAR-10 that of its binary files
      --commit ID   what the cells are said to be made by (asked from git)

A study that is stopped goes on where it was: finished cells are kept.";

    type Outcome<T = ()> = Result<T, String>;

    #[derive(Default)]
    struct Arguments {
        merge: bool,
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
        arguments.merge = words.next_if(|word| word == "merge").is_some();
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
        if arguments.merge {
            let folders = if folders.is_empty() { vec![usual.clone()] } else { folders };
            return join(&plan, &folders, &arguments.to.unwrap_or(usual.join("results")), &command);
        }
        if let Some(more) = folders.first() {
            return Err(format!("unexpected {}.\n\n{USAGE}", more.display()));
        }
        let folder = arguments.to.unwrap_or(usual);
        let commit = arguments.commit.unwrap_or_else(commit);
        let study = Study { plan, made_by: MadeBy::new(&commit), folder: folder.clone() };
        let data = arguments.data.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data"));
        let load = |settings: &Settings| read_folder(&data, settings);
        let threads = arguments.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from));
        let shard = arguments.shard.unwrap_or(Shard::WHOLE);
        study.run(shard, threads.unwrap_or(1), &load, &show).map_err(|error| error.to_string())?;
        if shard == Shard::WHOLE {
            join(&study.plan, std::slice::from_ref(&folder), &folder.join("results"), &command)
        } else {
            Ok(())
        }
    }

    fn show(Progress { name, done, all, gone, left }: Progress<'_>) {
        let minutes = |time: Duration| format!("{:.0}:{:02}", (time.as_secs() / 60) as f64, time.as_secs() % 60);
        eprintln!("{done:>4} of {all}  {} gone, about {} left  {name}", minutes(gone), minutes(left));
    }

    fn join(plan: &Plan, folders: &[PathBuf], to: &Path, command: &str) -> Outcome {
        let make = || {
            let cells = collect(plan, folders)?;
            let table = Table::new(plan, &cells, command)?;
            table.write(&cells, to)?;
            Ok(table)
        };
        let table = make().map_err(|error: semantic_continuity::error::Error| error.to_string())?;
        for claim in &table.claims {
            println!("{:?}: {}", claim.verdict, claim.text);
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
