import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import type { OutgoingPayload } from '../rtp/packet.ts';

/** A coded frame, packetized once for all who watch. */
export interface SharedFrame {
  readonly payloads: readonly OutgoingPayload[];
  /** RTP timestamp, 90 kHz, 32 bits. */
  readonly timestamp: number;
  readonly keyframe: boolean;
}

/** Somebody who watches. */
export interface Spectator {
  /** Whether so much waits to be sent to it that it cannot be shown another frame. */
  readonly overflowing: boolean;
  send(payloads: readonly OutgoingPayload[], timestamp: number): void;
}

/** What one of the audience was shown. */
export interface SeatStats {
  readonly framesOut: number;
  /** Whole frames that were left out, because it did not keep up or had no key frame yet. */
  readonly framesSkipped: number;
  readonly keyFramesOut: number;
}

/** The place of one who watches. */
export interface Seat {
  /** It cannot go on without a key frame, and gets one as soon as all others can bear it. */
  requestKeyframe(): void;
  stats(): SeatStats;
  leave(): void;
}

/** Between two key frames that are made because somebody lost packets: each costs all who watch a worse picture. */
const REPAIR_MS = 1000;
/** The same for one who did not keep up: twice as long each time. */
const MIN_PATIENCE_MS = 2000;
const MAX_PATIENCE_MS = 16_000;
/** So many frames without a gap, and one who did not keep up is believed to do so. Ten seconds of 30 a second. */
const RECOVERED_FRAMES = 300;

class Place implements Seat {
  readonly spectator: Spectator;
  /** Nothing can be shown before a key frame. */
  waiting = true;
  /** Milliseconds after the newest key frame at which another may be asked for on its behalf; undefined for none. */
  wantsAfterMs: number | undefined = 0;
  #patienceMs = MIN_PATIENCE_MS;
  #inARow = 0;
  #framesOut = 0;
  #framesSkipped = 0;
  #keyFramesOut = 0;
  readonly #onLeave: (place: Place) => void;

  constructor(spectator: Spectator, onLeave: (place: Place) => void) {
    this.spectator = spectator;
    this.#onLeave = onLeave;
  }

  show({ payloads, timestamp, keyframe }: SharedFrame): void {
    if (this.spectator.overflowing) this.#fallBehind();
    else if (keyframe) {
      this.waiting = false;
      this.wantsAfterMs = undefined;
      this.#keyFramesOut++;
    }
    if (this.waiting) {
      this.#framesSkipped++;
      return;
    }
    this.#framesOut++;
    this.#inARow++;
    if (this.#inARow === RECOVERED_FRAMES) this.#patienceMs = MIN_PATIENCE_MS;
    this.spectator.send(payloads, timestamp);
  }

  #fallBehind(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.#inARow = 0;
    this.wantsAfterMs = this.#patienceMs;
    this.#patienceMs = Math.min(MAX_PATIENCE_MS, 2 * this.#patienceMs);
  }

  requestKeyframe(): void {
    this.wantsAfterMs ??= REPAIR_MS;
  }

  stats(): SeatStats {
    return {
      framesOut: this.#framesOut,
      framesSkipped: this.#framesSkipped,
      keyFramesOut: this.#keyFramesOut,
    };
  }

  leave(): void {
    this.#onLeave(this);
  }
}

/**
 * All who watch one encoding. Who does not keep up is left out, whole frames at a time, until the next key frame; nobody
 * else waits for it.
 */
export class Audience {
  readonly #places = new Set<Place>();
  readonly #onEmpty: () => void;
  readonly #warn: RateLimitedWarning;
  #keyframeAt = Number.NEGATIVE_INFINITY;

  /** @param onEmpty told when the last one has left */
  constructor(onEmpty: () => void, warn: RateLimitedWarning) {
    this.#onEmpty = onEmpty;
    this.#warn = warn;
  }

  get size(): number {
    return this.#places.size;
  }

  /** Shows one more the frames from the next key frame on. */
  join(spectator: Spectator): Seat {
    const place = new Place(spectator, (leaving) => {
      if (this.#places.delete(leaving) && this.#places.size === 0) this.#onEmpty();
    });
    this.#places.add(place);
    return place;
  }

  show(frame: SharedFrame, nowMs: number): void {
    if (frame.keyframe) this.#keyframeAt = nowMs;
    for (const place of this.#places) {
      try {
        place.show(frame);
      } catch (error) {
        this.#warn({ error }, 'Frame not shown to a viewer');
      }
    }
  }

  /** Whether somebody is to have a key frame now. */
  wantsKeyframe(nowMs: number): boolean {
    const sinceMs = nowMs - this.#keyframeAt;
    for (const { wantsAfterMs } of this.#places) {
      if (wantsAfterMs !== undefined && sinceMs >= wantsAfterMs) return true;
    }
    return false;
  }
}
