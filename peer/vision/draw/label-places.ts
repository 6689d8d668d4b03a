import type { I420Picture } from '../i420.ts';
import type { PixelRect } from './pixel-rect.ts';

/** More labels than this are not kept apart: so many hide the picture anyway. */
const MOST_LABELS = 100;
/** How far a label goes, in heights of it: past two others. Farther off one would take it for the label of another thing. */
const FARTHEST = 2;

/**
 * Keeps the labels of a picture apart: one that would lie on another goes straight up until it is clear, or down where
 * that is too far or out of the picture, and stays where it is wanted where both are. It moves by no more than the
 * labels in its way, so that labels of things that pass each other do not jump about.
 */
export class LabelPlaces {
  readonly #picture: Pick<I420Picture, 'height'>;
  readonly #taken: PixelRect[] = [];

  constructor(picture: Pick<I420Picture, 'height'>) {
    this.#picture = picture;
  }

  /**
   * Takes a place for a label: the first that asks gets its own.
   * @returns the top of it: even, as what is wanted and what was taken is
   */
  take(wanted: PixelRect): number {
    if (this.#taken.length >= MOST_LABELS) return wanted.top;
    const height = wanted.bottom - wanted.top;
    const top =
      this.#clear(wanted, (other) => other.top - height) ??
      this.#clear(wanted, (other) => other.bottom) ??
      wanted.top;
    this.#taken.push({ ...wanted, top, bottom: top + height });
    return top;
  }

  /** The first top that is clear; undefined where there is none near by. */
  #clear(wanted: PixelRect, past: (other: PixelRect) => number): number | undefined {
    const height = wanted.bottom - wanted.top;
    let top = wanted.top;
    for (;;) {
      const at = { ...wanted, top, bottom: top + height };
      const other = this.#taken.find((taken) => overlap(at, taken));
      if (other === undefined) return top;
      top = past(other);
      const isNear = Math.abs(top - wanted.top) <= FARTHEST * height;
      if (!isNear || top < 0 || top + height > this.#picture.height) return undefined;
    }
  }
}

function overlap(one: PixelRect, other: PixelRect): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
