import { SightlineError } from '../../../protocol/errors.ts';
import { Exchange } from './exchange.ts';
import { ivfFrameHeader, ivfHeader } from './ivf.ts';
import { type Planes, planesBytes } from './planes.ts';
import { AT_ONCE, type FfmpegProgram, passthrough, QUIETLY } from './program.ts';

/** Ticks a second of the times that ffmpeg is shown: each picture is one tick after the one before. */
const RATE = 30;
/** A picture takes some 3 ms. A child that takes as long as this hangs. */
const PATIENCE_MS = 2_000;

export interface PictureFilterOptions {
  /** What is attempted, for messages. */
  readonly attempt: string;
  /** FFmpeg's filter graph. */
  readonly graph: string;
  readonly pixelFormat: 'yuv420p' | 'rgb24';
  /** Of one picture that comes out. */
  readonly bytes: number;
}

/** Sends pictures through a filter of ffmpeg's. One process serves pictures of one size and one filter graph. */
export class PictureFilter {
  readonly #program: FfmpegProgram;
  readonly #allocate: (bytes: number) => Uint8Array<ArrayBuffer>;
  #exchange: Exchange | undefined;
  #purpose = '';
  #pictures = 0;

  /** @param allocate memory for the pictures that come out */
  constructor(program: FfmpegProgram, allocate: (bytes: number) => Uint8Array<ArrayBuffer>) {
    this.#program = program;
    this.#allocate = allocate;
  }

  /**
   * The picture that comes of this one, packed; undefined after `close()`.
   * @param planes held until they are out of this process
   * @throws SightlineError `codec-failed`
   */
  async apply(planes: Planes, options: PictureFilterOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const exchange = this.#exchangeFor(planes, options);
    const { width, height } = planes;
    const header = ivfFrameHeader(planesBytes(width, height), this.#pictures);
    this.#pictures += 1;
    planes.hold();
    const parts = [header, planes.packed(width, height)];
    const packet = await exchange.ask(options.attempt, parts, PATIENCE_MS, () => planes.release());
    if (packet?.data.length === options.bytes) return packet.data;
    if (!packet && exchange.ended) return undefined;
    exchange.close();
    const found = packet ? `found ${packet.data.length} bytes` : 'found none in time';
    const message = `Cannot ${options.attempt}: expected a picture of ${options.bytes} bytes, ${found}`;
    throw new SightlineError('codec-failed', message);
  }

  /** Ends the process. Who waits for a picture gets none. */
  close(): void {
    this.#exchange?.close();
  }

  #exchangeFor({ width, height }: Planes, { graph, pixelFormat, bytes }: PictureFilterOptions): Exchange {
    const purpose = `${width}×${height} ${graph}`;
    if (this.#exchange && !this.#exchange.ended && purpose === this.#purpose) return this.#exchange;
    this.#exchange?.close();
    this.#purpose = purpose;
    this.#exchange = new Exchange({
      program: this.#program.path,
      args: argumentsOf(this.#program, graph, pixelFormat),
      header: ivfHeader({ code: 'I420', width, height, rate: RATE }),
      allocate: this.#allocate,
      maxPacketBytes: bytes,
    });
    return this.#exchange;
  }
}

function argumentsOf(program: FfmpegProgram, graph: string, pixelFormat: string): readonly string[] {
  return [
    ...QUIETLY,
    ...['-threads', '1', ...AT_ONCE, '-i', 'pipe:0', '-an'],
    ...['-filter_threads', '1', '-vf', `${graph},format=${pixelFormat}`],
    // On several threads the encoder of raw pictures would hold one back.
    ...['-c:v', 'rawvideo', '-threads', '1', ...passthrough(program), '-enc_time_base', `1:${RATE}`],
    ...['-flush_packets', '1', '-f', 'nut', 'pipe:1'],
  ];
}
