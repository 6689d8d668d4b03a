import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SDP_FRAGMENT_TYPE } from '../../../protocol/ice.ts';
import type { FakePeer } from '../../support/fake-peer.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';

const KEY = 'key-of-the-tests';
const ICE_SERVERS = [
  { urls: ['stun:stun.example:3478'] },
  { urls: ['turn:turn.example:3478?transport=udp'], username: 'sight "line"', credential: 'secret' },
];
const ORIGIN = 'https://studio.example';
const OFFER = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\n';
const FRAGMENT = [
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:0',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  '',
].join('\r\n');

describe('WHIP and WHEP over HTTP (RFC 9725)', () => {
  let server: TestSignaling;
  let peer: FakePeer;

  beforeAll(async () => {
    server = await TestSignaling.start({
      SIGHTLINE_KEY: KEY,
      SIGHTLINE_CORS_ORIGIN: ORIGIN,
      SIGHTLINE_ICE_SERVERS: JSON.stringify(ICE_SERVERS),
    });
    peer = await server.join({ maxSessions: 50 });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const call = (method: string, path: string, init: RequestInit = {}) =>
    server.get(path, { method, ...init, headers: { Authorization: `Bearer ${KEY}`, ...init.headers } });
  const post = (path: string, body = OFFER, type = 'application/sdp') =>
    call('POST', path, { body, headers: { 'Content-Type': type } });

  /** Opens a session over WHIP. @returns its id */
  async function publish(): Promise<string> {
    const response = await post('/whip');
    return response.headers.get('Location')?.replace('/whip/', '') ?? '';
  }

  it('POST /whip answers 201 with the answer, where the session is, its ETag and the ICE servers', async () => {
    const response = await post('/whip?task=detect&threshold=0.4&classes=person,dog&output=data&faces=blur');
    expect(response.status).toBe(201);
    expect(await response.text()).toBe('v=0\r\n');
    const { headers } = response;
    expect(headers.get('Content-Type')).toBe('application/sdp');
    expect(headers.get('Location')).toMatch(/^\/whip\/fake-[\w-]{22}$/);
    expect(headers.get('ETag')).toBe('"first"');
    expect(headers.get('Accept-Patch')).toBe(SDP_FRAGMENT_TYPE);
    expect(headers.get('Link')).toBe(
      '<stun:stun.example:3478>; rel="ice-server", ' +
        '<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="sight \\"line\\""; ' +
        'credential="secret"; credential-type="password"',
    );
    expect(peer.offers.at(-1)?.offer).toEqual({
      type: 'offer',
      sdp: OFFER,
      task: 'detect',
      threshold: 0.4,
      classes: ['person', 'dog'],
      output: 'data',
      effects: { faces: 'blur' },
    });
  });

  it.each([
    ['a=sendrecv', 'a=sendonly'],
    ['a=rtcp-mux', 'a=rtcp-mux\r\na=sendonly'],
    ['a=inactive', 'a=inactive'],
  ])('takes nothing back: a section with %s is offered to the media peer with %s', async (found, made) => {
    const section = (line: string) => `v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n${line}\r\n`;
    await post('/whip', section(found));
    expect(peer.offers.at(-1)?.offer.sdp).toBe(section(made));
  });

  it('POST /sessions/:id/whep and /whep answer in the same way, under an address of the viewer', async () => {
    const sessionId = await publish();
    for (const path of [`/sessions/${sessionId}/whep?`, `/whep?session=${sessionId}&`]) {
      const response = await post(`${path}mid=1&output=passthrough`);
      expect(response.status).toBe(201);
      const location = response.headers.get('Location') ?? '';
      expect(location).toMatch(/^\/whep\/fake-[\w-]{22}$/);
      expect(peer.views.at(-1)).toEqual({
        viewerId: location.replace('/whep/', ''),
        sessionId,
        offer: { mid: '1', output: 'passthrough', sdp: OFFER },
      });
    }
  });

  it.each(['whip', 'whep'])(
    'PATCH /%s/:id takes candidates, DELETE ends it, and then it is gone',
    async (door) => {
      const sessionId = await publish();
      const viewer = door === 'whip' ? undefined : await post(`/sessions/${sessionId}/whep`);
      const location = viewer?.headers.get('Location') ?? `/whip/${sessionId}`;
      const patch = (ifMatch: Record<string, string>, type = SDP_FRAGMENT_TYPE) =>
        call('PATCH', location, { body: FRAGMENT, headers: { 'Content-Type': type, ...ifMatch } });
      expect((await patch({ 'If-Match': '"first"' })).status).toBe(204);
      expect(peer.patches.at(-1)?.sessionId).toBe(location.split('/').at(-1));
      await expectProblem(await patch({}), 'if-match-required');
      await expectProblem(await patch({ 'If-Match': '*' }, 'application/json'), 'media-type-unsupported');
      const ended = await call('DELETE', location);
      expect([ended.status, await ended.text()]).toEqual([200, '']);
      await expectProblem(await call('DELETE', location), 'session-unknown');
    },
  );

  it('says what is wrong with a request', async () => {
    await expectProblem(await post('/whip', OFFER, 'application/json'), 'media-type-unsupported');
    await expectProblem(await post('/whip', ''), 'sdp-invalid');
    await expectProblem(await post('/whip?threshold=most'), 'query-invalid');
    await expectProblem(await post('/whip?colour=red'), 'query-invalid');
    await expectProblem(await post('/whep'), 'query-invalid');
    await expectProblem(await post('/sessions/nobody/whep'), 'session-unknown');
    await expectProblem(await post(`/sessions/${await publish()}/whep?output=data`), 'query-invalid');
    await expectProblem(await server.get('/whip', { method: 'POST', body: OFFER }), 'key-required');
  });

  it.each(['/whip', '/whep', '/whip/fake-id', '/whep/fake-id', '/sessions/fake-id/whep'])(
    'GET %s is not allowed: the address is kept for what may come',
    async (path) => {
      const response = await call('GET', path);
      expect(response.headers.get('Allow')).toContain('OPTIONS');
      await expectProblem(response, 'method-not-allowed');
    },
  );

  it.each(['/whip', '/whep', '/sessions/fake-id/whep'])(
    'OPTIONS %s says what may be posted, and lets pages of other origins read the answer',
    async (path) => {
      const preflight = await server.get(path, {
        method: 'OPTIONS',
        headers: { Origin: ORIGIN, 'Access-Control-Request-Method': 'POST' },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('Accept-Post')).toBe('application/sdp');
      expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe(ORIGIN);
      const exposed = preflight.headers.get('Access-Control-Expose-Headers')?.split(', ');
      expect(exposed).toEqual(expect.arrayContaining(['Location', 'ETag', 'Link']));
    },
  );
});
