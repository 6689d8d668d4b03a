import { expect, it } from 'vitest';
import { catalogue, defaultDetectors, findModel, parts, secondOf } from '../../models/catalogue.ts';
import { modelManifestSchema } from '../../models/manifest.ts';

const all = [...catalogue, ...parts];

it.each(all.map((manifest) => [manifest.id, manifest] as const))(
  'catalogue: the manifest of %s is valid',
  (_, manifest) => {
    expect(modelManifestSchema.parse(manifest)).toEqual(manifest);
  },
);

it('catalogue: no two models share an id, parts included', () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

it('catalogue: every task has a model', () => {
  const tasks = ['classify', 'detect', 'embed', 'face-mesh', 'faces', 'hands', 'pose', 'segment', 'text'];
  expect([...new Set(catalogue.map(({ task }) => task))].toSorted()).toEqual(tasks);
});

it('catalogue: no part stands in it, so that nobody can call for half of a model', () => {
  for (const { id } of parts) {
    expect(() => findModel(id)).toThrow(expect.objectContaining({ code: 'model-unknown' }));
  }
});

it('secondOf() finds the second model of every entry that names one, and none for the others', () => {
  for (const manifest of catalogue) expect(secondOf(manifest)?.id).toBe(manifest.second?.model);
});

it('secondOf() names the parts that there are when there is no such one', () => {
  const hands = findModel('mediapipe-hands');
  const broken = { ...hands, second: hands.second && { ...hands.second, model: 'foot-landmark' } };
  expect(() => secondOf(broken)).toThrow(
    /"foot-landmark" of "mediapipe-hands": expected one of hand-landmark,/,
  );
});

const detectors = catalogue.filter(({ task }) => task === 'detect');

it.each(detectors.map((manifest) => [manifest.id, manifest] as const))(
  'catalogue: %s has 80 labels that differ',
  (_, { labels }) => {
    expect(new Set(labels).size).toBe(80);
    expect([labels[0], labels[79]]).toEqual(['person', 'toothbrush']);
  },
);

it('defaultDetectors are detectors of the catalogue, yolox-nano first', () => {
  expect(defaultDetectors).toEqual(['yolox-nano', 'centernet']);
  expect(defaultDetectors.map((id) => findModel(id).task)).toEqual(['detect', 'detect']);
});

it('findModel() names the models that there are when there is no such one', () => {
  expect(() => findModel('yolox-nono')).toThrowError(
    expect.objectContaining({
      code: 'model-unknown',
      message: expect.stringMatching(
        /^Cannot find the model "yolox-nono": expected one of yolox-nano, centernet, /,
      ),
    }),
  );
});
