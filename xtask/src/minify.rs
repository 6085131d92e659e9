//! Scripts without what only their readers need: comments and white space. Names stay, so that an error's stack can be read.

use std::path::Path;

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions, LegalComment};
use oxc_parser::Parser;
use oxc_span::SourceType;

use crate::failure::{Context, Result};
use crate::files;

/// Minifies every module below `folder` that did not come minified.
pub fn modules(folder: &Path) -> Result<()> {
    for path in files::walk(folder)?.iter().filter(|path| path.ends_with(".js") && !path.starts_with("vendor/")) {
        let file = folder.join(path);
        let source = std::fs::read_to_string(&file).context(|| format!("cannot read {path}"))?;
        let code = minify(&source).context(|| format!("cannot minify {path}"))?;
        std::fs::write(&file, code).context(|| format!("cannot write {path}"))?;
    }
    Ok(())
}

fn minify(source: &str) -> Result<String, String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
    if let Some(error) = parsed.diagnostics.first() {
        return Err(error.to_string());
    }
    // Licences stay, and what other people's bundlers are told.
    let comments = CommentOptions { normal: false, jsdoc: false, annotation: true, legal: LegalComment::Inline };
    let options = CodegenOptions { minify: true, comments, ..CodegenOptions::default() };
    Ok(Codegen::new().with_options(options).build(&parsed.program).code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_space_go_and_names_texts_and_notes_to_bundlers_stay() {
        let source = "// Why.\nimport { html } from \"./lit.js\";\n\n/** What. */\nexport const twice = (value) => {\n  \
            // How.\n  return html`// <b> ${value + value} </b>`;\n};\nawait import(/* @vite-ignore */ twice);\n";
        let code = minify(source).unwrap();
        assert!(!code.contains("Why") && !code.contains("What") && !code.contains("How"), "{code}");
        assert!(code.contains("twice") && code.contains("html`// <b> ${value+value} </b>`"), "{code}");
        assert!(code.contains("@vite-ignore"), "{code}");
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(minify("const = 1;").is_err());
        let temp = files::TempFolder::new("minify");
        temp.write("vendor/kept.js", b"  //! kept\n");
        temp.write("own.js", b"run( 1 ); // once");
        modules(&temp.0).unwrap();
        let read = |path: &str| std::fs::read_to_string(temp.0.join(path)).unwrap();
        assert_eq!((read("vendor/kept.js").as_str(), read("own.js").trim()), ("  //! kept\n", "run(1);"));
        temp.write("broken.js", b"const = 1;");
        assert!(modules(&temp.0).unwrap_err().to_string().contains("broken.js"));
    }
}
