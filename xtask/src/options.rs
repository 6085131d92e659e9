//! Command-line options: `--flag`, `--name value`, `--name=value` and free words. Anything else is an error.

use std::collections::BTreeMap;

use crate::failure::{Failure, Result};

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    flags: Vec<String>,
    values: BTreeMap<String, String>,
    pub free: Vec<String>,
}

impl Options {
    /// Parses `arguments`, allowing only the named flags and values and at most `most_free` free words.
    pub fn parse(arguments: &[String], flags: &[&str], values: &[&str], most_free: usize) -> Result<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let (name, attached) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            if values.contains(&name) {
                let value = attached
                    .or_else(|| rest.next().cloned())
                    .ok_or_else(|| Failure::new(format!("{name} needs a value")))?;
                options.values.insert(name.to_owned(), value);
            } else if flags.contains(&name) && attached.is_none() {
                options.flags.push(name.to_owned());
            } else if argument.starts_with('-') {
                let known = [flags, values].concat().join(" ");
                return Err(Failure::new(format!("unknown option `{argument}`")).help(format!("known here: {known}")));
            } else if options.free.len() < most_free {
                options.free.push(argument.clone());
            } else {
                return Err(Failure::new(format!("unexpected argument `{argument}`")).help("see: cargo xtask help"));
            }
        }
        Ok(options)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.flags.iter().any(|flag| flag == name)
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments, &["--open"], &["--port"], 1)
    }

    #[test]
    fn flags_values_and_free_words() {
        for line in ["--open --port 81 here", "here --port=81 --open"] {
            let options = parse(line).unwrap();
            assert!(options.flag("--open"));
            assert_eq!(options.value("--port"), Some("81"));
            assert_eq!(options.free, ["here"]);
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let cases = [("--port", "needs a value"), ("--ope", "unknown option"), ("-x", "unknown option")];
        for (line, expected) in cases.into_iter().chain([("--open=1", "unknown option"), ("a b", "unexpected")]) {
            assert!(parse(line).unwrap_err().to_string().contains(expected), "{line}");
        }
    }
}
