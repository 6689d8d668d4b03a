import type { Box } from '../../../protocol/detections.ts';
import { hasSize } from '../draw/mask-spans.ts';
import type { Mask } from '../found.ts';

/** What a model says of a frame: where there is something to hide, or what may be seen. */
export type PrivacyResult = readonly Box[] | Mask;

/** What is to be hidden of a frame. */
export type Cover =
  | { readonly kind: 'all' }
  /** Margins are added at each side, in widths and heights of the box. */
  | { readonly kind: 'regions'; readonly regions: readonly { readonly box: Box; readonly margin: number }[] }
  /** All but what the mask covers, and of that the outer `withdrawn` samples of the mask. */
  | { readonly kind: 'around'; readonly mask: Mask; readonly withdrawn: number };

export interface PrivacyPolicyOptions {
  /**
   * Ticks of the RTP clock for which a result is fresh: more than a result takes to come and the next to follow, or the
   * picture is covered in between.
   */
  readonly maxAgeTicks: number;
  /** Ticks after which nothing is known any more. */
  readonly limitTicks: number;
  /** Margin of a region at each side while it is fresh, in widths and heights of it. */
  readonly growth: number;
}

interface Region {
  readonly box: Box;
  readonly seenAt: number;
}

/** With more regions than this the picture is covered: a crowd, or nonsense. */
const maxRegions = 100;
/** Samples of a mask that its edge is withdrawn: so that it is soft, and moves inwards as it grows old. */
const edge = 1;
const edgePerMaxAge = 16;

/**
 * Decides what of a frame is hidden, so that whenever the model is late, silent or wrong more is hidden and not less:
 *
 * - before the first result, and `limitTicks` after the newest: all;
 * - while the newest result is fresh: the regions that it has, and those seen at most `maxAgeTicks` before the frame
 *   that it has not, for a detector misses a face now and then. Without regions nothing is hidden;
 * - when it is no longer fresh: the regions known last, grown with their age. Where none is known: all;
 * - a mask that is no longer fresh shows less, inwards from its edge.
 *
 * A result of boxes that are none (NaN, Infinity, no size), or of a mask without samples, is no result. One that is older
 * than the newest is left out, unless it is so much older that the clock must have begun anew: then what was known is
 * forgotten. Times are 32-bit RTP timestamps, which wrap.
 */
export class PrivacyPolicy {
  readonly #options: PrivacyPolicyOptions;
  #newest: { readonly time: number; readonly mask: Mask | undefined } | undefined;
  #regions: readonly Region[] = [];

  constructor(options: PrivacyPolicyOptions) {
    this.#options = options;
  }

  /** Takes what was found in the frame with this timestamp. */
  update(result: PrivacyResult, time: number): void {
    const { maxAgeTicks, limitTicks } = this.#options;
    if (!(isResult(result) && Number.isFinite(time))) return;
    const later = this.#newest ? ticks(this.#newest.time, time) : 0;
    if (later < 0 && later >= -limitTicks) return;
    if (Math.abs(later) > limitTicks) this.#regions = [];
    this.#newest = { time, mask: isMask(result) ? result : undefined };
    if (isMask(result)) return;
    const missed = this.#regions.filter(({ box, seenAt }) => {
      return ticks(seenAt, time) <= maxAgeTicks && !result.some((other) => holdsMiddle(other, box));
    });
    this.#regions = [...result.map((box) => ({ box, seenAt: time })), ...missed].slice(0, maxRegions + 1);
  }

  /** What to hide of the frame with this timestamp. */
  coverAt(time: number): Cover {
    const { maxAgeTicks, limitTicks, growth } = this.#options;
    const all: Cover = { kind: 'all' };
    if (!this.#newest) return all;
    const age = Math.abs(ticks(this.#newest.time, time));
    if (!(age <= limitTicks)) return all;
    const isFresh = age <= maxAgeTicks;
    const { mask } = this.#newest;
    if (mask) {
      const grown = isFresh ? 0 : (age / maxAgeTicks - 1) * growth * (mask.width / edgePerMaxAge);
      return { kind: 'around', mask, withdrawn: edge + Math.ceil(grown) };
    }
    const regions = this.#regions.flatMap(({ box, seenAt }) => {
      const regionAge = Math.abs(ticks(seenAt, time));
      if (isFresh && regionAge > maxAgeTicks) return [];
      return [{ box, margin: growth * Math.max(1, regionAge / maxAgeTicks) }];
    });
    if (regions.length > maxRegions || (!isFresh && regions.length === 0)) return all;
    return { kind: 'regions', regions };
  }
}

/** Ticks from one RTP timestamp to another, negative where it lies before; NaN where one is no number. */
function ticks(from: number, to: number): number {
  const distance = to - from;
  return Number.isFinite(distance) ? distance | 0 : Number.NaN;
}

function isMask(result: PrivacyResult): result is Mask {
  return !Array.isArray(result);
}

function isResult(result: PrivacyResult): boolean {
  if (isMask(result)) return hasSize(result);
  return result.every(({ x, y, width, height }) => {
    return Number.isFinite(x + y + width + height) && width > 0 && height > 0;
  });
}

/** Whether the middle of one box lies in another, so that both are of one thing. */
function holdsMiddle(outer: Box, { x, y, width, height }: Box): boolean {
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  const isBeside = middleX < outer.x || middleX > outer.x + outer.width;
  return !isBeside && middleY >= outer.y && middleY <= outer.y + outer.height;
}
