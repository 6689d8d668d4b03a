import type { Conversion, Value } from '../conversion.ts';
import type { GraphNode } from '../graph-node.ts';
import { apply, relu6 } from './elementwise.ts';

const simple: Record<string, string> = { Relu: 'Relu', Sigmoid: 'Sigmoid', Elu: 'Elu', Tanh: 'Tanh' };

/**
 * Adds what `fused_ops` of a fused node lists after its bias. `inputs` are the node's inputs that come after the bias;
 * Prelu takes its slopes from there.
 */
export function applyFused(
  ops: readonly string[],
  value: Value,
  inputs: readonly Value[],
  node: GraphNode,
  conversion: Conversion,
): Value {
  const rest = [...inputs];
  return ops.reduce((current, op) => {
    const onnx = simple[op];
    if (onnx !== undefined) return apply(onnx, [current], conversion);
    if (op === 'Relu6') return relu6(current, conversion);
    const slopes = rest.shift();
    if (op !== 'Prelu' || slopes === undefined) throw node.unsupported('a fused operation that is known', op);
    return apply('PRelu', [current, slopes], conversion);
  }, value);
}
