import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Door } from '../../../peer/door/server.ts';
import { problemSchema } from '../../../protocol/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';
import { FakeDoor } from './fake-door.ts';

/** Signaling with one media peer, whose door answers every message with the address and the message. */
async function start(environment: Record<string, string> = {}) {
  const door = await Door.open({
    host: '127.0.0.1',
    port: 0,
    url: undefined,
    log: pino({ level: 'silent' }),
  });
  const closed = Promise.withResolvers<void>();
  door.onUpgrade('/ws/frames', (socket, url) => {
    socket.on('message', (message) => socket.send(`${url.pathname}${url.search} ${String(message).length}`));
    socket.once('close', () => closed.resolve());
  });
  const server = await TestSignaling.start(environment);
  await server.join({ door: door.address });
  return {
    server,
    door,
    closed: closed.promise,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await door.close();
    },
  };
}

function connect(server: TestSignaling, path: string, headers: Record<string, string> = {}): WebSocket {
  return new WebSocket(new URL(path, server.url.replace('http', 'ws')), { headers });
}

async function codeOf(socket: WebSocket): Promise<string> {
  const [, response] = await once(socket, 'unexpected-response');
  const chunks = await response.toArray();
  return problemSchema.parse(JSON.parse(Buffer.concat(chunks).toString())).code;
}

describe('Upgrades', () => {
  it('passes messages of any size on, both ways', async () => {
    await using test = await start();
    const socket = connect(test.server, '/ws/frames?task=faces');
    await once(socket, 'open');
    for (const size of [1, 5_000_000]) {
      socket.send('x'.repeat(size));
      const [answer] = await once(socket, 'message');
      expect(String(answer)).toBe(`/ws/frames?task=faces ${size}`);
    }
    socket.close();
    await test.closed;
  });

  it('ends the connection to the media peer where the caller vanishes', async () => {
    await using test = await start();
    const socket = connect(test.server, '/ws/frames');
    await once(socket, 'open');
    socket.terminate();
    await test.closed;
  });

  it('ends the connection of the caller where the media peer stops', async () => {
    await using test = await start();
    const socket = connect(test.server, '/ws/frames');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await test.door.close();
    await closed;
  });

  it('takes the key from Authorization or from the address, and keeps it to itself', async () => {
    await using test = await start({ SIGHTLINE_KEY: 'the-key' });
    expect(await codeOf(connect(test.server, '/ws/frames'))).toBe('key-required');
    expect(await codeOf(connect(test.server, '/ws/frames?key=another'))).toBe('key-required');
    const [, refusal] = await once(connect(test.server, '/ws/frames'), 'unexpected-response');
    expect(refusal.headers['www-authenticate']).toMatch(/^Bearer/);
    for (const [path, headers] of [
      ['/ws/frames?key=the-key', {}],
      ['/ws/frames', { Authorization: 'Bearer the-key' }],
    ] as const) {
      const socket = connect(test.server, path, headers);
      await once(socket, 'open');
      socket.send('four');
      expect(String((await once(socket, 'message'))[0])).toBe('/ws/frames 4');
      socket.close();
    }
  });

  it('refuses pages of other origins, but for those that are let in', async () => {
    await using test = await start({ SIGHTLINE_CORS_ORIGIN: 'https://meet.example' });
    const of = (origin: string) => connect(test.server, '/ws/frames', { Origin: origin });
    expect(await codeOf(of('https://elsewhere.example'))).toBe('origin-refused');
    expect(await codeOf(of('null'))).toBe('origin-refused');
    for (const origin of ['https://meet.example', test.server.url]) {
      const socket = of(origin);
      await once(socket, 'open');
      socket.close();
    }
  });

  it('refuses what is not there at once, and leaves socket.io alone', async () => {
    await using test = await start();
    expect(await codeOf(connect(test.server, '/ws/nowhere'))).toBe('not-found');
    expect(await codeOf(connect(test.server, '/socket.iodine'))).toBe('not-found');
    const other = connect(test.server, '/socket.io/?EIO=4&transport=websocket');
    const [hello] = await once(other, 'message');
    expect(String(hello)).toMatch(/^0\{/);
    other.close();
  });

  it('refuses what is no address, which is no fault of the server', async () => {
    await using test = await start({ SIGHTLINE_KEY: 'the-key' });
    const { hostname, port } = new URL(test.server.url);
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
    const asking = request({ hostname, port, path: '//?key=the-key', headers }).end();
    const [response] = await once(asking, 'response');
    expect([response.statusCode, await text(response)]).toEqual([
      404,
      expect.not.stringContaining('the-key'),
    ]);
  });

  it('answers what the media peer answers instead of an upgrade, and peer-lost where it is not there', async () => {
    await using refusing = await FakeDoor.open((_, res) => res.writeHead(404).end());
    await using server = await TestSignaling.start();
    const lost = await FakeDoor.open(() => {});
    const { address } = lost;
    await lost[Symbol.asyncDispose]();
    await server.join({ door: address });
    expect(await codeOf(connect(server, '/ws/frames'))).toBe('peer-lost');
    const [, soon] = await once(connect(server, '/ws/frames'), 'unexpected-response');
    expect(soon.headers['retry-after']).toBe('1');
    server.peers[0]?.close();
    await server.peers[0]?.ended();
    await server.join({ peerId: 'other', door: refusing.address });
    const [, response] = await once(connect(server, '/ws/frames'), 'unexpected-response');
    expect(response.statusCode).toBe(404);
  });

  it('ends every connection when signaling closes', async () => {
    const test = await start();
    const socket = connect(test.server, '/ws/frames');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await Promise.all([test.server[Symbol.asyncDispose](), closed, test.closed]);
    await test.door.close();
  });
});
