import { addAbortListener } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { SightlineError } from '../../protocol/errors.ts';
import { MediaPace } from '../codec/media-pace.ts';
import type { MediaPicture } from '../codec/media-reader.ts';
import type { Logger } from '../log.ts';
import type { FrameRecord } from '../pipeline/frame-record.ts';
import type { FeedSession } from './feed-session.ts';
import { type Reconnect, reconnectDelay } from './reconnect.ts';
import { ShownFrame } from './shown-frame.ts';
import type { SourceReading } from './source-reading.ts';

/** Where a film does not say how far its pictures are apart. */
const DEFAULT_FRAME_RATE = 25;

export interface SourceFeedOptions {
  readonly session: FeedSession;
  /** Opens the source anew, to go on at so many seconds. */
  readonly open: (firstSeconds: number, signal: AbortSignal) => Promise<SourceReading>;
  /** Each picture of a film only once the one before was shown; at its speed otherwise. */
  readonly isFast: boolean;
  readonly loop: boolean;
  readonly reconnect: Reconnect;
  readonly log: Logger;
}

/**
 * Feeds a session from a source, until that has ended or is given up: then it ends the session. One picture is held at a
 * time; those of a live source go on as they come.
 */
export class SourceFeed {
  readonly #options: SourceFeedOptions;
  readonly #first: SourceReading;
  readonly #stop = new AbortController();
  readonly #pace = new MediaPace();
  readonly #shown = new ShownFrame();
  #running: Promise<void> | undefined;
  #lastSeconds = 0;
  #lastAt = performance.now();

  /** @param first is closed by it, whether it is started or not */
  constructor(first: SourceReading, options: SourceFeedOptions) {
    this.#first = first;
    this.#options = options;
  }

  start(): void {
    if (this.#stop.signal.aborted) return;
    const { session, isFast } = this.#options;
    if (isFast) session.scene.addSink(this.#shown);
    session.on('configured', () => this.#shown.letGo());
    this.#running ??= this.#run();
  }

  /** Idempotent; resolves once nothing is open any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#shown.letGo();
    await this.#first.close();
    await this.#running;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let reading: SourceReading | undefined = this.#first;
    try {
      while (reading !== undefined) {
        const failure = await this.#play(reading);
        if (signal.aborted) return;
        reading = reading.isLive ? await this.#openAgain(failure) : await this.#rewind(reading, failure);
      }
    } catch (error) {
      if (!signal.aborted) this.#end(`the source failed: ${wordsOf(error)}`);
    }
  }

  /** @returns why it broke off; undefined at its end */
  async #play(reading: SourceReading): Promise<Error | undefined> {
    using _stop = addAbortListener(this.#stop.signal, () => void reading.close());
    try {
      this.#options.session.connected(reading.info.codec.toUpperCase());
      for (let picture = await reading.next(); picture; picture = await reading.next()) {
        await this.#show(picture, reading.isLive);
      }
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      await reading.close();
    }
  }

  /** Takes the picture over. */
  async #show({ frame, seconds }: MediaPicture, isLive: boolean): Promise<void> {
    const { session, isFast } = this.#options;
    try {
      const waitMs = isLive || isFast ? 0 : this.#pace.delayMs(seconds, performance.now());
      if (waitMs > 0) await delay(waitMs, undefined, { signal: this.#stop.signal });
      const now = performance.now();
      const record: FrameRecord = {
        timestamp: frame.timestamp,
        arrivedAt: now,
        decodedAt: now,
        encodeMs: undefined,
      };
      [this.#lastSeconds, this.#lastAt] = [seconds, now];
      const shown = isFast && !isLive ? this.#shown.expect(record) : undefined;
      session.push(frame, record);
      if (shown !== undefined && !session.closed) await shown;
    } catch (error) {
      frame.close();
      throw error;
    }
  }

  /** @returns what to go on with at the end of a film */
  async #rewind({ info }: SourceReading, failure: Error | undefined): Promise<SourceReading | undefined> {
    if (failure !== undefined) throw failure;
    if (!this.#options.loop) {
      this.#end('the source has ended');
      return undefined;
    }
    const interval = 1 / (info.frameRate ?? DEFAULT_FRAME_RATE);
    return this.#options.open(this.#lastSeconds + interval, this.#stop.signal);
  }

  /** Tries until there is a picture again, or it is given up. */
  async #openAgain(cause: unknown): Promise<SourceReading | undefined> {
    const { session, open, reconnect, log } = this.#options;
    const { signal } = this.#stop;
    let failure: unknown = cause;
    session.disconnected();
    log.warn({ reason: wordsOf(failure) }, 'The source broke off, and is tried again');
    for (let tries = 0; ; tries++) {
      const waitMs = reconnectDelay(reconnect, tries, this.#silentMs());
      if (waitMs === undefined) break;
      await delay(waitMs, undefined, { signal });
      try {
        return await open(this.#lastSeconds + this.#silentMs() / 1000, signal);
      } catch (error) {
        if (signal.aborted || isFinal(error)) throw error;
        failure = error;
      }
    }
    this.#end(
      `the source has sent no picture for ${Math.round(this.#silentMs() / 1000)} s: ${wordsOf(failure)}`,
    );
    return undefined;
  }

  #silentMs(): number {
    return performance.now() - this.#lastAt;
  }

  /** Not awaited: the session waits for this to be done. */
  #end(reason: string): void {
    void this.#options.session.end(reason);
  }
}

/** What the operator does not allow is not tried again. */
function isFinal(error: unknown): boolean {
  return !(error instanceof SightlineError) || error.code === 'source-refused';
}

function wordsOf(error: unknown): string {
  if (error === undefined) return 'it ended';
  return error instanceof SightlineError ? error.message : 'something went wrong inside the server';
}
