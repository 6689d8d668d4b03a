import type { ModelFace } from '../../../peer/inference/contract.ts';
import type { Dims } from './head-shapes.ts';

/** An input or output of an ONNX file. */
export interface GraphValue {
  readonly name: string;
  /** Element type, such as `float32`; `no tensor` for sequences and maps. */
  readonly type: string;
  /** A name stands for a side that is open. */
  readonly shape: readonly (number | string)[];
}

/** The inputs and outputs of an ONNX file. */
export interface Graph {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

export function graphOf({ inputs, outputs }: ModelFace): Graph {
  const value = (each: ModelFace['inputs'][number]): GraphValue =>
    each.isTensor
      ? { name: each.name, type: each.type, shape: each.shape }
      : { name: each.name, type: 'no tensor', shape: [] };
  return { inputs: inputs.map(value), outputs: outputs.map(value) };
}

/** `images float32[1,3,416,416]` */
export function describe({ name, type, shape }: GraphValue): string {
  return `${name} ${type}[${shape.join(',')}]`;
}

/** Dimensions as a manifest has them: -1 where they are open. */
export function dimsOf({ shape }: GraphValue): Dims {
  return shape.map((side) => (typeof side === 'number' ? side : -1));
}
