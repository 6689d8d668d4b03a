import type { Codecs } from '../../../peer/codec/codecs.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import type { Scaler } from '../../../peer/codec/scaler.ts';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import type { Engine } from '../../../peer/inference/engine.ts';
import type { Size } from '../../../peer/vision/letterbox.ts';
import type { DetectedObject } from '../../../protocol/detections.ts';
import { ASKED } from './pairs.ts';

/** What a model found in a frame, and the pixels that it was shown: packed RGB of this size. */
export interface Look {
  readonly objects: readonly DetectedObject[];
  readonly pixels: Uint8Array;
  readonly size: Size;
}

/** Shows frames to a model as a call does: the scaler, the worker's shared memory, tensor, model, head. */
export class Looker implements Disposable {
  readonly #engine: Engine;
  readonly #scaler: Scaler;

  constructor(engine: Engine, codecs: Codecs = nativeCodecs) {
    this.#engine = engine;
    this.#scaler = codecs.newScaler();
  }

  async look(frame: VideoFrame): Promise<Look> {
    const source = this.#engine.addSource();
    let shown: Omit<Look, 'objects'> | undefined;
    const result = await source.offer({
      width: frame.width,
      height: frame.height,
      threshold: ASKED,
      prepare: async ({ width, height, pixels, stride }) => {
        await this.#scaler.scale(frame, width, height, pixels, stride);
        shown = { pixels: pixels.slice(), size: { width, height } };
      },
      release: () => {},
    });
    source.close();
    if (!result || !shown) throw new Error('The source was closed');
    return { objects: result.objects, ...shown };
  }

  [Symbol.dispose](): void {
    this.#scaler.close();
  }
}
