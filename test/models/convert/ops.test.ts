import { expect, it } from 'vitest';
import {
  convertTiny,
  counting,
  int,
  int32,
  integer,
  integers,
  ints,
  runTiny,
  type TinyGraph,
  text,
  texts,
  type Values,
} from './tiny-graph.ts';

const square = { strides: ints(1, 1, 1, 1), padding: text('SAME'), data_format: text('NHWC') };
const toFloat = { SrcT: int32, DstT: { type: 'DT_FLOAT' } };
const floor = (op: string): TinyGraph => ({
  inputs: { x: { shape: [6], data: [7, -7, 6, -6, 1, -1], dtype: 'int32' } },
  constants: { y: integer(3) },
  nodes: [
    { name: 'whole', op, input: ['x', 'y'], attr: { T: int32 } },
    { name: 'out', op: 'Cast', input: ['whole'], attr: toFloat },
  ],
  outputs: ['out'],
});
const slice = (masks: object, begin: number[], end: number[], strides: number[]): TinyGraph => ({
  inputs: { x: counting(2, 3) },
  constants: { begin: integers(...begin), end: integers(...end), strides: integers(...strides) },
  nodes: [{ name: 'out', op: 'StridedSlice', input: ['x', 'begin', 'end', 'strides'], attr: masks }],
  outputs: ['out'],
});
const onPicture = (
  op: string,
  attr: object,
  constants: Record<string, Values> = {},
  x = counting(1, 2, 2, 2),
) => ({
  inputs: { x },
  constants,
  nodes: [{ name: 'out', op, input: ['x', ...Object.keys(constants)], attr }],
  outputs: ['out'],
});

// What TensorFlow gives, by hand.
const cases: [string, TinyGraph, Values][] = [
  ['FloorDiv rounds down below zero', floor('FloorDiv'), { shape: [6], data: [2, -3, 2, -2, 0, -1] }],
  ['FloorMod takes the sign of the divisor', floor('FloorMod'), { shape: [6], data: [1, 2, 0, 0, 1, 2] }],
  [
    'StridedSlice honours masks for begin and end',
    slice({ begin_mask: int(1), end_mask: int(2) }, [9, 1], [2, 9], [1, 1]),
    { shape: [2, 2], data: [1, 2, 4, 5] },
  ],
  [
    'StridedSlice drops a shrunk axis, the last element by -1',
    slice({ shrink_axis_mask: int(2) }, [0, -1], [2, 0], [1, 1]),
    { shape: [2], data: [2, 5] },
  ],
  [
    'Softmax makes each last axis sum to 1',
    {
      inputs: { x: { shape: [2, 2], data: [0, 0, Math.log(3), 0] } },
      constants: {},
      nodes: [{ name: 'out', op: 'Softmax', input: ['x'] }],
      outputs: ['out'],
    },
    { shape: [2, 2], data: [0.5, 0.5, 0.75, 0.25] },
  ],
  ['StridedSlice takes strides', slice({}, [0, 0], [2, 3], [1, 2]), { shape: [2, 2], data: [0, 2, 3, 5] }],
  [
    'Conv2D computes in HWIO and SAME puts the odd pixel at the end',
    onPicture('Conv2D', square, { w: { shape: [2, 2, 2, 1], data: [1, 0, 0, 0, 0, 0, 0, 1] } }),
    { shape: [1, 2, 2, 1], data: [0 + 7, 2, 4, 6] },
  ],
  [
    '_FusedConv2D adds its bias, then applies Prelu with slopes a channel',
    onPicture(
      '_FusedConv2D',
      { ...square, fused_ops: texts('BiasAdd', 'Prelu') },
      {
        w: { shape: [1, 1, 2, 2], data: [1, 0, 0, 1] },
        bias: { shape: [2], data: [-4, -5] },
        slopes: { shape: [1, 1, 2], data: [0.5, 0.25] },
      },
    ),
    { shape: [1, 2, 2, 2], data: [-2, -1, -1, -0.5, 0, 0, 2, 2] },
  ],
  [
    'DepthwiseConv2dNative gives each channel its own multiples',
    onPicture('DepthwiseConv2dNative', square, { w: { shape: [1, 1, 2, 2], data: [1, 10, 100, 1000] } }),
    {
      shape: [1, 2, 2, 4],
      data: [0, 0, 100, 1000, 2, 20, 300, 3000, 4, 40, 500, 5000, 6, 60, 700, 7000],
    },
  ],
  [
    'MaxPool slides over the picture',
    onPicture('MaxPool', { ...square, ksize: ints(1, 2, 2, 1) }),
    { shape: [1, 2, 2, 2], data: [6, 7, 6, 7, 6, 7, 6, 7] },
  ],
  [
    'ResizeNearestNeighbor repeats pixels',
    onPicture('ResizeNearestNeighbor', {}, { size: integers(2, 2) }, counting(1, 1, 1, 2)),
    { shape: [1, 2, 2, 2], data: [0, 1, 0, 1, 0, 1, 0, 1] },
  ],
  [
    'ResizeBilinear with half_pixel_centers interpolates between centres',
    onPicture(
      'ResizeBilinear',
      { half_pixel_centers: { b: true } },
      { size: integers(1, 4) },
      {
        shape: [1, 1, 2, 1],
        data: [0, 4],
      },
    ),
    { shape: [1, 1, 4, 1], data: [0, 1, 3, 4] },
  ],
  [
    'Mean drops or keeps the axes',
    onPicture('Mean', {}, { axes: integers(1, 2) }),
    { shape: [1, 2], data: [3, 4] },
  ],
  [
    'Unpack takes a value apart, and its outputs have numbers',
    {
      inputs: { x: counting(2, 2) },
      nodes: [
        { name: 'parts', op: 'Unpack', input: ['x'], attr: { axis: int(1), num: int(2) } },
        { name: 'out', op: 'Sub', input: ['parts:1', 'parts'] },
      ],
      outputs: ['out'],
    },
    { shape: [2], data: [1, 1] },
  ],
  [
    'TopKV2 gives the greatest first, GatherV2 picks by its indices',
    {
      inputs: { x: { shape: [4], data: [3, 9, 1, 7] } },
      constants: { k: integer(2), table: counting(4), axis: integer(0) },
      nodes: [
        { name: 'top', op: 'TopKV2', input: ['x', 'k'] },
        { name: 'out', op: 'GatherV2', input: ['table', 'top:1', 'axis'] },
      ],
      outputs: ['out'],
    },
    { shape: [2], data: [1, 3] },
  ],
  [
    '_FusedMatMul adds its bias',
    {
      inputs: { x: counting(1, 2) },
      constants: { w: counting(2, 2), bias: { shape: [2], data: [10, 20] } },
      nodes: [
        { name: 'out', op: '_FusedMatMul', input: ['x', 'w', 'bias'], attr: { fused_ops: texts('BiasAdd') } },
      ],
      outputs: ['out'],
    },
    { shape: [1, 2], data: [12, 23] },
  ],
];

