import type { Conversion, OpConverter, Value } from '../conversion.ts';
import type { GraphNode } from '../graph-node.ts';
import { type OnnxAttribute, onnxTypes } from '../onnx-builder.ts';
import type { Tensor } from '../tensor.ts';

const castTargets: Record<string, number> = {
  DT_FLOAT: onnxTypes.float32,
  DT_INT32: onnxTypes.int32,
  DT_BOOL: onnxTypes.bool,
};

/** Elementwise operations: they work in whichever layout their inputs share. */
export const elementwiseOps: Record<string, OpConverter> = {
  Abs: elementwise('Abs'),
  Exp: elementwise('Exp'),
  Floor: elementwise('Floor'),
  Neg: elementwise('Neg'),
  Reciprocal: elementwise('Reciprocal'),
  Relu: elementwise('Relu'),
  Relu6: (node, conversion) => relu6(conversion.input(node, 0), conversion),
  Sigmoid: elementwise('Sigmoid'),
  Sqrt: elementwise('Sqrt'),
  Tanh: elementwise('Tanh'),
  Prelu: elementwise('PRelu'),
  Add: elementwise('Add'),
  AddV2: elementwise('Add'),
  AddN: elementwise('Sum'),
  BiasAdd: elementwise('Add'),
  Sub: elementwise('Sub'),
  Mul: elementwise('Mul'),
  RealDiv: elementwise('Div'),
  Maximum: elementwise('Max'),
  Minimum: elementwise('Min'),
  Pow: elementwise('Pow'),
  Equal: elementwise('Equal'),
  Less: elementwise('Less'),
  Greater: elementwise('Greater'),
  GreaterEqual: elementwise('GreaterOrEqual'),
  LogicalAnd: elementwise('And'),
  Identity: (node, conversion) => conversion.input(node, 0),
  HardSigmoid: (node, conversion) => hardSigmoid(conversion.input(node, 0), conversion),
  HardSwish: (node, conversion) => {
    const x = conversion.input(node, 0);
    return apply('Mul', [x, hardSigmoid(x, conversion)], conversion);
  },
  SquaredDifference: (node, conversion) => {
    const difference = apply('Sub', inputsOf(node, conversion), conversion);
    return apply('Mul', [difference, difference], conversion);
  },
  FloorMod: floorMod,
  FloorDiv: floorDiv,
  Cast: cast,
};

/** Relu6 is `Clip` in ONNX. */
export function relu6(value: Value, conversion: Conversion): Value {
  return apply('Clip', [value, scalar(0), scalar(6)], conversion);
}

/** `relu6(x + 3) / 6`. */
function hardSigmoid(value: Value, conversion: Conversion): Value {
  return apply('HardSigmoid', [value], conversion, { alpha: { float: 1 / 6 }, beta: { float: 0.5 } });
}

/** Adds one elementwise ONNX node over values that are brought to one layout. */
export function apply(
  op: string,
  values: readonly Value[],
  conversion: Conversion,
  attributes?: Record<string, OnnxAttribute>,
): Value {
  const layout = conversion.commonLayout(values);
  const names = values.map((value) => conversion.inLayout(value, layout));
  return conversion.emit(layout, op, names, attributes);
}

function elementwise(op: string): OpConverter {
  return (node, conversion) => apply(op, inputsOf(node, conversion), conversion);
}

function inputsOf(node: GraphNode, conversion: Conversion): Value[] {
  return node.inputs.map((reference) => conversion.get(reference));
}

function scalar(value: number): Value {
  const tensor: Tensor = { type: 'float32', shape: [], data: Float32Array.of(value) };
  return { kind: 'constant', tensor };
}

/** ONNX's integer `Mod` takes the sign of the divisor, as FloorMod does. */
function floorMod(node: GraphNode, conversion: Conversion): Value {
  if (node.type('T') !== 'DT_INT32') throw node.unsupported('DT_INT32', node.type('T'));
  return apply('Mod', inputsOf(node, conversion), conversion);
}

/** ONNX's integer `Div` rounds towards zero, so the remainder is taken off first. */
function floorDiv(node: GraphNode, conversion: Conversion): Value {
  const [dividend, divisor] = [conversion.input(node, 0), conversion.input(node, 1)];
  if (node.type('T') !== 'DT_INT32') {
    return apply('Floor', [apply('Div', [dividend, divisor], conversion)], conversion);
  }
  const remainder = apply('Mod', [dividend, divisor], conversion);
  return apply('Div', [apply('Sub', [dividend, remainder], conversion), divisor], conversion);
}

function cast(node: GraphNode, conversion: Conversion): Value {
  const to = castTargets[node.type('DstT')];
  if (to === undefined) throw node.unsupported(Object.keys(castTargets).join(' or '), node.type('DstT'));
  return apply('Cast', inputsOf(node, conversion), conversion, { to });
}
