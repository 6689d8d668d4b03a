import type { Box } from '../../../protocol/detections.ts';
import { AxisFilter, type AxisNoise } from './axis-filter.ts';

/** In sizes of the box, the root of its area. Measured on film; docs/adr/0011-tracking.md. */
const CENTRE: AxisNoise = { measured: 0.04, wander: 0.2, acceleration: 1.5, velocity: 3 };
/** Sizes have no velocity: what makes them change (steps, arms, the detector's whims) turns round too soon. */
const SIZE: AxisNoise = { measured: 0.013, wander: 0.1, acceleration: 0, velocity: 0 };

/**
 * Where a box is and whither it moves: the centre with a velocity, width and height without. In any unit, such as
 * fractions of the frame.
 */
export class BoxFilter {
  readonly #x: AxisFilter;
  readonly #y: AxisFilter;
  readonly #width: AxisFilter;
  readonly #height: AxisFilter;

  constructor({ x, y, width, height }: Box) {
    this.#x = new AxisFilter(x + width / 2, CENTRE);
    this.#y = new AxisFilter(y + height / 2, CENTRE);
    this.#width = new AxisFilter(width, SIZE);
    this.#height = new AxisFilter(height, SIZE);
  }

  /** The box so many seconds after it was last measured; negative looks back. It may reach over the frame. */
  after(seconds: number): Box {
    const width = this.#width.after(seconds);
    const height = this.#height.after(seconds);
    return { x: this.#x.after(seconds) - width / 2, y: this.#y.after(seconds) - height / 2, width, height };
  }

  /** Takes in a box, its sides > 0, that was seen so many seconds, ≥ 0, after the one before it. */
  measure({ x, y, width, height }: Box, seconds: number): void {
    this.#x.measure(x + width / 2, seconds);
    this.#y.measure(y + height / 2, seconds);
    this.#width.measure(width, seconds);
    this.#height.measure(height, seconds);
  }
}