it.each(cases)('convertGraphModel(): %s', async (_, graph, expected) => {
  expect(await runTiny(graph)).toEqual([expected]);
});

// After a convolution values lie channels first, so these take the other way through the converter.
const afterConv: [string, TinyGraph['nodes'][number], Record<string, Values>, Values][] = [
  [
    'Pad pads height and width',
    { name: 'out', op: 'Pad', input: ['conv', 'pads'] },
    { pads: { shape: [4, 2], data: [0, 0, 1, 0, 0, 0, 0, 0], dtype: 'int32' } },
    { shape: [1, 3, 2, 2], data: [0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7] },
  ],
  [
    'Add broadcasts a constant over channels',
    { name: 'out', op: 'AddV2', input: ['conv', 'bias'] },
    { bias: { shape: [2], data: [10, 20] } },
    { shape: [1, 2, 2, 2], data: [10, 21, 12, 23, 14, 25, 16, 27] },
  ],
  [
    'Mul broadcasts a constant over rows',
    { name: 'out', op: 'Mul', input: ['conv', 'rows'] },
    { rows: { shape: [2, 1, 1], data: [1, 10] } },
    { shape: [1, 2, 2, 2], data: [0, 1, 2, 3, 40, 50, 60, 70] },
  ],
  [
    'Add brings a value of the other layout together with it',
    { name: 'out', op: 'Add', input: ['conv', 'x'] },
    {},
    { shape: [1, 2, 2, 2], data: [0, 2, 4, 6, 8, 10, 12, 14] },
  ],
  [
    'ConcatV2 puts channels side by side',
    { name: 'out', op: 'ConcatV2', input: ['conv', 'conv', 'axis'] },
    { axis: integer(-1) },
    { shape: [1, 2, 2, 4], data: [0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7] },
  ],
  [
    'Mean over the picture keeps the axes',
    { name: 'out', op: 'Mean', input: ['conv', 'axes'], attr: { keep_dims: { b: true } } },
    { axes: integers(1, 2) },
    { shape: [1, 1, 1, 2], data: [3, 4] },
  ],
  [
    'Reshape reads height, width, channels in order',
    { name: 'out', op: 'Reshape', input: ['conv', 'shape'] },
    { shape: integers(8) },
    { shape: [8], data: [0, 1, 2, 3, 4, 5, 6, 7] },
  ],
];

