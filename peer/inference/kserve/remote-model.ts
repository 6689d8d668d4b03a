import type { HeadOutputs } from '../../vision/heads/index.ts';
import type { TensorData } from '../../vision/tensor.ts';

/** A first run may load the model on the server. */
export const CONNECT_TIMEOUT_MS = 5_000;

/**
 * A model on a server that speaks the Open Inference Protocol v2, such as Triton, OpenVINO Model Server or KServe. The
 * server has it under the id that the catalogue has it under.
 */
export interface RemoteModel {
  /**
   * Compares the model with its manifest and runs it once.
   *
   * @param values of any picture; not kept
   * @throws {SightlineError} `backend-timeout`, `backend-failed`, `backend-invalid`
   */
  connect(values: TensorData): Promise<void>;
  /**
   * @param values not to be written to before the call is over
   * @throws {SightlineError} `backend-timeout`, `backend-failed`, `backend-invalid`
   */
  infer(values: TensorData, timeoutMs: number): Promise<HeadOutputs>;
  /** Lets go of the connection. Idempotent. */
  close(): void;
}
