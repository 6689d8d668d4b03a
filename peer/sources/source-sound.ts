import type { AudioFormat, AudioPacket } from '../codec/media-audio.ts';
import { toTimestamp90k } from '../codec/media-times.ts';
import type { SessionSound, TimedSound } from '../sinks/recorder/session-sound.ts';

/** The sound beside the pictures of a source, for those that record it. Nothing is held: who does not listen has none. */
export class SourceSound implements SessionSound {
  readonly format: AudioFormat;
  readonly #listeners = new Set<(packet: TimedSound) => void>();

  constructor(format: AudioFormat) {
    this.format = format;
  }

  listen(listener: (packet: TimedSound) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param format a camera that was away may come back with another one: that is left out */
  push({ data, seconds, durationSeconds }: AudioPacket, format: AudioFormat | undefined): void {
    const { codec, sampleRate, channels } = this.format;
    if (format?.codec !== codec || format.sampleRate !== sampleRate || format.channels !== channels) return;
    const packet = { data, timestamp: toTimestamp90k(seconds) >>> 0, durationSeconds };
    for (const listener of this.#listeners) listener(packet);
  }
}
