import type { Recording, RecordingRequest } from '../../protocol/recordings.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { LiveSession } from '../live-session.ts';
import type { Logger } from '../log.ts';
import type { Scene } from '../pipeline/scene.ts';
import { rateLimitedWarning } from '../rate-limited-warning.ts';
import { sceneOf } from '../scene-of.ts';
import type { Sessions } from '../sessions.ts';
import { Recorder } from '../sinks/recorder/recorder.ts';
import { RecordingStore } from './recording-store.ts';
import { expectPlace, hidden, noRoom, notBegun, off, unknown } from './refusals.ts';
import { RunningRecording } from './running-recording.ts';
import { soundOf } from './sound-of.ts';

const ROOM_MS = 5_000;

export interface RecordingsOptions {
  /** undefined: nothing is recorded. */
  readonly directory: string | undefined;
  /** Of all recordings together. */
  readonly maxBytes: number;
  readonly peerId: string;
  readonly sessions: Pick<Sessions, 'get'>;
  readonly codecs: Codecs;
  /** Bits a second of one picture at most. */
  readonly maxBitrate: number;
  readonly log: Logger;
  /** How often the room that is left is looked at. */
  readonly roomMs?: number;
}

/** What is recorded here, and what was. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #store: RecordingStore | undefined;
  readonly #running = new Map<string, RunningRecording>();
  /** Those whose end could not be written down, as on a full disk. */
  readonly #unwritten = new Map<string, Recording>();
  readonly #timer: NodeJS.Timeout | undefined;

  /** @throws SightlineError `config-invalid` where the folder cannot be used */
  static async open(options: RecordingsOptions): Promise<Recordings> {
    const { directory } = options;
    return new Recordings(
      options,
      directory === undefined ? undefined : await RecordingStore.open({ ...options, directory }),
    );
  }

  private constructor(options: RecordingsOptions, store: RecordingStore | undefined) {
    this.#options = options;
    this.#store = store;
    if (store) this.#timer = setInterval(() => void this.#keepRoom(store), options.roomMs ?? ROOM_MS);
  }

  /**
   * Begins to record a session.
   * @throws SightlineError `recording-off`, `session-unknown`, `camera-unknown`, `picture-missing`, `recording-hidden`,
   * `recordings-exhausted`, `recording-quota`, `recording-failed`
   */
  async start(sessionId: string, request: RecordingRequest): Promise<Recording> {
    const store = this.#expectStore();
    const session = this.#options.sessions.get(sessionId);
    const scene = sceneOf(session, request.mid);
    this.#expectAllowed(sessionId, scene, request);
    if (!(await store.makeRoom(this.#bytes()))) throw noRoom();
    const id = await store.create().catch((cause: unknown) => {
      throw notBegun(cause);
    });
    // The session may have ended, or others may have begun, meanwhile.
    try {
      this.#options.sessions.get(sessionId);
      this.#expectAllowed(sessionId, scene, request);
      const running = this.#begin(id, { session, scene, request, store });
      await running.written;
      return running.describe();
    } catch (error) {
      await store.remove(id);
      throw error;
    }
  }

  #begin(
    id: string,
    {
      session,
      scene,
      request,
      store,
    }: { session: LiveSession; scene: Scene; request: RecordingRequest; store: RecordingStore },
  ): RunningRecording {
    const { codecs, maxBitrate } = this.#options;
    const { sessionId } = session.describe();
    const log = this.#options.log.child({ sessionId, recordingId: id });
    const { picture, results } = request;
    const recorder = new Recorder({
      scene,
      sound: soundOf(session, scene.mid),
      codecs,
      folder: store.folderOf(id),
      request,
      maxBitrate,
      warn: rateLimitedWarning(log),
    });
    const known = { id, sessionId, mid: scene.mid, picture, results, createdAt: Date.now() };
    const running = new RunningRecording({ store, recorder, known, log });
    this.#running.set(id, running);
    const onClose = () => void recorder.stop('session-closed');
    session.once('close', onClose);
    void running.done.then(async () => {
      session.off('close', onClose);
      const ended = running.describe();
      if ((await store.find(id))?.state === 'recording') this.#unwritten.set(id, ended);
      this.#running.delete(id);
      log.info({ end: ended.end, seconds: ended.durationSeconds }, 'Recording ended');
    });
    log.info({ picture }, 'Recording begun');
    return running;
  }

  /** All that are known, the newest first. */
  async list(): Promise<Recording[]> {
    const kept = (await this.#store?.list()) ?? [];
    const all = new Map(kept.map((recording) => [recording.id, recording]));
    for (const recording of this.#unwritten.values()) all.set(recording.id, recording);
    for (const [id, running] of this.#running) all.set(id, running.describe());
    return [...all.values()].sort((a, b) => b.createdAt - a.createdAt);
  }

  /** @throws SightlineError `session-unknown` where it neither lives nor was recorded */
  async ofSession(sessionId: string): Promise<Recording[]> {
    const found = (await this.list()).filter((recording) => recording.sessionId === sessionId);
    if (found.length === 0) this.#options.sessions.get(sessionId);
    return found;
  }

  /** @throws SightlineError `recording-unknown` */
  async get(id: string): Promise<Recording> {
    const found =
      this.#running.get(id)?.describe() ?? this.#unwritten.get(id) ?? (await this.#store?.find(id));
    if (found) return found;
    throw unknown(id);
  }

  /** @throws SightlineError `recording-unknown` */
  async folderOf(id: string): Promise<string> {
    await this.get(id);
    return this.#expectStore().folderOf(id);
  }

  /** Ends a recording; what has ended stays as it is. @throws SightlineError `recording-unknown` */
  async stop(id: string): Promise<Recording> {
    const running = this.#running.get(id);
    if (running === undefined) return this.get(id);
    await running.recorder.stop('stopped');
    await running.done;
    return running.describe();
  }

  /** Ends a recording and removes its files. @throws SightlineError `recording-unknown` */
  async remove(id: string): Promise<void> {
    await this.stop(id);
    this.#unwritten.delete(id);
    await this.#store?.remove(id);
  }

  /** Ends all that run. Idempotent. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const running = [...this.#running.values()];
    await Promise.all(
      running.map(async ({ recorder, done }) => {
        await recorder.stop('session-closed');
        await done;
      }),
    );
  }

  /** Where what has ended is not enough, the largest of those that run here ends. */
  async #keepRoom(store: RecordingStore): Promise<void> {
    if (this.#running.size === 0) return;
    try {
      if (await store.makeRoom(this.#bytes())) return;
      const [largest] = [...this.#running.values()].sort((a, b) => b.recorder.bytes - a.recorder.bytes);
      await largest?.recorder.stop('quota');
    } catch (error) {
      this.#options.log.warn({ error }, 'Room for recordings not looked at');
    }
  }

  #bytes(): Map<string, number> {
    return new Map([...this.#running].map(([id, { recorder }]) => [id, recorder.bytes]));
  }

  #expectStore(): RecordingStore {
    if (this.#store) return this.#store;
    throw off();
  }

  #expectAllowed(sessionId: string, scene: Scene, { picture }: RecordingRequest): void {
    if (picture === 'original' && scene.hides) throw hidden();
    expectPlace([...this.#running.values()].filter((running) => running.sessionId === sessionId).length);
  }
}
