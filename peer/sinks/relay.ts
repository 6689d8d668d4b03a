import type { CameraFeed } from '../pipeline/camera-feed.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import { KeyframeThrottle } from '../rtp/keyframe-throttle.ts';
import { type AccessUnit, isVideoCodec, type VideoCodec } from '../rtp/packet.ts';
import { createPacketizer, type Packetizer } from '../rtp/packetizer.ts';
import { Audience, type Seat, type Spectator } from './audience.ts';
import type { Programme, ProgrammeStats } from './programme.ts';

/** The camera's own picture for all who watch it: its frames as they came, packetized anew, once. */
export class Relay implements Programme {
  readonly output = 'passthrough';
  readonly codec: VideoCodec;
  readonly #feed: CameraFeed;
  readonly #warn: RateLimitedWarning;
  readonly #packetizer: Packetizer;
  readonly #audience: Audience;
  readonly #throttle = new KeyframeThrottle();
  #unhook: (() => void) | undefined;
  #frames = 0;
  #keyFrames = 0;
  #closed = false;

  /** @throws Error where the camera sends what is only taken in */
  constructor(feed: CameraFeed, warn: RateLimitedWarning) {
    if (!isVideoCodec(feed.codec)) throw new Error(`Cannot pass ${feed.codec} on: expected H264 or VP8`);
    this.codec = feed.codec;
    this.#feed = feed;
    this.#warn = warn;
    this.#audience = new Audience(() => this.#stop(), warn);
    this.#packetizer = createPacketizer(feed.codec);
  }

  join(spectator: Spectator): Seat {
    const seat = this.#audience.join(spectator);
    if (!this.#closed) this.#unhook ??= this.#feed.addSink((unit) => this.#pass(unit));
    this.#askCamera(performance.now());
    return seat;
  }

  stats(): ProgrammeStats {
    return {
      viewers: this.#audience.size,
      width: 0,
      height: 0,
      frames: this.#frames,
      keyFrames: this.#keyFrames,
    };
  }

  #pass({ data, timestamp, keyframe }: AccessUnit): void {
    const now = performance.now();
    this.#frames++;
    if (keyframe) {
      this.#keyFrames++;
      this.#throttle.onKeyframe(now);
    }
    try {
      this.#audience.show({ payloads: this.#packetizer.packetize(data), timestamp, keyframe }, now);
    } catch (error) {
      this.#warn({ error }, 'Frame of the camera not passed on');
    }
    this.#askCamera(now);
  }

  #askCamera(now: number): void {
    if (this.#audience.wantsKeyframe(now)) this.#throttle.request();
    if (this.#throttle.take(now)) this.#feed.requestKeyframe();
  }

  #stop(): void {
    this.#unhook?.();
    this.#unhook = undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
  }
}
