import type { Recording } from '../../protocol/recordings.ts';
import type { Logger } from '../log.ts';
import type { Recorder } from '../sinks/recorder/recorder.ts';
import type { RecordingStore } from './recording-store.ts';

/** How old the manifest of what runs may be. */
const WRITE_MS = 2_000;

export interface RunningRecordingOptions {
  readonly store: RecordingStore;
  readonly recorder: Recorder;
  /** What does not change. */
  readonly known: Pick<Recording, 'id' | 'sessionId' | 'mid' | 'picture' | 'results' | 'createdAt'>;
  readonly log: Logger;
}

/** A recording that is being made here, and its manifest, which is written as it goes on. */
export class RunningRecording {
  /** Resolves when it has ended and its manifest says so; never rejects. */
  readonly done: Promise<void>;
  readonly #options: RunningRecordingOptions;
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: RunningRecordingOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#timer = setInterval(() => this.#writeAgain(), WRITE_MS);
    void this.#write();
    options.recorder.on('changed', () => void this.#write());
    options.recorder.once('ended', () => {
      clearInterval(this.#timer);
      void this.#write().then(resolve);
    });
  }

  /** Resolves when the manifest is written that was to be written last; never rejects. */
  get written(): Promise<void> {
    return this.#writing;
  }

  get recorder(): Recorder {
    return this.#options.recorder;
  }

  get sessionId(): string {
    return this.#options.known.sessionId;
  }

  describe(): Recording {
    return { ...this.#options.known, ...this.recorder.describe() };
  }

  /** Not where the disk has not taken the last one yet. */
  #writeAgain(): void {
    if (this.#waiting === 0) void this.#write();
  }

  /** One after the other: the last is how it ended. A full disk must not end the session. */
  #write(): Promise<void> {
    const { store, log } = this.#options;
    this.#waiting++;
    this.#writing = this.#writing
      .then(() => store.write(this.describe()))
      .catch((error: unknown) => log.warn({ error }, 'Manifest of a recording not written'))
      .finally(() => this.#waiting--);
    return this.#writing;
  }
}
