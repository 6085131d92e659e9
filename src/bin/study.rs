//! The study runner: a plan over seeds and settings, on all cores, and which claims hold.

#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    match native::command() {
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
        self, Cell, MadeBy, Plan, Shard, StudyProgress, Table, collect, publish, published,
    };
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::time::Duration;

    const USAGE: &str = "\
Usage: study PLAN [options]           train and measure every cell of the plan, then join them
       study merge PLAN DIR... [options]
                                      join the cells of several folders
       study judge PLAN DIR           judge published results again, in place
                                      (what ships is shown in docs/results.md, which follows)
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

    xflags::xflags! {
        cmd study {
            optional --to dir: PathBuf
            optional --shard part: String
            optional --threads n: String
            optional --data dir: PathBuf
            optional --commit id: String
            default cmd run { optional plan: PathBuf }
            cmd merge { optional plan: PathBuf  repeated cells: PathBuf }
            cmd judge { optional plan: PathBuf  optional results: PathBuf }
            cmd remake { optional plan: PathBuf  optional results: PathBuf  repeated cell: String }
        }
    }

    pub fn command() -> Outcome {
        match Study::from_env() {
            Ok(arguments) => run(arguments),
            Err(error) if error.is_help() => {
                println!("{USAGE}");
                Ok(())
            }
            Err(error) => Err(format!("{error}.\n\n{USAGE}")),
        }
    }

    fn run(arguments: Study) -> Outcome {
        let path = match &arguments.subcommand {
            StudyCmd::Run(Run { plan })
            | StudyCmd::Merge(Merge { plan, .. })
            | StudyCmd::Judge(Judge { plan, .. })
            | StudyCmd::Remake(Remake { plan, .. }) => plan,
        };
        let path = path.as_ref().ok_or_else(|| format!("no plan was given.\n\n{USAGE}"))?;
        let text =
            std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
        let plan = Plan::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let command = format!("cargo study {}", path.display());
        let usual = Path::new("target/study").join(&plan.name);
        let said = |error: semantic_continuity::error::Error| error.to_string();
        let Study { to, shard, threads, data, commit, subcommand } = arguments;
        let threads = number_of_threads(threads.as_deref())?;
        let shard = shard.map_or(Ok(Shard::WHOLE), |part| part.parse()).map_err(said)?;
        let data = data.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data"));
        let load = |settings: &Settings| read(&data, settings);
        let study = |folder| study::Study {
            plan: plan.clone(),
            made_by: MadeBy::new(&commit.unwrap_or_else(commit_of_sources)),
            folder,
        };
        match subcommand {
            StudyCmd::Run(_) => {
                let folder = to.unwrap_or(usual);
                study(folder.clone()).run(shard, threads, &load, &show).map_err(said)?;
                if shard != Shard::WHOLE {
                    return Ok(());
                }
                let cells = collect(&plan, std::slice::from_ref(&folder)).map_err(said)?;
                join(&plan, &cells, &folder.join("results"), &command)
            }
            StudyCmd::Merge(Merge { cells: folders, .. }) => {
                let folders = if folders.is_empty() { vec![usual.clone()] } else { folders };
                let cells = collect(&plan, &folders).map_err(said)?;
                join(&plan, &cells, &to.unwrap_or(usual.join("results")), &command)
            }
            StudyCmd::Judge(Judge { results, .. }) => {
                let results = results.ok_or_else(|| format!("judge needs one folder.\n\n{USAGE}"))?;
                judge(&plan, &published(&plan, &results).map_err(said)?, &results, &command)
            }
            StudyCmd::Remake(Remake { results, cell: names, .. }) => {
                let results = results.filter(|_| !names.is_empty());
                let results = results.ok_or_else(|| format!("remake needs a folder and cells.\n\n{USAGE}"))?;
                let folder = to.unwrap_or(usual.join("remade"));
                let cells = study(folder).remake(&names, &results, threads, &load, &show).map_err(said)?;
                join(&plan, &cells, &results, &command)
            }
        }
    }

    /// So many as are asked for, or one a core.
    fn number_of_threads(text: Option<&str>) -> Outcome<usize> {
        let Some(text) = text else { return Ok(std::thread::available_parallelism().map_or(1, usize::from)) };
        let threads = text.parse().ok().filter(|threads| (1..=1024).contains(threads));
        threads.ok_or_else(|| format!("--threads is {text:?}; allowed is 1 to 1024."))
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
        show_in_docs(&table, to)?;
        for claim in &table.claims {
            println!("{}: {}", claim.verdict.label(), claim.text);
        }
        println!("{} lines, {} claims: {}", table.lines.len(), table.claims.len(), to.display());
        Ok(())
    }

    /// Writes the claims into the document that shows them, if `to` is the folder that ships with the page.
    fn show_in_docs(table: &Table, to: &Path) -> Outcome {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let ships = format!("www/data/results/{}", table.plan);
        let document = root.join("docs/results.md");
        if !root.join(&ships).canonicalize().is_ok_and(|ours| to.canonicalize().is_ok_and(|to| to == ours)) {
            return Ok(());
        }
        let failed = |error: std::io::Error| format!("{}: {error}.", document.display());
        let text = std::fs::read_to_string(&document).map_err(failed)?;
        let shown = table.shown_in(&text, &format!("../{ships}")).map_err(|error| error.to_string())?;
        std::fs::write(&document, shown).map_err(failed)
    }

    /// The last commit of what decides the numbers, and whether it was changed since.
    fn commit_of_sources() -> String {
        let git = |words: &[&str]| {
            let output = Command::new("git").current_dir(env!("CARGO_MANIFEST_DIR")).args(words).output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let sources = ["--", "src", "kernels", "Cargo.lock"];
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
