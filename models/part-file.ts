import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { isMissing } from './verify.ts';

const noteSchema = z.object({ url: z.string(), validator: z.string() });

/**
 * The beginning of a download, kept so that it can go on later.
 *
 * At rest it is `<target>.part`, with the URL and the validator (RFC 9110 section 8.8) beside it in `.part.json`. Whoever
 * works on it first renames it to a name with its process id in it, so two processes never write to the same one; a part
 * whose process is gone is taken over.
 */
export class PartFile {
  readonly #target: string;
  readonly #path: string;
  readonly #url: string;
  readonly #handle: FileHandle;
  #size: number;
  #validator: string | undefined;

  private constructor(target: string, path: string, url: string, handle: FileHandle, size: number) {
    this.#target = target;
    this.#path = path;
    this.#url = url;
    this.#handle = handle;
    this.#size = size;
  }

  /** Takes over what there is of `target`, or begins anew. The folder of `target` has to be there. */
  static async claim(target: string, url: string): Promise<PartFile> {
    const path = `${target}.part-${process.pid}-${randomBytes(4).toString('hex')}`;
    await takeOver(await leftovers(target), path);
    const handle = await open(path, 'a+');
    const { size } = await handle.stat();
    const part = new PartFile(target, path, url, handle, size);
    const note = await readNote(path);
    if (note?.url === url) part.#validator = note.validator;
    else await part.restart(undefined);
    return part;
  }

  /** Where the bytes lie now. */
  get path(): string {
    return this.#path;
  }

  /** Bytes that there are. */
  get size(): number {
    return this.#size;
  }

  /** What the server called the version of the file that the bytes belong to, for If-Range. */
  get validator(): string | undefined {
    return this.#validator;
  }

  /** Throws the bytes away, and begins those of the version that the server calls `validator`. */
  async restart(validator: string | undefined): Promise<void> {
    await this.#handle.truncate(0);
    this.#size = 0;
    this.#validator = undefined;
    if (validator === undefined) return;
    await writeFile(`${this.#path}.json`, JSON.stringify({ url: this.#url, validator }));
    this.#validator = validator;
  }

  async append(chunk: Uint8Array): Promise<void> {
    await this.#handle.appendFile(chunk);
    this.#size += chunk.length;
  }

  /** Makes it the file that it was to become, in one step. */
  async promote(): Promise<void> {
    await this.#handle.datasync();
    await this.#handle.close();
    await rename(this.#path, this.#target);
    await rm(`${this.#path}.json`, { force: true });
  }

  /** Leaves it for the next one to go on with, where there is something that can be gone on with. */
  async release(): Promise<void> {
    if (this.#size === 0 || this.#validator === undefined) return this.discard();
    await this.#handle.close();
    await rename(`${this.#path}.json`, `${this.#target}.part.json`);
    await rename(this.#path, `${this.#target}.part`);
  }

  /** Deletes it. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true });
    await rm(`${this.#path}.json`, { force: true });
  }
}

/** Parts of `target` that nobody works on: the one at rest, and those of processes that are gone. */
async function leftovers(target: string): Promise<string[]> {
  const folder = dirname(target);
  const prefix = `${basename(target)}.part-`;
  const abandoned = (await readdir(folder)).filter((name) => {
    const [, pid] =
      /^(\d+)-[0-9a-f]{8}$/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : '') ?? [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  return [`${target}.part`, ...abandoned.map((name) => join(folder, name))];
}

/** Renames the first of `candidates` that is still there, and its note, to `path`. */
async function takeOver(candidates: readonly string[], path: string): Promise<void> {
  for (const candidate of candidates) {
    if (!(await renameIfThere(candidate, path))) continue;
    await renameIfThere(`${candidate}.json`, `${path}.json`);
    return;
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function readNote(path: string): Promise<z.infer<typeof noteSchema> | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(`${path}.json`, 'utf8')));
  } catch {
    // Missing or cut short: then nobody knows what the bytes belong to, and the download begins anew.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
