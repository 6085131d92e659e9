//! What the tests and the timings of the page share: a server of the built files, a browser with its driver, and a
//! page with a visitor's hands.
#![allow(dead_code, unused_imports, reason = "the timings use less of it than the tests")]

mod browser;
mod copy;
mod figures;
mod page;
mod processes;
mod server;
mod training;
mod visit;

pub use browser::{Kind, Off};
pub use copy::Copy;
pub use figures::{KEEP, opens, saved_figure, saved_numbers};
pub use page::Page;
pub use server::{Fault, Server, Site};
pub use training::{ROWS, Row, SHORT, control};
pub use visit::Visit;

/// A test either passes, panics in an assertion, or hands up what the browser refused to do.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The value of a variable that `cargo xtask` sets.
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!(
            "{name} is not set: these need the built page and a browser; run `cargo xtask test browser` for the tests, \
             or name the page in SCL_DIST, a browser in SCL_BROWSER and its driver in SCL_DRIVER"
        )
    })
}
