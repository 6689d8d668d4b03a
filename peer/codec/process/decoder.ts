import { SightlineError } from '../../../protocol/errors.ts';
import type { IncomingCodec } from '../../rtp/packet.ts';
import type { CodedUnit, DecoderOptions, VideoDecoder } from '../decoder.ts';
import { Turn } from '../turn.ts';
import type { ColourMatrix } from '../video-frame.ts';
import { Exchange } from './exchange.ts';
import { ivfFrameHeader, ivfHeader } from './ivf.ts';
import type { NutPacket } from './nut-reader.ts';
import { Planes, planesBytes } from './planes.ts';
import { PlanesPool } from './planes-pool.ts';
import { AT_ONCE, type FfmpegProgram, passthrough, QUIETLY } from './program.ts';
import { configurationOf, isParametersAlone } from './stream-configuration.ts';
import { PlainVideoFrame } from './video-frame.ts';

/** Ticks a second of the times that ffmpeg is shown: each unit is one tick after the one before. */
const RATE = 30;
/** A unit that has made no frame by then makes none, or not before the next. A frame takes some 3 ms. */
const PATIENCE_MS = 250;
/** H.264 holds no more frames back; a child that answers nothing to so many units hangs. */
const MAX_UNANSWERED = 16;
/** More pixels than 8K UHD no frame has. */
const MAX_PIXELS = 7680 * 4320;
/** Bytes of parameter sets that came by themselves; more are dropped. */
const MAX_PARAMETERS = 65_536;

const codes: Readonly<Record<IncomingCodec, string>> = {
  VP8: 'VP80',
  H264: 'H264',
  VP9: 'VP90',
  AV1: 'AV01',
};

/**
 * Decodes with an ffmpeg process. It runs from one key frame to the first that tells of another size or format, and is
 * started again at the next key frame where it has died. Frames that change size in between (VP9 can) come at the size
 * of the last key frame. H.264 with B-frames is not taken: WebRTC senders make none.
 */
export class ProcessDecoder implements VideoDecoder {
  readonly #program: FfmpegProgram;
  readonly #codec: IncomingCodec;
  readonly #args: readonly string[];
  readonly #pool = new PlanesPool();
  readonly #turn: Turn;
  #exchange: Exchange | undefined;
  #configuration: Uint8Array | undefined;
  #parameters: Uint8Array = new Uint8Array();
  /** RTP timestamps of the units that wait for their frame, by their place in the stream. */
  readonly #timestamps = new Map<number, number>();
  #units = 0;

  constructor(program: FfmpegProgram, codec: IncomingCodec, { threads = 1 }: DecoderOptions = {}) {
    const decoder = program.decoders[codec];
    if (!decoder)
      throw new SightlineError('codec-failed', `Cannot decode ${codec}: this ffmpeg has no decoder`);
    this.#program = program;
    this.#codec = codec;
    this.#args = argumentsOf(program, decoder, threads);
    this.#turn = new Turn(`${codec} decoder`, () => this.#pool.close());
  }

  async decode(unit: CodedUnit): Promise<PlainVideoFrame | undefined> {
    return this.#turn.run(async () => {
      if (unit.data.length === 0) throw this.#failure('expected a unit, found 0 bytes');
      const data = Buffer.concat([this.#parameters, unit.data]);
      if (isParametersAlone(this.#codec, data)) {
        this.#parameters = data.length > MAX_PARAMETERS ? new Uint8Array() : data;
        return undefined;
      }
      this.#parameters = new Uint8Array();
      return this.#decode(this.#exchangeFor(data), data, unit);
    });
  }

  close(): void {
    this.#turn.close();
    this.#exchange?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #decode(exchange: Exchange, data: Uint8Array, unit: CodedUnit): Promise<PlainVideoFrame | undefined> {
    const index = this.#units;
    this.#units += 1;
    this.#timestamps.set(index, unit.timestamp);
    const attempt = `decode a ${this.#codec} unit of ${unit.data.length} bytes`;
    const packet = await exchange.ask(attempt, [ivfFrameHeader(data.length, index), data], PATIENCE_MS);
    if (packet && !this.#turn.closed) return this.#frameOf(packet, exchange);
    if (this.#timestamps.size < MAX_UNANSWERED || this.#turn.closed) return undefined;
    exchange.close();
    throw this.#failure(`expected a frame, found none in ${MAX_UNANSWERED} units`);
  }

  /** The child that is running, or another where the unit cannot be decoded by that one. */
  #exchangeFor(data: Uint8Array): Exchange {
    const configuration = configurationOf(this.#codec, data);
    const running = this.#exchange?.ended ? undefined : this.#exchange;
    const sameStream =
      !configuration || (this.#configuration && Buffer.compare(configuration, this.#configuration) === 0);
    if (running && sameStream) return running;
    if (!configuration) throw this.#failure('expected a key frame to begin with, found none');
    running?.close();
    this.#configuration = configuration;
    this.#units = 0;
    this.#timestamps.clear();
    this.#exchange = new Exchange({
      program: this.#program.path,
      args: this.#args,
      header: ivfHeader({ code: codes[this.#codec], width: 0, height: 0, rate: RATE }),
      allocate: (bytes) => new Uint8Array(this.#pool.take(bytes)),
      maxPacketBytes: MAX_PIXELS * 2,
    });
    return this.#exchange;
  }

  async #frameOf({ time, data }: NutPacket, exchange: Exchange): Promise<PlainVideoFrame | undefined> {
    const index = Math.round(time * RATE);
    const timestamp = this.#timestamps.get(index);
    for (const unit of this.#timestamps.keys()) if (unit <= index) this.#timestamps.delete(unit);
    const matrix = matrixIn(await exchange.description);
    const { width, height } = exchange.size;
    if (timestamp === undefined || data.length !== planesBytes(width, height)) {
      exchange.close();
      throw this.#failure(`expected a frame of ${width}×${height}, found ${data.length} bytes`);
    }
    if (this.#turn.closed) return undefined;
    return new PlainVideoFrame(new Planes(width, height, data.buffer, this.#pool), timestamp, matrix);
  }

  #failure(reason: string): SightlineError {
    return new SightlineError('codec-failed', `Cannot decode ${this.#codec}: ${reason}`);
  }
}

/** Raw pictures have an encoder too, which on several threads would hold a frame back: hence the second `-threads`. */
function argumentsOf(program: FfmpegProgram, decoder: string, threads: number): readonly string[] {
  const input = ['-flags', 'low_delay', '-thread_type', 'slice', '-threads', String(threads)];
  const toLimitedI420 = ['-filter_threads', '1', '-vf', 'scale=out_range=tv,format=yuv420p'];
  return [
    ...QUIETLY,
    ...input,
    ...['-c:v', decoder, '-max_pixels', String(MAX_PIXELS)],
    ...[...AT_ONCE, '-i', 'pipe:0', '-an'],
    ...toLimitedI420,
    ...['-c:v', 'rawvideo', '-threads', '1', ...passthrough(program), '-enc_time_base', `1:${RATE}`],
    ...['-flush_packets', '1', '-f', 'nut', 'pipe:1'],
  ];
}

/** In `yuv420p(tv, bt709/unknown/unknown, progressive)` the first of the three, or all in one word. */
function matrixIn(description: string): ColourMatrix | undefined {
  const fields = /yuv420p\(([^)]*)\)/.exec(description)?.[1]?.split(', ') ?? [];
  const words = fields.map((field) => field.split('/')[0]);
  if (words.includes('bt709')) return 'bt709';
  return words.includes('smpte170m') || words.includes('bt470bg') ? 'bt601' : undefined;
}
