import { type FileHandle, open } from 'node:fs/promises';
import { STANDARD } from '../options.ts';
import { outputFailed } from './output-failed.ts';

/** Bytes into a file or standard output, as fast as those take them. */
export class ByteOutput {
  readonly #path: string;
  readonly #file: FileHandle | undefined;
  #closed = false;

  private constructor(path: string, file: FileHandle | undefined) {
    this.#path = path;
    this.#file = file;
  }

  /** @param path `-` is standard output; a file is replaced @throws SightlineError `output-failed` */
  static async open(path: string): Promise<ByteOutput> {
    if (path === STANDARD) return new ByteOutput(path, undefined);
    try {
      return new ByteOutput(path, await open(path, 'w'));
    } catch (error) {
      throw outputFailed(path, error);
    }
  }

  /** @throws SightlineError `output-failed` */
  async write(data: string | Uint8Array): Promise<void> {
    try {
      if (this.#file) await this.#file.appendFile(data);
      else await toStandardOutput(data);
    } catch (error) {
      throw outputFailed(this.#path, error);
    }
  }

  /** Over what stands at the beginning of the file. @throws SightlineError `output-failed` */
  async writeHead(data: Uint8Array): Promise<void> {
    try {
      await this.#file?.write(data, 0, data.length, 0);
    } catch (error) {
      throw outputFailed(this.#path, error);
    }
  }

  /** Idempotent. Standard output stays open. @throws SightlineError `output-failed` */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#file?.close();
    } catch (error) {
      throw outputFailed(this.#path, error);
    }
  }
}

function toStandardOutput(data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(data, (error) => (error ? reject(error) : resolve()));
  });
}
