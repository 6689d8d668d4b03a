import { describe, expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { modelSummary } from '../../support/fake-peer.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';

describe('GET /healthz', () => {
  it('says what the peers say of themselves', async () => {
    await using server = await TestSignaling.start();
    expect(await (await server.get('/healthz')).json()).toMatchObject({ status: 'ok', peers: [] });

    await server.join({ maxSessions: 3 });
    await server.offer();
    const response = await server.get('/healthz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'ok',
      version: packageJson.version,
      uptime: expect.any(Number),
      peers: [
        {
          peerId: 'fake',
          sessions: 1,
          maxSessions: 3,
          codec: 'fake 1.0',
          cpu: 0.25,
          residentMemory: 50_000_000,
          eventLoopDelayP99: 1.5,
          natives: 0,
          handles: 3,
        },
      ],
    });
  });
});

describe('GET /readyz', () => {
  it('is 200 only while a peer with its default model loaded has a place free', async () => {
    await using server = await TestSignaling.start();
    const early = await server.get('/readyz');
    expect(early.headers.get('Retry-After')).toBe('1');
    await expectProblem(early, 'no-peer');

    await server.join({ peerId: 'bare', models: [modelSummary({ loaded: false })] });
    await expectProblem(await server.get('/readyz'), 'no-peer');

    await server.join({ maxSessions: 1 });
    const ready = await server.get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready' });

    await server.offer();
    await expectProblem(await server.get('/readyz'), 'sessions-exhausted');
  });
});
