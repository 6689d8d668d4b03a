import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findModel } from '../../../models/catalogue.ts';
import { OnnxBuilder } from '../../../models/convert/onnx-builder.ts';
import type { ModelManifest, ResolvedModel } from '../../../models/manifest.ts';
import { Engine } from '../../../peer/inference/engine.ts';
import { ModelSession } from '../../../peer/inference/model-session.ts';
import { Network } from '../../../peer/inference/network.ts';
import { splitOutputs } from '../../../peer/inference/split-outputs.ts';

const SIDE = 8;
const COLOURS = ['red', 'green', 'blue'];

/** Says how much red, green and blue is in each of any number of pictures. */
function colourModel(pictures: number): Uint8Array {
  const builder = new OnnxBuilder();
  builder.input('pictures', 'float32', [pictures, 3, SIDE, SIDE]);
  const mean = builder.node('GlobalAveragePool', ['pictures']);
  builder.output('colours', 'float32', builder.node('Flatten', [mean], { axis: 1 }));
  return builder.finish();
}

const manifest: ModelManifest = {
  ...findModel('yolox-nano'),
  id: 'colours',
  task: 'classify',
  head: 'classes',
  input: {
    name: 'pictures',
    width: SIDE,
    height: SIDE,
    layout: 'nchw',
    channels: 'rgb',
    mean: 0,
    scale: 1 / 255,
    fit: 'stretch',
    pad: 0,
    maxBatch: 3,
  },
  outputs: [{ name: 'colours', dims: [1, 3] }],
  labels: COLOURS,
  threshold: 0.5,
};

/** A picture of one colour. */
function picture(colour: number): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (at % 3 === colour ? 255 : 0));
}

describe('A model that takes batches', () => {
  let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
  let open: ResolvedModel;
  let closed: ResolvedModel;
  beforeAll(async () => {
    folder = await mkdtempDisposable(join(tmpdir(), 'sightline-batches-'));
    open = { manifest, path: join(folder.path, 'open.onnx'), origin: 'directory' };
    closed = { manifest, path: join(folder.path, 'closed.onnx'), origin: 'directory' };
    await writeFile(open.path, colourModel(-1));
    await writeFile(closed.path, colourModel(1));
  });
  afterAll(() => folder.remove());

  it.each([[[2]], [[0, 1]], [[2, 0, 1]]])(
    'Network.runAll() answers for each of the colours %j',
    async (colours) => {
      const network = await Network.load({ manifest, path: open.path, threads: 1 });
      const size = { width: 640, height: 480 };
      const looks = colours.map((colour) => ({ pixels: picture(colour), size, threshold: 0.5 }));
      const found = await network.runAll(looks);
      expect(found.map(({ objects }) => objects.map(({ label, score }) => [label, score]))).toEqual(
        colours.map((colour) => [[COLOURS[colour], 1]]),
      );
    },
  );

  it('is refused where the first dimension of its file is not open', async () => {
    await expect(ModelSession.load(manifest, closed.path, 1)).rejects.toMatchObject({
      code: 'model-contract-mismatch',
      message: expect.stringMatching(/pictures float32\[-1,3,8,8\], found pictures float32\[1,3,8,8\]/),
    });
  });

  it('gives each of several sources its own result', async () => {
    await using engine = await Engine.open({ model: open, workers: 1, threads: 1 });
    const sources = COLOURS.map(() => engine.addSource());
    const look = async (index: number) => {
      const result = await sources[index]?.offer({
        width: SIDE,
        height: SIDE,
        threshold: 0.5,
        prepare: async ({ pixels }) => pixels.set(picture(index)),
        release: () => {},
      });
      return result?.objects.map(({ label }) => label);
    };
    for (let round = 0; round < 20; round++) {
      expect(await Promise.all([look(0), look(1), look(2)])).toEqual([['red'], ['green'], ['blue']]);
    }
  });
});

describe('splitOutputs()', () => {
  it('gives views into outputs of as many pictures, and refuses others', () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const split = splitOutputs('colours', { out: { data, dims: [2, 2] } }, 2);
    expect(split.map(({ out }) => [[...(out?.data ?? [])], out?.dims])).toEqual([
      [
        [1, 2],
        [1, 2],
      ],
      [
        [3, 4],
        [1, 2],
      ],
    ]);
    expect(() => splitOutputs('colours', { out: { data, dims: [1, 4] } }, 2)).toThrow(/out of 2 pictures/);
  });
});
