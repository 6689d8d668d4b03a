/** Failures in a row that are no accident: a worker that is replaced costs one. */
const FAILING_AFTER = 5;
/** Results in a row that are no accident either. */
const WORKING_AFTER = 3;

export type LookState = 'working' | 'failing';

/** Tells from the looks of one task, one after the other, whether its model fails again and again. */
export class LookHealth {
  #state: LookState | undefined;
  #last: boolean | undefined;
  #inARow = 0;

  /**
   * @param succeeded whether the look had a result
   * @returns the state, where this look has changed it or settled it for the first time
   */
  push(succeeded: boolean): LookState | undefined {
    this.#inARow = succeeded === this.#last ? this.#inARow + 1 : 1;
    this.#last = succeeded;
    if (this.#inARow < (succeeded ? WORKING_AFTER : FAILING_AFTER)) return undefined;
    const state = succeeded ? 'working' : 'failing';
    if (state === this.#state) return undefined;
    this.#state = state;
    return state;
  }
}
