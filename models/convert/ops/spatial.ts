import type { GraphNode } from '../graph-node.ts';

/** Height and width of the four-valued NHWC attribute `key`, such as strides. */
export function spatial(node: GraphNode, key: string): number[] {
  const format = node.text('data_format', 'NHWC');
  if (format !== 'NHWC') throw node.unsupported('data_format NHWC', format);
  return node.integers(key).slice(1, 3);
}

/** `padding` as ONNX has it: TensorFlow's SAME puts the odd pixel at the end. */
export function spatialPadding(node: GraphNode): { auto_pad: string } {
  const padding = node.text('padding');
  if (padding === 'SAME') return { auto_pad: 'SAME_UPPER' };
  if (padding === 'VALID') return { auto_pad: 'VALID' };
  throw node.unsupported('padding SAME or VALID', padding);
}
