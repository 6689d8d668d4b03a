import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFindings } from '../../../cli/models/check/check-findings.ts';
import type { ModelFinding } from '../../../cli/models/check/finding.ts';
import type { Proposal } from '../../../cli/models/check/propose.ts';
import { remedies } from '../../../cli/models/check/remedies.ts';
import { readOwnModel } from '../../../models/own-manifest.ts';
import { temporaryFolder } from '../../models/temporary-folder.ts';
import { hasWeights, yoloxNano } from '../../peer/inference/yolox-nano.ts';
import { footagePath } from '../../support/footage.ts';
import { classifier, type Ending } from './classifier.ts';
import { classifierManifest, writeModel } from './own-folder.ts';

const folder = temporaryFolder();

interface Checked {
  readonly findings: readonly ModelFinding[];
  readonly proposal: Proposal | undefined;
  /** Of what is wrong or doubtful. */
  readonly codes: readonly string[];
  readonly words: string;
}

async function check(argument: string, picture?: string): Promise<Checked> {
  const findings: ModelFinding[] = [];
  const steps = checkFindings(argument, { picture, ffmpegPath: undefined });
  let step = await steps.next();
  for (; !step.done; step = await steps.next()) findings.push(step.value);
  const codes = findings.flatMap(({ code }) => code ?? []);
  const words = findings.map(({ text, remedy }) => `${text} → ${remedy}`).join('\n');
  return { findings, proposal: step.value, codes, words };
}

/** A folder with the classifier and its manifest, some fields of which are others. */
function classifierFolder(ending: Ending, fields: object = {}): Promise<string> {
  const manifest = { ...classifierManifest, ...fields };
  return writeModel(join(folder(), 'mine'), { 'colour.onnx': classifier(ending), 'manifest.json': manifest });
}

/** A picture of one colour, as PPM. */
async function bluePicture(): Promise<string> {
  const [width, height] = [16, 8];
  const pixels = Buffer.alloc(width * height * 3).map((_, at) => (at % 3 === 2 ? 200 : 30));
  await writeModel(folder(), {
    'blue.ppm': Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]),
  });
  return join(folder(), 'blue.ppm');
}

