import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { urlSource } from '../../../peer/codec/media-source.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { guardedGet } from '../../../peer/sources/guarded-get.ts';
import type { SourceRules } from '../../../peer/sources/source-policy.ts';
import { SourceReading } from '../../../peer/sources/source-reading.ts';
import { FilmServer } from '../../support/film-server.ts';

const rules: SourceRules = {
  schemes: ['http', 'rtsp'],
  hosts: [],
  privateHosts: false,
  directory: undefined,
};
const { signal } = new AbortController();
const options = { rules, timeoutMs: 2_000, signal, label: 'the film' };

/** As if its name had stood for an address of the public Internet. */
const target = (url: string) => ({ kind: 'stream' as const, url: new URL(url), address: '127.0.0.1' });

describe('guardedGet()', () => {
  it('connects to the address that was looked at, whatever the name stands for by now', async () => {
    await using server = await FilmServer.open(({ headers }, response) => response.end(headers.host));
    const url = server.url.replace('127.0.0.1', 'camera.invalid');
    const answer = await guardedGet(target(url), options);
    expect(String(await answer.toArray())).toBe(new URL(url).host);
  });

  it.each(['http://127.0.0.1:9/secret', 'http://[::1]/', 'http://169.254.169.254/latest/'])(
    'refuses a redirection to %s',
    async (Location) => {
      await using server = await FilmServer.open((_request, response) =>
        response.writeHead(307, { Location }).end(),
      );
      await expect(guardedGet(target(server.url), options)).rejects.toMatchObject({ code: 'source-refused' });
    },
  );

  it.each(['rtsp://camera.example/', 'file:///etc/passwd'])(
    'refuses a redirection to %s',
    async (Location) => {
      await using server = await FilmServer.open((_request, response) =>
        response.writeHead(301, { Location }).end(),
      );
      await expect(guardedGet(target(server.url), options)).rejects.toMatchObject({ code: 'source-refused' });
    },
  );

  it('follows five redirections and no more', async () => {
    await using server = await FilmServer.open(({ url }, response) => {
      const left = Number(url?.slice(1));
      if (left === 0) response.end('film');
      else response.writeHead(302, { Location: `/${left - 1}` }).end();
    });
    const open = { ...options, rules: { ...rules, privateHosts: true } };
    expect((await guardedGet(target(`${server.url}/5`), open)).statusCode).toBe(200);
    await expect(guardedGet(target(`${server.url}/6`), open)).rejects.toMatchObject({
      code: 'source-unreadable',
    });
  });
});

describe('SourceReading.open() of RTSP', () => {
  it('does not go where the server sends it, as FFmpeg alone would', async () => {
    await using trap = await listen(() => undefined);
    await using camera = await listen(
      () => `RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:${trap.port}/x\r\n\r\n`,
    );
    const url = `rtsp://127.0.0.1:${camera.port}/live`;
    const open = { codecs: nativeCodecs, timeoutMs: 300, pictureTimeoutMs: 9_000, signal, firstSeconds: 0 };
    const opened = SourceReading.open(url, { ...open, rules: { ...rules, privateHosts: true } });
    await expect(opened).rejects.toMatchObject({ code: 'source-refused' });
    expect([camera.connections, trap.connections]).toEqual([1, 0]);
    await expect(nativeCodecs.openReader(urlSource(url), open)).rejects.toThrow();
    expect(trap.connections).toBe(1);
    expect(nativeCodecs.live).toBe(0);
  });
});

/** A server that answers each request with the same words, or not at all. */
async function listen(answer: () => string | undefined) {
  const server = createServer((socket) => {
    found.connections += 1;
    socket.on('error', () => {});
    socket.on('data', () => {
      const words = answer();
      if (words) socket.write(words);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const found = {
    connections: 0,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return found;
}
