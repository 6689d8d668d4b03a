import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/problem.ts';
import { TestSignaling } from '../support/signaling.ts';

const someSession = `/sessions/fake-${'A'.repeat(22)}`;

describe('createApp()', () => {
  let server: TestSignaling;

  beforeAll(async () => {
    server = await TestSignaling.start();
    await server.join({ maxSessions: 100 });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each([
    ['GET', '/offer', 'OPTIONS, POST'],
    ['PUT', '/offer', 'OPTIONS, POST'],
    ['DELETE', '/offer', 'OPTIONS, POST'],
    ['PROPFIND', '/offer', 'OPTIONS, POST'],
    ['POST', someSession, 'DELETE, GET, HEAD, OPTIONS, PATCH'],
    ['PUT', someSession, 'DELETE, GET, HEAD, OPTIONS, PATCH'],
    ['POST', '/models', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/healthz', 'GET, HEAD, OPTIONS'],
    ['POST', '/readyz', 'GET, HEAD, OPTIONS'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
  ])('answers method-not-allowed to %s %s, with Allow: %s', async (method, path, allow) => {
    const response = await server.get(path, { method });
    expect(response.headers.get('Allow')).toBe(allow);
    await expectProblem(response, 'method-not-allowed');
  });

  it.each(['/offer', someSession, '/models', '/healthz', '/'])(
    'answers OPTIONS %s with Allow',
    async (path) => {
      const response = await server.get(path, { method: 'OPTIONS' });
      expect(response.status).toBe(204);
      expect(response.headers.get('Allow')).toContain('OPTIONS');
    },
  );

  it.each(['/models', '/healthz', '/readyz'])('answers HEAD %s like GET, without the body', async (path) => {
    const response = await server.get(path, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toMatch(/^application\/json/);
    expect(await response.text()).toBe('');
  });

  it.each([
    ['GET', '/nothing'],
    ['POST', '/nothing'],
    ['GET', '/sessions'],
    ['GET', '/offer/more'],
  ])('answers not-found to %s %s', async (method, path) => {
    await expectProblem(await server.get(path, { method }), 'not-found');
  });

  it('protects every answer, errors as well', async () => {
    for (const path of ['/healthz', '/nothing']) {
      const { headers } = await server.get(path);
      expect(headers.get('Content-Security-Policy')).toContain("default-src 'self'");
      expect(headers.get('Permissions-Policy')).toContain('camera=(self)');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    }
  });

  it('lets no other origin read an answer', async () => {
    const response = await server.get('/models', { headers: { Origin: 'https://other.example' } });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('does not serve socket.io to browsers, by its client script or by polling', async () => {
    expect((await server.get('/socket.io/socket.io.js')).ok).toBe(false);
    expect((await server.get('/socket.io/?EIO=4&transport=polling')).status).toBe(400);
  });
});

describe('createApp() with a key', () => {
  let server: TestSignaling;
  const key = 'correct-horse';

  beforeAll(async () => {
    server = await TestSignaling.start({ SIGHTLINE_KEY: key });
    await server.join();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each([undefined, 'Bearer', 'Bearer wrong', `Basic ${key}`, key, `Bearer ${key} more`, `Bearer ${key}x`])(
    'answers key-required to Authorization: %s',
    async (authorization) => {
      const headers = authorization === undefined ? {} : { Authorization: authorization };
      for (const [method, path] of [
        ['POST', '/offer'],
        ['POST', '/OFFER/'],
        ['GET', '/offer'],
        ['GET', '/models'],
        ['GET', someSession],
        ['DELETE', someSession],
      ] as const) {
        const response = await server.get(path, { method, headers });
        expect(response.headers.get('WWW-Authenticate')).toMatch(/^Bearer/);
        const { detail } = await expectProblem(response, 'key-required');
        expect(detail).not.toContain(key);
      }
    },
  );

  it('takes the key', async () => {
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    expect((await server.get('/models', { headers })).status).toBe(200);
    expect((await server.offer(undefined, { headers })).status).toBe(200);
    await expectProblem(await server.get(someSession, { headers }), 'session-unknown');
  });

  it.each(['/healthz', '/readyz'])('asks for no key at %s', async (path) => {
    expect((await server.get(path)).status).toBe(200);
  });
});

describe('createApp() with CORS', () => {
  const origin = 'https://meet.example';
  const preflight = {
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'content-type',
  };

  it('answers the preflight of a listed origin without a key, and lets it read answers and errors', async () => {
    await using server = await TestSignaling.start({
      SIGHTLINE_CORS_ORIGIN: origin,
      SIGHTLINE_KEY: 'secret',
    });
    const asked = await server.get('/offer', {
      method: 'OPTIONS',
      headers: { Origin: origin, ...preflight },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('Access-Control-Allow-Origin')).toBe(origin);
    expect(asked.headers.get('Access-Control-Allow-Methods')).toContain('POST');
    expect(asked.headers.get('Access-Control-Allow-Headers')).toMatch(/Authorization, Content-Type/);

    const refused = await server.offer(undefined, { headers: { Origin: origin } });
    expect(refused.headers.get('Access-Control-Allow-Origin')).toBe(origin);
    const exposed = refused.headers.get('Access-Control-Expose-Headers')?.split(', ');
    expect(exposed).toEqual(expect.arrayContaining(['Location', 'X-Timestamp']));
    await expectProblem(refused, 'key-required');
  });

  it('lets no origin in that is not listed', async () => {
    await using server = await TestSignaling.start({ SIGHTLINE_CORS_ORIGIN: origin });
    const headers = { Origin: 'https://other.example', ...preflight };
    const asked = await server.get('/offer', { method: 'OPTIONS', headers });
    expect(asked.headers.get('Access-Control-Allow-Origin')).toBeNull();
    expect(asked.headers.get('Vary')).toBe('Origin');
  });

  it('lets every origin in for *', async () => {
    await using server = await TestSignaling.start({ SIGHTLINE_CORS_ORIGIN: '*' });
    const response = await server.get('/models', { headers: { Origin: 'https://other.example' } });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('https://other.example');
  });
});
