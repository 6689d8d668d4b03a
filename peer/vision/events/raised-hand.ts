import type { Arm, Pose } from './pose.ts';
import { Settled } from './settled.ts';

/** Seconds for which a hand must be up, or down, until it is raised, or lowered. */
const HOLD_SECONDS = 0.5;
/** In lengths of the torso: how far above the eyes a wrist comes up, and how far below them it goes down again. */
const MARGIN = 0.1;

/** Whether one hand is raised: the wrist above the eyes and above its elbow. */
export class RaisedHand {
  readonly #raised = new Settled(HOLD_SECONDS);

  /** @returns whether it has just been raised */
  see(pose: Pose, { wrist, elbow }: Arm, time: number): boolean {
    const margin = MARGIN * pose.torso;
    const line = this.#raised.value ? pose.eyes + margin : pose.eyes - margin;
    return this.#raised.see(wrist.y < line && wrist.y < elbow.y, time) && this.#raised.value;
  }

  /** The hand was not seen for too long. One that was raised still is: it may be above the picture. */
  miss(): void {
    this.#raised.interrupt();
  }
}
