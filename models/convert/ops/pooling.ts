import type { Conversion, OpConverter, Value } from '../conversion.ts';
import type { GraphNode } from '../graph-node.ts';
import { int64Vector } from '../tensor.ts';
import { spatial, spatialPadding } from './spatial.ts';

/** Operations over the height and width of a picture, and means. */
export const poolingOps: Record<string, OpConverter> = {
  MaxPool: pooling('MaxPool'),
  AvgPool: pooling('AveragePool'),
  Mean: mean,
  ResizeBilinear: (node, conversion) => resize(node, conversion, { mode: 'linear' }),
  ResizeNearestNeighbor: (node, conversion) =>
    resize(node, conversion, { mode: 'nearest', nearest_mode: 'floor' }),
};

function pooling(op: string): OpConverter {
  return (node, conversion) =>
    conversion.emit('channels-first', op, [conversion.channelsFirstInput(node, 0)], {
      kernel_shape: spatial(node, 'ksize'),
      strides: spatial(node, 'strides'),
      ...spatialPadding(node),
    });
}

/** A mean over height and width that keeps them is a pooling, which stays channels first. */
function mean(node: GraphNode, conversion: Conversion): Value {
  const axes = conversion.integers(node, 1);
  const input = conversion.input(node, 0);
  const keep = node.flag('keep_dims');
  const ofPicture = input.kind === 'computed' && input.layout === 'channels-first';
  if (ofPicture && keep && axes.toSorted().join() === '1,2') {
    return conversion.emit('channels-first', 'GlobalAveragePool', [input.name]);
  }
  const inputs = [conversion.plain(input), conversion.builder.constant(int64Vector(axes))];
  return conversion.emit('plain', 'ReduceMean', inputs, { keepdims: keep ? 1 : 0 });
}

/**
 * The sizes are given for all four axes, the first two taken from the input: with sizes for height and width alone,
 * ONNX Runtime 1.30 fails on a resize that stands between two transposes.
 */
function resize(node: GraphNode, conversion: Conversion, mode: Record<string, string>): Value {
  const { builder } = conversion;
  const input = conversion.channelsFirstInput(node, 0);
  const kept = builder.node('Shape', [input], { start: 0, end: 2 });
  const size = builder.constant(int64Vector(conversion.integers(node, 1)));
  const sizes = builder.node('Concat', [kept, size], { axis: 0 });
  const centres = node.flag('half_pixel_centers') ? 'half_pixel' : 'asymmetric';
  const coordinates = node.flag('align_corners') ? 'align_corners' : centres;
  const attributes = { ...mode, coordinate_transformation_mode: coordinates };
  return conversion.emit('channels-first', 'Resize', [input, '', '', sizes], attributes);
}
