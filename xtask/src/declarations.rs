//! The declarations for TypeScript that come with the engines: generated with them, kept in `pkg/` for the page's own
//! checks and for other programs.

use std::path::Path;

use anyhow::{Result, anyhow};

use crate::help::Help as _;

/// The engines whose declarations differ, and the files that these are kept in; that on WebGPU has the CPU engine's.
const ENGINES: [(&str, &str); 2] = [("cpu_engine", "engine.d.ts"), ("statistics_engine", "statistics.d.ts")];
/// Where an engine's own declarations end: what follows starts a module, and has names that change with every build.
const END: &str = "export type InitInput";

/// Writes to `package` what Trunk left in `folder`; with `check` a file that was another before is a failure.
pub fn update(folder: &Path, package: &Path, check: bool) -> Result<()> {
    let mut changed = Vec::new();
    for (engine, file) in ENGINES {
        let current = published(&fs_err::read_to_string(folder.join(format!("engine/{engine}.d.ts")))?);
        let kept = package.join(file);
        if fs_err::read_to_string(&kept).unwrap_or_default() != current {
            fs_err::write(&kept, current)?;
            changed.push(file);
        }
    }
    if check && !changed.is_empty() {
        let names = changed.join(" and ");
        return Err(anyhow!("the engines offer something else than pkg/ said: {names}"))
            .help("they were written anew: read the difference, and commit it");
    }
    Ok(())
}

/// What of an engine's declarations is for its users: without the code in the comments, which is Rust.
fn published(text: &str) -> String {
    let text = text.split(END).next().unwrap_or_default().trim_end();
    let mut code = false;
    let lines = text.lines().filter(|line| {
        let fence = line.trim_start().starts_with("* ```");
        code ^= fence;
        !fence && !code
    });
    let text: Vec<&str> = lines.skip_while(|line| line.starts_with("/* ")).collect();
    let text = text.join("\n").replace(" *\n */", " */");
    format!("// Generated with the engines by `cargo xtask dist`.\n\n{}\n", text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: &str = "/* tslint:disable */\n/* eslint-disable */\n/**\n * A budget.\n *\n * ```\n * let x = 1;\n * ```\n */\n\
        export interface Budget {}\n\nexport type InitInput = URL;\nexport interface InitOutput {}\n";

    #[test]
    fn only_what_an_engine_offers_is_published() {
        let text = published(BUILT);
        assert!(text.ends_with("\n\n/**\n * A budget.\n */\nexport interface Budget {}\n"), "{text}");
    }

    #[test]
    fn what_changed_is_written_and_said() {
        let temp = crate::files::TempFolder::new("declarations");
        for (engine, _) in ENGINES {
            temp.write(&format!("engine/{engine}.d.ts"), BUILT.as_bytes());
        }
        let said = update(&temp.0, &temp.0, true).unwrap_err().to_string();
        assert!(said.contains("engine.d.ts and statistics.d.ts"), "{said}");
        update(&temp.0, &temp.0, true).unwrap();
    }
}
