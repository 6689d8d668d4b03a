import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../models/temporary-folder.ts';
import { examine } from '../run-doctor.ts';
import { classifier } from './classifier.ts';
import { classifierManifest, writeModel } from './own-folder.ts';

const folder = temporaryFolder();

it('the doctor runs an own model that is the default, and names one that is wrong', async () => {
  const own = (name: string, fields: object) =>
    writeModel(join(folder(), name), {
      'colour.onnx': classifier('softmax'),
      'manifest.json': { ...classifierManifest, ...fields },
    });
  await own('mine', {});
  await own('wrong', { id: 'blazeface' });
  const { step, codes } = await examine([], {
    PORT: '0',
    SIGHTLINE_MODELS_DIR: folder(),
    SIGHTLINE_CACHE_DIR: join(folder(), 'cache'),
    SIGHTLINE_MODEL: 'main-colour',
  });
  expect(step('model').filter(({ code }) => code)).toMatchObject([
    { code: 'model-wrong', text: expect.stringContaining('"blazeface"') },
  ]);
  expect(step('inference')).toMatchObject([
    { status: 'ok', text: expect.stringMatching(/runs main-colour/) },
  ]);
  expect(codes).toEqual(['model-wrong']);
});
