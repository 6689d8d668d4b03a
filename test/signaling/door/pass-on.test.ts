import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';
import { DOOR_TOKEN, FakeDoor } from './fake-door.ts';

/** Signaling with one media peer whose door answers so. */
async function start(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  environment: Record<string, string> = {},
) {
  const door = await FakeDoor.open(answer);
  const server = await TestSignaling.start(environment);
  await server.join({ door: door.address });
  return {
    server,
    door,
    infer: (init: RequestInit = {}, query = '') =>
      fetch(new URL(`/infer${query}`, server.url), { method: 'POST', ...init }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await door[Symbol.asyncDispose]();
    },
  };
}

/** A request of which the body is written bit by bit. */
function upload(server: TestSignaling, bytes: number) {
  return request(new URL('/infer', server.url), { method: 'POST', headers: { 'Content-Length': bytes } });
}

describe('passOn()', () => {
  it('passes body, query and answer on, unchanged', async () => {
    await using test = await start((req, res) => {
      res.writeHead(207, { 'Content-Type': 'text/x-echo', 'X-Path': req.url ?? '' });
      req.pipe(res);
    });
    const body = new Uint8Array(3_000_000).map((_, index) => index % 251);
    const response = await test.infer({ body }, '?task=faces&threshold=0.5');
    expect(response.status).toBe(207);
    expect(response.headers.get('Content-Type')).toBe('text/x-echo');
    expect(response.headers.get('X-Path')).toBe('/infer?task=faces&threshold=0.5');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
  });

  it('shows the token of the door in place of the key, which it keeps to itself', async () => {
    await using test = await start(
      (req, res) => res.end(JSON.stringify({ url: req.url, headers: req.headers })),
      { SIGHTLINE_KEY: 'the-key' },
    );
    await expectProblem(await test.infer(), 'key-required');
    const headers = { Authorization: 'Bearer the-key', Cookie: 'a=b' };
    const seen = await (await test.infer({ headers }, '?key=the-key&task=pose')).json();
    expect(seen.url).toBe('/infer?task=pose');
    expect(seen.headers.authorization).toBe(`Bearer ${DOOR_TOKEN}`);
    expect(JSON.stringify(seen)).not.toContain('the-key');
    expect(seen.headers.cookie).toBeUndefined();
  });

  it.each(['/recordings/..\\\\HOST\\x', '/recordings/%2e%2e\\\\HOST'])(
    'asks nobody but the media peer, whatever %s looks like',
    async (path) => {
      const seen: string[] = [];
      await using stranger = await FakeDoor.open((_, res) => res.end('stranger'));
      await using test = await start((req, res) => {
        seen.push(req.url ?? '');
        res.end('door');
      });
      const { hostname, port } = new URL(test.server.url);
      const { host } = new URL(stranger.address.url);
      const asking = request({ hostname, port, path: path.replace('HOST', host) }).end();
      const [response] = await once(asking, 'response');
      expect(await text(response)).toBe('door');
      expect(seen).toEqual([expect.stringContaining(host)]);
    },
  );

  it('keeps the frame of a body that no method of its kind has', async () => {
    const bodies: Promise<string>[] = [];
    await using test = await start((req, res) => {
      bodies.push(text(req));
      void bodies.at(-1)?.then(() => res.end('door'));
    });
    const { hostname, port } = new URL(test.server.url);
    const headers = { 'Transfer-Encoding': 'chunked' };
    const asking = request({ hostname, port, path: '/recordings/x', headers });
    asking.end('GET /second HTTP/1.1\r\nHost: a\r\n\r\n');
    const [response] = await once(asking, 'response');
    expect(await text(response)).toBe('door');
    expect(await Promise.all(bodies)).toEqual(['GET /second HTTP/1.1\r\nHost: a\r\n\r\n']);
  });

  it('holds a fast caller back where the media peer reads slowly', async () => {
    const arrived = Promise.withResolvers<IncomingMessage>();
    await using test = await start((req) => arrived.resolve(req));
    const bytes = 64_000_000;
    const sending = upload(test.server, bytes);
    sending.on('error', () => {});
    const chunk = Buffer.alloc(1_000_000);
    let written = 0;
    const pump = () => {
      while (written < bytes) {
        written += chunk.length;
        if (!sending.write(chunk)) return void sending.once('drain', pump);
      }
    };
    pump();
    await arrived.promise;
    // Until nothing moves any more: what is under way is in the buffers of sockets alone.
    let last = -1;
    await eventually(
      async () => written,
      (now) => {
        const still = now === last;
        last = now;
        return still;
      },
    );
    expect(written).toBeLessThan(bytes / 2);
    sending.destroy();
  });

  it('sends each part of an answer as it comes', async () => {
    const parts: ServerResponse[] = [];
    await using test = await start((_, res) => {
      parts.push(res);
      res.write('one\n');
    });
    const reader = (await test.infer()).body?.getReader();
    const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
    expect(decode((await reader?.read())?.value)).toBe('one\n');
    parts[0]?.write('two\n');
    expect(decode((await reader?.read())?.value)).toBe('two\n');
    parts[0]?.end();
    expect((await reader?.read())?.done).toBe(true);
  });

  it('ends the request at the media peer where the caller hangs up, before and after the head', async () => {
    const ended: Promise<unknown>[] = [];
    await using test = await start((req, res) => {
      ended.push(once(res, 'close'));
      if (req.url?.endsWith('head')) res.write('first');
    });
    for (const query of ['?model=yolox-nano&x=head', '?x=none']) {
      const hangUp = new AbortController();
      const asked = test.infer({ signal: hangUp.signal }, query);
      asked.catch(() => {});
      await eventually(
        async () => ended.length,
        (count) => count === (query === '?x=none' ? 2 : 1),
        { intervalMs: 5 },
      );
      if (query !== '?x=none') await asked;
      hangUp.abort();
      await ended.at(-1);
    }
  });

  it('ends the answer where the media peer dies in the middle of it', async () => {
    await using test = await start((_, res) => {
      res.write('first', () => res.socket?.destroy());
    });
    const response = await test.infer();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('answers peer-lost where the media peer dies before it has answered, or is not there', async () => {
    const test = await start((req) => req.socket.destroy());
    await expectProblem(await test.infer(), 'peer-lost');
    await test.door[Symbol.asyncDispose]();
    const response = await test.infer({ body: 'unread' });
    expect(response.headers.get('Retry-After')).toBe('1');
    await expectProblem(response, 'peer-lost');
    await test.server[Symbol.asyncDispose]();
  });

  it('answers no-peer where there is none, and where it has no door', async () => {
    await using server = await TestSignaling.start();
    const infer = () => fetch(new URL('/infer', server.url), { method: 'POST' });
    await expectProblem(await infer(), 'no-peer');
    await server.join();
    await expectProblem(await infer(), 'no-peer');
  });

  it('delivers an answer that comes before the whole body was sent', async () => {
    await using test = await start((req, res) => {
      req.resume();
      res.writeHead(413).end('too much');
    });
    const sending = upload(test.server, 5_000_000);
    // What is left of the body when the test ends is of no interest.
    sending.on('error', () => {});
    sending.write(Buffer.alloc(1_000_000));
    const [response] = await once(sending, 'response');
    sending.end(Buffer.alloc(4_000_000));
    expect([response.statusCode, await text(response)]).toEqual([413, 'too much']);
  });

  it('takes a body of which nobody said how long it is', async () => {
    await using test = await start((req, res) => {
      void buffer(req).then((body) => res.end(String(body.length)));
    });
    const sending = request(new URL('/infer', test.server.url), { method: 'POST' });
    sending.write(Buffer.alloc(1000));
    sending.end(Buffer.alloc(234));
    const [response] = await once(sending, 'response');
    expect(await text(response)).toBe('1234');
  });

  it('gives work to the media peer that has the least', async () => {
    const seen: string[] = [];
    const waiting: ServerResponse[] = [];
    const doors = await Promise.all(
      ['one', 'two'].map((name) =>
        FakeDoor.open((_, res) => {
          seen.push(name);
          waiting.push(res);
        }),
      ),
    );
    await using server = await TestSignaling.start();
    for (const [index, door] of doors.entries())
      await server.join({ peerId: `p${index}`, door: door.address, maxSessions: 1 });
    const infer = () => fetch(new URL('/infer', server.url), { method: 'POST' });
    const asked = [infer()];
    await eventually(
      async () => seen.length,
      (count) => count === 1,
      { intervalMs: 5 },
    );
    asked.push(infer());
    await eventually(
      async () => seen.length,
      (count) => count === 2,
      { intervalMs: 5 },
    );
    expect(seen.toSorted()).toEqual(['one', 'two']);
    for (const res of waiting) res.end('done');
    await Promise.all(asked.map(async (response) => expect(await (await response).text()).toBe('done')));
    for (const door of doors) await door[Symbol.asyncDispose]();
  });
});
