import { SoftwareScaleContext } from 'node-av/lib';
import { expectSize, type FrameResizer } from '../frame-resizer.ts';
import { Turn } from '../turn.ts';
import { FramePool } from './frame-pool.ts';
import { cloneFrame, expectSuccess, Native } from './natives.ts';
import { NativeVideoFrame } from './video-frame.ts';

/** Its filter grows with the reduction, so that nothing flickers: 0.25 ms for 640×480 → 320×240, 1 ms for 1280×720 → 640×360. */
const FLAGS = 'bilinear';

/** Resizes on libuv's pool. */
export class NativeResizer implements FrameResizer {
  readonly #context: Native<SoftwareScaleContext>;
  readonly #pool = new FramePool();
  readonly #turn: Turn;

  constructor() {
    const context = new SoftwareScaleContext();
    context.allocContext();
    this.#context = new Native(context, (value) => value.freeContext());
    this.#turn = new Turn('frame resizer', () => {
      this.#pool.close();
      this.#context.release();
    });
    expectSuccess(context.setOption('sws_flags', FLAGS), 'set up a frame resizer');
  }

  async resize(
    frame: NativeVideoFrame,
    width: number,
    height: number,
  ): Promise<NativeVideoFrame | undefined> {
    expectSize(width, height);
    return this.#turn.run(async () => {
      if (frame.width === width && frame.height === height) return frame.share();
      const resized = await this.#resized(frame, width, height);
      if (!this.#turn.closed) return resized;
      resized.close();
      return undefined;
    });
  }

  close(): void {
    this.#turn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #resized(frame: NativeVideoFrame, width: number, height: number): Promise<NativeVideoFrame> {
    const { timestamp } = frame;
    const input = cloneFrame(frame.native);
    const output = this.#pool.take(width, height);
    try {
      expectSuccess(output.value.copyProps(input.value), 'copy the properties of a frame');
      const code = await this.#context.value.scaleFrame(output.value, input.value);
      expectSuccess(code, `resize a frame to ${width}×${height}`);
      return new NativeVideoFrame(output, timestamp, { pool: this.#pool, pooled: true });
    } catch (error) {
      output.release();
      throw error;
    } finally {
      input.release();
    }
  }
}
