//! What the tests of the figures share.

use super::{Outcome, Page};

/// Keeps what the page saves, instead of downloading it.
pub const KEEP: &str = "window.saved = []; window.blobs = new Map(); const create = URL.createObjectURL; \
    URL.createObjectURL = (blob) => { const address = create.call(URL, blob); blobs.set(address, blob); return address; }; \
    HTMLAnchorElement.prototype.click = function () { saved.push({ name: this.download, blob: blobs.get(this.href) }); };";

/// Saves the figure of a group of buttons as SVG: its file name, all its words, and its numbers of pictures and paths.
pub async fn saved_figure(page: &Page, group: &str) -> Outcome<(String, String, [usize; 2])> {
    page.click(&format!("{group} [data-save=SVG]")).await?;
    page.run_async(
        "const { name, blob } = saved.at(-1); \
         const figure = new DOMParser().parseFromString(await blob.text(), 'image/svg+xml'); \
         if (figure.documentElement.localName !== 'svg' || figure.querySelector('parsererror')) throw new Error('no figure'); \
         const count = (element) => figure.querySelectorAll(element).length; \
         return [name, [...figure.querySelectorAll('tspan')].map((line) => line.textContent).join(' '), [count('image'), count('path')]]",
        vec![],
    )
    .await
}

/// Saves a group of buttons as a NumPy file: the numbers behind its header.
pub async fn saved_numbers(page: &Page, group: &str) -> Outcome<Vec<f32>> {
    page.click(&format!("{group} [data-save=NumPy]")).await?;
    page.run_async(
        "const bytes = new DataView(await saved.at(-1).blob.arrayBuffer()); \
         const start = 10 + bytes.getUint16(8, true); \
         return Array.from({ length: (bytes.byteLength - start) / 4 }, (_, i) => bytes.getFloat32(start + 4 * i, true))",
        vec![],
    )
    .await
}

/// Opens the page and waits until it answers.
pub async fn opens(page: &Page, query: &str) -> Outcome {
    page.open(query).await?;
    page.wait("the first figure", 60, "visitor.one('scl-nudge >>> .rates strong')").await?;
    page.run("document.querySelector('#attack').scrollIntoView()", vec![]).await.map(drop)
}
