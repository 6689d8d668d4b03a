import { describe, expect, it } from 'vitest';
import { checkContract, inputDims, type ModelFace } from '../../../peer/inference/contract.ts';
import { yoloxNano } from './yolox-nano.ts';

const { manifest } = yoloxNano;
const tensor = (name: string, shape: (number | string)[], type: 'float32' | 'uint8' = 'float32') =>
  ({ name, shape, type, isTensor: true }) as const;
const image = tensor('images', [1, 3, 416, 416]);
const output = tensor('output', [1, 3549, 85]);
const check = (face: ModelFace) => () => checkContract(manifest, '/models/file.onnx', face);

describe('checkContract()', () => {
  it.each<[string, ModelFace]>([
    ['the inputs and outputs of the manifest', { inputs: [image], outputs: [output] }],
    [
      'a batch that the file leaves open',
      { inputs: [tensor('images', ['N', 3, 416, 416])], outputs: [output] },
    ],
    [
      'outputs that the manifest does not speak of',
      { inputs: [image], outputs: [tensor('more', [1]), output] },
    ],
  ])('accepts %s', (_title, face) => {
    expect(check(face)).not.toThrow();
  });

  it.each<[string, ModelFace]>([
    ['an input of another name', { inputs: [tensor('data', [1, 3, 416, 416])], outputs: [output] }],
    ['an input of another size', { inputs: [tensor('images', [1, 3, 640, 640])], outputs: [output] }],
    ['an input of another layout', { inputs: [tensor('images', [1, 416, 416, 3])], outputs: [output] }],
    [
      'an input of another type',
      { inputs: [tensor('images', [1, 3, 416, 416], 'uint8')], outputs: [output] },
    ],
    ['a second input', { inputs: [image, tensor('size', [2])], outputs: [output] }],
    ['no output', { inputs: [image], outputs: [] }],
    ['an output of another rank', { inputs: [image], outputs: [tensor('output', [3549, 85])] }],
    ['an output with other classes', { inputs: [image], outputs: [tensor('output', [1, 3549, 25])] }],
  ])('refuses %s', (_title, face) => {
    expect(check(face)).toThrow(expect.objectContaining({ code: 'model-contract-mismatch' }));
  });

  it('names the file, what was expected and what was found', () => {
    const face = { inputs: [image], outputs: [tensor('output', [1, 3549, 25])] };
    expect(check(face)).toThrow(
      /file\.onnx: expected the output output float32\[1,3549,85\], found output float32\[1,3549,25\]/,
    );
  });
});

it('checkContract() takes whole numbers where the manifest says so, and only there', () => {
  const whole = { ...manifest, input: { ...manifest.input, type: 'int32' as const } };
  const wholeImage = { name: 'images', shape: [1, 3, 416, 416], type: 'int32', isTensor: true } as const;
  expect(() => checkContract(whole, 'x', { inputs: [wholeImage], outputs: [output] })).not.toThrow();
  expect(() => checkContract(whole, 'x', { inputs: [image], outputs: [output] })).toThrow(
    /images int32\[1,3,416,416\], found images float32/,
  );
});

describe('inputDims()', () => {
  it('has one channel for a grey picture', () => {
    const grey = { ...manifest.input, channels: 'grey', width: 30, height: 20 } as const;
    expect(inputDims(grey)).toEqual([1, 1, 20, 30]);
  });

  it.each([
    ['nchw', [1, 3, 20, 30]],
    ['nhwc', [1, 20, 30, 3]],
  ] as const)('puts the channels where %s has them', (layout, dims) => {
    expect(inputDims({ ...manifest.input, layout, width: 30, height: 20 })).toEqual(dims);
  });
});
