import type { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';
import type { Reply } from '../../protocol/peers.ts';
import { fromProblem } from '../../protocol/problem.ts';

/** One kind of call on a media peer. */
export interface PeerCall<T> {
  /** What is attempted, for messages: `answer the offer`. */
  readonly what: string;
  readonly reply: z.ZodType<Reply<T>>;
  /** Sends the call; `acknowledge` takes whatever the peer answers. */
  readonly send: (acknowledge: (reply: unknown) => void) => void;
  /** Told when the peer answers after the caller gave up. */
  readonly onLateReply?: () => void;
}

/**
 * The calls that wait for one media peer. Each ends exactly once: with the validated reply, with the problem that the
 * peer answered, with `peer-timeout` after `timeoutMs`, or with `peer-lost` as soon as the peer goes away.
 */
export class PeerCalls {
  readonly #peerId: string;
  readonly #timeoutMs: number;
  readonly #waiting = new Set<(error: SightlineError) => void>();
  #closed: SightlineError | undefined;

  constructor(peerId: string, timeoutMs: number) {
    this.#peerId = peerId;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Makes a call and waits for its end.
   *
   * @throws {SightlineError} see the class; `internal` when the reply does not follow the protocol
   */
  call<T>({ what, reply, send, onLateReply }: PeerCall<T>): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const fail = (error: SightlineError) => {
      clearTimeout(timer);
      this.#waiting.delete(fail);
      reject(error);
    };
    const timer = setTimeout(() => fail(this.#timedOut(what)), this.#timeoutMs);
    this.#waiting.add(fail);
    send((raw) => {
      if (!this.#waiting.delete(fail)) return onLateReply?.();
      clearTimeout(timer);
      const outcome = this.#read(what, reply, raw);
      if (outcome instanceof SightlineError) reject(outcome);
      else resolve(outcome.value);
    });
    return promise;
  }

  /** Ends every waiting call, and every later one, with `peer-lost`. Does nothing the second time. */
  close(reason: string): void {
    if (this.#closed !== undefined) return;
    const lost = new SightlineError('peer-lost', `Media peer ${this.#peerId} went away: ${reason}`, {
      retryAfterSeconds: 1,
    });
    this.#closed = lost;
    for (const fail of this.#waiting) fail(lost);
  }

  #read<T>(what: string, schema: z.ZodType<Reply<T>>, raw: unknown): { value: T } | SightlineError {
    const { success, data: reply, error } = schema.safeParse(raw);
    if (!success) {
      const message = `Media peer ${this.#peerId} was asked to ${what} and gave a reply outside the protocol`;
      return new SightlineError('internal', message, { cause: error });
    }
    return reply.ok ? { value: reply.value } : fromProblem(reply.problem);
  }

  #timedOut(what: string): SightlineError {
    return new SightlineError(
      'peer-timeout',
      `Media peer ${this.#peerId} was asked to ${what}: expected a reply within ${this.#timeoutMs} ms, found none`,
      { retryAfterSeconds: 1 },
    );
  }
}
