import type { ModelManifest } from '../../../models/manifest.ts';
import type { TensorData } from '../../vision/tensor.ts';
import { inputDims } from '../contract.ts';
import { inputDatatype } from './metadata.ts';

/** How tensors cross: as bytes behind the JSON (the binary tensor data extension), or as numbers in it. */
export type TensorForm = 'binary' | 'json';

/** Of the binary tensor data extension: bytes of the JSON before the tensors. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

interface InferRequest {
  readonly headers: Record<string, string | number>;
  readonly body: readonly Uint8Array[];
}

/**
 * The body of `POST /v2/models/{model}/infer` (Open Inference Protocol v2). In binary the tensor is not copied; its
 * values go little-endian, as every platform that ONNX Runtime has a package for keeps them.
 */
export function inferRequest(manifest: ModelManifest, values: TensorData, form: TensorForm): InferRequest {
  const { input, outputs } = manifest;
  const isBinary = form === 'binary';
  const json = Buffer.from(
    JSON.stringify({
      inputs: [
        {
          name: input.name,
          shape: inputDims(input),
          datatype: inputDatatype(input),
          ...(isBinary ? { parameters: { binary_data_size: values.byteLength } } : { data: [...values] }),
        },
      ],
      outputs: outputs.map(({ name }) => ({ name, ...(isBinary && { parameters: { binary_data: true } }) })),
    }),
  );
  if (!isBinary) return { headers: { 'Content-Type': 'application/json' }, body: [json] };
  return {
    headers: { 'Content-Type': 'application/octet-stream', [JSON_LENGTH_HEADER]: json.length },
    body: [json, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)],
  };
}
