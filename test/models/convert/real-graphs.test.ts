import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { convertGraphModel } from '../../../models/convert/convert-graph-model.ts';
import { convertPackage } from '../../../models/convert/convert-package.ts';
import { parseGraphModel } from '../../../models/convert/graph-model.ts';
import { findPackage } from '../../../models/npm-package.ts';

/** What an output is to be: its shape, its greatest magnitude, and its mean magnitude. */
type Summary = Record<string, { dims: number[]; peak: number; mean: number }>;

// Inputs are smooth, so that no maximum is nearly another one. The figures were taken once from these conversions,
// after an independent conversion of the same graphs had given the same outputs to six digits (centernet's with an
// exact 1/6 in its hard activations, see fuseHardActivations).
const graphs: [string, number, Summary][] = [
  [
    'centernet',
    255,
    {
      'tower_0/wh': { dims: [1, 128, 128, 4], peak: 531.106, mean: 132.381 },
      'tower_0/keypoints': { dims: [1, 128, 128, 80], peak: 0.178381, mean: 0.00144845 },
      'tower_0/detections': { dims: [1, 100, 6], peak: 513.795, mean: 197.959 },
    },
  ],
  [
    'movenet-lightning',
    255,
    {
      Identity: { dims: [1, 1, 17, 3], peak: 0.98293, mean: 0.428966 },
    },
  ],
  [
    'blazeface',
    1,
    {
      Identity_3: { dims: [1, 384, 16], peak: 140.739, mean: 25.7733 },
      Identity: { dims: [1, 512, 1], peak: 1014.91, mean: 240.504 },
      Identity_1: { dims: [1, 384, 1], peak: 97.0951, mean: 16.8145 },
      Identity_2: { dims: [1, 512, 16], peak: 94.8999, mean: 10.2563 },
    },
  ],
  [
    'facemesh',
    1,
    {
      Identity_2: { dims: [1, 1404], peak: 159.258, mean: 70.4763 },
      Identity_1: { dims: [1, 1], peak: 0.000351608, mean: 0.000351608 },
      Identity: { dims: [1, 266], peak: 160.399, mean: 98.0474 },
    },
  ],
  [
    'handlandmark-lite',
    1,
    {
      Identity_1: { dims: [1, 1], peak: 0.0416227, mean: 0.0416227 },
      Identity: { dims: [1, 63], peak: 180.865, mean: 76.4694 },
      Identity_2: { dims: [1, 1], peak: 0.315704, mean: 0.315704 },
      Identity_3: { dims: [1, 63], peak: 0.0545579, mean: 0.0126571 },
    },
  ],
];

it.each(graphs)(
  'convertGraphModel() converts %s to what computes the same',
  async (graph, brightest, expected) => {
    const session = await InferenceSession.create(await convert(graph), { intraOpNumThreads: 1 });
    const [input] = session.inputMetadata;
    if (!input?.isTensor) throw new Error(`${graph} takes no tensor`);
    const shape = input.shape.map(Number);
    const picture = smoothPicture(shape, brightest);
    const data = input.type === 'int32' ? Int32Array.from(picture) : picture;
    const results = await session.run({ [input.name]: new Tensor(input.type, data, shape) });
    await session.release();
    expect(Object.keys(results).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [name, { dims, peak, mean }] of Object.entries(expected)) {
      const found = results[name];
      expect(found?.dims).toEqual(dims);
      const magnitudes = Array.from(found?.data as Float32Array, Math.abs);
      const total = magnitudes.reduce((sum, value) => sum + value, 0);
      expect(magnitudes.reduce((greatest, value) => Math.max(greatest, value), 0) / peak).toBeCloseTo(1, 3);
      expect(total / magnitudes.length / mean).toBeCloseTo(1, 3);
    }
  },
);

it('convertGraphModel() keeps only the outputs asked for, and what they need', async () => {
  const whole = await convert('centernet');
  const detections = await convert('centernet', ['tower_0/detections']);
  expect(detections.length).toBeLessThan(whole.length);
  const session = await InferenceSession.create(detections, { intraOpNumThreads: 1 });
  expect(session.outputMetadata).toMatchObject([
    { name: 'tower_0/detections', type: 'float32', shape: [1, 100, 6] },
  ]);
  await session.release();
});

it('convertPackage() refuses a graph that is not the one expected', async () => {
  const sha256 = createHash('sha256').update('something else').digest('hex');
  const conversion = { graph: await pathOf('blazeface'), sha256, outputs: ['Identity'] };
  await expect(convertPackage(conversion)).rejects.toMatchObject({ code: 'model-hash-mismatch' });
});

async function pathOf(graph: string): Promise<string> {
  return join((await findPackage('@vladmandic/human')) ?? '', 'models', `${graph}.json`);
}

async function convert(graph: string, outputs?: readonly string[]): Promise<Uint8Array> {
  const path = await pathOf(graph);
  const model = parseGraphModel(await readFile(path, 'utf8'));
  const files = model.weightGroups
    .flatMap(({ paths }) => paths)
    .map((file) => readFile(join(dirname(path), file)));
  return convertGraphModel(model, await Promise.all(files), outputs);
}

/** An NHWC picture with a bright disc on a gradient, from 0 to `brightest`. */
function smoothPicture([, height = 1, width = 1, channels = 1]: number[], brightest: number): Float32Array {
  return Float32Array.from({ length: height * width * channels }, (_, index) => {
    const [x, y] = [
      (Math.floor(index / channels) % width) / width,
      Math.floor(index / channels / width) / height,
    ];
    const disc = Math.max(0, 1 - 9 * ((x - 0.4) ** 2 + (y - 0.6) ** 2));
    return brightest * (0.3 * x + 0.2 * (index % channels) * y + 0.3 * disc);
  });
}
