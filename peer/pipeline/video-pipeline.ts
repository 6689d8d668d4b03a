import type { TrackStats } from '../../protocol/session.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { VideoDecoder } from '../codec/decoder.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { rateLimitedWarning } from '../rate-limited-warning.ts';
import { ClockMapper } from '../rtp/clock-mapper.ts';
import type { AccessUnit } from '../rtp/packet.ts';
import { VideoReceiver, type VideoReceiverEvent } from '../rtp/video-receiver.ts';
import type { VideoTrack } from '../transport/video-track.ts';
import type { CameraFeed } from './camera-feed.ts';
import { DecodeStage } from './decode-stage.ts';
import type { FrameRecord } from './frame-record.ts';
import { Recent } from './recent.ts';
import { ReturnPath } from './return-path.ts';
import { Scene } from './scene.ts';
import type { LaneSetup } from './task-lanes.ts';
import { type UplinkReading, UplinkSteering } from './uplink-steering.ts';

/** How often gaps are looked at. Short against a frame (33 ms), long against the cost of a timer. */
const TICK_MS = 20;
const MAX_BITRATE_INTERVAL_MS = 500;

export interface VideoPipelineOptions {
  readonly sessionId: string;
  readonly track: VideoTrack;
  readonly codecs: Codecs;
  readonly setup: LaneSetup;
  readonly maxBitrate: number;
  /** What the way back carries for this track, in bits a second, and whether too much waits already. */
  readonly available: () => { readonly bitrate: number; readonly overflowing: boolean };
  readonly resultsDropped: () => number;
  /** Milliseconds, 99th percentile over the last second. */
  readonly eventLoopDelay: () => number;
  readonly log: Logger;
}

/**
 * The way of one camera track: packets → frames → decoder → scene → way back. What the scene does with a frame, and when
 * it lets go of it, is its own affair.
 */
export class VideoPipeline {
  /** What looks at the picture, and who is shown it. */
  readonly scene: Scene;
  readonly #options: VideoPipelineOptions;
  readonly #receiver: VideoReceiver;
  readonly #decode: DecodeStage;
  readonly #back: ReturnPath;
  readonly #clock = new ClockMapper();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #unitSinks = new Set<(unit: AccessUnit) => void>();
  readonly #decodeTimes = new Recent();
  readonly #uplink: UplinkSteering;
  #bytesIn = 0;
  /** When the newest result came. */
  #resultAt: number | undefined;
  #closing: Promise<void> | undefined;

  static async open(options: VideoPipelineOptions): Promise<VideoPipeline> {
    const decoder = await options.codecs.openDecoder(options.track.choice.codec, { threads: 1 });
    try {
      return new VideoPipeline(options, decoder);
    } catch (error) {
      decoder.close();
      throw error;
    }
  }

