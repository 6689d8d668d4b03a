import type { VideoFrame } from '../../codec/video-frame.ts';

/** Rides out a slow moment of the disk; a quarter of a second, and 25 MB of 1080p. */
const CAPACITY = 8;

export interface QueuedPicture {
  readonly frame: VideoFrame;
  /** On the clock of the recording. */
  readonly seconds: number;
}

/** Pictures that wait to be written: 8 at most; the one that has waited longest gives way. */
export class PictureQueue {
  readonly #waiting: QueuedPicture[] = [];
  #dropped = 0;

  get dropped(): number {
    return this.#dropped;
  }

  /** Takes over the frame. */
  put(picture: QueuedPicture): void {
    this.#waiting.push(picture);
    if (this.#waiting.length <= CAPACITY) return;
    this.#waiting.shift()?.frame.close();
    this.#dropped++;
  }

  take(): QueuedPicture | undefined {
    return this.#waiting.shift();
  }

  clear(): void {
    for (const { frame } of this.#waiting.splice(0)) frame.close();
  }
}
