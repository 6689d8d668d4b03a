import { describe, expect, it } from 'vitest';
import { Engine, type EngineSource } from '../../../peer/inference/engine.ts';
import type { InferenceResult } from '../../../peer/inference/frame-job.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { OipServer } from './kserve/oip-server.ts';
import { hasWeights, yoloxNano } from './yolox-nano.ts';

const one = { model: yoloxNano, workers: 1, threads: 1 };

/** Looks at a picture in which the model sees something, however little. */
async function look(source: EngineSource): Promise<InferenceResult> {
  const result = await source.offer({
    width: 640,
    height: 480,
    threshold: 0.01,
    prepare: async ({ pixels, stride }) => {
      for (let i = 0; i < pixels.length; i++) pixels[i] = (i % stride) % 200 < 100 ? 30 : (i >> 9) & 255;
    },
    release: () => {},
  });
  if (!result) throw new Error('The source was closed');
  return result;
}

describe.skipIf(!hasWeights)('Engine (skipped where the weights of yolox-nano are not there)', () => {
  it('says in words that an execution provider is not there, and runs the model on the processor', async () => {
    const log = new RecordingLog();
    // DirectML is of Windows, Core ML of macOS.
    const provider = process.platform === 'win32' ? 'coreml' : 'dml';
    await using engine = await Engine.open({ ...one, backend: { provider, kserve: undefined }, log });
    expect(engine.runsOn).toBe('cpu');
    expect(log.warnings).toEqual([
      {
        model: 'yolox-nano',
        runsOn: 'cpu',
        problem: expect.stringMatching(`yolox_nano.onnx on ${provider}: expected .+, found: .+ not found`),
      },
    ]);
    expect((await look(engine.addSource())).timings.infer).toBeGreaterThan(0);
  });

  it('lets a server run the model, does it itself when the server hangs, and goes back', async () => {
    await using server = await OipServer.start(yoloxNano.path);
    const log = new RecordingLog();
    let placed = Promise.withResolvers<void>();
    await using local = await Engine.open(one);
    await using engine = await Engine.open({
      ...one,
      backend: { provider: 'cpu', kserve: { url: server.url, timeoutMs: 1000 } },
      log,
      onPlaced: () => placed.resolve(),
    });
    const source = engine.addSource();
    const expected = await look(local.addSource());
    expect(expected.objects.length).toBeGreaterThan(0);
    const tried = server.requests.length;
    expect(engine.runsOn).toBe('kserve');
    expect((await look(source)).objects).toEqual(expected.objects);
    expect(server.requests.slice(tried)).toEqual(['binary']);
    // The run that warms the model up is among them
    expect(engine.stats().remote).toMatchObject({ answered: 2, local: 0 });

    server.conduct = 'hang';
    for (let run = 0; run < 3; run++) expect((await look(source)).objects).toEqual(expected.objects);
    expect(engine.runsOn).toBe('cpu');
    expect(engine.stats().remote).toMatchObject({ answered: 2, local: 3, timeouts: 2 });
    expect(log.warnings).toEqual([
      { model: 'yolox-nano', runsOn: 'cpu', problem: expect.stringMatching(/^backend-timeout: /) },
    ]);

    server.conduct = 'well';
    placed = Promise.withResolvers();
    await placed.promise;
    expect(engine.runsOn).toBe('kserve');
    expect((await look(source)).objects).toEqual(expected.objects);
    expect(engine.stats().remote.answered).toBe(3);
  });
});
