import type { Arm, Pose } from './pose.ts';
import { hasPassed } from './settled.ts';

/** Turns from left to right or back that make a wave, and the seconds within which they come. */
const TURNS = 3;
const WAVE_SECONDS = 2;
/** How far a hand comes back until it has turned, in widths of the shoulders: more than keypoints tremble. */
const REACH = 0.25;

/**
 * Whether one hand waves: the wrist above its elbow, going to and fro. Places are taken from the shoulders, so that
 * somebody who walks does not wave. It takes at least four or five results a second to see a turn.
 */
export class Waving {
  readonly #swing = new Swing();
  /** Seconds of the newest turns, the oldest first. */
  #turns: number[] = [];
  #isWaving = false;

  /** @returns whether it has just begun to wave */
  see({ middle, shoulderWidth }: Pose, { wrist, elbow }: Arm, time: number): boolean {
    if (wrist.y >= elbow.y) {
      this.miss();
      return false;
    }
    const hasTurned = this.#swing.see(wrist.x - middle.x, REACH * shoulderWidth);
    if (hasTurned) this.#turns = [...this.#turns, time].slice(-TURNS);
    const [first = time, last = first] = [this.#turns[0], this.#turns.at(-1)];
    if (hasPassed(WAVE_SECONDS, last, time)) this.#isWaving = false;
    if (this.#isWaving || this.#turns.length < TURNS || time - first > WAVE_SECONDS) return false;
    this.#isWaving = true;
    return true;
  }

  /** The hand is down, or was not seen for too long. */
  miss(): void {
    this.#swing.stop();
    this.#turns = [];
    this.#isWaving = false;
  }
}

/** Finds the turns of a value that goes up and down, by how far it has come back from where it was furthest. */
class Swing {
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;
  #direction: -1 | 0 | 1 = 0;

  /** @returns whether it has turned; setting off is no turn */
  see(value: number, reach: number): boolean {
    this.#low = Math.min(this.#low, value);
    this.#high = Math.max(this.#high, value);
    const hasRisen = this.#direction !== 1 && value - this.#low >= reach;
    const hasFallen = !hasRisen && this.#direction !== -1 && this.#high - value >= reach;
    if (!hasRisen && !hasFallen) return false;
    const hadDirection = this.#direction !== 0;
    this.#direction = hasRisen ? 1 : -1;
    this.#low = value;
    this.#high = value;
    return hadDirection;
  }

  stop(): void {
    this.#low = Number.POSITIVE_INFINITY;
    this.#high = Number.NEGATIVE_INFINITY;
    this.#direction = 0;
  }
}
