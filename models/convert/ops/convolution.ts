import type { Conversion, OpConverter, Value } from '../conversion.ts';
import type { GraphNode } from '../graph-node.ts';
import { type Tensor, transpose } from '../tensor.ts';
import { applyFused } from './activation.ts';
import { spatial, spatialPadding } from './spatial.ts';

/** Convolutions, with the bias and activation that tfjs-converter fuses into them. */
export const convolutionOps: Record<string, OpConverter> = {
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
};

/** HWIO → OIHW. */
function convolution(node: GraphNode, conversion: Conversion): Value {
  return convolve(node, conversion, transpose(conversion.constant(node, 1), [3, 2, 0, 1]), 1);
}

/** [height, width, channels, multiplier] → [channels × multiplier, 1, height, width], a group a channel. */
function depthwise(node: GraphNode, conversion: Conversion): Value {
  const moved = transpose(conversion.constant(node, 1), [2, 3, 0, 1]);
  const [channels = 1, multiplier = 1, height = 1, width = 1] = moved.shape;
  const shape = [channels * multiplier, 1, height, width];
  return convolve(node, conversion, { ...moved, shape }, channels);
}

function convolve(node: GraphNode, conversion: Conversion, weights: Tensor, group: number): Value {
  const fused = node.texts('fused_ops');
  const hasBias = fused[0] === 'BiasAdd';
  const inputs = [conversion.channelsFirstInput(node, 0), conversion.builder.constant(weights)];
  if (hasBias) inputs.push(conversion.builder.constant(conversion.constant(node, 2)));
  const dilations = node.integers('dilations');
  const output = conversion.emit('channels-first', 'Conv', inputs, {
    kernel_shape: weights.shape.slice(2),
    strides: spatial(node, 'strides'),
    ...(dilations.length === 0 ? {} : { dilations: spatial(node, 'dilations') }),
    group,
    ...spatialPadding(node),
  });
  const rest = node.inputs.slice(hasBias ? 3 : 2).map((reference) => conversion.get(reference));
  return applyFused(hasBias ? fused.slice(1) : fused, output, rest, node, conversion);
}
