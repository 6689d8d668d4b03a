import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Detections } from '../../../protocol/detections.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import type { RecordingClock } from './recording-clock.ts';

/** Bytes that may wait for the disk; a line has some kilobytes. */
const MAX_WAITING = 4 * 1024 * 1024;

/** A line of JSON for each result. What the disk does not take in time is dropped whole lines at a time, and counted. */
export class ResultLines {
  readonly #clock: RecordingClock;
  readonly #stream: WriteStream;
  #lines = 0;
  #bytes = 0;
  #dropped = 0;

  /**
   * @param clock that pictures set
   * @param onFailed told once, when the file cannot be written
   */
  constructor(path: string, clock: RecordingClock, onFailed: (error: SightlineError) => void) {
    this.#clock = clock;
    this.#stream = createWriteStream(path);
    this.#stream.once('error', (cause) => {
      const message = `Cannot write the results: expected room and a place to write to, found "${cause.message}"`;
      onFailed(new SightlineError('recording-failed', message, { cause }));
    });
  }

  get lines(): number {
    return this.#lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** What is of a picture from before the recording is left out. */
  write(result: Detections): void {
    const seconds = this.#clock.at(result.rtpTimestamp);
    if (seconds === undefined || seconds < 0) return;
    if (this.#stream.destroyed || this.#stream.writableLength > MAX_WAITING) {
      this.#dropped++;
      return;
    }
    const line = Buffer.from(`${JSON.stringify({ seconds: round(seconds), ...result })}\n`);
    this.#stream.write(line);
    this.#lines++;
    this.#bytes += line.length;
  }

  /** Never rejects: who has to know was told. */
  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream).catch(() => {});
  }
}

/** Microseconds are finer than the clock. */
function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
