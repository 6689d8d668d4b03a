import { GraphNode } from './graph-node.ts';
import type { Tensor } from './tensor.ts';

const SIXTH_TOLERANCE = 1e-4;

/** The nodes of a graph by name, and its constants. */
interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly weights: ReadonlyMap<string, Tensor>;
}

/**
 * Recognises the hard sigmoid and the hard swish of MobileNetV3 (Howard et al. 2019), which TensorFlow spells out as
 * `relu6(x + 3) × 1/6` and `(x × 1/6) × relu6(x + 3)`, and returns the nodes with `HardSigmoid` and `HardSwish` nodes
 * in their place. ONNX Runtime keeps those in its blocked layout, where the spelled-out form leaves it and comes back.
 *
 * The constant is 1/6 rounded to half precision in files with float16 weights; the nodes here compute with 1/6 itself.
 */
export function fuseHardActivations(graph: Graph): Map<string, GraphNode> {
  return new Map(
    [...graph.nodes].map(([name, node]) => [
      name,
      asHardSwish(node, graph) ?? asHardSigmoid(node, graph) ?? node,
    ]),
  );
}

function asHardSwish(node: GraphNode, graph: Graph): GraphNode | undefined {
  const [left, right] = producers(node, 'Mul', graph);
  const x = left && sixthOf(left, graph);
  if (x === undefined || right === undefined || relu6OfPlus3(right, graph) !== x) return undefined;
  return new GraphNode({ name: node.name, op: 'HardSwish', input: [x], attr: {} });
}

function asHardSigmoid(node: GraphNode, graph: Graph): GraphNode | undefined {
  const inner = sixthOf(node, graph);
  const relu = inner === undefined ? undefined : graph.nodes.get(inner);
  const x = relu && relu6OfPlus3(relu, graph);
  return x === undefined
    ? undefined
    : new GraphNode({ name: node.name, op: 'HardSigmoid', input: [x], attr: {} });
}

/** The name of x where the node is `1/6 × x`. */
function sixthOf(node: GraphNode, graph: Graph): string | undefined {
  const [constant, x] = producers(node, 'Mul', graph);
  return isScalar(constant, 1 / 6, graph) ? x?.name : undefined;
}

/** The name of x where the node is `relu6(x + 3)`. */
function relu6OfPlus3(node: GraphNode, graph: Graph): string | undefined {
  const [sum] = producers(node, 'Relu6', graph);
  const [x, constant] = sum ? producers(sum, 'Add', graph) : [];
  return isScalar(constant, 3, graph) ? x?.name : undefined;
}

function producers(node: GraphNode, op: string, { nodes }: Graph): (GraphNode | undefined)[] {
  return node.op === op
    ? node.inputs.map(({ name, index }) => (index === 0 ? nodes.get(name) : undefined))
    : [];
}

function isScalar(node: GraphNode | undefined, value: number, { weights }: Graph): boolean {
  const tensor = node?.op === 'Const' ? weights.get(node.name) : undefined;
  return tensor?.data.length === 1 && Math.abs(Number(tensor.data[0]) - value) < SIXTH_TOLERANCE;
}
