import type { VideoFrame } from '../codec/video-frame.ts';
import type { FrameRecord } from '../pipeline/frame-record.ts';
import type { FrameSink } from '../pipeline/scene.ts';

/** Tells when the frame that a scene was given has been shown: with its own result where the scene is `exact`. */
export class ShownFrame implements FrameSink {
  #expected: FrameRecord | undefined;
  #shown = Promise.withResolvers<void>();

  /** @returns resolves once the frame is shown, or is waited for no more. To be asked before it is pushed */
  expect(record: FrameRecord): Promise<void> {
    this.#expected = record;
    this.#shown = Promise.withResolvers();
    return this.#shown.promise;
  }

  push(frame: VideoFrame, record: FrameRecord): void {
    frame.close();
    if (record === this.#expected) this.letGo();
  }

  /** Waits no more: where what looks at frames was changed, the one under way may never be shown. */
  letGo(): void {
    this.#expected = undefined;
    this.#shown.resolve();
  }
}
