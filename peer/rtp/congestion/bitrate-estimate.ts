/** What a path carries now, however that was found out. */
export interface BitrateEstimate {
  /** Bits per second to send at most in the mean, headers of RTP included. */
  readonly targetBitrate: number;
  /** Whether so much is under way that video has to wait. Audio need not. */
  readonly congested: boolean;
  /** Lets time pass; call it about every 50 ms. */
  tick(nowMs: number): void;
}

/** Bounds and start of an estimate in bits per second; what is not given has a default. */
export interface BitrateOptions {
  /** The most that the encoder can use. */
  readonly max: number;
  readonly min?: number;
  readonly start?: number;
}

/** A 640×480 picture looks good at once; too much for the path is noticed within some 200 ms. */
const DEFAULT_START = 1_000_000;
const DEFAULT_MIN = 60_000;

/** Bounds with the defaults filled in, and in order. */
export function boundsOf({
  max,
  min = DEFAULT_MIN,
  start = DEFAULT_START,
}: BitrateOptions): Required<BitrateOptions> {
  const lowest = Math.min(min, max);
  return { max, min: lowest, start: Math.min(max, Math.max(lowest, start)) };
}
