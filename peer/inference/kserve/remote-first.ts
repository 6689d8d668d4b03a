import { SightlineError } from '../../../protocol/errors.ts';
import type { HeadOutputs } from '../../vision/heads/index.ts';
import type { TensorData } from '../../vision/tensor.ts';
import { type Clock, systemClock } from '../clock.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { RemoteCounters } from './remote-counters.ts';
import type { RemoteModel } from './remote-model.ts';
import { RetryBudget } from './retry-budget.ts';

export interface RemoteFirstOptions {
  /** Closed with this. */
  readonly model: RemoteModel;
  /** Milliseconds that a run may take, its retries included. */
  readonly timeoutMs: number;
  /** Values of some picture, for trials; kept and never written to. */
  readonly blank: TensorData;
  /** Added to. */
  readonly counters: RemoteCounters;
  /** The runs have moved: to the server, or away from it, and then why in words. */
  readonly onMoved: (away: string | undefined) => void;
  readonly clock?: Clock;
}

/** Of one run; all of them together have a budget. */
const MAX_RETRIES = 2;

const counterOf = {
  'backend-timeout': 'timeouts',
  'backend-failed': 'failures',
  'backend-invalid': 'invalid',
} as const;

/**
 * Lets a server run a model while it answers in time and in sense. A run that fails is left to this machine; after two in
 * a row all are, until a trial with a picture of nobody's, in the background, goes well.
 */
export class RemoteFirst {
  readonly #options: RemoteFirstOptions;
  readonly #clock: Clock;
  readonly #breaker = new CircuitBreaker();
  readonly #budget = new RetryBudget();
  #cancelTrial: (() => void) | undefined;
  #closed = false;

  constructor(options: RemoteFirstOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Tries the server for the first time; later trials follow by themselves. Never rejects. */
  async open(): Promise<void> {
    await this.#try();
  }

  /**
   * Has the server run the model. Never rejects.
   *
   * @param values not to be written to before the outcome
   * @returns the outputs, or undefined where this machine is to do it
   */
  async infer(values: TensorData): Promise<HeadOutputs | undefined> {
    const outputs = this.#breaker.isOpen ? undefined : await this.#inferInTime(values);
    this.#options.counters[outputs ? 'answered' : 'local'] += 1;
    return outputs;
  }

  /** Idempotent. No more trials. */
  close(): void {
    this.#closed = true;
    this.#cancelTrial?.();
    this.#options.model.close();
  }

  async #inferInTime(values: TensorData): Promise<HeadOutputs | undefined> {
    const deadline = this.#clock.now() + this.#options.timeoutMs;
    this.#budget.earn();
    for (let retries = 0; ; retries++) {
      const leftMs = Math.ceil(deadline - this.#clock.now());
      try {
        const outputs = await this.#options.model.infer(values, Math.max(1, leftMs));
        this.#breaker.succeeded();
        return outputs;
      } catch (error) {
        this.#count(error);
        const isWorthIt = isPassing(error) && retries < MAX_RETRIES && this.#clock.now() < deadline;
        const mayRetry = isWorthIt && this.#budget.spend();
        if (!mayRetry) {
          this.#onFailure(error);
          return undefined;
        }
        this.#options.counters.retries += 1;
      }
    }
  }

  #onFailure(error: unknown): void {
    const waitMs = this.#breaker.failed();
    if (waitMs === undefined) return;
    this.#options.onMoved(reasonOf(error));
    this.#tryAfter(waitMs);
  }

  #tryAfter(waitMs: number): void {
    if (this.#closed) return;
    this.#cancelTrial = this.#clock.after(waitMs, () => void this.#try());
  }

  async #try(): Promise<void> {
    const wasOpen = this.#breaker.isOpen;
    try {
      await this.#options.model.connect(this.#options.blank);
      this.#breaker.close();
      if (!this.#closed) this.#options.onMoved(undefined);
    } catch (error) {
      this.#count(error);
      const waitMs = this.#breaker.open();
      if (!wasOpen && !this.#closed) this.#options.onMoved(reasonOf(error));
      this.#tryAfter(waitMs);
    }
  }

  #count(error: unknown): void {
    const code = error instanceof SightlineError ? error.code : 'backend-failed';
    this.#options.counters[counterOf[code as keyof typeof counterOf] ?? 'failures'] += 1;
  }
}

/** A connection that broke may hold the next time; what is wrong stays wrong, and what is late is too late. */
function isPassing(error: unknown): boolean {
  return error instanceof SightlineError && error.code === 'backend-failed';
}

function reasonOf(error: unknown): string {
  if (error instanceof SightlineError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
