import { once } from 'node:events';
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Server } from '../../../client/sdk/server.ts';

const offer = { type: 'offer', sdp: 'v=0' } as const;
let http: HttpServer | undefined;

/** A real server that answers everything in one way; returns its address. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  http = createServer(answer).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
}

afterEach(async () => {
  if (!http?.listening) return;
  http.closeAllConnections();
  http.close();
  await once(http, 'close');
});

describe('Server', () => {
  it('offer() posts the offer below the address of the page, with the key', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push(request.method, request.url, request.headers.authorization);
      request.on('data', (body: Buffer) => seen.push(JSON.parse(body.toString())));
      request.on('end', () =>
        response.end(JSON.stringify({ type: 'answer', sdp: 'v=0', sessionId: 'p1-x' })),
      );
    });
    const answer = await new Server(`${url}seen/index.html`, 'sesame').offer({ ...offer, model: 'm' });
    expect(answer).toEqual({ type: 'answer', sdp: 'v=0', sessionId: 'p1-x' });
    expect(seen).toEqual(['POST', '/seen/offer', 'Bearer sesame', { ...offer, model: 'm' }]);
  });

  it('offer() rejects with the words of the problem and the Retry-After', async () => {
    const url = await serve((_request, response) => {
      const problem = { code: 'sessions-exhausted', title: 'Every session is taken', detail: 'Found 2 of 2' };
      response.writeHead(503, { 'retry-after': '4' }).end(JSON.stringify(problem));
    });
    await expect(new Server(url).offer(offer)).rejects.toMatchObject({
      code: 'sessions-exhausted',
      title: 'The server is full',
      retryAfterSeconds: 4,
    });
  });

  it.each(['{"type":"answer"}', 'null', '<h1>Hello</h1>'])('offer() rejects the answer %s', async (body) => {
    const url = await serve((_request, response) => response.end(body));
    await expect(new Server(url).offer(offer)).rejects.toMatchObject({ code: 'answer-invalid' });
  });

  it('offer() says so where nothing listens', async () => {
    const url = await serve((_request, response) => response.end());
    http?.close();
    await expect(new Server(url).offer(offer)).rejects.toMatchObject({ code: 'server-unreachable' });
  });

  it('offer() rejects with the reason of its signal', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort(new Error('Stopped')));
    await expect(new Server(url).offer(offer, stop.signal)).rejects.toThrow('Stopped');
  });

  it.each([
    [200, 'there'],
    [404, 'ended'],
    [500, 'there'],
    [502, 'server-gone'],
  ])('standing() takes %i for %s', async (status, standing) => {
    const url = await serve((_request, response) => response.writeHead(status).end());
    expect(await new Server(url).standing('p1-x', 5_000)).toBe(standing);
  });

  it('standing() takes a server that says nothing in time for gone', async () => {
    const url = await serve(() => undefined);
    expect(await new Server(url).standing('p1-x', 50)).toBe('server-gone');
  });

  it('standing() takes a session that is told of as closed for ended', async () => {
    const url = await serve((_request, response) => response.end('{"state":"closed"}'));
    expect(await new Server(url).standing('p1-x', 5_000)).toBe('ended');
  });

  it('patchIce() sends the fragment under its ICE session, and reads that of the server', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push(request.method, request.url, request.headers['if-match'], request.headers['content-type']);
      response.writeHead(200, { etag: '"next"' }).end('a=ice-ufrag:x');
    });
    expect(await new Server(url).patchIce('p1-x', 'm=', '*')).toEqual({
      iceSession: 'next',
      fragment: 'a=ice-ufrag:x',
    });
    expect(seen).toEqual(['PATCH', '/sessions/p1-x', '*', 'application/trickle-ice-sdpfrag']);
  });

  it('codec() is that of the media peer whose id begins the one of the session', async () => {
    const peers = [
      { peerId: 'p', codec: 'other' },
      { peerId: 'p1', codec: 'node-av 6.1.1' },
    ];
    const url = await serve((_request, response) => response.end(JSON.stringify({ peers })));
    expect(await new Server(url).codec('p1-x')).toBe('node-av 6.1.1');
    expect(await new Server(url).codec('p2-x')).toBeUndefined();
    http?.close();
    expect(await new Server(url).codec('p1-x')).toBeUndefined();
  });

  it('iceServers() reads the list, and takes a server without one for none', async () => {
    const list = [{ urls: ['stun:stun.example'] }];
    const url = await serve((request, response) =>
      request.url === '/ice-servers'
        ? response.end(JSON.stringify({ iceServers: list }))
        : response.writeHead(404).end(),
    );
    expect(await new Server(url).iceServers()).toEqual(list);
    expect(await new Server(`${url}elsewhere/`).iceServers()).toEqual([]);
  });

  it('diagnosis() reads what the server says of a path, and knows nothing of a session that is gone', async () => {
    const diagnosis = [{ code: 'ice-no-request', text: 'Nothing arrived' }];
    const url = await serve((request, response) =>
      request.url?.endsWith('p1-x')
        ? response.end(JSON.stringify({ state: 'closed', diagnosis }))
        : response.writeHead(404).end(),
    );
    expect(await new Server(url).diagnosis('p1-x', 5_000)).toEqual(diagnosis);
    expect(await new Server(url).diagnosis('p1-y', 5_000)).toEqual([]);
  });

  it('end() deletes the session', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push(request.method, request.url);
      response.writeHead(204).end();
    });
    await new Server(url).end('p1-x');
    expect(seen).toEqual(['DELETE', '/sessions/p1-x']);
  });

  it('models() reads the list', async () => {
    const url = await serve((_request, response) => response.end('[{"id":"a"}]'));
    expect(await new Server(url).models()).toEqual([{ id: 'a' }]);
  });

  it('models() rejects what is not a list', async () => {
    const url = await serve((_request, response) => response.end('{"models":[]}'));
    await expect(new Server(url).models()).rejects.toMatchObject({ code: 'answer-invalid' });
  });
});
