import { SightlineError } from '../../protocol/errors.ts';
import type { VideoFrame } from './video-frame.ts';

/**
 * Makes frames smaller (or larger) before they are drawn on and encoded: I420 to I420, with the timestamp and the matrix
 * of the original. One for each track; it adapts to changing sizes.
 */
export interface FrameResizer extends Disposable {
  /**
   * The whole frame at another size in pixels, to be closed by the caller; one that has this size already is shared, not
   * copied. The frame given stays the caller's, who may close it at once. undefined where the resizer was closed
   * meanwhile.
   * @throws SightlineError `codec-failed`, also when called while a call is running
   */
  resize(frame: VideoFrame, width: number, height: number): Promise<VideoFrame | undefined>;
  /** Frees the resizer, after the call that is running. Frames that it gave stay valid. */
  close(): void;
}

/** @throws SightlineError `codec-failed` where a side is not above 0 */
export function expectSize(width: number, height: number): void {
  if (width > 0 && height > 0) return;
  const found = `found ${width}×${height}`;
  throw new SightlineError('codec-failed', `Cannot resize a frame: expected a size above 0, ${found}`);
}
