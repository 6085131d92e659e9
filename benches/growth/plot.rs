//! The plot of all series in one: how many times longer for how many times more, each from its smallest size on.

use std::fmt::Write as _;

use crate::timings::Series;

/// The drawing, and the field of the lines within it: left, top, right, bottom.
const WIDTH: f64 = 780.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 20.0;
const RIGHT: f64 = 470.0;
const BOTTOM: f64 = 390.0;
/// Largest multiples shown, and the smallest of times.
const MOST: f64 = 32.0;
const LEAST: f64 = 0.25;
/// Between two labels.
const LINE: f64 = 20.0;

/// Each as far from the others as may be, and from white and from black.
const COLORS: [&str; 10] =
    ["#3f7fbf", "#c2662d", "#2f9e6e", "#b04f8f", "#8a7a1f", "#6a63c4", "#c04848", "#5f7f8f", "#7a9a2f", "#96705a"];

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#333}.grid{stroke:#8884}.one{stroke:#888;\
stroke-dasharray:5 5}polyline{fill:none;stroke-width:2.5}.lead{stroke-width:1;opacity:.5}\
@media(prefers-color-scheme:dark){text{fill:#ccc}}";

fn x(multiple: f64) -> f64 {
    LEFT + (RIGHT - LEFT) * multiple.ln() / MOST.ln()
}

fn y(multiple: f64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * (multiple.clamp(LEAST, MOST) / LEAST).ln() / (MOST / LEAST).ln()
}

pub fn svg(series: &[&Series]) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">\
         <title>How times grow with sizes: times as many against times as long, both logarithmic</title>\
         <style>{STYLE}</style>\n"
    );
    let grid = |out: &mut String, multiple: f64| {
        if multiple >= 1.0 {
            let at = x(multiple);
            let _ = writeln!(
                out,
                "<path class=\"grid\" d=\"M{at:.1} {TOP}V{BOTTOM}\"/>\
                 <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{multiple}</text>",
                BOTTOM + 18.0
            );
        }
        let at = y(multiple);
        let _ = writeln!(
            out,
            "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{RIGHT}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{multiple}</text>",
            LEFT - 8.0,
            at + 4.0
        );
    };
    (-2..=5).for_each(|power| grid(&mut out, 2f64.powi(power)));
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">times as many</text>\
         <text transform=\"translate(18 {:.1}) rotate(-90)\" text-anchor=\"middle\">times as long</text>\
         <path class=\"one\" d=\"M{LEFT} {:.1}L{RIGHT} {:.1}\"/>\
         <text transform=\"translate({:.1} {:.1}) rotate({:.1})\">linear</text>",
        (LEFT + RIGHT) / 2.0,
        HEIGHT - 12.0,
        (TOP + BOTTOM) / 2.0,
        y(1.0),
        y(MOST),
        x(20.0),
        y(20.0) - 8.0,
        -((y(1.0) - y(MOST)) / (RIGHT - LEFT)).atan().to_degrees()
    );
    let relative = |one: &Series| -> Vec<[f64; 2]> {
        let [size, ms] = one.points[0];
        one.points.iter().map(|point| [x(point[0] / size), y(point[1] / ms)]).collect()
    };
    let mut ends: Vec<(usize, [f64; 2])> =
        series.iter().enumerate().map(|(i, one)| (i, relative(one)[one.points.len() - 1])).collect();
    ends.sort_by(|a, b| a.1[1].total_cmp(&b.1[1]));
    // From the top down, none nearer to the one before than a line, and all within the drawing.
    let mut label = TOP - LINE;
    for (left, (i, end)) in (0..ends.len()).rev().zip(&ends) {
        label = (label + LINE).max(end[1]).min(BOTTOM - left as f64 * LINE);
        let (one, color) = (series[*i], COLORS[i % COLORS.len()]);
        let points: Vec<String> = relative(one).iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
        let beside = RIGHT + 20.0;
        let _ = writeln!(
            out,
            "<polyline stroke=\"{color}\" points=\"{}\"/>\
             <path class=\"lead\" stroke=\"{color}\" d=\"M{:.1} {:.1}L{beside} {label:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" style=\"fill:{color}\">{} ({:.2})</text>",
            points.join(" "),
            end[0],
            end[1],
            beside + 6.0,
            label + 4.0,
            one.name,
            one.slope
        );
    }
    out.push_str("</svg>\n");
    out
}
