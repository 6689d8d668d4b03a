import type { AudioPacket } from '../../codec/media-audio.ts';
import type { RecordingClock } from './recording-clock.ts';
import type { TimedSound } from './session-sound.ts';

/** Some seconds of sound: further behind, the picture has stopped, and the sound goes on alone. */
const PATIENCE = 256;
/** Further still the disk has stopped. */
const CAPACITY = 1024;

/**
 * Sound that is held until the picture has come as far, so that both go into the same part. Beyond 256 packets the oldest
 * are let go, picture or not; beyond 1024 they are dropped, since nobody takes them.
 */
export class HeldSound {
  readonly #clock: RecordingClock;
  readonly #packets: AudioPacket[] = [];
  #dropped = 0;

  /** @param clock that pictures set */
  constructor(clock: RecordingClock) {
    this.#clock = clock;
  }

  /** Packets from before the first picture, which no part can take, and those that nobody took. */
  get dropped(): number {
    return this.#dropped;
  }

  push({ data, timestamp, durationSeconds }: TimedSound): void {
    const seconds = this.#clock.at(timestamp);
    if (seconds === undefined || seconds < 0) {
      this.#dropped++;
      return;
    }
    this.#packets.push({ data, seconds, durationSeconds });
    if (this.#packets.length <= CAPACITY) return;
    this.#packets.shift();
    this.#dropped++;
  }

  /** Packets that begin before this moment of the recording, and those that are too many to be held. */
  take(beforeSeconds: number): AudioPacket[] {
    let count = this.#packets.findIndex(({ seconds }) => seconds >= beforeSeconds);
    if (count < 0) count = this.#packets.length;
    return this.#packets.splice(0, Math.max(count, this.overdue));
  }

  /** How many are too many. */
  get overdue(): number {
    return Math.max(0, this.#packets.length - PATIENCE);
  }
}
