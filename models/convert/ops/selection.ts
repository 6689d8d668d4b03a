import type { Conversion, OpConverter, Value } from '../conversion.ts';
import type { GraphNode } from '../graph-node.ts';
import { onnxTypes } from '../onnx-builder.ts';
import { int64Vector } from '../tensor.ts';

/** Operations that look for elements, or pick them by index. TensorFlow's indices are int32, ONNX's int64. */
export const selectionOps: Record<string, OpConverter> = {
  ArgMax: argMax,
  TopKV2: topK,
  GatherV2: gather,
  GatherNd: (node, conversion) => {
    const indices = conversion.builder.node('Cast', [conversion.plainInput(node, 1)], {
      to: onnxTypes.int64,
    });
    return conversion.emit('plain', 'GatherND', [conversion.plainInput(node, 0), indices]);
  },
};

function toInt32(name: string, conversion: Conversion): Value {
  return conversion.emit('plain', 'Cast', [name], { to: onnxTypes.int32 });
}

function argMax(node: GraphNode, conversion: Conversion): Value {
  const [axis = 0] = conversion.integers(node, 1);
  const found = conversion.builder.node('ArgMax', [conversion.plainInput(node, 0)], { axis, keepdims: 0 });
  return toInt32(found, conversion);
}

/** Values and indices of the k greatest along the last axis, greatest first. */
function topK(node: GraphNode, conversion: Conversion): Value[] {
  const k = conversion.builder.constant(int64Vector(conversion.integers(node, 1)));
  const inputs = [conversion.plainInput(node, 0), k];
  const [values = '', indices = ''] = conversion.builder.nodes('TopK', inputs, { axis: -1 }, 2);
  return [{ kind: 'computed', name: values, layout: 'plain' }, toInt32(indices, conversion)];
}

function gather(node: GraphNode, conversion: Conversion): Value {
  const batch = node.integer('batch_dims');
  if (batch !== 0) throw node.unsupported('batch_dims 0', `${batch}`);
  const [axis = 0] = conversion.integers(node, 2);
  const inputs = [conversion.plainInput(node, 0), conversion.plainInput(node, 1)];
  return conversion.emit('plain', 'Gather', inputs, { axis });
}
