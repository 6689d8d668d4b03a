import { expectRoom, type Scaler } from '../scaler.ts';
import { Turn } from '../turn.ts';
import { PictureFilter } from './picture-filter.ts';
import type { FfmpegProgram } from './program.ts';
import type { PlainVideoFrame } from './video-frame.ts';

/** As the native scaler: bilinear with full-size chroma and exact rounding, by way of planes. */
const FLAGS = 'bilinear+full_chroma_int+accurate_rnd';

/** Scales and converts in an ffmpeg process: in JavaScript it takes 12 ms of the thread that serves RTP. */
export class ProcessScaler implements Scaler {
  #memory = new Uint8Array();
  readonly #filter: PictureFilter;
  readonly #turn = new Turn('scaler', () => {});

  constructor(program: FfmpegProgram) {
    this.#filter = new PictureFilter(program, (bytes) => this.#memoryOf(bytes));
  }

  async scale(
    frame: PlainVideoFrame,
    width: number,
    height: number,
    target: Uint8Array,
    targetStride: number,
  ): Promise<void> {
    expectRoom(width, height, target, targetStride);
    await this.#turn.run(async () => {
      const { planes, matrix = 'bt601' } = frame;
      const row = width * 3;
      const pixels = await this.#filter.apply(planes, {
        attempt: `scale a frame of ${planes.width}×${planes.height} to ${width}×${height}`,
        graph: `scale=${width}:${height}:flags=${FLAGS}:in_color_matrix=${matrix}:in_range=tv:out_range=pc,format=gbrp`,
        pixelFormat: 'rgb24',
        bytes: row * height,
      });
      if (!pixels || this.#turn.closed) return;
      for (let y = 0; y < height; y += 1) {
        target.set(pixels.subarray(y * row, (y + 1) * row), y * targetStride);
      }
    });
  }

  close(): void {
    this.#turn.close();
    this.#filter.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** One picture is looked at at a time. */
  #memoryOf(bytes: number): Uint8Array<ArrayBuffer> {
    if (this.#memory.length !== bytes) this.#memory = new Uint8Array(bytes);
    return this.#memory;
  }
}
