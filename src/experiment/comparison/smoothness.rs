//! The smoothness of two models side by side, and what the theory says of it: see `run::smoothness`.

use super::{Both, Row};
use crate::error::{Code, Error, Result};
use crate::experiment::{Column, MOVE, Metric, Quantity, SIGMAS, STEPS, SmoothnessReport, TINY_SIGMA};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A number of both models that is no contest.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
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

impl Aside {
    fn of<R, At: Copy>(both: &Both<'_, R>, metric: &Metric<R, At>, at: At) -> Option<Self> {
        let [plain, continuity] = both.values(metric, at)?.map(|values| values.quantity(both.seed));
        Some(Self { id: metric.id.to_owned(), label: metric.label(both.plain, at), plain, continuity })
    }
}

/// Two models side by side.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
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
    let same = plain.asked == continuity.asked && plain.images == continuity.images;
    if n == 0 || !(same && sound(plain) && sound(continuity)) {
        return Err(Error::new(Code::InvalidSetting, "The two results are not answers to the same question."));
    }
    let both = Both { plain, continuity, images: n, seed: plain.asked.seed };
    let rows = |metrics: &[Metric<SmoothnessReport>]| -> Vec<Row> {
        metrics.iter().filter_map(|metric| both.row(metric, ())).collect()
    };
    let each = |metric: &Metric<SmoothnessReport, usize>, places: Range<usize>| -> Vec<Row> {
        places.filter_map(|at| both.row(metric, at)).collect()
    };
    // Both directions begin at x, under the name of the first.
    let begin = each(&SmoothnessReport::AGAINST, 0..1);
    let surface = |report: &SmoothnessReport| -> Vec<Vec<Option<f64>>> {
        let total = |losses: &Column| losses[..n].iter().map(|loss| loss.map(f64::from)).sum::<Option<f64>>();
        let average = |losses: &Column| total(losses).map(|total| total / n as f64).filter(|mean| mean.is_finite());
        report.surface.iter().map(|row| row.iter().map(average).collect()).collect()
    };
    Ok(SmoothnessComparison {
        n,
        rows: rows(SmoothnessReport::SLOPES),
        sigmas: SIGMAS,
        ds: each(&SmoothnessReport::DS, 0..SIGMAS.len()),
        off: (0..SIGMAS.len()).filter_map(|at| Aside::of(&both, &SmoothnessReport::OFF, at)).collect(),
        tiny_sigma: TINY_SIGMA,
        moved: MOVE,
        limits: rows(SmoothnessReport::LIMITS),
        quotients: SmoothnessReport::QUOTIENTS.iter().filter_map(|metric| Aside::of(&both, metric, ())).collect(),
        cosine: each(&SmoothnessReport::COSINE, 0..SIGMAS.len()),
        steps: STEPS,
        against: each(&SmoothnessReport::AGAINST, 0..STEPS.len()),
        sideways: [begin, each(&SmoothnessReport::SIDEWAYS, 1..STEPS.len())].concat(),
        surfaces: [surface(plain), surface(continuity)],
    })
}
