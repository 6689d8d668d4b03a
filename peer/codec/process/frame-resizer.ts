import { expectSize, type FrameResizer } from '../frame-resizer.ts';
import { Turn } from '../turn.ts';
import { PictureFilter } from './picture-filter.ts';
import { Planes, planesBytes } from './planes.ts';
import { PlanesPool } from './planes-pool.ts';
import type { FfmpegProgram } from './program.ts';
import { PlainVideoFrame } from './video-frame.ts';

/** Resizes in an ffmpeg process. */
export class ProcessResizer implements FrameResizer {
  readonly #pool = new PlanesPool();
  readonly #filter: PictureFilter;
  readonly #turn = new Turn('frame resizer', () => this.#pool.close());

  constructor(program: FfmpegProgram) {
    this.#filter = new PictureFilter(program, (bytes) => new Uint8Array(this.#pool.take(bytes)));
  }

  async resize(frame: PlainVideoFrame, width: number, height: number): Promise<PlainVideoFrame | undefined> {
    expectSize(width, height);
    return this.#turn.run(async () => {
      if (frame.width === width && frame.height === height) return frame.share();
      const { timestamp, matrix, planes } = frame;
      const resized = await this.#filter.apply(planes, {
        attempt: `resize a frame of ${planes.width}×${planes.height} to ${width}×${height}`,
        graph: `scale=${width}:${height}:flags=bilinear:in_range=tv:out_range=tv`,
        pixelFormat: 'yuv420p',
        bytes: planesBytes(width, height),
      });
      if (!resized || this.#turn.closed) return undefined;
      return new PlainVideoFrame(new Planes(width, height, resized.buffer, this.#pool), timestamp, matrix);
    });
  }

  close(): void {
    this.#turn.close();
    this.#filter.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
