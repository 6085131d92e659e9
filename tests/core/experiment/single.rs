//! A picture from outside is answered as if it were a test picture.

use crate::common::{data, everywhere, lively, network, refused, small};
use semantic_continuity::attack::{Attack, Budget};
use semantic_continuity::error::Code;
use semantic_continuity::experiment::{Change, Class, example, explain, nudge};
use semantic_continuity::model::{Architecture, Classifier, Track};
use semantic_continuity::saliency::Method;
use semantic_continuity::seed::Seed;

#[everywhere]
async fn nudge_attack_and_saliency_are_those_of_the_same_test_picture() {
    for channels in [1, 3] {
        let data = data(channels);
        // Draws belong to a picture's number, so the picture is the first of both.
        let size = channels * 64;
        let single = data.single(data.test.pixels[..size].to_vec(), data.test.labels[0]).unwrap();
        assert_eq!((single.test.len(), single.train.len()), (1, 0));

        let weights = lively(&small(Architecture::SmallCnn, channels), 2, 2.0);
        let model = network(&weights, Track::Nothing);
        let noise = "gaussian:0.2".parse().unwrap();
        let nudged = nudge(&data, &[&model], 0, &noise, Seed(3)).await.unwrap();
        assert_eq!(nudge(&single, &[&model], 0, &noise, Seed(3)).await.unwrap(), nudged);

        let classifier = Classifier::new(|track| network(&weights, track));
        let (attack, budget) = (Attack::pgd(5), Budget::linf(0.1));
        let attacked = example(&data, &[&classifier], 0, attack, budget, Seed(3)).await.unwrap();
        assert_eq!(example(&single, &[&classifier], 0, attack, budget, Seed(3)).await.unwrap(), attacked);

        let change = Change::Attack { attack, budget };
        let explained = explain(&data, &[&classifier], 0, &Method::ALL, Class::Label, &change, Seed(3)).await.unwrap();
        let found = explain(&single, &[&classifier], 0, &Method::ALL, Class::Label, &change, Seed(3)).await.unwrap();
        assert_eq!(found, explained);
    }
}

#[everywhere]
async fn another_size_or_class_is_refused() {
    let data = data(1);
    let message = refused(data.single(vec![0; 65], 0), Code::InvalidData);
    assert!(message.contains("65") && message.contains("1×8×8"), "{message}");
    refused(data.single(Vec::new(), 0), Code::InvalidData);
    let message = refused(data.single(vec![0; 64], 10), Code::InvalidData);
    assert!(message.contains("10") && message.contains("0 to 9"), "{message}");
    data.single(vec![255; 64], 9).unwrap();
}
