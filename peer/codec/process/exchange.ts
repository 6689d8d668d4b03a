import { SightlineError } from '../../../protocol/errors.ts';
import { FfmpegChild } from './child.ts';
import type { NutPacket } from './nut-reader.ts';

export interface ExchangeOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** What the child is told before anything else. */
  readonly header: Uint8Array;
  readonly allocate: (bytes: number) => Uint8Array<ArrayBuffer>;
  readonly maxPacketBytes: number;
}

interface Waiting {
  readonly attempt: string;
  readonly settled: PromiseWithResolvers<NutPacket | undefined>;
}

/** Until the first answer: the program has to be loaded, on a machine that may be busy with other calls. */
const FIRST_PATIENCE_MS = 10_000;
/** After a complaint a packet may still come, where an error could be concealed. */
const AFTER_COMPLAINT_MS = 50;
/** For the description of the output, from the first packet on: both are written at once, to two pipes. */
const DESCRIPTION_MS = 500;

/**
 * Asks one ffmpeg child at a time, and waits for what it answers. At most one question is open, so nothing ever queues.
 * Drop policy: an answer that comes when none is waited for is dropped.
 */
export class Exchange {
  readonly #child: FfmpegChild;
  #waiting: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;
  #answered = false;

  constructor({ program, args, header, allocate, maxPacketBytes }: ExchangeOptions) {
    this.#child = new FfmpegChild({
      program,
      args,
      allocate,
      maxPacketBytes,
      onPacket: (packet) => this.#onPacket(packet),
      onComplaint: () => this.#setTimer(AFTER_COMPLAINT_MS, () => this.#fail()),
      onEnd: () => this.#fail(),
    });
    this.#child.write(header);
  }

  /** Whether the child has ended, by itself or not. */
  get ended(): boolean {
    return this.#child.ended;
  }

  /** Of the pictures that come out, in pixels. */
  get size(): { readonly width: number; readonly height: number } {
    return this.#child.size;
  }

  /** ffmpeg's line on the video that it puts out; empty where there is none. */
  get description(): Promise<string> {
    return this.#child.complaints.description;
  }

  /**
   * The next packet that comes; undefined where none comes in `patienceMs` milliseconds, or after `close()`.
   * @param attempt what is attempted, for messages
   * @param parts not to be changed before `written` is called
   * @throws SightlineError `codec-failed` where ffmpeg complains, with its words as the cause, or ends
   */
  ask(
    attempt: string,
    parts: readonly Uint8Array[],
    patienceMs: number,
    written?: () => void,
  ): Promise<NutPacket | undefined> {
    const waiting = { attempt, settled: Promise.withResolvers<NutPacket | undefined>() };
    this.#waiting = waiting;
    this.#setTimer(this.#answered ? patienceMs : FIRST_PATIENCE_MS, () => this.#settle()?.resolve(undefined));
    for (const [index, part] of parts.entries())
      this.#child.write(part, index === parts.length - 1 ? written : undefined);
    if (this.#child.ended) this.#fail();
    return waiting.settled.promise;
  }

  /** What was asked is the last: a child that waits for more before it answers does so no longer. */
  endInput(): void {
    this.#child.endInput();
  }

  /** Ends the child. Whoever waits gets nothing. */
  close(): void {
    this.#child.kill();
    this.#settle()?.resolve(undefined);
  }

  #onPacket(packet: NutPacket): void {
    if (!this.#answered) setTimeout(() => this.#child.complaints.end(), DESCRIPTION_MS).unref();
    this.#answered = true;
    this.#settle()?.resolve(packet);
  }

  #fail(): void {
    const attempt = this.#waiting?.attempt;
    const { last, text } = this.#child.complaints;
    const message = `Cannot ${attempt}: ffmpeg says "${last}"`;
    this.#settle()?.reject(new SightlineError('codec-failed', message, { cause: new Error(text) }));
  }

  #settle(): Waiting['settled'] | undefined {
    clearTimeout(this.#timer);
    const settled = this.#waiting?.settled;
    this.#waiting = undefined;
    return settled;
  }

  /** Replaces the timer, as long as somebody waits. */
  #setTimer(ms: number, act: () => void): void {
    if (!this.#waiting) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }
}
