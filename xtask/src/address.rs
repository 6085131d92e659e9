//! Where the page will be found. It works at any address; previews of links to it need to know which.

use anyhow::{Result, anyhow};

use crate::help::Help as _;

/// The picture that others show beside a link to the page, as the page names it.
const PREVIEW: &str = "content=\"preview.png\"";

/// `html` with the address of the page and of its preview in the head.
pub fn announce(html: &str, url: &str) -> Result<String> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if !is_web || url.contains(['"', '<', '>', '?', '#', ' ']) {
        return Err(anyhow!("--url {url:?} is not the address of a folder"))
            .help("name it with its scheme, without a query: https://example.org/lab/");
    }
    if !html.contains(PREVIEW) {
        return Err(anyhow!("the page names no preview.png")).help("see og:image in www/index.html");
    }
    let url = url.trim_end_matches('/');
    let found =
        format!("<link rel=\"canonical\" href=\"{url}/\">\n<meta property=\"og:url\" content=\"{url}/\">\n</head>");
    Ok(html.replace(PREVIEW, &format!("content=\"{url}/preview.png\"")).replacen("</head>", &found, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<head><meta property=\"og:image\" content=\"preview.png\"></head>";

    #[test]
    fn previews_get_the_whole_address() {
        for url in ["https://example.org/lab", "https://example.org/lab/"] {
            let html = announce(HTML, url).unwrap();
            assert!(html.contains("og:image\" content=\"https://example.org/lab/preview.png\""), "{html}");
            assert!(html.contains("rel=\"canonical\" href=\"https://example.org/lab/\""), "{html}");
            assert!(html.ends_with("</head>"), "{html}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in ["example.org", "ftp://example.org", "https://example.org/?a=1", "https://example.org/\"><script>"] {
            assert!(announce(HTML, url).unwrap_err().to_string().contains("is not the address"), "{url}");
        }
        assert!(announce("<head></head>", "https://example.org").is_err());
    }
}
