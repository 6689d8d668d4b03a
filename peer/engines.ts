import { catalogue, findModel } from '../models/catalogue.ts';
import { resolveDefaultDetector, resolveModel } from '../models/resolve.ts';
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
    const { inferenceWorkers: workers, inferenceThreads: threads } = config;
    const opening = Engine.open({ model, workers, threads, log });
    engines.#engines.set(model.manifest.id, opening);
    await opening;
    return engines;
  }

  private constructor(config: PeerConfig, log: Logger, defaultId: string) {
    this.#config = config;
    this.#log = log;
    this.#defaultId = defaultId;
  }

  /**
   * @param id catalogue id; the default model when left out
   * @throws SightlineError `model-unknown` when the catalogue has no such model, and what loading it throws
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
    const model = await resolveModel(id, resolution(this.#config));
    const { inferenceWorkers: workers, inferenceThreads: threads } = this.#config;
    return Engine.open({ model, workers, threads, log: this.#log });
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
    const opened = await Promise.allSettled(this.#engines.values());
    await Promise.all(
      opened.map((engine) => (engine.status === 'fulfilled' ? engine.value.close() : undefined)),
    );
  }
}

function resolution(config: PeerConfig) {
  return {
    ...(config.modelsDir === undefined ? {} : { directory: config.modelsDir }),
    cacheDir: config.cacheDir,
    download: false,
  };
}
