import type { Detections } from '../../protocol/detections.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { TrackStats } from '../../protocol/session.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { VideoDecoder } from '../codec/decoder.ts';
import type { EncodedFrame } from '../codec/encoder.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { rateLimitedWarning } from '../rate-limited-warning.ts';
import { ClockMapper } from '../rtp/clock-mapper.ts';
import { type Quality, QualityLadder } from '../rtp/congestion/quality-ladder.ts';
import { KeyframeThrottle } from '../rtp/keyframe-throttle.ts';
import { type AccessUnit, isVideoCodec } from '../rtp/packet.ts';
import { createPacketizer, MAX_PAYLOAD_BYTES, type Packetizer } from '../rtp/packetizer.ts';
import { VideoReceiver, type VideoReceiverEvent } from '../rtp/video-receiver.ts';
import type { VideoTrack } from '../transport/video-track.ts';
import { toRuns } from '../vision/mask-runs.ts';
import { bitrateFor } from './bitrate.ts';
import { DecodeStage } from './decode-stage.ts';
import { EncodeStage } from './encode-stage.ts';
import { FrameRateMeter } from './frame-rate-meter.ts';
import type { FrameRecord } from './frame-record.ts';
import { OutputSwitch } from './output-switch.ts';
import { Recent, round } from './recent.ts';
import type { LaneResult, TaskLane } from './task-lane.ts';
import { type LaneSetup, TaskLanes } from './task-lanes.ts';
import { type UplinkReading, UplinkSteering } from './uplink-steering.ts';

/** How often gaps are looked at. Short against a frame (33 ms), long against the cost of a timer. */
const TICK_MS = 20;
const MAX_BITRATE_INTERVAL_MS = 500;
/** A picture of more pixels than 8K UHD is not worked on. */
const MAX_PIXELS = 7680 * 4320;

/** Before anything is measured. */
const NO_SPREAD = { p50: 0, p95: 0, count: 0 };

export interface VideoPipelineOptions {
  readonly sessionId: string;
  readonly track: VideoTrack;
  readonly codecs: Codecs;
  readonly setup: LaneSetup;
  readonly maxBitrate: number;
  /** What the way back carries for this track, in bits a second, and whether too much waits already. */
  readonly available: () => { readonly bitrate: number; readonly overflowing: boolean };
  readonly onResult: (result: Detections) => void;
  readonly resultsDropped: () => number;
  /** Milliseconds, 99th percentile over the last second. */
  readonly eventLoopDelay: () => number;
  readonly log: Logger;
}

/**
 * The way of one camera track: packets → frames → decoder → {model → overlay, compositor → encoder} → packets.
 * Nothing waits for the model: every frame goes out with the newest result there is.
 */
