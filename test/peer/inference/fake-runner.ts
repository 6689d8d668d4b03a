import type { Runner, RunRequest } from '../../../peer/inference/lane.ts';
import type { Found } from '../../../peer/vision/found.ts';
import type { DetectedObject } from '../../../protocol/detections.ts';

/** A worker that answers when the test says so. */
export class FakeRunner implements Runner {
  readonly requests: RunRequest[] = [];
  readonly #answers: PromiseWithResolvers<Found>[] = [];

  get running(): boolean {
    return this.#answers.length > 0;
  }

  run(request: RunRequest): Promise<Found> {
    if (this.#answers.length > 1) throw new Error('Asked for a third run during the first');
    this.requests.push(request);
    const answer = Promise.withResolvers<Found>();
    this.#answers.push(answer);
    return answer.promise;
  }

  /** Ends the run in progress and lets everything that follows from it happen. */
  async finish(objects: DetectedObject[] = []): Promise<void> {
    this.#take().resolve({ objects, malformed: 0 });
    await new Promise(setImmediate);
  }

  async break(error: Error): Promise<void> {
    this.#take().reject(error);
    await new Promise(setImmediate);
  }

  #take(): PromiseWithResolvers<Found> {
    const answer = this.#answers.shift();
    if (!answer) throw new Error('No run is in progress');
    return answer;
  }
}
