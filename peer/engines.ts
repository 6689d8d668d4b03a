import { catalogue, findModel } from '../models/catalogue.ts';
import type { ResolvedModel } from '../models/manifest.ts';
import { resolveDefaultDetector, resolveModel } from '../models/resolve.ts';
import { SightlineError } from '../protocol/errors.ts';
import type { ModelSummary } from '../protocol/models.ts';
import type { PeerConfig } from './config.ts';
import { Engine } from './inference/engine.ts';
import { toModelSummary } from './inference/model-summary.ts';
import type { Logger } from './log.ts';

/** The models of this peer. The default one is loaded at the start, others when a session first asks for them. */
export class Engines {
  readonly #config: PeerConfig;
  readonly #log: Logger;
  readonly #defaultId: string;
  readonly #engines = new Map<string, Promise<Engine>>();
  readonly #failed = Promise.withResolvers<string>();
  #closing = false;

  /**
   * Loads the default model. Nothing is downloaded here: that is the set-up's part.
   * @throws SightlineError `model-unknown`, `model-unavailable`, `model-hash-mismatch`, `model-unreadable`,
   * `model-contract-mismatch`
   */
  static async open(config: PeerConfig, log: Logger): Promise<Engines> {
    const options = resolution(config);
    const model =
      config.model === undefined
        ? (await resolveDefaultDetector(options)).model
        : await resolveModel(config.model, options);
    const engines = new Engines(config, log, model.manifest.id);
    const opening = engines.#open(model);
    engines.#engines.set(model.manifest.id, opening);
    await opening;
    return engines;
  }

  private constructor(config: PeerConfig, log: Logger, defaultId: string) {
    this.#config = config;
    this.#log = log;
    this.#defaultId = defaultId;
  }

  /** Resolves with the reason when a model cannot be run any more: every worker of it died again and again. */
  get failed(): Promise<string> {
    return this.#failed.promise;
  }

  /**
   * @param id catalogue id; the default model when left out
   * @throws SightlineError `model-unknown` when the catalogue has no such model, `model-unavailable` when this server
   * cannot load it
   */
  get(id: string = this.#defaultId): Promise<Engine> {
    const present = this.#engines.get(id);
    if (present) return present;
    const opening = this.#load(id);
    this.#engines.set(id, opening);
    opening.catch(() => this.#engines.delete(id));
    return opening;
  }

  async #load(id: string): Promise<Engine> {
    findModel(id);
    try {
      return await this.#open(await resolveModel(id, resolution(this.#config)));
    } catch (error) {
      // The reason names files of this machine: it is for the log, not for the caller.
      this.#log.error({ error, model: id }, 'Model not loaded');
      throw new SightlineError(
        'model-unavailable',
        `Cannot use the model ${id}: this server could not load it`,
      );
    }
  }

  async #open(model: ResolvedModel): Promise<Engine> {
    const { inferenceWorkers: workers, inferenceThreads: threads } = this.#config;
    const engine = await Engine.open({ model, workers, threads, log: this.#log });
    void engine.closed.then((reason) => {
      if (!this.#closing) this.#failed.resolve(`${model.manifest.id}: ${reason}`);
    });
    return engine;
  }

  summaries(): ModelSummary[] {
    return catalogue.map((manifest) =>
      toModelSummary(manifest, {
        loaded: this.#engines.has(manifest.id),
        default: manifest.id === this.#defaultId,
      }),
    );
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const opened of await Promise.allSettled(this.#engines.values())) {
      if (opened.status === 'fulfilled') await opened.value.close();
    }
  }
}

function resolution(config: PeerConfig) {
  return {
    ...(config.modelsDir === undefined ? {} : { directory: config.modelsDir }),
    cacheDir: config.cacheDir,
    download: false,
  };
}
