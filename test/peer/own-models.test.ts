import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Engines } from '../../peer/engines.ts';
import { classifier } from '../cli/models/classifier.ts';
import { classifierManifest, writeModel } from '../cli/models/own-folder.ts';
import { temporaryFolder } from '../models/temporary-folder.ts';

const folder = temporaryFolder();

/** A log whose lines are kept. */
function keptLog() {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, log: pino({ level: 'warn' }, stream) };
}

const own = (name: string, fields: object) =>
  writeModel(join(folder(), name), {
    'colour.onnx': classifier('softmax'),
    'manifest.json': { ...classifierManifest, ...fields },
  });

const config = (model: string) => ({
  modelsDir: folder(),
  cacheDir: join(folder(), 'cache'),
  model,
  inferenceWorkers: 1,
  inferenceThreads: 1,
});

describe('Engines with own models', () => {
  it('use one as the default, list the others, and go on without a wrong one', async () => {
    await own('mine', {});
    await own('more', { id: 'more' });
    await own('wrong', { id: 'centernet' });
    const { lines, log } = keptLog();
    const engines = await Engines.open(config('main-colour'), log);
    try {
      const listed = engines.summaries().filter(({ labels }) => labels.includes('blue'));
      expect(listed).toMatchObject([
        { id: 'main-colour', available: true, loaded: true, default: true },
        { id: 'more', available: true, loaded: false, default: false },
      ]);
      expect((await engines.get('more')).manifest.id).toBe('more');
      const refused = lines.filter((line) => line.includes('Own model left out'));
      expect(refused).toEqual([expect.stringMatching(/"code":"model-id-taken"/)]);
    } finally {
      await engines.close();
    }
  });

  it('refuse a default that has other outputs than its manifest, and one that is no model', async () => {
    const { log } = keptLog();
    await own('mine', { outputs: [{ name: 'classes', dims: [1, 4] }] });
    await expect(Engines.open(config('main-colour'), log)).rejects.toMatchObject({
      code: 'model-contract-mismatch',
    });
    await writeModel(join(folder(), 'mine'), {
      'colour.onnx': 'no model',
      'manifest.json': classifierManifest,
    });
    await expect(Engines.open(config('main-colour'), log)).rejects.toMatchObject({
      code: 'model-unreadable',
    });
  });
});
