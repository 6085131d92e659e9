//! The WebGPU engine: the library for the browser, computing on the graphics processor. Everything it offers is
//! exported by `semantic_continuity::web`; there is nothing to run.

use semantic_continuity as _;

fn main() {}
