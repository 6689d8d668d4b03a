/** Where the picture that is shown comes from. */
export type PictureSource = 'camera' | 'annotated';

/** Longer than the slowest model takes for a frame in `exact`; what stands still for so long looks broken. */
const LATE_MS = 1_000;
/** Annotated frames in a row, none late, before the picture changes over: a trickle would flicker. */
const STEADY_FRAMES = 3;

/**
 * Chooses between the frames of a camera and those that come back annotated: the annotated ones while they come
 * steadily, the camera's at all other times. The time is an argument.
 */
export class SourceChoice {
  #shown: PictureSource = 'camera';
  #annotatedAtMs = Number.NEGATIVE_INFINITY;
  #inARow = 0;

  get shown(): PictureSource {
    return this.#shown;
  }

  /** Takes note of a frame. @returns whether it is to be shown */
  push(source: PictureSource, nowMs: number): boolean {
    const late = nowMs - this.#annotatedAtMs > LATE_MS;
    if (source === 'annotated') {
      this.#inARow = late ? 1 : this.#inARow + 1;
      this.#annotatedAtMs = nowMs;
      if (this.#inARow >= STEADY_FRAMES) this.#shown = 'annotated';
    } else if (late) {
      this.#shown = 'camera';
    }
    return this.#shown === source;
  }

  /** There will be no more annotated frames: the camera's from now on. */
  lost(): void {
    this.#shown = 'camera';
    this.#annotatedAtMs = Number.NEGATIVE_INFINITY;
    this.#inARow = 0;
  }
}