it.each(afterConv)('convertGraphModel() after a convolution: %s', async (_, node, constants, expected) => {
  const identity = { shape: [1, 1, 2, 2], data: [1, 0, 0, 1] };
  const conv = { name: 'conv', op: 'Conv2D', input: ['x', 'w'], attr: square };
  const graph = {
    inputs: { x: counting(1, 2, 2, 2) },
    constants: { ...constants, w: identity },
    nodes: [conv, node],
    outputs: ['out'],
  };
  expect(await runTiny(graph)).toEqual([expected]);
});

const hard = (x: number) => Math.min(6, Math.max(0, x + 3)) / 6;

it.each([
  ['hard swish', ['scaled', 'relu'], (x: number) => x * hard(x)],
  ['hard sigmoid', ['sixth', 'relu'], hard],
])('fuseHardActivations() gives %s, and leaves nothing of its parts', async (_, input, expected) => {
  const data = [-4, -3, -1, 0, 0.5, 2, 3, 5];
  const graph = {
    inputs: { x: { shape: [8], data } },
    constants: { three: { shape: [], data: [3] }, sixth: { shape: [], data: [1 / 6] } },
    nodes: [
      { name: 'sum', op: 'Add', input: ['x', 'three'] },
      { name: 'relu', op: 'Relu6', input: ['sum'] },
      { name: 'scaled', op: 'Mul', input: ['sixth', 'x'] },
      { name: 'out', op: 'Mul', input },
    ],
    outputs: ['out'],
  };
  const [out] = await runTiny(graph);
  for (const [i, value] of data.entries()) expect(out?.data[i]).toBeCloseTo(expected(value), 6);
  const file = Buffer.from(convertTiny(graph)).toString('latin1');
  expect([file.includes('HardSigmoid'), file.includes('Clip')]).toEqual([true, false]);
});

it.each([
  ['another constant than 3', 2.5, 'x'],
  ['another x on either side', 3, 'y'],
])('fuseHardActivations() leaves a graph alone with %s', async (_, three, other) => {
  const graph = {
    inputs: { x: counting(3), y: { shape: [3], data: [5, 5, 5] } },
    constants: { three: { shape: [], data: [three] }, sixth: { shape: [], data: [1 / 6] } },
    nodes: [
      { name: 'sum', op: 'Add', input: ['x', 'three'] },
      { name: 'relu', op: 'Relu6', input: ['sum'] },
      { name: 'scaled', op: 'Mul', input: ['sixth', other] },
      { name: 'swish', op: 'Mul', input: ['scaled', 'relu'] },
      // So that both inputs are in use in both cases.
      { name: 'out', op: 'Maximum', input: ['swish', 'y'] },
    ],
    outputs: ['out'],
  };
  const [out] = await runTiny(graph);
  expect(out?.data).toEqual([5, 5, 5]);
  expect(Buffer.from(convertTiny(graph)).toString('latin1')).not.toContain('HardSigmoid');
});

it.each([
  ['an operation that it does not know', { op: 'Einsum', input: ['x'] }, 'the node "out" (Einsum)'],
  [
    'padding that it does not know',
    { op: 'MaxPool', input: ['x'], attr: { padding: text('EXPLICIT') } },
    'padding SAME or VALID, found EXPLICIT',
  ],
  [
    'channels first',
    { op: 'MaxPool', input: ['x'], attr: { ...square, data_format: text('NCHW') } },
    'data_format NHWC, found NCHW',
  ],
  ['a computed shape', { op: 'Reshape', input: ['x', 'x'] }, 'expected a constant as input 1'],
  ['a missing node', { op: 'Relu', input: ['y'] }, 'it has no node "y"'],
  ['too few inputs', { op: 'Relu6', input: [] }, 'expected at least 1 inputs, found 0'],
])('convertGraphModel() names the node with %s', (_, node, message) => {
  const graph = { inputs: { x: counting(1, 2, 2, 1) }, nodes: [{ name: 'out', ...node }], outputs: ['out'] };
  expect(() => convertTiny(graph)).toThrowError(
    expect.objectContaining({ code: 'model-unreadable', message: expect.stringContaining(message) }),
  );
});
