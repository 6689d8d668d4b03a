import type { Codecs } from '../codec/codecs.ts';
import type { EncodedFrame } from '../codec/encoder.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import { bitrateFor } from '../pipeline/bitrate.ts';
import { EncodeStage } from '../pipeline/encode-stage.ts';
import type { FrameRecord } from '../pipeline/frame-record.ts';
import type { FrameSink, Scene } from '../pipeline/scene.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import type { VideoCodec } from '../rtp/packet.ts';
import { createPacketizer, MAX_PAYLOAD_BYTES, type Packetizer } from '../rtp/packetizer.ts';
import { Audience, type Seat, type Spectator } from './audience.ts';
import type { Programme, ProgrammeStats } from './programme.ts';

/** Who joins waits for no longer than this and one frame: less than the third of a second at which one notices. */
const KEYFRAME_INTERVAL_MS = 200;

export interface BroadcastOptions {
  readonly scene: Scene;
  readonly codec: VideoCodec;
  /** Of H.264 (RFC 6184, section 6). */
  readonly packetizationMode: 0 | 1;
  readonly codecs: Codecs;
  readonly maxBitrate: number;
  readonly warn: RateLimitedWarning;
}

/**
 * The annotated picture of a scene for all who watch it in one codec: drawn, encoded and packetized once, and only while
 * somebody watches. Its bitrate is that of the picture, whatever the ways to the viewers carry (docs/adr/0016).
 */
export class Broadcast implements Programme, FrameSink {
  readonly output = 'annotated';
  readonly #options: BroadcastOptions;
  readonly #packetizer: Packetizer;
  readonly #audience: Audience;
  #stage: EncodeStage | undefined;
  #unhook: (() => void) | undefined;
  #stopping: Promise<void> = Promise.resolve();
  #frames = 0;
  #keyFrames = 0;
  #closed = false;

  constructor(options: BroadcastOptions) {
    this.#options = options;
    const { codec, packetizationMode, warn } = options;
    this.#audience = new Audience(() => this.#stop(), warn);
    this.#packetizer = createPacketizer(codec, { packetizationMode });
  }

  get codec(): VideoCodec {
    return this.#options.codec;
  }

  join(spectator: Spectator): Seat {
    const seat = this.#audience.join(spectator);
    if (!this.#closed) this.#start();
    return seat;
  }

  push(frame: VideoFrame, record: FrameRecord): void {
    if (this.#stage === undefined) {
      frame.close();
      return;
    }
    if (this.#audience.wantsKeyframe(performance.now())) this.#stage.requestKeyframe();
    this.#stage.push(frame, record);
  }

  stats(): ProgrammeStats {
    const { width, height } = this.#stage?.size ?? { width: 0, height: 0 };
    return { viewers: this.#audience.size, width, height, frames: this.#frames, keyFrames: this.#keyFrames };
  }

  #start(): void {
    if (this.#stage !== undefined) return;
    const { scene, codec, packetizationMode, codecs, warn } = this.#options;
    const stage: EncodeStage = new EncodeStage({
      codecs,
      codec,
      ...(codec === 'H264' && packetizationMode === 0 ? { maxNalBytes: MAX_PAYLOAD_BYTES } : {}),
      keyframeIntervalMs: KEYFRAME_INTERVAL_MS,
      quality: (frame) => this.#quality(frame),
      overflowing: () => false,
      compose: (frame) => scene.compose(frame),
      onEncoded: (encoded) => {
        if (stage === this.#stage) this.#show(encoded);
      },
      warn,
    });
    this.#stage = stage;
    this.#unhook = scene.addSink(this);
  }

  #quality({ width, height }: VideoFrame) {
    const bitrate = bitrateFor(width, height, this.#options.maxBitrate);
    return { bitrate, frameRateDivisor: 1, scale: 1 } as const;
  }

  #show({ data, timestamp, keyframe }: EncodedFrame): void {
    this.#frames++;
    if (keyframe) this.#keyFrames++;
    this.#audience.show(
      { payloads: this.#packetizer.packetize(data), timestamp, keyframe },
      performance.now(),
    );
  }

  #stop(): void {
    this.#unhook?.();
    this.#unhook = undefined;
    const stage = this.#stage;
    this.#stage = undefined;
    if (stage) this.#stopping = Promise.all([this.#stopping, stage.close()]).then(() => {});
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    return this.#stopping;
  }
}
