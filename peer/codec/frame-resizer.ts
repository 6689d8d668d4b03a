import { SoftwareScaleContext } from 'node-av/lib';
import { SightlineError } from '../../protocol/errors.ts';
import { FramePool } from './frame-pool.ts';
import { NativeTurn } from './native-turn.ts';
import { cloneFrame, expectSuccess, Native } from './natives.ts';
import { VideoFrame } from './video-frame.ts';

/** Its filter grows with the reduction, so that nothing flickers: 0.25 ms for 640×480 → 320×240, 1 ms for 1280×720 → 640×360. */
const FLAGS = 'bilinear';

/**
 * Makes frames smaller (or larger) before they are drawn on and encoded, on libuv's pool: I420 to I420, with the
 * timestamp and the matrix of the original. One for each track; it adapts to changing sizes.
 */
export class FrameResizer implements Disposable {
  readonly #context: Native<SoftwareScaleContext>;
  readonly #pool = new FramePool();
  readonly #turn: NativeTurn;

  constructor() {
    const context = new SoftwareScaleContext();
    context.allocContext();
    this.#context = new Native(context, (value) => value.freeContext());
    this.#turn = new NativeTurn('frame resizer', () => {
      this.#pool.close();
      this.#context.release();
    });
    expectSuccess(context.setOption('sws_flags', FLAGS), 'set up a frame resizer');
  }

  /**
   * The whole frame at another size in pixels, to be closed by the caller; one that has this size already is shared, not
   * copied. The frame given stays the caller's, who may close it at once. undefined where the resizer was closed
   * meanwhile.
   * @throws SightlineError `codec-failed`, also when called while a call is running
   */
  async resize(frame: VideoFrame, width: number, height: number): Promise<VideoFrame | undefined> {
    if (!(width > 0 && height > 0)) {
      const found = `found ${width}×${height}`;
      throw new SightlineError('codec-failed', `Cannot resize a frame: expected a size above 0, ${found}`);
    }
    return this.#turn.run(async () => {
      if (frame.width === width && frame.height === height) return frame.share();
      const resized = await this.#resized(frame, width, height);
      if (!this.#turn.closed) return resized;
      resized.close();
      return undefined;
    });
  }

  /** Frees the resizer, after the call that is running. Frames that it gave stay valid. */
  close(): void {
    this.#turn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #resized(frame: VideoFrame, width: number, height: number): Promise<VideoFrame> {
    const { timestamp } = frame;
    const input = cloneFrame(frame.native);
    const output = this.#pool.take(width, height);
    try {
      expectSuccess(output.value.copyProps(input.value), 'copy the properties of a frame');
      const code = await this.#context.value.scaleFrame(output.value, input.value);
      expectSuccess(code, `resize a frame to ${width}×${height}`);
      return new VideoFrame(output, timestamp, { pool: this.#pool, pooled: true });
    } catch (error) {
      output.release();
      throw error;
    } finally {
      input.release();
    }
  }
}
