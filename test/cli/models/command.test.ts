import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../models/temporary-folder.ts';
import { classifier } from './classifier.ts';
import { classifierManifest, writeModel } from './own-folder.ts';

const folder = temporaryFolder();
const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Run {
  readonly status: number;
  readonly output: string;
  readonly complaint: string;
}

/** Runs `sightline models` as a process of its own, with the folder of the test. */
function models(...args: string[]): Promise<Run> {
  const env = {
    ...process.env,
    SIGHTLINE_MODELS_DIR: folder(),
    SIGHTLINE_CACHE_DIR: join(folder(), 'cache'),
  };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['cli/main.ts', 'models', ...args],
      { cwd: root, env },
      (_, output, complaint) => resolve({ status: child.exitCode ?? -1, output, complaint }),
    );
  });
}

const own = (name: string, manifest: object) =>
  writeModel(join(folder(), name), { 'colour.onnx': classifier('softmax'), 'manifest.json': manifest });

describe('sightline models', () => {
  it('lists the catalogue and the own models, and ends with 1 where one is refused', async () => {
    await own('mine', classifierManifest);
    const good = await models('list', '--json');
    expect(good.status).toBe(0);
    const { models: rows } = JSON.parse(good.output) as { models: { id: string; place: string }[] };
    expect(rows).toContainEqual(expect.objectContaining({ id: 'main-colour', place: 'own' }));
    expect(rows).toContainEqual(expect.objectContaining({ id: 'yolox-nano', place: 'download' }));
    await own('other', { ...classifierManifest, id: 'yolox-nano' });
    const bad = await models('list');
    expect(bad.status).toBe(1);
    expect(bad.output).toMatch(/^main-colour +classify +own /m);
    expect(bad.output).toMatch(/✗ .*other.*\[model-id-taken\]/);
  });

  it('pulls what is here, and says in words what it does not know', async () => {
    const path = await own('mine', classifierManifest);
    const { status, output } = await models('pull', 'main-colour');
    expect([status, output]).toEqual([0, `main-colour (not stated) is in ${join(path, 'colour.onnx')}\n`]);
    const unknown = await models('pull', 'nobody');
    expect([unknown.status, unknown.complaint]).toEqual([1, expect.stringMatching(/^model-unknown: Cannot/)]);
  });

  it('checks with 0 when nothing is wrong and 1 when something is', async () => {
    const good = await models('check', await own('mine', classifierManifest));
    expect([good.status, good.output]).toEqual([0, expect.stringMatching(/Nothing is wrong\n$/)]);
    const bad = await models('check', '--json', await own('mine', { ...classifierManifest, labels: ['a'] }));
    expect(bad.status).toBe(1);
    expect(JSON.parse(bad.output)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([expect.objectContaining({ code: 'labels-differ' })]),
    });
  });

  it.each([
    [[]],
    [['show']],
    [['check']],
    [['pull', 'a', 'b']],
    [['list', '--image', 'x']],
    [['check', '--x']],
  ])('ends with 64 for %j', async (args) => {
    const { status, complaint } = await models(...args);
    expect([status, complaint]).toEqual([64, expect.stringMatching(/\nUsage: sightline models list/)]);
  });
});
