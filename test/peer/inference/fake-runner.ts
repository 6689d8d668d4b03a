import type { Runner, RunRequest } from '../../../peer/inference/lane.ts';
import type { Found } from '../../../peer/vision/found.ts';
import type { DetectedObject } from '../../../protocol/detections.ts';

/** A worker that answers when the test says so. */
export class FakeRunner implements Runner {
  readonly requests: RunRequest[] = [];
  readonly #answers: (PromiseWithResolvers<readonly Found[]> & { readonly count: number })[] = [];
  maxBatch = 1;
  /** Frames of each run. */
  readonly batches: number[] = [];

  get running(): boolean {
    return this.#answers.length > 0;
  }

  run(requests: readonly RunRequest[]): Promise<readonly Found[]> {
    if (this.#answers.length > 1) throw new Error('Asked for a third run during the first');
    this.requests.push(...requests);
    this.batches.push(requests.length);
    const answer = Promise.withResolvers<readonly Found[]>();
    this.#answers.push({ ...answer, count: requests.length });
    return answer.promise;
  }

  /** Ends the run in progress and lets everything that follows from it happen. */
  async finish(objects: DetectedObject[] = [], malformed = 0): Promise<void> {
    const { resolve, count } = this.#take();
    resolve(Array.from({ length: count }, () => ({ objects, malformed })));
    await new Promise(setImmediate);
  }

  async break(error: Error): Promise<void> {
    this.#take().reject(error);
    await new Promise(setImmediate);
  }

  #take() {
    const answer = this.#answers.shift();
    if (!answer) throw new Error('No run is in progress');
    return answer;
  }
}
