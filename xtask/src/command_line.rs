//! The words that follow `cargo xtask`.

use std::path::PathBuf;

pub const USAGE: &str = "\
cargo xtask <command>

  setup [--browser]                      what the tests need: wasm target, wasm-bindgen; with --browser Chromium too
  serve [--port N] [--open] [--dev]      the page on this machine, rebuilt at every save
  dist [--dist DIR] [--url URL] [--check]
                                         the static page, its sizes and budgets; --check fails over budget;
                                         --url says where it will be found, for previews of links to it
  test [stage...] [--skip-browser]       every check, or the named stages
  bench [--peers] [--webgpu]             timings of the built page beside native ones, and PyTorch, jax-js and TensorFlow.js
                                         where they are installed; --peers installs them: on Linux PyTorch is 6 GB
                                         --webgpu times that alone, as JSON that can be sent to others
  figures                                compute again, in Chromium, the results that the page's figures begin with
  data FROM | data --check               fill www/data from a data pack, or verify it
  help                                   this list

test stages: setup data fmt scripts deny lint native wasm webgpu dist browser generators firefox webkit, and soak where it is
             named";

xflags::xflags! {
    cmd xtask {
        cmd setup { optional --browser }
        cmd serve { optional --port number: String  optional --open  optional --dev }
        cmd dist { optional --dist folder: PathBuf  optional --url url: String  optional --check }
        cmd test { repeated stage: String  optional --skip-browser }
        cmd bench { optional --peers  optional --webgpu }
        cmd figures {}
        cmd data { optional from: PathBuf  optional --check }
        cmd help {}
    }
}
