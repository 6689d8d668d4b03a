import type { PixelRect } from '../draw/pixel-rect.ts';
import type { Mask } from '../found.ts';
import type { I420Picture } from '../i420.ts';
import { type Backdrop, blurBackground, replaceBackground } from './background.ts';
import { blur } from './blur.ts';
import { pixelate } from './pixelate.ts';
import { PrivacyPolicy, type PrivacyResult } from './privacy-policy.ts';
import { coveringRect, wholeOf } from './region.ts';

/** How something is hidden: faces by what is in their place, the background by a mask of the persons. */
export type PrivacyEffect =
  | { readonly kind: 'pixelate-faces' }
  | { readonly kind: 'blur-faces' }
  /** The radius in luma pixels; a twentieth of the picture's height where it is left out. */
  | { readonly kind: 'blur-background'; readonly radius?: number }
  | { readonly kind: 'replace-background'; readonly backdrop: Backdrop };

export interface PrivacyOptions {
  readonly effect: PrivacyEffect;
  /**
   * Ticks of the RTP clock (90 kHz) for which a result is fresh: more than a result takes to come and the next to
   * follow, or the picture is covered in between.
   */
  readonly maxAgeTicks: number;
  /** Margin around a face at each side, in widths and heights of it. */
  readonly growth: number;
  /** Ticks after which nothing is known any more and the whole picture is hidden; a second where it is left out. */
  readonly limitTicks?: number;
}

/** Squares along the longer side of what is pixelated. */
const cells = 8;
/** Of the longer side: the blur then mixes half of a face at once. */
const radiusShare = 1 / 4;
const secondTicks = 90_000;
const nothing: Mask = { width: 0, height: 0, data: new Uint8Array() };

/**
 * Hides faces or the background of a track, and rather too much than too little: see {@link PrivacyPolicy} for what is
 * hidden when. Where apply() throws, the picture must not go out.
 */
export class Privacy {
  readonly #effect: PrivacyEffect;
  readonly #policy: PrivacyPolicy;

  constructor({ effect, maxAgeTicks, growth, limitTicks = secondTicks }: PrivacyOptions) {
    this.#effect = effect;
    this.#policy = new PrivacyPolicy({ maxAgeTicks, growth, limitTicks });
  }

  /**
   * Takes what the model found in the frame with this RTP timestamp: boxes of faces, in fractions of the frame, or a
   * mask of persons. One that does not suit the effect is left out, and so hides nothing and shows nothing.
   */
  update(result: PrivacyResult, rtpTime: number): void {
    const isOfFaces = this.#effect.kind === 'pixelate-faces' || this.#effect.kind === 'blur-faces';
    if (Array.isArray(result) === isOfFaces) this.#policy.update(result, rtpTime);
  }

  /** Hides in the frame with this RTP timestamp what is to be hidden. */
  apply(picture: I420Picture, rtpTime: number): void {
    const cover = this.#policy.coverAt(rtpTime);
    if (cover.kind === 'regions') {
      const rects = cover.regions.flatMap(({ box, margin }) => coveringRect(box, margin, picture) ?? []);
      this.#hide(picture, rects, nothing, 0);
    } else {
      const [mask, withdrawn] = cover.kind === 'around' ? [cover.mask, cover.withdrawn] : [nothing, 0];
      this.#hide(picture, [wholeOf(picture)], mask, withdrawn);
    }
  }

  /** Hides rectangles, or all around a mask: as the effect has it. */
  #hide(picture: I420Picture, rects: readonly PixelRect[], mask: Mask, withdrawn: number): void {
    const effect = this.#effect;
    switch (effect.kind) {
      case 'pixelate-faces':
        for (const rect of rects) pixelate(picture, rect, cells);
        break;
      case 'blur-faces':
        for (const rect of rects) blur(picture, rect, longerSide(rect) * radiusShare);
        break;
      case 'blur-background':
        blurBackground(picture, mask, effect.radius ?? picture.height / 20, withdrawn);
        break;
      case 'replace-background':
        replaceBackground(picture, mask, effect.backdrop, withdrawn);
        break;
    }
  }
}

function longerSide({ left, top, right, bottom }: PixelRect): number {
  return Math.max(right - left, bottom - top);
}
