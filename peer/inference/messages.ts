import type { ModelManifest } from '../../models/manifest.ts';
import type { DetectedObject } from '../../protocol/detections.ts';
import type { ErrorCode } from '../../protocol/errors.ts';

/** What a worker is started with (`workerData`). */
export interface WorkerSetup {
  readonly manifest: ModelManifest;
  /** Absolute path of the ONNX file. */
  readonly path: string;
  /** Threads that one run of the model may use. */
  readonly threads: number;
  /** Each width × height × 3 bytes of the network's input. */
  readonly inputs: readonly [SharedArrayBuffer, SharedArrayBuffer];
}

/** worker → engine. The first report is `ready` or `refused`; each later one answers one run. */
export type WorkerReport =
  | { readonly kind: 'ready' }
  /** `malformed` counts the rows of the output that held NaN or Infinity. */
  | { readonly kind: 'objects'; readonly objects: DetectedObject[]; readonly malformed: number }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };
