import type { DetectedObject } from '../../protocol/detections.ts';
import type { Mask } from '../vision/found.ts';

/** Milliseconds that the steps of one frame took; together they are the time from the offer to the result. */
interface InferenceTimings {
  /** Waiting: for a worker to take the frame, and for that worker to finish the frame before it. */
  readonly wait: number;
  /** Scaling the pixels into the shared input. */
  readonly prepare: number;
  /** Message to the worker, tensor, model, output decoding, message back. */
  readonly infer: number;
}

/** What the model found in one frame, best first. */
export interface InferenceResult {
  readonly objects: readonly DetectedObject[];
  /** Of the task `segment`. */
  readonly mask?: Mask;
  /** Rows of the model's outputs that held NaN or Infinity. */
  readonly malformed: number;
  readonly timings: InferenceTimings;
}

/**
 * One frame that somebody wants to know the objects of.
 * `Input` is what the pixels are written to; the scheduler hands it through.
 */
export interface FrameJob<Input> {
  /** Size of the frame in pixels. */
  readonly width: number;
  readonly height: number;
  /** Objects below this score are left out. */
  readonly threshold: number;
  /**
   * Writes the pixels into the input. Called only once a worker is about to run this very frame, never for a frame that
   * something newer replaces. A rejection fails this frame alone.
   */
  prepare(input: Input): Promise<void>;
  /** The pixels are no longer needed. Called exactly once for each frame that is offered, whatever becomes of it. */
  release(): void;
}
