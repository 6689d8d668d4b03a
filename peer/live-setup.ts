import type { CurrentSettings, LiveSettings } from '../protocol/session.ts';
import type { LaneSetup } from './pipeline/task-lanes.ts';
import { type Chosen, choose, describe, load, type ModelSource, NOTHING_CHOSEN } from './session-settings.ts';

/** What was chosen for one session, with its models loaded, and the changes to it: one after the other. */
export class LiveSetup {
  readonly #models: ModelSource;
  #chosen: Chosen;
  #current: LaneSetup;
  #changing: Promise<unknown> = Promise.resolve();

  /** @throws SightlineError `tasks-invalid`, `zone-invalid`, `model-unknown`, `model-unavailable` */
  static async open(settings: LiveSettings, models: ModelSource): Promise<LiveSetup> {
    const chosen = choose(NOTHING_CHOSEN, settings);
    return new LiveSetup(models, chosen, await load(chosen, models));
  }

  private constructor(models: ModelSource, chosen: Chosen, current: LaneSetup) {
    this.#models = models;
    this.#chosen = chosen;
    this.#current = current;
  }

  get current(): LaneSetup {
    return this.#current;
  }

  /** Whether a task or an effect needs this model. */
  uses(modelId: string): boolean {
    const used = [...this.#current.tasks, ...this.#current.privacy];
    return used.some(({ engine }) => engine.manifest.id === modelId);
  }

  /**
   * Changes settings without a glitch in the video: models are loaded first. Nothing is changed where something is wrong.
   * @param apply is given the new setup once it is in force
   * @returns the settings as they are from now on
   * @throws SightlineError `tasks-invalid`, `zone-invalid`, `model-unknown`, `model-unavailable`
   */
  change(changes: LiveSettings, apply: (setup: LaneSetup) => void): Promise<CurrentSettings> {
    const changed = this.#changing.then(async () => {
      const chosen = choose(this.#chosen, changes);
      const setup = await load(chosen, this.#models);
      this.#chosen = chosen;
      this.#current = setup;
      apply(setup);
      return this.describe();
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** As clients are told. */
  describe(): CurrentSettings {
    return describe(this.#chosen, this.#current);
  }
}
