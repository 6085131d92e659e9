//! A study that is lost anywhere goes on from its checkpoint, and finds what an undisturbed one finds.

use crate::common::{data, device, everywhere, lively, network, refused, small, stripes};
use semantic_continuity::attack::{Attack, Budget};
use semantic_continuity::data::Data;
use semantic_continuity::error::Code;
use semantic_continuity::experiment::checkpoint::Resumable;
use semantic_continuity::experiment::{
    Change, Condition, Mode, Responding, Response, Robustness, RobustnessPlan, Run, Shots, Smoothing, Smoothness,
    Survey, Surveying, Transfer, Transferring, Trial, randomised,
};
use semantic_continuity::model::{Architecture, Classifier, Weights};
use semantic_continuity::saliency::Method;
use semantic_continuity::seed::{Seed, Stream};
use std::rc::Rc;

fn weights() -> Weights {
    lively(&small(Architecture::SmallCnn, 1), 2, 2.0)
}

fn classifier() -> Classifier {
    let weights = weights();
    Classifier::new(|track| network(&weights, track))
}

/// Enough test images for more than one unit of each pass.
fn pictures() -> Rc<Data> {
    Rc::new(Data { test: stripes(60, 1, 2), ..data(1) })
}

/// Damaged words tried with each study.
const FLIPS: usize = 40;

/// Stops the study that `$begin` begins after every number of units, and goes on with another one from its checkpoint.
/// `$kept` tells how much of the progress a checkpoint keeps.
macro_rules! goes_on {
    ($name:ident, $begin:expr, $kept:expr) => {
        #[everywhere]
        async fn $name() {
            let begin = $begin;
            let mut undisturbed = begin();
            let mut checkpoints = Vec::new();
            while undisturbed.progress().0 < undisturbed.progress().1 {
                checkpoints.push((undisturbed.progress(), undisturbed.checkpoint()));
                undisturbed.advance().await.unwrap();
            }
            assert!(checkpoints.len() > 3, "{} units", checkpoints.len());
            for (progress, checkpoint) in &checkpoints {
                let mut other = begin().resume(checkpoint).unwrap();
                let kept: fn((usize, usize)) -> usize = $kept;
                assert_eq!(other.progress(), (kept(*progress), progress.1));
                // Looking changes nothing.
                assert_eq!(other.checkpoint(), other.checkpoint());
                while other.progress().0 < other.progress().1 {
                    other.advance().await.unwrap();
                }
                assert_eq!(other.report(), undisturbed.report(), "after {progress:?}");
            }
            // What is cut off, lengthened or of other lengths is refused.
            let (_, last) = checkpoints.last().unwrap();
            for cut in (0..last.len()).step_by(1 + last.len() / 50).chain([last.len() - 1]) {
                refused(begin().resume(&last[..cut]).map(drop), Code::NotReady);
            }
            refused(begin().resume(&[&last[..], &[0; 4]].concat()).map(drop), Code::NotReady);
            refused(begin().resume(&[255; 64]).map(drop), Code::NotReady);
            // A damaged word is noticed, or goes on to the end.
            let mut rng = Seed(7).rng(Stream::Order, 0);
            let mut noticed = 0;
            for _ in 0..FLIPS {
                let mut damaged = checkpoints[1 + rng.below(checkpoints.len() - 1)].1.clone();
                let at = 4 * rng.below(damaged.len() / 4);
                let any = rng.uniform(-2.0, 2.0).to_bits();
                let word = [0, 1, 2, 9, 44, 300, u32::MAX - 1, u32::MAX, f32::NAN.to_bits(), any][rng.below(10)];
                damaged[at..at + 4].copy_from_slice(&word.to_le_bytes());
                match begin().resume(&damaged) {
                    Err(error) => {
                        assert_eq!(error.code, Code::NotReady, "{error}");
                        noticed += 1;
                    }
                    Ok(mut other) => {
                        while other.progress().0 < other.progress().1 {
                            other.advance().await.unwrap();
                        }
                    }
                }
            }
            assert!(noticed > FLIPS / 10, "{noticed} of {FLIPS} were noticed");
        }
    };
}

goes_on!(
    attacks,
    || {
        let budget = Budget::linf(0.06);
        let trials =
            [Attack::FGSM, Attack::Square { queries: 150 }, Attack::pgd(3)].map(|attack| Trial::new(attack, budget));
        let plan = RobustnessPlan { trials: trials.to_vec(), images: 60, seed: Seed(1), cumulative: true };
        Robustness::new(pictures(), plan, classifier(), vec![], 3, device()).unwrap()
    },
    |(done, _)| done
);

