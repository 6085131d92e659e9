//! The smoothness of two models side by side, and what the theory says of it: see `run::smoothness`.

use super::{Row, row};
use crate::attack::Norm;
use crate::error::{Code, Error, Result};
use crate::experiment::{
    Column, FLAT, Gap, MOVE, Quantity, SIGMAS, STEPS, STILL, SmoothnessReport, TINY_SIGMA, mean, mean_difference, ratio,
};
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

/// A number of both models that is no contest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aside {
    /// Stable identifier.
    pub id: String,
    /// Name.
    pub label: String,
    /// The plain model.
    pub plain: Quantity,
    /// The model with the constraint.
    pub continuity: Quantity,
}

/// Two models side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SmoothnessComparison {
    /// Images.
    pub n: usize,
    /// Jacobian and radii.
    pub rows: Vec<Row>,
    /// [`SIGMAS`].
    pub sigmas: [f32; SIGMAS.len()],
    /// DS over σ² at each σ.
    pub ds: Vec<Row>,
    /// DS over σ² at each σ, over `‖J‖²`: by how much first order is off.
    pub off: Vec<Aside>,
    /// [`TINY_SIGMA`].
    pub tiny_sigma: f32,
    /// [`MOVE`].
    pub moved: f32,
    /// The limit of DS over σ² for small σ at the images, and off their kinks that and `‖J‖²`: `limit`,
    /// `off-kinks-limit`, `off-kinks-jacobian`. Empty, as are the quotients, for reports of earlier versions.
    pub limits: Vec<Row>,
    /// The limit over `‖J‖²` at the images and off their kinks: `quotient`, `off-kinks-quotient`. 1 where the network
    /// has a derivative.
    pub quotients: Vec<Aside>,
    /// Cosine between gradients at each σ.
    pub cosine: Vec<Row>,
    /// [`STEPS`].
    pub steps: [f32; STEPS.len()],
    /// Cross-entropy at each step against the margin.
    pub against: Vec<Row>,
    /// Cross-entropy at each step in a random direction.
    pub sideways: Vec<Row>,
    /// Mean cross-entropy over both directions, for both models; nothing where that of an image overflows.
    pub surfaces: [Vec<Vec<Option<f64>>>; 2],
}

