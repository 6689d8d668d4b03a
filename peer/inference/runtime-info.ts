import { env, listSupportedBackends } from 'onnxruntime-node';

/** The inference library in use. */
export interface RuntimeInfo {
  /** Such as `onnxruntime-node 1.30.0`. */
  readonly name: string;
  /** Execution providers that this build has, best known first: `cpu`, and on some platforms others. */
  readonly providers: readonly string[];
}

export function runtimeInfo(): RuntimeInfo {
  return {
    name: `onnxruntime-node ${env.versions.node ?? env.versions.common}`,
    providers: listSupportedBackends().flatMap(({ name, bundled }) => (bundled ? [name] : [])),
  };
}
