//! The native runner: writes what the page ships, runs and times what the page runs. All mathematics is the library's.

// The engines are built for wasm from the same package; a browser has no use for this one.
#[cfg(not(target_family = "wasm"))]
mod arguments;
#[cfg(not(target_family = "wasm"))]
mod bench;
#[cfg(not(target_family = "wasm"))]
mod engine;
#[cfg(not(target_family = "wasm"))]
mod files;
#[cfg(not(target_family = "wasm"))]
mod lanes;
#[cfg(not(target_family = "wasm"))]
mod nudges;
#[cfg(not(target_family = "wasm"))]
mod run;
#[cfg(not(target_family = "wasm"))]
mod weights;

#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    match dispatch() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("lab: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_family = "wasm"))]
fn dispatch() -> arguments::Outcome {
    use arguments::LabCmd;
    match arguments::command()? {
        LabCmd::Settings(_) => files::write_settings(),
        LabCmd::Weights(options) => weights::command(&options),
        LabCmd::Run(options) => run::command(&options),
        LabCmd::Nudges(options) => nudges::command(&options),
        LabCmd::Bench(options) => bench::command(&options),
        LabCmd::Help(_) => {
            println!("{}", arguments::USAGE);
            Ok(())
        }
    }
}
