/**
 * How one coordinate of a box moves and is measured. All of it is in one unit of length, whichever: the filter weighs
 * these against each other, so the same numbers in sizes of the box serve boxes of every size.
 */
export interface AxisNoise {
  /** Standard deviation of a measured value, > 0. */
  readonly measured: number;
  /** How far the value strays by itself in a second, length / √s: limbs swing, a detector changes its mind slowly. */
  readonly wander: number;
  /** How far the velocity strays in a second, length / s / √s. The larger, the sooner a turn is believed. */
  readonly acceleration: number;
  /** Standard deviation of the velocity of what is seen for the first time, length / s. */
  readonly velocity: number;
}

/** Seconds after which a velocity that nothing confirms has fallen to 1 / e of what it was. */
const DAMPING_SECONDS = 6;

/**
 * Kalman filter of one coordinate: a value, and a velocity that dies away. Its uncertainty grows with the seconds that
 * pass, however many results there were in between. Source: Bar-Shalom, Li, Kirubarajan, "Estimation with Applications
 * to Tracking and Navigation" (2001), 6.2 (white noise as acceleration) and 8.2 (velocities that decay).
 */
export class AxisFilter {
  readonly #noise: AxisNoise;
  #value: number;
  #velocity = 0;
  /** Covariance of the state: value with value, value with velocity, velocity with velocity. */
  #valueVariance: number;
  #covariance = 0;
  #velocityVariance: number;

  constructor(value: number, noise: AxisNoise) {
    this.#noise = noise;
    this.#value = value;
    this.#valueVariance = noise.measured ** 2;
    this.#velocityVariance = noise.velocity ** 2;
  }

  /** The value so many seconds after it was last measured; negative looks back. */
  after(seconds: number): number {
    return this.#value + this.#velocity * travel(seconds);
  }

  /** Takes in what was measured so many seconds, ≥ 0, after the value before it. */
  measure(value: number, seconds: number): void {
    this.#advance(seconds);
    const total = this.#valueVariance + this.#noise.measured ** 2;
    const gain = this.#valueVariance / total;
    const velocityGain = this.#covariance / total;
    const surprise = value - this.#value;
    this.#value += gain * surprise;
    this.#velocity += velocityGain * surprise;
    this.#velocityVariance -= velocityGain * this.#covariance;
    this.#covariance *= 1 - gain;
    this.#valueVariance *= 1 - gain;
  }

  /** The noise of the acceleration is added as if the velocity did not decay meanwhile: on the safe side, and short. */
  #advance(seconds: number): void {
    const { wander, acceleration } = this.#noise;
    const reach = travel(seconds);
    const kept = Math.exp(-seconds / DAMPING_SECONDS);
    this.#value += this.#velocity * reach;
    this.#velocity *= kept;
    this.#valueVariance += 2 * reach * this.#covariance + reach ** 2 * this.#velocityVariance;
    this.#valueVariance += (acceleration ** 2 * seconds ** 3) / 3 + wander ** 2 * seconds;
    this.#covariance = kept * (this.#covariance + reach * this.#velocityVariance);
    this.#covariance += (acceleration ** 2 * seconds ** 2) / 2;
    this.#velocityVariance = kept ** 2 * this.#velocityVariance + acceleration ** 2 * seconds;
  }
}

/** Seconds at the present velocity that take as far as these seconds do at the velocity that dies away. */
function travel(seconds: number): number {
  return DAMPING_SECONDS * (1 - Math.exp(-seconds / DAMPING_SECONDS));
}
