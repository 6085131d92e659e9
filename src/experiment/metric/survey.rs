//! Metrics of maps over many images.

use super::{Metric, Values};
use crate::experiment::{Gap, SurveyReport};
use crate::saliency::metric::Metric as OfMaps;

/// Why an image has no value. Whether a map is 0 or overflows is not kept, so its image is left out.
fn gap(metric: OfMaps) -> Gap<'static> {
    Gap::LeftOut(match metric {
        OfMaps::RankCorrelation | OfMaps::Randomisation => {
            "on every picture a map is the same everywhere, or overflows"
        }
        OfMaps::Cosine => "on every picture a map is 0, or overflows",
        OfMaps::TopOverlap | OfMaps::Gini | OfMaps::Complexity | OfMaps::Sensitivity => "all maps are 0, or overflow",
        OfMaps::Insertion | OfMaps::Deletion | OfMaps::Pointing => "every map is the same everywhere, or overflows",
        OfMaps::InsertionMatched | OfMaps::DeletionMatched => "no order of pixels, or no temperature will do",
        OfMaps::Mass => "no map has anything for the class",
    })
}

impl SurveyReport {
    /// One metric of maps, which says itself how it is read.
    pub fn metric(metric: OfMaps) -> Metric<Self, OfMaps> {
        let reading = metric.reading();
        let (id, label, help) = (metric.id(), metric.label(), metric.help());
        Metric::new(id, label, reading.unit, reading.better, help, |report, metric| {
            let (_, values) = report.values.iter().find(|(known, _)| *known == metric)?;
            // Ten hits of ten are no certainty, but every resample of them is the same.
            let hits = || values.iter().map(|value| Some((*value)? > 0.5)).collect();
            Some(match metric {
                OfMaps::Pointing => Values::Share(hits(), gap(metric)),
                _ => Values::Mean(values.clone(), gap(metric)),
            })
        })
    }
}
