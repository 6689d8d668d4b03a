import { expect, it } from 'vitest';
import { catalogue, defaultDetectors, findModel } from '../../models/catalogue.ts';
import { modelManifestSchema } from '../../models/manifest.ts';

it.each(catalogue.map((manifest) => [manifest.id, manifest] as const))(
  'catalogue: the manifest of %s is valid',
  (_, manifest) => {
    expect(modelManifestSchema.parse(manifest)).toEqual(manifest);
  },
);

it('catalogue: no two models share an id', () => {
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
});

it.each(catalogue.map((manifest) => [manifest.id, manifest] as const))(
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
      message: 'Cannot find the model "yolox-nono": expected one of yolox-nano, centernet',
    }),
  );
});
