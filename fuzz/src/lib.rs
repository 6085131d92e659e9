//! The parsers as the tests know them, for libFuzzer.

#[path = "../../tests/core/fuzz/parsers.rs"]
pub mod parsers;

pub use libfuzzer_sys;

/// The fuzz target of a parser.
#[macro_export]
macro_rules! target {
    ($parser:ident) => {
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
            $crate::parsers::$parser(bytes);
        });
    };
}
