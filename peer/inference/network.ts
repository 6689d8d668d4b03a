import { SightlineError } from '../../protocol/errors.ts';
import type { Found } from '../vision/found.ts';
import { type Letterbox, letterbox, type Size } from '../vision/letterbox.ts';
import { readFound } from '../vision/stages/read-found.ts';
import { fillTensor, type TensorData } from '../vision/tensor.ts';
import type { WorkerSetup } from './messages.ts';
import { ModelSession } from './model-session.ts';
import { largestPixelSize, pixelSize } from './pixel-size.ts';
import type { Placing } from './placement.ts';
import { TwoStages } from './two-stages.ts';

/** A frame to be looked at. */
interface Look {
  /** Packed RGB24 in the size that {@link pixelSize} gives for the frame; not kept. */
  readonly pixels: Uint8Array;
  /** Of the frame that the pixels were scaled from. */
  readonly size: Size;
  readonly threshold: number;
}

/** A loaded model, or two that work together, on the thread that made it; every run blocks it until it is over. */
export class Network {
  readonly #model: ModelSession;
  readonly #twoStages: TwoStages | undefined;

  private constructor(model: ModelSession, second: ModelSession | undefined) {
    this.#model = model;
    this.#twoStages = second && new TwoStages(model, second);
  }

  /**
   * Loads the model, compares it with its manifest, and runs it once on a grey picture: the first run costs several.
   *
   * @throws {SightlineError} `model-unreadable`, `model-contract-mismatch`, `inference-failed`
   */
  static async load(
    { manifest, path, second, threads }: Omit<WorkerSetup, 'inputs' | 'backend' | 'maxBatch'>,
    placing?: Placing,
  ): Promise<Network> {
    if ((manifest.second === undefined) !== (second === undefined)) {
      const [expected, found] = [manifest.second?.model ?? 'none', second?.manifest.id ?? 'none'];
      throw new SightlineError(
        'model-unreadable',
        `Cannot load the model ${path}: expected the second model ${expected} beside it, found ${found}`,
      );
    }
    const part = second && (await ModelSession.load(second.manifest, second.path, threads, placing));
    const network = new Network(await ModelSession.load(manifest, path, threads, placing), part);
    await network.#warmUp();
    return network;
  }

  /**
   * Looks at a frame.
   *
   * @param pixels packed RGB24 in the size that {@link pixelSize} gives for the frame; not kept.
   * @param frame size of the frame that the pixels were scaled from.
   * @throws {SightlineError} `inference-failed`, or `model-contract-mismatch` where the outputs are not as described
   */
  async run(pixels: Uint8Array, frame: Size, threshold: number): Promise<Found> {
    const { manifest, values } = this.#model;
    if (this.#twoStages) {
      return this.#twoStages.run({ pixels, ...pixelSize(manifest, frame) }, threshold);
    }
    const geometry = this.#fill(values, pixels, frame);
    return this.#model.run((outputs) => readFound(manifest, outputs, geometry, threshold));
  }

  /**
   * Looks at several frames in one run, or at one. No more than the manifest's `maxBatch`.
   *
   * @returns what was found in each, in their order
   * @throws {SightlineError} as {@link run}
   */
  async runAll(looks: readonly Look[]): Promise<Found[]> {
    const [first] = looks;
    if (first && looks.length === 1) return [await this.run(first.pixels, first.size, first.threshold)];
    const geometries = looks.map(({ pixels, size }, index) =>
      this.#fill(this.#model.valuesOf(index), pixels, size),
    );
    const { manifest } = this.#model;
    return this.#model.runBatch(looks.length, (outputs, index) => {
      const [look, geometry] = [looks[index], geometries[index]];
      if (!look || !geometry) throw new RangeError(`No frame ${index}`);
      return readFound(manifest, outputs, geometry, look.threshold);
    });
  }

  #fill(values: TensorData, pixels: Uint8Array, frame: Size): Letterbox {
    const { input } = this.#model.manifest;
    const geometry = letterbox(frame, input, input.fit);
    fillTensor(values, { pixels, stride: geometry.scaledWidth * 3 }, geometry, input);
    return geometry;
  }

  async #warmUp(): Promise<void> {
    const { manifest } = this.#model;
    const { width, height } = largestPixelSize(manifest);
    await this.run(new Uint8Array(width * height * 3).fill(manifest.input.pad), { width, height }, 1);
    await this.#twoStages?.warmUp();
  }
}
