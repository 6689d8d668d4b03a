import { stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CHANNEL_ORDER_UNSPEC,
  AVFMT_FLAG_CUSTOM_IO,
  AVFMT_FLAG_FLUSH_PACKETS,
  AVMEDIA_TYPE_AUDIO,
} from 'node-av/constants';
import { Dictionary, FormatContext, IOContext, Packet, Rational, type Stream } from 'node-av/lib';
import type { AudioFormat, AudioPacket } from '../media-audio.ts';
import type { WriterOptions } from '../media-writer.ts';
import type { FileEncoder } from './media-encoder.ts';
import { audioCodecIds } from './media-info.ts';
import { writeCallback } from './media-stream-io.ts';
import { expectSuccess, Native } from './natives.ts';

/** Bytes that go into a stream of bytes at a time. */
const STREAM_BUFFER = 1 << 16;
/** Microseconds that pictures wait for sound that may not come. */
const LONGEST_WAIT_US = 1_000_000n;

const TIME_BASE = new Rational(1, 90_000);

/** A fragment begins at each key frame, and all that is needed to play it stands at the head (ISO/IEC 14496-12). */
const FRAGMENTED = 'frag_keyframe+empty_moov+default_base_moof';
const PLAIN = 'faststart';

/** Writes coded pictures and sound into MP4, on libuv's pool. */
export class Muxer {
  readonly #format: Native<FormatContext>;
  readonly #packet: Native<Packet>;
  readonly #abort = new AbortController();
  #io: Native<IOContext> | undefined;
  #video: Stream | undefined;
  #audio: Stream | undefined;
  #path: string | undefined;
  #fileOpen = false;
  #bytes = 0;
  #lastAudio = Number.NEGATIVE_INFINITY;

  private constructor() {
    this.#format = new Native(new FormatContext(), (value) => value.freeContext());
    this.#packet = new Native(new Packet(), (packet) => packet.free());
    this.#packet.value.alloc();
  }

  /** @throws SightlineError `codec-failed` */
  static async open(encoder: FileEncoder, options: WriterOptions): Promise<Muxer> {
    const muxer = new Muxer();
    try {
      await muxer.#open(encoder, options);
      return muxer;
    } catch (error) {
      await muxer.close();
      throw error;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param packet with times of the encoder; its contents are taken over */
  async writeVideo(packet: Packet): Promise<void> {
    if (this.#video) await this.#write(packet, this.#video, TIME_BASE);
  }

  /** Sound that goes back in time is left out: a file cannot hold it. */
  async writeAudio({ data, seconds, durationSeconds }: AudioPacket): Promise<void> {
    const stream = this.#audio;
    if (!stream || data.length === 0) return;
    const { sampleRate } = stream.codecpar;
    const time = Math.round(seconds * sampleRate);
    if (time <= this.#lastAudio) return;
    this.#lastAudio = time;
    const packet = this.#packet.value;
    packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    packet.pts = BigInt(time);
    packet.dts = BigInt(time);
    packet.duration = BigInt(Math.round(durationSeconds * sampleRate));
    packet.isKeyframe = true;
    await this.#write(packet, stream, new Rational(1, sampleRate));
  }

  async finish(): Promise<void> {
    expectSuccess(await this.#format.value.writeTrailer(), 'end the file');
    if (this.#path === undefined) return;
    this.#fileOpen = false;
    await this.#format.value.closeOutput();
    this.#bytes = (await stat(this.#path)).size;
  }

  /** Lets go of a write that waits for its reader. */
  interrupt(): void {
    this.#abort.abort();
  }

  /** To be called when no call is running any more. Idempotent. */
  async close(): Promise<void> {
    if (this.#fileOpen) await this.#format.value.closeOutput();
    this.#fileOpen = false;
    this.#packet.release();
    // node-av would free it with the context, and then again.
    if (this.#io) this.#format.value.pb = null;
    this.#format.release();
    this.#io?.release();
    this.#io = undefined;
  }

  async #open(encoder: FileEncoder, options: WriterOptions): Promise<void> {
    const { target, audio, fragmented = false } = options;
    const format = this.#format.value;
    const address = typeof target === 'string' ? `file:${target}` : null;
    expectSuccess(format.allocOutputContext2(null, 'mp4', address), 'set up a file');
    this.#video = format.newStream();
    expectSuccess(this.#video.codecpar.fromContext(encoder.context), 'set up a file');
    this.#video.timeBase = TIME_BASE;
    if (audio) this.#audio = addAudio(format, audio);
    if (typeof target === 'string') {
      expectSuccess(await format.openOutput(), 'open the file');
      this.#fileOpen = true;
      this.#path = target;
    } else this.#connect(target);
    const cut = fragmented || typeof target !== 'string';
    if (cut) {
      format.maxInterleaveDelta = LONGEST_WAIT_US;
      // A fragment in FFmpeg's buffer would be lost with the process.
      format.setFlags(AVFMT_FLAG_FLUSH_PACKETS);
    }
    const settings = Dictionary.fromObject({
      movflags: cut ? FRAGMENTED : PLAIN,
      video_track_timescale: TIME_BASE.den,
    });
    try {
      expectSuccess(await format.writeHeader(settings), 'begin the file');
    } finally {
      settings.free();
    }
  }

  #connect(target: Writable): void {
    const count = (bytes: number) => {
      this.#bytes += bytes;
    };
    this.#io = new Native(new IOContext(), (io) => io.freeContext());
    const write = writeCallback(target, count, this.#abort.signal);
    this.#io.value.allocContextWithCallbacks(STREAM_BUFFER, 1, null, write);
    this.#format.value.pb = this.#io.value;
    this.#format.value.setFlags(AVFMT_FLAG_CUSTOM_IO);
  }

  async #write(packet: Packet, stream: Stream, timeBase: Rational): Promise<void> {
    packet.streamIndex = stream.index;
    packet.rescaleTs(timeBase, stream.timeBase);
    expectSuccess(await this.#format.value.interleavedWriteFrame(packet), 'write into the file');
    if (this.#path !== undefined) this.#bytes = Number(this.#format.value.pbBytes);
  }
}

function addAudio(
  format: FormatContext,
  { codec, sampleRate, channels, config, frameSize }: AudioFormat,
): Stream {
  const stream = format.newStream();
  const { codecpar } = stream;
  codecpar.codecType = AVMEDIA_TYPE_AUDIO;
  codecpar.codecId = audioCodecIds[codec];
  codecpar.sampleRate = sampleRate;
  codecpar.channelLayout =
    channels === 1
      ? AV_CHANNEL_LAYOUT_MONO
      : channels === 2
        ? AV_CHANNEL_LAYOUT_STEREO
        : { nbChannels: channels, order: AV_CHANNEL_ORDER_UNSPEC, mask: 0n };
  if (frameSize !== undefined) codecpar.frameSize = frameSize;
  if (config.length > 0) codecpar.extradata = Buffer.from(config);
  stream.timeBase = new Rational(1, sampleRate);
  return stream;
}
