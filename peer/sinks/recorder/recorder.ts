import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { Detections } from '../../../protocol/detections.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import {
  RESULTS_FILE,
  type Recording,
  type RecordingEnd,
  type RecordingRequest,
} from '../../../protocol/recordings.ts';
import type { Codecs } from '../../codec/codecs.ts';
import type { VideoFrame } from '../../codec/video-frame.ts';
import type { FrameRecord } from '../../pipeline/frame-record.ts';
import type { FrameSink, Scene } from '../../pipeline/scene.ts';
import type { RateLimitedWarning } from '../../rate-limited-warning.ts';
import { HeldSound } from './held-sound.ts';
import { PictureQueue, type QueuedPicture } from './picture-queue.ts';
import { RecorderParts } from './recorder-parts.ts';
import { RecordingClock } from './recording-clock.ts';
import { ResultLines } from './result-lines.ts';
import type { SessionSound, TimedSound } from './session-sound.ts';

export interface RecorderEvents {
  /** A part was begun or ended. */
  changed: [];
  /** Once, after everything is written and freed. */
  ended: [];
}

export interface RecorderOptions {
  readonly scene: Scene;
  readonly sound: SessionSound | undefined;
  readonly codecs: Codecs;
  /** That exists, and is its own. */
  readonly folder: string;
  readonly request: RecordingRequest;
  /** Bits a second of the picture at most. */
  readonly maxBitrate: number;
  readonly warn: RateLimitedWarning;
}

/** What only the recorder knows of its recording. */
export type RecorderState = Omit<Recording, 'id' | 'sessionId' | 'mid' | 'picture' | 'results' | 'createdAt'>;

/** Writes the picture of a scene into files, with the sound in step and results on the same clock, until it is stopped. */
export class Recorder extends EventEmitter<RecorderEvents> implements FrameSink {
  readonly #options: RecorderOptions;
  readonly #clock = new RecordingClock();
  readonly #queue = new PictureQueue();
  readonly #held = new HeldSound(this.#clock);
  readonly #parts: RecorderParts;
  readonly #results: ResultLines | undefined;
  readonly #unhooks: (() => void)[] = [];
  #startTime: number | undefined;
  #hidden = 0;
  #running: Promise<void> | undefined;
  #end: RecordingEnd | undefined;
  #failure: SightlineError | undefined;
  #stopping: Promise<void> | undefined;
  #isDone = false;

  constructor(options: RecorderOptions) {
    super();
    this.#options = options;
    const { scene, sound, request, folder } = options;
    this.#parts = new RecorderParts({
      ...options,
      sound: sound?.format,
      rotateSeconds: request.rotateSeconds,
      onChange: () => this.emit('changed'),
    });
    if (request.results) {
      const results = new ResultLines(join(folder, RESULTS_FILE), this.#clock, (error) => this.#fail(error));
      const onResult = (result: Detections) => results.write(result);
      this.#results = results;
      scene.on('result', onResult);
      this.#unhooks.push(() => scene.off('result', onResult));
    }
    this.#unhooks.push(scene.addSink(this));
    if (sound) this.#unhooks.push(sound.listen((packet) => this.#onSound(packet)));
  }

  /** Whether nothing is recorded any more. */
  get ended(): boolean {
    return this.#isDone;
  }

  /** As far as it has come. */
  describe(): RecorderState {
    const parts = this.#parts.describe();
    const last = parts.at(-1);
    const state = this.#failure ? 'failed' : 'finished';
    return {
      state: this.#isDone ? state : 'recording',
      ...(this.#isDone && this.#end !== undefined && { end: this.#end }),
      ...(this.#failure && { failure: { code: this.#failure.code, detail: this.#failure.message } }),
      ...(this.#startTime !== undefined && { startTime: this.#startTime }),
      durationSeconds: last ? last.startSeconds + last.durationSeconds : 0,
      bytes: this.bytes,
      parts,
      framesDropped: this.#queue.dropped + this.#hidden,
      sound: this.#options.sound !== undefined,
      soundDropped: this.#held.dropped,
      resultLines: this.#results?.lines ?? 0,
      resultsDropped: this.#results?.dropped ?? 0,
    };
  }

  get bytes(): number {
    return this.#parts.bytes + (this.#results?.bytes ?? 0);
  }

  push(frame: VideoFrame, record: FrameRecord): void {
    const { scene, sound } = this.#options;
    const seconds = this.#clock.picture(record.timestamp, record.arrivedAt);
    const end = this.#reasonToEnd(seconds);
    if (end !== undefined) {
      frame.close();
      void this.stop(end);
      return;
    }
    this.#startTime ??= scene.captureTime(record);
    sound?.onPicture?.(record);
    this.#queue.put({ frame, seconds });
    this.#wake();
  }

  #reasonToEnd(seconds: number): RecordingEnd | undefined {
    const { scene, request } = this.#options;
    const { picture, maxSeconds = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = request;
    if (picture === 'original' && scene.hides) return 'effects';
    if (seconds >= maxSeconds) return 'max-seconds';
    return this.bytes >= maxBytes ? 'max-bytes' : undefined;
  }

  #onSound(packet: TimedSound): void {
    this.#held.push(packet);
    if (this.#held.overdue > 0) this.#wake();
  }

  #wake(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    try {
      await this.#writeQueue();
      if (this.#held.overdue > 0) await this.#parts.writeSound(this.#held.take(0));
    } catch (error) {
      this.#fail(error);
    }
    this.#running = undefined;
  }

  async #writeQueue(): Promise<void> {
    for (let picture = this.#queue.take(); picture; picture = this.#queue.take()) await this.#write(picture);
  }

  async #write({ frame, seconds }: QueuedPicture): Promise<void> {
    using _owned = frame;
    const before = this.#held.take(seconds);
    const { scene, request, warn } = this.#options;
    // Effects may have been chosen while it waited.
    if (request.picture === 'original' && scene.hides) return;
    const compose = (sized: VideoFrame) => {
      try {
        if (request.picture === 'annotated') scene.compose(sized);
        return true;
      } catch (error) {
        this.#hidden++;
        warn({ error }, 'Frame not recorded');
        return false;
      }
    };
    await this.#parts.write(frame, seconds, { compose, before });
  }

  #fail(error: unknown): void {
    if (this.#isDone) return;
    const found = error instanceof Error ? error.message : String(error);
    this.#failure ??=
      error instanceof SightlineError
        ? error
        : new SightlineError('recording-failed', `Cannot go on recording: found "${found}"`, {
            cause: error,
          });
    this.#end = 'failed';
    this.#options.warn({ error: this.#failure }, 'Recording failed');
    void this.stop('failed');
  }

  /** Writes what waits and ends the files. Idempotent; the first reason wins, but for a failure. Never rejects. */
  stop(end: RecordingEnd): Promise<void> {
    this.#end ??= end;
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    for (const unhook of this.#unhooks) unhook();
    await this.#running;
    try {
      if (!this.#failure) {
        // Those that came while sound was written
        await this.#writeQueue();
        await this.#parts.writeSound(this.#held.take(Number.POSITIVE_INFINITY));
      }
      await this.#parts.close();
    } catch (error) {
      this.#fail(error);
    }
    this.#queue.clear();
    await this.#results?.close();
    this.#isDone = true;
    this.emit('ended');
    this.removeAllListeners();
  }
}
