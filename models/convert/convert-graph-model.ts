import { SightlineError } from '../../protocol/errors.ts';
import { Conversion, type Value } from './conversion.ts';
import type { GraphModel } from './graph-model.ts';
import { type GraphNode, parseReference } from './graph-node.ts';
import { fuseHardActivations } from './hard-activations.ts';
import { opTable } from './ops/table.ts';
import type { Tensor } from './tensor.ts';
import { decodeWeights } from './weights.ts';

/**
 * Converts a tfjs graph model to an ONNX model (opset 18) that computes the same.
 *
 * Inputs and outputs keep their names and NHWC layout. The same graph and weights give the same bytes on every machine
 * (little-endian ones: ONNX Runtime knows no other), so that the result can be checked by its hash.
 *
 * @param files The weights: for each of `model.weightGroups`, the bytes of its files put end to end.
 * @param outputs Names of the outputs to keep; all those of the signature where left out.
 * @throws `model-unreadable` naming the node, when the graph holds something that cannot be converted.
 */
export function convertGraphModel(
  model: GraphModel,
  files: readonly Uint8Array[],
  outputs: readonly string[] = model.outputs,
): Uint8Array {
  const weights = new Map(
    model.weightGroups.flatMap((group, index) => [...decodeWeights(group, files[index] ?? new Uint8Array())]),
  );
  const conversion = new Conversion();
  const nodes = fuseHardActivations({ nodes: model.nodes, weights });
  for (const node of orderedNodes(nodes, outputs)) {
    conversion.set(node.name, convertNode(node, conversion, weights));
  }
  for (const output of outputs) {
    const name = conversion.plain(conversion.get(parseReference(output)));
    conversion.builder.output(output, 'float32', name);
  }
  return conversion.builder.finish();
}

function convertNode(
  node: GraphNode,
  conversion: Conversion,
  weights: ReadonlyMap<string, Tensor>,
): Value | readonly Value[] {
  if (node.op === 'Placeholder') return convertInput(node, conversion);
  if (node.op === 'Const') return { kind: 'constant', tensor: weightOf(node, weights) };
  const convert = opTable.get(node.op);
  if (convert === undefined) throw node.unsupported('an operation that is known', node.op);
  return convert(node, conversion);
}

/** An input of the graph; a side left open (-1) becomes 1, as it is the batch. */
function convertInput(node: GraphNode, { builder }: Conversion): Value {
  const types = { DT_FLOAT: 'float32', DT_INT32: 'int32' } as const;
  const type = Object.entries(types).find(([name]) => name === node.type('dtype'))?.[1];
  if (type === undefined) throw node.unsupported(Object.keys(types).join(' or '), node.type('dtype'));
  const shape = node.dimensions('shape').map((side) => Math.max(1, side));
  builder.input(node.name, type, shape);
  return { kind: 'computed', name: node.name, layout: 'plain' };
}

function weightOf(node: GraphNode, weights: ReadonlyMap<string, Tensor>): Tensor {
  const tensor = weights.get(node.name);
  if (tensor === undefined) throw node.unsupported('weights under its name', 'none');
  return tensor;
}

/** The nodes that the outputs depend on, each after its inputs. */
function orderedNodes(nodes: GraphModel['nodes'], outputs: readonly string[]): Set<GraphNode> {
  const ordered = new Set<GraphNode>();
  const visit = (name: string): void => {
    const node = nodes.get(name);
    if (node === undefined) {
      throw new SightlineError('model-unreadable', `Cannot convert the graph: it has no node "${name}"`);
    }
    if (ordered.has(node)) return;
    for (const input of node.inputs) visit(input.name);
    ordered.add(node);
  };
  for (const output of outputs) visit(parseReference(output).name);
  return ordered;
}
