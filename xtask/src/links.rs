//! References of the built page: relative, so that it works in any folder of any host, and present.

use html5gum::{Token, Tokenizer};

/// What a page loads by itself, and where it is wrong. `present` tells whether a file of the page exists.
///
/// Looks at `src` of any element and at `href` of `link`; links a visitor may follow are free to go anywhere.
pub fn problems(html: &str, present: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    if html.contains("__trunk") || html.contains("__TRUNK") {
        found.push("it holds Trunk's reload script: this is the output of `trunk serve`".to_owned());
    }
    for reference in loaded(html) {
        if let Some(why) = problem(&reference, &present) {
            found.push(format!("`{reference}` {why}"));
        }
    }
    found
}

fn problem(reference: &str, present: impl Fn(&str) -> bool) -> Option<&'static str> {
    if reference.starts_with('/') {
        return Some("is not relative: it breaks in a sub-folder");
    }
    if reference.starts_with('#') || reference.starts_with("data:") {
        return None;
    }
    let path = reference.split(['?', '#']).next().unwrap_or(reference);
    if path.split('/').next().is_some_and(|first| first.contains(':')) {
        return Some("is loaded from elsewhere: the page must stand alone");
    }
    let path = path.trim_start_matches("./");
    if path.is_empty() {
        return Some("is empty");
    }
    (!present(path)).then_some("is not among the built files")
}

/// Relations of `link` that name something without loading it.
const NOT_LOADED: [&str; 7] = ["canonical", "license", "author", "alternate", "help", "me", "next"];

/// The references that a browser loads by itself, in order.
fn loaded(html: &str) -> Vec<String> {
    let start_tags = Tokenizer::new(html).flatten().filter_map(|token| match token {
        Token::StartTag(tag) => Some(tag),
        _ => None,
    });
    start_tags
        .filter_map(|tag| {
            let get = |name: &[u8]| Some(String::from_utf8_lossy(tag.attributes.get(name)?).trim().to_owned());
            if *tag.name != b"link" {
                return get(b"src");
            }
            let relation = get(b"rel").unwrap_or_default().to_ascii_lowercase();
            let named_only = relation.split_whitespace().any(|name| NOT_LOADED.contains(&name));
            if named_only { None } else { get(b"href") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_page_has_no_problem() {
        let html = r##"<!doctype html><!-- <script src="/no.js"></script> -->
            <link rel="stylesheet" href="./style-1a2b.css" integrity="sha384-a/b="><link rel=icon href='data:,'>
            <link rel="canonical" href="https://example.org/lab/"><a href="https://example.org">x</a>
            <script type="module" src=js/main.js?v=1></script><img src="a.png" alt="a > b"><use href="#x"/>"##;
        let files = ["style-1a2b.css", "js/main.js", "a.png"];
        assert_eq!(problems(html, |path| files.contains(&path)), Vec::<String>::new());
    }

    #[test]
    fn every_kind_of_bad_reference_is_named() {
        let cases = [
            (r#"<script src="/js/main.js"></script>"#, "is not relative"),
            (r#"<link rel="preload stylesheet" href='//example.org/a.css'>"#, "is not relative"),
            (r#"<SCRIPT SRC = "https://example.org/a.js"></SCRIPT>"#, "from elsewhere"),
            (r#"<img alt="" src="gone.png">"#, "not among"),
            (r#"<script src=""></script>"#, "is empty"),
            ("<script>new WebSocket('{{__trunk_address__}}')</script>", "trunk serve"),
        ];
        for (html, expected) in cases {
            let found = problems(html, |_| false);
            assert!(found.len() == 1 && found[0].contains(expected), "{html}: {found:?}");
        }
    }

    #[test]
    fn broken_html_ends() {
        for html in ["<", "<a", "<a =", "<a b='", "<a b=", "<!--", "<a é=\"", "<a =\u{e9}"] {
            problems(html, |_| true);
        }
    }
}
