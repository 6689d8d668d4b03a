import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';

describe('serveClient()', () => {
  let server: TestSignaling;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sightline-client-'));
    const clientDirectory = join(folder, 'dist');
    await mkdir(join(clientDirectory, 'assets'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(clientDirectory, '.hidden'), 'secret');
    await writeFile(join(clientDirectory, 'index.html'), '<!doctype html><title>Sightline</title>');
    await writeFile(join(clientDirectory, 'embed.js'), '(function(){})()');
    await writeFile(join(clientDirectory, 'assets', 'index-Bx3dq.js'), 'export {};');
    server = await TestSignaling.start({ SIGHTLINE_KEY: 'secret' }, { clientDirectory });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** fetch() would tidy the path up, and ask caches not to answer. */
  async function rawRequest(path: string, headers: Record<string, string> = {}) {
    const asked = request({ host: '127.0.0.1', port: server.signaling.port, path, headers }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: response.statusCode, body: await text(response) };
  }

  it('serves the page at /, without a key, to be asked for again each time', async () => {
    const response = await server.get('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toMatch(/^text\/html/);
    expect(response.headers.get('Cache-Control')).toBe('no-cache');
    expect(await response.text()).toContain('Sightline');
    const again = await rawRequest('/', { 'If-None-Match': response.headers.get('ETag') ?? '' });
    expect(again).toEqual({ status: 304, body: '' });
  });

  it('serves files whose name holds their hash for ever', async () => {
    const response = await server.get('/assets/index-Bx3dq.js');
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toMatch(/javascript/);
    expect(response.headers.get('Cache-Control')).toMatch(/max-age=31536000, immutable/);
  });

  it('lets pages of any origin load embed.js, and nothing else', async () => {
    const headers = async (path: string) => {
      const response = await server.get(path, { headers: { Origin: 'https://meet.example' } });
      expect(response.status).toBe(200);
      return ['Access-Control-Allow-Origin', 'Cross-Origin-Resource-Policy', 'Cache-Control'].map((name) =>
        response.headers.get(name),
      );
    };
    expect(await headers('/embed.js')).toEqual(['*', 'cross-origin', 'no-cache']);
    expect(await headers('/')).toEqual([null, null, 'no-cache']);
  });

  it('answers HEAD without a body', async () => {
    const response = await server.get('/', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('Content-Length'))).toBeGreaterThan(0);
    expect(await response.text()).toBe('');
  });

  it.each(['/nothing', '/assets', '/assets/', '/assets/other.js', '/.hidden', '/index.html/'])(
    'answers not-found to %s, which is not to be kept',
    async (path) => {
      const response = await server.get(path);
      expect(response.headers.get('Cache-Control')).toBeNull();
      await expectProblem(response, 'not-found');
    },
  );

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/..\\secret.txt',
    '//../secret.txt',
    '/%00',
    '/%',
  ])('does not leave its directory for %s', async (path) => {
    const { status, body } = await rawRequest(path);
    expect(status).toBe(404);
    expect(body).toContain('"not-found"');
    expect(body).not.toBe('secret');
  });

  it('says how to build the page when it is not built', async () => {
    await using bare = await TestSignaling.start({}, { clientDirectory: join(folder, 'absent') });
    expect((await expectProblem(await bare.get('/'), 'not-found')).detail).toContain('npm start builds it');
  });
});
