import type { ModelManifest } from '../../models/manifest.ts';
import type { ControlNotice } from '../../protocol/control.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { LookState } from './look-health.ts';

/** What a session is told of its models: once that one fails, and once that it works again, however many tracks use it. */
export class ModelNotices {
  readonly #send: (notice: ControlNotice) => void;
  readonly #failing = new Set<string>();

  constructor(send: (notice: ControlNotice) => void) {
    this.#send = send;
  }

  /**
   * A lane with this model has come to a state.
   * @param cause of the last failure, where there was one
   */
  update({ id: model, task }: Pick<ModelManifest, 'id' | 'task'>, state: LookState, cause?: unknown): void {
    const isFailing = state === 'failing';
    if (isFailing === this.#failing.has(model)) return;
    if (isFailing) this.#failing.add(model);
    else this.#failing.delete(model);
    const code = isFailing ? 'model-failing' : 'model-recovered';
    const detail = isFailing
      ? `Cannot run the model ${model}: expected results, found ${codeOf(cause)} again and again; the video goes on without it`
      : `The model ${model} has results again`;
    this.#send({ type: 'notice', code, task, model, detail });
  }
}

/** The words of the error are for the log. */
function codeOf(cause: unknown): string {
  return cause instanceof SightlineError ? cause.code : 'inference-failed';
}
