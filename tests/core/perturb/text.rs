//! The text form, limits and impossible pairs.

use crate::common::{everywhere, refused};
use semantic_continuity::error::Code;
use semantic_continuity::perturb::{Component, Kind, Perturbation, Strength};
use semantic_continuity::seed::{Seed, Stream};

#[everywhere]
async fn text_comes_back_as_written() {
    for text in ["gaussian:0.1", "hue:0.5+box-blur:4", "shift:0", "gaussian:0.1+gaussian:0.2+uniform:0.5+contrast:1"] {
        let p: Perturbation = text.parse().unwrap();
        assert_eq!(p.to_string(), text);
        let json = serde_json::to_string(&p).unwrap();
        assert_eq!(json, format!("{text:?}"));
        assert_eq!(serde_json::from_str::<Perturbation>(&json).unwrap(), p);
    }
    assert_eq!(Perturbation::default().to_string(), "gaussian:0.1");
    // Strengths of every size, down to the smallest number there is, whose text must not hold a '+'.
    let mut rng = Seed(1).rng(Stream::Nudge, 0);
    for round in 0..500 {
        let components = (0..1 + rng.below(4))
            .map(|_| {
                let kind = Kind::ALL[rng.below(Kind::ALL.len())];
                let strength = kind.strength().max * rng.uniform(0.0, 1.0).powi(1 + round % 40);
                Component { kind, strength }
            })
            .collect();
        let p = Perturbation { components };
        assert_eq!(p.to_string().parse::<Perturbation>().unwrap(), p);
    }
}

#[everywhere]
async fn hostile_text_is_refused_by_value() {
    let long = "gaussian:0.1+".repeat(100_000);
    for (text, word) in [
        ("", "kind:strength"),
        ("+", "kind:strength"),
        ("gaussian", "gaussian"),
        ("gaussian:", "a number"),
        (":0.1", "one of"),
        ("gaussian:0.1+", "kind:strength"),
        ("gaussian:0.1 ", "0.1 "),
        ("gaussian: 0.1", "a number"),
        ("Gaussian:0.1", "Gaussian"),
        ("fog:0.1", "fog"),
        ("gaussian:NaN", "NaN"),
        ("gaussian:inf", "inf"),
        ("gaussian:-inf", "-inf"),
        ("gaussian:-0.1", "-0.1"),
        ("gaussian:1e40", "inf"),
        ("gaussian:0.6", "0 to 0.5"),
        ("gaussian:0.50001", "0.50001"),
        ("shift:4.1", "0 to 4 px"),
        ("hue:0.51", "of the circle"),
        ("gaussian:0.1:0.2", "0.1:0.2"),
        ("gaussian:0,1", "0,1"),
        ("gaussian:+0.1", "a number"),
        ("gaussian:0.1+uniform:0.1+shift:1+contrast:0.1+hue:0.1", "1 to 4"),
        (&long, "kind:strength"),
    ] {
        let message = refused(text.parse::<Perturbation>(), Code::InvalidSetting);
        assert!(message.contains(word), "{text:.40}: {message:.200}");
        assert!(serde_json::from_value::<Perturbation>(text.into()).is_err());
    }
    refused(Perturbation { components: vec![] }.validate(), Code::InvalidSetting);
}

#[everywhere]
async fn limits_are_inclusive_and_typical_strengths_inside() {
    assert_eq!(Strength::all().len(), Kind::ALL.len());
    for &kind in Kind::ALL {
        let Strength { max, typical, .. } = kind.strength();
        assert!(0.0 < typical && typical < max);
        for strength in [0.0, typical, max] {
            Perturbation::single(kind, strength).validate().unwrap();
        }
        for strength in [-f32::MIN_POSITIVE, max * 1.0001, f32::NAN, f32::INFINITY] {
            let message = refused(Perturbation::single(kind, strength).validate(), Code::InvalidSetting);
            assert!(message.contains(&format!("0 to {max}")) && message.contains(kind.label()), "{message}");
        }
    }
}

#[everywhere]
async fn saturation_and_hue_are_refused_on_grey() {
    for &kind in Kind::ALL {
        let p = Perturbation::single(kind, 0.1);
        p.check_channels(3).unwrap();
        if matches!(kind, Kind::Saturation | Kind::Hue) {
            let message = refused(p.check_channels(1), Code::PerturbationNeedsColor);
            assert!(message.contains(kind.label()), "{message}");
        } else {
            p.check_channels(1).unwrap();
        }
    }
    let mixture: Perturbation = "gaussian:0.1+hue:0.1".parse().unwrap();
    refused(mixture.check_channels(1), Code::PerturbationNeedsColor);
}
