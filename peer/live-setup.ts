import { EventEmitter } from 'node:events';
import { SightlineError } from '../protocol/errors.ts';
import type { CurrentSettings, LiveSettings } from '../protocol/session.ts';
import { systemClock } from './inference/clock.ts';
import { ModelReload } from './inference/model-reload.ts';
import type { LaneSetup } from './pipeline/task-lanes.ts';
import { type Chosen, choose, describe, load, type ModelSource, NOTHING_CHOSEN } from './session-settings.ts';

/** Changes of one session that may wait for the one before: a slider that is dragged makes some ten a second. */
const MAX_WAITING = 32;

export interface LiveSetupEvents {
  /** This is in force from now on; its models are loaded. */
  changed: [setup: LaneSetup];
}

/** Where models come from, and word of those that were lost. */
export interface LiveModels extends ModelSource {
  on(event: 'lost', listener: (id: string) => void): unknown;
  off(event: 'lost', listener: (id: string) => void): unknown;
}

/**
 * What was chosen for one session, with its models loaded, and the changes to it: one after the other. A model that is
 * lost is loaded anew; until then the video goes on without it.
 */
export class LiveSetup extends EventEmitter<LiveSetupEvents> {
  readonly #models: LiveModels;
  readonly #reload = new ModelReload({ clock: systemClock, reload: () => this.change({}) });
  #chosen: Chosen;
  #current: LaneSetup;
  #changing: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  /** @throws SightlineError `tasks-invalid`, `zone-invalid`, `model-unknown`, `model-unavailable` */
  static async open(settings: LiveSettings, models: LiveModels): Promise<LiveSetup> {
    const chosen = choose(NOTHING_CHOSEN, settings);
    return new LiveSetup(models, chosen, await load(chosen, models));
  }

  private constructor(models: LiveModels, chosen: Chosen, current: LaneSetup) {
    super();
    this.#models = models;
    this.#chosen = chosen;
    this.#current = current;
    models.on('lost', this.#onLost);
  }

  get current(): LaneSetup {
    return this.#current;
  }

  readonly #onLost = (modelId: string): void => {
    const used = [...this.#current.tasks, ...this.#current.privacy];
    if (used.some(({ engine }) => engine.manifest.id === modelId)) this.#reload.lost();
  };

  /**
   * Changes settings without a glitch in the video: models are loaded first. Nothing is changed where something is wrong.
   * @returns the settings as they are from now on
   * @throws SightlineError `tasks-invalid`, `zone-invalid`, `model-unknown`, `model-unavailable`, `settings-busy`
   */
  async change(changes: LiveSettings): Promise<CurrentSettings> {
    if (this.#waiting >= MAX_WAITING) {
      const message = `Cannot change the settings: expected at most ${MAX_WAITING} changes to wait, found as many`;
      throw new SightlineError('settings-busy', message, { retryAfterSeconds: 1 });
    }
    this.#waiting++;
    try {
      return await this.#inTurn(changes);
    } finally {
      this.#waiting--;
    }
  }

  #inTurn(changes: LiveSettings): Promise<CurrentSettings> {
    const changed = this.#changing.then(async () => {
      const chosen = choose(this.#chosen, changes);
      const setup = await load(chosen, this.#models);
      this.#chosen = chosen;
      this.#current = setup;
      if (!this.#closed) this.emit('changed', setup);
      return this.describe();
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** As clients are told. */
  describe(): CurrentSettings {
    return describe(this.#chosen, this.#current);
  }

  /** Idempotent. Nobody is told of changes any more, and no model is loaded anew. */
  close(): void {
    this.#closed = true;
    this.#models.off('lost', this.#onLost);
    this.#reload.close();
    this.removeAllListeners();
  }
}
