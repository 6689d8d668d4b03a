import type { StatsSample, VideoCount } from './stats-sample.ts';

/** One direction of a call's video between two looks at it. */
export interface DirectionStats {
  /** Frames a second, the mean over the tracks. */
  fps: number;
  kbitPerSecond: number;
  codec: string | null;
  /** Pixels. */
  width: number;
  height: number;
}

/** How a call goes, over the time since the last look. */
export interface CallStats {
  /** Milliseconds that the rates are taken over; 0 at the first look, where every rate is 0. */
  overMs: number;
  out: DirectionStats;
  in: DirectionStats;
  /** Share of the server's packets that were lost on the way, 0 to 1. */
  lossIn: number;
  roundTripMs: number | null;
  /** Milliseconds that a returned frame waited in this browser's jitter buffer; null where none came. */
  bufferedMs: number | null;
  /** Why the browser sends less than it could: `none`, `cpu`, `bandwidth` or `other`; null where it does not say. */
  qualityLimitation: string | null;
}

/** Rates from two samples of the same call. */
export function callStats(before: StatsSample | null, now: StatsSample): CallStats {
  const overMs = before ? Math.max(0, now.atMs - before.atMs) : 0;
  return {
    overMs,
    out: direction(before?.out, now.out, overMs),
    in: direction(before?.in, now.in, overMs),
    lossIn: lossShare(before?.in, now.in),
    bufferedMs: buffered(before?.in, now.in),
    roundTripMs: now.roundTripMs,
    qualityLimitation: now.qualityLimitation,
  };
}

function direction(before: VideoCount | undefined, now: VideoCount, overMs: number): DirectionStats {
  // Counters start again where a browser replaces a stream; a negative rate would be nonsense.
  const grown = (after: number, earlier = 0) => (overMs > 0 ? Math.max(0, after - earlier) / overMs : 0);
  return {
    fps: (grown(now.frames, before?.frames) * 1000) / Math.max(1, now.tracks),
    kbitPerSecond: grown(now.bytes, before?.bytes) * 8,
    codec: now.codec,
    width: now.width,
    height: now.height,
  };
}

function lossShare(before: VideoCount | undefined, now: VideoCount): number {
  const lost = Math.max(0, now.packetsLost - (before?.packetsLost ?? 0));
  const received = Math.max(0, now.packets - (before?.packets ?? 0));
  return lost + received > 0 ? lost / (lost + received) : 0;
}

function buffered(before: VideoCount | undefined, now: VideoCount): number | null {
  const frames = now.bufferedFrames - (before?.bufferedFrames ?? 0);
  return frames > 0 ? (now.bufferedMs - (before?.bufferedMs ?? 0)) / frames : null;
}
