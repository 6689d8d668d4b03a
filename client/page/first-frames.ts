import type { Detections } from '../../protocol/detections.ts';
import type { Caller } from './caller.ts';

/** RTP ticks (90 kHz) in a millisecond. */
const TICKS_PER_MS = 90;

/**
 * Marks in the browser's timeline, for benchmarks: `sightline-first-frame`, the first frame that a call shows, and
 * `sightline-first-annotated`, the first that something is drawn on.
 */
export class FirstFrames {
  #awaitsFrame = false;
  #awaitsAnnotated = false;
  #drawnFrom: number | undefined;

  constructor(caller: Caller) {
    caller.on('call', (call) => {
      this.#awaitsFrame = call !== null;
      this.#awaitsAnnotated = call !== null;
      this.#drawnFrom = undefined;
      call?.on('detections', (detections) => {
        if (detections.objects.length > 0) this.#drawnFrom ??= drawnFrom(detections);
      });
    });
  }

  /** To be told of each shown frame. @param rtpTimestamp where the browser tells it */
  shown(rtpTimestamp: number | undefined): void {
    if (this.#awaitsFrame) performance.mark('sightline-first-frame');
    this.#awaitsFrame = false;
    if (!this.#awaitsAnnotated || rtpTimestamp === undefined || this.#drawnFrom === undefined) return;
    // Timestamps wrap at 2³²: the sign of the 32-bit difference says which comes first.
    if (((rtpTimestamp - this.#drawnFrom) | 0) < 0) return;
    performance.mark('sightline-first-annotated');
    this.#awaitsAnnotated = false;
  }
}

/**
 * RTP timestamp of the first frame that a result is certainly drawn on. Frames do not wait for their own result: they
 * take the newest there is, so it is one that reached the server after the result was there.
 */
function drawnFrom({ rtpTimestamp, timings }: Detections): number {
  return rtpTimestamp + Math.ceil(timings.total * TICKS_PER_MS);
}
