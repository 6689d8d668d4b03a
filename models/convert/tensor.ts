/** Element types that the converter carries from a tfjs graph to ONNX. */
export type TensorType = 'float32' | 'int32' | 'int64' | 'bool';

type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A constant, row-major. A `bool` holds one byte an element. */
export interface Tensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, side) => count * side, 1);
}

/** A vector of 64-bit integers, which is how ONNX takes shapes, axes and pads. */
export function int64Vector(values: readonly number[]): Tensor {
  return { type: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** The elements as numbers. */
export function toNumbers(tensor: Tensor): number[] {
  return Array.from(tensor.data, Number);
}

/** Dimension `i` of the result is dimension `order[i]` of the tensor. */
export function transpose(tensor: Tensor, order: readonly number[]): Tensor {
  const strides = tensor.shape.map((_, axis) => elementCount(tensor.shape.slice(axis + 1)));
  const shape = order.map((axis) => tensor.shape[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 0);
  const data = tensor.data.slice();
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to += 1) {
    data[to] = tensor.data[from] ?? 0;
    from += advance(index, shape, steps);
  }
  return { type: tensor.type, shape, data };
}

/** Counts `index` up by one, last axis fastest, and returns how far that moves in the source. */
function advance(index: number[], shape: readonly number[], steps: readonly number[]): number {
  let moved = 0;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const side = shape[axis] ?? 1;
    const step = steps[axis] ?? 0;
    const next = (index[axis] ?? 0) + 1;
    if (next < side) {
      index[axis] = next;
      return moved + step;
    }
    index[axis] = 0;
    moved -= step * (side - 1);
  }
  return moved;
}
