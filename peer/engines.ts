import { EventEmitter } from 'node:events';
import { isAtHand } from '../models/at-hand.ts';
import { catalogue, findModel } from '../models/catalogue.ts';
import type { ModelManifest, ResolvedModel } from '../models/manifest.ts';
import { findOwnModels } from '../models/own-models.ts';
import { resolveDefaultDetector, resolveModel } from '../models/resolve.ts';
import type { ResolveOptions } from '../models/sources.ts';
import { SightlineError } from '../protocol/errors.ts';
import type { ModelSummary } from '../protocol/models.ts';
import type { Task } from '../protocol/tasks.ts';
import type { PeerConfig } from './config.ts';
import { Engine } from './inference/engine.ts';
import { type RemoteCounters, sumOf } from './inference/kserve/remote-counters.ts';
import { toModelSummary } from './inference/model-summary.ts';
import { localCpu } from './inference/placement.ts';
import type { Logger } from './log.ts';

export interface EnginesEvents {
  /** A model was loaded when a session first asked for it. */
  loaded: [id: string];
  /** What runs a model has changed. */
  placed: [id: string];
  /** A model cannot be run any more: every worker of it died again and again. The next session loads it anew. */
  lost: [id: string, reason: string];
}

/** What of the configuration concerns models. */
export type EnginesConfig = Pick<
  PeerConfig,
  'modelsDir' | 'cacheDir' | 'model' | 'inferenceWorkers' | 'inferenceThreads'
> &
  Partial<Pick<PeerConfig, 'inferenceBackend'>>;

/** The models of this peer. The default one is loaded at the start, others when a session first asks for them. */
export class Engines extends EventEmitter<EnginesEvents> {
  /** Catalogue id of the model that a session gets that names none. */
  readonly defaultId: string;
  readonly #config: EnginesConfig;
  readonly #log: Logger;
  /** The catalogue, and after it the models that the operator's folder has manifests for. */
  readonly #manifests: readonly ModelManifest[];
  /** Ids of the models that need no download. Looked up once: what is put there later counts after a restart. */
  readonly #available: ReadonlySet<string>;
  readonly #opening = new Map<string, Promise<Engine>>();
  readonly #loaded = new Map<string, Engine>();
  #closing = false;

  /**
   * Loads the default model. Nothing is downloaded here: that is the set-up's part.
   * @throws SightlineError `model-unknown`, `model-unavailable`, `model-hash-mismatch`, `model-unreadable`,
   * `model-contract-mismatch`
   */
  static async open(config: EnginesConfig, log: Logger): Promise<Engines> {
    const options = resolution(config);
    const model =
      config.model === undefined
        ? (await resolveDefaultDetector(options)).model
        : await resolveModel(config.model, options);
    const own = await ownManifests(options, log);
    const available = new Set([...(await idsAtHand(options)), ...own.map(({ id }) => id)]);
    const engines = new Engines(config, log, model.manifest.id, {
      manifests: [...catalogue, ...own],
      available,
    });
    await engines.#keep(model.manifest.id, engines.#open(model));
    return engines;
  }

  private constructor(
    config: EnginesConfig,
    log: Logger,
    defaultId: string,
    { manifests, available }: { manifests: readonly ModelManifest[]; available: ReadonlySet<string> },
  ) {
    super();
    // Every session listens for the loss of its models.
    this.setMaxListeners(0);
    this.#config = config;
    this.#log = log;
    this.defaultId = defaultId;
    this.#manifests = manifests;
    this.#available = available;
  }

  /**
   * @param id catalogue id; the default model when left out
   * @throws SightlineError `model-unknown` when the catalogue has no such model, `model-unavailable` when this server
   * cannot load it
   */
  get(id: string = this.defaultId): Promise<Engine> {
    return this.#opening.get(id) ?? this.#keep(id, this.#load(id));
  }

  /**
   * The best model of a task that needs no download: the default one where it does that task.
   * @throws SightlineError `model-unavailable`
   */
  idFor(task: Task): string {
    const fitting = this.summaries().filter((model) => model.task === task);
    const best = fitting.find((model) => model.default) ?? fitting.find(({ available }) => available);
    if (best) return best.id;
    const known = fitting.map(({ id }) => id).join(', ') || 'none in the catalogue';
    throw new SightlineError(
      'model-unavailable',
      `Cannot do the task ${task}: expected the weights of one of its models, found those of none (${known})`,
    );
  }

  /** One opening serves all who ask meanwhile; after one that failed, the next who asks tries again. */
  async #keep(id: string, opening: Promise<Engine>): Promise<Engine> {
    this.#opening.set(id, opening);
    try {
      const engine = await opening;
      void engine.closed.then((reason) => this.#onClosed(id, reason));
      this.#loaded.set(id, engine);
      this.emit('loaded', id);
      return engine;
    } catch (error) {
      this.#opening.delete(id);
      throw error;
    }
  }

  #onClosed(id: string, reason: string): void {
    this.#opening.delete(id);
    this.#loaded.delete(id);
    if (this.#closing) return;
    this.#log.error({ model: id, reason }, 'Model lost');
    this.emit('lost', id, reason);
  }

  async #load(id: string): Promise<Engine> {
    if (!this.#manifests.some((manifest) => manifest.id === id)) findModel(id);
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

  #open(model: ResolvedModel): Promise<Engine> {
    const {
      inferenceWorkers: workers,
      inferenceThreads: threads,
      inferenceBackend: backend = localCpu,
    } = this.#config;
    const onPlaced = () => this.emit('placed', model.manifest.id);
    return Engine.open({ model, workers, threads, backend, onPlaced, log: this.#log });
  }

  /** The whole catalogue and the operator's own models, with what this peer has of them now. */
  summaries(): ModelSummary[] {
    return this.#manifests.map((manifest) => {
      const engine = this.#loaded.get(manifest.id);
      return toModelSummary(manifest, {
        available: this.#available.has(manifest.id) || engine !== undefined,
        loaded: engine !== undefined,
        default: manifest.id === this.defaultId,
        ...(engine && { runsOn: engine.runsOn }),
      });
    });
  }

  /** What became of the runs that were meant for an inference server; undefined where there is none. */
  get remoteRuns(): RemoteCounters | undefined {
    if (this.#config.inferenceBackend?.kserve === undefined) return undefined;
    return sumOf([...this.#loaded.values()].map((engine) => engine.stats().remote));
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const opened of await Promise.allSettled(this.#opening.values())) {
      if (opened.status === 'fulfilled') await opened.value.close();
    }
  }
}

/** Those of the operator's own models that can be used; why another one cannot is for the log. */
async function ownManifests({ directory }: ResolveOptions, log: Logger): Promise<ModelManifest[]> {
  const { models, refused } = await findOwnModels(directory);
  for (const { folder, error } of refused) {
    log.warn({ folder, code: error.code, reason: error.message }, 'Own model left out');
  }
  return models.map(({ manifest }) => manifest);
}

async function idsAtHand(options: ResolveOptions): Promise<ReadonlySet<string>> {
  const atHand = await Promise.all(catalogue.map((manifest) => isAtHand(manifest, options)));
  return new Set(catalogue.filter((_, index) => atHand[index]).map(({ id }) => id));
}

function resolution(config: EnginesConfig): ResolveOptions {
  return {
    ...(config.modelsDir === undefined ? {} : { directory: config.modelsDir }),
    cacheDir: config.cacheDir,
    download: false,
  };
}
