import { AV_PIX_FMT_YUV420P, AVCOL_RANGE_JPEG, AVCOL_RANGE_MPEG } from 'node-av/constants';
import { type Frame, SoftwareScaleContext } from 'node-av/lib';
import type { FramePool } from './frame-pool.ts';
import { expectSuccess, Native } from './natives.ts';

/** Whether a decoded frame needs no conversion. VP8 never does; some phones send H.264 in full range (yuvj420p). */
export function isLimitedI420(frame: Frame): boolean {
  return frame.format === AV_PIX_FMT_YUV420P && frame.colorRange !== AVCOL_RANGE_JPEG;
}

/**
 * Turns whatever a decoder puts out into I420 in limited range, the one form that everything behind it draws in,
 * scales and encodes. The matrix (BT.601, BT.709) stays what it was.
 */
export class LimitedRange {
  readonly #pool: FramePool;
  #context: Native<SoftwareScaleContext> | undefined;

  constructor(pool: FramePool) {
    this.#pool = pool;
  }

  /** A frame of the pool's with the picture of `source`. */
  async convert(source: Frame): Promise<Native<Frame>> {
    this.#context ??= newContext();
    const target = this.#pool.take(source.width, source.height);
    try {
      expectSuccess(target.value.copyProps(source), 'copy the properties of a frame');
      target.value.colorRange = AVCOL_RANGE_MPEG;
      const code = await this.#context.value.scaleFrame(target.value, source);
      expectSuccess(code, 'convert a frame to limited range');
      return target;
    } catch (error) {
      target.release();
      throw error;
    }
  }

  close(): void {
    this.#context?.release();
    this.#context = undefined;
  }
}

function newContext(): Native<SoftwareScaleContext> {
  const context = new SoftwareScaleContext();
  context.allocContext();
  return new Native(context, (value) => value.freeContext());
}
