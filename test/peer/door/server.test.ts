import { once } from 'node:events';
import { request } from 'node:http';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { hangUpOf } from '../../../peer/door/hang-up.ts';
import { Door } from '../../../peer/door/server.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { expectProblem } from '../../support/problem.ts';

const log = pino({ level: 'silent' });

function openDoor(): Promise<Door> {
  return Door.open({ host: '127.0.0.1', port: 0, url: undefined, log });
}

function ask(door: Door, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${door.address.token}` };
  return fetch(new URL(path, door.address.url), { headers, ...init });
}

function connect(door: Door, path: string, token = door.address.token): WebSocket {
  const url = new URL(path, door.address.url.replace('http', 'ws'));
  return new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
}

async function refusalOf(socket: WebSocket): Promise<number> {
  const [, response] = await once(socket, 'unexpected-response');
  response.resume();
  return response.statusCode;
}

describe('Door', () => {
  it('answers who shows its token, and nobody else', async () => {
    await using door = await openDoor();
    door.router.get('/here', (ctx) => {
      ctx.body = 'yes';
    });
    expect(await (await ask(door, '/here')).text()).toBe('yes');
    for (const headers of [{}, { authorization: 'Bearer another' }, { authorization: 'Bearer ' }])
      await expectProblem(await ask(door, '/here', { headers }), 'key-required');
  });

  it('has another token each time', async () => {
    await using one = await openDoor();
    await using other = await openDoor();
    expect(one.address.token).not.toBe(other.address.token);
  });

  it('turns errors into problems with their code, and others into internal', async () => {
    await using door = await openDoor();
    door.router.post('/known', () => {
      throw new SightlineError('no-peer', 'Cannot', { retryAfterSeconds: 7 });
    });
    door.router.post('/unknown', () => {
      throw new Error('a path of this machine');
    });
    const known = await ask(door, '/known', { method: 'POST', body: 'unread' });
    expect(known.headers.get('Retry-After')).toBe('7');
    await expectProblem(known, 'no-peer');
    const problem = await expectProblem(await ask(door, '/unknown', { method: 'POST' }), 'internal');
    expect(problem.detail).not.toContain('path');
    await expectProblem(await ask(door, '/nowhere'), 'not-found');
  });

  it('says which address is taken', async () => {
    await using door = await openDoor();
    const port = Number(new URL(door.address.url).port);
    await expect(Door.open({ host: '127.0.0.1', port, url: undefined, log })).rejects.toMatchObject({
      code: 'address-in-use',
      message: expect.stringContaining(String(port)),
    });
  });

  it('onUpgrade() hands over WebSockets of who shows the token', async () => {
    await using door = await openDoor();
    door.onUpgrade('/ws/echo', (socket, url) => {
      socket.send(url.searchParams.get('say') ?? '');
    });
    const [message] = await once(connect(door, '/ws/echo?say=hello'), 'message');
    expect(String(message)).toBe('hello');
    expect(await refusalOf(connect(door, '/ws/echo', 'another'))).toBe(401);
    expect(await refusalOf(connect(door, '/ws/nowhere'))).toBe(404);
  });

  it.each([
    ['with', 404],
    ['without', 401],
  ])('refuses an upgrade %s its token where the address is none', async (which, status) => {
    await using door = await openDoor();
    const { hostname, port } = new URL(door.address.url);
    const authorization = which === 'with' ? `Bearer ${door.address.token}` : '';
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket', authorization };
    const [response] = await once(request({ hostname, port, path: '//', headers }).end(), 'response');
    response.resume();
    expect(response.statusCode).toBe(status);
  });

  it('onUpgrade() closes the socket of a handler that throws, with the code of its error', async () => {
    await using door = await openDoor();
    door.onUpgrade('/ws/broken', async () => {
      throw new SightlineError('model-unknown', 'Cannot');
    });
    const [code, reason] = await once(connect(door, '/ws/broken'), 'close');
    expect([code, String(reason)]).toEqual([1011, 'model-unknown']);
  });

  it('close() ends answers and WebSockets that would go on, and tells who makes them', async () => {
    const door = await openDoor();
    const told = Promise.withResolvers<void>();
    door.router.get('/endless', (ctx) => {
      ctx.respond = false;
      ctx.res.write('first');
      hangUpOf(ctx, door.closed).addEventListener('abort', () => told.resolve());
    });
    door.onUpgrade('/ws/endless', () => {});
    const answer = await ask(door, '/endless');
    const socket = connect(door, '/ws/endless');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await Promise.all([door.close(), door.close(), told.promise]);
    await expect(answer.text()).rejects.toThrow();
    await closed;
    await expect(ask(door, '/endless')).rejects.toThrow('fetch failed');
  });

  it('hangUpOf() tells of a caller that goes away, and not of one that was answered', async () => {
    await using door = await openDoor();
    const told = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    door.router.get('/answered', (ctx) => {
      signals.push(hangUpOf(ctx, door.closed));
      ctx.body = 'done';
    });
    door.router.get('/endless', (ctx) => {
      ctx.respond = false;
      ctx.res.write('first');
      hangUpOf(ctx, door.closed).addEventListener('abort', () => told.resolve());
    });
    await (await ask(door, '/answered')).text();
    const hangUp = new AbortController();
    await ask(door, '/endless', {
      headers: { authorization: `Bearer ${door.address.token}` },
      signal: hangUp.signal,
    });
    hangUp.abort();
    await told.promise;
    expect(signals[0]?.aborted).toBe(false);
  });
});
