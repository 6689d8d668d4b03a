import { fileURLToPath } from 'node:url';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import { ImageRuns } from '../../peer/door/infer/image-run.ts';
import { Places } from '../../peer/door/infer/places.ts';
import { Engines } from '../../peer/engines.ts';
import { createLogger } from '../../peer/log.ts';

/** Decoder and model as a media peer has them, without HTTP. */
export class Alone implements AsyncDisposable {
  readonly #engines: Engines;
  readonly #runs: ImageRuns;

  static async open(): Promise<Alone> {
    const config = {
      modelsDir: process.env['SIGHTLINE_MODELS_DIR'],
      cacheDir: fileURLToPath(new URL('../../.cache/models', import.meta.url)),
      model: undefined,
      inferenceWorkers: 1,
      inferenceThreads: 1,
    };
    const engines = await Engines.open(config, createLogger('warn', 'bench'));
    const engine = await engines.get();
    const work = { engine, threshold: engine.manifest.threshold, classes: undefined };
    const { signal } = new AbortController();
    return new Alone(engines, new ImageRuns({ codecs: nativeCodecs, work, places: new Places(4), signal }));
  }

  private constructor(engines: Engines, runs: ImageRuns) {
    this.#engines = engines;
    this.#runs = runs;
  }

  async look(jpeg: Uint8Array): Promise<void> {
    await this.#runs.look(jpeg);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#runs[Symbol.dispose]();
    await this.#engines.close();
  }
}
