//! What the user can do about a failure, said below it.

use anyhow::{Result, anyhow};

pub trait Help<T> {
    fn help(self, remedy: impl AsRef<str>) -> Result<T>;
}

impl<T, E: Into<anyhow::Error>> Help<T> for Result<T, E> {
    fn help(self, remedy: impl AsRef<str>) -> Result<T> {
        self.map_err(|error| {
            let error = error.into();
            anyhow!("{error:#}\n help: {}", remedy.as_ref().replace('\n', "\n       "))
        })
    }
}