describe('checkFindings() of a small classifier', () => {
  it('finds nothing wrong with a good one, and says what it sees', async () => {
    const { codes, words } = await check(await classifierFolder('softmax'), await bluePicture());
    expect(codes).toEqual([]);
    expect(words).toMatch(/opset 18/);
    expect(words).toMatch(/picture float32\[1,3,8,8\]; out classes float32\[1,3\]/);
    expect(words).toMatch(/blue [01]\.\d+ at 0 %/);
  });

  it.each<[Ending, string, RegExp]>([
    ['logits', 'scores-not-probabilities', /softmax/],
    ['nan', 'output-malformed', /3 of 3 values of “classes” .*3 NaN/],
    ['constant', 'output-constant', /All 3 values of “classes” are 0.25/],
    ['ignores', 'output-ignores-picture', /the same for two pictures/],
  ])('knows outputs of the kind %s', async (ending, code, expected) => {
    const { codes, words } = await check(await classifierFolder(ending), await bluePicture());
    expect(codes).toEqual([code]);
    expect(words).toMatch(expected);
  });

  const { input } = classifierManifest;
  it.each<[string, object, string, RegExp]>([
    ['another name', { input: { ...input, name: 'x' } }, 'input-differs', /Set input.name to "picture"/],
    ['another size', { input: { ...input, width: 9 } }, 'input-differs', /Set input.width to 8/],
    ['the other layout', { input: { ...input, layout: 'nhwc' } }, 'input-differs', /layout to "nchw"/],
    ['one channel', { input: { ...input, channels: 'grey' } }, 'input-differs', /channels to "rgb" or "bgr"/],
    ['another type', { input: { ...input, type: 'int32' } }, 'input-differs', /Leave input.type out/],
    ['no such output', { outputs: [{ name: 'y', dims: [1, 3] }] }, 'output-differs', /has classes float32/],
    ['other outputs', { outputs: [{ name: 'classes', dims: [1, 4] }] }, 'output-differs', /dims to \[1,3\]/],
    ['too few labels', { labels: ['red'] }, 'labels-differ', /3 classes apart, and the manifest has 1 label/],
    ['another head', { head: 'centernet', task: 'detect' }, 'head-differs', /reads one output \[1, detec/],
    ['a taken id', { id: 'centernet' }, 'model-id-taken', /"centernet"/],
    ['a typo', { treshold: 0.3 }, 'model-manifest-invalid', /treshold/],
  ])('names a manifest with %s and says what to do', async (_, fields, code, expected) => {
    const { codes, words } = await check(await classifierFolder('softmax', fields));
    expect(codes).toEqual([code]);
    expect(words).toMatch(expected);
  });

  it('proposes a manifest that a media peer takes', async () => {
    const path = await writeModel(join(folder(), 'new'), { 'My Model.onnx': classifier('softmax') });
    const { codes, proposal } = await check(join(path, 'My Model.onnx'));
    expect(codes).toEqual(['manifest-missing']);
    expect(proposal).toMatchObject({
      id: 'my-model',
      head: 'classes',
      labels: ['class 0', 'class 1', 'class 2'],
    });
    await writeModel(path, { 'manifest.json': proposal ?? {} });
    expect((await readOwnModel(path)).manifest.input).toEqual(proposal?.input);
    expect((await check(path)).codes).toEqual([]);
  });

  it('says what is not there, and what cannot be told', async () => {
    expect((await check(join(folder(), 'nothing.onnx'))).codes).toEqual(['file-missing']);
    expect((await check(folder())).codes).toEqual(['file-missing']);
    const path = await writeModel(join(folder(), 'two'), { 'a.onnx': 'a', 'b.onnx': 'b' });
    expect((await check(path)).codes).toEqual(['file-ambiguous']);
    expect((await check(await classifierFolder('softmax'), join(path, 'a.onnx'))).codes).toEqual([
      'picture-unreadable',
    ]);
  });
});

describe.skipIf(!hasWeights)(
  'checkFindings() of YOLOX-Nano (skipped where its weights are not there)',
  () => {
    const film = footagePath('asl_milk.mkv');
    const { manifest } = yoloxNano;
    const { url: _, package: __, ...fields } = manifest;

    async function damaged(change: object, weights?: (bytes: Buffer) => Uint8Array): Promise<string> {
      const bytes = await readFile(yoloxNano.path);
      const { sha256: _sha, size: _size, ...own } = { ...fields, id: 'my-yolox', ...change };
      const files = { [manifest.file]: weights ? weights(bytes) : bytes, 'manifest.json': own };
      return writeModel(join(folder(), 'yolox'), files);
    }

    it('knows the file by its hash', async () => {
      const { codes, words } = await check(yoloxNano.path);
      expect(codes).toEqual([]);
      expect(words).toMatch(/yolox-nano, from the catalogue/);
    });

    it('says that a file is cut short', async () => {
      const path = await damaged({}, (bytes) => bytes.subarray(0, bytes.length / 2));
      expect((await check(path)).codes).toContain('file-unreadable');
    });

    it('says which sizes and labels differ', async () => {
      const input = { ...manifest.input, width: 640, height: 320 };
      const sizes = await check(await damaged({ input }));
      expect(sizes.words).toMatch(/Set input.width to 416 and input.height to 416/);
      const labels = await check(await damaged({ labels: manifest.labels.slice(1) }));
      expect(labels.codes).toEqual(['labels-differ']);
      expect(labels.words).toMatch(/80 classes apart, and the manifest has 79 labels/);
    });

    it.skipIf(!film)('says which normalisation would find more', async () => {
      const path = await damaged({ input: { ...manifest.input, scale: 1 / 255 } });
      const { codes, words } = await check(path, film);
      expect(codes).toEqual(['nothing-found', 'normalisation-differs']);
      expect(words).toMatch(/channels "bgr", mean 0 and scale 1 the surest score is 0\.9/);
    });
  },
);

describe('docs/own-model.md', () => {
  const page = readFileSync(new URL('../../../docs/own-model.md', import.meta.url), 'utf8');

  it('explains each code with its remedy, and no other', () => {
    const documented = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, code, remedy]) => [
      code,
      remedy,
    ]);
    expect(Object.fromEntries(documented)).toEqual(remedies);
  });
});
