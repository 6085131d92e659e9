//! A study that is lost anywhere goes on from its checkpoint, and finds what an undisturbed one finds.

use crate::common::{data, device, everywhere, lively, network, refused, small, stripes};
use semantic_continuity::attack::{Attack, Budget, Victim};
use semantic_continuity::data::Data;
use semantic_continuity::error::Code;
use semantic_continuity::experiment::checkpoint::Resumable;
use semantic_continuity::experiment::{
    Change, Condition, Mode, Plan, Responding, Response, Robustness, Shots, Smoothing, Smoothness, Survey, Surveying,
    Transfer, Transferring, Trial, randomised,
};
use semantic_continuity::model::{Architecture, Weights};
use semantic_continuity::saliency::Method;
use semantic_continuity::seed::Seed;
use std::rc::Rc;

fn weights() -> Weights {
    lively(&small(Architecture::SmallCnn, 1), 2, 2.0)
}

fn victim() -> Victim {
    let weights = weights();
    Victim::new(|track| network(&weights, track))
}

/// Enough test images for more than one unit of each pass.
fn pictures() -> Rc<Data> {
    Rc::new(Data { test: stripes(60, 1, 2), ..data(1) })
}

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
        }
    };
}

goes_on!(
    attacks,
    || {
        let budget = Budget::linf(0.06);
        let trials =
            [Attack::FGSM, Attack::Square { queries: 150 }, Attack::pgd(3)].map(|attack| Trial::new(attack, budget));
        let plan = Plan { trials: trials.to_vec(), images: 60, seed: Seed(1), cumulative: true };
        Robustness::new(pictures(), plan, victim(), vec![], 3, device()).unwrap()
    },
    |(done, _)| done
);

goes_on!(
    surveys,
    || {
        let change = Change::Perturbation("gaussian:0.3".parse().unwrap());
        let survey = Survey { method: Method::GradientInput, change, images: 5, seed: Seed(1) };
        let victim = victim();
        let random = randomised(victim.network(), Seed(9));
        Surveying::new(pictures(), survey, victim, random).unwrap()
    },
    |(done, _)| done
);

goes_on!(
    responses,
    || {
        let conditions = ["gaussian:0.2", "shift:1"].map(|text| Condition::Perturbation(text.parse().unwrap()));
        let asked = Response { conditions: conditions.to_vec(), images: 60, seed: Seed(1) };
        Responding::new(pictures(), asked, victim()).unwrap()
    },
    |(done, _)| done
);

goes_on!(gradients, || Smoothing::new(pictures(), Smoothness { images: 35, seed: Seed(1) }, victim()).unwrap(), |(
    done,
    _,
)| {
    done
});

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
