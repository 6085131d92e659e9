//! The statistics of the page: the library for the browser with what puts two reports side by side, and nothing else.
//! Everything it offers is exported by `semantic_continuity::web`; there is nothing to run.

use semantic_continuity as _;

fn main() {}
