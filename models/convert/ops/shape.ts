import type { Conversion, OpConverter, Value } from '../conversion.ts';
import type { GraphNode } from '../graph-node.ts';
import { int64Vector } from '../tensor.ts';

/** Where axis `i` of an NHWC value lies when channels come first. */
const CHANNELS_FIRST_AXIS = [0, 2, 3, 1];
const TO_THE_END = 2 ** 31 - 1;

/** Operations that change the shape of a value, or put values together and apart. */
export const shapeOps: Record<string, OpConverter> = {
  Reshape: (node, conversion) => reshaped('Reshape', node, conversion, conversion.integers(node, 1)),
  ExpandDims: (node, conversion) => reshaped('Unsqueeze', node, conversion, conversion.integers(node, 1)),
  Squeeze: (node, conversion) => reshaped('Squeeze', node, conversion, node.integers('squeeze_dims')),
  ConcatV2: concat,
  Pack: pack,
  Unpack: unpack,
  Pad: pad,
  StridedSlice: stridedSlice,
};

/** An ONNX operation that takes integers as its second input; none at all leaves that input out. */
function reshaped(op: string, node: GraphNode, conversion: Conversion, integers: readonly number[]): Value {
  const inputs = [conversion.plainInput(node, 0)];
  if (integers.length > 0) inputs.push(conversion.builder.constant(int64Vector(integers)));
  return conversion.emit('plain', op, inputs);
}

function concat(node: GraphNode, conversion: Conversion): Value {
  const [axis = 0] = conversion.integers(node, node.inputs.length - 1);
  const values = node.inputs.slice(0, -1).map((reference) => conversion.get(reference));
  const allComputed = values.every((value) => value.kind === 'computed');
  const layout = allComputed ? conversion.commonLayout(values) : 'plain';
  const names = values.map((value) => conversion.inLayout(value, layout));
  const moved = layout === 'plain' ? axis : (CHANNELS_FIRST_AXIS.at(axis) ?? axis);
  return conversion.emit(layout, 'Concat', names, { axis: moved });
}

/** Stacks values along a new axis. */
function pack(node: GraphNode, conversion: Conversion): Value {
  const axis = node.integer('axis');
  const axes = conversion.builder.constant(int64Vector([axis]));
  const rows = node.inputs.map((reference) =>
    conversion.builder.node('Unsqueeze', [conversion.plain(conversion.get(reference)), axes]),
  );
  return conversion.emit('plain', 'Concat', rows, { axis });
}

/** Takes a value apart along an axis, which vanishes. */
function unpack(node: GraphNode, conversion: Conversion): Value[] {
  const axis = node.integer('axis');
  const count = node.integer('num');
  const input = conversion.plainInput(node, 0);
  const axes = conversion.builder.constant(int64Vector([axis]));
  const parts = conversion.builder.nodes('Split', [input], { axis, num_outputs: count }, count);
  return parts.map((part) => conversion.emit('plain', 'Squeeze', [part, axes]));
}

/** Pads with zeros. TensorFlow lists (before, after) an axis; ONNX lists every before, then every after. */
function pad(node: GraphNode, conversion: Conversion): Value {
  const input = conversion.input(node, 0);
  const layout = conversion.commonLayout([input]);
  const flat = conversion.integers(node, 1);
  const order =
    layout === 'plain' ? Array.from({ length: flat.length / 2 }, (_, axis) => axis) : [0, 3, 1, 2];
  const pads = [...order.map((axis) => flat[axis * 2] ?? 0), ...order.map((axis) => flat[axis * 2 + 1] ?? 0)];
  const names = [conversion.inLayout(input, layout), conversion.builder.constant(int64Vector(pads))];
  return conversion.emit(layout, 'Pad', names);
}

/** `x[begin:end:stride]`, one triple an axis, where bit `i` of a mask says something else of axis `i`. */
function stridedSlice(node: GraphNode, conversion: Conversion): Value {
  const [begin, end, strides] = [1, 2, 3].map((index) => conversion.integers(node, index));
  for (const mask of ['ellipsis_mask', 'new_axis_mask']) {
    if (node.integer(mask) !== 0) throw node.unsupported(`${mask} 0`, `${node.integer(mask)}`);
  }
  if (begin === undefined || end === undefined || strides?.some((stride) => stride <= 0) !== false) {
    throw node.unsupported('strides above 0', `${strides?.join()}`);
  }
  const has = (mask: string, axis: number): boolean => ((node.integer(mask) >> axis) & 1) === 1;
  const shrunk = begin.map((_, axis) => axis).filter((axis) => has('shrink_axis_mask', axis));
  const starts = begin.map((start, axis) => (has('begin_mask', axis) ? 0 : start));
  const ends = end.map((stop, axis) => {
    if (shrunk.includes(axis)) return begin[axis] === -1 ? TO_THE_END : (begin[axis] ?? 0) + 1;
    return has('end_mask', axis) ? TO_THE_END : stop;
  });
  const vectors = [starts, ends, begin.map((_, axis) => axis), strides];
  const names = vectors.map((vector) => conversion.builder.constant(int64Vector(vector)));
  const sliced = conversion.emit('plain', 'Slice', [conversion.plainInput(node, 0), ...names]);
  if (shrunk.length === 0) return sliced;
  return conversion.emit('plain', 'Squeeze', [
    conversion.plain(sliced),
    conversion.builder.constant(int64Vector(shrunk)),
  ]);
}
