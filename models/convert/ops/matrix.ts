import type { Conversion, OpConverter, Value } from '../conversion.ts';
import type { GraphNode } from '../graph-node.ts';
import { applyFused } from './activation.ts';
import { apply } from './elementwise.ts';

/** Products of matrices, with the bias and activation that tfjs-converter fuses into them, and what follows the last. */
export const matrixOps: Record<string, OpConverter> = {
  MatMul: matMul,
  _FusedMatMul: matMul,
  Softmax: (node, conversion) =>
    conversion.emit('plain', 'Softmax', [conversion.plainInput(node, 0)], { axis: -1 }),
};

function matMul(node: GraphNode, conversion: Conversion): Value {
  const factors = ['transpose_a', 'transpose_b'].map((flag, index) => {
    const name = conversion.plainInput(node, index);
    return node.flag(flag) ? conversion.builder.node('Transpose', [name], { perm: [1, 0] }) : name;
  });
  const product = conversion.emit('plain', 'MatMul', factors);
  const [bias, ...rest] = node.inputs.slice(2).map((reference) => conversion.get(reference));
  const fused = node.texts('fused_ops');
  if (fused[0] !== 'BiasAdd' || bias === undefined) {
    return applyFused(fused, product, bias === undefined ? [] : [bias, ...rest], node, conversion);
  }
  return applyFused(fused.slice(1), apply('Add', [product, bias], conversion), rest, node, conversion);
}
