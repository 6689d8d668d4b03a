import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { Tensor, TensorType } from './tensor.ts';

const IR_VERSION = 8n;
const OPSET = 18n;

/** ONNX's number of an element type, as `Cast` takes it. */
export const onnxTypes = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
} as const satisfies Record<TensorType, DataType>;

/** An attribute: text, integers, an integer, or `{ float }`. */
export type OnnxAttribute = string | number | readonly number[] | { readonly float: number };

/** Writes an ONNX model node by node. The same calls in the same order give the same bytes. */
export class OnnxBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #constants: TensorProto[] = [];
  readonly #constantNames = new Map<string, string>();
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  #nextName = 0;

  /** Adds a node and returns the name of its only output. An empty input name leaves an optional input out. */
  node(op: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    const [output = ''] = this.nodes(op, inputs, attributes, 1);
    return output;
  }

  /** Adds a node and returns the names of its `count` outputs. */
  nodes(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, OnnxAttribute>,
    count: number,
  ): string[] {
    const output = Array.from({ length: count }, () => this.#name());
    const attribute = Object.entries(attributes).map(([name, value]) => toAttribute(name, value));
    this.#nodes.push(create(NodeProtoSchema, { opType: op, input: [...inputs], output, attribute }));
    return output;
  }

  /** Adds a constant and returns its name; an equal one of up to 64 bytes is shared. */
  constant({ type, shape, data }: Tensor): string {
    const rawData = new Uint8Array(data.byteLength);
    rawData.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const key = rawData.length <= 64 ? `${type} ${shape.join()} ${rawData.join()}` : undefined;
    const known = key === undefined ? undefined : this.#constantNames.get(key);
    if (known !== undefined) return known;
    const name = this.#name();
    const dims = shape.map(BigInt);
    this.#constants.push(create(TensorProtoSchema, { name, dims, dataType: onnxTypes[type], rawData }));
    if (key !== undefined) this.#constantNames.set(key, name);
    return name;
  }

  /** Declares an input of the model. A negative side is open; all open ones are of one size. */
  input(name: string, type: TensorType, shape: readonly number[]): void {
    this.#inputs.push(toValueInfo(name, type, shape));
  }

  /** Declares the value `from` as the output `name` of the model. ONNX Runtime infers its shape. */
  output(name: string, type: TensorType, from: string): void {
    this.#nodes.push(create(NodeProtoSchema, { opType: 'Identity', input: [from], output: [name] }));
    this.#outputs.push(toValueInfo(name, type));
  }

  /** The model as the bytes of an ONNX file. */
  finish(): Uint8Array {
    const graph = create(GraphProtoSchema, {
      name: 'graph',
      node: this.#nodes,
      initializer: this.#constants,
      input: this.#inputs,
      output: this.#outputs,
    });
    const opset = create(OperatorSetIdProtoSchema, { domain: '', version: OPSET });
    const producerName = 'sightline';
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, { irVersion: IR_VERSION, producerName, graph, opsetImport: [opset] }),
    );
  }

  #name(): string {
    this.#nextName += 1;
    return `v${this.#nextName}`;
  }
}

function toAttribute(name: string, value: OnnxAttribute): AttributeProto {
  if (typeof value === 'string') {
    const s = new TextEncoder().encode(value);
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
  }
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

function toValueInfo(name: string, type: TensorType, shape?: readonly number[]): ValueInfoProto {
  const dim = shape?.map((side) =>
    create(TensorShapeProto_DimensionSchema, {
      value: side < 0 ? { case: 'dimParam', value: 'batch' } : { case: 'dimValue', value: BigInt(side) },
    }),
  );
  const value = create(TypeProto_TensorSchema, {
    elemType: onnxTypes[type],
    ...(dim === undefined ? {} : { shape: create(TensorShapeProtoSchema, { dim }) }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }),
  });
}