/// Compares two reports on the same images, as far as both have come.
///
/// # Errors
/// `InvalidSetting` for reports of different questions, or damaged ones.
pub fn compare_smoothness(plain: &SmoothnessReport, continuity: &SmoothnessReport) -> Result<SmoothnessComparison> {
    let n = plain.jacobian.len().min(continuity.jacobian.len());
    let sound = |report: &SmoothnessReport| {
        report.noise.len() == SIGMAS.len()
            && report.surface.len() == STEPS.len()
            && report.surface.iter().all(|row| row.len() == STEPS.len())
            && report.clone().columns().0.all(|column| column.len() >= n)
    };
    let has_limits =
        [plain, continuity].iter().all(|report| (*report).clone().columns().1.iter().all(|column| column.len() >= n));
    let same = plain.asked == continuity.asked && plain.images == continuity.images;
    if n == 0 || !(same && sound(plain) && sound(continuity)) {
        return Err(Error::new(Code::InvalidSetting, "The two results are not answers to the same question."));
    }
    let rng = || plain.asked.seed.rng(Stream::Bootstrap, 0);
    let line =
        |id: &str, label: String, help: &str, better: &str, gap: Gap<'_>, of: &dyn Fn(&SmoothnessReport) -> &Column| {
            let column = |report: &SmoothnessReport| report.or_overflow(&of(report)[..n]);
            let (p, c) = (column(plain), column(continuity));
            let difference = mean_difference(&p, &c, gap, &mut rng());
            let (plain, continuity) = (mean(&p, gap, &mut rng()), mean(&c, gap, &mut rng()));
            row(id, label, help.into(), "", better, plain, continuity, difference)
        };
    let aside = |id: &str, label: String, of: &dyn Fn(&SmoothnessReport) -> Quantity| Aside {
        id: id.into(),
        label,
        plain: of(plain),
        continuity: of(continuity),
    };
    let over = |near: &Column, far: &Column| ratio(&near[..n], &far[..n], "the Jacobian is 0", &mut rng());
    let ds = |(k, sigma): (usize, f32)| {
        let help = "Mean squared distance between the logits for x and x + δ, over σ²: the mean squared slope, \
                    seen through noise.";
        line("ds", format!("DS / σ², σ = {sigma}"), help, "lower", Gap::Overflow, &|report| &report.noise[k].ds)
    };
    let cosine = |(k, sigma): (usize, f32)| {
        let help =
            "Cosine between the gradients of the true logit at x and at x + δ: 1 is a gradient that does not turn.";
        line("cosine", format!("Cosine of gradients, σ = {sigma}"), help, "higher", STILL, &|report| {
            &report.noise[k].cosine
        })
    };
    let loss = |(s, t): (usize, usize)| {
        let (id, step) = if t == 0 { ("against", STEPS[s]) } else { ("sideways", STEPS[t]) };
        let help = "Mean cross-entropy this far from x in every pixel.";
        line(id, format!("Cross-entropy, step {step}"), help, "lower", Gap::Overflow, &|report| &report.surface[s][t])
    };
    let radius = |id: &str, norm: Norm, of: &dyn Fn(&SmoothnessReport) -> &Column| {
        let help = "Margin over the slope of the margin: how far away the boundary is, were the network linear. \
                    Shrinking all logits does not change it.";
        line(id, format!("First-order radius, {}", norm.label()), help, "higher", FLAT, of)
    };
    let squared =
        "Squared Frobenius norm of the Jacobian of the logits. Small is smooth, but so is a network with small logits.";
    let surface = |report: &SmoothnessReport| -> Vec<Vec<Option<f64>>> {
        let total = |losses: &Column| losses[..n].iter().map(|loss| loss.map(f64::from)).sum::<Option<f64>>();
        let average = |losses: &Column| total(losses).map(|total| total / n as f64).filter(|mean| mean.is_finite());
        report.surface.iter().map(|row| row.iter().map(average).collect()).collect()
    };
    let (tiny, moved) = (format!("DS / σ², σ = {TINY_SIGMA}"), "Off the kinks: ");
    let limits = || {
        let help = "The limit of DS over σ² as σ falls: the mean squared slope along a vector of standard normal \
                    numbers, whether or not there is a derivative.";
        vec![
            line("limit", tiny.clone(), help, "lower", Gap::Overflow, &|report| &report.limit),
            line("off-kinks-limit", format!("{moved}{tiny}"), help, "lower", Gap::Overflow, &|report| {
                &report.off_kinks.limit
            }),
            line("off-kinks-jacobian", format!("{moved}‖J‖²"), squared, "lower", Gap::Overflow, &|report| {
                &report.off_kinks.jacobian
            }),
        ]
    };
    let quotients = || {
        let label = "DS / σ² over ‖J‖²";
        vec![
            aside("quotient", label.into(), &|report| over(&report.limit, &report.jacobian)),
            aside("off-kinks-quotient", format!("{moved}{label}"), &|report| {
                over(&report.off_kinks.limit, &report.off_kinks.jacobian)
            }),
        ]
    };
    let off = |(k, sigma): (usize, f32)| {
        aside("off", format!("DS / σ² over ‖J‖², σ = {sigma}"), &|report| {
            over(&report.noise[k].ds, &report.jacobian)
        })
    };
    Ok(SmoothnessComparison {
        n,
        rows: vec![
            line("jacobian", "‖J‖²".into(), squared, "lower", Gap::Overflow, &|report| &report.jacobian),
            radius("radius-linf", Norm::Linf, &|report| &report.radius_linf),
            radius("radius-l2", Norm::L2, &|report| &report.radius_l2),
        ],
        sigmas: SIGMAS,
        ds: SIGMAS.into_iter().enumerate().map(ds).collect(),
        off: SIGMAS.into_iter().enumerate().map(off).collect(),
        tiny_sigma: TINY_SIGMA,
        moved: MOVE,
        limits: if has_limits { limits() } else { Vec::new() },
        quotients: if has_limits { quotients() } else { Vec::new() },
        cosine: SIGMAS.into_iter().enumerate().map(cosine).collect(),
        steps: STEPS,
        against: (0..STEPS.len()).map(|s| loss((s, 0))).collect(),
        sideways: (0..STEPS.len()).map(|t| loss((0, t))).collect(),
        surfaces: [surface(plain), surface(continuity)],
    })
}
