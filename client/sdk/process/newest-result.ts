import type { Detections } from '../../../protocol/detections.ts';

/** Results as a stream that never fills: one waits to be read, and the newer replaces the older. */
export class NewestResult {
  readonly stream: ReadableStream<Detections>;
  #controller: ReadableStreamDefaultController<Detections> | undefined;
  #newest: Detections | undefined;
  #asked: (() => void) | undefined;

  constructor() {
    this.stream = new ReadableStream<Detections>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#pull(),
        cancel: () => {
          this.#controller = undefined;
        },
      },
      { highWaterMark: 0 }, // asks only when somebody reads
    );
  }

  push(result: Detections): void {
    this.#newest = result;
    this.#asked?.();
  }

  /** Ends the stream. Idempotent. */
  close(): void {
    this.#controller?.close();
    this.#controller = undefined;
    this.#asked?.();
  }

  async #pull(): Promise<void> {
    if (this.#newest === undefined) {
      await new Promise<void>((resolve) => {
        this.#asked = resolve;
      });
      this.#asked = undefined;
    }
    if (this.#newest !== undefined) this.#controller?.enqueue(this.#newest);
    this.#newest = undefined;
  }
}
