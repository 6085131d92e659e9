//! Scripts without what only their readers need: comments and white space, also that of templates. Names stay, so that an
//! error's stack can be read.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use oxc_allocator::Allocator;
use oxc_ast::ast::{Expression, TaggedTemplateExpression};
use oxc_ast_visit::{Visit, walk};
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions, LegalComment};
use oxc_parser::Parser;
use oxc_span::{SourceType, Span};

use crate::files;

/// Minifies every module below `folder` that did not come minified, and leaves out declarations: they are for editors.
pub fn modules(folder: &Path) -> Result<()> {
    for path in &files::walk(folder)? {
        let file = folder.join(path);
        if path.ends_with(".d.ts") {
            fs_err::remove_file(&file)?;
        }
        if !path.ends_with(".js") || path.starts_with("vendor/") {
            continue;
        }
        let code = minify(&fs_err::read_to_string(&file)?).with_context(|| format!("cannot minify {path}"))?;
        fs_err::write(&file, code)?;
    }
    Ok(())
}

fn minify(source: &str) -> Result<String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
    if let Some(error) = parsed.diagnostics.first() {
        bail!("{error}");
    }
    let mut templates = Templates { source, parts: Vec::new() };
    templates.visit_program(&parsed.program);
    let source = on_one_line(source, templates.parts);
    let parsed = Parser::new(&allocator, &source, SourceType::mjs()).parse();
    // Licences stay, and what other people's bundlers are told.
    let comments = CommentOptions { normal: false, jsdoc: false, annotation: true, legal: LegalComment::Inline };
    let options = CodegenOptions { minify: true, comments, ..CodegenOptions::default() };
    Ok(Codegen::new().with_options(options).build(&parsed.program).code)
}

/// The texts of templates in which a line break and an indentation say no more than a space.
struct Templates<'s> {
    source: &'s str,
    parts: Vec<Span>,
}

impl<'a> Visit<'a> for Templates<'_> {
    fn visit_tagged_template_expression(&mut self, template: &TaggedTemplateExpression<'a>) {
        let Expression::Identifier(tag) = &template.tag else {
            return walk::walk_tagged_template_expression(self, template);
        };
        let parts = || template.quasi.quasis.iter().map(|part| part.span);
        // What these elements hold is shown as it stands.
        let verbatim =
            parts().any(|part| ["<pre", "<textarea"].iter().any(|tag| part.source_text(self.source).contains(tag)));
        if ["html", "svg", "css"].contains(&tag.name.as_str()) && !verbatim {
            self.parts.extend(parts());
        }
        walk::walk_tagged_template_expression(self, template);
    }
}

/// `source` with a space in place of every line break in `parts`, and of the white space around it.
fn on_one_line(source: &str, mut parts: Vec<Span>) -> String {
    // Templates stand within templates.
    parts.sort_by_key(|part| part.start);
    let mut text = String::with_capacity(source.len());
    let mut end = 0;
    for part in parts {
        text.push_str(&source[end..part.start as usize]);
        let mut lines = part.source_text(source).split('\n').peekable();
        let mut first = true;
        while let Some(line) = lines.next() {
            let line = if first { line } else { line.trim_start_matches([' ', '\t']) };
            let line = if lines.peek().is_some() { line.trim_end_matches([' ', '\t']) } else { line };
            if !first && !text.ends_with(' ') {
                text.push(' ');
            }
            text.push_str(line);
            first = false;
        }
        end = part.end as usize;
    }
    text.push_str(&source[end..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_lose_their_lines_and_other_texts_keep_them() {
        let cases = [
            // Within words and tags a space says the same; beside an expression it stays one.
            ("html`<p>\n    own\n    ${a}\n\n  thread</p>`", "html`<p> own ${a} thread</p>`"),
            ("html`<i\n  a=${b}\n  c\n></i\n>`", "html`<i a=${b} c ></i >`"),
            ("css`\n  a {\n    b: c;\n  }\n`", "css` a { b: c; } `"),
            // A template in a template, and one in a script of a template.
            (
                "html`<ul>\n  ${a.map(()=>html`<li>\n  x</li>`)}\n</ul>`",
                "html`<ul> ${a.map(()=>html`<li> x</li>`)} </ul>`",
            ),
            ("html`${`\n  a`}\n`", "html`${`\n  a`} `"),
            // These are shown as they stand.
            ("html`<pre>\n  a</pre>`", "html`<pre>\n  a</pre>`"),
            ("html`${a}<textarea\n>\n b</textarea>`", "html`${a}<textarea\n>\n b</textarea>`"),
            ("`\n  a`", "`\n  a`"),
            ("text`\n  a`", "text`\n  a`"),
            // Written, not broken.
            ("html`a\\n  b ü\n  c`", "html`a\\n  b ü c`"),
        ];
        for (source, expected) in cases {
            let code = minify(&format!("export const a=1,b=2;export const made={source};")).unwrap();
            assert!(code.contains(&format!("made={expected}")), "{source}: {code}");
        }
    }

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
        temp.write("vendor/kept.d.ts", b"export {};");
        modules(&temp.0).unwrap();
        let read = |path: &str| std::fs::read_to_string(temp.0.join(path)).unwrap();
        assert_eq!((read("vendor/kept.js").as_str(), read("own.js").trim()), ("  //! kept\n", "run(1);"));
        assert!(!temp.0.join("vendor/kept.d.ts").exists(), "declarations are not part of the page");
        temp.write("broken.js", b"const = 1;");
        assert!(modules(&temp.0).unwrap_err().to_string().contains("broken.js"));
    }
}
