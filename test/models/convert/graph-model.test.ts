import { expect, it } from 'vitest';
import { parseGraphModel } from '../../../models/convert/graph-model.ts';

const model = {
  format: 'graph-model',
  modelTopology: { node: [{ name: 'x', op: 'Placeholder' }] },
  weightsManifest: [],
};
const signature = { outputs: { a: { name: 'boxes:0' }, b: { name: 'scores:1' } } };

it.each([
  ['at the top', { ...model, signature }],
  ['in userDefinedMetadata', { ...model, userDefinedMetadata: { signature } }],
])('parseGraphModel() reads the signature %s', (_, json) => {
  expect(parseGraphModel(JSON.stringify(json)).outputs).toEqual(['boxes', 'scores:1']);
});

it.each([
  ['no JSON', 'not json'],
  ['a layers model', JSON.stringify({ ...model, format: 'layers-model' })],
  [
    'weight files in another folder',
    JSON.stringify({ ...model, weightsManifest: [{ paths: ['../secret'], weights: [] }] }),
  ],
  [
    'weights of a type that it does not know',
    JSON.stringify({
      ...model,
      weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'w', shape: [], dtype: 'string' }] }],
    }),
  ],
])('parseGraphModel() refuses %s', (_, text) => {
  expect(() => parseGraphModel(text)).toThrowError(
    expect.objectContaining({
      code: 'model-unreadable',
      message: expect.stringMatching(/^Cannot read the tfjs graph model: \S/),
    }),
  );
});
