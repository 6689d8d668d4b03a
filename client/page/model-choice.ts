import { CallError } from '../sdk/call-error.ts';
import type { Server } from '../sdk/server.ts';
import type { Caller } from './caller.ts';
import { element } from './elements.ts';

/** The list of models, shown where the server has more than one to choose from. */
export class ModelChoice {
  readonly #field = element('model-field', HTMLElement);
  readonly #select = element('model', HTMLSelectElement);
  readonly #server: () => Server;

  /** @param server asked anew each time, because the key may have come meanwhile */
  constructor(caller: Caller, server: () => Server) {
    this.#server = server;
    this.#select.addEventListener('change', () => caller.restart());
    caller.on('phase', ({ name }) => {
      if (name === 'connected' && this.#select.options.length === 0) void this.fill();
    });
  }

  /** The chosen one; the server's default when there is no choice. */
  get model(): string | undefined {
    return this.#select.value || undefined;
  }

  /** Asks the server. Without an answer the page works with the default model, so a failure is shown nowhere. */
  async fill(): Promise<void> {
    try {
      const models = await this.#server().models();
      this.#select.replaceChildren(
        ...models.map(({ id, title, default: isDefault }) => new Option(title, id, isDefault, isDefault)),
      );
      this.#field.hidden = models.length < 2;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
    }
  }
}
