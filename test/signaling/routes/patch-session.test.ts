import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SightlineError } from '../../../protocol/errors.ts';
import { parseFragment, SDP_FRAGMENT_TYPE } from '../../../protocol/ice.ts';
import type { FakePeer } from '../../support/fake-peer.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';

const FRAGMENT = [
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:0',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host',
  '',
].join('\r\n');
const headers = { 'Content-Type': SDP_FRAGMENT_TYPE, 'If-Match': '"first"' };

describe('PATCH /sessions/:id', () => {
  let server: TestSignaling;
  let peer: FakePeer;
  let location: string;

  beforeAll(async () => {
    server = await TestSignaling.start();
    peer = await server.join();
    const offered = await server.offer();
    location = offered.headers.get('Location') ?? '';
    expect(offered.headers.get('ETag')).toBe('"first"');
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const patch = (init: RequestInit = {}, path = location) =>
    server.get(path, { method: 'PATCH', headers, body: FRAGMENT, ...init });

  it('answers 204 to candidates, and hands them to the media peer', async () => {
    const response = await patch();
    expect(response.status).toBe(204);
    expect(response.headers.get('ETag')).toBe('"first"');
    expect(peer.patches.at(-1)).toEqual({
      sessionId: location.replace('/sessions/', ''),
      ifMatch: ['first'],
      sections: parseFragment(FRAGMENT),
    });
  });

  it('answers 200 to a restart, with the fragment of the server and the next ETag', async () => {
    const own = parseFragment(FRAGMENT.replace('EsAw', 'next'));
    peer.onIce = () => ({ iceSession: 'second', restarted: own });
    const response = await patch({ headers: { ...headers, 'If-Match': '*' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('ETag')).toBe('"second"');
    expect(response.headers.get('Content-Type')).toContain(SDP_FRAGMENT_TYPE);
    expect(parseFragment(await response.text())).toEqual(own);
    expect(peer.patches.at(-1)?.ifMatch).toEqual(['*']);
  });

  it.each([
    ['"a"', ['a']],
    [' "a" , "b"', ['a', 'b']],
    ['W/"a"', []],
    ['a', []],
  ])('reads If-Match %j as the strong tags %j', async (value, tags) => {
    await patch({ headers: { ...headers, 'If-Match': value } });
    expect(peer.patches.at(-1)?.ifMatch).toEqual(tags);
  });

  it('passes ice-session-changed of the media peer on', async () => {
    peer.onIce = () => {
      throw new SightlineError('ice-session-changed', 'Cannot change the ICE session');
    };
    await expectProblem(await patch(), 'ice-session-changed');
  });

  it('takes settings as JSON, and answers with all of them', async () => {
    const json = {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ threshold: 0.7 }),
    };
    const response = await patch(json);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ threshold: 0.7, output: 'annotated', sync: 'live' });
    expect(peer.changes).toEqual([{ threshold: 0.7 }]);
  });

  it.each(['{"threshold":7}', '{"colour":"red"}', '[]'])('answers control-invalid to %s', async (body) => {
    await expectProblem(
      await patch({ headers: { 'Content-Type': 'application/json' }, body }),
      'control-invalid',
    );
  });

  it('answers if-match-required without If-Match', async () => {
    await expectProblem(await patch({ headers: { 'Content-Type': SDP_FRAGMENT_TYPE } }), 'if-match-required');
  });

  it.each(['application/sdp', 'text/plain'])(
    'answers media-type-unsupported to Content-Type %s',
    async (type) => {
      const { detail } = await expectProblem(
        await patch({ headers: { ...headers, 'Content-Type': type } }),
        'media-type-unsupported',
      );
      expect(detail).toContain(SDP_FRAGMENT_TYPE);
    },
  );

  it.each(['', 'v=0', FRAGMENT.replace('a=mid:0', ''), Buffer.from([0xff])])(
    'answers fragment-invalid to %j',
    async (body) => {
      await expectProblem(await patch({ body }), 'fragment-invalid');
    },
  );

  it('answers session-unknown to an id of no session', async () => {
    await expectProblem(await patch({}, '/sessions/nobody'), 'session-unknown');
  });
});
