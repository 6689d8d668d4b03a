import type { Call } from '../sdk/call.ts';
import { CallError } from '../sdk/call-error.ts';
import type { Caller } from './caller.ts';
import { type Choices, type Settings, wireChanges } from './settings.ts';

/**
 * Tells the server of each change while a call is up. One change is on its way at a time; of those that come meanwhile
 * only the newest is sent. What the server refuses is taken back.
 */
export class LiveChanges {
  readonly #settings: Settings;
  readonly #refused: (error: CallError) => void;
  #call: Call | null = null;
  /** What the call began with, or the server took last. */
  #taken: Choices;
  #sending = false;

  /** @param refused told why a change was taken back */
  constructor(caller: Pick<Caller, 'on'>, settings: Settings, refused: (error: CallError) => void) {
    this.#settings = settings;
    this.#refused = refused;
    this.#taken = settings.choices;
    caller.on('call', (call) => {
      this.#call = call;
      if (call) void this.#send();
    });
    // What is chosen while the offer is under way is sent with the first change after it.
    caller.on('phase', ({ name }) => {
      if (name === 'calling') this.#taken = settings.choices;
    });
    settings.on('change', () => void this.#send());
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#call && this.#settings.choices !== this.#taken) await this.#sendTo(this.#call);
    this.#sending = false;
  }

  async #sendTo(call: Call): Promise<void> {
    const wanted = this.#settings.choices;
    try {
      await call.configure(wireChanges(this.#taken, wanted));
      if (this.#call === call) this.#taken = wanted;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (this.#call !== call) return; // the next call begins with what is wanted
      const unchanged = this.#settings.choices === wanted;
      if (!unchanged) return; // something newer is wanted, and sent next
      this.#settings.change(this.#taken);
      this.#taken = this.#settings.choices;
      this.#refused(error);
    }
  }
}
