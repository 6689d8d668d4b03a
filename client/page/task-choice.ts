import type { ModelSummary } from '../../protocol/models.ts';
import { CallError } from '../sdk/call-error.ts';
import type { Server } from '../sdk/server.ts';
import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import type { Settings } from './settings.ts';
import { TaskChips } from './task-chips.ts';
import { TaskFields } from './task-fields.ts';

/** What is looked for: one task, or several at once, and the settings of each. */
export class TaskChoice {
  readonly #section = element('task-section', HTMLElement);
  readonly #settings: Settings;
  readonly #chips: TaskChips;
  readonly #fields: TaskFields;
  readonly #server: () => Server;
  #models: readonly ModelSummary[] = [];

  /** @param server asked anew each time, because the key may have come meanwhile */
  constructor(caller: Caller, settings: Settings, server: () => Server) {
    this.#settings = settings;
    this.#server = server;
    this.#chips = new TaskChips(settings);
    this.#fields = new TaskFields(settings);
    settings.on('change', () => this.#show());
    caller.on('phase', ({ name }) => {
      if (name === 'connected' && this.#models.length === 0) void this.fill();
    });
  }

  /** Asks the server. Without an answer the page works with the default model, so a failure is shown nowhere. */
  async fill(): Promise<void> {
    try {
      this.#models = (await this.#server().models()).filter(({ available }) => available);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return;
    }
    this.#section.hidden = this.#models.length === 0;
    this.#chips.fill(this.#models);
    this.#show();
  }

  #show(): void {
    const chosen = this.#settings.choices.tasks.map(({ model }) =>
      this.#models.find(({ id, default: isDefault }) => (model ? id === model : isDefault)),
    );
    this.#chips.show(chosen);
    this.#fields.show(chosen, this.#models);
  }
}
