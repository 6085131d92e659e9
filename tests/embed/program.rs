//! The API, from a host's own script.

use serde::Deserialize;
use serde_json::json;

use crate::host::{cdn, host, visit, workers};

#[derive(Debug, Deserialize)]
struct Session {
    made: [usize; 3],
    rows: usize,
    sentence: String,
    changed: [f64; 2],
    map: usize,
    safetensors: [usize; 2],
    strange: String,
    wrong: String,
    foreign: String,
    nothing: String,
    none: String,
    closed: String,
}

/// Trains a few steps and asks for everything else.
const SESSION: &str = "
    const { createTrainer } = await import(arguments[0] + 'api.js');
    const settings = { dataset: 'mnist', steps: 8, batch: 16, eval_images: 20, engine: 'cpu' };
    const code = (promise) => promise.then(() => 'none', (error) => error.code);
    const trainer = await createTrainer(settings);
    const first = await trainer.trainSteps(3);
    const second = await trainer.trainSteps(100);
    const { rows, sentence } = await trainer.evaluate();
    const attacked = await trainer.attack({ index: 3, attack: { pgd: { steps: 5 } } });
    const explained = await trainer.saliency({ index: 3, methods: ['gradient'] });
    const weights = await trainer.export();
    const none = await trainer.trainSteps(NaN).catch((error) => error instanceof Error && error.code);
    window.before = workers.filter((worker) => !worker.ended).length;
    trainer.close();
    return {
        made: [first.plain.length, second.continuity.length, second.step], rows: rows.length, sentence,
        changed: attacked.models.map(({ linf }) => linf),
        map: explained.models[1].maps[0].before.values.length,
        safetensors: [weights.plain.length, weights.continuity.length],
        strange: await code(createTrainer({ ...settings, nonsense: 1 })),
        wrong: await code(createTrainer({ ...settings, steps: -1 })),
        foreign: await code(createTrainer({ ...settings, dataset: 'cifar10' })),
        nothing: await code(createTrainer(null)),
        none, closed: await code(trainer.trainSteps(1)),
    };";

fn check(workers_from: &str, engines: usize) {
    let cdn = cdn();
    let tolerated: &[&str] = if engines == 0 { &["worker-src", "Content Security Policy"] } else { &[] };
    visit(host(&cdn, workers_from)).tolerating(tolerated).run(async |page| {
        page.visit("blank.html").await?;
        let session: Session = page.run_async(SESSION, vec![json!(cdn.address)]).await?;
        println!("{session:?}");
        assert_eq!(session.made, [3, 5, 8]);
        assert_eq!(session.rows, 7);
        assert!(session.sentence.len() > 20, "{}", session.sentence);
        for change in session.changed {
            assert!((0.0..=25.0 / 255.0 + 1e-6).contains(&change), "{change}");
        }
        assert_eq!(session.map, 28 * 28);
        assert!(session.safetensors.iter().all(|&bytes| bytes > 100_000), "{:?}", session.safetensors);
        assert_eq!(
            [&session.strange, &session.wrong, &session.foreign, &session.nothing, &session.none],
            ["invalid-setting"; 5]
        );
        assert_eq!(session.closed, "closed");
        assert_eq!(page.get::<usize>("before").await?, engines, "two lanes, single pictures, statistics");
        page.wait("the end of all workers", 10, "workers.every((worker) => worker.ended)").await?;
        assert_eq!(workers(page).await?, 0);
        Ok(())
    });
}

#[test]
fn a_program_trains_evaluates_attacks_explains_and_exports() {
    check("blob:", 4);
}

#[test]
fn a_program_does_so_without_workers() {
    check("'none'", 0);
}
