import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findModel } from '../../../../models/catalogue.ts';
import type { ModelManifest } from '../../../../models/manifest.ts';
import { GrpcModel } from '../../../../peer/inference/kserve/grpc-model.ts';
import { openRemoteModel } from '../../../../peer/inference/kserve/open-remote-model.ts';
import { noRemoteRuns } from '../../../../peer/inference/kserve/remote-counters.ts';
import { RemoteFirst } from '../../../../peer/inference/kserve/remote-first.ts';
import { ManualClock } from '../manual-clock.ts';
import { type GrpcConduct, GrpcServer, halved } from './grpc-server.ts';

const AMPLE_MS = 10_000;
const values = Float32Array.from({ length: 16 }, (_, index) => index - 3.5);
const known = findModel('yolox-nano');
const manifest: ModelManifest = {
  ...known,
  id: 'halver',
  input: { ...known.input, name: 'in', width: 4, height: 4, channels: 'grey' },
  outputs: [{ name: 'out', dims: [1, 16] }],
};

describe('GrpcModel', () => {
  let server: GrpcServer;
  let model: GrpcModel;
  beforeAll(async () => {
    server = await GrpcServer.start();
    model = new GrpcModel(manifest, server.url);
  });
  afterAll(async () => {
    model.close();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    server.conduct = 'well';
    server.isReady = true;
    server.inputShape = [-1, 1, 4, 4];
  });

  it.each(['well', 'with typed contents'] as const)(
    'infer() reads an answer that came %s',
    async (conduct) => {
      server.conduct = conduct;
      await model.connect(values);
      const { out } = await model.infer(values, AMPLE_MS);
      expect(out).toEqual({ data: halved(values), dims: [1, 16] });
    },
  );

  it.each<[GrpcConduct, string, RegExp]>([
    ['hang', 'backend-timeout', /expected an answer within 100 ms/],
    ['unavailable', 'backend-failed', /found UNAVAILABLE out of memory/],
    ['not found', 'backend-invalid', /found NOT_FOUND no such model/],
    ['rubbish', 'backend-invalid', /expected the message of the protocol, found another/],
    ['wrong shape', 'backend-invalid', /expected out FP32\[1,16\], found out FP32\[1,4,4\]/],
    ['negative shape', 'backend-invalid', /found .*>=0/s],
    ['wrong type', 'backend-invalid', /found out FP16\[1,16\]/],
    ['too few values', 'backend-invalid', /found 15 values/],
    ['no output', 'backend-invalid', /found no output out/],
    ['too long', 'backend-invalid', /found RESOURCE_EXHAUSTED .+larger than max/],
  ])('infer() refuses to wait for, or to believe: %s', async (conduct, code, message) => {
    await model.connect(values);
    server.conduct = conduct;
    const answer = model.infer(values, code === 'backend-timeout' ? 100 : AMPLE_MS);
    await expect(answer).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('connect() refuses a model that is not ready, and one with another input', async () => {
    server.isReady = false;
    await expect(model.connect(values)).rejects.toMatchObject({ code: 'backend-failed' });
    server.isReady = true;
    server.inputShape = [1, 3, 8, 8];
    await expect(model.connect(values)).rejects.toMatchObject({
      code: 'backend-invalid',
      message: expect.stringMatching(/in FP32\[1,1,4,4\], found in FP32\[1,3,8,8\]/),
    });
  });
});

describe('openRemoteModel()', () => {
  it.each(['grpc://127.0.0.1:9', 'http://127.0.0.1:9'])('says that nothing listens at %s', async (url) => {
    const model = await openRemoteModel(manifest, url);
    await expect(model.connect(values)).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    model.close();
  });
});

describe('RemoteFirst over gRPC', () => {
  it('leaves a server alone that died, and goes back once it is up again', async () => {
    const first = await GrpcServer.start();
    const clock = new ManualClock();
    const counters = noRemoteRuns();
    const moves: (string | undefined)[] = [];
    const model = await openRemoteModel(manifest, first.url);
    const onMoved = (away: string | undefined) => void moves.push(away);
    const remote = new RemoteFirst({ model, timeoutMs: AMPLE_MS, blank: values, counters, clock, onMoved });
    await remote.open();
    expect(await remote.infer(values)).toBeDefined();

    await first[Symbol.asyncDispose]();
    for (let run = 0; run < 3; run++) expect(await remote.infer(values)).toBeUndefined();
    expect(counters).toMatchObject({ answered: 1, local: 3, retries: 4, failures: 6 });
    expect(moves).toEqual([undefined, expect.stringMatching(/^backend-failed: .+UNAVAILABLE/)]);

    await using _second = await GrpcServer.start(first.port);
    await expect
      .poll(
        async () => {
          await clock.advance(30_000);
          return moves.length;
        },
        { timeout: AMPLE_MS },
      )
      .toBe(3);
    expect(moves[2]).toBeUndefined();
    expect(await remote.infer(values)).toBeDefined();
    remote.close();
    expect(clock.armed).toBe(0);
  });
});
