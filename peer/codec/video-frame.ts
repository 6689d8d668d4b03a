import type { I420Picture } from '../vision/i420.ts';

/** How a frame's YUV relates to RGB, where its stream says so. */
export type ColourMatrix = 'bt601' | 'bt709';

/**
 * One decoded picture, I420 in limited range. Whoever holds it closes it.
 * Several may share one set of planes; then `makeWritable()` gives this one its own before anything is written.
 */
export interface VideoFrame extends Disposable {
  /** RTP timestamp, 90 kHz, 32 bits. */
  readonly timestamp: number;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** What the stream says; undefined where it says nothing, which mostly means BT.601. */
  readonly matrix: ColourMatrix | undefined;
  /** Whether no other frame and no decoder reads these planes. */
  readonly isWritable: boolean;
  /**
   * The planes, not a copy. Valid until `makeWritable()` or `close()`; a view taken before never shows the planes of a
   * later frame: its length is 0 once they are given up.
   */
  readonly picture: I420Picture;
  /** Another frame over the same planes, to be closed on its own. Nothing is copied. */
  share(): VideoFrame;
  /** Copies the planes where anyone else reads them, and otherwise does nothing. Take `picture` anew after it. */
  makeWritable(): void;
  /** Gives the planes up. Further calls do nothing. */
  close(): void;
}
