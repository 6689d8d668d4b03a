import { SightlineError } from '../../../protocol/errors.ts';
import { type JpegEncoder, type JpegEncoderOptions, quantizerOf } from '../jpeg-encoder.ts';
import { Turn } from '../turn.ts';
import { Exchange } from './exchange.ts';
import { ivfFrameHeader, ivfHeader } from './ivf.ts';
import { planesBytes } from './planes.ts';
import { AT_ONCE, type FfmpegProgram, passthrough, QUIETLY } from './program.ts';
import type { PlainVideoFrame } from './video-frame.ts';

/** A frame takes some 15 ms. A child that takes as long as this hangs. */
const PATIENCE_MS = 2_000;
/** Headers, and what the finest quantizer may take beyond the samples themselves. */
const SLACK_BYTES = 65_536;
const RATE = 30;

/** Encodes JPEGs with an ffmpeg process; one serves pictures of one size and matrix. */
export class ProcessJpegEncoder implements JpegEncoder {
  readonly #program: FfmpegProgram;
  readonly #quantizer: number;
  readonly #turn = new Turn('JPEG encoder', () => this.#exchange?.close());
  #exchange: Exchange | undefined;
  #purpose = '';
  #pictures = 0;

  constructor(program: FfmpegProgram, { quality }: JpegEncoderOptions) {
    this.#program = program;
    this.#quantizer = quantizerOf(quality);
  }

  async encode(frame: PlainVideoFrame): Promise<Uint8Array> {
    return this.#turn.run(async () => {
      const { width, height, planes } = frame;
      const exchange = this.#exchangeFor(frame);
      const header = ivfFrameHeader(planesBytes(width, height), this.#pictures);
      this.#pictures += 1;
      planes.hold();
      const parts = [header, planes.packed(width, height)];
      const attempt = `encode a JPEG of ${width}×${height}`;
      const packet = await exchange.ask(attempt, parts, PATIENCE_MS, () => planes.release());
      if (packet) return packet.data;
      exchange.close();
      throw new SightlineError('codec-failed', `Cannot ${attempt}: ffmpeg does not answer`);
    });
  }

  close(): void {
    this.#turn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #exchangeFor({ width, height, matrix = 'bt601' }: PlainVideoFrame): Exchange {
    const purpose = `${width}×${height} ${matrix}`;
    if (this.#exchange && !this.#exchange.ended && purpose === this.#purpose) return this.#exchange;
    this.#exchange?.close();
    this.#purpose = purpose;
    const toFull = `scale=in_range=tv:out_range=pc:in_color_matrix=${matrix}:out_color_matrix=bt601`;
    this.#exchange = new Exchange({
      program: this.#program.path,
      args: [
        ...QUIETLY,
        ...['-threads', '1', ...AT_ONCE, '-i', 'pipe:0', '-an'],
        ...['-filter_threads', '1', '-vf', `${toFull},format=yuvj420p`],
        ...['-c:v', 'mjpeg', '-threads', '1', '-qmin', '1', '-q:v', String(this.#quantizer)],
        ...[...passthrough(this.#program), '-enc_time_base', `1:${RATE}`],
        ...['-flush_packets', '1', '-f', 'nut', 'pipe:1'],
      ],
      header: ivfHeader({ code: 'I420', width, height, rate: RATE }),
      allocate: (bytes) => new Uint8Array(bytes),
      maxPacketBytes: 2 * planesBytes(width, height) + SLACK_BYTES,
    });
    return this.#exchange;
  }
}
