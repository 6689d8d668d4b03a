import { Worker } from 'node:worker_threads';
import type {
  CommandName,
  Direction,
  Endpoint,
  LinkCommands,
  LinkOptions,
  Reply,
  Stretch,
} from './commands.ts';
import type { Impairment } from './impairment.ts';
import type { DirectionStats } from './link-stats.ts';

/**
 * A network path of a chosen quality for UDP on this machine. It runs in a thread of its own, so that a busy test does
 * not disturb its timing; packets are handed on within about a millisecond of when they are due.
 */
export class Link implements AsyncDisposable {
  readonly #thread: Worker;
  readonly #asked = new Map<number, { resolve(output: unknown): void; reject(error: unknown): void }>();
  #lastId = 0;
  /** Why the thread is no more. */
  #over: unknown;
  #closing: Promise<void> | undefined;

  /** @throws RangeError where an impairment makes no sense */
  static async open(options: LinkOptions = {}): Promise<Link> {
    const link = new Link(options);
    await link.stats();
    return link;
  }

  private constructor(options: LinkOptions) {
    this.#thread = new Worker(new URL('./link-thread.ts', import.meta.url), { workerData: options });
    this.#thread.on('message', ({ id, output, error }: Reply) => {
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (error === undefined) asked?.resolve(output);
      else asked?.reject(error);
    });
    this.#thread.on('error', (error) => this.#abandon(error));
    this.#thread.on('exit', () => this.#abandon(new Error('The link was closed')));
  }

  /** A UDP port that leads over this link to the given one; the target sees each sender as a port of its own. */
  relay(target: Endpoint): Promise<Endpoint> {
    return this.#ask('relay', target);
  }

  /** Changes what is named, from the next packet on; a rate holds at once. */
  async set(direction: Direction, change: Impairment): Promise<void> {
    await this.#ask('set', { direction, change });
  }

  /**
   * Drops everything for a while, now or later. A second outage of the same direction replaces the first.
   * @returns once it is over: when it was
   */
  outage(
    lastsMs: number,
    {
      afterMs = 0,
      directions = ['up', 'down'],
    }: { afterMs?: number; directions?: readonly Direction[] } = {},
  ): Promise<Stretch> {
    return this.#ask('outage', { afterMs, lastsMs, directions });
  }

  stats(): Promise<Record<Direction, DirectionStats>> {
    return this.#ask('stats', undefined);
  }

  /** Closes the sockets and ends the thread; what was on its way is lost. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#ask('close', undefined);
    await this.#thread.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask<Name extends CommandName>(
    name: Name,
    input: LinkCommands[Name]['input'],
  ): Promise<LinkCommands[Name]['output']> {
    if (this.#over) return Promise.reject(this.#over);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve: (output) => resolve(output as LinkCommands[Name]['output']), reject });
      this.#thread.postMessage({ id, name, input });
    });
  }

  #abandon(error: unknown): void {
    this.#over ??= error;
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}