  private constructor(options: VideoPipelineOptions, decoder: VideoDecoder) {
    this.#options = options;
    const { sessionId, track, codecs, setup, maxBitrate, available, log } = options;
    const warn = rateLimitedWarning(log);
    this.#uplink = new UplinkSteering(maxBitrate);
    this.#receiver = new VideoReceiver(track.choice.codec);
    this.#decode = new DecodeStage({
      decoder,
      onFrame: (frame, record) => this.#onDecoded(frame, record),
      onBroken: () => this.#take(this.#receiver.decoderFailed(performance.now())),
      log,
      warn,
    });
    const captureTime = (record: FrameRecord) => this.#captureTime(record);
    this.scene = new Scene({ sessionId, mid: track.choice.mid, codecs, setup, captureTime, warn });
    this.scene.on('result', () => {
      this.#resultAt = performance.now();
    });
    const { output } = setup;
    const compose = (frame: VideoFrame) => this.scene.compose(frame);
    this.#back = new ReturnPath({ track, codecs, output, maxBitrate, available, compose, warn });
    this.scene.addSink(this.#back);
    this.#listen(track);
  }

  #listen(track: VideoTrack): void {
    const guard = guarded(this.#options.log);
    track.on('packet', (packet) => {
      this.#bytesIn += packet.payload.length;
      this.#take(this.#receiver.push(packet, performance.now()));
    });
    track.on('keyframe-requested', () => this.#back.onKeyframeRequested());
    track.on('sender-report', (report) => this.#clock.onSenderReport(report));
    this.#timers.push(
      setInterval(
        guard(() => this.#tick()),
        TICK_MS,
      ),
      setInterval(
        guard(() => this.#allowUplink()),
        MAX_BITRATE_INTERVAL_MS,
      ),
    );
  }

  #tick(): void {
    const now = performance.now();
    this.#take(this.#receiver.tick(now, this.#options.track.roundTripTime));
    if (this.#back.takesCameraKeyframe(now)) this.#options.track.sendPictureLossIndication();
  }

  #take(events: readonly VideoReceiverEvent[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'frame':
          this.#onFrame(event.unit);
          break;
        case 'nack':
          this.#options.track.sendNack(event.sequenceNumbers);
          break;
        case 'keyframe-needed':
          this.#options.track.sendPictureLossIndication();
          break;
      }
    }
  }

  /** Asks the camera for less where we do not keep up, instead of throwing away what it sends. */
  #allowUplink(): void {
    const bitrate = this.#uplink.update(() => this.#uplinkReading(), performance.now());
    this.#options.track.sendMaxBitrate(bitrate);
  }

  #uplinkReading(): UplinkReading {
    const { packetsReceived, packetsLost } = this.#receiver.stats();
    return {
      packetsReceived,
      // A browser that gets transport feedback answers loss by itself; it must not be told twice.
      packetsLost: this.#options.track.choice.transportFeedback ? 0 : packetsLost,
      bytesReceived: this.#bytesIn,
      framesDecoded: this.#decode.decoded,
      framesSkipped: this.#back.replaced,
      decodeOverflows: this.#decode.overflows,
      eventLoopDelayP99: this.#options.eventLoopDelay(),
      resultAgeMs: this.#resultAt === undefined ? 0 : performance.now() - this.#resultAt,
    };
  }

  /** Changes what is looked for, hidden and sent while the call runs. */
  configure(setup: LaneSetup): void {
    this.scene.configure(setup);
    this.#back.setOutput(setup.output);
  }

  /** The camera's own pictures. */
  get feed(): CameraFeed {
    const { track } = this.#options;
    return {
      mid: track.choice.mid,
      codec: track.choice.codec,
      clock: track.clock,
      addSink: (sink) => {
        this.#unitSinks.add(sink);
        return () => this.#unitSinks.delete(sink);
      },
      requestKeyframe: () => track.sendPictureLossIndication(),
    };
  }

  #onFrame(unit: AccessUnit): void {
    this.#back.forward(unit);
    for (const sink of this.#unitSinks) sink(unit);
    this.#decode.push(unit);
  }

  #onDecoded(frame: VideoFrame, record: FrameRecord): void {
    this.#decodeTimes.add(record.decodedAt - record.arrivedAt);
    this.scene.push(frame, record);
  }

  /** Unix milliseconds, by the sender's clock where it says so. */
  #captureTime({ timestamp, arrivedAt }: FrameRecord): number {
    return Math.round(this.#clock.toUnixMs(timestamp) ?? performance.timeOrigin + arrivedAt);
  }

  stats(): TrackStats {
    const received = this.#receiver.stats();
    const { mid, codec } = this.#options.track.choice;
    const { timings, ...sent } = this.#back.stats();
    return {
      mid,
      codec,
      ...sent,
      packetsIn: received.packetsReceived,
      packetsLost: received.packetsLost,
      packetsMalformed: received.packetsMalformed,
      framesIn: received.frames,
      framesDecoded: this.#decode.decoded,
      keyFramesAsked: received.keyframesAsked,
      results: this.scene.results,
      resultsDropped: this.#options.resultsDropped(),
      timings: { decode: this.#decodeTimes.spread(), ...this.scene.timings, ...timings },
    };
  }

  /** Stops the timers and frees every frame, codec and source, in the reverse order of the data. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#options.track.removeAllListeners();
    this.#unitSinks.clear();
    await this.#back.close();
    await this.scene.close();
    await this.#decode.close();
  }
}
