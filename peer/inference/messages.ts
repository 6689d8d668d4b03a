import type { ModelManifest } from '../../models/manifest.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Found } from '../vision/found.ts';
import type { RemoteCounters } from './kserve/remote-counters.ts';
import type { Backend, Placement } from './placement.ts';

/** What a worker is started with (`workerData`). */
export interface WorkerSetup {
  readonly manifest: ModelManifest;
  /** Absolute path of the ONNX file. */
  readonly path: string;
  /** The model that looks closer, where the manifest names one. */
  readonly second?: { readonly manifest: ModelManifest; readonly path: string };
  /** Threads that one run of the model may use. */
  readonly threads: number;
  readonly backend: Backend;
  /** Each with room for `maxBatch` times the largest picture that the model is shown, in packed RGB24. */
  readonly inputs: readonly [SharedArrayBuffer, SharedArrayBuffer];
  /** Pictures that one run may take. */
  readonly maxBatch: number;
}

/** worker → engine. The first report is `ready` or `refused`, each later one answers one run; `placed` comes in between. */
export type WorkerReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'found'; readonly found: readonly Found[]; readonly remote?: RemoteCounters }
  | { readonly kind: 'placed'; readonly placement: Placement }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };
