import type { ExecutionProvider, RunsOn } from '../../protocol/models.ts';
import type { RemoteCounters } from './kserve/remote-counters.ts';

/** Where models are to be run. */
export interface Backend {
  /** Of ONNX Runtime, on this machine. */
  readonly provider: ExecutionProvider;
  /** A server that runs them while it can. */
  readonly kserve: KserveSettings | undefined;
}

interface KserveSettings {
  /** `http:` or `https:`, where `/v2` is on the server; `grpc:` or `grpcs:`, its host and port. */
  readonly url: string;
  /** Milliseconds that a run on the server may take, its retries included. */
  readonly timeoutMs: number;
}

/** Where a model is run from now on. */
export interface Placement {
  /** Catalogue id. */
  readonly model: string;
  readonly runsOn: RunsOn;
  /** In words, where it is not run where it is meant to be. */
  readonly problem?: string;
}

/** How a model session is told where to run its model, and tells where it does. */
export interface Placing {
  readonly backend: Backend;
  /** Of all models of a worker. */
  readonly counters: RemoteCounters;
  readonly onPlaced: (placement: Placement) => void;
}

export const localCpu: Backend = { provider: 'cpu', kserve: undefined };
