import { SightlineError } from '../../../protocol/errors.ts';
import { type FrameHeader, readFrame } from '../../../protocol/frames.ts';
import type { Codecs } from '../../codec/codecs.ts';
import type { VideoFrame } from '../../codec/video-frame.ts';
import type { FrameRecord } from '../../pipeline/frame-record.ts';
import { NewestSlot } from '../../pipeline/newest-slot.ts';
import { decodeFrame } from './decode-frame.ts';
import { FrameTimes } from './frame-times.ts';

export interface FrameIntakeOptions {
  readonly codecs: Codecs;
  /** Takes over a frame, and may throw. */
  readonly onFrame: (frame: VideoFrame, record: FrameRecord, header: FrameHeader) => void;
  /** This frame and all that came before it are done with. */
  readonly onDone: (sequence: number) => void;
  /** The sequence is undefined where the header could not be read. */
  readonly onRefused: (error: unknown, sequence: number | undefined) => void;
}

interface Entry {
  readonly header: FrameHeader;
  readonly payload: Uint8Array;
  /** Milliseconds of performance.now(). */
  readonly arrivedAt: number;
}

/**
 * Makes frames of messages, one at a time. While one is decoded one more may wait, which a newer one replaces: a sender
 * that heeds acknowledgements loses none.
 */
export class FrameIntake {
  readonly times = new FrameTimes();
  readonly #options: FrameIntakeOptions;
  readonly #slot = new NewestSlot<Entry>(() => {});
  #running = false;
  #closed = false;
  #frames = 0;
  #refused = 0;
  #bytes = 0;

  constructor(options: FrameIntakeOptions) {
    this.#options = options;
  }

  /** Since it began; `dropped` are those that a newer one replaced. */
  stats(): { frames: number; dropped: number; refused: number; bytes: number } {
    return { frames: this.#frames, dropped: this.#slot.replaced, refused: this.#refused, bytes: this.#bytes };
  }

  /** @param message must not change afterwards */
  push(message: Uint8Array): void {
    if (this.#closed) return;
    this.#frames++;
    this.#bytes += message.length;
    try {
      this.#slot.put({ ...readFrame(message), arrivedAt: performance.now() });
    } catch (error) {
      this.#refuse(error, undefined);
      return;
    }
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let entry = this.#slot.take(); entry; entry = this.#slot.take()) {
      const { sequence } = entry.header;
      try {
        await this.#take(entry);
        if (!this.#closed) this.#options.onDone(sequence);
      } catch (error) {
        if (!this.#closed) this.#refuse(error, sequence);
      }
    }
    this.#running = false;
  }

  async #take({ header, payload, arrivedAt }: Entry): Promise<void> {
    const timestamp = this.times.add(header, performance.timeOrigin + arrivedAt);
    const frame = await decodeFrame(this.#options.codecs, { header, payload }, timestamp);
    const record = { timestamp, arrivedAt, decodedAt: performance.now(), encodeMs: undefined };
    try {
      if (this.#closed)
        throw new SightlineError('session-unknown', 'Cannot take a frame: the session has ended');
      this.#options.onFrame(frame, record, header);
    } catch (error) {
      frame.close();
      throw error;
    }
  }

  #refuse(error: unknown, sequence: number | undefined): void {
    this.#refused++;
    this.#options.onRefused(error, sequence);
  }

  /** Takes nothing more; the frame in work is freed once it is decoded. */
  close(): void {
    this.#closed = true;
    this.#slot.close();
  }
}
