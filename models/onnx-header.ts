import { readFile } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataLocation } from 'onnx-buf';

/** What an ONNX file says of itself, beside its graph. */
export interface OnnxHeader {
  /** Bytes. */
  readonly size: number;
  /** Version of ONNX's own operators; undefined where the file uses none. */
  readonly opset: number | undefined;
  readonly irVersion: number;
  /** Name and version of the program that wrote it; '' where it does not say. */
  readonly producer: string;
  /** Operator domains beside ONNX's own. */
  readonly domains: readonly string[];
  /** Files beside it that hold its weights. */
  readonly externalFiles: readonly string[];
}

/** Reads the header of an ONNX file; undefined where it is cut short or is none. Throws when it cannot be read. */
export async function readOnnxHeader(path: string): Promise<OnnxHeader | undefined> {
  const bytes = await readFile(path);
  const model = parse(bytes);
  if (model?.graph === undefined || model.opsetImport.length === 0) return undefined;
  const isOwn = ({ domain }: { domain: string }) => domain === '' || domain === 'ai.onnx';
  const opset = model.opsetImport.find(isOwn)?.version;
  return {
    size: bytes.length,
    opset: opset === undefined ? undefined : Number(opset),
    irVersion: Number(model.irVersion),
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
    domains: model.opsetImport.filter((entry) => !isOwn(entry)).map(({ domain }) => domain),
    externalFiles: externalFilesOf(model.graph.initializer),
  };
}

function parse(bytes: Uint8Array) {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch {
    return undefined;
  }
}

function externalFilesOf(
  tensors: readonly {
    readonly dataLocation: TensorProto_DataLocation;
    readonly externalData: readonly { readonly key: string; readonly value: string }[];
  }[],
): string[] {
  const names = tensors
    .filter(({ dataLocation }) => dataLocation === TensorProto_DataLocation.EXTERNAL)
    .flatMap(({ externalData }) => externalData.find(({ key }) => key === 'location')?.value ?? []);
  return [...new Set(names)];
}
