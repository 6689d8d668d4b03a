import { loadCodecs } from '../../peer/codec/load-codecs.ts';
import type { PeerConfig } from '../../peer/config.ts';
import { Engines } from '../../peer/engines.ts';
import type { Engine } from '../../peer/inference/engine.ts';
import { createLogger } from '../../peer/log.ts';
import type { DetectedObject } from '../../protocol/detections.ts';
import { UsageError } from '../command.ts';
import { Follower } from './follower.ts';
import { openPictures } from './inputs/open-pictures.ts';
import type { Pictures } from './inputs/pictures.ts';
import { Looker } from './looker.ts';
import { chooseModel } from './model-choice.ts';
import type { InferOptions } from './options.ts';
import { expectSavable, openSinks } from './outputs/open-sinks.ts';
import type { Sink } from './outputs/sink.ts';
import { Pipeline } from './pipeline.ts';
import { Progress } from './progress.ts';
import { type Summary, Tally } from './summary.ts';

/** Pictures that wait for their result, beside the two that each worker holds. */
const SPARE = 2;

/** One run of `sightline infer`, from the model to the ends of the files. */
export class InferRun {
  readonly #options: InferOptions;
  readonly #abort = new AbortController();
  readonly #tally = new Tally();
  #pictures: Pictures | undefined;

  constructor(options: InferOptions) {
    this.#options = options;
  }

  /** Ends reading; what is on its way is written. */
  interrupt(): void {
    this.#abort.abort();
    void this.#pictures?.close();
  }

  /** What was found in a picture that stands alone. */
  get lastOfStill(): readonly DetectedObject[] | undefined {
    return this.#pictures?.kind === 'still' ? this.#tally.last : undefined;
  }

  /** @throws SightlineError, UsageError */
  async run(config: PeerConfig): Promise<Summary> {
    const log = createLogger(config.logLevel, 'infer');
    const codecs = await loadCodecs(config.codec, log);
    await using pictures = await openPictures(this.#options.input, codecs, this.#abort.signal);
    this.#pictures = pictures;
    await expectSavable(this.#options, pictures);
    const engines = await this.#openEngines(config, log);
    try {
      const engine = await engines.get();
      this.#expectFitting(engine);
      const sinks = await openSinks(this.#options, { pictures, manifest: engine.manifest, codecs });
      const looker = new Looker(engine, codecs);
      try {
        return await this.#through({ pictures, engine, looker, sinks, workers: config.inferenceWorkers });
      } finally {
        await looker.close();
        await Promise.allSettled(sinks.map((sink) => sink.close()));
      }
    } finally {
      await engines.close();
    }
  }

  async #openEngines(config: PeerConfig, log: ReturnType<typeof createLogger>): Promise<Engines> {
    const { modelsDir, cacheDir } = config;
    const model = await chooseModel(this.#options, {
      ...(modelsDir !== undefined && { directory: modelsDir }),
      cacheDir,
      download: false,
      preferred: config.model,
    });
    return Engines.open({ ...config, model }, log);
  }

  #expectFitting({ manifest }: Engine): void {
    const { task, classes = [] } = this.#options;
    if (task !== undefined && manifest.task !== task) {
      throw new UsageError(
        `Cannot use ${manifest.id}: expected a model of the task ${task}, found ${manifest.task}`,
      );
    }
    const unknown = classes.filter((label) => !manifest.labels.includes(label));
    if (unknown.length === 0) return;
    const known = manifest.labels.length > 1 ? ` (such as ${manifest.labels.slice(0, 3).join(', ')})` : '';
    throw new UsageError(
      `Cannot use --classes: expected labels of ${manifest.id}${known}, found ${unknown.join(', ')}`,
    );
  }

  async #through(of: {
    pictures: Pictures;
    engine: Engine;
    looker: Looker;
    sinks: readonly Sink[];
    workers: number;
  }): Promise<Summary> {
    const { pictures, sinks, looker, engine } = of;
    const { quiet, threshold, classes, every } = this.#options;
    const { manifest } = engine;
    const startedAt = performance.now();
    const terminal = quiet ? { write: () => true, isTTY: false } : process.stderr;
    const progress = new Progress(terminal, { label: pictures.label, total: pictures.count }, startedAt);
    const wanted = { threshold: threshold ?? manifest.threshold, classes };
    const pipeline = new Pipeline({
      pictures,
      looker,
      follower: new Follower(manifest.task, wanted, pictures.kind === 'film'),
      task: manifest.task,
      every: pictures.kind === 'film' ? every : 1,
      sinks,
      ahead: 2 * of.workers + SPARE,
      onView: (view) => {
        this.#tally.add(view);
        progress.update(this.#tally.frames, performance.now());
      },
      onRefused: (refused) => this.#tally.refuse(refused),
    });
    try {
      await pipeline.run();
    } finally {
      progress.end();
      // What was written until then is worth having, whatever came between.
      await finishAll(sinks);
    }
    return this.#tally.summary({
      input: pictures.label,
      task: manifest.task,
      model: manifest.id,
      seconds: Math.round(performance.now() - startedAt) / 1000,
      interrupted: this.#abort.signal.aborted,
    });
  }
}

/** All of them, then the first error. */
async function finishAll(sinks: readonly Sink[]): Promise<void> {
  const ends = await Promise.allSettled(sinks.map((sink) => sink.finish()));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
