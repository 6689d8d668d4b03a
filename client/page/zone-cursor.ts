import type { Corner } from './zone-draft.ts';

/** Fractions of the frame that an arrow key moves by; with Shift, a fifth of it. */
const STEP = 0.05;
const FINE = 0.01;

const directions: Record<string, Corner> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Where the next corner of a zone comes, moved by arrow keys; begins in the middle of the picture. */
export class ZoneCursor {
  #at: Corner = { x: 0.5, y: 0.5 };

  get at(): Corner {
    return this.#at;
  }

  /** @returns whether the key moves it */
  move({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): boolean {
    const direction = directions[key];
    if (!direction) return false;
    const step = shiftKey ? FINE : STEP;
    this.#at = { x: within(this.#at.x + direction.x * step), y: within(this.#at.y + direction.y * step) };
    return true;
  }

  /** In words, for those who listen: `40 % from the left, 25 % from the top`. */
  get words(): string {
    return `${percent(this.#at.x)} from the left, ${percent(this.#at.y)} from the top`;
  }
}

/** Within the frame, on a grid of hundredths, so that steps do not add up to fractions of it. */
function within(value: number): number {
  return Math.min(1, Math.max(0, Math.round(value * 100) / 100));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
