import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SightlineError } from '../../protocol/errors.ts';
import { MANIFEST_FILE, type Recording } from '../../protocol/recordings.ts';
import { newSessionId } from '../new-session-id.ts';
import { readManifest, writeManifest } from './manifest.ts';
import { repaired } from './repair.ts';

/** As session ids: nothing else is looked for in the folder. */
const ID = /^([a-z0-9]{1,32})-[\w-]{22}$/;
/** Media peers write the manifests of what runs more often; one that does not is dead. */
const STALE_MS = 60_000;

export interface RecordingStoreOptions {
  readonly directory: string;
  /** Begins the ids of the recordings that are made here; others may lie beside them. */
  readonly peerId: string;
  /** Of all recordings together. */
  readonly maxBytes: number;
}

/** The recordings in a folder, each in one of its own. Several media peers of a machine may share it. */
export class RecordingStore {
  readonly #options: RecordingStoreOptions;

  /**
   * Makes the folder, and tells of what a dead media peer has left that it was interrupted.
   * @throws SightlineError `config-invalid` where the folder cannot be made or written
   */
  static async open(options: RecordingStoreOptions): Promise<RecordingStore> {
    const store = new RecordingStore(options);
    try {
      await mkdir(options.directory, { recursive: true });
      await store.#repair();
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      const expected = 'expected a folder that can be written in SIGHTLINE_RECORDINGS_DIR';
      throw new SightlineError('config-invalid', `Cannot keep recordings: ${expected}, found "${found}"`, {
        cause,
      });
    }
    return store;
  }

  private constructor(options: RecordingStoreOptions) {
    this.#options = options;
  }

  folderOf(id: string): string {
    return join(this.#options.directory, id);
  }

  /** @returns the id of a new folder */
  async create(): Promise<string> {
    const id = newSessionId(this.#options.peerId);
    await mkdir(this.folderOf(id));
    return id;
  }

  async write(recording: Recording): Promise<void> {
    await writeManifest(this.folderOf(recording.id), recording);
  }

  async find(id: string): Promise<Recording | undefined> {
    return ID.test(id) ? readManifest(this.folderOf(id)) : undefined;
  }

  async remove(id: string): Promise<void> {
    await rm(this.folderOf(id), { recursive: true, force: true });
  }

  /** All of them, the oldest first. */
  async list(): Promise<Recording[]> {
    const recordings = await Promise.all((await this.#ids()).map((id) => this.find(id)));
    return recordings
      .filter((recording) => recording !== undefined)
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  /**
   * Removes the oldest recordings that have ended until all fit.
   * @param running bytes of those that run here, by id
   * @returns whether they do
   */
  async makeRoom(running: ReadonlyMap<string, number>): Promise<boolean> {
    const { maxBytes } = this.#options;
    if (!Number.isFinite(maxBytes)) return true;
    const all = await this.list();
    let total = all.reduce((sum, { id, bytes }) => sum + (running.get(id) ?? bytes), 0);
    for (const { id, bytes, state } of all) {
      if (total <= maxBytes) break;
      if (state === 'recording' || running.has(id)) continue;
      await this.remove(id);
      total -= bytes;
    }
    return total <= maxBytes;
  }

  async #ids(): Promise<string[]> {
    return (await readdir(this.#options.directory)).filter((name) => ID.test(name));
  }

  async #repair(): Promise<void> {
    for (const id of await this.#ids()) {
      const recording = await this.find(id);
      if (recording?.state === 'recording' && (await this.#isDead(id)))
        await this.write(await repaired(this.folderOf(id), recording));
    }
  }

  /** Who had this peer's id before is gone. */
  async #isDead(id: string): Promise<boolean> {
    if (ID.exec(id)?.[1] === this.#options.peerId) return true;
    const { mtimeMs } = await stat(join(this.folderOf(id), MANIFEST_FILE));
    return Date.now() - mtimeMs > STALE_MS;
  }
}
