import { SightlineError } from '../../../protocol/errors.ts';
import type { InferResult } from '../../../protocol/infer.ts';
import type { Codecs } from '../../codec/codecs.ts';
import type { Scaler } from '../../codec/scaler.ts';
import type { VideoFrame } from '../../codec/video-frame.ts';
import type { InferenceResult } from '../../inference/frame-job.ts';
import { inBands } from '../../row-bands.ts';
import { toRuns } from '../../vision/mask-runs.ts';
import { drawFound, drawMask } from '../../vision/overlay.ts';
import { MAX_PIXELS } from './limits.ts';
import type { Places } from './places.ts';
import type { InferWork } from './settings.ts';

const JPEG_QUALITY = 85;

export interface ImageRunsOptions {
  readonly codecs: Codecs;
  readonly work: InferWork;
  /** Of this media peer: an image takes one while there are pixels of it. */
  readonly places: Places;
  readonly signal: AbortSignal;
}

/** Looks at the images of one request. */
export class ImageRuns implements Disposable {
  readonly #options: ImageRunsOptions;
  /** Those that no image uses now. */
  readonly #scalers: Scaler[] = [];

  constructor(options: ImageRunsOptions) {
    this.#options = options;
  }

  /** What is found in an image. @throws SightlineError of the image, or `inference-failed` */
  async look(bytes: Uint8Array): Promise<InferResult> {
    using _place = await this.#options.places.take(this.#options.signal);
    using frame = await this.#decode(bytes);
    const { width, height } = frame;
    const { objects, mask } = await this.#infer(frame);
    const { id: model, task } = this.#options.work.engine.manifest;
    const shape = mask && { mask: toRuns(mask) };
    return { width, height, task, model, objects: this.#wanted(objects), ...shape };
  }

  /** The image as a JPEG with what is found in it drawn. @throws as `look()` */
  async draw(bytes: Uint8Array): Promise<Uint8Array> {
    const { codecs, work, places, signal } = this.#options;
    using _place = await places.take(signal);
    using frame = await this.#decode(bytes);
    const { objects, mask } = await this.#infer(frame);
    const wanted = this.#wanted(objects);
    frame.makeWritable();
    const isOfFrame = work.engine.manifest.task === 'classify';
    const found = isOfFrame ? { objects: [], classes: wanted } : { objects: wanted };
    if (mask) await inBands(frame, (from, end) => drawMask(frame.picture, mask, { from, end }));
    drawFound(frame.picture, found);
    using encoder = codecs.openJpegEncoder({ quality: JPEG_QUALITY });
    return await encoder.encode(frame);
  }

  /** Once nothing is looked at any more. */
  [Symbol.dispose](): void {
    for (const scaler of this.#scalers.splice(0)) scaler.close();
  }

  #decode(bytes: Uint8Array): Promise<VideoFrame> {
    return this.#options.codecs.decodeImage(bytes, { maxPixels: MAX_PIXELS });
  }

  /** A source for each image: of one source the newest frame replaces the one that waits. */
  async #infer(frame: VideoFrame): Promise<InferenceResult> {
    const { codecs, work, signal } = this.#options;
    const source = work.engine.addSource();
    const scaler = this.#scalers.pop() ?? codecs.newScaler();
    const end = () => source.close();
    signal.addEventListener('abort', end, { once: true });
    const pixels = frame.share();
    try {
      const { width, height } = frame;
      const result = await source.offer({
        width,
        height,
        threshold: work.threshold,
        prepare: (input) => scaler.scale(pixels, input.width, input.height, input.pixels, input.stride),
        release: () => pixels.close(),
      });
      if (result) return result;
      throw new SightlineError('inference-failed', 'Cannot look at the image: the request has ended');
    } finally {
      signal.removeEventListener('abort', end);
      source.close();
      this.#scalers.push(scaler);
    }
  }

  #wanted(objects: InferenceResult['objects']): InferenceResult['objects'][number][] {
    const { classes } = this.#options.work;
    return objects.filter(({ label }) => classes === undefined || classes.includes(label));
  }
}