export class VideoPipeline {
  readonly #options: VideoPipelineOptions;
  readonly #receiver: VideoReceiver;
  readonly #decode: DecodeStage;
  readonly #lanes: TaskLanes;
  readonly #encode: EncodeStage;
  readonly #packetizer: Packetizer;
  readonly #frameRate = new FrameRateMeter();
  readonly #ladder: QualityLadder;
  readonly #clock = new ClockMapper();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #decodeTimes = new Recent();
  readonly #totals = new Recent();
  readonly #output: OutputSwitch;
  /** Paces what viewers of the camera's own picture ask the camera for. */
  readonly #cameraKeyframes = new KeyframeThrottle();
  readonly #uplink: UplinkSteering;
  #bytesIn = 0;
  /** When the newest result came. */
  #resultAt: number | undefined;
  #seq = 0;
  #framesOut = 0;
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
    const { track, log, setup } = options;
    this.#output = new OutputSwitch(track.sendsBack ? setup.output : 'data');
    this.#uplink = new UplinkSteering(options.maxBitrate);
    const warn = rateLimitedWarning(log);
    const { codec, packetizationMode } = track.choice;
    // What is only taken in (VP9, AV1) is never sent: the stages of the way back stay idle.
    const outgoing = isVideoCodec(codec) ? codec : 'VP8';
    this.#ladder = new QualityLadder(outgoing);
    this.#receiver = new VideoReceiver(codec);
    this.#packetizer = createPacketizer(outgoing, { packetizationMode });
    this.#decode = new DecodeStage({
      decoder,
      onFrame: (frame, record) => this.#onDecoded(frame, record),
      onBroken: () => this.#take(this.#receiver.decoderFailed(performance.now())),
      log,
      warn,
    });
    this.#lanes = new TaskLanes({
      codecs: options.codecs,
      setup,
      captureTime: (record) => this.#captureTime(record),
      onResult: (lane, result) => this.#onResult(lane, result),
      onExamined: (frame, record) => this.#encode.push(frame, record),
      warn,
    });
    this.#encode = new EncodeStage({
      codecs: options.codecs,
      codec: outgoing,
      ...(packetizationMode === 0 && outgoing === 'H264' ? { maxNalBytes: MAX_PAYLOAD_BYTES } : {}),
      quality: (frame) => this.#quality(frame),
      overflowing: () => options.available().overflowing,
      compose: (frame) => this.#lanes.compose(frame),
      onEncoded: (encoded, record) => this.#onEncoded(encoded, record),
      warn,
    });
    this.#listen(track);
  }

  #listen(track: VideoTrack): void {
    const guard = guarded(this.#options.log);
    track.on('packet', (packet) => {
      this.#bytesIn += packet.payload.length;
      this.#take(this.#receiver.push(packet, performance.now()));
    });
    track.on('keyframe-requested', () => this.#onKeyframeRequested());
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
    if (this.#cameraKeyframes.take(now)) this.#options.track.sendPictureLossIndication();
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
      framesSkipped: this.#encode.replaced,
      decodeOverflows: this.#decode.overflows,
      eventLoopDelayP99: this.#options.eventLoopDelay(),
      resultAgeMs: this.#resultAt === undefined ? 0 : performance.now() - this.#resultAt,
    };
  }

  /** Changes what is looked for, hidden and sent while the call runs. */
  configure(setup: LaneSetup): void {
    this.#lanes.configure(setup);
    if (!this.#options.track.sendsBack || setup.output === this.#output.wanted) return;
    const needs = this.#output.set(setup.output);
    if (needs.encoderKeyframe) this.#encode.requestKeyframe();
    if (needs.cameraKeyframe) this.#cameraKeyframes.request();
  }

  #onKeyframeRequested(): void {
    if (this.#output.current === 'passthrough') this.#cameraKeyframes.request();
    else this.#encode.requestKeyframe();
  }

  #onFrame(unit: AccessUnit): void {
    if (this.#output.forwards(unit)) this.#send(unit.data, unit.timestamp, unit.arrivedAt);
    this.#decode.push(unit);
  }

  #onDecoded(frame: VideoFrame, record: FrameRecord): void {
    this.#decodeTimes.add(record.decodedAt - record.arrivedAt);
    if (frame.width * frame.height > MAX_PIXELS) {
      throw new SightlineError(
        'codec-failed',
        `Cannot take a frame of ${frame.width}×${frame.height}: expected at most ${MAX_PIXELS} pixels`,
      );
    }
    this.#lanes.push(frame.share(), record);
    if (!this.#lanes.exact && this.#output.annotates(frame.timestamp)) this.#encode.push(frame, record);
    else frame.close();
  }

  /** The bitrate that suits the picture, or what the way back carries where that is less: then fewer frames or pixels. */
  #quality({ width, height, timestamp }: VideoFrame): Quality {
    const frameRate = this.#frameRate.add(timestamp);
    const target = Math.min(
      bitrateFor(width, height, this.#options.maxBitrate),
      this.#options.available().bitrate,
    );
    return this.#ladder.update(target, { width, height, frameRate }, performance.now());
  }

  #onEncoded(encoded: EncodedFrame, record: FrameRecord): void {
    if (!this.#output.annotates(encoded.timestamp)) return;
    this.#send(encoded.data, encoded.timestamp, record.arrivedAt);
  }

  #send(data: Uint8Array, timestamp: number, arrivedAt: number): void {
    let first = true;
    for (const { payload, marker } of this.#packetizer.packetize(data)) {
      this.#options.track.send(payload, timestamp, marker);
      if (first) this.#totals.add(performance.now() - arrivedAt);
      first = false;
    }
    this.#output.sent(timestamp);
    this.#framesOut++;
  }

  /** Unix milliseconds, by the sender's clock where it says so. */
  #captureTime({ timestamp, arrivedAt }: FrameRecord): number {
    return Math.round(this.#clock.toUnixMs(timestamp) ?? performance.timeOrigin + arrivedAt);
  }

  #onResult({ engine }: TaskLane, { objects, mask, events, captureTime, analysed }: LaneResult): void {
    const { record, size, result } = analysed;
    const now = performance.now();
    this.#resultAt = now;
    this.#options.onResult({
      type: 'detections',
      v: 1,
      sessionId: this.#options.sessionId,
      mid: this.#options.track.choice.mid,
      seq: this.#seq++,
      rtpTimestamp: record.timestamp,
      captureTime,
      ...size,
      task: engine.manifest.task,
      model: engine.manifest.id,
      objects: [...objects],
      ...(mask === undefined ? {} : { mask: toRuns(mask) }),
      ...(events.length === 0 ? {} : { events: [...events] }),
      timings: {
        decode: round(record.decodedAt - record.arrivedAt),
        wait: round(result.timings.wait),
        infer: round(result.timings.prepare + result.timings.infer),
        ...(record.encodeMs === undefined ? {} : { encode: round(record.encodeMs) }),
        total: round(now - record.arrivedAt),
      },
    });
  }

  stats(): TrackStats {
    const received = this.#receiver.stats();
    const { choice } = this.#options.track;
    return {
      mid: choice.mid,
      codec: choice.codec,
      ...this.#encode.size,
      packetsIn: received.packetsReceived,
      packetsLost: received.packetsLost,
      packetsMalformed: received.packetsMalformed,
      framesIn: received.frames,
      framesDecoded: this.#decode.decoded,
      framesSkipped: this.#encode.skipped,
      framesOut: this.#framesOut,
      keyFramesOut: this.#encode.keyFrames,
      keyFramesAsked: received.keyframesAsked,
      results: this.#lanes.lanes.reduce((sum, { stage }) => sum + stage.results, 0),
      resultsDropped: this.#options.resultsDropped(),
      timings: {
        decode: this.#decodeTimes.spread(),
        wait: this.#lanes.lanes[0]?.stage.wait.spread() ?? NO_SPREAD,
        infer: this.#lanes.lanes[0]?.stage.infer.spread() ?? NO_SPREAD,
        compose: this.#encode.compose.spread(),
        encode: this.#encode.encode.spread(),
        total: this.#totals.spread(),
      },
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
    await this.#encode.close();
    await this.#lanes.close();
    await this.#decode.close();
  }
}