goes_on!(
    surveys,
    || {
        let change = Change::Perturbation("gaussian:0.3".parse().unwrap());
        let survey = Survey { method: Method::GradientInput, change, images: 5, seed: Seed(1) };
        let classifier = classifier();
        let random = randomised(classifier.network(), Seed(9));
        Surveying::new(pictures(), survey, classifier, random).unwrap()
    },
    |(done, _)| done
);

goes_on!(
    responses,
    || {
        let conditions = ["gaussian:0.2", "shift:1"].map(|text| Condition::Perturbation(text.parse().unwrap()));
        let asked = Response { conditions: conditions.to_vec(), images: 60, seed: Seed(1) };
        Responding::new(pictures(), asked, classifier()).unwrap()
    },
    |(done, _)| done
);

goes_on!(
    gradients,
    || Smoothing::new(pictures(), Smoothness { images: 35, seed: Seed(1) }, classifier()).unwrap(),
    |(done, _)| { done }
);

goes_on!(
    transfers,
    || {
        let (modes, shots) = (vec![Mode::Probe, Mode::Scratch], vec![Shots::Few(2), Shots::ALL]);
        let asked = Transfer { modes, shots, images: 12, steps: 15, seed: Seed(1) };
        Transferring::new(pictures(), asked, &weights(), device()).unwrap()
    },
    // The training of a part is not kept: two slices and one look at the test images.
    |(done, _)| done / 3 * 3
);

fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Two finished trials of no image at all: the second would look for what withstood the first.
#[everywhere]
async fn trials_that_nobody_evaluated_are_refused() {
    let begin = |cumulative| {
        let trial = Trial::new(Attack::FGSM, Budget::linf(0.06));
        let plan = RobustnessPlan { trials: vec![trial; 3], images: 60, seed: Seed(1), cumulative };
        Robustness::new(pictures(), plan, classifier(), vec![], 3, device()).unwrap()
    };
    for cumulative in [true, false] {
        let resumed = |then: &[u32]| begin(cumulative).resume(&bytes(&[&[60][..], &[1; 60], then].concat())).map(drop);
        let (whole, stands) = ([60], [1; 60]);
        let one = [&whole[..], &stands, &[0, 0]].concat();
        resumed(&[0]).unwrap();
        resumed(&[&[1][..], &one].concat()).unwrap();
        for wrong in [
            // How many there are; of each its images, how many answers were not finite, and the longest change.
            vec![2, 0, 0, 0, 0, 0, 0],
            vec![1, 0, 0, 0],
            [&[2, 0, 0, 0][..], &one].concat(),
            [&[1, 60, 2][..], &stands[1..], &[0, 0]].concat(),
            [&[1][..], &whole, &stands, &[61, 0]].concat(),
            [&[1][..], &whole, &stands, &[0, (-1f32).to_bits()]].concat(),
            [&[1][..], &whole, &stands, &[0, f32::NAN.to_bits()]].concat(),
        ] {
            refused(resumed(&wrong), Code::NotReady);
        }
    }
    // What fell has fallen.
    let clean = [&[60, 0][..], &[1; 59], &[1, 60], &[1; 60], &[0, 0]].concat();
    refused(begin(false).resume(&bytes(&clean)).map(drop), Code::NotReady);
}

/// A class that is none, and images B that do not exist, are of another class, or are A itself.
#[everywhere]
async fn answers_that_nobody_gave_are_refused() {
    let begin = || {
        let asked = Response { conditions: vec![], images: 60, seed: Seed(1) };
        Responding::new(pictures(), asked, classifier()).unwrap()
    };
    let mut run = begin();
    run.advance().await.unwrap();
    let words: Vec<u32> =
        run.checkpoint().chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect();
    begin().resume(&bytes(&words)).unwrap();
    let (n, report) = (words[0] as usize, run.report());
    let labels = &pictures().test.labels;
    let other = labels.iter().position(|label| *label != report.labels[0]).unwrap() as u32;
    let same = n + 2;
    assert_eq!(words[same], report.same_class[0] as u32);
    let wrong =
        [(1, 3), (1, 44), (1, 300), (same, 60), (same, u32::MAX), (same, other), (same, report.images[0] as u32)];
    for (at, word) in wrong {
        let mut damaged = words.clone();
        damaged[at] = word;
        refused(begin().resume(&bytes(&damaged)).map(drop), Code::NotReady);
    }
}
