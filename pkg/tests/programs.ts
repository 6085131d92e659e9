// Programs as README.md shows them, with the types of the package as programs find them, by its `exports`. Nothing here
// runs: the stage `scripts` checks its types. A line that must be refused fails where it is not.
import { createTrainer, Engine, LabError, probeWebgpu } from "semantic-continuity-lab";
import type {
  Answer,
  Comparison,
  EngineName,
  Failure,
  Remote,
  Settings,
  Steps,
  Trainer,
} from "semantic-continuity-lab";
import { Widget, type Figure } from "semantic-continuity-lab/elements";
import type {
  Engine as Methods,
  Estimate,
  Info,
  NudgeReply,
  Record as StepRecord,
  Report,
} from "semantic-continuity-lab/engine";
import type * as statistics from "semantic-continuity-lab/statistics";

/** Whether two types are one; `any` is like no other. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_same: Same<A, B>) => {};

export async function train(): Promise<Trainer> {
  const trainer = await createTrainer(
    { dataset: "mnist", alpha: 1, perturbation: "gaussian:0.1", steps: 200 },
    { onBytes: (bytes) => console.log(bytes.toFixed()) },
  );
  while (trainer.step < trainer.settings.steps) {
    const { step, plain, continuity, diverged } = await trainer.trainSteps(20);
    if (diverged) throw new Error(`${diverged.lane} at step ${step}`);
    same<typeof plain, StepRecord[]>(true);
    // @ts-expect-error: before the first step there may be none
    continuity.at(-1).ce;
    console.log(step, plain.at(-1)?.ce, continuity.at(-1)?.ce);
  }
  const { sentence, rows, reports } = await trainer.evaluate();
  same<typeof sentence, string | null>(true);
  same<typeof reports.plain, Report>(true);
  const [row] = rows;
  if (row && "value" in row.plain) same<typeof row.plain, Estimate>(true);
  const attacked = await trainer.attack({
    index: 3,
    attack: { pgd: { steps: 20 } },
    budget: { norm: "linf", epsilon: 0.1 },
  });
  same<(typeof attacked.models)[0]["answer"], Answer>(true);
  const maps = await trainer.saliency({ index: 3, methods: ["gradient", "grad-cam"], class: { chosen: 2 } });
  console.log(maps.models[0]?.maps.length);
  const { plain, continuity } = await trainer.export();
  new Blob([plain, continuity]);
  same<typeof trainer.engine.name, EngineName>(true);
  same<ReturnType<Trainer["trainSteps"]>, Promise<Steps>>(true);

  // @ts-expect-error: no such dataset
  await createTrainer({ dataset: "imagenet" });
  // @ts-expect-error: no such setting
  await createTrainer({ weight: 1 });
  // @ts-expect-error: not a number
  await trainer.trainSteps("20");
  // @ts-expect-error: no such norm
  await trainer.attack({ budget: { norm: "l3", epsilon: 1 } });
  // @ts-expect-error: no such method
  await trainer.saliency({ methods: ["gradients"] });
  // @ts-expect-error: it says how far it is, and is not told
  trainer.step = 3;
  // @ts-expect-error: settings are given once
  trainer.settings = { alpha: 2 };
  // @ts-expect-error: not for programs
  trainer.open();
  trainer.close();
  return trainer;
}

export async function ask(settings: Settings): Promise<Info | undefined> {
  const { available, message, software } = await probeWebgpu();
  same<typeof software, boolean | undefined>(true);
  const name: EngineName = available ? "webgpu" : "cpu";
  const engine = await Engine.open(name);
  await engine.loadData({ ...settings, dataset: "mnist" }, ["train", "test"], (bytes) =>
    console.log(bytes + 1, message),
  );
  await engine.loadWeightsFile("base", "mnist-small-cnn-base.safetensors");
  await engine.validate(settings);
  same<Engine["remote"], Remote<Methods & typeof statistics>>(true);
  const reply = await engine.remote.nudge({ subject: { test: 1 }, perturbation: "gaussian:0.1", seed: 1 });
  same<typeof reply, NudgeReply>(true);
  // Also what an engine answers at once comes when it is its turn.
  same<ReturnType<typeof engine.remote.info>, Promise<Info>>(true);
  same<Awaited<ReturnType<typeof engine.remote.compare>>, statistics.Comparison>(true);
  const comparison: Comparison | undefined = undefined;

  // @ts-expect-error: no such engine
  await Engine.open("gpu");
  // @ts-expect-error: `Engine.open` makes it
  new Engine("cpu");
  // @ts-expect-error: no such half
  await engine.loadData({ dataset: "mnist" }, ["validation"]);
  // @ts-expect-error: no such slot
  await engine.loadWeightsFile("third", "mnist.safetensors");
  // @ts-expect-error: `statistics` says nothing of itself
  engine.info.version;
  // @ts-expect-error: it is told once
  engine.name = "webgpu";
  engine.close();
  console.log(comparison);
  return engine.info;
}

export function said(error: unknown): string {
  if (error instanceof LabError) same<typeof error.code, string>(true);
  const { code, message } = error as Failure;
  return `${code}: ${message}`;
}

export async function show(place: HTMLElement): Promise<boolean> {
  const widget = document.createElement("semantic-continuity-nudge");
  same<typeof widget, Widget>(true);
  widget.setAttribute("dataset", "mnist");
  place.append(widget);
  const figure: Figure = "robustness";
  same<typeof Widget.figure, Figure>(true);
  place.querySelector(`semantic-continuity-${figure}`)?.load();
  // @ts-expect-error: no such figure
  const other: Figure = "nothing";
  // @ts-expect-error: of no element of ours
  document.createElement("semantic-continuity-nothing").load();
  return widget.load();
}
