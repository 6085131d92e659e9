//! References of the built page: relative, so that it works in any folder of any host, and present.

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
    tags(html)
        .into_iter()
        .filter_map(|(name, attributes)| {
            let get = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone());
            match name.as_str() {
                "link" => {
                    let relation = get("rel").unwrap_or_default().to_ascii_lowercase();
                    let named_only = relation.split_whitespace().any(|r| NOT_LOADED.contains(&r));
                    if named_only { None } else { get("href") }
                }
                _ => get("src"),
            }
        })
        .collect()
}

/// Every start tag as (name, attributes), comments left out. Enough for HTML that we write ourselves.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut attributes = Vec::new();
        while let Some((attribute, after)) = next_attribute(rest) {
            attributes.push(attribute);
            rest = after;
        }
        tags.push((name, attributes));
    }
    tags
}

/// The next `key`, `key=value` or `key="value"` before the tag's end, and what follows it.
fn next_attribute(text: &str) -> Option<((String, String), &str)> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    if text.is_empty() || text.starts_with('>') {
        return None;
    }
    // A stray `=` belongs to the key, so that every call takes at least one character.
    let ends = |(at, c): (usize, char)| (c.is_whitespace() || matches!(c, '=' | '>')).then_some(at);
    let end = text.char_indices().skip(1).find_map(ends).unwrap_or(text.len());
    let key = text[..end].to_ascii_lowercase();
    let Some(value) = text[end..].trim_start().strip_prefix('=').map(str::trim_start) else {
        return Some(((key, String::new()), &text[end..]));
    };
    let (value, after) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
        _ => value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len())),
    };
    Some(((key, value.trim().to_owned()), after))
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
