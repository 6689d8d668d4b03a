import type { Output, Spread } from '../../protocol/session.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { EncodedFrame } from '../codec/encoder.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import { type Quality, QualityLadder } from '../rtp/congestion/quality-ladder.ts';
import { KeyframeThrottle } from '../rtp/keyframe-throttle.ts';
import { type AccessUnit, isVideoCodec } from '../rtp/packet.ts';
import { createPacketizer, MAX_PAYLOAD_BYTES, type Packetizer } from '../rtp/packetizer.ts';
import type { VideoTrack } from '../transport/video-track.ts';
import { bitrateFor } from './bitrate.ts';
import { EncodeStage } from './encode-stage.ts';
import { FrameRateMeter } from './frame-rate-meter.ts';
import type { FrameRecord } from './frame-record.ts';
import { OutputSwitch } from './output-switch.ts';
import { Recent } from './recent.ts';
import type { FrameSink } from './scene.ts';

export interface ReturnPathOptions {
  readonly track: VideoTrack;
  readonly codecs: Codecs;
  readonly output: Output;
  readonly maxBitrate: number;
  /** What the way back carries for this track, in bits a second, and whether too much waits already. */
  readonly available: () => { readonly bitrate: number; readonly overflowing: boolean };
  /** Draws into a frame that goes out. */
  readonly compose: (frame: VideoFrame) => void;
  readonly warn: RateLimitedWarning;
}

/** What a caller gets back: the annotated picture, encoded for what the way carries, or the camera's own packets. */
export class ReturnPath implements FrameSink {
  readonly #options: ReturnPathOptions;
  readonly #encode: EncodeStage;
  readonly #packetizer: Packetizer;
  readonly #ladder: QualityLadder;
  readonly #frameRate = new FrameRateMeter();
  readonly #output: OutputSwitch;
  /** Paces what viewers of the camera's own picture ask the camera for. */
  readonly #cameraKeyframes = new KeyframeThrottle();
  readonly #totals = new Recent();
  #framesOut = 0;

  constructor(options: ReturnPathOptions) {
    this.#options = options;
    const { track, codecs, compose, warn } = options;
    this.#output = new OutputSwitch(track.sendsBack ? options.output : 'data');
    const { codec, packetizationMode } = track.choice;
    // What is only taken in (VP9, AV1) is never sent: the stages of the way back stay idle.
    const outgoing = isVideoCodec(codec) ? codec : 'VP8';
    this.#ladder = new QualityLadder(outgoing);
    this.#packetizer = createPacketizer(outgoing, { packetizationMode });
    this.#encode = new EncodeStage({
      codecs,
      codec: outgoing,
      ...(packetizationMode === 0 && outgoing === 'H264' ? { maxNalBytes: MAX_PAYLOAD_BYTES } : {}),
      quality: (frame) => this.#quality(frame),
      overflowing: () => options.available().overflowing,
      compose,
      onEncoded: (encoded, record) => this.#onEncoded(encoded, record),
      warn,
    });
  }

  /** Frames that a newer one replaced before they were encoded: we did not keep up. */
  get replaced(): number {
    return this.#encode.replaced;
  }

  push(frame: VideoFrame, record: FrameRecord): void {
    if (this.#output.annotates(frame.timestamp)) this.#encode.push(frame, record);
    else frame.close();
  }

  /** Sends a whole frame of the camera as it came, where that is what is wanted. */
  forward(unit: AccessUnit): void {
    if (this.#output.forwards(unit)) this.#send(unit.data, unit.timestamp, unit.arrivedAt);
  }

  setOutput(output: Output): void {
    if (!this.#options.track.sendsBack || output === this.#output.wanted) return;
    const needs = this.#output.set(output);
    if (needs.encoderKeyframe) this.#encode.requestKeyframe();
    if (needs.cameraKeyframe) this.#cameraKeyframes.request();
  }

  /** The other side cannot go on without a key frame. */
  onKeyframeRequested(): void {
    if (this.#output.current === 'passthrough') this.#cameraKeyframes.request();
    else this.#encode.requestKeyframe();
  }

  /** Whether the camera is to be asked for a key frame now. */
  takesCameraKeyframe(nowMs: number): boolean {
    return this.#cameraKeyframes.take(nowMs);
  }

  /** The bitrate that suits the picture, or what the way back carries where that is less: then fewer frames or pixels. */
  #quality({ width, height, timestamp }: VideoFrame): Quality {
    const frameRate = this.#frameRate.add(timestamp);
    const { maxBitrate, available } = this.#options;
    const target = Math.min(bitrateFor(width, height, maxBitrate), available().bitrate);
    return this.#ladder.update(target, { width, height, frameRate }, performance.now());
  }

  #onEncoded(encoded: EncodedFrame, record: FrameRecord): void {
    if (!this.#output.annotates(encoded.timestamp)) return;
    this.#send(encoded.data, encoded.timestamp, record.arrivedAt);
  }

  #send(data: Uint8Array, timestamp: number, arrivedAt: number): void {
    const payloads = this.#packetizer.packetize(data);
    this.#totals.add(performance.now() - arrivedAt);
    this.#options.track.send(payloads, timestamp);
    this.#output.sent(timestamp);
    this.#framesOut++;
  }

  /** Of `TrackStats`: what went out, and how long its steps took. */
  stats(): ReturnPathStats {
    return {
      ...this.#encode.size,
      framesSkipped: this.#encode.skipped,
      framesOut: this.#framesOut,
      keyFramesOut: this.#encode.keyFrames,
      timings: {
        compose: this.#encode.compose.spread(),
        encode: this.#encode.encode.spread(),
        total: this.#totals.spread(),
      },
    };
  }

  /** Waits for the frame in work, then frees the encoder. */
  close(): Promise<void> {
    return this.#encode.close();
  }
}

interface ReturnPathStats {
  /** Of what goes out, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly framesSkipped: number;
  readonly framesOut: number;
  readonly keyFramesOut: number;
  readonly timings: Readonly<Record<'compose' | 'encode' | 'total', Spread>>;
}
