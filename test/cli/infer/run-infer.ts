import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { classifier } from '../models/classifier.ts';
import { classifierManifest, writeModel } from '../models/own-folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** How a run ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: Buffer;
  readonly complaint: string;
}

/** `sightline infer` as a process of its own; it knows one model, which tells red, green and blue apart. */
export class InferProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<Ended>;

  static async start(folder: string, ...args: string[]): Promise<InferProcess> {
    await writeModel(join(folder, 'models', 'main-colour'), {
      'colour.onnx': classifier('softmax'),
      'manifest.json': classifierManifest,
    });
    return new InferProcess(folder, args);
  }

  private constructor(folder: string, args: readonly string[]) {
    const env = {
      ...process.env,
      SIGHTLINE_MODELS_DIR: join(folder, 'models'),
      SIGHTLINE_CACHE_DIR: join(folder, 'cache'),
      SIGHTLINE_INFERENCE_WORKERS: '2',
    };
    const all = [join(root, 'cli/main.ts'), 'infer', '--model', 'main-colour', ...args];
    this.child = spawn(process.execPath, all, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdin.on('error', () => {});
    this.ended = this.#end();
  }

  async #end(): Promise<Ended> {
    const [output, complaint, [status, signal]] = await Promise.all([
      buffer(this.child.stdout).catch(() => Buffer.alloc(0)),
      text(this.child.stderr),
      once(this.child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    return { status, signal, output, complaint };
  }
}

/** Runs it to its end. */
export async function runInfer(folder: string, ...args: string[]): Promise<Ended> {
  const { child, ended } = await InferProcess.start(folder, ...args);
  child.stdin.end();
  return ended;
}
