import { InferenceSession, Tensor } from 'onnxruntime-node';
import { convertGraphModel } from '../../../models/convert/convert-graph-model.ts';
import { parseGraphModel } from '../../../models/convert/graph-model.ts';

/** A number array and its shape. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** float32 where left out. */
  readonly dtype?: 'float32' | 'int32';
}

/** A tfjs graph to be: its inputs, its constants, and its nodes as tfjs-converter writes them. */
export interface TinyGraph {
  readonly inputs: Record<string, Values>;
  readonly constants?: Record<string, Values>;
  readonly nodes: readonly { name: string; op: string; input: string[]; attr?: object }[];
  readonly outputs: readonly string[];
}

const tfTypes = { float32: 'DT_FLOAT', int32: 'DT_INT32' };

export const int = (i: number) => ({ i: `${i}` });
export const ints = (...list: number[]) => ({ list: { i: list.map(String) } });
export const text = (s: string) => ({ s: Buffer.from(s).toString('base64') });
export const texts = (...list: string[]) => ({ list: { s: list.map((s) => text(s).s) } });
export const int32 = { type: 'DT_INT32' };

/** 0, 1, 2 … in the given shape. */
export function counting(...shape: number[]): Values {
  return { shape, data: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i) };
}

export function integers(...data: number[]): Values {
  return { shape: [data.length], data, dtype: 'int32' };
}

export function integer(value: number): Values {
  return { shape: [], data: [value], dtype: 'int32' };
}

/** Writes the graph as a tfjs graph model and converts it. */
export function convertTiny({ inputs, constants = {}, nodes, outputs }: TinyGraph): Uint8Array {
  const node = [
    ...Object.entries(inputs).map(([name, { shape, dtype = 'float32' }]) => ({
      name,
      op: 'Placeholder',
      attr: {
        dtype: { type: tfTypes[dtype] },
        shape: { shape: { dim: shape.map((size) => ({ size: `${size}` })) } },
      },
    })),
    ...Object.keys(constants).map((name) => ({ name, op: 'Const' })),
    ...nodes,
  ];
  const weights = Object.entries(constants).map(([name, { shape, dtype = 'float32' }]) => ({
    name,
    shape,
    dtype,
  }));
  const weightsManifest = [{ paths: ['weights.bin'], weights }];
  const bytes = Object.values(constants).map(({ data, dtype = 'float32' }) =>
    Buffer.from((dtype === 'float32' ? Float32Array.from(data) : Int32Array.from(data)).buffer),
  );
  const json = JSON.stringify({ format: 'graph-model', modelTopology: { node }, weightsManifest });
  return convertGraphModel(parseGraphModel(json), [Buffer.concat(bytes)], outputs);
}

/** Converts the graph, runs it in ONNX Runtime on its inputs, and returns the outputs in order. */
export async function runTiny(graph: TinyGraph): Promise<Values[]> {
  const session = await InferenceSession.create(convertTiny(graph), { intraOpNumThreads: 1 });
  const feeds = Object.entries(graph.inputs).map(([name, { shape, data, dtype = 'float32' }]) => {
    const array = dtype === 'float32' ? Float32Array.from(data) : Int32Array.from(data);
    return [name, new Tensor(dtype, array, shape)];
  });
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return graph.outputs.map((name) => {
    const { dims = [], data = [] } = results[name] ?? {};
    return { shape: dims, data: Array.from(data as Float32Array) };
  });
}
