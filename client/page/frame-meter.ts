import { Rate } from './rate.ts';

/** Watches the frames that a video element really shows. */
export class FrameMeter {
  readonly #shown = new Rate(3_000);

  /**
   * @param video the element to watch, for as long as the page lives
   * @param onFrame called with what the browser tells of each shown frame
   */
  constructor(video: HTMLVideoElement, onFrame: (frame: VideoFrameCallbackMetadata) => void) {
    if (!('requestVideoFrameCallback' in video)) return;
    const look = (now: number, frame: VideoFrameCallbackMetadata) => {
      this.#shown.hit(now);
      onFrame(frame);
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  }

  /** Frames shown a second. */
  perSecond(nowMs: number): number {
    return this.#shown.perSecond(nowMs);
  }
}
