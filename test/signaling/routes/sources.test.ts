import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { modelSummary } from '../../support/fake-peer.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';
import { FakeDoor } from '../door/fake-door.ts';

const models = [modelSummary(), modelSummary({ id: 'movenet', task: 'pose', default: false, loaded: false })];

/** Signaling with a media peer of one place. */
async function start(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const door = await FakeDoor.open(answer);
  const server = await TestSignaling.start();
  await server.join({ door: door.address, maxSessions: 1, models });
  return {
    post: (body: object) =>
      fetch(new URL('/sources', server.url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await door[Symbol.asyncDispose]();
    },
  };
}

describe('POST /sources of signaling', () => {
  it('passes on what is asked for, and the answer with its Location', async () => {
    const asked: unknown[] = [];
    await using test = await start((request, response) => {
      void json(request).then((body) => {
        asked.push(request.url, body);
        response.writeHead(201, { Location: '/sessions/fake-1' }).end('{"sessionId":"fake-1"}');
      });
    });
    const body = { url: 'rtsp://kamera.example/größe', task: 'pose', zones: [], loop: true };
    const response = await test.post(body);
    expect(response.status).toBe(201);
    expect(response.headers.get('Location')).toBe('/sessions/fake-1');
    expect(await response.json()).toEqual({ sessionId: 'fake-1' });
    expect(asked).toEqual(['/sources', body]);
  });

  it('counts the place of a source that is being opened', async () => {
    const waiting: ServerResponse[] = [];
    await using test = await start((_request, response) => void waiting.push(response));
    const first = test.post({ url: 'a.mp4' });
    await eventually(
      async () => waiting.length,
      (count) => count === 1,
      { intervalMs: 10 },
    );
    await expectProblem(await test.post({ url: 'b.mp4' }), 'sessions-exhausted');
    waiting[0]?.writeHead(502).end();
    await (await first).text();
    const third = test.post({ url: 'c.mp4' });
    await eventually(
      async () => waiting.length,
      (count) => count === 2,
      { intervalMs: 10 },
    );
    waiting[1]?.end();
    await third;
  });

  it.each([
    [{}, 'source-invalid'],
    [{ url: 'a.mp4', pace: 'slow' }, 'source-invalid'],
    [{ url: 'a.mp4', model: 'nothing-of-the-kind' }, 'model-unknown'],
    [{ url: 'a.mp4', tasks: [{ task: 'pose' }, { model: 'nothing-of-the-kind' }] }, 'model-unknown'],
  ] as const)('refuses %j without asking a media peer', async (body, code) => {
    let asked = 0;
    await using test = await start((_request, response) => {
      asked += 1;
      response.end();
    });
    await expectProblem(await test.post(body), code);
    expect(asked).toBe(0);
  });
});
