import { SightlineError } from '../../protocol/errors.ts';
import type { VideoFrame } from './video-frame.ts';

/**
 * Makes the pictures that networks look at: packed RGB, 8 bits, full range, of any size.
 * Honours the frame's matrix (BT.601 where it says nothing). One for each track; it adapts to changing sizes.
 */
export interface Scaler extends Disposable {
  /**
   * Writes the whole frame, resized, into `target`, which may lie in shared memory: rows of `width` × 3 bytes (R, G, B),
   * `targetStride` bytes from one to the next. The frame may be closed at once. Once the scaler is closed
   * nothing is written.
   * @throws SightlineError `codec-failed`, also when called while a call is running or with too small a target
   */
  scale(
    frame: VideoFrame,
    width: number,
    height: number,
    target: Uint8Array,
    targetStride: number,
  ): Promise<void>;
  /** Frees the scaler, after the call that is running. */
  close(): void;
}

/** @throws SightlineError `codec-failed` where the target cannot hold the rows */
export function expectRoom(width: number, height: number, target: Uint8Array, stride: number): void {
  const needed = (height - 1) * stride + width * 3;
  if (width > 0 && height > 0 && stride >= width * 3 && target.length >= needed) return;
  const expected = `expected rows of ${width * 3} bytes and a target of ${needed}`;
  const found = `found ${stride} and ${target.length}`;
  throw new SightlineError('codec-failed', `Cannot scale to ${width}×${height}: ${expected}, ${found}`);
}
