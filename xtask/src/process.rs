//! Running other programs: what was run is always shown in a form the user can paste.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Runs `command` with its output visible.
pub fn run(command: impl Into<Command>) -> Result<()> {
    let mut command = command.into();
    let status = command.status();
    check(&command, status)
}

/// Runs a test command, its output visible; returns how many tests passed. None at all is a failure.
pub fn run_tests(command: impl Into<Command>) -> Result<u64> {
    let mut command = command.into();
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{}`", shell_line(&command)))?;
    let mut passed = 0;
    // Bytes, not `lines()`: a test may print what is not UTF-8.
    for line in BufReader::new(child.stdout.take().expect("piped")).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        passed += passed_in(&line);
    }
    check(&command, child.wait())?;
    ensure!(passed > 0, "`{}` ran no test", shell_line(&command));
    Ok(passed)
}

/// Runs a `cargo build`, its messages visible; returns the file of the binary `name`.
pub fn artifact(command: impl Into<Command>, name: &str) -> Result<PathBuf> {
    let mut command = command.into();
    command.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let child = command.spawn().with_context(|| format!("cannot start `{}`", shell_line(&command)))?;
    let output = child.wait_with_output();
    check(&command, output.as_ref().map(|output| output.status).map_err(|error| error.kind().into()))?;
    let text = String::from_utf8(output?.stdout)?;
    let found = text.lines().rev().find_map(|line| artifact_in(line, name));
    found.with_context(|| format!("`{}` made no {name}", shell_line(&command)))
}

/// The first file of the binary `name`, if a message of cargo's is about it.
fn artifact_in(message: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let target = &message["target"];
    let about_it = message["reason"] == "compiler-artifact" && target["name"] == name && target["kind"][0] == "bin";
    about_it.then(|| message["filenames"][0].as_str().map(PathBuf::from))?
}

fn check(command: &Command, status: std::io::Result<ExitStatus>) -> Result<()> {
    let status = status.with_context(|| format!("cannot start `{}`", shell_line(command)))?;
    ensure!(status.success(), "`{}` failed ({status})", shell_line(command));
    Ok(())
}

/// The number in `test result: ok. 12 passed; …`, or in `# pass 12` of the Test Anything Protocol; 0 for any other line.
fn passed_in(line: &str) -> u64 {
    line.split_once("test result:")
        .and_then(|(_, result)| result.split_once(" passed"))
        .and_then(|(before, _)| before.rsplit(' ').next())
        .or_else(|| line.strip_prefix("# pass ").map(str::trim))
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

/// The first line a program prints on standard output; `None` when it is absent or fails.
pub fn first_line(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.success() { text.lines().next().map(|line| line.trim().to_owned()) } else { None }
}

/// `program` with this system's suffix for programs.
pub fn file_name(program: &str) -> String {
    format!("{program}{}", std::env::consts::EXE_SUFFIX)
}

/// The command as a line for a shell: the variables set for it, the program by its name, its arguments.
/// PATH is left out: it is long, and the paths that matter are in the other variables.
pub fn shell_line(command: &Command) -> String {
    let variables = command.get_envs().filter(|(key, _)| *key != "PATH").filter_map(|(key, value)| {
        value.map(|value| format!("{}={}", key.to_string_lossy(), quote(&value.to_string_lossy())))
    });
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args()).map(|word| quote(&word.to_string_lossy()));
    variables.chain(words).collect::<Vec<_>>().join(" ")
}

fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_line_can_be_pasted() {
        let mut command = Command::new("/some/where/cargo");
        command.args(["test", "--", "it's"]).env("A", "b c").env("PATH", "/x").env_remove("Z");
        assert_eq!(shell_line(&command), r"A='b c' cargo test -- 'it'\''s'");
    }

    #[test]
    fn the_binary_is_found_among_the_messages() {
        let message =
            r#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"a"},"filenames":["/t/a.wasm"]}"#;
        assert_eq!(artifact_in(message, "a"), Some("/t/a.wasm".into()));
        assert_eq!(artifact_in(message, "b"), None);
        assert_eq!(artifact_in(&message.replace("bin", "lib"), "a"), None);
        assert_eq!(artifact_in(r#"{"reason":"build-finished","success":true}"#, "a"), None);
        assert_eq!(artifact_in("no message", "a"), None);
    }

    #[test]
    fn passed_tests_are_counted() {
        let cases = [
            ("test result: ok. 12 passed; 0 failed; 0 ignored", 12),
            ("test result: \u{1b}[32mok\u{1b}[m. 3 passed; 0 failed", 3),
            ("test result: FAILED. 7 passed; 1 failed", 7),
            ("no tests to run!", 0),
            ("5 passed", 0),
            ("# pass 91\n", 91),
            ("# fail 1\n", 0),
            ("    # pass 91\n", 0),
        ];
        for (line, expected) in cases {
            assert_eq!(passed_in(line), expected, "{line}");
        }
    }
}
