import type { VideoCodec } from '../packet.ts';

/** What the encoder should make of the picture. */
export interface Quality {
  /** Bits per second. */
  readonly bitrate: number;
  /** Every so many-th frame is encoded. */
  readonly frameRateDivisor: 1 | 2 | 3;
  /** Of width and height. */
  readonly scale: number;
}

/** The picture as it is decoded. */
export interface SourcePicture {
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly frameRate: number;
}

interface Rung extends Omit<Quality, 'bitrate'> {
  /** Of the bits that the whole picture needs at its full frame rate. */
  readonly share: number;
}

/**
 * From the best down: half the frames first, then fewer pixels, then a third of the frames. Fewer frames need more
 * bits each, because more has moved between them: half of them need 0.6 of the bits.
 */
const rungs: readonly [Rung, ...Rung[]] = [
  { frameRateDivisor: 1, scale: 1, share: 1 },
  { frameRateDivisor: 2, scale: 1, share: 0.6 },
  { frameRateDivisor: 2, scale: 3 / 4, share: 0.6 * (3 / 4) ** 2 },
  { frameRateDivisor: 2, scale: 1 / 2, share: 0.6 * (1 / 2) ** 2 },
  { frameRateDivisor: 3, scale: 1 / 2, share: 0.45 * (1 / 2) ** 2 },
  { frameRateDivisor: 3, scale: 1 / 3, share: 0.45 * (1 / 3) ** 2 },
];

/** Bits for a pixel below which the picture falls into blocks. */
const fewestBitsPerPixel = { H264: 0.035, VP8: 0.03 } as const satisfies Record<VideoCodec, number>;
/** Bits for a pixel beyond which nobody sees a difference. */
const MOST_BITS_PER_PIXEL = 0.2;
/** How much more than a rung needs there has to be before it is climbed. */
const CLIMB_MARGIN = 1.2;
/** How long the bitrate has to be too low, or high enough, and how long after any change it is not climbed. */
const DESCEND_MS = 1500;
const CLIMB_MS = 2000;
const REST_MS = 2000;
/** With less than this of what the rung needs nobody waits. */
const URGENT = 0.4;

/**
 * Turns a target bitrate into what the encoder makes: it follows in bitrate first, then in frame rate, then in
 * resolution, and back. A change takes a while of evidence, and a climb more bits than the rung needs, so that the
 * picture does not flicker between two sizes.
 */
export class QualityLadder {
  readonly #codec: VideoCodec;
  #rung = 0;
  /** Which way it wants to go: -1 up, 1 down, 0 nowhere. */
  #direction = 0;
  #directionSince = Number.NEGATIVE_INFINITY;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(codec: VideoCodec) {
    this.#codec = codec;
  }

  /** Takes the target in bits per second; call it with every frame or so. */
  update(targetBitrate: number, source: SourcePicture, nowMs: number): Quality {
    const pixels = source.width * source.height * source.frameRate;
    this.#follow(targetBitrate / (pixels * fewestBitsPerPixel[this.#codec]), nowMs);
    const { frameRateDivisor, scale } = rungs[this.#rung] ?? rungs[0];
    const most = (pixels * scale ** 2 * MOST_BITS_PER_PIXEL) / frameRateDivisor;
    return { bitrate: Math.round(Math.min(targetBitrate, most)), frameRateDivisor, scale };
  }

  /** @param share of the bits that the whole picture needs */
  #follow(share: number, nowMs: number): void {
    const wanted = this.#target(share);
    const direction = Math.sign(wanted - this.#rung);
    if (direction !== this.#direction) {
      this.#direction = direction;
      this.#directionSince = nowMs;
    }
    if (direction === 0 || !this.#isTime(share, nowMs)) return;
    this.#rung = wanted;
    this.#changedAt = nowMs;
  }

  /** The best rung that the bits are enough for; with a margin where that is a climb. */
  #target(share: number): number {
    const affordable = rungs.findIndex(({ share: needed }, index) => {
      return share >= (index < this.#rung ? CLIMB_MARGIN * needed : needed);
    });
    return affordable === -1 ? rungs.length - 1 : affordable;
  }

  #isTime(share: number, nowMs: number): boolean {
    const wantedMs = nowMs - this.#directionSince;
    if (this.#direction < 0) return wantedMs >= CLIMB_MS && nowMs - this.#changedAt >= REST_MS;
    return wantedMs >= DESCEND_MS || share < URGENT * (rungs[this.#rung] ?? rungs[0]).share;
  }
}
