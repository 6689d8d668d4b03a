import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engines } from '../../peer/engines.ts';
import { createLogger } from '../../peer/log.ts';
import { temporaryFolder } from '../models/temporary-folder.ts';
import { hasWeights } from './inference/yolox-nano.ts';

const log = createLogger('silent', 'test');
const config = {
  modelsDir: process.env['SIGHTLINE_MODELS_DIR'],
  cacheDir: fileURLToPath(new URL('../../.cache/models', import.meta.url)),
  model: undefined,
  inferenceWorkers: 1,
  inferenceThreads: 1,
};
const states = (engines: Engines) =>
  Object.fromEntries(
    engines
      .summaries()
      .map(({ id, available, loaded, default: isDefault }) => [
        id,
        [available && 'available', loaded && 'loaded', isDefault && 'default'].filter(Boolean).join(' '),
      ]),
  );

describe.skipIf(!hasWeights)('Engines (skipped where the weights of yolox-nano are not there)', () => {
  let engines: Engines;
  beforeAll(async () => {
    engines = await Engines.open(config, log);
  });
  afterAll(() => engines.close());

  it('load the default model at the start, another when it is first asked for, and tell so', async () => {
    expect(states(engines)).toMatchObject({
      'yolox-nano': 'available loaded default',
      centernet: 'available',
      'face-mesh': 'available',
    });
    const loaded = once(engines, 'loaded');
    const [engine, same] = await Promise.all([engines.get('centernet'), engines.get('centernet')]);
    expect(same).toBe(engine);
    expect(await loaded).toEqual(['centernet']);
    expect(states(engines)).toMatchObject({ centernet: 'available loaded' });
    expect((await engines.get()).manifest.id).toBe('yolox-nano');
  });

  it('drop a model that cannot be run any more, and load it again for whoever asks next', async () => {
    const engine = await engines.get('centernet');
    const lost = once(engines, 'lost');
    await engine.close('no worker is left');
    expect(await lost).toEqual(['centernet', 'no worker is left']);
    expect(states(engines)).toMatchObject({
      'yolox-nano': 'available loaded default',
      centernet: 'available',
    });
    const again = await engines.get('centernet');
    expect(again).not.toBe(engine);
    expect(again.stats().workers).toBe(1);
  });

  it('refuse a model that the catalogue does not have', async () => {
    await expect(async () => engines.get('cats')).rejects.toMatchObject({ code: 'model-unknown' });
  });
});

describe('Engines', () => {
  const folder = temporaryFolder();

  it('say which models are at hand, and refuse one that is not, again and again', async () => {
    const nothing = { ...config, modelsDir: undefined, cacheDir: folder(), model: 'centernet' };
    const engines = await Engines.open(nothing, log);
    expect(states(engines)).toMatchObject({ 'yolox-nano': '', centernet: 'available loaded default' });
    for (let i = 0; i < 2; i++)
      await expect(engines.get('yolox-nano')).rejects.toMatchObject({ code: 'model-unavailable' });
    await engines.close();
  });
});
